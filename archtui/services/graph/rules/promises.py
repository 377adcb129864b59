"""GRA004, GRA005: promises of a journey that the parts it cannot do without do not keep."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import partial
from operator import eq

from archtui.check.finding import Finding
from archtui.check.rule import Rule
from archtui.failure.availability.priors import prior
from archtui.failure.interface import Fails, Mechanism, Situation
from archtui.failure.needs import can_fail
from archtui.failure.observe import Observer
from archtui.failure.report import Status
from archtui.failure.structure import single_points
from archtui.model.component import Journey
from archtui.services.graph.paths import entrances, home_zones, paths, promised, reachable_from, survives
from archtui.world.condition import Condition
from archtui.world.world import World

_RELIABILITY = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/"
_PROMISE = """\
components:
  zone: {kind: hosted_zone, name: example.com}
  shop: {kind: record, zone: zone, name: shop, alias: lb}
  lb: {kind: alb, security_groups: [lb-sg], listeners: [{port: 80, forward: web}]}
  web: {kind: target_group, port: 80, targets: [web-1, web-2]}
  web-1: {kind: ec2, security_groups: [web-sg]}
  web-2: {kind: ec2, az: b, security_groups: [web-sg]}
  db: {kind: rds, engine: postgres, multi_az: true, security_groups: [db-sg]}
  lb-sg: {kind: security_group, ingress: [{port: 80, from: any}]}
  web-sg: {kind: security_group, ingress: [{port: 80, from: lb-sg}]}
  db-sg: {kind: security_group, ingress: [{port: 5432, from: web-sg}]}
links: [{from: web-1, to: db}, {from: web-2, to: db}]
journeys:
  - {name: A customer buys, from: internet, request: GET http://shop.example.com/, reaches: db, PROMISE}
"""


def needed(world: World, journey: Journey) -> tuple[str, ...]:
    """Return what can fail and what no request of ``journey`` can do without, in the order it is met."""
    owner = paths(world).owner
    found: dict[str, None] = {}
    for name in reachable_from(world, entrances(world, journey)):
        if can_fail(world, name) and not survives(world, journey, partial(eq, name)):
            found[owner.get(name, name)] = None
    return tuple(name for name in found if can_fail(world, name))


def most_available(world: World, events: Iterable[str]) -> float:
    """Return the availability that a journey which needs all of ``events`` cannot exceed: each of them, a component,
    a zone or a region, is up or down by itself. What has something to take its place is not among them, so the real
    figure is lower (``archtui resilience`` gives it)."""
    return math.prod(1.0 - prior(world, event).unavailability for event in events)


class BelowTarget(Rule):
    """A journey that promises more than the parts it cannot do without allow."""

    id = "GRA004"
    title = "Availability promised is out of reach"
    severity = "warning"
    class_ = "resilience"
    kinds = ("record", "application_load_balancer", "network_load_balancer", "ec2_instance", "db_instance")
    why = "A request that needs all of several parts succeeds only while every one of them is up: they multiply."
    fix = "Add redundancy to the weakest of them, or promise less; `archtui resilience` shows what each costs."
    sources = (f"{_RELIABILITY}availability.html",)
    facts = ("az-ha-01",)
    example_bad = _PROMISE.replace("PROMISE", "slo: 99.999%")
    example_good = _PROMISE.replace("PROMISE", "slo: 99.9%")
    example_finds = ("lb",)

    def check(self, world: World) -> Iterator[Finding]:
        """Multiply what every request needs; where all that may be needed keeps the promise, no more is asked."""
        for journey in promised(world):
            if journey.slo is None or _keeps(most_available(world, _at_most_needed(world, journey)), journey.slo):
                continue
            points = [point.component for point in single_points(world, journey)]
            bound = most_available(world, points)
            if _keeps(bound, journey.slo):
                continue
            written = world.blueprint.components
            weak = [name for name in points if name in written and prior(world, name).unavailability > 0]
            most = f"{', '.join(weak)} together allow {bound * 100:.6g} % at most"
            message = f"{journey.name!r} promises {journey.slo * 100:g} %, and {most}."
            if weak:
                yield self.finding(*weak, message=message)


def _at_most_needed(world: World, journey: Journey) -> Iterator[str]:
    """Yield what a journey may need, with the zones and the region that it may hang on."""
    zones: dict[str, None] = {}
    regions: dict[str, None] = {}
    for name in needed(world, journey):
        yield name
        component = world.components[name]
        found = home_zones(world, component)
        zones |= dict.fromkeys(found if len(found) == 1 else ())
        regions |= dict.fromkeys((world.placement(name).region,) if component.kind.scope != "global" else ())
    yield from (f"az:{zone}" for zone in zones)
    yield from (f"region:{region}" for region in regions if region)


def _keeps(availability: float, slo: float) -> bool:
    return 1.0 - availability <= round(1.0 - slo, 12)


class SlowRecovery(Rule):
    """A journey whose promised recovery is shorter than that of something it cannot do without."""

    id = "GRA005"
    title = "Recovery takes longer than promised"
    severity = "warning"
    class_ = "resilience"
    kinds = ("db_instance", "db_cluster", "elasticache_cluster")
    why = "A journey is back only when the slowest of the parts it needs is."
    fix = "Choose a quicker standby for that part, or promise what it can keep."
    sources = (f"{_RELIABILITY}rel_planning_for_recovery_objective_defined_recovery.html",)
    facts = ("rds_multi_az_instance-purpose-01",)
    example_bad = _PROMISE.replace("PROMISE", "rto: 10s")
    example_good = _PROMISE.replace("PROMISE", "rto: 10m")
    example_finds = ("db",)

    def check(self, world: World) -> Iterator[Finding]:
        """Compare the ways back of each needed part with what is promised."""
        for journey in promised(world):
            for name in needed(world, journey):
                found = [each for way in _ways_back(world, name) for each in self._compared(journey, name, way)]
                if found and _is_down_without(world, journey, name):
                    yield from found

    def _compared(self, journey: Journey, name: str, way: Mechanism) -> Iterator[Finding]:
        back, lost = way.seconds, way.data_loss
        if journey.rto is not None and back is not None and back.max > journey.rto:
            span = f"{back.min:g} to {back.max:g}" if back.min < back.max else f"{back.max:g}"
            message = f"{name} is back after {span} s, and {journey.name!r} promises {journey.rto:g} s."
            yield self.finding(name, message=message)
        if journey.rpo is not None and lost is not None and lost.max > journey.rpo:
            message = f"{name} may lose {lost.max:g} s of writes, and {journey.name!r} promises {journey.rpo:g} s."
            yield self.finding(name, message=message)


def _is_down_without(world: World, journey: Journey, name: str) -> bool:
    """Whether no request of the journey succeeds right after ``name`` was lost."""
    condition = Condition(down=frozenset({name}), time=0.0)
    return Observer(world).sight(journey, condition).status is Status.DOWN


def _ways_back(world: World, name: str) -> tuple[Mechanism, ...]:
    """Return how ``name`` works again by itself when it is lost."""
    component = world.components[name]
    fails = component.kind.behaviour(Fails)
    if fails is None:
        return ()
    found = fails.mechanisms(component, Situation(world, Condition(down=frozenset({name}))))
    return tuple(way for way in found if way.automatic and way.restores and not way.hindered and way.component == name)
