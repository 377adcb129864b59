"""What an event bus does with an event: each rule that matches sends it to its targets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from archtui.failure.interface import Managed, properties_as
from archtui.model.component import Component
from archtui.services.eventbridge.events import SCHEDULED, Event, events_in, given_to, name_of
from archtui.services.eventbridge.properties import EventBusProperties, EventRule, RuleTarget
from archtui.services.events import EVENT, accepted, carried, elsewhere, refused, refused_to
from archtui.services.patterns import matches
from archtui.services.permissions import GuardedApi
from archtui.trace import codes
from archtui.trace.access.gate import Comes, passed
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint, Message
from archtui.world.faults import Refusal, Throttled
from archtui.world.steps import Action, Hop, RuleRef, Step


class EventBusFails(Managed, Throttled):
    """EventBridge runs over several zones of a region (EventBridge User Guide, "Resilience")."""

    refusal = Refusal(
        "ThrottlingException", 400, "https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html"
    )


class BusGuards(GuardedApi):
    """A bus has a policy, or names other accounts in short and refuses all others itself."""

    def __init__(self) -> None:
        super().__init__("arn:aws:events:{region}:{account}:event-bus/{id}", "events:PutEvents")

    def names_accounts(self, component: Component) -> bool:
        return True


class EventBusReceives(Receives):
    """A bus takes events at once; delivery comes after. A request of the bus to itself is its schedules' time."""

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        properties = properties_as(component, EventBusProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        if arrival.message.purpose == "health_check":
            return Reception((hop(component, accepted(component, f"{component.id} answers.")),), status=200)
        if arrival.sender.component == component.id:
            return _scheduled(component, properties, walk)
        stranger = _stranger(arrival, properties, walk)
        if stranger:
            text = f"{component.id} takes no events of account {stranger}: its policy does not name it."
            step = refused(component, codes.EVENTS_CROSS_ACCOUNT_DENIED, text, "accounts", facts=_POLICY)
            return Reception((hop(component, step),), status=403)
        events = list(events_in(arrival, properties))
        if not events:
            text = f"Not decided: what {arrival.sender.component} says in its events to {component.id}."
            rule = RuleRef(component.id, "events", ("events",))
            step = Step("application", Action.UNKNOWN, codes.EVENTS_CONTENT_UNKNOWN, text, rule)
            missing = (f"what the events of {arrival.sender.component} to {component.id} say",)
            return Reception((hop(component, step),), status=200, missing=missing)
        steps: list[Step] = []
        calls: list[Call] = []
        for event in events:
            step, made = _matched(component, properties, event, walk)
            steps.append(step)
            calls.extend(made)
        return Reception((hop(component, *steps),), tuple(calls), 200)


_POLICY = ("eventbridge-policy-01",)


def _stranger(arrival: Arrival, properties: EventBusProperties, walk: Walk) -> str:
    """Return the sender's account where it is another one that the bus does not admit; a policy that is written has
    been asked before."""
    sender = arrival.sender.component
    if sender not in walk.world.components or properties.policy:
        return ""
    theirs, ours = walk.world.placement(sender).account, walk.world.placement(arrival.component.id).account
    return theirs if theirs != ours and theirs not in properties.accounts else ""


def _matched(bus: Component, properties: EventBusProperties, event: Event, walk: Walk) -> tuple[Step, list[Call]]:
    """Match one event against the rules; each rule that matches delivers it to each of its targets."""
    chosen: list[str] = []
    lost: list[RuleRef] = []
    calls: list[Call] = []
    for index, rule in enumerate(properties.rules):
        where = ("rules", index)
        if rule.enabled and rule.pattern is not None and matches(rule.pattern, event):
            chosen.append(rule.name)
            calls.extend(_delivered(bus, rule, index, event, walk))
        elif rule.pattern is not None:
            lost.append(RuleRef(bus.id, rule.name, where, "disabled" if not rule.enabled else "the event differs"))
    if not chosen:
        text = f"No rule of {bus.id} matches the event {name_of(event)}: it is dropped."
        rule_ref = RuleRef(bus.id, "rules", ("rules",))
        return Step("service", Action.FORWARD, codes.EVENTS_NO_RULE_MATCHES, text, rule_ref, tuple(lost)), []
    text = f"The event {name_of(event)} matches {', '.join(chosen)}."
    ref = RuleRef(bus.id, ", ".join(chosen), ("rules",))
    return Step("service", Action.CHOOSE, "", text, ref, tuple(lost), facts=("eventbridge-rule-01",)), calls


def _scheduled(bus: Component, properties: EventBusProperties, walk: Walk) -> Reception:
    due = [(i, rule) for i, rule in enumerate(properties.rules) if rule.schedule and rule.enabled]
    if not due:
        text = f"{bus.id} has no schedule that is on."
        return Reception((hop(bus, refused(bus, codes.EVENTS_NO_RULE_MATCHES, text, "rules")),))
    text = "; ".join(f"{rule.name} fires by {rule.schedule}" for _, rule in due)
    step = accepted(bus, f"{text}.", "rules", facts=("eventbridge-kinds-01",))
    calls = tuple(call for i, rule in due for call in _delivered(bus, rule, i, SCHEDULED, walk))
    return Reception((hop(bus, step),), calls, 200)


def _delivered(bus: Component, rule: EventRule, index: int, event: Event, walk: Walk) -> Iterator[Call]:
    """Yield the delivery to each target; what cannot be delivered goes to the dead-letter queue in the end.

    A target that may not be called gets no second try (EventBridge User Guide, "Using dead-letter queues to process
    undelivered events").
    """
    for place, target in enumerate(rule.targets):
        ref = RuleRef(bus.id, f"{rule.name} > {target.to}", ("rules", index, "targets", place))
        away = elsewhere(bus, target.to, walk.world)
        if away and not isinstance(walk.world.components[target.to].properties, EventBusProperties):
            # EventBridge User Guide, "Event bus targets": targets are in the rule's Region, other buses excepted.
            yield refused_to(bus, target.to, f"{away}; only buses can be targets in other regions", ref)
            continue
        message = replace(EVENT, action=target.action, body=json.dumps(given_to(target, event)))
        denied = _denied(bus, target, message, walk)
        reached = not walk.is_down(target.to) and (bus.id, target.to) not in walk.condition.links
        if reached and not denied:
            what = "its own input" if target.input is not None else target.input_path or "the event"
            text = f"The rule {rule.name} of {bus.id} sends {what} to {target.to}."
            yield carried(bus, target.to, text, walk, message=message, rule=ref)
            continue
        yield _undelivered(bus, rule, target, ref, denied)
        if target.dead_letter is not None:
            text = f"The event that {target.to} could not get goes to {target.dead_letter}."
            said = f"up to {target.retries} retries within {target.event_age / 3600:g} h"
            delay = None if denied else Latency(bus.id, target.event_age * 1000, said)
            yield carried(bus, target.dead_letter, text, walk, rule=ref, delay=delay)


def _denied(bus: Component, target: RuleTarget, message: Message, walk: Walk) -> tuple[Hop, ...]:
    """Return how the policies refuse a delivery; empty: they do not."""
    component = walk.world.components.get(target.to)
    if component is None:
        return ()
    asked = passed(Comes(component, message, Endpoint(bus.id), "", (), carried=True), walk.world)
    return asked.hops if asked.denied else ()


def _undelivered(bus: Component, rule: EventRule, target: RuleTarget, ref: RuleRef, denied: tuple[Hop, ...]) -> Call:
    hops = denied
    if not denied:
        text = f"{target.to} cannot be reached: EventBridge tries {rule.name} again, up to {target.retries} times."
        hops = (hop(bus, Step("service", Action.DENY, codes.BAD_STATE, text, ref)),)
    way = Way(1.0, target.to, Endpoint(bus.id), None, EVENT, hops)
    return Call(f"{bus.id} > {target.to}", (way,), "after")
