"""How a Classic Load Balancer answers its name and what it does with a request.

TCP and SSL listeners pass connections on, so that requests come to the instances by themselves; of HTTP and HTTPS
listeners the balancer answers, and asks the instances over connections of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from archtui.model.component import Component
from archtui.services.elb.certificates import certificate_step, unknown_certificates
from archtui.services.elb.forwarding import new_connection
from archtui.services.elb.headers import passed_on
from archtui.services.elb_classic.network import instance_port, members_of
from archtui.services.elb_classic.properties import ClassicListener, ClassicLoadBalancerProperties
from archtui.trace import codes
from archtui.trace.interface import (
    Arrival,
    Call,
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
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Action, RuleRef, Step, Verdict
from archtui.world.world import World

NO_INSTANCE = "ELB_NO_INSTANCE_IN_SERVICE"
_SECURE = ("HTTPS", "SSL")
_READ = ("HTTP", "HTTPS")


def properties_of(balancer: Component) -> ClassicLoadBalancerProperties:
    """Return the properties of a Classic Load Balancer."""
    if not isinstance(balancer.properties, ClassicLoadBalancerProperties):
        raise TypeError(f"{balancer.id} is no Classic Load Balancer")
    return balancer.properties


@dataclass(frozen=True, slots=True)
class _Instance:
    """A registered instance with what the health check finds."""

    endpoint: Endpoint
    health: Health


def _instances(balancer: Component, node: Endpoint, walk: Walk) -> tuple[_Instance, ...]:
    """Return the registered instances as the health check of ``node`` finds them."""
    seen = walk.perceived(f"alb.target:{balancer.id}")
    found = []
    for name, member in members_of(balancer, walk.world):
        for endpoint in seen.interfaces(name)[:1]:
            key = ("classic", balancer.id, node.interface or node.address, endpoint.interface)
            stated = member.state
            health = (
                _checked(balancer, endpoint, node, seen, key)
                if stated in (None, "Unknown")
                else Health(stated == "InService", f"AWS reported it {stated}", codes.TARGET_UNHEALTHY)
            )
            found.append(_Instance(endpoint, health))
    return tuple(found)


def _checked(balancer: Component, endpoint: Endpoint, node: Endpoint, walk: Walk, key: tuple[str, ...]) -> Health:
    return walk.once(key, lambda: _probe(balancer, endpoint, node, walk), Health(None, "its health depends on itself"))


def _probe(balancer: Component, endpoint: Endpoint, node: Endpoint, walk: Walk) -> Health:
    """Ask an instance as the health check does: a connection, or status 200 (Classic Load Balancer guide,
    'Configure health checks')."""
    properties = properties_of(balancer)
    check = properties.health_check
    if (balancer.id, endpoint.component) in walk.condition.links:
        return Health(False, f"the link from {balancer.id} to {endpoint.component} is down", codes.LINK_DOWN)
    port = check.port or (instance_port(properties.listeners[0]) if properties.listeners else 80)
    http = None
    if check.protocol in _READ:
        scheme: Literal["http", "https"] = "https" if check.protocol == "HTTPS" else "http"
        http = Http(scheme=scheme, host=endpoint.address, path=check.path)
    probe = walk.probe(node, endpoint, Message("tcp", port, http))
    what = f"{check.protocol} {port}{check.path if http else ''}"
    if probe.verdict is Verdict.UNKNOWN:
        return Health(None, f"whether its health check ({what}) passes is not known", codes.TARGET_HEALTH_UNKNOWN)
    if http and probe.status is not None and probe.status != 200:
        text = f"its health check ({what}) is answered with {probe.status}, not 200"
        return Health(False, text, codes.TARGET_HEALTH_CHECK_FAILED)
    if probe.verdict is Verdict.BLOCKED and not (http and probe.status is not None):
        return Health(False, f"its health check ({what}) gets no answer", codes.TARGET_HEALTH_CHECK_BLOCKED)
    return Health(True, f"its health check ({what}) passes")


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
        found = [item.health.healthy for node in nodes for item in _instances(component, node, walk)]
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
        if listener is None or listener.protocol not in _READ:
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
        if message.http is None or listener.protocol not in _READ:
            steps.append(Step("listener", Action.ACCEPT, "", f"{balancer.id} accepts the connection.", rule))
            return Reception((hop(balancer, *steps),))
        secure = listener.protocol in _SECURE
        if secure != (message.http.scheme == "https"):
            spoken = message.http.scheme.upper()
            why = f"The client speaks {spoken} on port {listener.port}, where {balancer.id} speaks {listener.protocol}."
            return _denied(balancer, steps, codes.ELBV2_PROTOCOL_MISMATCH, why, rule, 400 if secure else None)
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
    every = _instances(balancer, node, walk)
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
    names = ", ".join(str(item.endpoint) for item in usable)
    text = f"{len(usable)} of {len(every)} instances of {balancer.id} can be used: {names}."
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
    call = Call(f"{balancer.id} passes the request on", ways, relays=True, refused_status=503, timeout_status=504)
    return Reception((hop(balancer, *steps),), (call,), missing=unknown)


def _denied(
    balancer: Component, steps: Sequence[Step], code: str, text: str, rule: RuleRef, status: int | None = None
) -> Reception:
    return Reception((hop(balancer, *steps, Step("listener", Action.DENY, code, text, rule)),), status=status)
