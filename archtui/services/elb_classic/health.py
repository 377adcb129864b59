"""The registered instances of a Classic Load Balancer, as its health check finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archtui.model.component import Component
from archtui.services.elb_classic.network import instance_port, members_of
from archtui.services.elb_classic.properties import ClassicLoadBalancerProperties
from archtui.trace import codes
from archtui.trace.interface import Health, Walk
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Verdict

NO_INSTANCE = "ELB_NO_INSTANCE_IN_SERVICE"
READ = ("HTTP", "HTTPS")
"""The protocols whose requests the balancer reads."""


def properties_of(balancer: Component) -> ClassicLoadBalancerProperties:
    """Return the properties of a Classic Load Balancer."""
    if not isinstance(balancer.properties, ClassicLoadBalancerProperties):
        raise TypeError(f"{balancer.id} is no Classic Load Balancer")
    return balancer.properties


@dataclass(frozen=True, slots=True)
class Instance:
    """A registered instance with what the health check finds."""

    endpoint: Endpoint
    health: Health


def instances(balancer: Component, node: Endpoint, walk: Walk) -> tuple[Instance, ...]:
    """Return the registered instances as the health check of ``node`` finds them."""
    seen = walk.perceived(f"alb.target:{balancer.id}")
    found = []
    for name, member in members_of(balancer, walk.world):
        for endpoint in seen.interfaces(name)[:1]:
            key = ("classic", balancer.id, node.interface or node.address, endpoint.interface)
            stated = member.state
            health = (
                _checked(balancer, endpoint, node, seen, key)
                if stated in (None, "Unknown")
                else Health(stated == "InService", f"AWS reported it {stated}", codes.TARGET_UNHEALTHY)
            )
            found.append(Instance(endpoint, health))
    return tuple(found)


def _checked(balancer: Component, endpoint: Endpoint, node: Endpoint, walk: Walk, key: tuple[str, ...]) -> Health:
    return walk.once(key, lambda: _probe(balancer, endpoint, node, walk), Health(None, "its health depends on itself"))


def _probe(balancer: Component, endpoint: Endpoint, node: Endpoint, walk: Walk) -> Health:
    """Ask an instance as the health check does: a connection, or status 200 (Classic Load Balancer guide,
    'Configure health checks')."""
    properties = properties_of(balancer)
    check = properties.health_check
    if (balancer.id, endpoint.component) in walk.condition.links:
        return Health(False, f"the link from {balancer.id} to {endpoint.component} is down", codes.LINK_DOWN)
    port = check.port or (instance_port(properties.listeners[0]) if properties.listeners else 80)
    http = None
    if check.protocol in READ:
        scheme: Literal["http", "https"] = "https" if check.protocol == "HTTPS" else "http"
        http = Http(scheme=scheme, host=endpoint.address, path=check.path)
    probe = walk.probe(node, endpoint, Message("tcp", port, http))
    what = f"{check.protocol} {port}{check.path if http else ''}"
    if probe.verdict is Verdict.UNKNOWN:
        return Health(None, f"whether its health check ({what}) passes is not known", codes.TARGET_HEALTH_UNKNOWN)
    if http and probe.status is not None and probe.status != 200:
        text = f"its health check ({what}) is answered with {probe.status}, not 200"
        return Health(False, text, codes.TARGET_HEALTH_CHECK_FAILED)
    if probe.verdict is Verdict.BLOCKED and not (http and probe.status is not None):
        return Health(False, f"its health check ({what}) gets no answer", codes.TARGET_HEALTH_CHECK_BLOCKED)
    return Health(True, f"its health check ({what}) passes")
