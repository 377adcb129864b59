"""NET040, NET043, NET046: the VPC as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, Rule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.lookups import as_kind, is_written, zones_of
from archtui.services.spread import subnet_elsewhere
from archtui.services.vpc.lookups import subnets_of
from archtui.services.vpc.properties import SubnetProperties, VpcProperties
from archtui.world.world import World

_FLOW_LOGS = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html"
_ZONES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html"
_DEFAULT = "https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html"
_WORKLOADS = ("ec2_instance", "auto_scaling_group", "db_instance", "application_load_balancer", "network_load_balancer")


class NoFlowLogs(ComponentRule):
    """A VPC without flow logs."""

    id = "NET040"
    title = "VPC without flow logs"
    severity = "info"
    class_ = "operations"
    kinds = ("vpc",)
    reads = ("flow_logs",)
    why = "Flow logs are the only record of which connections were accepted and which were rejected."
    fix = "Turn flow logs on, to S3 or CloudWatch Logs."
    sources = (_FLOW_LOGS,)
    example_bad = "components:\n  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
    example_good = "components:\n  vpc: {kind: vpc, cidr: 10.0.0.0/16, flow_logs: true}\n"
    example_finds = ("vpc",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the flag."""
        logged = any(world.components[edge.source].kind.name == "flow_logs" for edge in world.referrers(component.id))
        if not properties(component, VpcProperties).flow_logs and not logged:
            yield self.finding(
                component.id,
                message=f"{component.id} keeps no flow logs.",
                path=("flow_logs",) if is_written(world, component.id, "flow_logs") else (),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn them on."""
        return (set_property(finding.subject, ("flow_logs",), True),)


class OneZone(ComponentRule):
    """A VPC whose subnets are all in one availability zone."""

    id = "NET043"
    title = "All subnets of the VPC are in one availability zone"
    severity = "warning"
    class_ = "resilience"
    kinds = ("vpc",)
    why = "An availability zone is lost as a whole now and then; everything in this VPC goes with it."
    fix = "Add subnets in a second zone and spread the workloads."
    sources = (_ZONES,)
    facts = ("az-failure-01", "az-ha-01")
    example_bad = (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}\n"
        "  web: {kind: ec2, subnet: app-a}\n"
    )
    example_good = example_bad + "  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24}\n"
    example_finds = ("vpc", "app-a")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones of the subnets of a VPC that holds a workload."""
        subnets = [subnet.id for subnet in subnets_of(world, component.id)]
        zones = zones_of(world, subnets)
        if len(zones) == 1 and any(_hosts(world, name) for name in subnets):
            yield self.finding(
                component.id,
                *subnets,
                message=f"All subnets of {component.id} are in {zones[0]}.",
                fixable=bool(self._edits(world, component.id)),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a twin of the first subnet that holds a workload."""
        return self._edits(world, finding.subject)

    @staticmethod
    def _edits(world: World, vpc: str) -> tuple[Edit, ...]:
        subnets = [subnet.id for subnet in subnets_of(world, vpc)]
        model = next((name for name in subnets if _hosts(world, name)), None)
        found = subnet_elsewhere(world, model, zones_of(world, subnets)) if model else None
        return (join(f"add {found.subnet} in another zone", found.edits),) if found else ()


def _hosts(world: World, subnet: str) -> bool:
    return any(edge.role == "in" and world.kind(edge.source).name in _WORKLOADS for edge in world.referrers(subnet))


class DefaultVpc(Rule):
    """A workload in the default VPC or a default subnet."""

    id = "NET046"
    title = "Workload in the default VPC"
    severity = "warning"
    class_ = "security"
    kinds = _WORKLOADS
    why = (
        "The subnets of the default VPC are public and hand out public addresses: what stands there is one open "
        "security group away from the internet. Its block is the same everywhere, so two of them cannot be peered."
    )
    fix = "Create a VPC of your own with private subnets and place the workload there."
    sources = (_DEFAULT,)
    facts = ("vpc-default-03", "vpc-default-01")
    example_bad = (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 172.31.0.0/16, default: true}\n"
        "  default-a: {kind: subnet, vpc: vpc, az: a, cidr: 172.31.0.0/20, default: true}\n"
        "  web: {kind: ec2, subnet: default-a}\n"
    )
    example_good = example_bad.replace(", default: true", "").replace("172.31.", "10.0.")
    example_finds = ("web",)

    def check(self, world: World) -> Iterator[Finding]:
        """Collect what stands there, for each VPC."""
        found: dict[str, list[Component]] = {}
        for kind in self.kinds:
            for component in world.of_kind(kind):
                place = world.placement(component.id)
                vpc = as_kind(world, place.vpc, VpcProperties)
                subnets = [as_kind(world, name, SubnetProperties) for name in place.subnets]
                default = (vpc and vpc.default) or any(subnet and subnet.default for subnet in subnets)
                if default and place.vpc and not component.implicit:
                    found.setdefault(place.vpc, []).append(component)
        for vpc_name, members in found.items():
            names = [component.id for component in members]
            yield self.finding(
                *names,
                message=f"{', '.join(names)} stand{'s' if len(names) == 1 else ''} in the default VPC of "
                f"{world.placement(vpc_name).region}.",
            )
