"""Reading topics from ``aws sns list-topics``, ``get-topic-attributes``, ``list-subscriptions`` and
``get-subscription-attributes``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import get_args

from archtui.formats.describe import Data, Described, Describes, Inventory, Record, flag, given, need, text
from archtui.model.component import Json
from archtui.services.described import last_part, region_of_arn
from archtui.services.sns.properties import SubscriptionProtocol

_BY_NAME = ("sqs", "lambda", "firehose")
"""Protocols whose endpoint is the ARN of a component."""


class DescribesTopic(Describes):
    """``sns list-topics`` for the names, the others for what they are and whom they tell."""

    keys = ("Topics", "Attributes")
    details = ("Subscriptions",)

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and "TopicArn" in record.data

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        if "SubscriptionArn" in data:  # it says more of a subscription, which stands at its topic
            return
        arn = need(data, "TopicArn")
        told = [_subscription(item, inventory) for item in inventory.part(_by_topic).get(arn, ())]
        properties = given(
            fifo=(flag(data, "FifoTopic") or arn.endswith(".fifo")) or None,
            content_deduplication=flag(data, "ContentBasedDeduplication") or None,
            policy=text(data, "Policy"),
            region=region_of_arn(arn) or record.region,
        )
        if told:
            listed: list[Json] = list(told)
            properties["subscriptions"] = listed
        yield Described(last_part(arn), properties, local=True, weight=int(record.key == "Attributes"))


def _by_topic(inventory: Inventory) -> Mapping[str, tuple[Data, ...]]:
    found: dict[str, list[Data]] = {}
    for record in inventory.of("Subscriptions"):
        found.setdefault(text(record.data, "TopicArn"), []).append(record.data)
    return {arn: tuple(rows) for arn, rows in found.items()}


def _details(inventory: Inventory) -> Mapping[str, Data]:
    rows = (record.data for record in inventory.of("Attributes"))
    return {text(row, "SubscriptionArn"): row for row in rows if text(row, "SubscriptionArn")}


def _subscription(data: Data, inventory: Inventory) -> Json:
    protocol, endpoint = text(data, "Protocol"), text(data, "Endpoint")
    if protocol == "email-json":
        protocol = "email"
    more = inventory.part(_details).get(text(data, "SubscriptionArn"), {})
    dead = _object(text(more, "RedrivePolicy")).get("deadLetterTargetArn")
    found = given(
        to=_function_or_name(endpoint) if protocol in _BY_NAME else endpoint,
        protocol=protocol if protocol in get_args(SubscriptionProtocol) else None,
        raw=flag(more, "RawMessageDelivery") or None,
        filter_scope=text(more, "FilterPolicyScope"),
        dead_letter=last_part(dead) if isinstance(dead, str) else None,
    )
    policy = _object(text(more, "FilterPolicy"))
    return {**found, "filter": policy} if policy else found


def _function_or_name(arn: str) -> str:
    """Return the name in an ARN; that of a function may be followed by an alias."""
    parts = arn.split(":")
    return parts[6] if len(parts) > 7 and parts[2] == "lambda" else last_part(arn)


def _object(written: str) -> dict[str, Json]:
    try:
        found = json.loads(written or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


__all__ = ["DescribesTopic"]
