"""GRA006: data that the internet can reach."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import Rule
from archtui.model.edits import Edit
from archtui.model.fields import port_range
from archtui.model.operations import Remove
from archtui.services.ec2.lookups import Ends, ends_of, listens_of, public_address_of
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.elb.lookups import Forwarding, forwardings, registered
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.examples import PUBLIC_NETWORK
from archtui.services.lookups import EVERYWHERE, as_kind, each, is_public, open_to_everyone
from archtui.services.rds.properties import DEFAULT_PORTS, DbInstanceProperties
from archtui.services.vpc.properties import NetworkAclProperties, SubnetProperties
from archtui.world.world import World

DATA_PORTS = tuple(sorted({*DEFAULT_PORTS.values(), 6379, 11211, 27017, 9042, 9200}))
"""Ports of databases and caches: RDS engines, Redis, Memcached, MongoDB, Cassandra, OpenSearch."""


class ExposedData(Rule):
    """A data store that a stranger's packet gets to."""

    id = "GRA006"
    title = "Data store reachable from the internet"
    severity = "error"
    class_ = "security"
    kinds = ("db_instance", "ec2_instance")
    why = "Public address, internet route, network ACL and security group all let strangers through to the data."
    fix = "Break the chain: close the security group, take the public address away, use a private subnet."
    sources = (
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
        "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-networks.html",
    )
    facts = ("rds-private-01", "security_group-chain-01", "arch_tiered-three-01")
    example_bad = PUBLIC_NETWORK + (
        "  db: {kind: rds, engine: postgres, multi_az: true, publicly_accessible: true,\n"
        "       subnets: [public-a, public-b], security_groups: [db-sg]}\n"
        "  db-sg: {kind: security_group, vpc: vpc, ingress: [{port: 5432, from: 0.0.0.0/0}]}\n"
    )
    example_good = example_bad.replace("from: 0.0.0.0/0", "from: 10.0.0.0/16")
    example_finds = ("db", "db-sg")

    def check(self, world: World) -> Iterator[Finding]:
        """Look for a store with a public address, a route, and filters that are open."""
        handed = self._handed(world)
        for component, database in each(world, DbInstanceProperties):
            port = database.listener_port
            if database.publicly_accessible:
                yield from self._judge(world, component.id, (port,), ends_of(world, component.id))
            yield from self._balanced(handed, component.id, (port,))
        for component, instance in each(world, Ec2InstanceProperties):
            if instance.runs not in ("database", "cache") or component.implicit:
                continue
            stated = listens_of(world, component.id)
            ports = DATA_PORTS if stated is None else tuple(item.port for item in stated if item.port in DATA_PORTS)
            if public_address_of(world, component.id):
                yield from self._judge(world, component.id, ports, ends_of(world, component.id))
            yield from self._balanced(handed, component.id, ports)

    def _judge(self, world: World, name: str, ports: tuple[int, ...], ends: Ends) -> Iterator[Finding]:
        for port in ports:
            open_rules = open_to_everyone(world, ends.groups, port)
            ways = [item for item in ends.subnets if is_public(world, item) and _acl_admits(world, item, port)]
            if open_rules and ways:
                groups = dict.fromkeys(group for group, _ in open_rules)
                message = f"The internet reaches {name} on port {port} through {', '.join(ways)}."
                fixable = all(group in world.blueprint.components for group in groups)
                yield self.finding(name, *groups, message=message, fixable=fixable, detail=(port,))
                return

    @staticmethod
    def _handed(world: World) -> dict[tuple[str, int | None], Forwarding]:
        """Return to whom, and on which port, public balancers hand connections."""
        found: dict[tuple[str, int | None], Forwarding] = {}
        for way in forwardings(world):
            balancer = as_kind(world, way.balancer, LoadBalancerProperties)
            if balancer and balancer.scheme == "internet-facing":
                for item in registered(world, way.group):
                    found.setdefault((item.name, item.port), way)
        return found

    def _balanced(
        self, handed: dict[tuple[str, int | None], Forwarding], name: str, ports: tuple[int, ...]
    ) -> Iterator[Finding]:
        """Find a public balancer that hands connections straight to the store."""
        way = next((handed[name, port] for port in ports if (name, port) in handed), None)
        if way:
            message = f"{way.balancer} hands connections from the internet to {name}."
            yield self.finding(name, way.balancer, way.group, message=message, fixable=False)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Remove the rules that let everybody in."""
        if not finding.fixable or not finding.detail:
            return ()
        port = int(finding.detail[0])
        rules = open_to_everyone(world, finding.components[1:], port)
        paths = [("components", group, "ingress", index) for group, index in sorted(rules, reverse=True)]
        groups = ", ".join(dict.fromkeys(group for group, _ in rules))
        return (Edit(f"close port {port} of {groups} to the world", tuple(Remove(path) for path in paths)),)


def _acl_admits(world: World, subnet: str, port: int) -> bool:
    """Say whether the subnet's network ACL lets strangers in on TCP ``port``; the lowest number that fits decides."""
    properties = as_kind(world, subnet, SubnetProperties)
    acl = as_kind(world, properties.nacl if properties else None, NetworkAclProperties)
    if acl is None:
        return True
    for entry in sorted(acl.ingress, key=lambda item: item.rule):
        low, high = port_range(entry.ports or "all")
        if entry.protocol in ("all", "tcp") and low <= port <= high and entry.source in EVERYWHERE:
            return entry.action == "allow"
    return False
