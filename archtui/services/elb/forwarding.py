"""What a forward action does: which target group, which target, over what connection, and how long it waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from archtui.model.component import Component
from archtui.services.ec2.lookups import listens_of, service_on
from archtui.services.elb.headers import passed_on_by
from archtui.services.elb.matching import listener_protocol
from archtui.services.elb.members import Member, group_properties
from archtui.services.elb.mutual import client_of
from archtui.services.elb.names import crosses_zones
from archtui.services.elb.objections import is_upgrade, unfit, version_spoken
from archtui.services.elb.properties import (
    ActionPart,
    ApplicationLoadBalancerProperties,
    Listener,
    TargetGroupProperties,
)
from archtui.services.elb.sticky import kept_group
from archtui.services.elb.targets import choose
from archtui.services.lambda_.gate import content_length
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Deadline, Reception, Walk, Way, hop
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Action, Hop, RuleRef, Step

FUNCTION_BYTES = 1024 * 1024
"""Bytes a request to a function may have (ALB guide, 'Lambda functions as targets')."""
BAD_GATEWAY = 502


@dataclass(frozen=True, slots=True)
class Forwarding:
    """A request that a rule forwards."""

    arrival: Arrival
    listener: Listener
    action: ActionPart
    rule: RuleRef
    node: Endpoint
    headers: Mapping[str, str]
    """What the balancer adds for this request beyond the usual headers."""
    walk: Walk

    @property
    def balancer(self) -> Component:
        """The balancer."""
        return self.arrival.component

    @property
    def settings(self) -> ApplicationLoadBalancerProperties:
        """The balancer's properties."""
        properties = self.balancer.properties
        assert isinstance(properties, ApplicationLoadBalancerProperties)
        return properties

    @property
    def http(self) -> Http:
        """The request."""
        assert self.arrival.message.http is not None
        return self.arrival.message.http

    def shares(self) -> tuple[tuple[str, float], ...]:
        """Return the target groups with their shares: those of the weights, or the one that a cookie names."""
        groups = [(item.target_group, item.weight) for item in self.action.forward]
        held = kept_group([name for name, _ in groups], self.http.cookies) if self.action.group_stickiness else None
        if held is not None:
            return ((held, 1.0),)
        total = sum(weight for _, weight in groups)
        return tuple((name, weight / total) for name, weight in groups) if total else ()

    def notes(self) -> Iterator[Step]:
        """Yield what is to be said of the choice among the groups."""
        groups = self.action.forward
        if len(groups) < 2:
            return
        held = self.action.group_stickiness
        if held is not None:
            kept = kept_group([item.target_group for item in groups], self.http.cookies)
            text = (
                f"The cookie AWSALBTG holds the client at {kept}."
                if kept
                else f"The client is held at the group it is given for {held:g} s (cookie AWSALBTG)."
            )
            yield Step("target", Action.CHOOSE, "", text, self.rule)
            return
        sticky = [item.target_group for item in groups if self._group(item.target_group).stickiness]
        if sticky:
            text = (
                f"{', '.join(sticky)} keeps clients at their target, but without stickiness of the groups the next "
                "request may go to another group."
            )
            yield Step("target", Action.CHOOSE, codes.ELBV2_GROUP_NOT_STICKY, text, self.rule)

    def call(self) -> Call:
        """Return the call that goes to one target."""
        ways = tuple(self._ways())
        label = f"{self.balancer.id} passes the request on"
        limits = (*self._patience(), self._idle())
        return Call(label, ways, relays=True, refused_status=BAD_GATEWAY, timeout_status=504, deadlines=limits)

    def _group(self, name: str) -> TargetGroupProperties:
        component = self.walk.world.components[name]
        known = component.properties
        return known if isinstance(known, TargetGroupProperties) else TargetGroupProperties()

    def _ways(self) -> Iterator[Way]:
        shares = self.shares()
        if not shares:
            names = ", ".join(item.target_group for item in self.action.forward)
            missing = f"what a forward does whose weights are all 0 ({names}): AWS does not say"
            step = Step("target", Action.UNKNOWN, "", f"Not decided: {missing}.", RuleRef(self.balancer.id, names))
            hops = (hop(self.balancer, step),)
            yield Way(1.0, names, self.arrival.at, None, self.arrival.message, hops, missing=(missing,))
        zones = sorted({each.zone for each in self.walk.interfaces(self.balancer.id)} - {""})
        for name, share in shares:
            yield from self._to_group(self.walk.world.components[name], share, zones, several=len(shares) > 1)

    def _to_group(self, group: Component, share: float, zones: list[str], *, several: bool) -> Iterator[Way]:
        """Yield a way for each target of a group that may get the request."""
        ended = None if group.kind.stands_in else self._unfit(group)
        if ended is not None:
            refusal = hop(group, ended[1])
            yield Way(share, group.id, self.node, None, self.arrival.message, (refusal,), ended[0])
            return
        own = self._group(group.id).cross_zone
        crosses = crosses_zones(self.balancer) if own is None else own
        choice = choose(group, self.node, self.balancer, zones, crosses, self.walk, self.http.cookies)
        if not choice.members:
            status = None if choice.missing else 503
            yield Way(share, group.id, self.node, None, self.arrival.message, choice.hops, status, choice.missing)
        for member, weight in zip(choice.members, choice.weights, strict=True):
            label = f"{group.id}: {member.label}" if several else member.label
            if group_properties(group).target_type == "lambda":
                yield self._invokes(group, member, share * weight, label, choice.hops)
                continue
            secure = group_properties(group).protocol == "HTTPS"
            message = passed_on_by(self.arrival, member.port, self.settings, self.headers, secure=secure)
            opened = new_connection(
                self.balancer, group.id, self.node, member.endpoint, self.arrival, message, self.walk
            )
            hops = (*choice.hops, opened, *self._soon_closed(member))
            yield Way(share * weight, label, self.node, member.endpoint, message, hops)

    def _unfit(self, group: Component) -> tuple[int, Step] | None:
        """Return the status and step of a request that the group's targets cannot be given; None: they can."""
        known = group_properties(group)
        rule = RuleRef(group.id, known.protocol_version, ("protocol_version",))
        if known.target_type == "lambda":
            size = content_length(self.arrival.message)
            kind = RuleRef(group.id, "target type lambda", ("target_type",))
            if is_upgrade(self.http):
                text = f"The targets of {group.id} are functions, which speak no WebSocket: HTTP 400."
                return 400, Step("target", Action.DENY, codes.ELBV2_BAD_REQUEST, text, kind)
            if size is not None and size > FUNCTION_BYTES:
                text = (
                    f"The request has {size} bytes, more than the 1 MB that a balancer passes to a function: HTTP 413."
                )
                return 413, Step("target", Action.DENY, codes.ELBV2_BODY_TOO_LARGE, text, kind)
            return None
        secure = listener_protocol(self.listener) == "HTTPS"
        why = unfit(self.http, version_spoken(self.http, self.settings, secure=secure), known.protocol_version)
        if not why:
            return None
        text = f"{group.id} cannot be given the request: {why}: HTTP 464."
        return 464, Step("target", Action.DENY, codes.ELBV2_PROTOCOL_VERSION, text, rule)

    def _invokes(self, group: Component, member: Member, share: float, label: str, chosen: tuple[Hop, ...]) -> Way:
        """Return the way to a function: AWS carries the call, and its errors become a 502."""
        function = member.endpoint.component
        pair = (self.balancer.id, function)
        message = passed_on_by(self.arrival, 443, self.settings, self.headers, secure=True)
        if message.http is not None and not group_properties(group).multi_value_headers:
            message = replace(message, http=replace(message.http, query=_last_values(message.http.query)))
        if pair in self.walk.condition.links:
            text = f"The link from {self.balancer.id} to {function} is down."
            down = hop(group, Step("target", Action.DENY, codes.LINK_DOWN, text, RuleRef(self.balancer.id, text)))
            return Way(share, label, self.node, None, message, (*chosen, down), BAD_GATEWAY)
        text = f"{self.balancer.id} invokes {function} by the Lambda API and waits for its answer."
        rule = RuleRef(group.id, function, ("targets",))
        before, after = self.arrival.message.to_json(), message.to_json()
        step = Step("service", Action.ORIGINATE, "", text, rule, before=before, after=after, facts=("alb-lambda-01",))
        way = Way(1.0, function, Endpoint(group.id), function, message, (hop(group, step),), internal=text)
        call = Call(
            f"{group.id} > {function}",
            (way,),
            relays=True,
            refused_status=BAD_GATEWAY,
            timeout_status=BAD_GATEWAY,
            instead=((403, BAD_GATEWAY), (413, BAD_GATEWAY), (429, BAD_GATEWAY)),
            deadlines=self._patience(),
        )
        return Way(share, label, self.node, None, message, chosen, reception=Reception((), (call,)))

    def _idle(self) -> Deadline:
        """Return how long the balancer waits for a target (ALB guide, 'HTTP 504: Gateway timeout')."""
        limit = self.settings.idle_timeout
        text = f"{self.balancer.id} waits {limit:g} s (idle timeout) and then answers HTTP 504."
        rule = RuleRef(self.balancer.id, f"idle timeout {limit:g} s", ("idle_timeout",))
        return Deadline(limit, 504, Step("target", Action.DENY, codes.ELBV2_IDLE_TIMEOUT, text, rule))

    def _patience(self) -> tuple[Deadline, ...]:
        """Return how long the client waits: one that goes away first is logged as 460 (ALB guide, 'HTTP 460')."""
        client = client_of(self.arrival.sender, self.walk)
        if client is None or client.waits is None:
            return ()
        name = self.arrival.sender.component
        text = f"{name} closes the connection after {client.waits:g} s; {self.balancer.id} logs it as HTTP 460."
        rule = RuleRef(name, f"timeout {client.waits:g} s", ("timeout",))
        return (Deadline(client.waits, 460, Step("application", Action.DENY, codes.ELBV2_CLIENT_CLOSED, text, rule)),)

    def _soon_closed(self, member: Member) -> Iterator[Hop]:
        """Warn where a target closes idle connections before the balancer does (ALB guide, 'HTTP 502')."""
        name, world = member.endpoint.component, self.walk.world
        services = listens_of(world, name)
        service = service_on(services, member.port) if services else None
        limit = self.settings.idle_timeout
        if service is None or service.keep_alive is None or service.keep_alive >= limit:
            return
        text = (
            f"{name} closes idle connections after {service.keep_alive:g} s, {self.balancer.id} keeps them "
            f"{limit:g} s: a request sent just then gets HTTP 502."
        )
        rule = RuleRef(name, f"keep-alive {service.keep_alive:g} s", ("listens",))
        yield hop(self.balancer, Step("target", Action.FORWARD, codes.ELBV2_KEEP_ALIVE_SHORTER, text, rule))


def _last_values(query: str) -> str:
    """Return the query with the last value of each key alone (ALB guide, 'Multi-value headers')."""
    return urlencode(dict(parse_qsl(query, keep_blank_values=True)))


def new_connection(
    balancer: Component, group: str, node: Endpoint, target: Endpoint, arrival: Arrival, message: Message, walk: Walk
) -> Hop:
    """Return the hop of the connection that a node opens to a target of ``group`` (the balancer itself for one
    without target groups)."""
    cut = next(
        (
            pair
            for pair in ((balancer.id, group), (group, target.component), (balancer.id, target.component))
            if pair in walk.condition.links
        ),
        None,
    )
    if cut:
        text = f"The link from {cut[0]} to {cut[1]} is down."
        return hop(balancer, Step("target", Action.DENY, codes.LINK_DOWN, text, RuleRef(balancer.id, text)))
    text = (
        f"{balancer.id} ends the client's connection and opens its own from {node.address} to {target}:{message.port}."
    )
    step = Step(
        "target",
        Action.TRANSLATE,
        codes.REMAP_EPHEMERAL_PORT,
        text,
        RuleRef(balancer.id, f"node in {node.zone}", ("subnets",)),
        before={"source": arrival.sender.address, "destination": arrival.at.address, **arrival.message.to_json()},
        after={"source": node.address, "destination": target.address, **message.to_json()},
        facts=("alb-tls-01", "alb-xff-01"),
    )
    return hop(balancer, step)
