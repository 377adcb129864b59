"""What access points do with a request: they pass it on to their bucket, some by a function."""

from __future__ import annotations

from typing import Literal

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.events import API, accepted, carried, refused
from archtui.services.s3.properties import AccessPointProperties, ObjectLambdaProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Receives, Reception, Walk, hop


class _Point(Receives):
    def port(self, component: Component) -> int | None:
        return 443

    def scheme(self, component: Component, port: int) -> Literal["", "http", "https"]:
        return "https" if port == 443 else "http"


class AccessPointReceives(_Point):
    """An access point takes what its policy and its VPC allow; the bucket decides too.

    Source: S3 User Guide, 'Creating access points restricted to a virtual private cloud'.
    """

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        point = properties_as(component, AccessPointProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        sender = arrival.sender.component
        inside = walk.world.placement(sender).vpc if sender in walk.world.components else None
        if point.vpc is not None and inside != point.vpc:
            text = f"{component.id} takes requests from {point.vpc} alone."
            return Reception((hop(component, refused(component, codes.S3_ACCESS_POINT_VPC, text, "vpc")),), status=403)
        text = f"{component.id} passes the request on to {point.bucket}."
        call = carried(component, point.bucket, text, walk, message=arrival.message, bond="hard", relays=True)
        return Reception((hop(component, accepted(component, text, "bucket")),), (call,))


class ObjectLambdaReceives(_Point):
    """An Object Lambda access point reads the object and lets a function change it.

    Source: S3 User Guide, 'Transforming objects with S3 Object Lambda'.
    """

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        point = properties_as(component, ObjectLambdaProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        invoked = f"{component.id} invokes {point.function}, which reads the object and changes it."
        read = f"{component.id} reads the object from {point.access_point}."
        calls = (
            carried(component, point.function, invoked, walk, message=API, bond="hard"),
            carried(component, point.access_point, read, walk, message=arrival.message, bond="hard", relays=True),
        )
        return Reception((hop(component, accepted(component, invoked, "function")),), calls)
