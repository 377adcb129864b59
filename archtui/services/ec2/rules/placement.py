"""EC2010, EC2014-EC2016, EC2019: what instances keep, where they stand to one another, what they start from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.ec2.placement import SPREAD_LIMIT, members_of
from archtui.services.ec2.properties import (
    AutoScalingGroupProperties,
    MachineProperties,
    PlacementGroupProperties,
)
from archtui.services.elb.lookups import serving_groups
from archtui.services.examples import NETWORK
from archtui.services.lookups import as_kind, each
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
_PLACEMENT = f"{_GUIDE}placement-groups.html"


def _boxes(count: int, subnets: str = "aa") -> str:
    lines = [
        f"  box-{n + 1}: {{kind: ec2, subnet: app-{subnets[n % len(subnets)]}, placement_group: pg}}\n"
        for n in range(count)
    ]
    return "".join(lines)


class DataOnInstanceStore(ComponentRule):
    """Data that must last on a disk that does not."""

    id = "EC2010"
    title = "Important data on instance store"
    severity = "warning"
    class_ = "resilience"
    kinds = ("ec2_instance", "launch_template")
    reads = ()
    why = "Instance store is lost when the instance stops or its host fails."
    fix = "Keep the data on EBS, with snapshots."
    sources = (f"{_GUIDE}InstanceStorage.html",)
    facts = ("instance_store-loss-01",)
    example_bad = "components:\n  box: {kind: ec2, data_on: instance_store}\n"
    example_good = "components:\n  box: {kind: ec2, data_on: ebs}\n"
    example_finds = ("box",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at where it keeps its data."""
        if properties(component, MachineProperties).data_on == "instance_store":
            message = f"What {component.id} keeps on its instance store is gone when it stops."
            yield self.finding(component.id, message=message, path=("data_on",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep it on EBS."""
        edit = set_property(finding.subject, ("data_on",), "ebs")
        return (join(f"keep the data of {finding.subject} on EBS", (edit,)),)


class SpreadTooWide(ComponentRule):
    """More instances in a spread group than AWS starts."""

    id = "EC2014"
    title = "Spread placement group with more than 7 instances in a zone"
    severity = "error"
    class_ = "limits"
    kinds = ("placement_group",)
    why = "A spread group takes seven running instances for each zone; AWS refuses to start the next one."
    fix = "Use a partition placement group."
    sources = (_PLACEMENT,)
    facts = ("placement_group-types-01",)
    example_bad = NETWORK + "  pg: {kind: placement_group, strategy: spread}\n" + _boxes(8)
    example_good = example_bad.replace("strategy: spread", "strategy: partition")
    example_finds = ("pg", *(f"box-{number + 1}" for number in range(8)))

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the instances of each zone, and those a group wants and does not get."""
        group = properties(component, PlacementGroupProperties)
        if group.strategy != "spread" or group.spread_level == "host":
            return
        by_zone: dict[str, list[str]] = defaultdict(list)
        for name, zone, _ in members_of(component, world):
            by_zone[zone].append(name)
        for zone, names in sorted(by_zone.items()):
            if len(names) > SPREAD_LIMIT:
                message = f"{component.id} has {len(names)} instances in {zone}; {SPREAD_LIMIT} can start."
                yield self.finding(component.id, *names, message=message)
        for owner, scaling in each(world, AutoScalingGroupProperties):
            wanted = scaling.desired or 0
            mine = any(name in scaling.instances for names in by_zone.values() for name in names)
            if mine and wanted > len(scaling.instances):
                message = f"{owner.id} wants {wanted} instances, and {component.id} lets it start fewer."
                yield self.finding(component.id, owner.id, message=message)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Use partitions."""
        edit = set_property(finding.subject, ("strategy",), "partition")
        return (join(f"make {finding.subject} a partition placement group", (edit,)),)


class ClusterOverZones(ComponentRule):
    """A cluster group with instances of several zones."""

    id = "EC2015"
    title = "Cluster placement group spanning availability zones"
    severity = "error"
    class_ = "correctness"
    kinds = ("placement_group",)
    why = "A cluster group stands in one zone, fixed by the first instance; AWS refuses those of another."
    fix = "Keep its instances in one zone, or change the strategy."
    sources = (_PLACEMENT,)
    facts = ("pg_cluster-az-01",)
    example_bad = NETWORK + "  pg: {kind: placement_group}\n" + _boxes(2, "ab")
    example_good = NETWORK + "  pg: {kind: placement_group}\n" + _boxes(2)
    example_finds = ("pg", "box-1", "box-2")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones of its instances."""
        if properties(component, PlacementGroupProperties).strategy != "cluster":
            return
        members = tuple(members_of(component, world))
        zones = sorted({zone for _, zone, _ in members if zone})
        if len(zones) > 1:
            names = tuple(name for name, _, _ in members)
            yield self.finding(component.id, *names, message=f"{component.id} has instances in {', '.join(zones)}.")


class ClusterForATier(ComponentRule):
    """Instances that stand in for one another, close together."""

    id = "EC2016"
    title = "Cluster placement group used for a highly available tier"
    severity = "warning"
    class_ = "resilience"
    kinds = ("placement_group",)
    why = "Instances of a cluster group stand close together and fail together, so that none is left for the others."
    fix = "Use a spread or a partition placement group."
    sources = (_PLACEMENT,)
    facts = ("placement_group-types-01",)
    example_bad = (
        NETWORK
        + "  pg: {kind: placement_group}\n"
        + _boxes(2)
        + "  web: {kind: target_group, port: 80, targets: [box-1, box-2]}\n"
        + "  lb: {kind: alb, subnets: [public-a, public-b], listeners: [{port: 80, forward: web}]}\n"
    )
    example_good = example_bad.replace("{kind: placement_group}", "{kind: placement_group, strategy: spread}")
    example_finds = ("pg", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a target group that several of its instances serve."""
        if properties(component, PlacementGroupProperties).strategy != "cluster":
            return
        served: dict[str, int] = defaultdict(int)
        for name, _, _ in members_of(component, world):
            for group in serving_groups(world, name):
                served[group] += 1
        for group, count in sorted(served.items()):
            if count > 1:
                message = f"{count} targets of {group} stand close together in {component.id} and fail together."
                yield self.finding(component.id, group, message=message)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Spread them."""
        edit = set_property(finding.subject, ("strategy",), "spread")
        return (join(f"make {finding.subject} a spread placement group", (edit,)),)


class ImageElsewhere(ComponentRule):
    """A machine image of another region."""

    id = "EC2019"
    title = "Machine image of another region"
    severity = "warning"
    class_ = "correctness"
    kinds = ("ec2_instance", "launch_template")
    why = "An image exists in its own region alone; nothing starts from it elsewhere."
    fix = "Copy the image to the region."
    sources = (f"{_GUIDE}CopyingAMIs.html",)
    example_bad = "region: eu-west-1\ncomponents:\n  box: {kind: ec2, image: ami-1, image_region: us-east-1}\n"
    example_good = example_bad.replace("us-east-1", "eu-west-1")
    example_finds = ("box",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the regions of the image and of what starts from it."""
        machine = properties(component, MachineProperties)
        if not machine.image_region:
            return
        users = [edge.source for edge in world.referrers(component.id) if edge.path == ("launch_template",)]
        for name in users or [component.id]:
            region = world.placement(name).region
            if region and region != machine.image_region and as_kind(world, component.id, MachineProperties):
                message = f"The image of {component.id} is in {machine.image_region}, and it starts in {region}."
                yield self.finding(component.id, message=message, path=("image_region",))
                return
