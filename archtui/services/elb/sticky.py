"""Who of the usable targets gets a request: a cookie's target, or each its share.

Sources: ALB guide, 'Sticky sessions for your Application Load Balancer', 'Slow start mode', 'Routing algorithms'.
Real cookies are encrypted; a request of a trace names in the cookie the target, or the target group, that it is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archtui.model.component import Component
from archtui.services.ec2.lookups import listens_of, service_on
from archtui.services.elb.members import Member, group_properties
from archtui.services.elb.properties import TargetGroupProperties
from archtui.world.world import World

BY_BALANCER = ("AWSALB", "AWSALBCORS")
BY_APPLICATION = "AWSALBAPP"
OF_GROUP = ("AWSALBTG", "AWSALBTGCORS")
DAY = 86400


@dataclass(frozen=True, slots=True)
class Shares:
    """The targets that get the request, with their shares, and why they are as they are."""

    members: tuple[Member, ...]
    weights: tuple[float, ...]
    text: str
    path: tuple[str | int, ...]


def shares_of(
    group: Component, usable: Sequence[Member], refused: Sequence[Member], cookies: Mapping[str, str], world: World
) -> Shares:
    """Choose among ``usable`` targets; ``refused`` are registered but get nothing."""
    properties = group_properties(group)
    named = _named(properties, cookies)
    note = ""
    if named is not None:
        for member in usable:
            if _is(member, named):
                text = f"The cookie holds the client at {member.label}: it gets the request."
                return Shares((member,), (1.0,), text, ("stickiness",))
        note = f" The cookie names {named or 'no target'}, which does not get it: the client is given another one."
        if not any(_is(member, named) for member in refused):
            note = " The cookie names no target of the group: its shares are those of all clients."
    weights, why, path = _weights(properties, usable, world)
    total = sum(weights)
    even = len({round(weight / total, 9) for weight in weights}) == 1
    if len(usable) == 1:
        text = "it gets every request"
    elif even:
        text = f"each gets 1 of {len(usable)} requests"
    else:
        text = ", ".join(f"{m.label} {w / total * 100:.3g} %" for m, w in zip(usable, weights, strict=True))
    if properties.stickiness and named is None and len(usable) > 1:
        note = f" {_sticks(properties)}"
    return Shares(tuple(usable), tuple(weight / total for weight in weights), f"{text}{why}.{note}", path)


def kept_group(groups: Sequence[str], cookies: Mapping[str, str]) -> str | None:
    """Return the target group that a cookie of the balancer holds the client at; None: none of them."""
    return next((cookies[name] for name in OF_GROUP if cookies.get(name) in groups), None)


def _named(properties: TargetGroupProperties, cookies: Mapping[str, str]) -> str | None:
    """Return what the stickiness cookie names; None: there is no stickiness, or no cookie yet."""
    if not properties.stickiness:
        return None
    if properties.stickiness_type == "app_cookie":
        return cookies.get(BY_APPLICATION) if properties.stickiness_cookie in cookies else None
    return next((cookies[name] for name in BY_BALANCER if name in cookies), None)


def _is(member: Member, named: str) -> bool:
    return named in (member.endpoint.component, member.endpoint.address, member.label)


def _sticks(properties: TargetGroupProperties) -> str:
    if properties.stickiness_type == "app_cookie":
        cookie = properties.stickiness_cookie or "(not stated)"
        return f"Where the target sets the cookie {cookie}, {BY_APPLICATION} holds the client at it."
    return f"The cookie AWSALB then holds the client at its target for {_duration(properties.stickiness_duration)}."


def _duration(seconds: float) -> str:
    return f"{seconds / DAY:g} d" if seconds >= DAY else f"{seconds:g} s"


def _weights(
    properties: TargetGroupProperties, usable: Sequence[Member], world: World
) -> tuple[tuple[float, ...], str, tuple[str | int, ...]]:
    """Return each target's weight, a clause that says why they differ, and the setting behind it."""
    even = tuple(1.0 for _ in usable)
    if properties.algorithm == "least_outstanding_requests":
        times = [_seconds(member, world) for member in usable]
        known = [seconds for seconds in times if seconds]
        if len(known) < len(usable) or len(set(known)) == 1:
            return even, "", ("targets",)
        why = "; under load, each as fast as it answers (least outstanding requests, Little's law)"
        return tuple(1 / seconds for seconds in known), why, ("algorithm",)
    if properties.slow_start and properties.algorithm == "round_robin":
        shares = tuple(_warmed(member, properties.slow_start) for member in usable)
        if 1.0 in shares and set(shares) != {1.0}:
            why = f"; new targets come up to their full share in {properties.slow_start:g} s (slow start)"
            return shares, why, ("slow_start",)
    return even, "", ("targets",)


def _warmed(member: Member, slow_start: float) -> float:
    """Return the part of its full share that a target gets, growing in a line; a little from the first second."""
    age = member.target.healthy_for if member.target else None
    return 1.0 if age is None else min(1.0, max(age, 1.0) / slow_start)


def _seconds(member: Member, world: World) -> float | None:
    """Return how long a target is said to take for an answer."""
    services = listens_of(world, member.endpoint.component)
    service = service_on(services, member.port) if services else None
    return service.takes if service else None


__all__ = ["Shares", "kept_group", "shares_of"]
