"""Target groups: who is registered, who is healthy, who gets the request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtui.model.component import Component
from archtui.network.addresses import is_address
from archtui.services.elb.matching import status_matches
from archtui.services.elb.properties import Target, TargetGroupProperties
from archtui.services.elb.registration import group_refusal, target_refusal
from archtui.trace import codes
from archtui.trace.interface import HasMembers, Health, Registers, Walk, hop
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Action, Hop, RuleRef, Step, Verdict

DEFAULT_PORTS = {"HTTP": 80, "HTTPS": 443}


@dataclass(frozen=True)
class Member:
    """One target as the balancer sees it: where it is, on which port, and how it is registered."""

    endpoint: Endpoint
    port: int
    target: Target | None
    """None: an Auto Scaling group registered it."""
    path: tuple[str | int, ...]

    @property
    def label(self) -> str:
        """The member as a person reads it: ``web-1 (10.0.10.4):8080``."""
        return f"{self.endpoint}:{self.port}"


def group_properties(group: Component) -> TargetGroupProperties:
    """Return the properties of a target group."""
    if not isinstance(group.properties, TargetGroupProperties):
        raise TypeError(f"{group.id} is no target group")
    return group.properties


def group_port(properties: TargetGroupProperties) -> int:
    """Return the port of targets that name none."""
    return properties.port or DEFAULT_PORTS.get(properties.protocol, 80)


def members(group: Component, near: Endpoint, walk: Walk) -> tuple[Member, ...]:
    """Return the registered targets with their addresses, in the order of registration; not what AWS refuses."""
    properties = group_properties(group)
    port = group_port(properties)
    found: dict[tuple[str, str, int], Member] = {}
    for index, target in enumerate(properties.targets):
        if target_refusal(group, target.id, walk.world):
            continue
        for endpoint in _endpoints(target.id, near, walk):
            member = Member(endpoint, target.port or port, target, ("targets", index))
            found.setdefault((endpoint.component, endpoint.address, member.port), member)
    for edge in walk.world.referrers(group.id):
        owner = walk.world.components[edge.source]
        registers = owner.kind.behaviour(Registers)
        refused = target_refusal(group, owner.id, walk.world)
        if registers and group.id in registers.registers_in(owner) and not refused:
            for endpoint in _endpoints(owner.id, near, walk):
                found.setdefault((endpoint.component, endpoint.address, port), Member(endpoint, port, None, ()))
    return tuple(found.values())


def _endpoints(target: str, near: Endpoint, walk: Walk) -> tuple[Endpoint, ...]:
    if is_address(target):
        return (walk.owner(target, near),)
    component = walk.world.components.get(target)
    if component is None:
        return ()
    several = component.kind.behaviour(HasMembers)
    return several.members(component, walk) if several else walk.interfaces(target)[:1]


def member_health(group: Component, member: Member, node: Endpoint, balancer: str, walk: Walk) -> Health:
    """Return what the balancer node's health check finds out about ``member``."""
    key = ("target", group.id, node.interface or node.address, member.endpoint.interface or member.endpoint.address)
    return walk.once(
        (*key, str(member.port)),
        lambda: _member_health(group, member, node, balancer, walk),
        Health(None, "its health depends on itself"),
    )


def _member_health(group: Component, member: Member, node: Endpoint, balancer: str, walk: Walk) -> Health:
    properties = group_properties(group)
    stated = member.target.health if member.target else None
    if stated is not None:
        good = stated in ("healthy", "unavailable")
        return Health(good, f"AWS reported it {stated}", "" if good else codes.TARGET_UNHEALTHY)
    for pair in ((balancer, group.id), (group.id, member.endpoint.component), (balancer, member.endpoint.component)):
        if pair in walk.condition.links:
            return Health(False, f"the link from {pair[0]} to {pair[1]} is down", codes.LINK_DOWN)
    check = properties.health_check
    if not check.enabled:
        return Health(True, "its health is not checked")
    port = member.port if check.port == "traffic-port" else check.port
    protocol = check.protocol or (
        "TCP" if properties.protocol in ("TCP", "TLS", "UDP", "TCP_UDP") else properties.protocol
    )
    http = None
    if protocol in ("HTTP", "HTTPS"):
        http = Http(scheme="https" if protocol == "HTTPS" else "http", host=member.endpoint.address, path=check.path)
    probe = walk.probe(node, member.endpoint, Message("tcp", port, http))
    what = f"{protocol} {port}{check.path if http else ''}"
    if probe.verdict is Verdict.UNKNOWN:
        return Health(None, f"whether its health check ({what}) passes is not known", codes.TARGET_HEALTH_UNKNOWN)
    if http and probe.status is not None and not status_matches(check.matcher, probe.status):
        text = f"its health check ({what}) is answered with {probe.status}, not {check.matcher}"
        return Health(False, text, codes.TARGET_HEALTH_CHECK_FAILED)
    if probe.verdict is Verdict.BLOCKED and not (http and probe.status is not None):
        first = probe.blockers[0] if probe.blockers else None
        cause = f": {first.message.rstrip('.')} ({first.code} at {first.component})" if first else ""
        return Health(False, f"its health check ({what}) gets no answer{cause}", codes.TARGET_HEALTH_CHECK_BLOCKED)
    return Health(True, f"its health check ({what}) passes")


@dataclass(frozen=True)
class Choice:
    """Who may get the request, in equal shares, and the steps that say why."""

    group: Component
    hops: tuple[Hop, ...]
    members: tuple[Member, ...]
    missing: tuple[str, ...] = ()


def choose(
    group: Component, node: Endpoint, balancer: Component, zones: Sequence[str], cross_zone: bool, walk: Walk
) -> Choice:
    """Choose the targets of ``group`` for a balancer node, once for all requests that come to the node."""
    key = ("choice", group.id, balancer.id, str(node), node.interface, str(cross_zone), *zones)
    return walk.kept(key, lambda: _chosen(group, node, balancer, zones, cross_zone, walk))


def _chosen(
    group: Component, node: Endpoint, balancer: Component, zones: Sequence[str], cross_zone: bool, walk: Walk
) -> Choice:
    """Choose the targets of ``group`` for a balancer node.

    Only healthy targets get requests; where none is healthy all of them do (ALB guide, "Health
    checks for your target groups": fail-open). Before the health check has noticed a failure the
    node still goes by what it knew.
    """
    if group.kind.stands_in:
        missing = f"the targets of {group.id}: it is not modelled"
        step = Step("target", Action.UNKNOWN, "", f"Not decided: {missing}.", RuleRef(group.id, group.id))
        return Choice(group, (hop(group, step),), (), (missing,))
    foreign = group_refusal(group, balancer, walk.world)
    if foreign:
        return _refuse(group, codes.TARGET_ADDRESS_RESTRICTION, f"{foreign}.")
    seen = walk.perceived(f"alb.target:{group.id}")
    registered = () if walk.is_down(group.id) else members(group, node, seen)
    refused = list(_refused(group, walk))
    if refused and not registered:
        text = f"AWS registers no target in {group.id}: {refused[0].why}: HTTP 503."
        return _refuse(group, codes.TARGET_ADDRESS_RESTRICTION, text, refused)
    if not registered:
        return _refuse(group, codes.ELBV2_LISTENER_HAS_NO_TG, f"{group.id} has no registered target: HTTP 503.")
    home = walk.world.placement(group.id).vpc
    enabled = [m for m in registered if not m.endpoint.zone or m.endpoint.zone in zones or _zoneless(m, home, walk)]
    lost = refused + [
        RuleRef(group.id, m.label, m.path, f"{m.endpoint.zone} is not enabled on {balancer.id}")
        for m in registered
        if m not in enabled
    ]
    if not enabled:
        text = f"All targets of {group.id} are in zones that are not enabled on {balancer.id}: HTTP 503."
        return _refuse(group, "ELB_INSTALLED_AZ_RESTRICTION", text, lost)
    usable = enabled if cross_zone else [m for m in enabled if m.endpoint.zone == node.zone]
    lost += [
        RuleRef(group.id, m.label, m.path, "another zone, and cross-zone is off") for m in enabled if m not in usable
    ]
    if not usable:
        text = f"{group.id} has no target in {node.zone}, and cross-zone balancing is off: HTTP 503."
        return _refuse(group, codes.ELB_NOT_CROSSZONE, text, lost)
    found = [(m, member_health(group, m, node, balancer.id, seen)) for m in usable]
    steps = list(_health_steps(group, found))
    unknown = tuple(f"the health of {m.label}: {health.why}" for m, health in found if health.healthy is None)
    healthy = [m for m, health in found if health.healthy is not False]
    if healthy:
        lost += [RuleRef(group.id, m.label, m.path, health.why) for m, health in found if health.healthy is False]
        share = f"each gets 1 of {len(healthy)} requests" if len(healthy) > 1 else "it gets every request"
        names = ", ".join(m.label for m in healthy)
        text = f"{len(healthy)} of {len(registered)} targets of {group.id} can be used: {names}; {share}."
        steps.append(Step("target", Action.CHOOSE, "", text, RuleRef(group.id, names, ("targets",)), tuple(lost)))
        return Choice(group, (hop(group, *steps),), tuple(healthy), unknown)
    text = f"No target of {group.id} is healthy, so the balancer fails open and sends requests to all of them."
    rule = RuleRef(group.id, text, ("health_check",))
    steps.append(Step("target", Action.CHOOSE, codes.ELBV2_FAIL_OPEN, text, rule, tuple(lost)))
    return Choice(group, (hop(group, *steps),), tuple(usable), unknown)


def _refused(group: Component, walk: Walk) -> Iterator[RuleRef]:
    for index, target in enumerate(group_properties(group).targets):
        why = target_refusal(group, target.id, walk.world)
        if why:
            yield RuleRef(group.id, target.id, ("targets", index), why)


def _zoneless(member: Member, vpc: str | None, walk: Walk) -> bool:
    """Whether a target is registered with the zone ``all``: one outside the group's VPC has to be (ELBv2 API,
    ``TargetDescription``)."""
    if member.target is not None and member.target.az == "all":
        return True
    there = (
        walk.world.placement(member.endpoint.component).vpc
        if member.endpoint.component in walk.world.components
        else None
    )
    return vpc is not None and there is not None and there != vpc


def _refuse(group: Component, code: str, text: str, lost: Sequence[RuleRef] = ()) -> Choice:
    step = Step("target", Action.DENY, code, text, RuleRef(group.id, text, ("targets",)), tuple(lost))
    return Choice(group, (hop(group, step),), ())


def _health_steps(group: Component, found: Sequence[tuple[Member, Health]]) -> Iterator[Step]:
    """Say of every target that is not healthy why."""
    for member, health in found:
        if health.healthy is True:
            continue
        action = Action.CHOOSE if health.healthy is False else Action.UNKNOWN
        word = "unhealthy" if health.healthy is False else "of unknown health"
        path = ("health_check",) if health.code == codes.TARGET_HEALTH_CHECK_FAILED else member.path
        rule = RuleRef(group.id, member.label, path)
        yield Step("health", action, health.code, f"{member.label} is {word}: {health.why}.", rule)
