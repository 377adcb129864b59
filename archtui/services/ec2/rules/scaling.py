"""ASG001-ASG008, ASG010-ASG012: Auto Scaling groups."""

from __future__ import annotations

import math
from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.containers import FleetProperties
from archtui.services.ec2.properties import AutoScalingGroupProperties, LaunchTemplateProperties
from archtui.services.elb.properties import TargetGroupProperties
from archtui.services.examples import NETWORK
from archtui.services.lookups import as_kind, each, is_written, zones_of
from archtui.services.spread import add_zone
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/"
_ZONES = f"{_GUIDE}auto-scaling-benefits.html"
_HEALTH = f"{_GUIDE}ec2-auto-scaling-health-checks.html"
_GRACE = f"{_GUIDE}health-check-grace-period.html"
_LIMITS = f"{_GUIDE}asg-capacity-limits.html"
_TRACKING = f"{_GUIDE}as-scaling-target-tracking.html"
_TEMPLATES = f"{_GUIDE}launch-templates.html"
_KINDS = ("auto_scaling_group",)

_TEMPLATE = "  lt: {kind: launch_template, metadata_tokens: required}\n"


def _group(text: str) -> str:
    """Return an example with an Auto Scaling group of these properties in the default VPC."""
    return f"components:\n{_TEMPLATE}  asg: {{kind: asg, launch_template: lt, {text}}}\n"


def target_groups_of(world: World, name: str) -> tuple[str, ...]:
    """Return the target groups in which the instances of ``name`` are registered, not those of containers on
    them, whose service replaces what is unhealthy."""
    group = as_kind(world, name, AutoScalingGroupProperties)
    found = dict.fromkeys(group.target_groups if group else ())
    own = {name, *(group.instances if group else ())}
    for component, target_group in each(world, TargetGroupProperties):
        containers = any(as_kind(world, edge.source, FleetProperties) for edge in world.referrers(component.id))
        if not containers and any(target.id in own for target in target_group.targets):
            found[component.id] = None
    return tuple(found)


class OneZone(ComponentRule):
    """An Auto Scaling group whose subnets are in one zone."""

    id = "ASG001"
    title = "Auto Scaling group in one availability zone"
    severity = "error"
    class_ = "resilience"
    kinds = _KINDS
    why = "When that zone is lost the group has nowhere to start the replacements."
    fix = "Give it subnets of two or more zones."
    sources = (_ZONES,)
    facts = ("asg-subnets-01", "asg-azs-01", "az-ha-01")
    example_bad = NETWORK + _TEMPLATE + "  asg: {kind: asg, launch_template: lt, subnets: [app-a], min: 2, max: 4}\n"
    example_good = example_bad.replace("[app-a]", "[app-a, app-b]")
    example_finds = ("asg", "app-a")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones of its subnets."""
        subnets = properties(component, AutoScalingGroupProperties).subnets
        zones = zones_of(world, subnets)
        if len(zones) == 1:
            message = f"{component.id} starts instances in {zones[0]} alone."
            fixable = bool(add_zone(world, component.id, subnets))
            yield self.finding(component.id, *subnets, message=message, fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a subnet of another zone, a new one if need be."""
        return add_zone(world, finding.subject, finding.components[1:])


class MachineHealthOnly(ComponentRule):
    """An Auto Scaling group behind a balancer that ignores the balancer's health checks."""

    id = "ASG002"
    title = "Auto Scaling group behind a balancer uses EC2 health checks only"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    reads = ("target_group",)
    why = "A hung application on a running machine stays in the group for good; AWS looks at the machine alone."
    fix = "Set the health check type to ELB, with a grace period that covers the boot."
    sources = (_HEALTH, f"{_GUIDE}as-add-elb-healthcheck.html")
    facts = ("asg-health-01", "asg-health-02", "asg-self-heal-01")
    example_bad = _group("min: 2, max: 2, target_groups: [web]") + "  web: {kind: target_group, port: 80}\n"
    example_good = example_bad.replace("[web]", "[web], health_check_type: ELB, health_check_grace: 300")
    example_finds = ("asg", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look whose word counts."""
        groups = target_groups_of(world, component.id)
        if groups and properties(component, AutoScalingGroupProperties).health_check_type == "EC2":
            message = f"{component.id} serves {', '.join(groups)} but does not heed its health check."
            yield self.finding(component.id, *groups, message=message)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Heed the balancer, after a grace period that covers the boot."""
        group = as_kind(world, finding.subject, AutoScalingGroupProperties)
        template = as_kind(world, group.launch_template, LaunchTemplateProperties) if group else None
        needed = max(300, math.ceil(template.boot_time) if template else 0)
        edits = [set_property(finding.subject, ("health_check_type",), "ELB")]
        if group and group.health_check_grace < needed:
            edits.append(set_property(finding.subject, ("health_check_grace",), needed))
        return (join(f"let {finding.subject} heed the balancer's health checks", edits),)


class ImpossibleNumbers(ComponentRule):
    """Capacity numbers that contradict each other."""

    id = "ASG003"
    title = "Minimum, desired and maximum capacity contradict each other"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ()
    why = "The minimum must not exceed the desired capacity, nor that the maximum; AWS refuses such a group."
    fix = "Put the three numbers in order."
    sources = (_LIMITS,)
    facts = ("asg-numbers-01", "asg-bounds-01")
    example_bad = _group("min: 2, desired: 5, max: 4")
    example_good = _group("min: 2, desired: 4, max: 4")
    example_finds = ("asg",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the numbers."""
        group = properties(component, AutoScalingGroupProperties)
        desired = group.min if group.desired is None else group.desired
        if not group.min <= desired <= group.max:
            message = f"{component.id} wants {group.min} at least, {desired} now and {group.max} at most."
            yield self.finding(component.id, message=message)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep the minimum, raise the maximum to it, and bring the desired capacity between them."""
        group = as_kind(world, finding.subject, AutoScalingGroupProperties)
        if group is None:
            return ()
        edits: list[Edit] = []
        most = max(group.min, group.max)
        if most != group.max:
            edits.append(set_property(finding.subject, ("max",), most))
        if group.desired is not None and not group.min <= group.desired <= most:
            edits.append(set_property(finding.subject, ("desired",), min(max(group.desired, group.min), most)))
        return (join(f"put the capacity of {finding.subject} in order", edits),)


class TooFewWithoutOneZone(ComponentRule):
    """A minimum that does not carry the load when one zone is gone."""

    id = "ASG004"
    title = "Minimum capacity does not survive the loss of one zone"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    why = (
        "Instances are spread evenly, so losing a zone takes its share; replacements take minutes to start, "
        "and may not start at all while everybody else in the region asks for them too."
    )
    fix = "Raise the minimum so that the other zones carry the load by themselves."
    sources = (
        "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html",
        _ZONES,
    )
    facts = ("asg-azs-01", "az-ha-01", "asg-bounds-01")
    example_bad = (
        NETWORK
        + _TEMPLATE
        + ("  asg: {kind: asg, launch_template: lt, subnets: [app-a, app-b], min: 4, max: 8, needed: 4}\n")
    )
    example_good = example_bad.replace("min: 4", "min: 8")
    example_finds = ("asg",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Take away the largest share of one zone; only where the design says how many are needed."""
        group = properties(component, AutoScalingGroupProperties)
        zones = len(zones_of(world, group.subnets))
        left = group.min - math.ceil(group.min / zones) if zones else 0
        if group.needed is not None and zones > 1 and left < group.needed:
            message = f"{component.id} needs {group.needed}; without one of its {zones} zones {left} are left."
            yield self.finding(component.id, message=message, path=("needed",), detail=(zones,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Raise the minimum, and the others with it."""
        group = as_kind(world, finding.subject, AutoScalingGroupProperties)
        zones = int(finding.detail[0])
        if group is None or group.needed is None:
            return ()
        enough = next(n for n in range(group.needed, 3 * group.needed + 3) if n - math.ceil(n / zones) >= group.needed)
        edits = [set_property(finding.subject, ("min",), enough)]
        if group.max < enough:
            edits.append(set_property(finding.subject, ("max",), enough))
        if group.desired is not None and group.desired < enough:
            edits.append(set_property(finding.subject, ("desired",), enough))
        return (join(f"keep {enough} instances at least", edits),)


class ShortGrace(ComponentRule):
    """A grace period that ends before a new instance serves."""

    id = "ASG005"
    title = "Health check grace period shorter than the boot"
    severity = "warning"
    class_ = "correctness"
    kinds = _KINDS
    why = "The balancer's check fails while the instance still boots, the group replaces it, and so on for ever."
    fix = "Raise the grace period above the boot time; by API and CloudFormation it is 0 unless you set it."
    sources = (_GRACE,)
    facts = ("asg-grace-01", "ec2_user_data-time-01")
    example_bad = """\
components:
  lt: {kind: launch_template, metadata_tokens: required, boot_time: 4m}
  asg: {kind: asg, launch_template: lt, min: 2, max: 2, health_check_type: ELB, health_check_grace: 60}
"""
    example_good = example_bad.replace("health_check_grace: 60", "health_check_grace: 300")
    example_finds = ("asg", "lt")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare it with the boot time the template states."""
        group = properties(component, AutoScalingGroupProperties)
        template = as_kind(world, group.launch_template, LaunchTemplateProperties)
        name = group.launch_template or ""
        if group.health_check_type != "ELB" or template is None or not is_written(world, name, "boot_time"):
            return
        if group.health_check_grace < template.boot_time:
            message = (
                f"{component.id} judges instances after {group.health_check_grace:g} s; "
                f"those of {name} need {template.boot_time:g} s to boot."
            )
            yield self.finding(component.id, name, message=message, detail=(math.ceil(template.boot_time),))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Wait for the boot and half a minute more."""
        return (set_property(finding.subject, ("health_check_grace",), int(finding.detail[0]) + 30),)


class NoScalingPolicy(ComponentRule):
    """Room to scale, and nothing that uses it."""

    id = "ASG006"
    title = "Auto Scaling group with room to grow but no scaling policy"
    severity = "warning"
    class_ = "performance"
    kinds = _KINDS
    reads = ()
    why = "Without a policy the group replaces what fails but never grows; the maximum means nothing."
    fix = "Add target tracking, for instance on average CPU at 40 to 60 percent."
    sources = (_TRACKING, f"{_GUIDE}as-scale-based-on-demand.html")
    facts = ("asg-policies-01", "asg-target-01", "asg-manual-01")
    example_bad = _group("min: 2, max: 6")
    example_good = _group("min: 2, max: 6, scaling_policy: target_tracking, scaling_metric: cpu")
    example_finds = ("asg",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a policy where minimum and maximum differ."""
        group = properties(component, AutoScalingGroupProperties)
        if group.max > group.min and not group.scaling_policy:
            message = f"{component.id} may run {group.min} to {group.max} instances, but nothing changes their number."
            yield self.finding(component.id, message=message)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Track the average CPU."""
        edits = (
            set_property(finding.subject, ("scaling_policy",), "target_tracking"),
            set_property(finding.subject, ("scaling_metric",), "cpu"),
        )
        return (join(f"let {finding.subject} follow its CPU", edits),)


class NoRoomToScale(ComponentRule):
    """A scaling policy between two equal numbers."""

    id = "ASG007"
    title = "Scaling policy with equal minimum and maximum"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ()
    why = "A policy never goes below the minimum or above the maximum; where they are equal it does nothing."
    fix = "Raise the maximum."
    sources = (_LIMITS, _TRACKING)
    facts = ("asg-bounds-01", "asg-target-01")
    example_bad = _group("min: 2, max: 2, scaling_policy: target_tracking")
    example_good = _group("min: 2, max: 4, scaling_policy: target_tracking")
    example_finds = ("asg",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the numbers of a group that is to scale."""
        group = properties(component, AutoScalingGroupProperties)
        if group.scaling_policy in ("target_tracking", "step", "simple", "predictive") and group.min == group.max:
            message = f"{component.id} is to scale by {group.scaling_policy} between {group.min} and {group.max}."
            yield self.finding(component.id, message=message, path=("scaling_policy",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Let it double."""
        group = as_kind(world, finding.subject, AutoScalingGroupProperties)
        return (set_property(finding.subject, ("max",), max(2, 2 * group.max)),) if group else ()


class LaunchConfiguration(ComponentRule):
    """A group that is started from a launch configuration."""

    id = "ASG008"
    title = "Launch configuration instead of a launch template"
    severity = "warning"
    class_ = "operations"
    kinds = _KINDS
    reads = ()
    why = "Launch configurations have no versions, get no new features, and new accounts cannot create them."
    fix = "Copy it to a launch template and name that."
    sources = (f"{_GUIDE}launch-configurations.html", f"{_GUIDE}migrate-to-launch-templates.html")
    facts = ("launch_configuration-edit-01", "launch_configuration-legacy-01", "launch_template-choose-01")
    example_bad = "components:\n  asg: {kind: asg, launch_configuration: web-v1, min: 2, max: 2}\n"
    example_good = _group("min: 2, max: 2")
    example_finds = ("asg",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look what it is started from."""
        name = properties(component, AutoScalingGroupProperties).launch_configuration
        if name:
            message = f"{component.id} is started from the launch configuration {name}."
            yield self.finding(component.id, message=message, path=("launch_configuration",))


class OneSpotPool(ComponentRule):
    """A group on Spot with a single instance type."""

    id = "ASG010"
    title = "Spot group with one instance type"
    severity = "info"
    class_ = "resilience"
    kinds = _KINDS
    reads = ("launch_template",)
    why = "Each type in each zone is one Spot pool; when it runs dry the group cannot replace what it loses."
    fix = "Use a mixed instances policy with several types and an on-demand base."
    sources = (
        f"{_GUIDE}ec2-auto-scaling-mixed-instances-groups.html",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html",
    )
    facts = ("ec2_purchasing-spot-01", "spot_instance-fail-01")
    example_bad = """\
components:
  lt: {kind: launch_template, metadata_tokens: required, purchasing: spot}
  asg: {kind: asg, launch_template: lt, min: 2, max: 2}
"""
    example_good = example_bad.replace(", purchasing: spot", "")
    example_finds = ("asg", "lt")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the template's purchasing."""
        name = properties(component, AutoScalingGroupProperties).launch_template
        template = as_kind(world, name, LaunchTemplateProperties)
        if name and template and template.purchasing == "spot":
            message = f"{component.id} lives on Spot instances of one type, {template.instance_type}."
            yield self.finding(component.id, name, message=message)


class SizeOne(ComponentRule):
    """A group that never runs more than one instance."""

    id = "ASG011"
    title = "Auto Scaling group of size one"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    reads = ()
    why = "When its instance fails, the tier is down until the replacement has booted."
    fix = "Run two at least, in two zones."
    sources = (_ZONES, _LIMITS)
    facts = ("asg-numbers-01", "az-ha-01", "ec2_user_data-time-01")
    example_bad = _group("min: 1, max: 1")
    example_good = _group("min: 2, max: 2")
    example_finds = ("asg",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the numbers."""
        group = properties(component, AutoScalingGroupProperties)
        if group.min == group.max == 1:
            yield self.finding(component.id, message=f"{component.id} runs one instance, never two.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Run two."""
        group = as_kind(world, finding.subject, AutoScalingGroupProperties)
        edits = [set_property(finding.subject, (key,), 2) for key in ("min", "max")]
        if group and group.desired is not None:
            edits.append(set_property(finding.subject, ("desired",), 2))
        return (join(f"run two instances in {finding.subject}", edits),)


class NothingToStart(ComponentRule):
    """A group that does not say what it starts."""

    id = "ASG012"
    title = "Auto Scaling group without a launch template"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ()
    why = "The group decides when and where, the template says what; AWS creates no group without one."
    fix = "Name a launch template."
    sources = (_TEMPLATES,)
    facts = ("asg-source-01", "asg-what-01")
    example_bad = "components:\n  asg: {kind: asg, min: 2, max: 2}\n"
    example_good = _group("min: 2, max: 2")
    example_finds = ("asg",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look what it is started from."""
        group = properties(component, AutoScalingGroupProperties)
        if group.launch_template is None and not group.launch_configuration:
            yield self.finding(component.id, message=f"{component.id} does not say what it starts.")
