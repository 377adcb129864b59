"""What an application does with a request: it asks the components it is linked to."""

from __future__ import annotations

from archtui.model.component import Component, Link
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, HandsOut, Receives, Walk, Way, hop
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Action, RuleRef, Step


def calls_of(arrival: Arrival, walk: Walk) -> tuple[Call, ...]:
    """Return the calls that the application on ``arrival.component`` makes to answer.

    None for a health check or a bare connection, and none for a component that the request has come
    through before (links in a circle are answers and questions of one conversation).
    """
    component = arrival.component
    if not arrival.message.asks or component.id in arrival.trail:
        return ()
    return tuple(
        link_call(component, link, arrival.at, walk)
        for link in walk.world.links_from(component.id)
        if link.target not in arrival.trail and not _is_consumers(link, walk)
    )


def _is_consumers(link: Link, walk: Walk) -> bool:
    target = walk.world.components.get(link.target)
    hands_out = target.kind.behaviour(HandsOut) if target and link.action else None
    return hands_out is not None and hands_out.takes(link.action)


def link_call(component: Component, link: Link, source: Endpoint, walk: Walk) -> Call:
    """Return the call that follows ``link``."""
    target = walk.world.components.get(link.target)
    receives = target.kind.behaviour(Receives) if target else None
    port = link.port
    if port is None and target and receives:
        port = receives.port(target)
    text = f"{component.id} > {link.target}"
    end: Step | None = None
    missing: tuple[str, ...] = ()
    if (component.id, link.target) in walk.condition.links:
        end = Step(
            "application", Action.DENY, codes.LINK_DOWN, f"The link from {component.id} to {link.target} is down."
        )
    elif port is None:
        missing = (f"the port of the link from {component.id} to {link.target}",)
        message = f"The link from {component.id} to {link.target} names no port, and {link.target} has none of its own."
        end = Step("application", Action.UNKNOWN, codes.LINK_WITHOUT_PORT, message)
    if end is not None:
        way = Way(1.0, link.target, source, None, Message(link.protocol, port), (hop(component, end),), missing=missing)
        return Call(text, (way,), link.dependency)
    scheme = receives.scheme(target, port) if target and receives and port is not None else ""
    http = Http(scheme=scheme) if scheme else None
    sent = Message(link.protocol, port, http, called=True, action=link.action)
    soft = "" if link.dependency == "hard" else "; it can do without (soft)"
    step = Step(
        "application",
        Action.ORIGINATE,
        "",
        f"{component.id} asks {link.target} on {link.protocol} {port}{soft}.",
        RuleRef(component.id, f"link to {link.target}"),
        after=sent.to_json(),
    )
    return Call(text, (Way(1.0, link.target, source, link.target, sent, (hop(component, step),)),), link.dependency)
