"""The walker: from a name to a row and back.

It resolves names, sends packets, hands what arrives to the service that receives it and follows the
calls that service makes. What a service does is known to the service alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from threading import RLock
from typing import TypeVar, cast

from archtui.model.blueprint import INTERNET
from archtui.model.component import Component
from archtui.model.errors import did_you_mean
from archtui.trace import codes
from archtui.trace.access.gate import FORBIDDEN, Comes, passed
from archtui.trace.application import trail_asked
from archtui.trace.dns import owner_of_name, resolve, resolve_component
from archtui.trace.interface import (
    Arrival,
    Call,
    HasMembers,
    HasName,
    Leg,
    Originates,
    Probe,
    Question,
    Receives,
    Reception,
    Resolution,
    StandsForName,
    StandsIn,
    Walk,
    hop,
    verdict_of,
)
from archtui.trace.interface import Way as ServiceWay
from archtui.trace.latency import Latency, dns_latency, leg_latency, service_latency
from archtui.trace.message import Endpoint, Message
from archtui.trace.moved import world_under
from archtui.trace.network import packets_of
from archtui.trace.packets import Packets
from archtui.trace.request import Request, RequestError, is_address
from archtui.trace.result import Trace
from archtui.trace.stages import Made, Stage, Way, among, chance_of, led_by, without_repeats, worst
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Action, Hop, Step, Verdict
from archtui.world.world import World

T = TypeVar("T")
_ONE_AT_A_TIME = RLock()
"""Traces share what their walkers keep, provisional answers of health checks among it."""

DEPTH_LIMIT = 24
"""A request that goes through more connections than this goes round in a circle."""
LEGS_KEPT = 4096
"""Packet legs that branches share are traced once; a walker keeps so many at most."""
STAGES_KEPT = 4096
"""Connections that branches share are followed once; a walker keeps so many at most."""
REDIRECT_LIMIT = 5
"""A client gives up after so many redirects."""


def trace(world: World, request: Request, condition: Condition = HEALTHY) -> Trace:
    """Trace ``request`` through ``world`` under ``condition``.

    Raises :class:`RequestError` where the request names nothing that can be traced. The fixes of a
    blocked trace are another question: :func:`archtui.trace.fixes.with_fixes`.
    """
    walker = Walker.of(world, condition)
    return walker.run(request)


class Walker(Walk):
    """One world under one condition; what services ask twice is computed once."""

    def __init__(self, world: World, condition: Condition, packets: Packets) -> None:
        self.world = world
        self.packets = packets
        self.asked = condition
        self.stood_in = _standing(world, condition)
        self.condition = replace(condition, down=condition.down - self.stood_in) if self.stood_in else condition
        self._known: dict[tuple[str, ...], object] = {}
        self._stages: dict[tuple[object, ...], list[_Kept]] = {}
        self._asking = 0
        self._legs: dict[tuple[Endpoint, Endpoint, str, int | None, int | None], Leg] = {}
        self._healthy: Walker | None = None if not condition.is_healthy else self

    @classmethod
    def of(cls, world: World, condition: Condition = HEALTHY) -> Walker:
        """Return the walker of a world; the one for the healthy world is kept with it."""
        if condition == HEALTHY:
            return world.part(_healthy_walker)
        there = world_under(world, condition, condition.acts)
        return cls(there, condition, packets_of(there))

    # -- what services may ask ------------------------------------------------------------------

    def interfaces(self, component: str) -> tuple[Endpoint, ...]:
        return self.packets.interfaces(component)

    def public_address(self, endpoint: Endpoint) -> str:
        return self.packets.public_address(endpoint)

    def owner(self, address: str, near: Endpoint) -> Endpoint:
        return self.packets.owner(address, near)

    def packet(self, source: Endpoint, target: Endpoint, message: Message) -> Leg:
        key = (source, target, message.protocol, message.port, message.source_port)
        leg = self._legs.get(key)
        if leg is None:
            if len(self._legs) >= LEGS_KEPT:
                self._legs.clear()
            leg = self._legs[key] = self.packets.leg(source, target, message, self.condition)
        return leg

    def probe(self, source: Endpoint, target: str | Endpoint, message: Message) -> Probe:
        stage = self._go(source, target, replace(message, purpose="health_check"), _Context(source))
        found = Trace(Request(source.component, str(target)), source.component, str(target), stage)
        return Probe(stage.verdict, found.status, found.blockers, found.missing)

    def resolve(self, question: Question) -> Resolution:
        return resolve(self, question)

    def is_down(self, component: str) -> bool:
        return self.condition.is_down(self.world, component)

    def acts(self, mechanism: str) -> bool:
        return self.asked.acts(mechanism)

    def perceived(self, mechanism: str) -> Walk:
        return self if self.acts(mechanism) else self.healthy

    @property
    def healthy(self) -> Walker:
        """The walker of the world before anything broke."""
        if self._healthy is None:
            self._healthy = Walker.of(self.world)
        return self._healthy

    def once(self, key: tuple[str, ...], make: Callable[[], T], while_asking: T) -> T:
        if key in self._known:
            return cast(T, self._known[key])
        self._known[key] = while_asking
        self._asking += 1
        try:
            made = make()
        finally:
            self._asking -= 1
        self._known[key] = made
        return made

    # -- the request ----------------------------------------------------------------------------

    def run(self, request: Request) -> Trace:
        """Trace one request."""
        with _ONE_AT_A_TIME:
            return self._run(request)

    def _run(self, request: Request) -> Trace:
        self._check(request)
        sources = self._sources(request)
        message = request.message(self._host(request), self._default_port(request))
        ways = []
        for source in sources:
            context = _Context(source, request.country)
            target = self._target(request, source)
            if request.protocol == "dns" and request.port is None and isinstance(target, str):
                stage = self._looked_up(self._resolved(source, target, context))
            else:
                stage = self._go(source, target, message, context)
            ways.append(Way(1 / len(sources), str(source), self._started(source, stage)))
        root = ways[0].stage if len(ways) == 1 else Stage("", (), calls=(among("one of the members sends", ways),))
        return Trace(request, request.source, request.target_text, root)

    def _check(self, request: Request) -> None:
        known = self.world.components
        for text, what in ((request.source, "from"), (request.target, "to")):
            if text in known or text == INTERNET or is_address(text):
                continue
            if what == "to" and "." in text:
                continue
            near = did_you_mean(text, known) or "name a component, an IP address or internet"
            raise RequestError(f"there is no {text!r} to trace {what}; {near}")

    def _sources(self, request: Request) -> tuple[Endpoint, ...]:
        """Return who may send the request: one endpoint, or each member of a set of equals."""
        component = self.world.components.get(request.source)
        if component is None:
            if is_address(request.source):
                found = self.owner(request.source, Endpoint(INTERNET))
                return (found if found.component != INTERNET else Endpoint(INTERNET, request.source),)
            return (Endpoint(INTERNET, request.source_ip or self.packets.somewhere),)
        origin = component.kind.behaviour(Originates)
        if origin is not None:
            address = request.source_ip or origin.origin(component).address or self.packets.somewhere
            return (Endpoint(component.id, address),)
        members = component.kind.behaviour(HasMembers)
        found_all = members.members(component, self) if members else self.packets.senders(component.id, self.condition)
        if request.source_ip:
            named = [nic for nic in self.interfaces(component.id) if nic.address == request.source_ip]
            return tuple(named) or (Endpoint(component.id, request.source_ip),)
        return found_all or (Endpoint(component.id),)

    def _target(self, request: Request, source: Endpoint) -> str | Endpoint:
        text = request.target
        if is_address(text):
            return self.owner(text, source)
        if text == INTERNET:
            return Endpoint(INTERNET, self.packets.somewhere)
        component = self.world.components.get(text)
        outside = component.kind.behaviour(Originates) if component else None
        if component and outside:
            return Endpoint(component.id, outside.origin(component).address or self.packets.somewhere)
        return text

    def _host(self, request: Request) -> str:
        component = self.world.components.get(request.target)
        if component is None:
            return request.target
        stands = component.kind.behaviour(StandsForName)
        if stands:
            return stands.host_name(component, self.world)
        return ""

    def _default_port(self, request: Request) -> int | None:
        name = owner_of_name(self.world, request.target) or request.target
        component = self.world.components.get(name)
        receives = component.kind.behaviour(Receives) if component else None
        return receives.port(component) if component and receives else None

    def _started(self, source: Endpoint, stage: Stage) -> Stage:
        """Put the source in front, where no hop shows it."""
        if stage.forward and stage.forward[0].component == source.component:
            return stage
        component = self.world.components.get(source.component)
        kind = component.kind.name if component else INTERNET
        step = Step("application", Action.ORIGINATE, "", f"{source} sends the request.")
        return replace(stage, forward=(Hop(source.component, kind, (step,)), *stage.forward))

    # -- one connection -------------------------------------------------------------------------

    def _go(self, source: Endpoint, target: str | Endpoint, message: Message, context: _Context) -> Stage:
        """Find out where ``target`` is, if it is a name, and open the connection.

        Branches that come to the same connection share what follows. A connection that a running health check
        looks at is not kept: it may rest on the check's provisional answer.
        """
        if self._asking:
            return self._gone(source, target, message, context)
        key = (source, target, message.key, replace(context, trail=()))
        trail = frozenset(context.trail)
        for kept in self._stages.get(key, ()):
            if trail & kept.asked == kept.trail:
                return kept.stage
        stage = self._gone(source, target, message, context)
        asked = trail_asked(stage, self.world)
        if len(self._stages) >= STAGES_KEPT:
            self._stages.clear()
        self._stages.setdefault(key, []).append(_Kept(asked, trail & asked, stage))
        return stage

    def _gone(self, source: Endpoint, target: str | Endpoint, message: Message, context: _Context) -> Stage:
        if isinstance(target, Endpoint):
            return self._connect(source, target, message, context)
        found = self._resolved(source, target, context)
        if found is not None:
            return self._by_name(found, source, message, context)
        return self._to_members(self.world.components[target], source, message, context)

    def _resolved(self, source: Endpoint, target: str, context: _Context) -> Resolution | None:
        """Resolve a host name or the name of a component; None: the component has none."""
        component = self.world.components.get(target)
        stands = component.kind.behaviour(StandsForName) if component else None
        if component is None or stands:
            name = stands.host_name(component, self.world) if component and stands else target
            return self.resolve(self._question(name, source, context))
        if component.kind.behaviour(HasName):
            return resolve_component(self, component, self._question("", source, context))
        return None

    def _looked_up(self, found: Resolution | None) -> Stage:
        """Return the stage of a DNS question: its answers, without a connection to any of them."""
        if found is None:
            return Stage("", (), own=Verdict.UNKNOWN, missing=("a name to look up: the target has none",))
        open_end = Verdict.UNKNOWN if found.missing else Verdict.REACHABLE
        ways = [
            Way(answer.weight, str(answer.endpoint), Stage(answer.endpoint.component, answer.hops))
            for answer in found.answers
        ]
        for weight, hops in found.dead:
            verdict = worst((verdict_of((*found.hops, *hops)), open_end))
            ways.append(Way(weight, "no answer", Stage("", hops, own=verdict, missing=found.missing)))
        calls = (among("the answer to the name", ways),) if ways else ()
        return Stage("", found.hops, own=verdict_of(found.hops), calls=calls, missing=found.missing)

    def _question(self, name: str, asker: Endpoint, context: _Context) -> Question:
        component = self.world.components.get(asker.component)
        country, region = context.country, None
        outside = component.kind.behaviour(Originates) if component else None
        if component and outside:
            place = outside.origin(component)
            country, region = country or (place.asks_from_country if place.hidden else place.country), place.region
            return Question(name.lower().rstrip("."), asker, country, region, origin=place)
        if component:
            region = self.world.placement(component.id).region
        return Question(name.lower().rstrip("."), asker, country, region)

    def _country(self, context: _Context) -> str | None:
        """Return the country of who first sent the request."""
        component = self.world.components.get(context.origin.component)
        outside = component.kind.behaviour(Originates) if component else None
        return context.country or (outside.origin(component).country if component and outside else None)

    def _by_name(self, found: Resolution, source: Endpoint, message: Message, context: _Context) -> Stage:
        """Connect to each address that a name may give."""
        open_end = Verdict.UNKNOWN if found.missing else Verdict.REACHABLE
        ways = []
        for answer in found.answers:
            stage = self._connect(source, answer.endpoint, message, context)
            where = f" in {answer.endpoint.zone}" if answer.endpoint.zone else ""
            ways.append(Way(answer.weight, f"{answer.endpoint}{where}", led_by(answer.hops, stage)))
        for weight, hops in found.dead:
            verdict = worst((verdict_of((*found.hops, *hops)), open_end))
            ways.append(Way(weight, "no answer", Stage("", hops, own=verdict, missing=found.missing)))
        if not ways:
            return Stage("", found.hops, own=worst((verdict_of(found.hops), open_end)), missing=found.missing)
        looked_up = dns_latency(bool(source.interface)) if found.hops else None
        return Stage("", found.hops, calls=(among("the answer to the name", ways),), latency=looked_up)

    def _to_members(self, component: Component, source: Endpoint, message: Message, context: _Context) -> Stage:
        """Connect to a component that has addresses but no name."""
        members = component.kind.behaviour(HasMembers)
        nics = members.members(component, self) if members else self.interfaces(component.id)[:1]
        if not nics and members and members.members(component, self.healthy):
            step = Step("interface", Action.DENY, codes.BAD_STATE, f"No member of {component.id} works.")
            return Stage("", (hop(component, step),), own=Verdict.BLOCKED)
        if not nics:
            step = Step(
                "interface",
                Action.UNKNOWN,
                codes.UNKNOWN_DESTINATION,
                f"{component.id} has no address in this design, so nothing can be sent to it.",
            )
            return Stage("", (hop(component, step),), own=Verdict.UNKNOWN, missing=(f"an address of {component.id}",))
        ways = [
            Way(1 / len(nics), str(nic), self._connect(source, self._as_seen(source, nic), message, context))
            for nic in nics
        ]
        if len(ways) == 1:
            return ways[0].stage
        return Stage("", (), calls=(among(f"one of the members of {component.id}", ways),))

    def _as_seen(self, source: Endpoint, nic: Endpoint) -> Endpoint:
        """Return the endpoint with the address a sender outside the networks has to use, where there is one."""
        public = "" if source.interface else self.public_address(nic)
        return replace(nic, address=public) if public else nic

    def _connect(self, source: Endpoint, target: Endpoint, message: Message, context: _Context) -> Stage:
        """Send the message over a new connection and follow what its receiver does.

        What stands after a blocker is traced as if the blocker were gone, so that every blocker is
        found at once.
        """
        leg = self.packet(source, target, message)
        if not leg.branches:
            return self._arrived(leg, source, target, message, context)
        share = 1 / len(leg.branches)
        ways = [
            Way(share, label, self._arrived(each, source, target, message, context)) for label, each in leg.branches
        ]
        return Stage("", (), calls=(among(f"the ways to {target}", ways),))

    def _arrived(
        self,
        leg: Leg,
        source: Endpoint,
        target: Endpoint,
        message: Message,
        context: _Context,
        *,
        carried: bool = False,
    ) -> Stage:
        """Hand what a packet leg delivered to its receiver and follow what that does."""
        at = leg.received or target
        if target.serves and at.address == target.address:
            at = replace(at, component=target.serves)
        component = self.world.components.get(at.component)
        if component is None or component.kind.behaviour(Originates) is not None:
            reception = Reception(())
        elif leg.received is None and component.kind.behaviour(Receives) is None:
            reception = Reception(())
        elif context.depth >= DEPTH_LIMIT:
            text = f"The request has been passed on {DEPTH_LIMIT} times and comes to {component.id} once more."
            reception = Reception((hop(component, Step("application", Action.DENY, codes.REQUEST_LOOP, text)),))
        else:
            sender = replace(source, address=leg.seen_source or source.address)
            comes = Comes(component, message, source, sender.address, leg.forward, carried)
            arrival = Arrival(component, at, sender, context.origin, message, context.trail, self._country(context))
            reception = self._permitted(comes, arrival)
        leg = replace(leg, forward=self._zones_crossed(leg.forward, source, at))
        own = worst((leg.verdict, verdict_of(reception.hops, reception.missing)))
        calls = self._calls(reception, own, context, at.component)
        if reception.redirect:
            calls = (*calls, self._redirected(reception.redirect, message, context))
        return Stage(
            at.component,
            (*leg.forward, *without_repeats(leg, reception.hops)),
            leg.back,
            own,
            calls,
            reception.status if leg.verdict is not Verdict.BLOCKED else None,
            reception.refused and leg.verdict is not Verdict.BLOCKED,
            (*leg.missing, *reception.missing),
            self._latency(source, at, message),
            reception.takes,
        )

    def _zones_crossed(self, hops: tuple[Hop, ...], source: Endpoint, at: Endpoint) -> tuple[Hop, ...]:
        """Note what stands in the way in another zone than the sender: its loss is the sender's loss too."""
        noted = []
        for each in hops:
            component = self.world.components.get(each.component)
            if component and source.zone and component.id not in (source.component, at.component):
                zones = self.world.placement(component.id).zones
                if component.kind.scope == "az" and not component.kind.container and zones and source.zone not in zones:
                    here = source.component
                    text = f"{component.id} is in {zones[0]}, {here} in {source.zone}: losing either zone cuts it off."
                    step = Step("zone", Action.FORWARD, codes.AVAILABILITY_ZONE_CROSSED, text)
                    each = replace(each, steps=(*each.steps, step))
            noted.append(each)
        return tuple(noted)

    def _permitted(self, comes: Comes, arrival: Arrival) -> Reception:
        """Ask the policies first; what they refuse, the component never sees."""
        asked = passed(comes, self.world)
        if asked.denied:
            return Reception(asked.hops, status=FORBIDDEN)
        reception = self._received(arrival)
        if not asked.hops:
            return reception
        return replace(reception, hops=(*asked.hops, *reception.hops), missing=(*asked.missing, *reception.missing))

    def _received(self, arrival: Arrival) -> Reception:
        receives = arrival.component.kind.behaviour(Receives)
        if receives is not None:
            return receives.receive(arrival, self)
        name = arrival.component.id
        text = f"Nothing is said of what {name} does with {arrival.message.text}: taken to be answered."
        return Reception((hop(arrival.component, Step("application", Action.ACCEPT, codes.ASSUMPTION_LISTENS, text)),))

    def _calls(self, reception: Reception, own: Verdict, context: _Context, caller: str) -> tuple[Made, ...]:
        """Make the calls of a reception in their order, those left out that hang on what did not come about."""
        made: list[Made] = []
        for call in reception.calls:
            chance = chance_of(call, own, made)
            if chance > 0:
                made.extend(self._tried(call, chance, context, caller))
        return tuple(made)

    def _tried(self, call: Call, chance: float, context: _Context, caller: str) -> Iterator[Made]:
        """Make a call and, for the share that fails in every try, what follows then."""
        made = replace(self._call(call, context, caller), chance=chance)
        yield made
        if call.otherwise is not None and made.verdict is Verdict.BLOCKED:
            lost = made.failing**call.otherwise.attempts
            yield from self._tried(call.otherwise.call, chance * lost, context, caller)

    def _itself(self, way: ServiceWay, reception: Reception, context: _Context, caller: str) -> Stage:
        """Return what a component makes of one of its own ways."""
        hops, missing = (*way.hops, *reception.hops), (*way.missing, *reception.missing)
        own = verdict_of(hops, missing)
        calls = self._calls(reception, own, context, caller)
        return Stage(
            caller,
            hops,
            (),
            own,
            calls,
            reception.status,
            reception.refused,
            missing,
            takes=reception.takes,
            itself=True,
        )

    def _call(self, call: Call, context: _Context, caller: str) -> Made:
        """Make one call: each of its ways is a connection of its own."""
        ways = []
        for way in call.ways:
            if way.reception is not None:
                stage = self._itself(way, way.reception, context, caller)
            elif way.target is None:
                own = verdict_of(way.hops, way.missing)
                stage = Stage("", way.hops, own=own, own_status=way.status, missing=way.missing)
            else:
                below = context.below(context.origin if call.relays else way.source, caller)
                stage = led_by(way.hops, self._follow(way, way.target, below))
                stage = replace(stage, missing=(*way.missing, *stage.missing)) if way.missing else stage
            ways.append(Way(way.weight, way.label, stage, way.cached))
        total = math.fsum(way.weight for way in ways)
        if not math.isclose(total, 1.0, abs_tol=1e-9):
            raise ValueError(f"the ways of {call.label!r} have the weights {total}, not 1")
        return Made(
            call.label,
            tuple(ways),
            call.dependency,
            call.relays,
            call.refused_status,
            call.timeout_status,
            call.delay,
            call.instead,
        )

    def _follow(self, way: ServiceWay, target: str | Endpoint, context: _Context) -> Stage:
        """Follow one way of a call: over a connection of its own, or carried by AWS itself."""
        if not way.internal:
            return self._go(way.source, target, way.message, context)
        at = target if isinstance(target, Endpoint) else Endpoint(target)
        component = self.world.components[at.component]
        there = () if way.hops else (hop(component, Step("service", Action.FORWARD, "", way.internal)),)
        back = hop(component, Step("service", Action.ANSWER, "", f"{component.id} answers the same way."))
        leg = Leg(there, (back,), Verdict.REACHABLE, received=at)
        stage = self._arrived(leg, way.source, at, way.message, context, carried=True)
        return replace(stage, latency=service_latency(way.source.component, at.component))

    def _redirected(self, url: str, message: Message, context: _Context) -> Made:
        """Follow a redirect as the client would, from where the request began."""
        origin = context.origin
        if context.redirects >= REDIRECT_LIMIT:
            text = f"The client is redirected once more after {REDIRECT_LIMIT} times, to {url}, and gives up."
            component = self.world.components.get(origin.component)
            kind = component.kind.name if component else INTERNET
            step = Step("application", Action.DENY, codes.REDIRECT_LOOP, text)
            stage = Stage("", (Hop(origin.component, kind, (step,)),), own=Verdict.BLOCKED)
        else:
            headers = message.http.headers if message.http else {}
            method = message.http.method if message.http else "GET"
            again = Request.make(origin.component, url, method=method, headers=headers)
            following = replace(context, redirects=context.redirects + 1, trail=())
            stage = self._go(origin, self._target(again, origin), again.message(again.target), following)
        return among(f"the client follows the redirect to {url}", [Way(1.0, url, stage)])

    def _latency(self, source: Endpoint, at: Endpoint, message: Message) -> Latency:
        known = self.world.components
        here, there = (self.world.placement(e.component).region if e.component in known else "" for e in (source, at))
        return leg_latency(source.component, at.component, (source.zone, at.zone), (here, there), message.tls)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A connection that was followed, and what of the trail that rests on."""

    asked: frozenset[str]
    trail: frozenset[str]
    stage: Stage


@dataclass(frozen=True, slots=True)
class _Context:
    """What a connection is part of."""

    origin: Endpoint
    """Who sent the request that is being passed on."""
    country: str | None = None
    depth: int = 0
    redirects: int = 0
    trail: tuple[str, ...] = ()

    def below(self, origin: Endpoint, caller: str) -> _Context:
        """Return the context of a connection that ``caller`` opens."""
        return replace(self, origin=origin, depth=self.depth + 1, trail=(*self.trail, caller))


def _healthy_walker(world: World) -> Walker:
    return Walker(world, HEALTHY, packets_of(world))


def _standing(world: World, condition: Condition) -> frozenset[str]:
    """Return the components that are down and for which another part has taken over; where a whole service is
    down, every part of it is."""
    standing = set()
    for name in condition.down:
        component = world.components.get(name)
        if component and component.kind.name in condition.services:
            continue
        stands = component.kind.behaviour(StandsIn) if component else None
        if component and stands and stands.stands_in(component, world, condition, condition.acts):
            standing.add(name)
    return frozenset(standing)
