"""What hosted zones, records and health checks connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import Edit, add_component, append_to, clear_property, join, set_property
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.lookups import as_kind, each
from archtui.services.route53.properties import (
    HealthCheckProperties,
    HostedZoneProperties,
    RecordProperties,
    RegisteredDomainProperties,
    TrafficPolicyProperties,
)
from archtui.services.wiring import RefusedError, Wiring, never, way

_ANSWER: dict[str, dict[str, Json]] = {
    "application_load_balancer": {"evaluate_target_health": True},
    "network_load_balancer": {"evaluate_target_health": True},
    "ec2_instance": {},
    "cloudfront_distribution": {},
    "global_accelerator": {},
}


def _answer(target: Component) -> dict[str, Json]:
    """Return the properties by which a record answers with ``target``."""
    if target.kind.name in _ANSWER and isinstance(target.properties, Ec2InstanceProperties):
        return {"type": "A", "ttl": 60, "values": [target.id]}
    return {"type": "A", "alias": target.id, **_ANSWER.get(target.kind.name, {})}


def _zone_to_target(wiring: Wiring, zone: Component, target: Component) -> str:
    properties = as_kind(wiring.world, zone.id, HostedZoneProperties)
    if properties is None:
        raise RefusedError(f"{zone.id} is no hosted zone.")
    mine = [(record.id, p) for record, p in each(wiring.world, RecordProperties) if p.zone == zone.id]
    for name, record in mine:
        if record.alias == target.id or target.id in record.values:
            wiring.do(None)
            return f"{name} answers with {target.id}"
    apex = any(record.name.rstrip(".") in ("@", properties.name.rstrip(".")) for _, record in mine)
    host = f"{target.id.lower().replace('_', '-').replace('.', '-')}.{properties.name}" if apex else properties.name
    name = wiring.unused(f"{target.id}-name")
    body: dict[str, Json] = {"zone": zone.id, "name": host, **_answer(target)}
    wiring.do(add_component(name, "record", body), f"{host} answers with {target.id}")
    _public(wiring, target)
    return f"{host} answers with {target.id}"


def _record_to_target(wiring: Wiring, record: Component, target: Component) -> str:
    properties = as_kind(wiring.world, record.id, RecordProperties)
    if properties is None:
        raise RefusedError(f"{record.id} is no record.")
    if properties.alias == target.id or target.id in properties.values:
        return f"{record.id} answers with {target.id}"
    wanted = _answer(target)
    edits: list[Edit] = []
    for key in ("alias", "values", "ttl", "evaluate_target_health"):
        if wiring.raw(record.id, key) is not None and key not in wanted:
            edits.append(clear_property(record.id, (key,)))
    edits += [
        set_property(record.id, (key,), value) for key, value in wanted.items() if wiring.raw(record.id, key) != value
    ]
    wiring.do(join("", edits), f"{properties.name} answers with {target.id}")
    _public(wiring, target)
    return f"{record.id} answers with {target.id}"


def _public(wiring: Wiring, target: Component) -> None:
    """Say so where the name would answer with an address that nobody outside can use."""
    instance = as_kind(wiring.world, target.id, Ec2InstanceProperties)
    attached = any(edge.path == ("attached_to",) for edge in wiring.world.referrers(target.id))
    if instance is not None and not instance.public_ip and not attached:
        subnets = wiring.world.placement(target.id).subnets
        mapped = any(getattr(wiring.world.components[name].properties, "map_public_ip", False) for name in subnets)
        if instance.public_ip is None and mapped:
            return
        wiring.do(set_property(target.id, ("public_ip",), True), f"{target.id} gets a public address to answer with")


def _check_to_record(wiring: Wiring, check: Component, record: Component) -> str:
    properties = as_kind(wiring.world, record.id, RecordProperties)
    if properties is not None and properties.health_check != check.id:
        wiring.do(
            set_property(record.id, ("health_check",), check.id), f"{record.id} is answered while {check.id} is healthy"
        )
    return f"{check.id} watches {record.id}"


_DATABASE = never(
    "A database has a name of its own, which only its VPC should use.",
    "Connect the application's instances to {b}.",
)


def _zone_to_vpc(wiring: Wiring, zone: Component, vpc: Component) -> str:
    """Associate a private zone with a VPC; a public one answers there already."""
    properties = as_kind(wiring.world, zone.id, HostedZoneProperties)
    if properties is None or not properties.private:
        raise RefusedError(
            f"{zone.id} is public; those in {vpc.id} can ask it already.", f"Make {zone.id} private to hide its names."
        )
    if vpc.id not in properties.vpcs:
        edit = append_to(wiring.world.blueprint, zone.id, ("vpcs",), vpc.id)
        wiring.do(edit, f"{zone.id} answers in {vpc.id}")
    return f"{zone.id} answers in {vpc.id}"


def _check_to_target(wiring: Wiring, check: Component, target: Component) -> str:
    properties = as_kind(wiring.world, check.id, HealthCheckProperties)
    if properties is not None and properties.target != target.id:
        wiring.do(set_property(check.id, ("target",), target.id), f"{check.id} watches {target.id}")
    return f"{check.id} watches {target.id}"


def _domain_to_zone(wiring: Wiring, domain: Component, zone: Component) -> str:
    """Delegate the domain to the zone; refused where their names differ."""
    properties = as_kind(wiring.world, domain.id, RegisteredDomainProperties)
    answers = as_kind(wiring.world, zone.id, HostedZoneProperties)
    if properties is None or answers is None:
        raise RefusedError(f"{domain.id} is no registered domain.")
    if answers.private:
        raise RefusedError(f"{zone.id} is private; the registry delegates to public zones alone.")
    if answers.name.lower().rstrip(".") != properties.name.lower().rstrip("."):
        raise RefusedError(f"{zone.id} is the zone of {answers.name}, not of {properties.name}.")
    if zone.id not in properties.name_servers:
        edit = set_property(domain.id, ("name_servers",), [zone.id])
        wiring.do(edit, f"{properties.name} is delegated to {zone.id}")
    return f"{properties.name} is delegated to {zone.id}"


def _branch(wiring: Wiring, policy: Component, target: Component) -> str:
    """Add a branch to the first rule of a traffic policy."""
    properties = as_kind(wiring.world, policy.id, TrafficPolicyProperties)
    if properties is None:
        raise RefusedError(f"{policy.id} is no traffic policy.")
    said = f"{policy.id} leads to {target.id}"
    if not properties.rules:
        first: Json = {"id": "start", "policy": "weighted", "items": [{"to": target.id, "weight": 10}]}
        wiring.do(append_to(wiring.world.blueprint, policy.id, ("rules",), first), said)
        return said
    rule = properties.rules[0]
    if any(item.to == target.id for each in properties.rules for item in each.items):
        return said
    item: dict[str, Json] = {"to": target.id}
    if rule.policy == "weighted":
        item["weight"] = 10
    elif rule.policy in ("latency", "geoproximity"):
        item["region"] = wiring.world.placement(target.id).region
    elif rule.policy == "failover":
        taken = {each.failover for each in rule.items}
        if taken >= {"primary", "secondary"}:
            raise RefusedError(f"The rule {rule.id} of {policy.id} has a primary and a secondary branch already.")
        item["failover"] = "secondary" if "primary" in taken else "primary"
    elif rule.policy == "geolocation":
        item["country"] = "*"
    wiring.do(append_to(wiring.world.blueprint, policy.id, ("rules", 0, "items"), item), said)
    return said


DOMAIN: Mapping[str, Way] = {"hosted_zone": way(_domain_to_zone)}
TRAFFIC_POLICY: Mapping[str, Way] = {
    "application_load_balancer": way(_branch),
    "network_load_balancer": way(_branch),
    "cloudfront_distribution": way(_branch),
    "global_accelerator": way(_branch),
    "ec2_instance": way(_branch),
}
ZONE: Mapping[str, Way] = {
    "vpc": way(_zone_to_vpc),
    "network_load_balancer": way(_zone_to_target),
    "cloudfront_distribution": way(_zone_to_target),
    "global_accelerator": way(_zone_to_target),
    "application_load_balancer": way(_zone_to_target),
    "ec2_instance": way(_zone_to_target),
    "db_instance": _DATABASE,
    "auto_scaling_group": never(
        "The instances of {b} come and go, and so do their addresses.",
        "Put a load balancer before {b} and connect {a} to that.",
    ),
}
RECORD: Mapping[str, Way] = {
    "network_load_balancer": way(_record_to_target),
    "cloudfront_distribution": way(_record_to_target),
    "global_accelerator": way(_record_to_target),
    "application_load_balancer": way(_record_to_target),
    "ec2_instance": way(_record_to_target),
    "db_instance": _DATABASE,
}
HEALTH_CHECK: Mapping[str, Way] = {
    "record": way(_check_to_record),
    "application_load_balancer": way(_check_to_target),
    "network_load_balancer": way(_check_to_target),
    "cloudfront_distribution": way(_check_to_target),
    "ec2_instance": way(_check_to_target),
    "db_instance": never(
        "Route 53 checks from the internet, where nobody should reach {b}.",
        "Make {a} a CLOUDWATCH_METRIC check; an alarm watches {b} from inside.",
    ),
}
