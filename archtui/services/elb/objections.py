"""What an Application Load Balancer refuses of a request before it looks for a rule.

Source: ALB guide, 'Troubleshoot your Application Load Balancers', 'Desync mitigation mode' and 'Classification
reasons'; quotas of Application Load Balancers, 'HTTP headers'. A trace knows a request's line, headers and the body's
length as far as a header states it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from archtui.services.elb.properties import ApplicationLoadBalancerProperties
from archtui.trace import codes
from archtui.trace.interface import Origin
from archtui.trace.message import Http

MOST_ADDRESSES = 30
"""Addresses that X-Forwarded-For may have."""
LINE_BYTES = 16 * 1024
"""Bytes a request line may have, and a single header."""
HEADERS_BYTES = 64 * 1024
"""Bytes all headers may have together."""
_ENCODINGS = ("chunked", "identity")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
Threat = Literal["compliant", "acceptable", "ambiguous", "severe"]


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a request is refused, with the status its sender gets."""

    status: int
    code: str
    text: str
    path: tuple[str | int, ...] = ()
    """The setting of the balancer that decides, where one does."""


def objection_to(
    http: Http, settings: ApplicationLoadBalancerProperties, client: Origin | None, *, secure: bool
) -> Objection | None:
    """Return why the balancer refuses the request; None: it looks for a rule."""
    return next(_objections(http, settings, client, secure=secure), None)


def _objections(
    http: Http, settings: ApplicationLoadBalancerProperties, client: Origin | None, *, secure: bool
) -> Iterator[Objection]:
    if http.version == "2" and not secure:
        text = "it speaks HTTP/2 on a listener without TLS, where HTTP/1.1 is spoken: HTTP 505"
        yield Objection(505, codes.ELBV2_HTTP_VERSION, text)
    line = len(f"{http.method} {http.path}{'?' + http.query if http.query else ''} HTTP/1.1".encode())
    if line > LINE_BYTES:
        text = f"its request line has {line} bytes, more than {LINE_BYTES // 1024} K: HTTP 414"
        yield Objection(414, codes.ELBV2_URI_TOO_LONG, text)
    yield from _headers_too_large(http)
    if http.method == "TRACE":
        yield Objection(405, codes.ELBV2_METHOD_NOT_ALLOWED, "it uses the method TRACE: HTTP 405")
    encoding = http.header("Transfer-Encoding")
    if encoding is not None and any(part.strip().lower() not in _ENCODINGS for part in encoding.split(",")):
        text = f"its Transfer-Encoding is {encoding}, not one of {', '.join(_ENCODINGS)}: HTTP 501"
        yield Objection(501, codes.ELBV2_TRANSFER_ENCODING, text)
    addresses = [part for part in (http.header("X-Forwarded-For") or "").split(",") if part.strip()]
    if len(addresses) > MOST_ADDRESSES:
        text = f"its X-Forwarded-For has {len(addresses)} addresses, more than {MOST_ADDRESSES}: HTTP 463"
        yield Objection(463, codes.ELBV2_TOO_MANY_FORWARDED, text)
    threat, reason = classified(http)
    if blocks(settings.desync, threat):
        text = f"it is {threat} by HTTP desync ({reason}) and the mitigation mode is {settings.desync}: HTTP 400"
        yield Objection(400, codes.ELBV2_DESYNC, text, ("desync",))
    if client is not None and client.pauses > settings.idle_timeout:
        text = (
            f"its sender is silent for {client.pauses:g} s, longer than the idle timeout of "
            f"{settings.idle_timeout:g} s: HTTP 408"
        )
        yield Objection(408, codes.ELBV2_REQUEST_TIMEOUT, text, ("idle_timeout",))


def _headers_too_large(http: Http) -> Iterator[Objection]:
    sizes = {name: len(f"{name}: {value}".encode()) for name, value in http.headers.items()}
    name = max(sizes, key=lambda each: sizes[each], default="")
    if name and sizes[name] > LINE_BYTES:
        text = f"its header {name} has {sizes[name]} bytes, more than {LINE_BYTES // 1024} K: HTTP 400"
        yield Objection(400, codes.ELBV2_HEADER_TOO_LARGE, text)
    if sum(sizes.values()) > HEADERS_BYTES:
        text = f"its headers have {sum(sizes.values())} bytes, more than {HEADERS_BYTES // 1024} K: HTTP 400"
        yield Objection(400, codes.ELBV2_HEADER_TOO_LARGE, text)


def classified(http: Http) -> tuple[Threat, str]:
    """Return how dangerous a request is by HTTP desync, and AWS's reason for it."""
    length = http.header("Content-Length")
    if not _TOKEN.fullmatch(http.method):
        return "severe", "BadMethod"
    if any(char in value for value in http.headers.values() for char in "\0\r"):
        return "severe", "BadHeader"
    if length is not None and not length.strip().isdigit():
        return "severe", "BadContentLength"
    if any(ord(char) < 32 or ord(char) == 127 for char in http.path + http.query):
        return "ambiguous", "AmbiguousUri"
    if any(not value.strip() for value in http.headers.values()):
        return "ambiguous", "EmptyHeader"
    encoding = http.header("Transfer-Encoding")
    if length is not None and encoding is not None:
        return "ambiguous", "BothTeClPresent"
    bodyless = http.method in ("GET", "HEAD")
    if bodyless and encoding is not None:
        return "ambiguous", "UndefinedTransferEncodingSemantics"
    if bodyless and length is not None and int(length) > 0:
        return "ambiguous", "UndefinedContentLengthSemantics"
    if bodyless and length is not None:
        return "acceptable", "GetHeadZeroContentLength"
    if " " in http.path or " " in http.query:
        return "acceptable", "SpaceInUri"
    if any(not text.isascii() or not text.isprintable() for pair in http.headers.items() for text in pair):
        return "acceptable", "NonCompliantHeader"
    return "compliant", ""


def blocks(mode: Literal["monitor", "defensive", "strictest"], threat: Threat) -> bool:
    """Whether the mitigation mode refuses a request of this class (ALB guide, 'Desync mitigation mode')."""
    return mode != "monitor" and (threat == "severe" or (mode == "strictest" and threat != "compliant"))


def version_spoken(http: Http, settings: ApplicationLoadBalancerProperties, *, secure: bool) -> str:
    """Return the version of HTTP on the client's connection: HTTP/2 by ALPN where both sides can (only with TLS)."""
    if not secure or not settings.http2:
        return "1.1"
    return http.version or "2"


def is_grpc(http: Http) -> bool:
    """Whether the request is a gRPC call."""
    return (http.header("Content-Type") or "").lower().startswith("application/grpc")


def unfit(http: Http, spoken: str, wanted: Literal["HTTP1", "HTTP2", "GRPC"]) -> str:
    """Say why a request does not fit the protocol version of a target group (464); empty: it does.

    Source: ALB guide, 'HTTP 464': HTTP/1.1 to a group of gRPC or HTTP/2, gRPC to one of HTTP/1.1, HTTP/2 that is no
    POST to one of gRPC.
    """
    if wanted == "HTTP1":
        return "it is a gRPC call, and the group speaks HTTP/1.1" if is_grpc(http) else ""
    if spoken != "2":
        return f"it comes by HTTP/{spoken}, and the group speaks {'gRPC' if wanted == 'GRPC' else 'HTTP/2'}"
    if wanted == "GRPC" and http.method != "POST":
        return f"it is a {http.method}, and the group speaks gRPC, which is POST alone"
    return ""


def is_upgrade(http: Http) -> bool:
    """Whether the request asks for a WebSocket (RFC 6455)."""
    return (http.header("Upgrade") or "").lower() == "websocket"


__all__ = ["Objection", "blocks", "classified", "is_grpc", "is_upgrade", "objection_to", "unfit", "version_spoken"]
