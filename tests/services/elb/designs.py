"""A VPC with two public subnets and two web servers, to put a balancer before."""

from __future__ import annotations

from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, condition_for
from archtui.world.steps import Step

NETWORK = """
blueprint: balancers
region: eu-west-1
components:
  v: {kind: vpc, cidr: 10.0.0.0/16}
  igw: {kind: internet_gateway, vpc: v}
  out: {kind: route_table, vpc: v, main: true, routes: [{to: 0.0.0.0/0, via: igw}]}
  sa: {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24}
  sb: {kind: subnet, vpc: v, az: b, cidr: 10.0.1.0/24}
  open: {kind: security_group, vpc: v, ingress: [{protocol: all, from: 0.0.0.0/0}]}
  cert: {kind: certificate, domain: "*.example.com"}
  zone: {kind: hosted_zone, name: example.com}
  shop: {kind: record, zone: zone, name: shop, alias: lb}
"""
SERVERS = """
  one: {kind: ec2, subnet: sa, security_groups: [open], listens: [{port: 80, protocol: http}]}
  two: {kind: ec2, subnet: sb, security_groups: [open], listens: [{port: 80, protocol: http}]}
"""


def traced(
    components: str,
    url: str = "http://shop.example.com/",
    source: str = "internet",
    down: tuple[str, ...] = (),
    servers: str = SERVERS,
    **more: object,
) -> Trace:
    """Trace a request through the network with ``components`` (YAML lines); ``down`` is broken."""
    world = compile_world(loads(NETWORK + servers + components, registry()).blueprint)
    request = Request.make(source, url, **more)  # type: ignore[arg-type]
    return trace(world, request, condition_for(world, down) if down else HEALTHY)


def shares(found: Trace, *names: str) -> list[float]:
    """Return the share of the requests that come to each of the components."""
    return [
        round(sum(p.weight for p in found.paths if any(hop.component == name for hop in p.forward)), 6)
        for name in names
    ]


def steps(found: Trace, component: str, layer: str = "") -> list[Step]:
    """Return the steps of ``component`` on the main way."""
    return [
        step
        for hop in (*found.forward, *found.back)
        if hop.component == component
        for step in hop.steps
        if not layer or step.layer == layer
    ]


def blocking(found: Trace) -> set[str]:
    """Return the codes of what blocks a trace."""
    return {blocker.code for blocker in found.blockers}


def warned(found: Trace) -> set[str]:
    """Return the codes of the warnings of a trace."""
    return {warning.code for warning in found.warnings}
