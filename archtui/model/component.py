"""The parts of a blueprint: components, links, journeys, suppressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from archtui.model.fields import Duration, Part, Percent, Port, Properties
from archtui.model.kinds import FoundReference, Kind

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""Plain data as YAML and JSON hold it."""

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
"""A component id; a colon marks the components that the compiler adds (``main:default-nacl``)."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A property of ``source`` that names ``target``."""

    source: str
    target: str
    role: str
    path: tuple[str | int, ...]


@dataclass(frozen=True, eq=False)
class Component:
    """A thing in the design: an id, a kind and checked properties.

    Components never change; an edit makes a new object for what it touches and keeps the others, so
    identity tells what an edit changed.
    """

    id: str
    kind: Kind
    properties: Properties
    raw: Mapping[str, Json] = field(repr=False, default_factory=dict)
    """The properties as written, without defaults."""
    implicit: bool = False
    """Added by the compiler because AWS would have it (a default VPC, a main route table)."""

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every reference to another component, in order of the properties."""
        return tuple(Edge(self.id, found.target, found.reference.role, found.path) for found in self.references)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """The components it names, once each, in order of the properties."""
        return tuple(dict.fromkeys(found.target for found in self.references))

    @cached_property
    def references(self) -> tuple[FoundReference, ...]:
        """Every reference to another component, with what its field admits."""
        return self.kind.references(self.properties)


Dependency = Literal["hard", "soft"]


class Link(Part):
    """An edge AWS does not configure: which application talks to which."""

    source: str = Field(alias="from")
    """The component that opens the connection."""
    target: str = Field(alias="to")
    """The component it talks to."""
    port: Port | None = None
    """The port it talks to; left out: the target's own port, where its kind has one."""
    protocol: Literal["tcp", "udp"] = "tcp"
    """The transport protocol."""
    dependency: Dependency = "hard"
    """``hard``: the caller fails without it; ``soft``: the caller degrades."""
    action: str = ""
    """What the caller asks of the target, as IAM names it (``s3:GetObject``, ``sqs:ReceiveMessage``), of a database
    ``read``, ``consistent_read`` or ``write``, of a broker ``read``; left out: the usual one of the target's kind."""
    timeout: Annotated[Duration, Field(gt=0)] | None = None
    """Seconds the caller waits for an answer; left out: as long as it takes."""
    retries: Annotated[int, Field(ge=0)] = 0
    """How often the caller asks again where there is no answer."""
    backoff: bool = False
    """Whether it waits before it asks again, longer each time."""
    volume: Annotated[float, Field(ge=0)] | None = None
    """GB a month that go over it; left out: not stated."""
    description: str = ""
    """What the link is for."""


class Journey(Part):
    """A named request that the design exists for, and what is expected of it."""

    name: str
    """A sentence that says what the user does."""
    source: str = Field(alias="from")
    """Who asks: a component id, an IP address or ``internet``."""
    request: str | None = None
    """An HTTP request (``GET https://shop.example.com/``); its host is resolved by DNS."""
    to: str | None = None
    """Where it goes instead of a request: a component id, an address or a host name."""
    protocol: Literal["tcp", "udp", "icmp", "http", "https", "dns", "any"] | None = None
    """The protocol towards ``to``."""
    port: Port | None = None
    """The port towards ``to``."""
    reaches: str | None = None
    """The component the journey must get to."""
    blocked: bool = False
    """The journey must not get through."""
    because: tuple[str, ...] = ()
    """Reason codes that must be among those that block it."""
    source_ip: str | None = None
    """The address the request comes from, where it matters."""
    country: str | None = None
    """The country the request comes from, where it matters."""
    headers: Mapping[str, str] = Field(default_factory=dict)
    """Headers of the request, where they matter (``Authorization``)."""
    http_version: Literal["1.0", "1.1", "2"] | None = None
    """The version of HTTP; left out: what both sides can."""
    slo: Percent | None = None
    """The availability promised for it."""
    rto: Duration | None = None
    """The longest it may be down after a failure, in seconds."""
    rpo: Duration | None = None
    """The most data it may lose in a failure, in seconds."""
    description: str = ""
    """What the journey is for."""

    @model_validator(mode="after")
    def _one_target_one_expectation(self) -> Journey:
        if (self.request is None) == (self.to is None):
            raise ValueError("a journey goes to one place; give either request or to")
        if (self.reaches is None) != self.blocked:
            raise ValueError("a journey expects one thing; give either reaches: ID or blocked: true")
        return self

    @property
    def expect(self) -> str:
        """``blocked`` or ``reaches ID``."""
        return "blocked" if self.blocked else f"reaches {self.reaches}"


class Suppression(Part):
    """A finding that the owner has judged: not shown as a failure, with the reason on record."""

    rule: str
    """The rule's id."""
    components: tuple[str, ...] = ()
    """The components it is suppressed for; none: everywhere."""
    reason: str = Field(min_length=8)
    """Why this is right here; eight characters at least."""
