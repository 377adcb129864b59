"""How balancers and their target groups behave when something behind or around them is lost."""

from __future__ import annotations

from archtui.failure.interface import (
    Fails,
    Health,
    Managed,
    Mechanism,
    Situation,
    listed,
    mechanism,
    placed_health,
    properties_as,
)
from archtui.model.component import Component
from archtui.services.elb.lookups import balancers_of, registered
from archtui.services.elb.properties import ApplicationLoadBalancerProperties, TargetGroupProperties
from archtui.trace.interface import Waits
from archtui.world.faults import Judged
from archtui.world.world import World


class BalancerFails(Managed, Waits):
    """A balancer has a node in each of its zones; a lost node leaves its DNS name (TTL 60 s)."""

    sla = "amazon-elb"

    def patience(self, component: Component) -> float | None:
        """An Application Load Balancer gives up when a target says nothing for the idle timeout: HTTP 504."""
        settings = component.properties
        return settings.idle_timeout if isinstance(settings, ApplicationLoadBalancerProperties) else None

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        lost, working = situation.lost_zones(component.id), situation.working_zones(component.id)
        if not lost or not working or situation.is_down(component.id):
            return ()
        return (
            mechanism(
                "alb.node",
                component.id,
                lost=lost,
                cached=True,
                formula="60 s TTL of the balancer's own name",
                done=f"No client holds an address of {component.id} in {listed(lost)} any more: "
                f"its name leads to {listed(working)} only.",
            ),
        )


class TargetGroupFails(Fails, Judged):
    """A target group finds lost targets by its health check and sends to the others."""

    managed = True

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        lost, working = _targets(component.id, situation)
        balancers = balancers_of(situation.world, component.id)
        if not lost or (balancers and all(situation.is_down(name) for name in balancers)):
            return ()
        check = properties_as(component, TargetGroupProperties).health_check
        failures = f"{check.unhealthy_threshold} failed checks, {check.interval:g} s apart"
        open_ = "has no healthy target left and sends to all (fail open)"
        rest = f"sends to {listed(working)} only" if working else open_
        return (
            mechanism(
                "alb.target",
                component.id,
                lost=lost,
                settings={"interval": check.interval, "unhealthy_threshold": check.unhealthy_threshold},
                formula=f"{check.interval:g} s x {check.unhealthy_threshold} failed checks",
                done=f"{component.id} finds {listed(lost)} unhealthy ({failures}) and {rest}.",
                hindered=_blind(component.id, lost, check.enabled, situation),
                restores=bool(working),
            ),
        )

    def health(self, component: Component, situation: Situation) -> Health:
        if situation.is_down(component.id):
            return "lost"
        lost, working = _targets(component.id, situation)
        if not lost:
            return placed_health(component, situation)
        return "reduced" if working else "lost"


def _targets(group: str, situation: Situation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the targets (or zones of a scaling group) that are lost, and those that still work."""
    lost: list[str] = []
    working: list[str] = []
    for target in registered(situation.world, group):
        name = target.name
        if name not in situation.world.components:
            working.append(name)
        elif situation.is_down(name) or _cut_off(group, name, situation) or _fails_check(group, name, situation):
            lost.append(name)
        else:
            gone = situation.lost_zones(name)
            lost += [f"{name} in {zone}" for zone in gone]
            working.append(name)
    return tuple(lost), tuple(working)


def _fails_check(group: str, target: str, situation: Situation) -> bool:
    """Whether the check of a target that is not down fails: the check is wrong, or the answer comes too late."""
    check = properties_as(situation.world.components[group], TargetGroupProperties).health_check
    judged = situation.condition.judgement(target, group)
    if judged is not None or not check.enabled:
        return judged is False
    return situation.condition.slowness(target) > check.timeout


def _blind(group: str, lost: tuple[str, ...], enabled: bool, situation: Situation) -> str:
    """Say why the group does not find out about what it lost; empty: it does."""
    if not enabled:
        return "its health check is switched off"
    names = [name.partition(" in ")[0] for name in lost]
    if all(situation.condition.judgement(name, group) for name in names):
        return "its health check is wrong: it passes whatever is true"
    return ""


def _cut_off(group: str, target: str, situation: Situation) -> bool:
    """Whether a broken link keeps the balancers from the target."""
    sources = (group, *balancers_of(situation.world, group))
    return any(situation.link_down(source, target) for source in sources)


def whole_loss_seconds(situation: Situation, balancer: str) -> float:
    """Return the seconds after which a balancer that is lost as a whole counts as unhealthy.

    AWS publishes no figure; counted is what its slowest target group needs to find a target unhealthy.
    """
    groups = [edge.target for edge in situation.world.components[balancer].edges if edge.role == "targets"]
    checked = [seconds for name in groups if (seconds := _checked_after(situation.world, name)) is not None]
    return max(checked, default=0.0)


def _checked_after(world: World, group: str) -> float | None:
    known = world.components.get(group)
    return detection_seconds(world, group) if known and isinstance(known.properties, TargetGroupProperties) else None


def detection_seconds(world: World, group: str) -> float | None:
    """Return the seconds after which target group ``group`` finds a target unhealthy; None: it does not check."""
    check = properties_as(world.components[group], TargetGroupProperties).health_check
    return check.interval * check.unhealthy_threshold if check.enabled else None


__all__ = ["BalancerFails", "TargetGroupFails", "detection_seconds", "whole_loss_seconds"]
