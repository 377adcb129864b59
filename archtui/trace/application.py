"""What an application does with a request: it asks the components it is linked to."""

from __future__ import annotations

from dataclasses import replace

from archtui.model.component import Component, Link
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, HandsOut, Receives, Shields, Walk, Way, hop
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
    return tuple(_shielded(calls, arrival, walk).values())


_READS = ("GET", "HEAD", "OPTIONS")


def _shielded(calls: dict[str, Call], arrival: Arrival, walk: Walk) -> dict[str, Call]:
    """Return the calls in the order that caches bring: a read asks the cache first and the store after a miss, a
    change asks the store first."""
    http = arrival.message.http
    for name in tuple(calls):
        cache = walk.world.components.get(name)
        shields = cache.kind.behaviour(Shields) if cache else None
        found = shields.shields(cache, walk) if cache and shields else None
        if cache is None or found is None or found[0] not in calls:
            continue
        store, ratio = found
        asks = {key: calls[key] for key in ((name, store) if http is None or http.method in _READS else (store, name))}
        rest = {key: call for key, call in calls.items() if key not in asks}
        if ratio > 0 and next(iter(asks)) == name:
            asks[store] = _after_miss(arrival.component, cache, asks[store], ratio)
        calls = asks | rest
    return calls


def _after_miss(component: Component, cache: Component, call: Call, ratio: float) -> Call:
    """Return the call of a store that is made for what the cache does not have."""
    text = f"{cache.id} has the answer for {ratio * 100:.3g} % of the reads: the store behind it is not asked."
    step = Step("application", Action.FORWARD, "", text, RuleRef(cache.id, "hit ratio", ("before", "hit_ratio")))
    source = call.ways[0].source
    hit = Way(ratio, "hit", source, None, call.ways[0].message, (hop(component, step),))
    missed = tuple(replace(way, weight=way.weight * (1 - ratio), label=f"miss: {way.label}") for way in call.ways)
    return replace(call, ways=(hit, *missed) if ratio < 1 else (hit,))


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
    return Call(f"{component.id} > {link.target}", (way,), link.dependency)
