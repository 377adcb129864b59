"""Reading web ACLs from ``aws wafv2 get-web-acl`` with its associations from ``list-resources-for-web-acl``."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    arn_name,
    given,
    items,
    listed,
    need,
    number,
    text,
    texts,
)
from archtui.model.component import Json


class DescribesWebAcl(Describes):
    """``get-web-acl`` (key ``WebACL``); ``ResourceArns`` beside it names what it protects."""

    keys = ("WebACL",)
    details = ("ResourceArns",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        protects = [arn_name(arn) for arn in texts(data, "ResourceArns")]
        rules: list[Json] = []
        notes: list[str] = []
        for item in items(data, "Rules"):
            rule, unread = _rule(item)
            rules.append(rule)
            if unread:
                notes.append(f"rule {text(item, 'Name')}: the statement {unread} is not read, it is taken as unknown")
        properties = given(
            default_action="block" if "Block" in _part(data, "DefaultAction") else None,
            rules=rules or None,
            protects=listed(protects) if protects else None,
            region=record.region,
        )
        yield Described(need(data, "Name"), properties, notes=tuple(notes), outside=dict.fromkeys(protects, "resource"))


def _part(data: Data, key: str) -> Data:
    found = data.get(key)
    return found if isinstance(found, dict) else {}


def _rule(item: Data) -> tuple[dict[str, Json], str]:
    """Return a rule, and the name of its statement where that is not read."""
    statement = _part(item, "Statement")
    action = next(iter(_part(item, "Action")), "").lower() or "block"
    if "Count" in _part(item, "OverrideAction"):
        action = "count"
    rule: dict[str, Json] = {"priority": number(item, "Priority") or 0, "name": text(item, "Name"), "action": action}
    geo, managed = _part(statement, "GeoMatchStatement"), _part(statement, "ManagedRuleGroupStatement")
    rate = _part(statement, "RateBasedStatement")
    if geo:
        rule["countries"] = listed(texts(geo, "CountryCodes"))
    elif managed:
        rule["managed"] = text(managed, "Name")
    elif rate:
        rule |= given(rate=number(rate, "Limit"), window=number(rate, "EvaluationWindowSec"))
    elif "SqliMatchStatement" in statement or "XssMatchStatement" in statement:
        rule["attack"] = "sqli" if "SqliMatchStatement" in statement else "xss"
    else:
        rule |= {"managed": next(iter(statement), "a statement"), "matches": "unknown"}
        return rule, next(iter(statement), "")
    return rule, ""
