"""EC2001, EC2002, EC2017, EC2018, EC2022: where an instance stands and what hangs on it."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, clear_property, join, set_property, unused_id
from archtui.services.ec2.lookups import public_address_of
from archtui.services.ec2.properties import (
    AutoScalingGroupProperties,
    Ec2InstanceProperties,
    LaunchTemplateProperties,
    MachineProperties,
)
from archtui.services.elb.edits import register_twin
from archtui.services.elb.lookups import registered, serving_groups
from archtui.services.examples import NETWORK
from archtui.services.lookups import as_kind, character_of, each, zones_of
from archtui.services.route53.lookups import records_to
from archtui.services.vpc.properties import SubnetProperties
from archtui.world.world import World

_ZONES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html"
_ADDRESSES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html"
_SPOT = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html"

_SERVED = "  lb: {kind: alb, listeners: [{port: 80, forward: web}]}\n"


class LoneInstance(ComponentRule):
    """A balancer with one instance behind it."""

    id = "EC2001"
    title = "A single instance serves the tier"
    severity = "warning"
    class_ = "resilience"
    kinds = ("ec2_instance",)
    why = "When that instance, its host or its zone fails, the tier is gone; nothing starts another one."
    fix = "Register a second instance in another zone, or use an Auto Scaling group of at least two."
    sources = (
        _ZONES,
        "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html",
    )
    facts = ("ec2-az-01", "az-failure-01", "az-ha-01")
    example_bad = (
        "components:\n" + _SERVED + "  web: {kind: target_group, port: 80, targets: [web-1]}\n  web-1: {kind: ec2}\n"
    )
    example_good = example_bad.replace("[web-1]", "[web-1, web-2]") + "  web-2: {kind: ec2, az: b}\n"
    example_finds = ("web-1", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for groups in which it is alone."""
        for group in serving_groups(world, component.id):
            if len(registered(world, group)) == 1:
                message = f"{component.id} is the only target of {group}."
                edits = register_twin(world, group, component.id)
                yield self.finding(component.id, group, message=message, fixable=bool(edits), detail=(group,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Register a like instance of another zone."""
        return register_twin(world, str(finding.detail[0]), finding.subject)


class PublicServer(ComponentRule):
    """An instance behind a balancer, or one that calls a database, with a public address."""

    id = "EC2002"
    title = "Application or database server with a public address"
    severity = "warning"
    class_ = "security"
    kinds = ("ec2_instance",)
    why = "One wrong security-group rule puts such a server on the internet; only the balancer needs to be there."
    fix = "Move it to a private subnet, or start it without a public address."
    sources = (_ADDRESSES, "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html")
    facts = ("arch_tiered-three-01", "elb-private-targets-01", "elb-isolation-01")
    example_bad = NETWORK + (
        "  lb: {kind: alb, subnets: [public-a, public-b], listeners: [{port: 80, forward: web}]}\n"
        "  web: {kind: target_group, port: 80, targets: [web-1, web-2]}\n"
        "  web-1: {kind: ec2, subnet: public-a, public_ip: true}\n"
        "  web-2: {kind: ec2, subnet: app-b}\n"
    )
    example_good = example_bad.replace("subnet: public-a, public_ip: true", "subnet: app-a")
    example_finds = ("web-1", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Find a public address on what works behind something else."""
        instance = properties(component, Ec2InstanceProperties)
        kind = public_address_of(world, component.id)
        groups = serving_groups(world, component.id)
        inner = instance.runs in ("database", "cache")
        if kind is None or instance.runs == "nat" or not (groups or inner):
            return
        job = f"serves {', '.join(groups)}" if groups else f"runs a {instance.runs}"
        message = f"{component.id} {job} and has a public address."
        yield self.finding(
            component.id, *groups, message=message, fixable=kind == "auto" and self._edits(world, component.id) != ()
        )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Move it to a private subnet of its zone."""
        return self._edits(world, finding.subject) if finding.fixable else ()

    @classmethod
    def _edits(cls, world: World, name: str) -> tuple[Edit, ...]:
        instance = as_kind(world, name, Ec2InstanceProperties)
        if instance is None or instance.network_interfaces:
            return ()
        room = cls._private_room(world, name, instance)
        written = world.blueprint.components[name].raw
        if room:
            edits = [set_property(name, ("subnet",), room)]
            edits += [clear_property(name, (key,)) for key in ("public_ip", "private_ip") if key in written]
            return (join(f"move {name} to {room}", edits),)
        if calls_out(world, name):
            return ()
        edit = set_property(name, ("public_ip",), False)
        return (Edit(f"start {name} without a public address", edit.operations),)

    @staticmethod
    def _private_room(world: World, name: str, instance: Ec2InstanceProperties) -> str | None:
        """Return a subnet of the same zone that is not public, one with a way out where the instance calls out."""
        home = as_kind(world, instance.subnet, SubnetProperties)
        if home is None or instance.subnet not in world.blueprint.components:
            return None
        wanted = ("private",) if calls_out(world, name) else ("private", "isolated")
        zones = zones_of(world, (str(instance.subnet),))
        rooms = sorted(
            (wanted.index(character), component.id)
            for component, subnet in each(world, SubnetProperties)
            if subnet.vpc == home.vpc
            and not component.implicit
            and (character := character_of(world, component.id)) in wanted
            and zones_of(world, (component.id,)) == zones
        )
        return rooms[0][1] if rooms else None


def calls_out(world: World, name: str) -> bool:
    """Say whether the design states that ``name`` opens connections to the internet."""
    return any(link.target == "internet" for link in world.links_from(name)) or any(
        journey.source == name and journey.reaches == "internet" for journey in world.blueprint.journeys
    )


class SpotServer(ComponentRule):
    """A tier that must answer, on capacity that may be taken away."""

    id = "EC2017"
    title = "Serving or stateful tier on Spot alone"
    severity = "warning"
    class_ = "resilience"
    kinds = ("ec2_instance", "launch_template")
    why = "AWS takes a Spot instance back with two minutes' notice, and all of one pool at a time."
    fix = "Run the base of the tier on demand and add Spot on top."
    sources = (_SPOT,)
    facts = ("ec2_purchasing-spot-01", "ec2_purchasing-spot-02", "spot_instance-fail-01")
    example_bad = "components:\n  db: {kind: ec2, purchasing: spot, runs: database}\n"
    example_good = "components:\n  db: {kind: ec2, runs: database}\n"
    example_finds = ("db",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look what runs on Spot."""
        machine = properties(component, MachineProperties)
        if machine.purchasing != "spot":
            return
        if machine.runs in ("database", "cache"):
            job = f"runs a {machine.runs}"
        elif self._serves(world, component):
            job = "serves requests behind a balancer"
        else:
            return
        message = f"{component.id} {job} on Spot capacity."
        yield self.finding(component.id, message=message, path=("purchasing",))

    @staticmethod
    def _serves(world: World, component: Component) -> bool:
        """Say whether everything that a balancer has to send requests to comes from this machine's pool."""
        names = {component.id}
        if isinstance(component.properties, LaunchTemplateProperties):
            for owner, scaling in each(world, AutoScalingGroupProperties):
                if scaling.launch_template == component.id:
                    names |= {owner.id, *scaling.instances}
        for name in sorted(names):
            for group in serving_groups(world, name):
                members = [as_kind(world, item.name, MachineProperties) for item in registered(world, group)]
                if all(item.name in names for item in registered(world, group)) or all(
                    member and member.purchasing == "spot" for member in members
                ):
                    return True
        return False

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Buy it on demand."""
        return (set_property(finding.subject, ("purchasing",), "on-demand"),)


class FleetingAddress(ComponentRule):
    """A record that points at an instance whose public address changes."""

    id = "EC2018"
    title = "Name points at an instance without an Elastic IP"
    severity = "warning"
    class_ = "resilience"
    kinds = ("ec2_instance",)
    why = "An automatically assigned public address is lost when the instance stops; the name then leads to a stranger."
    fix = "Give the instance an Elastic IP, or let the name lead to a balancer."
    sources = (_ADDRESSES, "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html")
    facts = ("ec2-publicip-01", "elastic_ip-stop-01", "elastic_ip-choose-01")
    example_bad = (
        "components:\n  zone: {kind: hosted_zone, name: example.com}\n"
        "  blog: {kind: record, zone: zone, name: blog, type: A, values: [web-1]}\n"
        "  web-1: {kind: ec2, public_ip: true}\n"
    )
    example_good = example_bad + "  eip: {kind: elastic_ip, attached_to: web-1}\n"
    example_finds = ("web-1", "blog")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Find the records that name it."""
        if public_address_of(world, component.id) != "auto":
            return
        records = records_to(world, component.id)
        if records:
            message = f"{', '.join(records)} points at {component.id}, whose public address changes at each stop."
            yield self.finding(component.id, *records, message=message)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Allocate an Elastic IP for it."""
        name = unused_id(world.components, f"{finding.subject}-eip")
        edit = add_component(name, "elastic_ip", {"attached_to": finding.subject})
        return (Edit(f"give {finding.subject} an Elastic IP", edit.operations),)


class SelfManagedDatabase(ComponentRule):
    """A database that one instance runs by itself."""

    id = "EC2022"
    title = "Self-managed database on an instance"
    severity = "warning"
    class_ = "operations"
    kinds = ("ec2_instance",)
    reads = ()
    why = "It lives in one zone, and backups, patches, replication and failover are all your own work."
    fix = "Use RDS or Aurora, unless you need the operating system or an engine they do not offer."
    sources = ("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Welcome.html",)
    facts = ("ec2-db-01", "rds-on-ec2-01", "rds-on-ec2-risk-01")
    example_bad = "components:\n  db: {kind: ec2, runs: database}\n"
    example_good = "components:\n  db: {kind: rds, engine: postgres, multi_az: true}\n"
    example_finds = ("db",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look what it runs."""
        if properties(component, Ec2InstanceProperties).runs == "database":
            yield self.finding(component.id, message=f"{component.id} runs its own database.", path=("runs",))
