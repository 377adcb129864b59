"""Properties of EventBridge event buses with their rules, named as the EventBridge API names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, JsonValue, model_validator

from archtui.model.fields import Duration, Part, Properties, Reference, Region
from archtui.services.permissions import PolicyText, RoleRef


class RuleTarget(Part):
    """What gets the events that a rule matches."""

    to: Annotated[str, Reference((), "targets")]
    """The function, queue, topic, stream, state machine or other bus."""
    dead_letter: Annotated[str, Reference(("sqs_queue",), "uses")] | None = None
    """The queue for events that could not be delivered."""
    retries: Annotated[int, Field(ge=0, le=185)] = 185
    """How often EventBridge tries again."""
    event_age: Annotated[Duration, Field(ge=60, le=86400)] = 86400.0
    """Seconds for which it tries; 24 hours at most."""
    input: JsonValue = None
    """What the target gets instead of the event; left out: the event."""
    input_path: str = ""
    """The part of the event that it gets: ``$.detail``; left out: all of it."""
    action: str = ""
    """What it is asked for, as IAM names it; left out: the usual one of the target's kind."""


class EventRule(Part):
    """Which events, or which times, and who gets them."""

    name: str
    """Its name."""
    pattern: Mapping[str, JsonValue] | None = None
    """What an event must look like: ``{source: [shop], detail: {total: [{numeric: [">", 100]}]}}``."""
    schedule: str = ""
    """When it fires instead: ``rate(5 minutes)`` or ``cron(0 3 * * ? *)``; on the default bus alone."""
    enabled: bool = True
    """Whether it is on."""
    targets: tuple[RuleTarget, ...] = ()
    """Its targets, at most 5."""

    @model_validator(mode="after")
    def _pattern_or_schedule(self) -> EventRule:
        if self.pattern is None and not self.schedule:
            raise ValueError("a rule needs to know when it fires; give a pattern or a schedule")
        return self


class PutEvent(Part):
    """An event that a component of the design puts on the bus, as far as it is stated."""

    sender: Annotated[str, Reference((), "uses")] = Field(alias="from")
    """Who puts it."""
    source: str
    """Its source: ``shop.orders``."""
    detail_type: str = ""
    """Its detail type: ``order placed``."""
    detail: Mapping[str, JsonValue] = Field(default_factory=dict)
    """What it says."""


class EventBusProperties(Properties):
    """A bus that matches events by rules and delivers them."""

    rules: tuple[EventRule, ...] = ()
    """Its rules."""
    events: tuple[PutEvent, ...] = ()
    """What those that are linked to the bus put on it; left out: not known."""
    default: bool = False
    """Whether it is its account's default bus in the region, which gets the events of AWS services."""
    accounts: tuple[str, ...] = ()
    """Other accounts that may put events, in short; not looked at where ``policy`` is written."""
    policy: PolicyText = ""
    """Its resource policy; left out: not stated, its own account and ``accounts`` may put events."""
    archive: Duration | None = None
    """Seconds for which events are kept for a replay; left out: no archive."""
    role: RoleRef | None = None
    """The role with which it calls targets."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""
    region: Region | None = None
    """The region; left out: the design's."""


__all__ = ["EventBusProperties", "EventRule", "PutEvent", "RuleTarget"]
