"""The headers a balancer adds to a request before a target gets it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from archtui.services.elb.properties import ApplicationLoadBalancerProperties
from archtui.trace.interface import Arrival
from archtui.trace.message import Message

_VALID_NAME = re.compile(r"[A-Za-z0-9-]+")
_TRACE = "X-Amzn-Trace-Id"
_TIME_AND_ID = "1-{time}-{id}"
"""The form of a trace id; AWS puts the time and 96 random bits (ALB guide, 'Request tracing')."""


def passed_on(arrival: Arrival, port: int, *, secure: bool) -> Message:
    """Return the request as a target gets it on ``port``, with the headers every balancer adds (fact alb-xff-01)."""
    return _with_headers(arrival, port, _forwarded(arrival, "append", with_port=False), secure=secure)


def passed_on_by(
    arrival: Arrival,
    port: int,
    settings: ApplicationLoadBalancerProperties,
    further: Mapping[str, str],
    *,
    secure: bool,
) -> Message:
    """Return the request as a target of an Application Load Balancer gets it; ``further`` are headers of the
    action that decided (ALB guide, 'HTTP headers', 'Request tracing', 'Load balancer attributes')."""
    http = arrival.message.http
    if http is None:
        return arrival.message.to_port(port)
    added = _forwarded(arrival, settings.forwarded_for, with_port=settings.forwarded_port)
    added[_TRACE] = _traced(http.header(_TRACE))
    message = _with_headers(arrival, port, {**added, **further}, secure=secure)
    if message.http is None:
        return message
    gone = {"x-forwarded-for"} if settings.forwarded_for == "remove" else set()
    headers = {
        name: value
        for name, value in message.http.headers.items()
        if name.lower() not in gone and not (settings.drop_invalid_headers and not _VALID_NAME.fullmatch(name))
    }
    return replace(message, http=replace(message.http, headers=headers))


def _forwarded(arrival: Arrival, mode: Literal["append", "preserve", "remove"], *, with_port: bool) -> dict[str, str]:
    http = arrival.message.http
    if http is None:
        return {}
    sender, before = arrival.sender.address, http.header("X-Forwarded-For")
    if with_port and arrival.message.source_port is not None:
        sender = f"{sender}:{arrival.message.source_port}"
    added = {"X-Forwarded-Proto": http.scheme, "X-Forwarded-Port": str(arrival.message.port)}
    if mode == "append":
        added = {"X-Forwarded-For": f"{before}, {sender}" if before else sender} | added
    return added


def _traced(given: str | None) -> str:
    """Return the trace id: made where there is none, else with a field of the balancer's own put in front."""
    if not given:
        return f"Root={_TIME_AND_ID}"
    fields = [part for part in given.split(";") if part and not part.startswith("Self=")]
    root = [] if any(part.startswith("Root=") for part in fields) else [f"Root={_TIME_AND_ID}"]
    return ";".join([f"Self={_TIME_AND_ID}", *root, *fields])


def _with_headers(arrival: Arrival, port: int, added: Mapping[str, str], *, secure: bool) -> Message:
    http = arrival.message.http
    if http is None:
        return arrival.message.to_port(port)
    taken = {name.lower() for name in added}
    kept = {name: value for name, value in http.headers.items() if name.lower() not in taken}
    scheme: Literal["http", "https"] = "https" if secure else "http"
    return replace(arrival.message.to_port(port), http=replace(http, scheme=scheme, headers={**kept, **added}))
