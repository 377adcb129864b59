"""What stands before a function: who may call it, by which way, with how large a request."""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.events import refused
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.permissions import GuardedApi
from archtui.trace import codes
from archtui.trace.interface import Arrival, Reception, Walk, hop
from archtui.trace.message import Message
from archtui.world.steps import Step

INVOKE_ASYNC = "lambda:InvokeAsync"
"""The action of a link that calls a function without waiting for it (invocation type ``Event``)."""
SYNC_PAYLOAD = 6 * 1024 * 1024
"""Bytes a synchronous request or response may have (Lambda quotas, "Invocation payload")."""


class FunctionGuards(GuardedApi):
    """A service invokes a function only if its resource policy lets it; queues and streams need none, Lambda polls
    them with the function's own role (Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda")."""

    def __init__(self) -> None:
        super().__init__("arn:aws:lambda:{region}:{account}:function:{id}", "lambda:InvokeFunction")

    def actions(self, component: Component, message: Message) -> tuple[str, ...]:
        asked = super().actions(component, message)
        return ("lambda:InvokeFunction",) if asked == (INVOKE_ASYNC,) else asked

    def policy(self, component: Component) -> str:
        return properties_as(component, LambdaFunctionProperties).resource_policy


def url_host(component: Component, region: str) -> str:
    """Return the host of the function's URL, the function's id in the place of AWS's random one."""
    return f"{component.id}.lambda-url.{region}.on.aws".lower()


def by_url(arrival: Arrival) -> bool:
    """Whether the request came by the function URL."""
    http = arrival.message.http
    return http is not None and ".lambda-url." in http.host


def content_length(message: Message) -> int | None:
    """Return the bytes of the request's body, where a header states them."""
    value = message.http.header("Content-Length") if message.http else None
    return int(value) if value is not None and value.isdigit() else None


def refusal(arrival: Arrival, properties: LambdaFunctionProperties, walk: Walk) -> Reception | None:
    """Return how Lambda refuses the call before a function runs; None: it takes it."""
    component = arrival.component
    if walk.is_down(component.id):
        return _denied(component, refused(component, codes.BAD_STATE, f"{component.id} is down."))
    if by_url(arrival):
        http = arrival.message.http
        signed = http is not None and (http.header("Authorization") or "").startswith("AWS4-")
        if properties.url and properties.url.auth == "AWS_IAM" and not signed:
            text = f"The URL of {component.id} takes requests signed with IAM credentials alone: HTTP 403."
            return _denied(component, refused(component, codes.LAMBDA_ACCESS_DENIED, text, "url", "auth"), 403)
    size = content_length(arrival.message)
    if size is not None and size > SYNC_PAYLOAD:
        text = f"The request has {size} bytes, more than the 6 MB that a synchronous call may carry: HTTP 413."
        return _denied(component, refused(component, codes.LAMBDA_PAYLOAD_TOO_LARGE, text), 413)
    return None


def _denied(component: Component, step: Step, status: int | None = None) -> Reception:
    return Reception((hop(component, step),), status=status, refused=True)


__all__ = ["FunctionGuards", "by_url", "content_length", "refusal", "url_host"]
