"""What a bucket does with a request: it gives an object, or takes one and tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from pydantic import JsonValue

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.eventbridge.announcing import announced
from archtui.services.events import EVENT, accepted, carried, elsewhere, refused, refused_to
from archtui.services.s3.objects import answered
from archtui.services.s3.properties import ONE_ZONE, Notification, S3BucketProperties
from archtui.services.sns.properties import SnsTopicProperties
from archtui.services.sqs.properties import SqsQueueProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint, Message
from archtui.world.steps import RuleRef
from archtui.world.world import zone_name

CREATED, REMOVED = "s3:ObjectCreated:Put", "s3:ObjectRemoved:Delete"


class BucketReceives(Receives):
    """A bucket answers requests for objects; a new object is an event."""

    def port(self, component: Component) -> int | None:
        return 443

    def scheme(self, component: Component, port: int) -> Literal["", "http", "https"]:
        return "https" if port == 443 else "http"

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, message = arrival.component, arrival.message
        properties = properties_as(component, S3BucketProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        if walk.condition.zone_down(_zone(component, properties, walk)):
            text = (
                f"The zone of {component.id} is lost, and {properties.storage_class} keeps objects in one zone alone."
            )
            return Reception((hop(component, refused(component, codes.BAD_STATE, text, "storage_class")),), status=503)
        if message.http is not None and message.purpose != "health_check" and not message.action:
            special = answered(component, properties, message.http)
            if special is not None:
                return special
        event = event_of(message)
        what = {CREATED: "stores the object", REMOVED: "removes the object"}.get(event, "gives the object")
        step = accepted(component, f"{component.id} {what}.")
        told = tuple(_told(component, properties, event, message, walk)) if event else ()
        told = (*told, *_announced(component, properties, event, message, walk))
        copied = tuple(_copied(component, properties, message, walk)) if event == CREATED else ()
        return Reception((hop(component, step),), (*told, *copied), 200)


def _zone(component: Component, properties: S3BucketProperties, walk: Walk) -> str:
    if properties.storage_class not in ONE_ZONE or properties.az is None:
        return ""
    return zone_name(properties.az, walk.world.placement(component.id).region)


REPLICATION_S = 900.0
"""Seconds in which nearly all objects are copied: 99.99 % within 15 minutes with replication time control, most
without it (S3 User Guide, 'Meeting compliance requirements with S3 Replication Time Control')."""


def _copied(bucket: Component, properties: S3BucketProperties, message: Message, walk: Walk) -> Iterator[Call]:
    """Yield the copies that replication makes; both buckets need versioning (S3 User Guide, 'Requirements and
    considerations for replication')."""
    name = message.http.path.lstrip("/") if message.http else ""
    for index, rule in enumerate(properties.replication):
        if name and not name.startswith(rule.prefix):
            continue
        target = walk.world.components[rule.to]
        ref = RuleRef(bucket.id, f"replication to {rule.to}", ("replication", index))
        if not (properties.versioning and properties_as(target, S3BucketProperties).versioning):
            text = f"Replication from {bucket.id} to {rule.to} needs versioning on both buckets."
            step = refused(bucket, codes.S3_REPLICATION_WITHOUT_VERSIONING, text, "versioning")
            way = Way(1.0, rule.to, Endpoint(bucket.id), None, EVENT, (hop(bucket, step),))
            yield Call(f"{bucket.id} > {rule.to}", (way,), "after")
            continue
        sure = "99.99 % of the objects" if rule.time_control else "most objects"
        delay = Latency(bucket.id, REPLICATION_S * 1000, f"{sure} are copied within 15 minutes")
        text = f"S3 copies the object from {bucket.id} to {rule.to}: {sure} within 15 minutes."
        sent = replace(EVENT, action="s3:ReplicateObject")
        yield carried(bucket, rule.to, text, walk, message=sent, rule=ref, delay=delay)


def event_of(message: Message) -> str:
    """Return the event that a request is, as S3 names it; empty: it changes nothing."""
    if message.purpose == "health_check":
        return ""
    method = message.http.method if message.http else "GET"
    if message.action in ("s3:PutObject", "s3:*") or (not message.action and method in ("PUT", "POST")):
        return CREATED
    return REMOVED if message.action == "s3:DeleteObject" or (not message.action and method == "DELETE") else ""


def _told(
    bucket: Component, properties: S3BucketProperties, event: str, message: Message, walk: Walk
) -> Iterator[Call]:
    name = message.http.path.lstrip("/") if message.http else ""
    for index, notification in enumerate(properties.notifications):
        if any(_matches(pattern, event) for pattern in notification.events) and _names(notification, name):
            text = f"{bucket.id} tells {notification.to} of the event {event}."
            rule = RuleRef(bucket.id, f"notification to {notification.to}", ("notifications", index))
            unfit = _unfit(bucket, notification.to, walk)
            if unfit:
                yield refused_to(bucket, notification.to, unfit, rule)
            else:
                yield carried(bucket, notification.to, text, walk, rule=rule)


def _unfit(bucket: Component, target: str, walk: Walk) -> str:
    """Say why S3 does not notify ``target`` (S3 User Guide, "Amazon S3 Event Notifications": supported destinations;
    "Configuring Amazon S3 Event Notifications": in the same Region as the bucket)."""
    receiver = walk.world.components[target].properties
    if isinstance(receiver, SqsQueueProperties | SnsTopicProperties) and receiver.fifo:
        return "S3 takes standard queues and topics alone, no FIFO ones"
    away = elsewhere(bucket, target, walk.world)
    return f"{away}; S3 notifies within the bucket's region alone" if away else ""


_KINDS_OF_EVENT = {CREATED: "Object Created", REMOVED: "Object Deleted"}


def _announced(
    bucket: Component, properties: S3BucketProperties, event: str, message: Message, walk: Walk
) -> Iterator[Call]:
    """Yield what the default event bus is told (S3 User Guide, "EventBridge event message structure")."""
    kind = _KINDS_OF_EVENT.get(event)
    if properties.eventbridge and kind is not None:
        key = message.http.path.lstrip("/") if message.http else ""
        detail: dict[str, JsonValue] = {"bucket": {"name": bucket.id}, **({"object": {"key": key}} if key else {})}
        rule = RuleRef(bucket.id, "EventBridge", ("eventbridge",))
        yield from announced(bucket, "aws.s3", kind, detail, rule, walk)


def _matches(pattern: str, event: str) -> bool:
    return event == pattern or (pattern.endswith("*") and event.startswith(pattern[:-1]))


def _names(notification: Notification, name: str) -> bool:
    """Whether the notification is for the object; a request that names none stands for any."""
    return not name or (name.startswith(notification.prefix) and name.endswith(notification.suffix))
