"""What travels: messages, the requests in them, and the two ends of a connection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Literal

from archtui.model.component import Json

Identity = Literal["", "service", "stranger"]
"""``service``: the sender's service itself signs (an origin access control); ``stranger``: nobody signs."""
HttpVersion = Literal["", "1.0", "1.1", "2"]
Purpose = Literal["request", "health_check", "event"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a connection: a component and the address it uses for it."""

    component: str
    """A component id; ``internet`` for an address that is nobody's in the design."""
    address: str = ""
    """The IP address; empty where it is not known."""
    zone: str = ""
    """The availability zone in full (``eu-west-1a``); empty outside zones."""
    subnet: str = ""
    """The subnet of the interface that has the address; empty outside subnets."""
    interface: str = ""
    """The packet engine's id of that interface; empty outside the design."""
    serves: str = ""
    """The component that answers behind the address although it does not have it: an AWS service behind its public
    address or behind a VPC endpoint; empty: ``component`` itself."""

    def __str__(self) -> str:
        return f"{self.component} ({self.address})" if self.address else self.component


@dataclass(frozen=True, slots=True)
class Http:
    """An HTTP request as the component that receives it sees it."""

    method: str = "GET"
    scheme: Literal["http", "https"] = "http"
    host: str = ""
    path: str = "/"
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    version: HttpVersion = ""
    """The version of HTTP; empty: what both sides can."""

    @property
    def url(self) -> str:
        """The request's URL without its port."""
        return f"{self.scheme}://{self.host}{self.path}{'?' + self.query if self.query else ''}"

    def header(self, name: str) -> str | None:
        """Return the value of header ``name``, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies of the request by name."""
        pairs = (part.strip().partition("=") for part in (self.header("Cookie") or "").split(";"))
        return {name: value for name, _, value in pairs if name}


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent over one connection."""

    protocol: str
    """The transport: ``tcp``, ``udp``, ``icmp``, ``icmpv6``, ``all`` or a number."""
    port: int | None = None
    """The destination port; None for protocols without ports."""
    http: Http | None = None
    """The HTTP request, where one is sent."""
    source_port: int | None = None
    """The source port; None: an ephemeral one."""
    called: bool = False
    """Whether an application asks for something, beyond opening a connection (a link is followed)."""
    action: str = ""
    """What an AWS API is asked for, as IAM names it (``s3:GetObject``); empty: the usual one of the target's kind."""
    body: str = ""
    """What it says, as JSON, where that decides what follows (an event, the input of a workflow); empty: not stated."""
    identity: Identity = ""
    """As whom an AWS API is asked where that is this message's own matter; empty: as the sender always does."""
    purpose: Purpose = "request"
    """A health check asks the target alone: it does not go on to what the target depends on. Nobody waits for the
    answer to an event."""

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.http is not None and self.http.scheme == "https"

    @property
    def asks(self) -> bool:
        """Whether the receiver's application has work to do, which its own links are needed for."""
        return self.purpose != "health_check" and (self.called or self.http is not None)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells the message from others, for whoever keeps what became of it."""
        return (_told(self.http), *_BESIDES_HTTP(self))

    @property
    def text(self) -> str:
        """The message in a few words: ``GET https://shop.example.com/`` or ``tcp 5432``."""
        if self.http:
            return f"{self.http.method} {self.http.url}"
        return f"{self.protocol} {self.port}" if self.port is not None else self.protocol

    def to_port(self, port: int) -> Message:
        """Return the message sent to another port, from a port of the sender's choice."""
        return replace(self, port=port, source_port=None)

    def to_json(self) -> dict[str, Json]:
        """Return the message as the before and after of a step shows it."""
        shown: dict[str, Json] = {"protocol": self.protocol, "port": self.port}
        if self.http:
            http = self.http
            shown |= {"method": http.method, "scheme": http.scheme, "host": http.host, "path": http.path}
            if http.query:
                shown["query"] = http.query
            if http.version:
                shown["http_version"] = http.version
            if http.headers:
                shown["headers"] = dict(http.headers)
        if self.action:
            shown["action"] = self.action
        if self.body:
            shown["body"] = json.loads(self.body)
        return shown


_BESIDES_HTTP = attrgetter(*(field.name for field in fields(Message) if field.name != "http"))
_BESIDES_HEADERS = attrgetter(*(field.name for field in fields(Http) if field.name != "headers"))


def _told(http: Http | None) -> object:
    """Return an HTTP request as something that can be looked up."""
    return http and (tuple(http.headers.items()), *_BESIDES_HEADERS(http))
