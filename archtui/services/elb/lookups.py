"""What rules ask about balancers: which listener forwards to which group, and what is registered there."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.model.component import Component
from archtui.model.operations import Path
from archtui.services.ec2.properties import AutoScalingGroupProperties
from archtui.services.elb.properties import (
    ApplicationLoadBalancerProperties,
    Listener,
    LoadBalancerProperties,
    TargetGroupProperties,
)
from archtui.services.lookups import each
from archtui.world.world import World

BALANCERS = ("application_load_balancer", "network_load_balancer")


@dataclass(frozen=True, slots=True)
class Forwarding:
    """One way from a balancer to a target group."""

    balancer: str
    listener: Listener
    group: str
    weight: int
    path: Path
    """The place of the listener or rule in the balancer's properties."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One thing registered in a target group."""

    name: str
    """The id of an instance or Auto Scaling group, or an address."""
    port: int | None
    """The port it is asked on; None where neither it nor its group says."""
    path: Path
    """The place in the target group's properties; empty for what an Auto Scaling group registers."""


def listener_protocol(properties: LoadBalancerProperties, listener: Listener) -> str:
    """Return the protocol of ``listener``, AWS's usual one where it is left out."""
    if listener.protocol:
        return listener.protocol
    if isinstance(properties, ApplicationLoadBalancerProperties):
        return "HTTPS" if listener.port == 443 or listener.certificate or listener.certificates else "HTTP"
    return "TLS" if listener.certificate or listener.certificates else "TCP"


def forwardings(world: World) -> tuple[Forwarding, ...]:
    """Return every way from a listener or one of its rules to a target group."""
    return world.part(_forwardings)


def _forwardings(world: World) -> tuple[Forwarding, ...]:
    found: list[Forwarding] = []
    for component, balancer in each(world, LoadBalancerProperties):
        for index, listener in enumerate(balancer.listeners):
            here: Path = ("listeners", index)
            actions = [(here, listener.forward)]
            actions += [((*here, "rules", place), rule.forward) for place, rule in enumerate(listener.rules)]
            for path, forward in actions:
                found += [Forwarding(component.id, listener, item.target_group, item.weight, path) for item in forward]
    return tuple(found)


def group_port(group: TargetGroupProperties) -> int | None:
    """Return the port of targets that name none."""
    return group.port or {"HTTP": 80, "HTTPS": 443}.get(group.protocol)


def registered(world: World, name: str) -> tuple[Registered, ...]:
    """Return what is registered in target group ``name``, by itself or through an Auto Scaling group."""
    return world.part(_registrations).get(name, ())


def _registrations(world: World) -> dict[str, tuple[Registered, ...]]:
    through: dict[str, list[tuple[Component, AutoScalingGroupProperties]]] = {}
    for component, scaling in each(world, AutoScalingGroupProperties):
        for name in scaling.target_groups:
            through.setdefault(name, []).append((component, scaling))
    found: dict[str, tuple[Registered, ...]] = {}
    for item, group in each(world, TargetGroupProperties):
        default = group_port(group)
        members = [
            Registered(target.id, target.port or default, ("targets", index))
            for index, target in enumerate(group.targets)
        ]
        known = {member.name for member in members}
        for component, scaling in through.get(item.id, ()):
            if not known & {component.id, *scaling.instances}:
                members.append(Registered(component.id, default, ()))
        found[item.id] = tuple(members)
    return found


def serving_groups(world: World, name: str) -> tuple[str, ...]:
    """Return the target groups behind a balancer in which ``name`` is registered."""
    return world.part(_serving).get(name, ())


def _serving(world: World) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for group, members in world.part(_registrations).items():
        for member in members if balancers_of(world, group) else ():
            found.setdefault(member.name, {})[group] = None
    return {name: tuple(groups) for name, groups in found.items()}


def balancers_of(world: World, group: str) -> tuple[str, ...]:
    """Return the balancers that forward to target group ``group``, in the design's order."""
    return world.part(_users)[1].get(group, ())


def groups_behind(world: World, balancer: str) -> tuple[str, ...]:
    """Return the target groups that ``balancer`` forwards to."""
    return world.part(_users)[0].get(balancer, ())


def _users(world: World) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    behind: dict[str, dict[str, None]] = {}
    before: dict[str, dict[str, None]] = {}
    for way in forwardings(world):
        behind.setdefault(way.balancer, {})[way.group] = None
        before.setdefault(way.group, {})[way.balancer] = None
    return {key: tuple(value) for key, value in behind.items()}, {key: tuple(value) for key, value in before.items()}


def health_port(group: TargetGroupProperties, traffic_port: int | None) -> int | None:
    """Return the port that the health check asks for a target registered on ``traffic_port``."""
    asked = group.health_check.port
    return asked if isinstance(asked, int) else traffic_port


def health_protocol(group: TargetGroupProperties) -> str:
    """Return the protocol of the health check; the group's own is not taken over, HTTP is AWS's default here."""
    if group.health_check.protocol:
        return group.health_check.protocol
    return "HTTP" if group.protocol in ("HTTP", "HTTPS") else "TCP"


def status_matches(matcher: str, status: int) -> bool:
    """Say whether ``status`` is among those of ``matcher`` (``200``, ``200-399``, ``200,301``)."""
    for part in matcher.split(","):
        low, _, high = part.strip().partition("-")
        if low.isdigit() and (high or low).isdigit() and int(low) <= status <= int(high or low):
            return True
    return False
