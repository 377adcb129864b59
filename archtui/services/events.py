"""Calls that AWS carries from one service to another: invocations, deliveries, events.

They travel outside the customer's networks, so no packet is traced; whether the receiver takes them is the
receiver's own answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from archtui.model.component import Component
from archtui.trace import codes
from archtui.trace.interface import Arrival, Bond, Call, Reception, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint, Message
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

API = Message("tcp", 443, called=True)
"""A call of an AWS API, before anything is said of what it asks."""
EVENT = replace(API, purpose="event")
"""What nobody waits for the answer to."""


def refused_to(source: Component, target: str, why: str, rule: RuleRef) -> Call:
    """Return the delivery from ``source`` to ``target`` that AWS does not set up because of ``why``."""
    text = f"{source.id} delivers nothing to {target}: {why}."
    step = Step("service", Action.DENY, codes.EVENT_TARGET_REFUSED, text, rule)
    return Call(
        f"{source.id} > {target}", (Way(1.0, target, Endpoint(source.id), None, EVENT, (hop(source, step),)),), "after"
    )


def elsewhere(source: Component, target: str, world: World) -> str:
    """Say that ``target`` is in another region than ``source``; empty: it is not, or one of them is not known."""
    here, there = world.placement(source.id).region, world.placement(target).region
    return f"it is in {there}, and {source.id} in {here}" if here and there and here != there else ""


def carried(
    source: Component,
    target: str,
    sentence: str,
    walk: Walk,
    *,
    message: Message = EVENT,
    bond: Bond = "after",
    delay: Latency | None = None,
    rule: RuleRef | None = None,
    relays: bool = False,
    statuses: tuple[int | None, int | None] = (500, 500),
) -> Call:
    """Return the call from ``source`` to the component ``target`` that AWS carries; ``sentence`` says what happens.

    ``rule`` is the setting of the source that decides it; ``statuses`` are what the sender answers where the
    target refuses, and where it does not answer in time.
    """
    label = f"{source.id} > {target}"
    if (source.id, target) in walk.condition.links:
        down = Step("service", Action.DENY, codes.LINK_DOWN, f"The link from {source.id} to {target} is down.", rule)
        way = Way(1.0, target, Endpoint(source.id), None, message, (hop(source, down),))
        return Call(label, (way,), bond, relays, *statuses, delay=delay)
    step = Step("service", Action.ORIGINATE, "", sentence, rule, after=message.to_json())
    way = Way(1.0, target, Endpoint(source.id), target, message, (hop(source, step),), internal=sentence)
    return Call(label, (way,), bond, relays, *statuses, delay=delay)


def choice(arrival: Arrival, label: str, options: Iterable[tuple[float, str, Reception]]) -> Call:
    """Return the call by which a component does one of several things itself, each with its share of the requests.

    ``label`` says what decides (``the version of orders``); what has no share is left out.
    """
    ways = tuple(
        Way(weight, name, arrival.at, None, arrival.message, reception=reception)
        for weight, name, reception in options
        if weight > 0
    )
    return Call(label, ways, relays=True, refused_status=None, timeout_status=None)


def accepted(component: Component, text: str, *path: str | int, facts: tuple[str, ...] = ()) -> Step:
    """Return the step by which an AWS service takes a call."""
    return Step("application", Action.ACCEPT, "", text, RuleRef(component.id, text, path), facts=facts)


def refused(component: Component, code: str, text: str, *path: str | int, facts: tuple[str, ...] = ()) -> Step:
    """Return the step by which an AWS service refuses a call."""
    return Step("application", Action.DENY, code, text, RuleRef(component.id, text, path), facts=facts)
