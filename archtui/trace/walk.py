"""The walker as a service sees it, and what comes back from the packets and probes it sends."""

from __future__ import annotations

import abc
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from archtui.trace.message import Endpoint, Message
from archtui.trace.naming import Question, Resolution
from archtui.world.condition import Condition
from archtui.world.steps import Blocker, Hop, Verdict
from archtui.world.world import World

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leg:
    """A packet's way from one endpoint to another and its reply's way back."""

    forward: tuple[Hop, ...]
    back: tuple[Hop, ...]
    verdict: Verdict
    missing: tuple[str, ...] = ()
    received: Endpoint | None = None
    """The destination as the receiver sees it (its own interface, after translation)."""
    seen_source: str = ""
    """The source address that the receiver sees (after source translation)."""
    branches: tuple[tuple[str, Leg], ...] = ()
    """All ways with their labels, in equal shares, where the network itself chooses (a Network Load
    Balancer's targets); the leg itself is then one of them."""
    received_port: int | None = None
    """The destination port as the receiver sees it; None: as it was sent."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a health check found out."""

    verdict: Verdict
    status: int | None
    blockers: tuple[Blocker, ...]
    missing: tuple[str, ...] = ()
    seconds: float = 0.0
    """How long the components on its way work until the answer comes."""


class Walk(abc.ABC):
    """The walker as a service sees it: a world under a condition, and what may be asked of both."""

    world: World
    condition: Condition
    """What is broken, without the components for which another part has taken over."""

    @abc.abstractmethod
    def interfaces(self, component: str) -> tuple[Endpoint, ...]:
        """Return the interfaces of ``component`` with their private addresses, the primary first."""

    @abc.abstractmethod
    def public_address(self, endpoint: Endpoint) -> str:
        """Return the public address that stands for an interface; empty: none."""

    @abc.abstractmethod
    def over_ipv6(self, end: Endpoint, *, public: bool) -> Endpoint | None:
        """Return ``end`` with the IPv6 address of its interface, the one that the internet knows where ``public``;
        None: it has none."""

    @abc.abstractmethod
    def owner(self, address: str, near: Endpoint) -> Endpoint:
        """Return whose ``address`` is, seen from ``near``.

        Private addresses may be in use in several VPCs: its own VPC's holder goes first, between those of
        others none is chosen (the endpoint is then an outsider's).
        """

    @abc.abstractmethod
    def packet(self, source: Endpoint, target: Endpoint, message: Message) -> Leg:
        """Trace a packet and its reply."""

    @abc.abstractmethod
    def probe(self, source: Endpoint, target: str | Endpoint, message: Message) -> Probe:
        """Send a health check."""

    @abc.abstractmethod
    def resolve(self, question: Question) -> Resolution:
        """Resolve a name as the asker's resolver does."""

    @abc.abstractmethod
    def is_down(self, component: str) -> bool:
        """Whether ``component`` does not work under the condition and nothing stands in for it."""

    @abc.abstractmethod
    def is_stood_in(self, component: str) -> bool:
        """Whether ``component`` is down and another part has taken over for it."""

    @abc.abstractmethod
    def acts(self, mechanism: str) -> bool:
        """Whether the mechanism ``NAME:COMPONENT`` has taken effect (see the module's text)."""

    @abc.abstractmethod
    def perceived(self, mechanism: str) -> Walk:
        """Return the walk as ``mechanism`` knows it: this one if it has taken effect, otherwise the healthy one."""

    @property
    @abc.abstractmethod
    def healthy(self) -> Walk:
        """The walk of the world before anything broke."""

    @abc.abstractmethod
    def once(self, key: tuple[Hashable, ...], make: Callable[[], T], while_asking: T) -> T:
        """Return ``make()``, computed once for ``key`` under this walk's condition.

        ``key`` tells all that the answer hangs on besides.
        ``while_asking`` is the answer where ``make`` comes back to the same key (a health check of a
        name that depends on that health check); what rests on that is worked out anew each time.
        """

    @abc.abstractmethod
    def kept(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """Return ``make()``, computed once for ``key`` under this walk's condition, but anew while :meth:`once` asks:
        it may rest on a provisional answer then."""
