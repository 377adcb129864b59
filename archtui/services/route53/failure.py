"""How a failover record moves its clients to the secondary."""

from __future__ import annotations

from archtui.failure.interface import Fails, Managed, Mechanism, Situation, listed, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.elb.failure import whole_loss_seconds
from archtui.services.lookups import as_kind
from archtui.services.route53.lookups import siblings, targets_of, ttl_of
from archtui.services.route53.properties import HealthCheckProperties, RecordProperties, TrafficPolicyProperties


class ZoneFails(Managed):
    """A hosted zone answers from name servers all over the world."""

    sla = "amazon-route53"
    without = "records cannot be changed, but health checks and the answers to names go on"

    @property
    def planes(self) -> tuple[str, ...]:
        return ("route53",)


class RecordFails(Fails):
    """A record under a routing policy leaves the answer when its health check, or its alias's target, is unhealthy."""

    managed = True

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        record = properties_as(component, RecordProperties)
        if record.policy == "simple":
            return ()
        lost = tuple(name for name in targets_of(situation.world, record) if situation.becomes_unhealthy(name))
        asked = record.health_check
        if asked and situation.becomes_unhealthy(asked):
            check = as_kind(situation.world, asked, HealthCheckProperties)
            if check is not None:
                return (self._by_check(component, record, asked, check, lost, situation),)
        if lost and record.evaluate_target_health:
            return (self._by_target(component, record, lost, situation),)
        if not lost:
            return ()
        return (
            mechanism(
                "route53.failover_record",
                component.id,
                lost=lost,
                settings={"ttl": float(ttl_of(record))},
                done=f"{component.id} keeps answering with {listed(lost)}.",
                hindered="nothing tells Route 53 that its target is unhealthy: it needs a health check",
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
            lost=lost or (component.id,),
            cached=True,
            settings={"interval": check.interval, "failure_threshold": check.failure_threshold, "ttl": float(ttl)},
            formula=f"{check.interval} s x {check.failure_threshold} failed checks of {name} + {ttl} s TTL",
            noticed=f"{name} finds its endpoint unhealthy ({check.failure_threshold} failed checks, "
            f"{check.interval} s apart): DNS answers with {_others(component, record, situation)}.",
            done=f"Every client is sent to {_others(component, record, situation)}: the old answer has left the "
            f"caches ({ttl} s TTL).",
        )

    def _by_target(
        self, component: Component, record: RecordProperties, lost: tuple[str, ...], situation: Situation
    ) -> Mechanism:
        """An alias follows what its target knows of itself: a balancer's target groups first find out."""
        ttl = ttl_of(record)
        whole = max((whole_loss_seconds(situation, name) for name in lost if situation.is_down(name)), default=0.0)
        how = f"as soon as {listed(lost)} is known to be unhealthy"
        if whole:
            how = f"{whole:g} s, as the checks of its targets take (AWS publishes no figure for a whole balancer)"
        return mechanism(
            "route53.failover_record",
            component.id,
            lost=lost,
            cached=True,
            settings={"interval": whole, "failure_threshold": 1.0, "ttl": float(ttl)},
            formula=f"{how}, + {ttl} s TTL",
            noticed=f"The alias follows the health of {listed(lost)}: DNS answers with "
            f"{_others(component, record, situation)}.",
            done=f"Every client is sent to {_others(component, record, situation)}: the old answer has left the "
            f"caches ({ttl} s TTL).",
            after=tuple(f"alb.target:{group}" for name in lost for group in _groups(name, situation)),
        )


class TrafficPolicyFails(Fails):
    """A traffic policy leaves out the branches that are unhealthy, as the records do that it stands for."""

    managed = True

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        policy = properties_as(component, TrafficPolicyProperties)
        items = [item for rule in policy.rules for item in rule.items]
        lost = tuple(
            dict.fromkeys(
                item.to
                for item in items
                if item.to in situation.world.components and item.to and situation.becomes_unhealthy(item.to)
            )
        )
        checks = [
            check
            for item in items
            if item.health_check and situation.becomes_unhealthy(item.health_check)
            if (check := as_kind(situation.world, item.health_check, HealthCheckProperties)) is not None
        ]
        watched = any(item.to in lost and item.evaluate_target_health for item in items)
        if not (checks or watched):
            return ()
        slowest = max(checks, key=lambda check: check.interval * check.failure_threshold, default=None)
        interval, threshold = (slowest.interval, slowest.failure_threshold) if slowest else (0, 0)
        how = f"{interval} s x {threshold} failed checks" if slowest else f"as soon as {listed(lost)} is unhealthy"
        return (
            mechanism(
                "route53.failover_record",
                component.id,
                lost=lost or (component.id,),
                cached=True,
                settings={"interval": interval, "failure_threshold": threshold, "ttl": float(policy.ttl)},
                formula=f"{how} + {policy.ttl} s TTL",
                noticed=f"{component.id} leaves out the branches that are unhealthy.",
                done=f"Every client is sent to another branch of {component.id}: the old answer has left the caches "
                f"({policy.ttl} s TTL).",
                after=tuple(f"alb.target:{group}" for name in lost for group in _groups(name, situation)),
            ),
        )


def _others(component: Component, record: RecordProperties, situation: Situation) -> str:
    others = (other for other in siblings(situation.world, record) if other.id != component.id)
    left = tuple(other.id for other in others if not situation.becomes_unhealthy(other.id))
    return listed(left) if left else "what it has left, as nothing is healthy"


def _groups(name: str, situation: Situation) -> tuple[str, ...]:
    return tuple(edge.target for edge in situation.world.components[name].edges if edge.role == "targets")


__all__ = ["RecordFails", "TrafficPolicyFails", "ZoneFails"]
