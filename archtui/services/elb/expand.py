"""What load balancers and target groups take when they do not say."""

from __future__ import annotations

from archtui.model.component import Component, Json
from archtui.services.ec2.properties import AutoScalingGroupProperties, Ec2InstanceProperties
from archtui.services.elb.properties import (
    ApplicationLoadBalancerProperties,
    Listener,
    LoadBalancerProperties,
    TargetGroupProperties,
)
from archtui.services.members import MemberProperties, SuppliesTargets
from archtui.services.vpc.defaults import NeedsDefaultVpc, default_groups, subnets_for, vpc_of
from archtui.services.vpc.properties import NetworkInterfaceProperties
from archtui.world.expand import Draft, Expands

BALANCERS = ("application_load_balancer", "network_load_balancer")
DEFAULT_PORTS = {"HTTP": 80, "HTTPS": 443}
HEALTH_PROTOCOLS = {"HTTP": "HTTP", "HTTPS": "HTTP"}
"""The default protocol of the health check by the group's: HTTP, and TCP for all others (ELBv2 API,
``CreateTargetGroup``)."""


def _without_subnets(component: Component) -> bool:
    return isinstance(component.properties, LoadBalancerProperties) and not component.properties.subnets


ALB_STARTS = NeedsDefaultVpc(BALANCERS[0], _without_subnets)
NLB_STARTS = NeedsDefaultVpc(BALANCERS[1], _without_subnets)


class ExpandsBalancer(Expands):
    """A balancer without subnets works in all of the default VPC's. An ALB without groups has the VPC's
    default one and sends across zones; an NLB has none and does not (Elastic Load Balancing User
    Guides, 'Security groups', 'Cross-zone load balancing')."""

    order = 50

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, LoadBalancerProperties):
            return
        application = isinstance(properties, ApplicationLoadBalancerProperties)
        subnets: list[Json] = list(properties.subnets) or subnets_for(draft, draft.blueprint.region)
        filled: dict[str, Json] = {"subnets": subnets, "cross_zone": application}
        if not application:
            filled["security_groups"] = []
        elif "security_groups" not in component.raw:
            filled |= default_groups(draft, [str(subnet) for subnet in subnets])
        draft.fill(component.id, filled)
        if any(listener.protocol is None for listener in properties.listeners):
            draft.complete(component.id, {"listeners": self._listeners(component, properties, application)})

    def _listeners(self, component: Component, properties: LoadBalancerProperties, application: bool) -> list[Json]:
        written = component.raw.get("listeners")
        found: list[Json] = []
        for shown, listener in zip(written if isinstance(written, list) else [], properties.listeners, strict=True):
            protocol = listener.protocol or _protocol(listener, application)
            found.append({**shown, "protocol": protocol} if isinstance(shown, dict) else shown)
        return found


def _protocol(listener: Listener, application: bool) -> str:
    if application:
        return "HTTPS" if listener.certificate or listener.port == 443 else "HTTP"
    return "TLS" if listener.certificate else "TCP"


class ExpandsTargetGroup(Expands):
    """A target group gets its protocol's port, the VPC of its targets or its balancer, and as targets the
    instances of each Auto Scaling group that it names or that names it, and the members of each service."""

    order = 55

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, TargetGroupProperties):
            return
        targets = self._targets(component, properties, draft)
        written = component.raw.get("targets")
        if targets != (written if isinstance(written, list) else []):
            draft.complete(component.id, {"targets": targets})
        filled: dict[str, Json] = {}
        if properties.protocol in DEFAULT_PORTS:
            filled["port"] = DEFAULT_PORTS[properties.protocol]
        names = [str(target["id"]) if isinstance(target, dict) else str(target) for target in targets]
        if properties.target_type == "lambda" and "health_check" not in component.raw:
            filled["health_check"] = {"enabled": False}
        vpc = properties.vpc or self._vpc(component.id, names, draft)
        if vpc:
            filled["vpc"] = vpc
        draft.fill(component.id, filled)
        if properties.health_check.protocol is None and "health_check" not in filled:
            check = component.raw.get("health_check")
            protocol = HEALTH_PROTOCOLS.get(properties.protocol, "TCP")
            full: dict[str, Json] = {**(check if isinstance(check, dict) else {}), "protocol": protocol}
            draft.complete(component.id, {"health_check": full})

    def _targets(self, component: Component, properties: TargetGroupProperties, draft: Draft) -> list[Json]:
        written = component.raw.get("targets")
        found: list[Json] = []
        registered = {target.id for target in properties.targets}
        for shown, target in zip(written if isinstance(written, list) else [], properties.targets, strict=True):
            members = _members(target.id, draft)
            if members is None:
                found.append(shown)
            else:
                rest = {key: value for key, value in shown.items() if key != "id"} if isinstance(shown, dict) else {}
                found += [{"id": member, **rest} for member in members if member not in registered]
        for group in draft.referrers(component.id, "auto_scaling_group"):
            if group.id not in registered:
                found += [{"id": member} for member in _members(group.id, draft) or () if member not in registered]
        for kind, supplies in draft.blueprint.registry.with_behaviour(SuppliesTargets):
            for owner in draft.referrers(component.id, kind.name):
                found += [target for target in supplies.supplied(owner, component.id, draft) if target not in found]
        return found

    def _vpc(self, name: str, targets: list[str], draft: Draft) -> str | None:
        for target in targets:
            found = draft.get(target)
            properties = found.properties if found else None
            placed = Ec2InstanceProperties | NetworkInterfaceProperties | MemberProperties
            if isinstance(properties, placed) and properties.subnet:
                return vpc_of(draft, (properties.subnet,))
        for kind in BALANCERS:
            for balancer in draft.referrers(name, kind):
                if isinstance(balancer.properties, LoadBalancerProperties):
                    return vpc_of(draft, balancer.properties.subnets)
        return None


def _members(name: str, draft: Draft) -> tuple[str, ...] | None:
    """Return the instances of an Auto Scaling group, None if ``name`` is none."""
    found = draft.get(name)
    return found.properties.instances if found and isinstance(found.properties, AutoScalingGroupProperties) else None
