"""What an event bus does with an event: each rule that matches sends it to its targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from archtui.failure.interface import Managed, properties_as
from archtui.model.component import Component
from archtui.services.eventbridge.properties import EventBusProperties, EventRule, RuleTarget
from archtui.services.events import EVENT, accepted, carried, refused
from archtui.services.patterns import matches
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint
from archtui.world.faults import Refusal, Throttled
from archtui.world.steps import Action, RuleRef, Step

Event = Mapping[str, JsonValue]


class EventBusFails(Managed, Throttled):
    """EventBridge runs over several zones of a region (EventBridge User Guide, "Resilience")."""

    refusal = Refusal(
        "ThrottlingException", 400, "https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html"
    )


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
            step = refused(component, codes.EVENTS_CROSS_ACCOUNT_DENIED, text, "accounts")
            return Reception((hop(component, step),), status=403)
        events = list(_events(arrival, properties))
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


def _stranger(arrival: Arrival, properties: EventBusProperties, walk: Walk) -> str:
    """Return the sender's account where it is another one that the bus does not admit."""
    sender = arrival.sender.component
    if sender not in walk.world.components:
        return ""
    theirs, ours = walk.world.placement(sender).account, walk.world.placement(arrival.component.id).account
    return theirs if theirs != ours and theirs not in properties.accounts else ""


def _events(arrival: Arrival, properties: EventBusProperties) -> Iterator[Event]:
    for put in properties.events:
        if put.sender == arrival.sender.component:
            yield {"source": put.source, "detail-type": put.detail_type, "detail": dict(put.detail)}


def _matched(bus: Component, properties: EventBusProperties, event: Event, walk: Walk) -> tuple[Step, list[Call]]:
    """Match one event against the rules; each rule that matches delivers it to each of its targets."""
    chosen: list[str] = []
    lost: list[RuleRef] = []
    calls: list[Call] = []
    for index, rule in enumerate(properties.rules):
        where = ("rules", index)
        if rule.enabled and rule.pattern is not None and matches(rule.pattern, event):
            chosen.append(rule.name)
            calls.extend(_delivered(bus, rule, index, walk))
        elif rule.pattern is not None:
            lost.append(RuleRef(bus.id, rule.name, where, "disabled" if not rule.enabled else "the event differs"))
    name = event.get("detail-type") or event.get("source")
    if not chosen:
        text = f"No rule of {bus.id} matches the event {name}: it is dropped."
        rule_ref = RuleRef(bus.id, "rules", ("rules",))
        return Step("service", Action.FORWARD, codes.EVENTS_NO_RULE_MATCHES, text, rule_ref, tuple(lost)), []
    text = f"The event {name} matches {', '.join(chosen)}."
    ref = RuleRef(bus.id, ", ".join(chosen), ("rules",))
    return Step("service", Action.CHOOSE, "", text, ref, tuple(lost), facts=("eventbridge-rule-01",)), calls


def _scheduled(bus: Component, properties: EventBusProperties, walk: Walk) -> Reception:
    due = [(i, rule) for i, rule in enumerate(properties.rules) if rule.schedule and rule.enabled]
    if not due:
        text = f"{bus.id} has no schedule that is on."
        return Reception((hop(bus, refused(bus, codes.EVENTS_NO_RULE_MATCHES, text, "rules")),))
    text = "; ".join(f"{rule.name} fires by {rule.schedule}" for _, rule in due)
    step = accepted(bus, f"{text}.", "rules", facts=("eventbridge-kinds-01",))
    return Reception((hop(bus, step),), tuple(c for i, rule in due for c in _delivered(bus, rule, i, walk)), 200)


def _delivered(bus: Component, rule: EventRule, index: int, walk: Walk) -> Iterator[Call]:
    """Yield the delivery to each target; what cannot be delivered goes to the dead-letter queue in the end."""
    for place, target in enumerate(rule.targets):
        ref = RuleRef(bus.id, f"{rule.name} > {target.to}", ("rules", index, "targets", place))
        if not walk.is_down(target.to) and (bus.id, target.to) not in walk.condition.links:
            text = f"The rule {rule.name} of {bus.id} sends the event to {target.to}."
            yield carried(bus, target.to, text, walk, rule=ref)
            continue
        yield _undelivered(bus, rule, target, ref)
        if target.dead_letter is not None:
            text = f"The event that {target.to} could not get goes to {target.dead_letter}."
            said = f"up to {target.retries} retries within {target.event_age / 3600:g} h"
            delay = Latency(bus.id, target.event_age * 1000, said)
            yield carried(bus, target.dead_letter, text, walk, rule=ref, delay=delay)


def _undelivered(bus: Component, rule: EventRule, target: RuleTarget, ref: RuleRef) -> Call:
    text = f"{target.to} cannot be reached: EventBridge tries {rule.name} again, up to {target.retries} times."
    step = Step("service", Action.DENY, codes.BAD_STATE, text, ref)
    way = Way(1.0, target.to, Endpoint(bus.id), None, EVENT, (hop(bus, step),))
    return Call(f"{bus.id} > {target.to}", (way,), "after")
