"""Target groups: who is healthy and who gets the request."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from archtui.model.component import Component
from archtui.services.elb.matching import status_matches
from archtui.services.elb.members import Member, group_properties, members
from archtui.services.elb.properties import HealthyEnough, TargetGroupProperties
from archtui.services.elb.registration import group_refusal, target_refusal
from archtui.services.elb.sticky import Shares, shares_of
from archtui.trace import codes
from archtui.trace.interface import Health, Walk, hop
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Action, Hop, RuleRef, Step, Verdict


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
    checked = properties.target_type == "lambda" and properties.health_check.enabled
    if checked and walk.is_down(member.endpoint.component):
        return Health(False, "its health check invokes it, and it is down", codes.TARGET_HEALTH_CHECK_FAILED)
    for pair in ((balancer, group.id), (group.id, member.endpoint.component), (balancer, member.endpoint.component)):
        if pair in walk.condition.links:
            return Health(False, f"the link from {pair[0]} to {pair[1]} is down", codes.LINK_DOWN)
    check = properties.health_check
    if not check.enabled or properties.target_type == "lambda":
        return Health(True, "its health is not checked" if not check.enabled else "its health check invokes it")
    judged = walk.condition.judgement(member.endpoint.component, group.id)
    if judged is not None:
        wrong = "passes whatever is true" if judged else "fails although nothing is wrong"
        return Health(judged, f"its health check {wrong}", "" if judged else codes.TARGET_HEALTH_CHECK_FAILED)
    port = member.port if check.port == "traffic-port" else check.port
    protocol = check.protocol or (
        "TCP" if properties.protocol in ("TCP", "TLS", "UDP", "TCP_UDP") else properties.protocol
    )
    http = None
    if protocol in ("HTTP", "HTTPS") and properties.protocol_version != "GRPC":
        http = Http(scheme="https" if protocol == "HTTPS" else "http", host=member.endpoint.address, path=check.path)
    probe = walk.probe(node, member.endpoint, Message("tcp", port, http))
    what = f"{protocol} {port}{check.path if http else ''}"
    if probe.verdict is Verdict.UNKNOWN:
        return Health(None, f"whether its health check ({what}) passes is not known", codes.TARGET_HEALTH_UNKNOWN)
    if http and probe.status is not None and not status_matches(check.matcher, probe.status):
        text = f"its health check ({what}) is answered with {probe.status}, not {check.matcher}"
        return Health(False, text, codes.TARGET_HEALTH_CHECK_FAILED)
    if probe.seconds > check.timeout:
        text = f"its health check ({what}) waits {check.timeout:g} s, and the answer comes {probe.seconds:g} s late"
        return Health(False, text, codes.TARGET_HEALTH_CHECK_FAILED)
    if probe.verdict is Verdict.BLOCKED and not (http and probe.status is not None):
        first = probe.blockers[0] if probe.blockers else None
        cause = f": {first.message.rstrip('.')} ({first.code} at {first.component})" if first else ""
        return Health(False, f"its health check ({what}) gets no answer{cause}", codes.TARGET_HEALTH_CHECK_BLOCKED)
    return Health(True, f"its health check ({what}) passes")


@dataclass(frozen=True)
class Choice:
    """Who may get the request, with the shares, and the steps that say why."""

    group: Component
    hops: tuple[Hop, ...]
    members: tuple[Member, ...]
    missing: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()


def choose(
    group: Component,
    node: Endpoint,
    balancer: Component,
    zones: Sequence[str],
    cross_zone: bool,
    walk: Walk,
    cookies: Mapping[str, str] = MappingProxyType({}),
) -> Choice:
    """Choose the targets of ``group`` for a balancer node, once for all requests with the same ``cookies`` that come
    to the node."""
    held = ";".join(f"{name}={value}" for name, value in sorted(cookies.items()))
    key = ("choice", group.id, balancer.id, str(node), node.interface, str(cross_zone), *zones, held)
    return walk.kept(key, lambda: _choice(group, node, balancer, zones, cross_zone, walk, cookies))


def _choice(
    group: Component,
    node: Endpoint,
    balancer: Component,
    zones: Sequence[str],
    cross_zone: bool,
    walk: Walk,
    cookies: Mapping[str, str],
) -> Choice:
    """Choose the targets of ``group`` for a balancer node; ``cookies`` are the request's.

    Only healthy targets get requests; where too few are, all of them do (ALB guide, "Health
    checks for your target groups": fail-open, "Target group health": routing failover). Targets that are being
    deregistered get none at all. Before the health check has noticed a failure the node still goes by what it knew.
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
    leaving = [m for m in registered if m.target and m.target.health in ("draining", "unused")]
    gone = [RuleRef(group.id, m.label, m.path, _leaves(m, group_properties(group))) for m in leaving]
    registered = tuple(m for m in registered if m not in leaving)
    if not registered:
        said = "no registered target" if not leaving else "no target left but those that are leaving it"
        return _refuse(group, codes.ELBV2_LISTENER_HAS_NO_TG, f"{group.id} has {said}: HTTP 503.", gone)
    home = walk.world.placement(group.id).vpc
    enabled = [m for m in registered if not m.endpoint.zone or m.endpoint.zone in zones or _zoneless(m, home, walk)]
    lost = (
        refused
        + gone
        + [
            RuleRef(group.id, m.label, m.path, f"{m.endpoint.zone} is not enabled on {balancer.id}")
            for m in registered
            if m not in enabled
        ]
    )
    if not enabled:
        text = f"All targets of {group.id} are in zones that are not enabled on {balancer.id}: HTTP 503."
        return _refuse(group, "ELB_INSTALLED_AZ_RESTRICTION", text, lost)
    usable = enabled if cross_zone else [m for m in enabled if m.endpoint.zone in ("", node.zone)]
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
    if len(healthy) >= enough(group_properties(group).routing_failover, len(usable)):
        lost += [RuleRef(group.id, m.label, m.path, health.why) for m, health in found if health.healthy is False]
        others = [*leaving, *(m for m in registered if m not in healthy)]
        shares = shares_of(group, healthy, others, cookies, walk.world)
        steps.append(_chosen(group, shares, healthy, len(registered), lost))
        return Choice(group, (hop(group, *steps),), shares.members, unknown, shares.weights)
    well = f"Only {len(healthy)} of {len(usable)} targets" if healthy else "No target"
    be = "are" if healthy else "is"
    text = f"{well} of {group.id} {be} healthy, so the balancer fails open and sends requests to all of them."
    rule = RuleRef(group.id, text, ("routing_failover",) if healthy else ("health_check",))
    steps.append(Step("target", Action.CHOOSE, codes.ELBV2_FAIL_OPEN, text, rule, tuple(lost)))
    shares = shares_of(group, usable, leaving, cookies, walk.world)
    return Choice(group, (hop(group, *steps),), shares.members, unknown, shares.weights)


def enough(wanted: HealthyEnough, among: int) -> int:
    """Return how many of ``among`` targets must be healthy; one where a group asks for nothing more."""
    return max(wanted.count, math.ceil((wanted.percentage or 0.0) * among - 1e-9))


def _chosen(group: Component, shares: Shares, healthy: Sequence[Member], known: int, lost: Sequence[RuleRef]) -> Step:
    names = ", ".join(m.label for m in healthy)
    text = f"{len(healthy)} of {known} targets of {group.id} can be used: {names}; {shares.text}"
    return Step("target", Action.CHOOSE, "", text, RuleRef(group.id, names, shares.path), tuple(lost))


def _leaves(member: Member, properties: TargetGroupProperties) -> str:
    """Say why a target gets no new request."""
    if member.target is None or member.target.health != "draining":
        return "it is not in use"
    delay = properties.deregistration_delay
    return f"it is being deregistered: requests it has already may take {delay:g} s, what takes longer ends with 502"


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
