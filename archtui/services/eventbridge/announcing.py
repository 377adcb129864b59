"""What AWS services tell the default event bus of their region."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pydantic import JsonValue

from archtui.model.component import Component
from archtui.services.eventbridge.properties import EventBusProperties
from archtui.services.events import EVENT, carried
from archtui.services.lookups import each
from archtui.services.regional import region_of
from archtui.trace.interface import Call, Walk
from archtui.world.steps import RuleRef


def announced(
    sender: Component,
    source: str,
    detail_type: str,
    detail: Mapping[str, JsonValue],
    rule: RuleRef,
    walk: Walk,
) -> Iterator[Call]:
    """Yield the call by which ``sender`` tells the default bus of its region; none where the design has no such bus.

    Source: EventBridge User Guide, "Events from AWS services"; fact eventbridge-default-01.
    """
    for bus, properties in each(walk.world, EventBusProperties):
        if properties.default and region_of(bus, walk.world) == region_of(sender, walk.world):
            event = {"source": source, "detail-type": detail_type, "detail": dict(detail)}
            text = f"{sender.id} tells the default event bus {bus.id}: {detail_type}."
            yield carried(sender, bus.id, text, walk, message=replace(EVENT, body=json.dumps(event)), rule=rule)
