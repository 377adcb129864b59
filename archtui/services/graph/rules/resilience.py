"""GRA001-GRA003: journeys that lead nowhere, hang on one thing, or on one zone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from operator import contains, eq

from archtui.check.finding import Finding
from archtui.check.rule import Rule
from archtui.model.blueprint import INTERNET
from archtui.model.component import Journey
from archtui.model.edits import Edit, join, set_property
from archtui.services.ec2.properties import AutoScalingGroupProperties, Ec2InstanceProperties
from archtui.services.elb.edits import register_twin
from archtui.services.elb.lookups import registered
from archtui.services.elb.properties import LoadBalancerProperties, TargetGroupProperties
from archtui.services.graph.paths import entrances, home_zones, lost_with, paths, promised, reachable_from, survives
from archtui.services.lookups import as_kind
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.spread import add_zone
from archtui.world.world import World

_RELIABILITY = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/"
_ZONES = f"{_RELIABILITY}rel_fault_isolation_multiaz_region_system.html"
_ISOLATION = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/availability-zones.html"

_SHOP = """\
components:
  zone: {kind: hosted_zone, name: example.com}
  shop: {kind: record, zone: zone, name: shop, alias: lb, evaluate_target_health: true}
  lb: {kind: alb, security_groups: [lb-sg], listeners: [{port: 80, forward: web}]}
  web: {kind: target_group, port: 80, targets: [web-1, web-2]}
  web-1: {kind: ec2, security_groups: [web-sg], metadata_tokens: required}
  web-2: {kind: ec2, az: b, security_groups: [web-sg], metadata_tokens: required}
  db: {kind: rds, engine: postgres, multi_az: true, security_groups: [db-sg]}
  lb-sg: {kind: security_group, ingress: [{port: 80, from: any}]}
  web-sg: {kind: security_group, ingress: [{port: 80, from: lb-sg}]}
  db-sg: {kind: security_group, ingress: [{port: 5432, from: web-sg}]}
links: [{from: web-1, to: db}, {from: web-2, to: db}]
journeys:
  - {name: A customer buys, from: internet, request: GET http://shop.example.com/, reaches: db, slo: 99.9%}
"""

_KINDS = ("application_load_balancer", "network_load_balancer", "target_group", "ec2_instance", "db_instance")


class NoWay(Rule):
    """A journey whose end nothing leads to."""

    id = "GRA001"
    title = "Entrance cannot reach a tier the journey needs"
    severity = "error"
    class_ = "reachability"
    kinds = ("record", *_KINDS, "auto_scaling_group")
    why = "No record, listener, target group or link leads on to it, so no request can arrive, whatever filters say."
    fix = "Add what is missing on the way: a record, a listener, a target, or a link of the application."
    sources = (
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html",
        f"{_RELIABILITY}welcome.html",
    )
    facts = ("listener-role-01", "target_group-role-01", "arch_tiered-three-01")
    example_bad = _SHOP.replace("[{from: web-1, to: db}, {from: web-2, to: db}]", "[]")
    example_good = _SHOP
    example_finds = ("db", "web-1", "web-2")

    def check(self, world: World) -> Iterator[Finding]:
        """Follow each journey as far as the design leads it."""
        for journey in world.blueprint.journeys:
            end = journey.reaches
            starts = entrances(world, journey)
            if journey.blocked or end not in world.components or end == INTERNET or not starts or end is None:
                continue
            found = reachable_from(world, starts)
            ways = paths(world)
            if end in found or any(ways.owner.get(name) == end or name in ways.open_ended for name in found):
                continue
            last = [name for name in found if not ways.next_of(name)]
            if last and all(_is_said_elsewhere(world, name) for name in last):
                continue
            written = [name for name in last if name in world.blueprint.components and name != end]
            stop = f"; the way ends at {', '.join(written)}" if written else ""
            message = f"Nothing leads {journey.name!r} to {end}{stop}."
            yield self.finding(end, *written, message=message)


def _is_said_elsewhere(world: World, name: str) -> bool:
    """Say whether the way ends at ``name`` for a reason of its own: no listener (ELB009), no targets (ELB008)."""
    balancer = as_kind(world, name, LoadBalancerProperties)
    if balancer:
        return not balancer.listeners
    return as_kind(world, name, TargetGroupProperties) is not None and not registered(world, name)


class SinglePoint(Rule):
    """A component whose loss alone ends a journey that promises something."""

    id = "GRA002"
    title = "Single point of failure on a journey"
    severity = "error"
    class_ = "resilience"
    kinds = _KINDS
    why = "The journey promises an availability or a recovery time, and nothing takes over when this one thing fails."
    fix = "Duplicate it in another zone, or use the service's own standby."
    sources = (_ZONES, f"{_RELIABILITY}rel_withstand_component_failures_failover2good.html")
    facts = ("az-failure-01", "az-ha-01", "ec2-az-01", "rds_multi_az_instance-purpose-01")
    example_bad = _SHOP.replace("targets: [web-1, web-2]", "targets: [web-1]")
    example_good = _SHOP
    example_finds = ("web-1",)

    def check(self, world: World) -> Iterator[Finding]:
        """Take away each single machine on the way, the sender first, and see whether the journey still holds."""
        found: dict[str, list[str]] = {}
        for journey in promised(world):
            for name in reachable_from(world, entrances(world, journey)):
                if _stands_alone(world, name) and not survives(world, journey, partial(eq, name)):
                    found.setdefault(paths(world).owner.get(name, name), []).append(journey.name)
            if _stands_alone(world, journey.source):
                found.setdefault(paths(world).owner.get(journey.source, journey.source), []).append(journey.name)
        for name, journeys in found.items():
            shown = ", ".join(repr(journey) for journey in dict.fromkeys(journeys))
            message = f"Without {name} there is no {shown}."
            yield self.finding(name, message=message, fixable=bool(self._edits(world, name)))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Double it."""
        return self._edits(world, finding.subject)

    @staticmethod
    def _edits(world: World, name: str) -> tuple[Edit, ...]:
        """Return how to double ``name``; nothing takes over from the one that sends the requests."""
        sends = any(paths(world).owner.get(each.source, each.source) == name for each in promised(world))
        return () if sends else _doubled(world, name)


def _stands_alone(world: World, name: str) -> bool:
    """Say whether ``name`` is one machine: an instance, or a database without standby."""
    database = as_kind(world, name, DbInstanceProperties)
    return as_kind(world, name, Ec2InstanceProperties) is not None or (database is not None and not database.multi_az)


def _doubled(world: World, name: str) -> tuple[Edit, ...]:
    """Return the edit after which something takes over from ``name``; none where the design must change shape."""
    database = as_kind(world, name, DbInstanceProperties)
    if database:
        return (set_property(name, ("multi_az",), True),) if database.replica_of is None else ()
    group = as_kind(world, name, AutoScalingGroupProperties)
    if group:
        edits = [set_property(name, (key,), 2) for key in ("min", "max")]
        edits += [set_property(name, ("desired",), 2)] if group.desired is not None else []
        return (join(f"run two instances in {name}", edits),)
    for edge in world.referrers(name):
        if as_kind(world, edge.source, TargetGroupProperties):
            return register_twin(world, edge.source, name)
    return ()


class OneZone(Rule):
    """A journey that ends when one availability zone is lost."""

    id = "GRA003"
    title = "Journey does not survive the loss of one availability zone"
    severity = "error"
    class_ = "resilience"
    kinds = _KINDS
    why = "A zone is the smallest thing that fails as a whole; everything on this hop of the journey is in one of them."
    fix = "Spread the hop over two or more zones."
    sources = (_ISOLATION, _ZONES)
    facts = ("az-failure-01", "az-ha-01", "elb-azs-01", "rds_multi_az_instance-region-01")
    example_bad = _SHOP.replace("az: b, ", "")
    example_good = _SHOP
    example_finds = ("web", "web-1", "web-2")

    def check(self, world: World) -> Iterator[Finding]:
        """Take away one zone after the other."""
        found: dict[tuple[str, str], list[str]] = {}
        for journey in promised(world):
            names = reachable_from(world, entrances(world, journey))
            zones = {zone for name in names if name in world.components for zone in _zones(world, name)}
            for zone in sorted(zones):
                if survives(world, journey, lost_with(world, zone)):
                    continue
                for name in self._culprits(world, journey, names, zone):
                    found.setdefault((name, zone), []).append(journey.name)
        for (name, zone), journeys in found.items():
            members = paths(world).choices.get(name, ()) if as_kind(world, name, TargetGroupProperties) else ()
            owners = tuple(dict.fromkeys(paths(world).owner.get(member, member) for member in members))
            shown = ", ".join(repr(journey) for journey in journeys)
            message = f"Without {zone} there is no {shown}: {name} is in that zone alone."
            yield self.finding(name, *owners, message=message, fixable=bool(self._edits(world, name)))

    @staticmethod
    def _culprits(world: World, journey: Journey, names: tuple[str, ...], zone: str) -> tuple[str, ...]:
        """Return the hops of which nothing is left without ``zone``, those without which the journey ends first.

        A hop that is one machine is left to GRA002.
        """
        dead = lost_with(world, zone)
        hops: dict[str, frozenset[str]] = {}
        behind: set[str] = set()
        for name in names:
            if as_kind(world, name, TargetGroupProperties):
                members = frozenset(paths(world).choices.get(name, ()))
                behind |= members
                if members and all(dead(member) for member in members):
                    hops[name] = members
        for name in names:
            if name not in behind and dead(name):
                hops[paths(world).owner.get(name, name)] = frozenset({name})
        alone = [name for name, lost in hops.items() if not survives(world, journey, partial(contains, lost))]
        single = {name for name, lost in hops.items() if len(lost) == 1 and _stands_alone(world, *lost)}
        return tuple(name for name in alone or hops if name not in single or name not in alone)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Spread the hop."""
        return self._edits(world, finding.subject)

    @staticmethod
    def _edits(world: World, name: str) -> tuple[Edit, ...]:
        if as_kind(world, name, TargetGroupProperties):
            members = [paths(world).owner.get(member, member) for member in paths(world).choices.get(name, ())]
            if len(set(members)) == 1 and (group := as_kind(world, members[0], AutoScalingGroupProperties)):
                return add_zone(world, members[0], group.subnets)
            return register_twin(world, name, members[-1]) if members else ()
        balancer = as_kind(world, name, LoadBalancerProperties)
        if balancer:
            return add_zone(world, name, balancer.subnets)
        return _doubled(world, name) if as_kind(world, name, DbInstanceProperties) else ()


def _zones(world: World, name: str) -> tuple[str, ...]:
    return home_zones(world, world.components[name])
