"""How a Classic Load Balancer behaves when a zone or an instance is lost."""

from __future__ import annotations

from archtui.failure.interface import Managed, Mechanism, Situation, listed, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.elb_classic.network import members_of
from archtui.services.elb_classic.properties import ClassicLoadBalancerProperties


class ClassicFails(Managed):
    """A lost node leaves its DNS name (TTL 60 s); lost instances are found by the health check."""

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        if situation.is_down(component.id):
            return ()
        return (*self._nodes(component, situation), *self._instances(component, situation))

    @staticmethod
    def _nodes(component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        lost, working = situation.lost_zones(component.id), situation.working_zones(component.id)
        if not lost or not working:
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

    @staticmethod
    def _instances(component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        names = [name for name, _ in members_of(component, situation.world)]
        lost = tuple(n for n in names if situation.is_down(n) or situation.link_down(component.id, n))
        if not lost:
            return ()
        check = properties_as(component, ClassicLoadBalancerProperties).health_check
        working = tuple(name for name in names if name not in lost)
        rest = f"sends to {listed(working)} only" if working else "answers HTTP 503: no instance is in service"
        failures = f"{check.unhealthy_threshold} failed checks, {check.interval:g} s apart"
        return (
            mechanism(
                "alb.target",
                component.id,
                lost=lost,
                settings={"interval": check.interval, "unhealthy_threshold": check.unhealthy_threshold},
                formula=f"{check.interval:g} s x {check.unhealthy_threshold} failed checks",
                done=f"{component.id} takes {listed(lost)} out of service ({failures}) and {rest}.",
                restores=bool(working),
            ),
        )


__all__ = ["ClassicFails"]
