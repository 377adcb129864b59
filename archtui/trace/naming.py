"""What is asked about names and what comes back: a question, an authority's answer, what a resolver makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archtui.trace.message import Endpoint
from archtui.world.steps import Hop


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that a resolver has in its cache when the trace begins, or when the failure does."""

    name: str
    """Lower case, without the final dot."""
    values: tuple[str, ...]
    """The addresses; none: that the name is missing."""
    seconds: float
    """How much of its TTL is left."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an outsider is."""

    address: str
    country: str | None = None
    region: str | None = None
    subdivision: str = ""
    """The state within the country."""
    position: tuple[float, float] | None = None
    """Latitude and longitude in degrees."""
    latencies: Mapping[str, float] = field(default_factory=dict)
    """Seconds to regions, where the design states them."""
    asks_from: str = ""
    """The address that name servers see; empty: its own."""
    asks_from_country: str | None = None
    """The country of that address, where its resolver hides its own."""
    hidden: bool = False
    """Whether the resolver asks without saying for whom (no EDNS client subnet)."""
    validates: bool = True
    """Whether its resolver checks DNSSEC signatures."""
    resolver: str = ""
    """The component that it asks for names; empty: one that the design does not hold."""
    kept: tuple[Kept, ...] = ()
    """What its resolver has in its cache."""
    ipv6: str = ""
    """Its IPv6 address beside ``address``; empty: it has none. Without IPv4, ``address`` is one itself."""
    waits: float | None = None
    """Seconds it waits for an answer; None: as long as it takes."""
    pauses: float = 0.0
    """Seconds of silence within one request."""
    certificate: tuple[str, str] | None = None
    """The authority and the state of the certificate it shows to listeners that ask for one."""
    known: bool = False
    """Whether it is somebody of whom the design speaks: what is not said of it, it does not do."""


@dataclass(frozen=True, slots=True)
class Question:
    """A DNS question and who asks it."""

    name: str
    """Lower case, without the final dot."""
    asker: Endpoint
    country: str | None = None
    region: str | None = None
    """The region the asker is in or nearest to."""
    type: str = "A"
    origin: Origin | None = None
    """Where an asker outside AWS is, as far as the design says."""


@dataclass(frozen=True, slots=True)
class NameWay:
    """One answer among those a name may get, with its share of the answers.

    Exactly one of ``endpoint`` (an address: the end), ``name`` (a CNAME: ask again) and
    ``component`` (an alias: that component's own name answers) is given.
    """

    weight: float
    endpoint: Endpoint | None = None
    name: str = ""
    component: str = ""
    ttl: float | None = None
    hops: tuple[Hop, ...] = ()
    """Steps that belong to this answer alone."""
    asker: Endpoint | None = None
    """Who asks ``name`` on, where that is another resolver than the asker's own."""


@dataclass(frozen=True, slots=True)
class NameAnswer:
    """What an authority says to a question; no ways: the name leads nowhere, the hops say why."""

    hops: tuple[Hop, ...]
    ways: tuple[NameWay, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """One address a name leads to: the end of its chain of answers."""

    weight: float
    endpoint: Endpoint
    hops: tuple[Hop, ...]
    ttl: float | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a resolver finds: ``hops`` common to all answers, and the answers (weights sum to 1).

    Where ``verdict`` is not ``reachable`` some share of the answers leads nowhere; ``dead`` holds
    those, each with its share and the hops that tell why.
    """

    hops: tuple[Hop, ...]
    answers: tuple[Resolved, ...]
    dead: tuple[tuple[float, tuple[Hop, ...]], ...] = ()
    missing: tuple[str, ...] = ()
