"""What a bucket does with a request: it gives an object, or takes one and tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.events import accepted, carried, refused
from archtui.services.s3.properties import Notification, S3BucketProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, hop
from archtui.trace.message import Message
from archtui.world.steps import RuleRef

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
        event = event_of(message)
        what = {CREATED: "stores the object", REMOVED: "removes the object"}.get(event, "gives the object")
        step = accepted(component, f"{component.id} {what}.")
        told = tuple(_told(component, properties, event, message, walk)) if event else ()
        return Reception((hop(component, step),), told, 200)


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
            yield carried(bucket, notification.to, text, walk, rule=rule)


def _matches(pattern: str, event: str) -> bool:
    return event == pattern or (pattern.endswith("*") and event.startswith(pattern[:-1]))


def _names(notification: Notification, name: str) -> bool:
    """Whether the notification is for the object; a request that names none stands for any."""
    return not name or (name.startswith(notification.prefix) and name.endswith(notification.suffix))
