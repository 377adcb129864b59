"""What meets a message where a packet has brought it: the policies first, then the component that receives it."""

from __future__ import annotations

from dataclasses import replace

from archtui.trace import codes
from archtui.trace.access.gate import FORBIDDEN, Comes, passed
from archtui.trace.interface import Arrival, Receives, Reception, Walk, hop
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, Hop, Step
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
