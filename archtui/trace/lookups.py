"""Looking up the name of a request's target for whoever asks: the question put, and what a lookup alone shows."""

from __future__ import annotations

from archtui.trace.dns import resolve_component
from archtui.trace.interface import (
    AsksForClients,
    HasName,
    Origin,
    Originates,
    Question,
    Resolution,
    StandsForName,
    Walk,
    verdict_of,
)
from archtui.trace.message import Endpoint
from archtui.trace.stages import Stage, Way, among, worst
from archtui.world.steps import Verdict
from archtui.world.world import World


def has_name(world: World, target: str) -> bool:
    """Whether ``target`` is a host name or a component that has one."""
    component = world.components.get(target)
    return component is None or bool(component.kind.behaviour(StandsForName) or component.kind.behaviour(HasName))


def resolved(walk: Walk, source: Endpoint, target: str, country: str | None, wanted: str = "A") -> Resolution:
    """Resolve a host name or the name of a component that has one; ``wanted`` is the record type.

    ``country`` is where the request is said to come from; None: where its sender is.
    """
    component = walk.world.components.get(target)
    stands = component.kind.behaviour(StandsForName) if component else None
    if component is None or stands:
        name = stands.host_name(component, walk.world) if component and stands else target
        return walk.resolve(_question(walk, name, source, country, wanted))
    return resolve_component(walk, component, _question(walk, "", source, country, wanted))


def _question(walk: Walk, name: str, asker: Endpoint, country: str | None, wanted: str) -> Question:
    component = walk.world.components.get(asker.component)
    region = None
    outside = component.kind.behaviour(Originates) if component else None
    if component and outside:
        place = _through_resolver(walk, outside.origin(component))
        country, region = country or (place.asks_from_country if place.hidden else place.country), place.region
        return Question(name.lower().rstrip("."), asker, country, region, wanted, place)
    if component:
        region = walk.world.placement(component.id).region
    return Question(name.lower().rstrip("."), asker, country, region, wanted)


def _through_resolver(walk: Walk, place: Origin) -> Origin:
    """Return where name servers see an outsider: its resolver may be a component of the design."""
    resolver = walk.world.components.get(place.resolver)
    asks = resolver.kind.behaviour(AsksForClients) if resolver else None
    return asks.seen_from(resolver, place) if resolver and asks else place


def country_of(walk: Walk, origin: Endpoint, country: str | None) -> str | None:
    """Return the country of who first sent the request; ``country`` is the one the request states."""
    component = walk.world.components.get(origin.component)
    outside = component.kind.behaviour(Originates) if component else None
    return country or (outside.origin(component).country if component and outside else None)


def looked_up(walk: Walk, source: Endpoint, target: str, country: str | None, wanted: str) -> Stage:
    """Return the stage of a DNS question: its answers, without a connection to any of them."""
    if not has_name(walk.world, target):
        return Stage("", (), own=Verdict.UNKNOWN, missing=("a name to look up: the target has none",))
    found = resolved(walk, source, target, country, wanted)
    ways = [
        Way(answer.weight, str(answer.endpoint), Stage(answer.endpoint.component, answer.hops))
        for answer in found.answers
    ]
    ways += unanswered(found)
    calls = (among("the answer to the name", ways),) if ways else ()
    return Stage("", found.hops, own=verdict_of(found.hops), calls=calls, missing=found.missing)


def unanswered(found: Resolution) -> list[Way]:
    """Return the ways of the answers that lead nowhere, each with the hops that tell why."""
    open_end = Verdict.UNKNOWN if found.missing else Verdict.REACHABLE
    ways = []
    for weight, hops in found.dead:
        verdict = worst((verdict_of((*found.hops, *hops)), open_end))
        ways.append(Way(weight, "no answer", Stage("", hops, own=verdict, missing=found.missing)))
    return ways
