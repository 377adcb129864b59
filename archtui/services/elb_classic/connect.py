"""What a Classic Load Balancer connects to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import append_to
from archtui.services.elb_classic.network import instance_port
from archtui.services.elb_classic.properties import ClassicLoadBalancerProperties
from archtui.services.lookups import as_kind
from archtui.services.wiring import Wiring, never, way


def _to_instances(wiring: Wiring, balancer: Component, target: Component) -> str:
    """Register ``target``; a balancer that listens nowhere yet takes HTTP on port 80."""
    properties = as_kind(wiring.world, balancer.id, ClassicLoadBalancerProperties)
    listeners = properties.listeners if properties else ()
    port = instance_port(listeners[0]) if listeners else wiring.port(target.id, 80)
    if not listeners:
        body: dict[str, Json] = {"port": 80, **({} if port == 80 else {"instance_port": port})}
        edit = append_to(wiring.world.blueprint, balancer.id, ("listeners",), body)
        wiring.do(edit, f"{balancer.id} listens on port 80")
    if properties is None or all(item.id != target.id for item in properties.instances):
        edit = append_to(wiring.world.blueprint, balancer.id, ("instances",), target.id)
        wiring.do(edit, f"{target.id} is registered with {balancer.id}")
    wiring.reach(balancer.id, target.id, port)
    return f"{balancer.id} forwards to {target.id}"


CLASSIC: Mapping[str, Way] = {
    "ec2_instance": way(_to_instances),
    "auto_scaling_group": way(_to_instances),
    "target_group": never(
        "A Classic Load Balancer knows no target groups.",
        "Connect {a} to the instances, or use an Application Load Balancer.",
    ),
}
