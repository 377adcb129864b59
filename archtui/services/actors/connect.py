"""What the internet and its clients connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component
from archtui.model.connect import Way
from archtui.model.edits import set_property
from archtui.services.ec2.connect import from_internet
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.lookups import as_kind
from archtui.services.wiring import RefusedError, Wiring, never, way


def _to_balancer(wiring: Wiring, outside: Component, balancer: Component) -> str:
    properties = as_kind(wiring.world, balancer.id, LoadBalancerProperties)
    if properties is None or properties.scheme == "internal":
        raise RefusedError(
            f"{balancer.id} is internal; its nodes have private addresses only.",
            "Set its scheme to internet-facing, or put an internet-facing balancer before it.",
        )
    if not properties.listeners:
        raise RefusedError(f"{balancer.id} has no listener.", f"Connect {balancer.id} to its targets first.")
    wiring.public_subnets(wiring.world.placement(balancer.id).subnets)
    for listener in properties.listeners:
        wiring.admit(balancer.id, listener.port, "0.0.0.0/0", f"from {outside.id}")
    return f"{outside.id} reaches {balancer.id}"


def _to_resolver(wiring: Wiring, outside: Component, resolver: Component) -> str:
    if outside.kind.name != "client":
        raise RefusedError("The internet has no resolver of its own; a client does.", "Place a client first.")
    if wiring.raw(outside.id, "resolver") != resolver.id:
        wiring.do(set_property(outside.id, ("resolver",), resolver.id), f"{outside.id} asks {resolver.id} for names")
    return f"{outside.id} asks {resolver.id} for names"


OUTSIDE: Mapping[str, Way] = {
    "dns_resolver": way(_to_resolver),
    "application_load_balancer": way(_to_balancer),
    "network_load_balancer": way(_to_balancer),
    "ec2_instance": way(from_internet),
    "db_instance": never(
        "A database open to the internet is what attackers look for.",
        "Connect the internet to a load balancer, that to the application, and the application to {b}.",
    ),
    "nat_gateway": never(
        "{b} lets connections out; it takes none from outside.",
        "Connect the internet to a load balancer or to an instance with a public address.",
    ),
    "auto_scaling_group": never(
        "The instances of {b} come and go, and so do their addresses.",
        "Put a load balancer before {b} and connect the internet to that.",
    ),
    "subnet": never(
        "The internet does not connect to a subnet.",
        "Connect {b} to an internet gateway; then what stands in it can have public addresses.",
    ),
    "hosted_zone": never("Everybody can ask a public zone already.", "Connect {b} to what it should answer with."),
}
