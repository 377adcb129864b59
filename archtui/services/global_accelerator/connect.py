"""What accelerators connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import append_to
from archtui.services.global_accelerator.properties import GlobalAcceleratorProperties
from archtui.services.lookups import as_kind
from archtui.services.wiring import RefusedError, Wiring, never, way


def _to_endpoint(wiring: Wiring, accelerator: Component, target: Component) -> str:
    properties = as_kind(wiring.world, accelerator.id, GlobalAcceleratorProperties)
    if properties is None:
        raise RefusedError(f"{accelerator.id} is no accelerator.")
    region, label = wiring.world.placement(target.id).region, f"{accelerator.id} sends to {target.id}"
    endpoint: Json = {"to": target.id}
    for index, listener in enumerate(properties.listeners):
        for place, group in enumerate(listener.groups):
            if any(each.to == target.id for each in group.endpoints):
                return label
            if group.region == region:
                path = ("listeners", index, "groups", place, "endpoints")
                wiring.do(append_to(wiring.world.blueprint, accelerator.id, path, endpoint), label)
                return label
        body: Json = {"region": region, "endpoints": [endpoint]}
        wiring.do(append_to(wiring.world.blueprint, accelerator.id, ("listeners", index, "groups"), body), label)
        return label
    listening: Json = {"ports": wiring.port(target.id, 443), "groups": [{"region": region, "endpoints": [endpoint]}]}
    wiring.do(append_to(wiring.world.blueprint, accelerator.id, ("listeners",), listening), label)
    return label


ACCELERATOR: Mapping[str, Way] = {
    "application_load_balancer": way(_to_endpoint),
    "network_load_balancer": way(_to_endpoint),
    "ec2_instance": way(_to_endpoint),
    "elastic_ip": way(_to_endpoint),
    "s3_bucket": never("An accelerator sends to balancers, instances and Elastic IPs.", "Put a CDN before {b}."),
}
