"""What a component makes of a message that has come to it: its own steps, its answer, the calls it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from archtui.model.component import Component, Dependency
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint, Message
from archtui.world.steps import Hop, Step

Outcome: TypeAlias = Literal["", "failure", "success"]
"""When a call is made that hangs on what came before it."""
Bond: TypeAlias = Dependency | Literal["after"]
"""How a caller hangs on a call: it fails without it, degrades without it, or does not wait for it at all: what it
sets off comes after its answer (an event, a message taken from a queue)."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that has come to a component."""

    component: Component
    at: Endpoint
    """The interface it came to, with its private address."""
    sender: Endpoint
    """Who opened the connection, with the source address that arrives."""
    origin: Endpoint
    """Who first sent the request, before any balancer."""
    message: Message
    trail: tuple[str, ...] = ()
    """The components the request has come through, so that links in a circle end."""
    country: str | None = None
    """The country of who first sent the request; None: not known."""


@dataclass(frozen=True, slots=True)
class Passing:
    """What those that a connection goes through, packet by packet, make of what is in it."""

    message: Message
    """As the receiver gets it."""
    hops: tuple[Hop, ...] = ()
    stops: bool = False
    """Whether the receiver gets nothing, because one of them ends the connection."""
    missing: tuple[str, ...] = ()
    deadlines: tuple[tuple[Component, Deadline], ...] = ()
    """How long each of them keeps the connection while nothing comes."""


@dataclass(frozen=True, slots=True)
class Way:
    """One of the things a call may do: a new connection to one target."""

    weight: float
    label: str
    source: Endpoint
    target: str | Endpoint | None
    """An endpoint, or what has to be resolved first: a component id or a host name; None: it ends here,
    and the hops say why."""
    message: Message
    hops: tuple[Hop, ...] = ()
    """The steps that chose this way and made the new connection."""
    status: int | None = None
    """The HTTP status given where the way ends here."""
    missing: tuple[str, ...] = ()
    cached: bool = False
    """Whether it ends here because a cache answers in the place of what is behind it."""
    internal: str = ""
    """Where AWS itself carries the call to the component ``target``, outside the customer's networks: the sentence
    that says so, as in 'API Gateway invokes the function by the Lambda API'. No packet is traced then."""
    reception: Reception | None = None
    """With ``target`` None: what the component itself makes of this way (a cache's hit or miss, a version of a
    function, a state of a workflow); it may make calls of its own."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a component does next: exactly one of ``ways`` (weights sum to 1)."""

    label: str
    ways: tuple[Way, ...]
    dependency: Bond = "hard"
    relays: bool = False
    """Whether the answer's status is passed on to the sender (a proxy)."""
    refused_status: int | None = 500
    """The status the sender gets where the target refuses the connection."""
    timeout_status: int | None = 500
    """The status the sender gets where the target does not answer."""
    delay: Latency | None = None
    """For what comes ``after``: how long until it begins, and on what that rests."""
    otherwise: Otherwise | None = None
    """What follows where it does not succeed: a dead-letter queue."""
    instead: tuple[tuple[int, int], ...] = ()
    """For a relay: statuses of the target that it does not pass on, each with the one it gives instead."""
    on: Outcome = ""
    """It is made only where what it hangs on has failed, or only where that has succeeded; empty: always."""
    of: str = ""
    """The label of the call before it that it hangs on by ``on``; empty: the reception with all that it waits for."""
    deadlines: tuple[Deadline, ...] = ()
    """How long the caller waits: the shortest that the stated work of the target and of all that it asks exceeds ends
    the call."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long a caller waits for an answer, and how it ends then."""

    seconds: float
    status: int | None
    """The HTTP status its own caller gets."""
    step: Step
    """The denial; how long the answer takes is put in front of its message."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What becomes of a call that has failed in every try."""

    call: Call
    attempts: int = 1
    """How often it is tried; the tries are taken to be independent."""


@dataclass(frozen=True, slots=True)
class Reception:
    """What a component makes of an arrival.

    A step with the action DENY ends the request here, a step UNKNOWN leaves it open. The calls are
    made in their order.
    """

    hops: tuple[Hop, ...]
    """The component's own hop first, then those of its parts (rule, target group)."""
    calls: tuple[Call, ...] = ()
    status: int | None = None
    """The HTTP status it answers by itself."""
    redirect: str = ""
    """The URL it sends the client to."""
    refused: bool = False
    """Whether the connection is refused (a reset, not silence)."""
    missing: tuple[str, ...] = ()
    takes: Latency | None = None
    """How long the component works on it, what it calls not counted."""
