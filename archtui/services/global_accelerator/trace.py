"""What an accelerator does with a connection: the nearest endpoint group, its dial, a healthy endpoint by weight.

Source: Global Accelerator Developer Guide, "How AWS Global Accelerator works", "Traffic dials", "Endpoint weights"
and "How failover works for unhealthy endpoints".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archtui.model.component import Component
from archtui.model.fields import port_range
from archtui.services.global_accelerator.names import accelerator, addresses, ipv6_addresses
from archtui.services.global_accelerator.properties import AcceleratorEndpoint, AcceleratorListener, EndpointGroup
from archtui.services.route53.places import REGIONS, distance
from archtui.services.vpc.properties import ElasticIpProperties
from archtui.trace import codes
from archtui.trace.interface import (
    Arrival,
    Call,
    HasHealth,
    Health,
    Originates,
    Receives,
    Reception,
    Walk,
    Way,
    hop,
)
from archtui.trace.message import Endpoint, Message
from archtui.world.steps import Action, RuleRef, Step, Verdict

_OTHER_FAMILY = "NO_COMMON_ADDRESS_FAMILY"
CLOSEST = 3
"""So many endpoint groups are tried before Global Accelerator fails open."""
PRESERVED = ("application_load_balancer", "ec2_instance")
"""Kinds that see the client's address unless it is switched off (guide, "Preserve client IP addresses")."""


@dataclass(frozen=True, slots=True)
class _Share:
    """One endpoint with its share of the connections, and why."""

    group: int
    endpoint: AcceleratorEndpoint
    share: float
    code: str
    why: str


class AcceleratorReceives(Receives, HasHealth):
    """An accelerator passes each connection on to one endpoint; it neither caches nor ends TLS."""

    def port(self, component: Component) -> int | None:
        ports = [port_range(listener.ports) for listener in accelerator(component).listeners]
        return ports[0][0] if len(ports) == 1 and ports[0][0] == ports[0][1] else None

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, message = arrival.component, arrival.message
        properties = accelerator(component)
        if walk.is_down(component.id) or not properties.enabled:
            state = "down" if walk.is_down(component.id) else "disabled"
            rule = RuleRef(component.id, state)
            step = Step("service", Action.DENY, codes.BAD_STATE, f"{component.id} is {state}.", rule)
            return Reception((hop(component, step),))
        index = next((i for i, each in enumerate(properties.listeners) if _takes(each, message)), None)
        if index is None:
            known = ", ".join(f"{each.protocol} {each.ports}" for each in properties.listeners) or "none"
            text = f"No listener of {component.id} takes {message.protocol} {message.port}; it has {known}."
            rule = RuleRef(component.id, "listeners", ("listeners",))
            step = Step("listener", Action.DENY, codes.ELBV2_LISTENERS_MISMATCH, text, rule)
            return Reception((hop(component, step),))
        if properties.type == "custom_routing":
            missing = f"which address and port {component.id} maps {message.protocol} {message.port} to"
            rule = RuleRef(component.id, "custom routing", ("type",))
            text = f"Custom routing maps each port to an address of a subnet: not known is {missing}."
            step = Step("service", Action.UNKNOWN, codes.UNKNOWN_DESTINATION, text, rule)
            return Reception((hop(component, step),), missing=(missing,))
        return self._passed_on(arrival, properties.listeners[index], index, walk)

    def _passed_on(self, arrival: Arrival, listener: AcceleratorListener, index: int, walk: Walk) -> Reception:
        component = arrival.component
        order = _nearest(listener, arrival, walk)
        if order is None:
            missing = f"the region nearest to {arrival.origin.component}, which decides between endpoint groups"
            rule = RuleRef(component.id, "endpoint groups", ("listeners", index, "groups"))
            step = Step("service", Action.UNKNOWN, codes.DNS_POLICY_UNDECIDED, f"Not known: {missing}.", rule)
            return Reception((hop(component, step),), missing=(missing,))
        seen = walk.perceived(f"global_accelerator:{component.id}")
        shares = _shares(component, listener, order, seen)
        if isinstance(shares, str):
            rule = RuleRef(component.id, "endpoints", ("listeners", index, "groups"))
            action = Action.UNKNOWN if shares else Action.DENY
            text = f"Not known: {shares}." if shares else f"{component.id} has no endpoint for this listener."
            step = Step("service", action, "" if shares else codes.BAD_STATE, text, rule)
            return Reception((hop(component, step),), missing=(shares,) if shares else ())
        ways = tuple(way for share in shares for way in _ways(arrival, share, index, walk))
        label = f"{component.id} passes the connection on"
        call = Call(label, ways, relays=True, refused_status=None, timeout_status=None)
        text = f"The listener {listener.protocol} {listener.ports} of {component.id} takes the connection at the edge."
        rule = RuleRef(component.id, f"listener {listener.ports}", ("listeners", index))
        facts = ("global_accelerator-role-01", "global_accelerator-cache-01")
        return Reception((hop(component, Step("service", Action.ACCEPT, "", text, rule, facts=facts)),), (call,))

    def health(self, component: Component, walk: Walk) -> Health:
        found = [
            endpoint_health(component, listener, group, endpoint, walk).healthy
            for listener in accelerator(component).listeners
            for group in listener.groups
            for endpoint in group.endpoints
        ]
        if any(found):
            return Health(True, f"{component.id} has a healthy endpoint")
        return Health(None if None in found else False, f"no endpoint of {component.id} is known to be healthy")


def _takes(listener: AcceleratorListener, message: Message) -> bool:
    low, high = port_range(listener.ports)
    return message.protocol == listener.protocol and message.port is not None and low <= message.port <= high


def _nearest(listener: AcceleratorListener, arrival: Arrival, walk: Walk) -> tuple[int, ...] | None:
    """Return the endpoint groups by their distance to the client; None: its place is not known."""
    groups = listener.groups
    if len(groups) < 2:
        return tuple(range(len(groups)))
    component = walk.world.components.get(arrival.origin.component)
    outside = component.kind.behaviour(Originates) if component else None
    origin = outside.origin(component) if component and outside else None
    if origin and origin.latencies and all(group.region in origin.latencies for group in groups):
        return tuple(sorted(range(len(groups)), key=lambda i: origin.latencies[groups[i].region]))
    region = origin.region if origin else walk.world.placement(component.id).region if component else None
    here = (origin.position if origin else None) or REGIONS.get(region or "")
    places = [REGIONS.get(group.region) for group in groups]
    if here is None or None in places:
        return None
    far = [distance(here, place) for place in places if place is not None]
    return tuple(sorted(range(len(groups)), key=lambda i: (groups[i].region != region, far[i])))


def _shares(
    component: Component, listener: AcceleratorListener, order: Sequence[int], walk: Walk
) -> tuple[_Share, ...] | str:
    """Return which endpoints get which share; what is missing where it cannot be said, empty where there is none."""
    groups = listener.groups
    good: dict[int, list[AcceleratorEndpoint]] = {}
    for index in order:
        healthy = []
        for endpoint in groups[index].endpoints:
            state = endpoint_health(component, listener, groups[index], endpoint, walk)
            if state.healthy is None:
                return state.why
            if state.healthy and endpoint.weight:
                healthy.append(endpoint)
        good[index] = healthy
    if not any(groups[index].endpoints for index in order):
        return ""
    near = [index for index in order if groups[index].endpoints][:CLOSEST]
    usable = [index for index in near if good[index]]
    if not usable:
        first = near[0]
        every = groups[first].endpoints
        why = "no endpoint of the nearest groups is healthy, so one of the nearest is taken (fail open)"
        return tuple(_Share(first, each, 1 / len(every), codes.ELBV2_FAIL_OPEN, why) for each in every)
    parts: dict[int, float] = {}
    moved: set[int] = set()
    rest = 1.0
    for index in near:
        part = rest * groups[index].dial / 100
        rest -= part
        taker = index if good[index] else usable[0]
        if part and taker != index:
            moved.add(taker)
        if part:
            parts[taker] = parts.get(taker, 0.0) + part
    if rest > 1e-12:
        parts[usable[0]] = parts.get(usable[0], 0.0) + rest
    found = []
    for index, part in parts.items():
        total = sum(endpoint.weight for endpoint in good[index])
        code = codes.DNS_ANSWER_UNHEALTHY if index in moved else ""
        region = groups[index].region
        why = f"{region} takes over from a group without a healthy endpoint" if code else f"{region} is near"
        found += [_Share(index, each, part * each.weight / total, code, why) for each in good[index]]
    return tuple(found)


def endpoint_health(
    component: Component, listener: AcceleratorListener, group: EndpointGroup, endpoint: AcceleratorEndpoint, walk: Walk
) -> Health:
    """Say whether an endpoint is healthy: a balancer knows by itself, an instance or Elastic IP is checked."""
    target = walk.world.components[endpoint.to]
    if target.kind.stands_in:
        return Health(None, f"the health of {target.id}: it is not modelled")
    own = target.kind.behaviour(HasHealth)
    if own is not None:
        return own.health(target, walk)
    ends = _ends(endpoint.to, walk)
    if not ends:
        return Health(False, f"{endpoint.to} has no public address")
    first = port_range(listener.ports)[0]
    port = group.health_check_port or next((o.endpoint for o in group.port_overrides if o.listener == first), first)
    probe = walk.probe(Endpoint(component.id, addresses(component)[0]), ends[0], Message("tcp", port))
    if probe.verdict is Verdict.UNKNOWN:
        return Health(None, f"whether {endpoint.to} answers on tcp {port}")
    good = probe.verdict is Verdict.REACHABLE
    return Health(good, f"{endpoint.to} {'answers' if good else 'does not answer'} on tcp {port}")


def _ends(name: str, walk: Walk) -> tuple[Endpoint, ...]:
    """Return the interfaces of an endpoint that have a public address, with that address."""
    properties = walk.world.components[name].properties
    if isinstance(properties, ElasticIpProperties):
        name = properties.attached_to or ""
    found = []
    for nic in walk.interfaces(name) if name else ():
        public = walk.public_address(nic)
        if public and not walk.condition.part_down(nic.component, nic.zone):
            found.append(replace(nic, address=public))
    return tuple(found)


def _ways(arrival: Arrival, share: _Share, index: int, walk: Walk) -> tuple[Way, ...]:
    """Return the ways to one endpoint: to each of its interfaces."""
    component, name = arrival.component, share.endpoint.to
    rule = RuleRef(component.id, f"endpoint {name}", ("listeners", index, "groups", share.group, "endpoints"))
    kept = share.endpoint.preserve_client_ip
    kind = walk.world.components[name].kind.name
    preserves = kept if kept is not None else kind in PRESERVED
    own = (ipv6_addresses(component) if ":" in arrival.at.address else ()) or addresses(component)
    source = arrival.sender if preserves else Endpoint(component.id, own[0])
    ends = _ends(name, walk)
    if ":" in arrival.at.address:
        ends = tuple(six for end in ends if (six := walk.over_ipv6(end, public=True)) is not None)
        if not ends:
            text = f"{name} has no IPv6 address, so connections over IPv6 do not get on to it."
            step = Step("service", Action.DENY, _OTHER_FAMILY, text, rule)
            return (Way(share.share, name, arrival.sender, None, arrival.message, (hop(component, step),)),)
    if not ends:
        missing = f"the way into the VPC to {name}, which has no public address"
        step = Step("service", Action.UNKNOWN, codes.UNKNOWN_DESTINATION, f"Not known: {missing}.", rule)
        return (Way(share.share, name, source, None, arrival.message, (hop(component, step),), missing=(missing,)),)
    seen = "the client's own address" if preserves else f"{source.address}, an address of the accelerator"
    listener = accelerator(component).listeners[index]
    kept_to = ", each client always to the same endpoint" if listener.affinity == "source_ip" else ""
    text = f"{component.id} sends {share.share * 100:.4g} % to {name}{kept_to}, which sees {seen}: {share.why}."
    step = Step("service", Action.CHOOSE, share.code, text, rule, facts=("global_accelerator-failover-01",))
    if (component.id, name) in walk.condition.links:
        step = Step("service", Action.DENY, codes.LINK_DOWN, f"The link from {component.id} to {name} is down.", rule)
        return (Way(share.share, name, source, None, arrival.message, (hop(component, step),)),)
    part = share.share / len(ends)
    asked = arrival.message.port or 0
    mapped = {each.listener: each.endpoint for each in listener.groups[share.group].port_overrides}
    message = arrival.message.to_port(mapped.get(asked, asked))
    return tuple(Way(part, f"{name} {end.zone}".strip(), source, end, message, (hop(component, step),)) for end in ends)
