"""Small designs for the packet engine's tests, written as plain data."""

from __future__ import annotations

from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.network.engine import PacketTrace, decide, trace_packet
from archtui.network.flow import Flow
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition
from archtui.world.world import World

Parts = dict[str, dict[str, Json]]

OPEN_SG: dict[str, Json] = {
    "kind": "security_group",
    "vpc": "v",
    "ingress": [{"protocol": "all", "from": "0.0.0.0/0"}],
}


def world(parts: Parts, region: str = "eu-west-1") -> World:
    """Return the compiled world of ``parts``."""
    return compile_world(
        Blueprint.build({"blueprint": "test", "region": region, "components": dict(parts)}, registry())
    )


def two_subnets(**changes: dict[str, Json]) -> Parts:
    """A VPC with hosts ``a`` (public subnet) and ``b`` (private subnet behind ``nat``), all groups open.

    A keyword replaces properties of the component of that name (``_`` for ``-``) or adds one.
    """
    parts: Parts = {
        "v": {"kind": "vpc", "cidr": "10.0.0.0/16"},
        "igw": {"kind": "internet_gateway", "vpc": "v"},
        "pub": {"kind": "route_table", "vpc": "v", "routes": [{"to": "0.0.0.0/0", "via": "igw"}]},
        "priv": {"kind": "route_table", "vpc": "v", "routes": [{"to": "0.0.0.0/0", "via": "nat"}]},
        "sa": {"kind": "subnet", "vpc": "v", "az": "a", "cidr": "10.0.0.0/24", "route_table": "pub"},
        "sb": {"kind": "subnet", "vpc": "v", "az": "b", "cidr": "10.0.1.0/24", "route_table": "priv"},
        "eip": {"kind": "elastic_ip", "address": "198.51.100.7"},
        "nat": {"kind": "nat_gateway", "subnet": "sa", "elastic_ip": "eip"},
        "sg": dict(OPEN_SG),
        "a": {
            "kind": "ec2",
            "subnet": "sa",
            "security_groups": ["sg"],
            "private_ip": "10.0.0.10",
            "public_ip": "198.51.100.10",
        },
        "b": {"kind": "ec2", "subnet": "sb", "security_groups": ["sg"], "private_ip": "10.0.1.10"},
    }
    for name, properties in changes.items():
        key = name.replace("_", "-") if name.replace("_", "-") in parts or "kind" in properties else name
        parts[key] = {**parts.get(key, {}), **properties}
    return parts


def second_vpc(cidr: str = "10.1.0.0/16", subnet: str = "10.1.0.0/24") -> Parts:
    """A second VPC ``w`` with a host ``c`` in subnet ``sc`` of table ``far``."""
    return {
        "w": {"kind": "vpc", "cidr": cidr},
        "far": {"kind": "route_table", "vpc": "w"},
        "sc": {"kind": "subnet", "vpc": "w", "az": "a", "cidr": subnet, "route_table": "far"},
        "sgw": {**OPEN_SG, "vpc": "w"},
        "c": {"kind": "ec2", "subnet": "sc", "security_groups": ["sgw"]},
    }


def routed(parts: Parts, table: str, *rows: tuple[str, str]) -> Parts:
    """Add rows (destination, target) to a route table."""
    body = parts[table]
    before = body.get("routes")
    added: list[Json] = [{"to": to, "via": via} for to, via in rows]
    return {**parts, table: {**body, "routes": [*(before if isinstance(before, list) else []), *added]}}


def ask(
    parts: Parts | World,
    source: str,
    destination: str,
    protocol: str = "tcp",
    port: int | None = 443,
    condition: Condition = HEALTHY,
    **more: int,
) -> PacketTrace:
    """Trace one flow; the bare decision must agree with the explained one."""
    compiled = parts if isinstance(parts, World) else world(parts)
    flow = Flow(source, destination, protocol, port if protocol in ("tcp", "udp") else None, **more)
    trace, decision = trace_packet(compiled, flow, condition), decide(compiled, flow, condition)
    assert trace.verdict is decision.verdict
    assert list(dict.fromkeys((b.component, b.code) for b in trace.blockers)) == [
        (b.component, b.code) for b in decision.blockers
    ]
    return trace


def codes(trace: PacketTrace) -> set[tuple[str, str]]:
    """Return the (component, code) pairs that block a flow."""
    return {(blocker.component, blocker.code) for blocker in trace.blockers}
