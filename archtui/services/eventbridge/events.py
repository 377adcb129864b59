"""What an event says, and the part of it that a target gets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from archtui.services.eventbridge.properties import EventBusProperties, RuleTarget
from archtui.trace.interface import Arrival
from archtui.trace.message import Message

Event = Mapping[str, JsonValue]
SCHEDULED: Event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
"""What a rule's schedule sends (EventBridge User Guide, "Creating a rule that runs on a schedule")."""


def events_in(arrival: Arrival, properties: EventBusProperties) -> Iterator[Event]:
    """Yield the events of a call: what the message itself says, else what the design says of its sender."""
    said = said_in(arrival.message)
    if said is not None:
        yield said
        return
    for put in properties.events:
        if put.sender == arrival.sender.component:
            yield {"source": put.source, "detail-type": put.detail_type, "detail": dict(put.detail)}


def said_in(message: Message) -> Event | None:
    """Return the event in a message; None: it holds none."""
    found = json.loads(message.body) if message.body else None
    return found if isinstance(found, dict) else None


def given_to(target: RuleTarget, event: Event) -> JsonValue:
    """Return what a target gets (EventBridge User Guide, "Amazon EventBridge input transformation")."""
    if target.input is not None:
        return target.input
    found: JsonValue = dict(event)
    for key in target.input_path.removeprefix("$").strip(".").split("."):
        if key:
            found = found.get(key) if isinstance(found, dict) else None
    return found


def name_of(event: Event) -> str:
    """Return what to call an event."""
    return str(event.get("detail-type") or event.get("source") or "event")
