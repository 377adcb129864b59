"""The walker: from a name to a row and back.

It resolves names, sends packets, hands what arrives to the service that receives it and follows the
calls that service makes. What a service does is known to the service alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from typing import TypeVar

from archtui.model.blueprint import INTERNET
from archtui.model.component import Component
from archtui.trace import codes
from archtui.trace.access.gate import Comes
from archtui.trace.arriving import (
    exchange_latency,
    joined,
    passed_on,
    received,
    region_of,
    taken_at_sender,
    well,
    zones_crossed,
)
from archtui.trace.context import Context
from archtui.trace.dns import resolve
from archtui.trace.families import as_seen, as_sender, of_family, speaks, unembedded
from archtui.trace.impaired import impaired, waited_for
from archtui.trace.interface import (
    Arrival,
    Call,
    HasMembers,
    Leg,
    Originates,
    Probe,
    Question,
    Receives,
    Reception,
    Resolution,
    Walk,
    hop,
    verdict_of,
)
from archtui.trace.interface import Way as ServiceWay
from archtui.trace.keeping import ONE_AT_A_TIME, Keeping
from archtui.trace.latency import dns_latency, service_latency
from archtui.trace.lookups import country_of, has_name, looked_up, resolved, unanswered
from archtui.trace.message import Endpoint, Message
from archtui.trace.moved import world_under
from archtui.trace.network import packets_of
from archtui.trace.opening import check_ends, destination, message_of, senders, started
from archtui.trace.packets import Packets
from archtui.trace.paths import status_of
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.stages import (
    Made,
    Stage,
    Way,
    among,
    blockers_once,
    chance_of,
    hard_hops,
    hurried,
    led_by,
    without_repeats,
    worst,
)
from archtui.trace.takeover import stood_in_for
from archtui.world.condition import HEALTHY, Condition
from archtui.world.reads import Log, WatchedCondition
from archtui.world.steps import Action, Hop, Step, Verdict
from archtui.world.world import World

T = TypeVar("T")

DEPTH_LIMIT = 24
"""A request that goes through more connections than this goes round in a circle."""
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
        log = Log()
        self.watched: WatchedCondition | None = None
        self.condition = condition
        if not condition.is_healthy:
            standing = stood_in_for(world, condition)
            plain = replace(condition, down=condition.down - standing) if standing else condition
            self.condition = self.watched = WatchedCondition(plain, world, log, standing)
        self._keeping = Keeping(world, self.watched, log)
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

    def over_ipv6(self, end: Endpoint, *, public: bool) -> Endpoint | None:
        address = self.packets.ipv6_address(end, public=public)
        return replace(end, address=address) if address else None

    def owner(self, address: str, near: Endpoint) -> Endpoint:
        return self.packets.owner(address, near)

    def packet(self, source: Endpoint, target: Endpoint, message: Message) -> Leg:
        key = (source, target, message.protocol, message.port, message.source_port)
        return self._keeping.leg(key, lambda: self.packets.leg(source, target, message, self.condition))

    def probe(self, source: Endpoint, target: str | Endpoint, message: Message) -> Probe:
        context = Context(source, depth=self._keeping.asking)
        stage = self._go(source, target, replace(message, purpose="health_check"), context)
        missing = dict.fromkeys(text for each in stage.different_stages() for text in each.missing)
        late = stage.works if self.condition.slow else 0.0
        return Probe(stage.verdict, status_of(stage), blockers_once(hard_hops(stage)), tuple(missing), late)

    def resolve(self, question: Question) -> Resolution:
        return resolve(self, question)

    def is_down(self, component: str) -> bool:
        return self.condition.is_down(self.world, component)

    def acts(self, mechanism: str) -> bool:
        return self.condition.acts(mechanism)

    def is_stood_in(self, component: str) -> bool:
        return self.watched is not None and self.watched.stood_in(component)

    def perceived(self, mechanism: str) -> Walk:
        return self if self.acts(mechanism) else self.healthy

    @property
    def healthy(self) -> Walker:
        """The walker of the world before anything broke."""
        if self._healthy is None:
            self._healthy = Walker.of(self.world)
        return self._healthy

    def once(self, key: tuple[Hashable, ...], make: Callable[[], T], while_asking: T) -> T:
        return self._keeping.once(key, make, while_asking)

    def kept(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        return self._keeping.kept(key, make)

    # -- the request ----------------------------------------------------------------------------

    def run(self, request: Request) -> Trace:
        """Trace one request."""
        with ONE_AT_A_TIME:
            return self._run(request)

    def _run(self, request: Request) -> Trace:
        check_ends(request, self.world)
        sources = senders(request, self, self.packets)
        message = message_of(request, self.world)
        ways = []
        for source in sources:
            context = Context(source, request.country)
            target = destination(request, source, self, self.packets)
            if request.protocol == "dns" and request.port is None and isinstance(target, str):
                stage = looked_up(self, source, target, context.country, request.record_type)
            else:
                stage = self._go(source, target, message, context)
            ways.append(Way(1 / len(sources), str(source), started(source, stage, self.world)))
        root = ways[0].stage if len(ways) == 1 else Stage("", (), calls=(among("one of the members sends", ways),))
        return Trace(request, request.source, request.target_text, root)

    # -- one connection -------------------------------------------------------------------------

    def _go(self, source: Endpoint, target: str | Endpoint, message: Message, context: Context) -> Stage:
        """Find out where ``target`` is, if it is a name, and open the connection; done once for all that share it."""
        key = (source, target, message.key, context.key)
        trail = frozenset(context.trail)
        return self._keeping.stage(key, trail, lambda: self._gone(source, target, message, context))

    def _gone(self, source: Endpoint, target: str | Endpoint, message: Message, context: Context) -> Stage:
        if isinstance(target, Endpoint):
            return self._connect(source, target, message, context)
        if not has_name(self.world, target):
            return self._to_members(self.world.components[target], source, message, context)
        found = of_family(
            speaks(source, self, self.packets),
            self._at(source),
            lambda family: resolved(self, source, target, context.country, family),
            lambda end: self.packet(as_sender(source, end, self, self.packets), end, message).verdict,
        )
        return self._by_name(found, source, message, context)

    def _at(self, source: Endpoint) -> Hop:
        component = self.world.components.get(source.component)
        return Hop(source.component, component.kind.name if component else INTERNET, ())

    def _by_name(self, found: Resolution, source: Endpoint, message: Message, context: Context) -> Stage:
        """Connect to each address that a name may give."""
        ways = []
        for answer in found.answers:
            stage = self._connect(source, answer.endpoint, message, context)
            where = f" in {answer.endpoint.zone}" if answer.endpoint.zone else ""
            ways.append(Way(answer.weight, f"{answer.endpoint}{where}", led_by(answer.hops, stage)))
        ways += unanswered(found)
        if not ways:
            open_end = Verdict.UNKNOWN if found.missing else Verdict.REACHABLE
            return Stage("", found.hops, own=worst((verdict_of(found.hops), open_end)), missing=found.missing)
        asked = dns_latency(bool(region_of(source, self.world))) if found.hops else None
        return Stage("", found.hops, calls=(among("the answer to the name", ways),), latency=asked)

    def _to_members(self, component: Component, source: Endpoint, message: Message, context: Context) -> Stage:
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
            Way(
                1 / len(nics),
                str(nic),
                self._connect(source, as_seen(source, nic, self, self.packets), message, context),
            )
            for nic in nics
        ]
        if len(ways) == 1:
            return ways[0].stage
        return Stage("", (), calls=(among(f"one of the members of {component.id}", ways),))

    def _connect(self, source: Endpoint, target: Endpoint, message: Message, context: Context) -> Stage:
        """Send the message over a new connection and follow what its receiver does.

        What stands after a blocker is traced as if the blocker were gone, so that every blocker is
        found at once.
        """
        source = as_sender(source, target, self, self.packets)
        leg = taken_at_sender(source, target, self.world) or self.packet(source, target, message)
        branches = well(leg.branches or (("", leg),), message, self)
        if len(branches) == 1:
            return self._arrived(branches[0][1], source, target, message, context)
        share = 1 / len(branches)
        ways = [Way(share, label, self._arrived(each, source, target, message, context)) for label, each in branches]
        return Stage("", (), calls=(among(f"the ways to {target}", ways),))

    def _arrived(
        self,
        leg: Leg,
        source: Endpoint,
        target: Endpoint,
        message: Message,
        context: Context,
        *,
        carried: bool = False,
    ) -> Stage:
        """Hand what a packet leg delivered to its receiver and follow what that does."""
        at = leg.received or target
        if target.serves and at.address in (target.address, unembedded(target.address)):
            at = replace(at, component=target.serves)
        component = self.world.components.get(at.component)
        passing = passed_on(leg, message, self)
        message = passing.message
        if component is None or component.kind.behaviour(Originates) is not None or passing.stops:
            reception = Reception((), refused=passing.stops)
        elif leg.received is None and component.kind.behaviour(Receives) is None:
            reception = Reception(())
        elif context.depth >= DEPTH_LIMIT:
            text = f"The request has been passed on {DEPTH_LIMIT} times and comes to {component.id} once more."
            reception = Reception((hop(component, Step("application", Action.DENY, codes.REQUEST_LOOP, text)),))
        else:
            sender = source
            if leg.seen_source and leg.seen_source != source.address:
                sender = replace(source, address=leg.seen_source)
            comes = Comes(component, message, source, sender.address, leg.forward, carried)
            country = country_of(self, context.origin, context.country)
            arrival = Arrival(component, at, sender, context.origin, message, context.trail, country)
            reception = received(comes, arrival, self)
        forward = joined(zones_crossed(leg.forward, source, at, self.world), passing.hops)
        missing = (*passing.missing, *reception.missing)
        own = worst((leg.verdict, verdict_of((*passing.hops, *reception.hops), missing)))
        calls = self._calls(reception, own, context, at.component)
        if reception.redirect:
            calls = (*calls, self._redirected(reception.redirect, message, context))
        stage = Stage(
            at.component,
            (*forward, *without_repeats(leg, reception.hops)),
            leg.back,
            own,
            calls,
            reception.status if leg.verdict is not Verdict.BLOCKED else None,
            reception.refused and leg.verdict is not Verdict.BLOCKED,
            (*leg.missing, *missing),
            exchange_latency(source, at, message, self.world),
            reception.takes,
        )
        stage = hurried(passing.deadlines, stage) if passing.deadlines else stage
        return impaired(stage, message, self.condition, self.world)

    def _calls(self, reception: Reception, own: Verdict, context: Context, caller: str) -> tuple[Made, ...]:
        """Make the calls of a reception in their order, those left out that hang on what did not come about."""
        made: list[Made] = []
        for call in reception.calls:
            chance = chance_of(call, own, made)
            if chance > 0:
                made.extend(self._tried(call, chance, context, caller))
        return tuple(made)

    def _tried(self, call: Call, chance: float, context: Context, caller: str) -> Iterator[Made]:
        """Make a call and, for the share that fails in every try, what follows then."""
        made = self._call(call, chance, context, caller)
        yield made
        if call.otherwise is not None and made.verdict is Verdict.BLOCKED:
            lost = made.failing**call.otherwise.attempts
            yield from self._tried(call.otherwise.call, chance * lost, context, caller)

    def _itself(self, way: ServiceWay, reception: Reception, context: Context, caller: str) -> Stage:
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

    def _call(self, call: Call, chance: float, context: Context, caller: str) -> Made:
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
                stage = hurried([(self.world.components[caller], each) for each in call.deadlines], stage)
                stage = replace(stage, missing=(*way.missing, *stage.missing)) if way.missing else stage
            if call.dependency != "after":
                stage = waited_for(stage, caller, self.condition, self.world)
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
            chance,
            follows=call.of if call.on == "success" else "",
        )

    def _follow(self, way: ServiceWay, target: str | Endpoint, context: Context) -> Stage:
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

    def _redirected(self, url: str, message: Message, context: Context) -> Made:
        """Follow a redirect as the client would, from where the request began."""
        origin = context.origin
        if context.redirects >= REDIRECT_LIMIT:
            text = f"The client is redirected once more after {REDIRECT_LIMIT} times, to {url}, and gives up."
            component = self.world.components.get(origin.component)
            kind = component.kind.name if component else INTERNET
            step = Step("application", Action.DENY, codes.REDIRECT_LOOP, text)
            stage = Stage("", (Hop(origin.component, kind, (step,)),), own=Verdict.BLOCKED)
        else:
            given = message.http.headers if message.http else {}
            headers = {name: text for name, text in given.items() if name.lower() != "host"}
            method = message.http.method if message.http else "GET"
            again = Request.make(origin.component, url, method=method, headers=headers)
            following = replace(context, redirects=context.redirects + 1, trail=())
            target = destination(again, origin, self, self.packets)
            stage = self._go(origin, target, again.message(again.target), following)
        return among(f"the client follows the redirect to {url}", [Way(1.0, url, stage)])


def _healthy_walker(world: World) -> Walker:
    return Walker(world, HEALTHY, packets_of(world))
