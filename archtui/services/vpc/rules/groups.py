"""SEC012-SEC015: how security groups are used.

SEC010 (a rule that tries to deny) cannot be written down here: a rule has no action.
"""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, Rule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, set_property
from archtui.services.ec2.lookups import listens_of, runs_database
from archtui.services.lookups import as_kind, each, is_written
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.transit_gateway.properties import TransitGatewayAttachmentProperties
from archtui.services.vpc.lookups import blocks_of, peers_of
from archtui.services.vpc.properties import EgressRule, IngressRule, SecurityGroupProperties
from archtui.services.vpc.rules.open_ports import DATA_PORTS, is_everyone, opens_all
from archtui.world.world import World

_RULES = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
_PEERS = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html"
_DEFAULT = "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html"
_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html"


def _peer_rules(group: SecurityGroupProperties) -> Iterator[tuple[str, int, str, str]]:
    """Yield (direction, index, key, other end) for every rule."""
    for index, rule in enumerate(group.ingress):
        yield "ingress", index, "from", rule.source
    for index, out in enumerate(group.egress or ()):
        yield "egress", index, "to", out.destination


class ForeignGroup(ComponentRule):
    """A rule that names a security group of a VPC that is not joined."""

    id = "SEC012"
    title = "Rule names a security group of an unrelated VPC"
    severity = "warning"
    class_ = "correctness"
    kinds = ("security_group",)
    why = (
        "A rule may name a group of its own VPC, of a VPC peered with it in the same region, or of one on the same "
        "transit gateway where that is turned on. Any other reference is refused or never matches."
    )
    fix = "Name the other VPC's address block instead."
    sources = (_PEERS, _RULES)
    facts = ("security_group-scope-01", "security_group-reference-02")
    example_bad = (
        "components:\n"
        "  one: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  two: {kind: vpc, cidr: 10.1.0.0/16}\n"
        "  web-sg: {kind: security_group, vpc: one}\n"
        "  db-sg: {kind: security_group, vpc: two, ingress: [{port: 5432, from: web-sg}]}\n"
    )
    example_good = example_bad + "  pcx: {kind: vpc_peering_connection, requester: one, accepter: two}\n"
    example_finds = ("db-sg", "web-sg")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the VPCs of both groups."""
        group = properties(component, SecurityGroupProperties)
        for direction, index, key, name in _peer_rules(group):
            other = as_kind(world, name, SecurityGroupProperties)
            if other is None or group.vpc is None or other.vpc is None or other.vpc == group.vpc:
                continue
            if not _may_reference(world, group.vpc, other.vpc):
                yield self.finding(
                    component.id,
                    name,
                    message=f"{component.id} in {group.vpc} names {name} of {other.vpc}, which is not joined with it "
                    "so that groups can be named.",
                    path=(direction, index),
                    fixable=len(blocks_of(world, other.vpc)) == 1,
                    detail=(direction, index, key, other.vpc),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Name the block of the other VPC."""
        direction, index, key, vpc = finding.detail
        blocks = blocks_of(world, str(vpc))
        path = (direction, index, key)
        return (set_property(finding.subject, path, blocks[0]),) if len(blocks) == 1 else ()


def _may_reference(world: World, one: str, other: str) -> bool:
    if other in dict(peers_of(world, one)).values():
        return world.placement(one).region == world.placement(other).region
    referencing = {
        (attachment.vpc, attachment.transit_gateway)
        for _, attachment in each(world, TransitGatewayAttachmentProperties)
        if attachment.security_group_referencing
    }
    gateways = {gateway for vpc, gateway in referencing if vpc == one}
    return any(vpc == other and gateway in gateways for vpc, gateway in referencing)


class DefaultGroup(Rule):
    """A component that uses its VPC's default security group."""

    id = "SEC013"
    title = "Default security group in use"
    severity = "warning"
    class_ = "security"
    kinds = ("security_group",)
    why = "All members of the default group may talk to each other on every port, and whatever names no group joins it."
    fix = "Create a security group for each role and name it."
    sources = (_DEFAULT,)
    facts = ("security_group-default-01", "vpc-default-04")
    example_bad = (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}\n"
        "  common: {kind: security_group, vpc: vpc, default: true, ingress: [{protocol: all, from: self}]}\n"
        "  web: {kind: ec2, subnet: app-a, security_groups: [common]}\n"
    )
    example_good = example_bad.replace("common: {", "web-sg: {kind: security_group, vpc: vpc}\n  common: {").replace(
        "[common]", "[web-sg]"
    )
    example_finds = ("web",)

    def check(self, world: World) -> Iterator[Finding]:
        """Collect the members of each default group."""
        for component, group in each(world, SecurityGroupProperties):
            if not group.default:
                continue
            users = {
                edge.source: None
                for edge in world.referrers(component.id)
                if edge.path[:1] == ("security_groups",) and edge.source in world.blueprint.components
            }
            if users:
                names = tuple(users)
                verb = "uses" if len(names) == 1 else "use"
                yield self.finding(
                    *names,
                    message=f"{', '.join(names)} {verb} the default security group of {group.vpc}.",
                )


class NoDescription(ComponentRule):
    """Security-group rules that do not say what they are for."""

    id = "SEC014"
    title = "Security-group rule without description"
    severity = "info"
    class_ = "operations"
    kinds = ("security_group",)
    reads = ()
    why = "In a year nobody knows why the hole is there, so nobody dares to close it."
    fix = "Give each rule a description: who talks to whom, and why."
    sources = (_RULES,)
    example_bad = (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  web-sg: {kind: security_group, vpc: vpc, ingress: [{port: 443, from: 0.0.0.0/0}]}\n"
    )
    example_good = example_bad.replace("from: 0.0.0.0/0}", "from: 0.0.0.0/0, description: customers}")
    example_finds = ("web-sg",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the written rules without one; a finding for each group."""
        group = properties(world.blueprint.components[component.id], SecurityGroupProperties)
        directions: tuple[tuple[str, tuple[IngressRule | EgressRule, ...]], ...] = (
            ("ingress", group.ingress),
            ("egress", group.egress or ()),
        )
        silent = [(name, i) for name, rules in directions for i, rule in enumerate(rules) if not rule.description]
        if silent and not group.default:
            many = (
                "1 rule does not say what it is"
                if len(silent) == 1
                else f"{len(silent)} rules do not say what they are"
            )
            yield self.finding(component.id, message=f"{many} for in {component.id}.", path=silent[0])


class OpenDataEgress(ComponentRule):
    """A security group of a data store that lets everything out."""

    id = "SEC015"
    title = "Data store may open connections to everywhere"
    severity = "info"
    class_ = "security"
    kinds = ("security_group",)
    reads = ("db_instance", "ec2_instance", "launch_template")
    why = (
        "A data store answers; it has no need to open connections. Without outbound rules an intruder in it can carry "
        "the data anywhere. Replies are always let out, security groups being stateful."
    )
    fix = "Write down the outbound rules it needs; an empty list for a managed database."
    sources = (_RULES, _RDS)
    facts = ("security_group-stateful-01", "security_group-default-01")
    example_bad = (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  data-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}\n"
        "  data-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24}\n"
        "  db-sg: {kind: security_group, vpc: vpc, ingress: [{port: 3306, from: 10.0.10.0/24}]}\n"
        "  db: {kind: rds, subnets: [data-a, data-b], security_groups: [db-sg]}\n"
    )
    example_good = example_bad.replace("from: 10.0.10.0/24}]}", "from: 10.0.10.0/24}], egress: []}")
    example_finds = ("db-sg", "db")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the outbound rules of groups that data stores use."""
        group = properties(component, SecurityGroupProperties)
        users = [edge.source for edge in world.referrers(component.id) if edge.path[:1] == ("security_groups",)]
        stores = [name for name in dict.fromkeys(users) if _is_data_store(world, name)]
        everything = group.egress is None or any(_everywhere(rule) for rule in group.egress)
        if stores and everything:
            yield self.finding(
                component.id,
                *stores,
                message=f"{component.id} lets {', '.join(stores)} open connections to everywhere.",
                path=("egress",) if is_written(world, component.id, "egress") else (),
                fixable=len(stores) == len(set(users))
                and all(as_kind(world, name, DbInstanceProperties) for name in stores),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Let nothing out, where only managed databases use the group."""
        nothing: list[Json] = []
        return (set_property(finding.subject, ("egress",), nothing),) if finding.fixable else ()


def _is_data_store(world: World, name: str) -> bool:
    """Say whether ``name`` is a managed database, or a machine that is known to serve nothing but data."""
    if as_kind(world, name, DbInstanceProperties):
        return True
    services = listens_of(world, name)
    serves_data = bool(services) and all(service.port in DATA_PORTS for service in services or ())
    return serves_data and runs_database(world.components[name])


def _everywhere(rule: EgressRule) -> bool:
    return is_everyone(rule.destination) and opens_all(rule)
