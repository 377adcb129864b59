"""Who sends a request and to what: how it begins, before the first name is asked."""

from __future__ import annotations

from dataclasses import replace

from archtui.model.blueprint import INTERNET
from archtui.model.errors import did_you_mean
from archtui.network.addresses import is_address
from archtui.trace.dns import owner_of_name
from archtui.trace.interface import HasMembers, Originates, Receives, SendsFromAws, StandsForName, Walk
from archtui.trace.message import Endpoint, Message
from archtui.trace.packets import Packets
from archtui.trace.request import Request, RequestError
from archtui.trace.stages import Stage
from archtui.world.steps import Action, Hop, Step
from archtui.world.world import World


def check_ends(request: Request, world: World) -> None:
    """Raise :class:`RequestError` where the request names an end that the design does not know."""
    known = world.components
    for text, what in ((request.source, "from"), (request.target, "to")):
        if text in known or text == INTERNET or is_address(text):
            continue
        if what == "to" and "." in text:
            continue
        near = did_you_mean(text, known) or "name a component, an IP address or internet"
        raise RequestError(f"there is no {text!r} to trace {what}; {near}")


def senders(request: Request, walk: Walk, packets: Packets) -> tuple[Endpoint, ...]:
    """Return who may send the request: one endpoint, or each member of a set of equals."""
    component = walk.world.components.get(request.source)
    if component is None:
        if is_address(request.source):
            found = walk.owner(request.source, Endpoint(INTERNET))
            return (found if found.component != INTERNET else Endpoint(INTERNET, request.source),)
        return (Endpoint(INTERNET, request.source_ip or packets.somewhere),)
    origin = component.kind.behaviour(Originates)
    if origin is not None:
        place = origin.origin(component)
        address = request.source_ip or place.address or place.ipv6 or packets.somewhere
        return (Endpoint(component.id, address),)
    members = component.kind.behaviour(HasMembers)
    found_all = members.members(component, walk) if members else packets.senders(component.id, walk.condition)
    if request.source_ip:
        named = [nic for nic in walk.interfaces(component.id) if nic.address == request.source_ip]
        return tuple(named) or (Endpoint(component.id, request.source_ip),)
    outside = component.kind.behaviour(SendsFromAws)
    if not found_all and outside is not None and not walk.interfaces(component.id):
        return (outside.sends_from(component, walk.world),)
    return found_all or (Endpoint(component.id),)


def destination(request: Request, source: Endpoint, walk: Walk, packets: Packets) -> str | Endpoint:
    """Return what the request is sent to: an endpoint, or the name or component that has to be resolved first."""
    text = request.target
    if is_address(text):
        return walk.owner(text, source)
    if text == INTERNET:
        return Endpoint(INTERNET, packets.somewhere)
    component = walk.world.components.get(text)
    outside = component.kind.behaviour(Originates) if component else None
    if component and outside:
        return Endpoint(component.id, outside.origin(component).address or packets.somewhere)
    return text


def message_of(request: Request, world: World) -> Message:
    """Return what the request says, with the host and the port that its target stands for."""
    component = world.components.get(request.target)
    host = request.target
    if component is not None:
        stands = component.kind.behaviour(StandsForName)
        host = stands.host_name(component, world) if stands else ""
    receiver = world.components.get(owner_of_name(world, request.target) or request.target)
    receives = receiver.kind.behaviour(Receives) if receiver else None
    return request.message(host, receives.port(receiver) if receiver and receives else None)


def started(source: Endpoint, stage: Stage, world: World) -> Stage:
    """Put the source in front, where no hop shows it."""
    if stage.forward and stage.forward[0].component == source.component:
        return stage
    component = world.components.get(source.component)
    kind = component.kind.name if component else INTERNET
    step = Step("application", Action.ORIGINATE, "", f"{source} sends the request.")
    return replace(stage, forward=(Hop(source.component, kind, (step,)), *stage.forward))
