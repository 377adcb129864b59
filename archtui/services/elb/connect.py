"""What load balancers and target groups connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import add_component, append_to, join, set_property
from archtui.services.cloudfront.connect import certificate_to_distribution
from archtui.services.containers import FleetProperties
from archtui.services.ec2.properties import AutoScalingGroupProperties
from archtui.services.elb.properties import (
    ApplicationLoadBalancerProperties,
    Listener,
    LoadBalancerProperties,
    NetworkLoadBalancerProperties,
    TargetGroupProperties,
)
from archtui.services.lookups import as_kind
from archtui.services.members import MemberProperties
from archtui.services.wiring import RefusedError, Wiring, never, way


def _balancer_to_instance(wiring: Wiring, balancer: Component, target: Component) -> str:
    group, usual = _group_for(wiring, balancer, target.id)
    wiring.reach(balancer.id, target.id, _register(wiring, group, target.id, usual))
    return f"{balancer.id} forwards to {target.id}"


def _balancer_to_scaling_group(wiring: Wiring, balancer: Component, target: Component) -> str:
    scaling = as_kind(wiring.world, target.id, AutoScalingGroupProperties)
    if scaling is None or scaling.launch_template is None:
        raise RefusedError(
            f"{target.id} has no launch template, so its instances have no security groups.",
            f"Give {target.id} a launch template first.",
        )
    group, port = _group_for(wiring, balancer, target.id)
    if group not in scaling.target_groups:
        wiring.do(
            append_to(wiring.world.blueprint, target.id, ("target_groups",), group),
            f"{target.id} registers its instances in {group}",
        )
    wiring.reach(balancer.id, target.id, port)
    return f"{balancer.id} forwards to {target.id}"


def _balancer_to_fleet(wiring: Wiring, balancer: Component, target: Component) -> str:
    own = "instance" if _shares(wiring, target.id) else "ip"
    group, _ = _group_for(wiring, balancer, target.id, own)
    _group_to_fleet(wiring, wiring.world.components[group], target)
    return f"{balancer.id} forwards to {target.id}"


def _group_to_fleet(wiring: Wiring, group: Component, target: Component) -> str:
    """Let a service register its members; a group of instances takes none with addresses of their own."""
    known = as_kind(wiring.world, group.id, TargetGroupProperties)
    own = "instance" if _shares(wiring, target.id) else "ip"
    if known and known.target_type != own:
        raise RefusedError(
            f"{group.id} takes targets of the type {known.target_type}, {target.id} has members of the type {own}.",
            "Make a target group of that type.",
        )
    fleet = as_kind(wiring.world, target.id, FleetProperties)
    if fleet and group.id not in (item.target_group for item in fleet.load_balancers):
        entry: Json = {"target_group": group.id}
        edit = append_to(wiring.world.blueprint, target.id, ("load_balancers",), entry)
        wiring.do(edit, f"{target.id} registers its members in {group.id}")
    port = wiring.port(target.id, (known.port if known else None) or 80)
    for edge in wiring.world.referrers(group.id):
        if edge.role == "targets" and as_kind(wiring.world, edge.source, LoadBalancerProperties):
            wiring.reach(edge.source, target.id, port)
    return f"register {target.id} in {group.id}"


def _shares(wiring: Wiring, name: str) -> bool:
    """Whether the members of service ``name`` share their hosts' interfaces."""
    fleet = as_kind(wiring.world, name, FleetProperties)
    members = (as_kind(wiring.world, member, MemberProperties) for member in (fleet.members if fleet else ()))
    return any(member.host for member in members if member)


def _group_for(wiring: Wiring, balancer: Component, target: str, own: str = "instance") -> tuple[str, int]:
    """Return a target group of ``balancer`` and its port; group and listener are made where there are none."""
    properties = as_kind(wiring.world, balancer.id, LoadBalancerProperties)
    listeners = properties.listeners if properties else ()
    for listener in listeners:
        for name in _forwards(listener):
            group = as_kind(wiring.world, name, TargetGroupProperties)
            if group and group.target_type == own:
                return name, group.port or 80
    port = wiring.port(target, 80)
    name = wiring.unused(f"{balancer.id}-targets")
    body: dict[str, Json] = {"port": port}
    if isinstance(properties, NetworkLoadBalancerProperties):
        body["protocol"] = "TCP"
    if own != "instance":
        body["target_type"] = own
    vpc = wiring.vpc(balancer.id)
    if vpc and wiring.written(vpc):
        body["vpc"] = vpc
    wiring.do(add_component(name, "target_group", body), f"the target group {name} takes requests on port {port}")
    _listen(wiring, balancer.id, listeners, name)
    return name, port


def _forwards(listener: Listener) -> tuple[str, ...]:
    rules = [part.target_group for rule in listener.rules for part in rule.forward]
    return (*(part.target_group for part in listener.forward), *rules)


def _listen(wiring: Wiring, balancer: str, listeners: tuple[Listener, ...], group: str) -> None:
    """Forward the balancer's listener to ``group``: one without an action, else a new one on a free port."""
    for index, listener in enumerate(listeners):
        if not (listener.forward or listener.redirect or listener.fixed_response):
            wiring.do(
                set_property(balancer, ("listeners", index, "forward"), group),
                f"the listener on port {listener.port} forwards to {group}",
            )
            return
    taken = {listener.port for listener in listeners}
    port = next(port for port in (80, 8080, *range(8081, 65536)) if port not in taken)
    body: Json = {"port": port, "forward": group}
    wiring.do(
        append_to(wiring.world.blueprint, balancer, ("listeners",), body),
        f"{balancer} listens on port {port} and forwards to {group}",
    )


def _register(wiring: Wiring, group: str, target: str, usual: int) -> int:
    """Register ``target`` with the port it listens on; ``usual`` is the group's. Return the port."""
    properties = as_kind(wiring.world, group, TargetGroupProperties)
    for item in properties.targets if properties else ():
        if item.id == target:
            return item.port or usual
    port = wiring.port(target, usual)
    entry: Json = target if port == usual else {"id": target, "port": port}
    edit = append_to(wiring.world.blueprint, group, ("targets",), entry)
    wiring.do(edit, f"{target} is registered in {group}")
    return port


def _balancer_to_group(wiring: Wiring, balancer: Component, group: Component) -> str:
    properties = as_kind(wiring.world, balancer.id, LoadBalancerProperties)
    listeners = properties.listeners if properties else ()
    if not any(group.id in _forwards(listener) for listener in listeners):
        _listen(wiring, balancer.id, listeners, group.id)
    targets = as_kind(wiring.world, group.id, TargetGroupProperties)
    for item in targets.targets if targets else ():
        if item.id in wiring.world.components and targets:
            wiring.reach(balancer.id, item.id, item.port or targets.port or 80)
    return f"{balancer.id} forwards to {group.id}"


def _group_to_instance(wiring: Wiring, group: Component, target: Component) -> str:
    properties = as_kind(wiring.world, group.id, TargetGroupProperties)
    port = _register(wiring, group.id, target.id, (properties.port if properties else None) or 80)
    for edge in wiring.world.referrers(group.id):
        if edge.role == "targets" and as_kind(wiring.world, edge.source, LoadBalancerProperties):
            wiring.reach(edge.source, target.id, port)
    return f"register {target.id} in {group.id}"


def _network_to_application(wiring: Wiring, balancer: Component, target: Component) -> str:
    """Register an Application Load Balancer, on the port of its first listener, as the only target of a group."""
    properties = as_kind(wiring.world, target.id, ApplicationLoadBalancerProperties)
    listeners = properties.listeners if properties else ()
    if not listeners:
        raise RefusedError(f"{target.id} has no listener.", f"Connect {target.id} to its targets first.")
    port = listeners[0].port
    for edge in wiring.world.referrers(target.id):
        group = as_kind(wiring.world, edge.source, TargetGroupProperties)
        if group and group.target_type == "alb":
            _balancer_to_group(wiring, balancer, wiring.world.components[edge.source])
            return f"{balancer.id} forwards to {target.id}"
    name = wiring.unused(f"{balancer.id}-targets")
    body: dict[str, Json] = {"port": port, "protocol": "TCP", "target_type": "alb", "targets": [target.id]}
    vpc = wiring.vpc(balancer.id)
    if vpc and wiring.written(vpc):
        body["vpc"] = vpc
    wiring.do(add_component(name, "target_group", body), f"the target group {name} takes connections for {target.id}")
    known = as_kind(wiring.world, balancer.id, LoadBalancerProperties)
    _listen(wiring, balancer.id, known.listeners if known else (), name)
    wiring.reach(balancer.id, target.id, port)
    return f"{balancer.id} forwards to {target.id}"


def _certificate_to_balancer(wiring: Wiring, certificate: Component, balancer: Component) -> str:
    properties = as_kind(wiring.world, balancer.id, LoadBalancerProperties)
    listeners = properties.listeners if properties else ()
    for index, listener in enumerate(listeners):
        if certificate.id in (listener.certificate, *listener.certificates):
            return f"{balancer.id} uses {certificate.id}"
        if listener.port == 443 and listener.protocol == "TCP":
            raise RefusedError(
                f"{balancer.id} passes TCP on port 443 on as it is, TLS included, so it shows no certificate.",
                "Let the targets show it, or set the listener's protocol to TLS.",
            )
        if listener.port == 443:
            path = ("listeners", index, "certificates" if listener.certificate else "certificate")
            edit = (
                append_to(wiring.world.blueprint, balancer.id, path, certificate.id)
                if listener.certificate
                else set_property(balancer.id, path, certificate.id)
            )
            wiring.do(edit, f"the listener on port 443 uses {certificate.id}")
            return f"{balancer.id} uses {certificate.id}"
    group = next((name for listener in listeners for name in _forwards(listener)), None)
    if group is None:
        raise RefusedError(
            f"{balancer.id} forwards nowhere yet, so there is nothing to serve over HTTPS.",
            f"Connect {balancer.id} to a target first, then the certificate.",
        )
    body: Json = {"port": 443, "certificate": certificate.id, "forward": group}
    edit = append_to(wiring.world.blueprint, balancer.id, ("listeners",), body)
    wiring.do(join("", (edit,)), f"{balancer.id} listens on port 443 with {certificate.id}")
    return f"{balancer.id} uses {certificate.id}"


BALANCER: Mapping[str, Way] = {
    "ec2_instance": way(_balancer_to_instance),
    "auto_scaling_group": way(_balancer_to_scaling_group),
    "ecs_service": way(_balancer_to_fleet),
    "target_group": way(_balancer_to_group),
    "db_instance": never(
        "{a} speaks HTTP and {b} does not.",
        "Connect {a} to the application's instances, and these to {b}.",
    ),
}
NETWORK_BALANCER: Mapping[str, Way] = {
    "ec2_instance": way(_balancer_to_instance),
    "auto_scaling_group": way(_balancer_to_scaling_group),
    "ecs_service": way(_balancer_to_fleet),
    "target_group": way(_balancer_to_group),
    "application_load_balancer": way(_network_to_application),
    "lambda_function": never(
        "A Network Load Balancer passes connections on, and a function takes none.",
        "Use an Application Load Balancer, or a function URL.",
    ),
}
TARGET_GROUP: Mapping[str, Way] = {"ec2_instance": way(_group_to_instance), "ecs_service": way(_group_to_fleet)}
CERTIFICATE: Mapping[str, Way] = {
    "application_load_balancer": way(_certificate_to_balancer),
    "network_load_balancer": way(_certificate_to_balancer),
    "cloudfront_distribution": way(certificate_to_distribution),
}
