"""How a failover record moves its clients to the secondary."""

from __future__ import annotations

from archtui.failure.interface import Fails, Managed, Mechanism, Situation, listed, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.lookups import as_kind
from archtui.services.route53.lookups import siblings, targets_of, ttl_of
from archtui.services.route53.properties import HealthCheckProperties, RecordProperties


class ZoneFails(Managed):
    """A hosted zone answers from name servers all over the world."""


class RecordFails(Fails):
    """A primary record leaves the answer when its health check, or its alias's target, is unhealthy."""

    managed = True

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        record = properties_as(component, RecordProperties)
        if record.failover != "primary":
            return ()
        targets = targets_of(situation.world, record)
        check = as_kind(situation.world, record.health_check, HealthCheckProperties)
        unhealthy = tuple(name for name in targets if situation.becomes_unhealthy(name))
        asked = record.health_check
        if check is not None and asked is not None:
            if not situation.becomes_unhealthy(asked):
                return ()
            return (self._by_check(component, record, asked, check, unhealthy or targets, situation),)
        if unhealthy and record.evaluate_target_health:
            return (self._by_target(component, record, unhealthy, situation),)
        if not unhealthy:
            return ()
        return (
            mechanism(
                "route53.failover_record",
                component.id,
                lost=unhealthy,
                settings={"ttl": float(ttl_of(record))},
                done=f"{component.id} keeps answering with {listed(unhealthy)}.",
                hindered="it has no health check and does not evaluate its target's health",
            ),
        )

    def _by_check(
        self,
        component: Component,
        record: RecordProperties,
        name: str,
        check: HealthCheckProperties,
        lost: tuple[str, ...],
        situation: Situation,
    ) -> Mechanism:
        ttl = ttl_of(record)
        return mechanism(
            "route53.failover_record",
            component.id,
            lost=lost,
            settings={"interval": check.interval, "failure_threshold": check.failure_threshold, "ttl": float(ttl)},
            formula=f"{check.interval} s x {check.failure_threshold} failed checks of {name} + {ttl} s TTL",
            noticed=f"{name} finds {listed(lost)} unhealthy ({check.failure_threshold} failed checks, "
            f"{check.interval} s apart): DNS answers with {_secondary(component, record, situation)}.",
            done=f"No client holds the old answer of {component.id} any more ({ttl} s TTL).",
            hindered="its health check is switched off" if check.disabled else "",
        )

    def _by_target(
        self, component: Component, record: RecordProperties, lost: tuple[str, ...], situation: Situation
    ) -> Mechanism:
        """An alias follows what its target knows of itself: a balancer's target groups first find out."""
        ttl = ttl_of(record)
        return mechanism(
            "route53.failover_record",
            component.id,
            lost=lost,
            settings={"interval": 0.0, "failure_threshold": 0.0, "ttl": float(ttl)},
            formula=f"as soon as {listed(lost)} is known to be unhealthy, + {ttl} s TTL",
            noticed=f"The alias follows the health of {listed(lost)}: DNS answers with "
            f"{_secondary(component, record, situation)}.",
            done=f"No client holds the old answer of {component.id} any more ({ttl} s TTL).",
            after=tuple(f"alb.target:{group}" for name in lost for group in _groups(name, situation)),
        )


def _secondary(component: Component, record: RecordProperties, situation: Situation) -> str:
    others = (other for other in siblings(situation.world, record) if other.id != component.id)
    found = next((o for o in others if properties_as(o, RecordProperties).failover == "secondary"), None)
    return found.id if found else "nothing, there is no secondary"


def _groups(name: str, situation: Situation) -> tuple[str, ...]:
    return tuple(edge.target for edge in situation.world.components[name].edges if edge.role == "targets")


__all__ = ["RecordFails", "ZoneFails"]
