"""Reading event buses from ``aws events list-event-buses`` and ``list-rules``.

The targets of a rule ``list-targets-by-rule`` gives without the rule's name; they are read where the input puts them
into a list that names it: ``RuleTargets: [{Rule, EventBusName, Targets}]``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from archtui.formats.describe import Data, Described, Describes, Inventory, Record, given, items, need, number, text
from archtui.model.component import Json
from archtui.services.arns import named, outside

_DEFAULT = "default"


class DescribesEventBus(Describes):
    """A bus with its rules; rules alone tell of their bus too."""

    keys = ("EventBuses", "Rules")
    details = ("RuleTargets",)

    def claims(self, record: Record) -> bool:
        rule = "EventPattern" in record.data or "ScheduleExpression" in record.data
        return record.key == "EventBuses" or (record.key == "Rules" and rule)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        of_bus = record.key == "EventBuses"
        bus = need(data, "Name") if of_bus else text(data, "EventBusName", _DEFAULT).rpartition("/")[2]
        beyond: dict[str, str] = {}
        rules: list[Json] = []
        notes: list[str] = []
        for row in inventory.of("Rules"):
            mine = text(row.data, "EventBusName", _DEFAULT).rpartition("/")[2] == bus
            if self.claims(row) and mine and (row.account, row.region) == (record.account, record.region):
                targets = _targets(need(row.data, "Name"), bus, inventory, beyond)
                if not targets:
                    notes.append(f"the targets of {text(row.data, 'Name')} are not in the input (RuleTargets)")
                rules.append(_rule(row.data, targets))
        properties = given(
            default=True if bus == _DEFAULT else None,
            policy=text(data, "Policy") if of_bus else None,
            region=record.region,
        )
        found: dict[str, Json] = {**properties, "rules": rules}
        yield Described(bus, found, notes=tuple(notes), outside=beyond, local=True, weight=int(of_bus))


def _rule(data: Data, targets: list[Json]) -> Json:
    pattern = _object(text(data, "EventPattern"))
    found = given(
        name=text(data, "Name"),
        schedule=text(data, "ScheduleExpression"),
        enabled=False if text(data, "State") == "DISABLED" else None,
    )
    return {**found, **({"pattern": pattern} if pattern else {}), "targets": targets}


def _targets(rule: str, bus: str, inventory: Inventory, beyond: dict[str, str]) -> list[Json]:
    found: list[Json] = []
    for record in inventory.of("RuleTargets"):
        data = record.data
        if text(data, "Rule") != rule or text(data, "EventBusName", _DEFAULT).rpartition("/")[2] != bus:
            continue
        for item in items(data, "Targets"):
            to, dead = named(text(item, "Arn")), text(item, "DeadLetterConfig.Arn")
            beyond |= outside((to,), "target of a rule") | outside((named(dead),), "queue")
            target = given(
                to=to,
                dead_letter=named(dead) if dead else None,
                retries=number(item, "RetryPolicy.MaximumRetryAttempts"),
                event_age=number(item, "RetryPolicy.MaximumEventAgeInSeconds"),
                input_path=text(item, "InputPath"),
            )
            stated = text(item, "Input")
            if stated:
                target["input"] = _json(stated)
            found.append(target)
    return found


def _object(written: str) -> dict[str, Json]:
    found = _json(written or "{}")
    return found if isinstance(found, dict) else {}


def _json(written: str) -> Json:
    try:
        found: Json = json.loads(written)
    except ValueError:
        return written
    return found
