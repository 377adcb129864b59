"""What meets a message where a packet has brought it: the policies first, then the component that receives it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from archtui.model.component import Component
from archtui.trace import codes
from archtui.trace.access.gate import FORBIDDEN, Comes, passed
from archtui.trace.interface import (
    Arrival,
    Deadline,
    Found,
    Leg,
    PassesOn,
    Passing,
    Receives,
    Reception,
    TakesAtSender,
    Walk,
    hop,
)
from archtui.trace.latency import Latency, leg_latency
from archtui.trace.message import Endpoint, Message
from archtui.world.steps import Action, Hop, RuleRef, Step, Verdict
from archtui.world.world import World


def received(comes: Comes, arrival: Arrival, walk: Walk) -> Reception:
    """Return what becomes of an arrival; what the policies refuse, the component never sees."""
    asked = passed(comes, walk.world)
    if asked.denied:
        return Reception(asked.hops, status=FORBIDDEN)
    reception = _taken(arrival, walk)
    if not asked.hops:
        return reception
    return replace(reception, hops=(*asked.hops, *reception.hops), missing=(*asked.missing, *reception.missing))


def _taken(arrival: Arrival, walk: Walk) -> Reception:
    receives = arrival.component.kind.behaviour(Receives)
    if receives is not None:
        return receives.receive(arrival, walk)
    name = arrival.component.id
    text = f"Nothing is said of what {name} does with {arrival.message.text}: taken to be answered."
    return Reception((hop(arrival.component, Step("application", Action.ACCEPT, codes.ASSUMPTION_LISTENS, text)),))


def taken_at_sender(source: Endpoint, target: Endpoint, world: World) -> Leg | None:
    """Return the leg of a connection that the sender's own machine takes; None: a packet leaves it."""
    component = None if target.interface else world.components.get(target.component)
    takes = component.kind.behaviour(TakesAtSender) if component else None
    step = takes.at_sender(component, target.address) if component and takes else None
    if component is None or step is None:
        return None
    back = Step("service", Action.ANSWER, "", f"The reply bears the address of {component.id} again.")
    there = replace(source, component=component.id, address=target.address, interface="")
    return Leg((hop(component, step),), (hop(component, back),), Verdict.REACHABLE, received=there)


def zones_crossed(hops: tuple[Hop, ...], source: Endpoint, at: Endpoint, world: World) -> tuple[Hop, ...]:
    """Note what stands in the way in another zone than the sender: its loss is the sender's loss too."""
    noted = []
    for each in hops:
        component = world.components.get(each.component)
        if component and source.zone and component.id not in (source.component, at.component):
            zones = world.placement(component.id).zones
            if component.kind.scope == "az" and not component.kind.container and zones and source.zone not in zones:
                here = source.component
                text = f"{component.id} is in {zones[0]}, {here} in {source.zone}: losing either zone cuts it off."
                step = Step("zone", Action.FORWARD, codes.AVAILABILITY_ZONE_CROSSED, text)
                each = replace(each, steps=(*each.steps, step))
        noted.append(each)
    return tuple(noted)


def exchange_latency(source: Endpoint, at: Endpoint, message: Message, world: World) -> Latency:
    """Return the time that ``message`` takes from ``source`` to ``at`` and back, by where both are."""
    regions = (region_of(source, world), region_of(at, world))
    return leg_latency(source.component, at.component, (source.zone, at.zone), regions, message.tls)


def region_of(end: Endpoint, world: World) -> str:
    """Return the region an end of a connection stands in; empty outside AWS's regions, at the edge for instance."""
    component = world.components.get(end.component)
    if component is None or component.kind.scope in ("global", "edge", "on_prem"):
        return ""
    return world.placement(component.id).region


def passed_on(leg: Leg, message: Message, walk: Walk) -> Passing:
    """Return what those make of a message that a packet went through, and with which port the receiver gets it."""
    hops: list[Hop] = []
    missing: list[str] = []
    stops = False
    deadlines: list[tuple[Component, Deadline]] = []
    for component, passes in _passing(leg, walk):
        found = passes.passed(component, message, walk)
        message = found.message
        hops += found.hops
        missing += found.missing
        stops = stops or found.stops
        deadlines += found.deadlines
    if leg.received_port is not None and message.port is not None:
        message = replace(message, port=leg.received_port)
    return Passing(message, tuple(hops), stops, tuple(missing), tuple(deadlines))


def joined(forward: tuple[Hop, ...], more: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """Return the hops of a leg with the steps of ``more`` at the components that made them."""
    found = list(forward)
    for each in more:
        place = max((at for at, there in enumerate(found) if there.component == each.component), default=None)
        if place is not None:
            found[place] = replace(found[place], steps=(*found[place].steps, *each.steps))
    return tuple(found)


def well(branches: tuple[tuple[str, Leg], ...], message: Message, walk: Walk) -> tuple[tuple[str, Leg], ...]:
    """Leave out the branches to targets that the balancer's health check finds unhealthy, and say so in the others;
    where none of a set is healthy all of it stays (fail-open), unless it is one that then takes no connection."""
    if message.purpose == "health_check":
        return branches
    found = [(label, leg, _found(leg, walk)) for label, leg in branches]
    works = {each.group.id for _, _, each in found if each and each.health.healthy is not False}
    sick = [each for _, _, each in found if each and each.health.healthy is False]
    if not sick:
        return branches
    left = [each for each in sick if each.group.id in works]
    notes = tuple(hop(each.group, _unhealthy(each)) for each in sick)
    return tuple(
        (label, _closed(leg, each, notes, walk) if each and each in sick and each.closes else _noted(leg, notes, walk))
        for label, leg, each in found
        if each not in left
    )


def _passing(leg: Leg, walk: Walk) -> Iterator[tuple[Component, PassesOn]]:
    passing = walk.world.part(_passers)
    for name in dict.fromkeys(each.component for each in leg.forward) if passing and leg.received else ():
        found = passing.get(name)
        if found and leg.received and name != leg.received.component:
            yield found


def _passers(world: World) -> Mapping[str, tuple[Component, PassesOn]]:
    return {
        component.id: (component, passes)
        for kind, passes in world.registry.with_behaviour(PassesOn)
        for component in world.of_kind(kind.name)
    }


def _found(leg: Leg, walk: Walk) -> Found | None:
    if leg.received is None or leg.received_port is None:
        return None
    for component, passes in _passing(leg, walk):
        found = passes.finds(component, leg.received, leg.received_port, walk)
        if found is not None:
            return found
    return None


def _unhealthy(found: Found) -> Step:
    text = f"{found.label} is unhealthy: {found.health.why}."
    return Step("health", Action.CHOOSE, found.health.code, text, RuleRef(found.group.id, found.label, ("targets",)))


def _closed(leg: Leg, found: Found, notes: tuple[Hop, ...], walk: Walk) -> Leg:
    """Return a leg that ends at the balancer, because none of its targets is in service."""
    noted = _noted(leg, notes, walk)
    end = next(at for at, each in enumerate(noted.forward) if each in notes) + len(notes)
    text = f"{found.group.id} has no healthy target and closes the connection."
    step = Step("target", Action.DENY, found.closes, text, RuleRef(found.group.id, found.label))
    return replace(noted, forward=(*noted.forward[:end], hop(found.group, step)), back=(), verdict=Verdict.BLOCKED)


def _noted(leg: Leg, notes: tuple[Hop, ...], walk: Walk) -> Leg:
    """Return the leg with ``notes`` after the hop of the balancer that it goes through."""
    names = {component.id for component, _ in _passing(leg, walk)}
    place = next((at for at, each in enumerate(leg.forward) if each.component in names), len(leg.forward) - 1)
    return replace(leg, forward=(*leg.forward[: place + 1], *notes, *leg.forward[place + 1 :]))
