"""What a service implements to take part in traces. The walker knows no service, only these classes.

A kind lists instances of the classes below in its ``behaviours``:

=====================  ==============================================================================
:class:`Originates`    sends requests from outside AWS: the internet, a client
:class:`AnswersNames`  an authority for a domain: a hosted zone
:class:`HasName`       has a DNS name of its own: a load balancer's, a database endpoint
:class:`Resolves`      the resolver that those placed in it ask: a VPC
:class:`Receives`      takes messages and says what it does next: balancer, instance, database
:class:`HasHealth`     can be asked whether it is healthy by an alias record
:class:`HandsOut`      keeps messages that consumers come for: a queue
:class:`Shields`       answers reads in place of the store behind it: a cache
:class:`Registers`     puts its members into target groups: an Auto Scaling group
:class:`HasMembers`    is a set of equals: an Auto Scaling group
:class:`StandsForName` is a host name: a record
:class:`StandsIn`      has a part that takes over from a part that is down: a Multi-AZ database
:class:`MovesAway`     starts again elsewhere: an Auto Scaling group
:class:`Remedies`      proposes edits that take a blocker away
:class:`Closures`      proposes edits that take away what lets a request pass
=====================  ==============================================================================

Failures in time
----------------
A trace asks what is true *at one moment*: ``Condition.time`` seconds after the failure.

- ``condition.time is None``: time plays no part. Every mechanism that works by itself has come to
  rest: dead targets are out of their groups, the standby is the primary, DNS answers the secondary.
- ``condition.time`` is a number: only the mechanisms named in ``condition.recovered`` have taken
  effect, all others still act on what they knew before the failure. ``time=0.0`` with nothing
  recovered is the first moment after it.

A mechanism's id is ``MECHANISM:COMPONENT``, the mechanism named as in the failover table:

===============================  ============================  ==========================================
id                               component                     until it is in ``recovered``
===============================  ============================  ==========================================
``alb.target:TG``                target group                  the balancer still sends to dead targets
``rds.multi_az_instance:DB``     DB instance with a standby    its name still gives the old primary
``route53.failover_record:REC``  record with a health check    DNS still answers as before the failure
``asg.instance:ASG``             Auto Scaling group            lost instances are not replaced yet
``alb.node:LB``                  load balancer                 its name still gives nodes in lost zones
===============================  ============================  ==========================================

A load balancer's name is kept for 60 seconds (failover table: ``alb.node``). Ask :meth:`Walk.perceived`, which
gives the walk a service must look through.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypeVar

from archtui.model.component import Component, Dependency
from archtui.model.edits import Edit
from archtui.model.operations import Operation
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint, Message
from archtui.trace.request import Request
from archtui.world.condition import Condition
from archtui.world.steps import Action, Blocker, Hop, Step, Verdict
from archtui.world.world import World

T = TypeVar("T")

Outcome: TypeAlias = Literal["", "failure", "success"]
"""When a call is made that hangs on what came before it."""
Bond: TypeAlias = Dependency | Literal["after"]
"""How a caller hangs on a call: it fails without it, degrades without it, or does not wait for it at all: what it
sets off comes after its answer (an event, a message taken from a queue)."""


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


@dataclass(frozen=True, slots=True)
class Probe:
    """What a health check found out."""

    verdict: Verdict
    status: int | None
    blockers: tuple[Blocker, ...]
    missing: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Health:
    """Whether something is healthy, with one sentence why; None: it cannot be said."""

    healthy: bool | None
    why: str
    code: str = ""


class Walk(abc.ABC):
    """The walker as a service sees it: a world under a condition, and what may be asked of both."""

    world: World
    condition: Condition
    """What is broken, without the components for which another part has taken over."""
    stood_in: frozenset[str]
    """The components that are down and for which another part has taken over."""

    @abc.abstractmethod
    def interfaces(self, component: str) -> tuple[Endpoint, ...]:
        """Return the interfaces of ``component`` with their private addresses, the primary first."""

    @abc.abstractmethod
    def public_address(self, endpoint: Endpoint) -> str:
        """Return the public address that stands for an interface; empty: none."""

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
    def acts(self, mechanism: str) -> bool:
        """Whether the mechanism ``NAME:COMPONENT`` has taken effect (see the module's text)."""

    @abc.abstractmethod
    def perceived(self, mechanism: str) -> Walk:
        """Return the walk as ``mechanism`` knows it: this one if it has taken effect, otherwise the healthy one."""

    @abc.abstractmethod
    def once(self, key: tuple[str, ...], make: Callable[[], T], while_asking: T) -> T:
        """Return ``make()``, computed once for ``key`` under this walk's condition.

        ``while_asking`` is the answer where ``make`` comes back to the same key (a health check of a
        name that depends on that health check).
        """


class Originates(abc.ABC):
    """Behaviour of those outside AWS who send requests."""

    @abc.abstractmethod
    def origin(self, component: Component) -> Origin:
        """Return where its requests come from."""


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


class AnswersNames(abc.ABC):
    """Behaviour of an authority for a domain."""

    @abc.abstractmethod
    def domain(self, component: Component) -> str:
        """Return the domain, lower case, without the final dot."""

    @abc.abstractmethod
    def private_to(self, component: Component) -> frozenset[str] | None:
        """Return the VPCs it answers in; None: it is public."""

    @abc.abstractmethod
    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        """Answer a question about a name in the domain."""


class HasName(abc.ABC):
    """Behaviour of a component to which AWS gives a DNS name."""

    @abc.abstractmethod
    def names(self, component: Component, world: World) -> tuple[str, ...]:
        """Return its names, lower case."""

    @abc.abstractmethod
    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        """Return the addresses that its name gives."""

    def known_to(self, component: Component, question: Question, walk: Walk) -> bool:
        """Whether the asker's resolver knows the name as the component's; where not, hosted zones are asked."""
        return True


class Resolves(abc.ABC):
    """Behaviour of a network that runs a resolver for those in it."""

    @abc.abstractmethod
    def refusal(self, component: Component) -> Step | None:
        """Return the step that says why it does not resolve; None: it does."""

    def hides_private_zones(self, component: Component) -> str:
        """Say why it does not answer from the private zones associated with it; empty: it does."""
        return ""


class Receives(abc.ABC):
    """Behaviour of what takes messages."""

    @abc.abstractmethod
    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        """Say what the component does with the message."""

    def port(self, component: Component) -> int | None:
        """Return the port it answers on where that goes without saying (a database's); None: it depends."""
        return None

    def scheme(self, component: Component, port: int) -> Literal["", "http", "https"]:
        """Return what it speaks on ``port``; empty: not HTTP, or not known."""
        return ""


class HandsOut(abc.ABC):
    """Behaviour of what consumers come to for messages: a queue, a stream."""

    @abc.abstractmethod
    def takes(self, action: str) -> bool:
        """Whether a link with ``action`` is a consumer's, followed when there is a message and not with a request."""


class Shields(abc.ABC):
    """Behaviour of a cache that applications ask before they ask the store behind it."""

    @abc.abstractmethod
    def shields(self, component: Component, walk: Walk) -> tuple[str, float] | None:
        """Return the store behind it and the share of reads that it spares that store; None: it stands before none."""


class HasHealth(abc.ABC):
    """Behaviour of what an alias record with evaluate-target-health may ask."""

    @abc.abstractmethod
    def health(self, component: Component, walk: Walk) -> Health:
        """Say whether it is healthy."""


class Registers(abc.ABC):
    """Behaviour of what puts its members into target groups."""

    @abc.abstractmethod
    def registers_in(self, component: Component) -> tuple[str, ...]:
        """Return the target groups."""


class HasMembers(abc.ABC):
    """Behaviour of a component that is a set of equals, any of which may act for it."""

    @abc.abstractmethod
    def members(self, component: Component, walk: Walk) -> tuple[Endpoint, ...]:
        """Return the members that work now."""


class StandsForName(abc.ABC):
    """Behaviour of a component that is a host name: a record, a zone."""

    @abc.abstractmethod
    def host_name(self, component: Component, world: World) -> str:
        """Return the name, lower case, without the final dot."""


class StandsIn(abc.ABC):
    """Behaviour of what works on although the component, as a failure names it, is down."""

    @abc.abstractmethod
    def stands_in(self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]) -> bool:
        """Whether another part has taken over; ``acts`` says which mechanisms have taken effect."""


class MovesAway(abc.ABC):
    """Behaviour of what starts again in another place when its own is lost."""

    @abc.abstractmethod
    def moved(
        self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]
    ) -> tuple[Operation, ...]:
        """Return how the design is then written; empty: it has not moved."""


@dataclass(frozen=True, slots=True)
class Plea:
    """A blocker that wants a remedy: the denial, where it stands, and what came before it."""

    world: World
    blocker: Blocker
    hop: Hop
    step: Step
    """The denial; its ``before`` is the packet or request that was denied."""
    request: Request
    before: tuple[Hop, ...]
    """The hops before the denial, in order, there and back."""


class Remedies(abc.ABC):
    """Behaviour of a kind that knows edits against blockers.

    Every implementation is asked about every blocker: what mends it need not be what blocks it (a
    target group's wrong port shows at a security group).
    """

    @abc.abstractmethod
    def remedies(self, plea: Plea) -> Iterator[Edit]:
        """Propose edits, the smallest first; each is tried by running the trace again."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A step that lets an unwanted request pass."""

    world: World
    hop: Hop
    step: Step
    """Its ``before`` is the packet or request, its ``decided_by`` the rule."""
    request: Request


class Closures(abc.ABC):
    """Behaviour of a kind that knows edits against what lets requests pass; asked about every step."""

    @abc.abstractmethod
    def closures(self, passage: Passage) -> Iterator[Edit]:
        """Propose edits, the narrowest first; each is tried by running the trace again."""


def hop(component: Component, *steps: Step) -> Hop:
    """Return the hop of ``component``."""
    return Hop(component.id, component.kind.name, steps)


def verdict_of(hops: tuple[Hop, ...], missing: tuple[str, ...] = ()) -> Verdict:
    """Return blocked where a step denies, unknown where one cannot decide, reachable otherwise."""
    actions = {step.action for each in hops for step in each.steps}
    if Action.DENY in actions:
        return Verdict.BLOCKED
    return Verdict.UNKNOWN if Action.UNKNOWN in actions or missing else Verdict.REACHABLE
