"""How a Classic Load Balancer answers its name and what it does with a request.

TCP and SSL listeners pass connections on, so that requests come to the instances by themselves; of HTTP and HTTPS
listeners the balancer answers, and asks the instances over connections of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from archtui.model.component import Component
from archtui.services.elb.certificates import certificate_step, unknown_certificates
from archtui.services.elb.forwarding import new_connection
from archtui.services.elb.headers import passed_on
from archtui.services.elb.mutual import client_of
from archtui.services.elb_classic.health import NO_INSTANCE, READ, Instance, instances, properties_of
from archtui.services.elb_classic.network import instance_port
from archtui.services.elb_classic.passing import idle
from archtui.services.elb_classic.properties import ClassicListener
from archtui.trace import codes
from archtui.trace.interface import (
    Arrival,
    Call,
    Deadline,
    HasHealth,
    HasName,
    Health,
    NameAnswer,
    NameWay,
    Question,
    Receives,
    Reception,
    Walk,
    Way,
    hop,
)
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

_SECURE = ("HTTPS", "SSL")
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
MOST_METHOD = 127
"""Characters that a method may have."""
COOKIE = "AWSELB"
"""The cookie by which the balancer holds a client at an instance."""


class ClassicName(HasName, HasHealth):
    """Its own DNS name gives the addresses of its nodes."""

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        internal = "internal-" if properties_of(component).scheme == "internal" else ""
        return (f"{internal}{component.id}.{world.placement(component.id).region}.elb.amazonaws.com".lower(),)

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        every = walk.interfaces(component.id)
        if not every:
            return NameAnswer((), (), (f"the subnets of {component.id}",))
        nodes = _working(every, walk) if walk.acts(f"alb.node:{component.id}") else every
        if not nodes:
            text = f"No zone of {component.id} works: its name has no address."
            rule = RuleRef(component.id, "nodes", ("subnets",))
            return NameAnswer((hop(component, Step("dns", Action.DENY, codes.DNS_NO_NODES, text, rule)),))
        zones = ", ".join(sorted({node.zone for node in nodes}))
        internal = properties_of(component).scheme == "internal"
        what = "private" if internal else "public"
        text = f"The name of {component.id} gives the {what} addresses of its nodes in {zones}."
        rule = RuleRef(component.id, f"nodes in {zones}", ("subnets",))
        ways = []
        for node in nodes:
            public = "" if internal else walk.public_address(node)
            ways.append(NameWay(1 / len(nodes), replace(node, address=public or node.address), ttl=60.0))
        return NameAnswer((hop(component, Step("dns", Action.ANSWER, "", text, rule)),), tuple(ways))

    def health(self, component: Component, walk: Walk) -> Health:
        """It is healthy where it has an instance in service (Route 53 guide, 'Evaluate target health')."""
        nodes = _working(walk.interfaces(component.id), walk)
        if walk.is_down(component.id) or not nodes:
            return Health(False, f"{component.id} does not work", codes.BAD_STATE)
        found = [item.health.healthy for node in nodes for item in instances(component, node, walk)]
        if any(found):
            return Health(True, f"{component.id} has an instance in service")
        if None in found:
            return Health(None, f"whether {component.id} has an instance in service is not known")
        return Health(False, f"no instance of {component.id} is in service", codes.TARGET_UNHEALTHY)


def _working(nodes: Sequence[Endpoint], walk: Walk) -> tuple[Endpoint, ...]:
    return tuple(
        node
        for node in nodes
        if not walk.condition.part_down(node.component, node.zone) and not (node.subnet and walk.is_down(node.subnet))
    )


class ClassicReceives(Receives):
    """It reads a request and asks one of its instances that are in service."""

    def scheme(self, component: Component, port: int) -> Literal["", "http", "https"]:
        listener = next((item for item in properties_of(component).listeners if item.port == port), None)
        if listener is None or listener.protocol not in READ:
            return ""
        return "https" if listener.protocol == "HTTPS" else "http"

    def port(self, component: Component) -> int | None:
        listeners = properties_of(component).listeners
        return listeners[0].port if len(listeners) == 1 else None

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        balancer, message = arrival.component, arrival.message
        listeners = properties_of(balancer).listeners
        index = next((i for i, each in enumerate(listeners) if each.port == message.port), None)
        if walk.is_down(balancer.id):
            return _denied(balancer, (), codes.BAD_STATE, f"{balancer.id} is down.", RuleRef(balancer.id, "down"))
        if message.protocol != "tcp" or index is None:
            known = ", ".join(f"{item.protocol}:{item.port}" for item in listeners) or "none"
            text = f"No listener of {balancer.id} takes {message.protocol} {message.port}; it has {known}."
            return _denied(balancer, (), "ELB_LISTENERS_MISMATCH", text, RuleRef(balancer.id, "", ("listeners",)))
        listener = listeners[index]
        text = f"{listener.protocol}:{listener.port}"
        rule = RuleRef(balancer.id, f"listener {text}", ("listeners", index))
        steps = [Step("listener", Action.CHOOSE, "", f"Listener {text} of {balancer.id} takes the connection.", rule)]
        if message.http is None or listener.protocol not in READ:
            steps.append(Step("listener", Action.ACCEPT, "", f"{balancer.id} accepts the connection.", rule))
            return Reception((hop(balancer, *steps),))
        secure = listener.protocol in _SECURE
        if secure != (message.http.scheme == "https"):
            spoken = message.http.scheme.upper()
            why = f"The client speaks {spoken} on port {listener.port}, where {balancer.id} speaks {listener.protocol}."
            return _denied(balancer, steps, codes.ELBV2_PROTOCOL_MISMATCH, why, rule, 400 if secure else None)
        objection = _objection(balancer, arrival, walk)
        if objection is not None:
            status, code, why = objection
            return _denied(balancer, steps, code, why, rule, status)
        missing: tuple[str, ...] = ()
        if secure:
            ids = (listener.certificate,) if listener.certificate else ()
            shown = certificate_step(balancer, ids, text, index, message.http, walk)
            steps.append(shown)
            missing = unknown_certificates(ids, walk) if shown.action is Action.UNKNOWN else ()
        found = _asked(arrival, listener, steps, walk)
        return replace(found, missing=(*missing, *found.missing))


def _asked(arrival: Arrival, listener: ClassicListener, steps: list[Step], walk: Walk) -> Reception:
    """Ask one of the instances the node may use."""
    balancer = arrival.component
    properties = properties_of(balancer)
    node = next((n for n in walk.interfaces(balancer.id) if n.interface == arrival.at.interface), arrival.at)
    zones = {each.zone for each in walk.interfaces(balancer.id)} if properties.cross_zone else {node.zone}
    every = instances(balancer, node, walk)
    near = [item for item in every if item.endpoint.zone in zones]
    lost = tuple(
        RuleRef(balancer.id, str(item.endpoint), ("instances",), why)
        for item in every
        if (why := item.health.why if item in near and item.health.healthy is False else "")
        or (why := "" if item in near else "another zone, and cross-zone is off")
    )
    usable = [item for item in near if item.health.healthy is not False]
    if not usable:
        code = codes.ELB_NOT_CROSSZONE if every and not near else NO_INSTANCE
        why = (
            f"{balancer.id} has no instance in {node.zone}, and cross-zone balancing is off: HTTP 503."
            if code == codes.ELB_NOT_CROSSZONE
            else f"{balancer.id} has no instance in service: HTTP 503."
        )
        rule = RuleRef(balancer.id, "instances", ("instances",))
        steps.append(Step("target", Action.DENY, code, why, rule, lost))
        return Reception((hop(balancer, *steps),), status=503)
    usable, held = _stuck(listener, arrival, usable)
    names = ", ".join(str(item.endpoint) for item in usable)
    text = f"{len(usable)} of {len(every)} instances of {balancer.id} can be used: {names}.{held}"
    steps.append(Step("target", Action.CHOOSE, "", text, RuleRef(balancer.id, names, ("instances",)), lost))
    message = passed_on(arrival, instance_port(listener), secure=listener.instance_protocol == "HTTPS")
    ways = tuple(
        Way(
            1 / len(usable),
            f"{item.endpoint}:{message.port}",
            node,
            item.endpoint,
            message,
            (new_connection(balancer, balancer.id, node, item.endpoint, arrival, message, walk),),
        )
        for item in usable
    )
    unknown = tuple(
        f"the health of {item.endpoint}: {item.health.why}" for item in usable if item.health.healthy is None
    )
    limits = (replace(idle(balancer), status=504), *_patience(arrival, walk))
    label = f"{balancer.id} passes the request on"
    call = Call(label, ways, relays=True, refused_status=503, timeout_status=504, deadlines=limits)
    return Reception((hop(balancer, *steps),), (call,), missing=unknown)


def _objection(balancer: Component, arrival: Arrival, walk: Walk) -> tuple[int, str, str] | None:
    """Return status, code and sentence with which the balancer refuses a request; None: it passes it on.

    Source: Classic Load Balancer guide, 'Troubleshoot a Classic Load Balancer: HTTP errors' (400, 405, 408).
    """
    http = arrival.message.http
    if http is None:
        return None
    if len(http.method) > MOST_METHOD:
        text = f"{balancer.id} refuses the request: its method has more than {MOST_METHOD} characters (HTTP 405)."
        return 405, codes.ELBV2_METHOD_NOT_ALLOWED, text
    if not _METHOD.fullmatch(http.method):
        return 400, codes.ELBV2_BAD_REQUEST, f"{balancer.id} refuses the request: its method is malformed (HTTP 400)."
    client, limit = client_of(arrival.sender, walk), properties_of(balancer).idle_timeout
    if client is not None and client.pauses > limit:
        text = f"The client is silent for {client.pauses:g} s, longer than the idle timeout of {limit:g} s (HTTP 408)."
        return 408, codes.ELBV2_REQUEST_TIMEOUT, text
    return None


def _patience(arrival: Arrival, walk: Walk) -> tuple[Deadline, ...]:
    """Return how long the client waits: one that closes the connection first is logged as 408."""
    client = client_of(arrival.sender, walk)
    if client is None or client.waits is None:
        return ()
    name = arrival.sender.component
    text = f"{name} closes the connection after {client.waits:g} s; {arrival.component.id} logs it as HTTP 408."
    rule = RuleRef(name, f"timeout {client.waits:g} s", ("timeout",))
    return (Deadline(client.waits, 408, Step("application", Action.DENY, codes.ELBV2_CLIENT_CLOSED, text, rule)),)


def _stuck(listener: ClassicListener, arrival: Arrival, usable: list[Instance]) -> tuple[list[Instance], str]:
    """Return the instance that a cookie holds the client at, or all of them (Classic Load Balancer guide, 'Configure
    sticky sessions'). A request of a trace names the instance in the cookie, which in truth is encrypted."""
    cookies = arrival.message.http.cookies if arrival.message.http else {}
    named = cookies.get(COOKIE) if listener.stickiness else None
    held = [item for item in usable if named and named in (item.endpoint.component, item.endpoint.address)]
    if held:
        return held, f" The cookie {COOKIE} holds the client at it."
    if named:
        return usable, f" The cookie {COOKIE} names none of them: the client is given another one."
    return usable, f" The cookie {COOKIE} then holds the client at its instance." if listener.stickiness else ""


def _denied(
    balancer: Component, steps: Sequence[Step], code: str, text: str, rule: RuleRef, status: int | None = None
) -> Reception:
    return Reception((hop(balancer, *steps, Step("listener", Action.DENY, code, text, rule)),), status=status)
