"""What an application does with a request: it asks the components it is linked to."""

from __future__ import annotations

from archtui.model.component import Component, Link
from archtui.trace import codes
from archtui.trace.caching import in_order
from archtui.trace.interface import Arrival, Call, Deadline, HandsOut, Receives, Walk, Way, hop
from archtui.trace.message import Endpoint, Http, Message
from archtui.trace.stages import Stage
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World


def calls_of(arrival: Arrival, walk: Walk) -> tuple[Call, ...]:
    """Return the calls that the application on ``arrival.component`` makes to answer.

    None for a health check or a bare connection, and none for a component that the request has come
    through before (links in a circle are answers and questions of one conversation).
    """
    component = arrival.component
    if not arrival.message.asks or component.id in arrival.trail:
        return ()
    links = [
        link
        for link in walk.world.links_from(component.id)
        if link.target not in arrival.trail and not _is_consumers(link, walk)
    ]
    calls = {link.target: link_call(component, link, arrival.at, walk) for link in links}
    if len(calls) < len(links):
        return tuple(link_call(component, link, arrival.at, walk) for link in links)
    return tuple(in_order(calls, arrival, walk).values())


def trail_asked(stage: Stage, world: World) -> frozenset[str]:
    """Return the components whose being in the trail decides what :func:`calls_of` answered in and below ``stage``."""
    return stage.comes_to.union(link.target for name in stage.comes_to for link in world.links_from(name))


def _is_consumers(link: Link, walk: Walk) -> bool:
    target = walk.world.components.get(link.target)
    hands_out = target.kind.behaviour(HandsOut) if target and link.action else None
    return hands_out is not None and hands_out.takes(link.action)


def link_call(component: Component, link: Link, source: Endpoint, walk: Walk) -> Call:
    """Return the call that follows ``link``."""
    if (component.id, link.target) in walk.condition.links:
        text = f"The link from {component.id} to {link.target} is down."
        return _ended(component, link, source, Step("application", Action.DENY, codes.LINK_DOWN, text))
    made = walk.world.part(_calls_made)
    key = (component.id, link, source)
    if key not in made:
        made[key] = _working_call(component, link, source, walk.world)
    return made[key]


def _calls_made(_: World) -> dict[tuple[str, Link, Endpoint], Call]:
    """The calls that links stand for, each made once: every branch that comes by makes them again."""
    return {}


def _ended(component: Component, link: Link, source: Endpoint, end: Step, missing: tuple[str, ...] = ()) -> Call:
    """Return a call that ends before anything is sent."""
    message = Message(link.protocol, link.port)
    way = Way(1.0, link.target, source, None, message, (hop(component, end),), missing=missing)
    return Call(f"{component.id} > {link.target}", (way,), link.dependency)


def _working_call(component: Component, link: Link, source: Endpoint, world: World) -> Call:
    target = world.components.get(link.target)
    receives = target.kind.behaviour(Receives) if target else None
    port = link.port
    if port is None and target and receives:
        port = receives.port(target)
    if port is None:
        missing = (f"the port of the link from {component.id} to {link.target}",)
        text = f"The link from {component.id} to {link.target} names no port, and {link.target} has none of its own."
        end = Step("application", Action.UNKNOWN, codes.LINK_WITHOUT_PORT, text)
        return _ended(component, link, source, end, missing)
    scheme = receives.scheme(target, port) if target and receives else ""
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
    way = Way(1.0, link.target, source, link.target, sent, (hop(component, step),))
    return Call(f"{component.id} > {link.target}", (way,), link.dependency, deadlines=_patience(component, link))


def _patience(component: Component, link: Link) -> tuple[Deadline, ...]:
    """Return how long the application waits for an answer."""
    if link.timeout is None:
        return ()
    text = f"{component.id} waits {link.timeout:g} s for {link.target} and gives up."
    rule = RuleRef(component.id, f"timeout of the link to {link.target}")
    return (Deadline(link.timeout, None, Step("application", Action.DENY, codes.CALL_TIMEOUT, text, rule)),)
