"""What a service implements to take part in traces. The walker knows no service, only these classes.

A kind lists instances of the classes below in its ``behaviours``:

=====================  ==============================================================================
:class:`Originates`    sends requests from outside AWS: the internet, a client
:class:`AsksForClients` a resolver that clients ask
:class:`AnswersNames`  an authority for a domain: a hosted zone
:class:`HasName`       has a DNS name of its own: a load balancer's, a database endpoint
:class:`Resolves`      the resolver that those placed in it ask: a VPC
:class:`Receives`      takes messages and says what it does next: balancer, instance, database
:class:`PassesOn`      passes connections on packet by packet: a Network Load Balancer
:class:`HasHealth`     can be asked whether it is healthy by an alias record
:class:`HandsOut`      keeps messages that consumers come for: a queue
:class:`Shields`       answers reads in place of the store behind it: a cache
:class:`Registers`     puts its members into target groups: an Auto Scaling group
:class:`HasMembers`    is a set of equals: an Auto Scaling group
:class:`SendsFromAws`  sends from AWS's own network: a function outside every VPC
:class:`StandsForName` is a host name: a record
:class:`StandsIn`      has a part that takes over from a part that is down: a Multi-AZ database
:class:`MovesAway`     starts again elsewhere: an Auto Scaling group
:class:`Remedies`      proposes edits that take a blocker away
:class:`Closures`      proposes edits that take away what lets a request pass
:class:`TakesAtSender` has an address that the sender's own machine translates: a Kubernetes Service
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
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from archtui.model.component import Component
from archtui.model.operations import Operation
from archtui.trace.mending import Closures, Passage, Plea, Remedies
from archtui.trace.message import Endpoint, Message
from archtui.trace.naming import Kept, NameAnswer, NameWay, Origin, Question, Resolution, Resolved
from archtui.trace.reception import Arrival, Bond, Call, Deadline, Otherwise, Outcome, Passing, Reception, Way
from archtui.trace.walk import Leg, Probe, Walk
from archtui.world.condition import Condition
from archtui.world.steps import Action, Hop, Step, Verdict
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Health:
    """Whether something is healthy, with one sentence why; None: it cannot be said."""

    healthy: bool | None
    why: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a health check found out about one target of a set."""

    group: Component
    """The set: a target group, or the balancer itself where it has none."""
    label: str
    """The target as a person reads it."""
    health: Health
    closes: str = ""
    """The code with which a connection is closed where no target of the set is healthy; empty: it fails open."""


class Originates(abc.ABC):
    """Behaviour of those outside AWS who send requests."""

    @abc.abstractmethod
    def origin(self, component: Component) -> Origin:
        """Return where its requests come from."""


class AsksForClients(abc.ABC):
    """Behaviour of a resolver that clients outside AWS ask."""

    @abc.abstractmethod
    def seen_from(self, component: Component, client: Origin) -> Origin:
        """Return where name servers see ``client`` that asks through it, and what it keeps."""


class AnswersNames(abc.ABC):
    """Behaviour of an authority for a domain."""

    @abc.abstractmethod
    def domain(self, component: Component) -> str:
        """Return the domain, lower case, without the final dot."""

    @abc.abstractmethod
    def private_to(self, component: Component, world: World) -> frozenset[str] | None:
        """Return the VPCs it answers in; None: it is public."""

    @abc.abstractmethod
    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        """Answer a question about a name in the domain."""


class PassesQuestions(abc.ABC):
    """Behaviour of what takes questions away from the asker's resolver: a resolver rule, a site's forwarder."""

    @abc.abstractmethod
    def domain_for(self, component: Component, question: Question, walk: Walk) -> str | None:
        """Return the domain for which it takes this question (empty: every name); None: it does not take it."""

    @abc.abstractmethod
    def pass_on(self, component: Component, question: Question, walk: Walk) -> NameAnswer | None:
        """Return what comes of it; None: the asker's own resolver answers after all."""


class ServesNames(abc.ABC):
    """Behaviour of a name server that is asked by its address."""

    @abc.abstractmethod
    def answers_at(self, component: Component, address: str, world: World) -> bool:
        """Whether it is who answers at ``address``, where a packet has come to it or to its network."""

    @abc.abstractmethod
    def serve(self, component: Component, question: Question, at: Endpoint, walk: Walk) -> NameAnswer:
        """Answer a question that came to ``at``."""


class HasName(abc.ABC):
    """Behaviour of a component to which AWS gives a DNS name."""

    @abc.abstractmethod
    def names(self, component: Component, world: World) -> tuple[str, ...]:
        """Return its names, lower case."""

    @abc.abstractmethod
    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        """Return the addresses that its name gives."""

    def answers_ipv6(self, component: Component) -> bool:
        """Whether the name also gives the IPv6 addresses of what :meth:`answer` gives (AAAA records)."""
        return False

    def ipv6_end(self, component: Component, end: Endpoint, question: Question, walk: Walk) -> Endpoint | None:
        """Return the IPv6 address beside ``end``, an address that the name gives; None: it has none."""
        return walk.over_ipv6(end, public=not question.asker.interface)

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


class PassesOn(abc.ABC):
    """Behaviour of what passes connections on packet by packet, looks into them and asks the targets' health."""

    @abc.abstractmethod
    def passed(self, component: Component, message: Message, walk: Walk) -> Passing:
        """Return what it makes of a message that came to it: one that ends TLS passes plain text on."""

    @abc.abstractmethod
    def finds(self, component: Component, target: Endpoint, port: int, walk: Walk) -> Found | None:
        """Return what its health check finds out about a target that the packets may go to; None: it asks nothing."""


class HandsOut(abc.ABC):
    """Behaviour of what consumers come to for messages: a queue, a stream."""

    @abc.abstractmethod
    def takes(self, action: str) -> bool:
        """Whether a link with ``action`` is a consumer's, followed when there is a message and not with a request."""


@dataclass(frozen=True, slots=True)
class Shield:
    """How a cache stands before a store."""

    store: str
    hit_ratio: float
    """The share of reads that it spares the store while it works."""
    order: Literal["lazy_loading", "write_through"] = "lazy_loading"
    """Whether the application fills it after misses alone or with every change too."""
    works: bool = True


class Shields(abc.ABC):
    """Behaviour of a cache that applications ask before they ask the store behind it."""

    @abc.abstractmethod
    def shields(self, component: Component, walk: Walk) -> Shield | None:
        """Return how it stands before a store; None: it stands before none."""


class TakesAtSender(abc.ABC):
    """Behaviour of what has an address that is nobody's in the network: the sender's own machine translates it before
    a packet leaves (a Kubernetes Service)."""

    @abc.abstractmethod
    def at_sender(self, component: Component, address: str) -> Step | None:
        """Return the step by which the sender's machine takes a connection to ``address``; None: a packet leaves."""


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


class Waits(abc.ABC):
    """Behaviour of what gives up when the answer to its call comes too late."""

    @abc.abstractmethod
    def patience(self, component: Component) -> float | None:
        """Return the seconds that ``component`` waits for an answer; None: not stated."""


class HasMembers(abc.ABC):
    """Behaviour of a component that is a set of equals, any of which may act for it."""

    @abc.abstractmethod
    def members(self, component: Component, walk: Walk) -> tuple[Endpoint, ...]:
        """Return the members that work now."""


class SendsFromAws(abc.ABC):
    """Behaviour of what sends requests from AWS's own network where it has no interface in the design."""

    @abc.abstractmethod
    def sends_from(self, component: Component, world: World) -> Endpoint:
        """Return the public address of AWS that its requests come from."""


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


def hop(component: Component, *steps: Step) -> Hop:
    """Return the hop of ``component``."""
    return Hop(component.id, component.kind.name, steps)


def verdict_of(hops: tuple[Hop, ...], missing: tuple[str, ...] = ()) -> Verdict:
    """Return blocked where a step denies, unknown where one cannot decide, reachable otherwise."""
    actions = {step.action for each in hops for step in each.steps}
    if Action.DENY in actions:
        return Verdict.BLOCKED
    return Verdict.UNKNOWN if Action.UNKNOWN in actions or missing else Verdict.REACHABLE


__all__ = [
    "AnswersNames",
    "Arrival",
    "AsksForClients",
    "Bond",
    "Call",
    "Closures",
    "Deadline",
    "Found",
    "HandsOut",
    "HasHealth",
    "HasMembers",
    "HasName",
    "Health",
    "Kept",
    "Leg",
    "MovesAway",
    "NameAnswer",
    "NameWay",
    "Origin",
    "Originates",
    "Otherwise",
    "Outcome",
    "Passage",
    "PassesOn",
    "PassesQuestions",
    "Passing",
    "Plea",
    "Probe",
    "Question",
    "Receives",
    "Reception",
    "Registers",
    "Remedies",
    "Resolution",
    "Resolved",
    "Resolves",
    "ServesNames",
    "Shield",
    "Shields",
    "StandsForName",
    "StandsIn",
    "TakesAtSender",
    "Walk",
    "Way",
    "hop",
    "verdict_of",
]
