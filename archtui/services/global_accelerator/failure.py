"""How an accelerator gets over the loss of an endpoint or a region."""

from __future__ import annotations

from archtui.failure.interface import Managed, Mechanism, Situation, listed, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.elb.failure import whole_loss_seconds
from archtui.services.global_accelerator.properties import GlobalAcceleratorProperties
from archtui.trace.interface import HasHealth


class AcceleratorFails(Managed):
    """An accelerator finds unhealthy endpoints and sends new connections elsewhere, without DNS.

    Balancers are judged by their own target checks; instances and Elastic IPs by the group's (failover table:
    ``global_accelerator``).
    """

    sla = "aws-global-accelerator"

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        properties = properties_as(component, GlobalAcceleratorProperties)
        lost: dict[str, tuple[float, int]] = {}
        others: dict[str, None] = {}
        for listener in properties.listeners:
            for group in listener.groups:
                for endpoint in group.endpoints:
                    if situation.becomes_unhealthy(endpoint.to):
                        lost[endpoint.to] = (group.interval, group.threshold)
                    elif endpoint.weight:
                        others[endpoint.to] = None
        if not lost:
            return ()
        balancers = [name for name in lost if situation.world.kind(name).behaviour(HasHealth) is not None]
        checked = [pair for name, pair in lost.items() if name not in balancers]
        interval, threshold = max(checked, key=lambda pair: pair[0] * pair[1], default=(0.0, 0))
        groups = tuple(
            f"alb.target:{edge.target}"
            for name in balancers
            for edge in situation.world.components[name].edges
            if edge.role == "targets"
        )
        names = listed(tuple(lost))
        whole = max((whole_loss_seconds(situation, name) for name in balancers if situation.is_down(name)), default=0.0)
        if whole > interval * threshold:
            interval, threshold = whole, 1
        how = f"as soon as {names} is known to be unhealthy"
        if interval:
            how = f"{interval:g} s x {threshold} failed checks"
        rest = f"sends new connections to {listed(tuple(others))}" if others else "has nowhere else to send (fail open)"
        return (
            mechanism(
                "global_accelerator",
                component.id,
                lost=tuple(lost),
                settings={"interval": float(interval), "threshold": float(threshold)},
                formula=f"{how} + up to 30 s",
                done=f"{component.id} finds {names} unhealthy and {rest}; its addresses stay the same.",
                after=groups,
                keeps_data=False,
                restores=bool(others),
            ),
        )
