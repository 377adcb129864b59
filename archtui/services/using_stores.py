"""How applications get to stores and queues: what ``connect`` makes between them."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import add_component, append_to, set_property
from archtui.services.aurora.properties import DbClusterEndpointProperties
from archtui.services.lookups import as_kind, character_of, each, route_table_of
from archtui.services.nodes import cluster_of
from archtui.services.regional import RegionalApi, short_name
from archtui.services.vpc.properties import SecurityGroupProperties, VpcProperties
from archtui.services.vpc_endpoints.properties import GatewayEndpointProperties, InterfaceEndpointProperties
from archtui.services.wiring import RefusedError, Wiring, way

HTTPS = 443
BY_GATEWAY = ("s3", "dynamodb")
"""The services that have gateway endpoints (VPC User Guide, 'Gateway endpoints')."""


def _to_nodes(wiring: Wiring, source: Component, target: Component) -> str:
    """Let ``source`` open connections to the nodes of a cluster, or of that behind one of its names."""
    name = as_kind(wiring.world, target.id, DbClusterEndpointProperties)
    cluster = wiring.world.components[name.cluster] if name else target
    port = cluster_of(cluster).ports[0]
    wiring.reach(source.id, cluster.id, port)
    wiring.link(source.id, target.id, port)
    return f"{source.id} uses {target.id}"


def _to_api(wiring: Wiring, source: Component, target: Component) -> str:
    """Give ``source`` a private way to the API of ``target``'s service, and let it ask."""
    api = target.kind.behaviour(RegionalApi)
    if api is None:
        raise RefusedError(f"{target.id} has no API of its own.")
    vpc = wiring.vpc(source.id)
    if vpc is not None:
        region = api.region_for(target, source.id, wiring.world)
        if region != wiring.world.placement(source.id).region:
            _elsewhere(wiring, source, target, region)
        elif api.service in BY_GATEWAY:
            _gateway(wiring, source, vpc, api.service)
        else:
            _interface(wiring, source, vpc, api.service)
        _https_out(wiring, source)
    wiring.link(source.id, target.id, HTTPS)
    return f"{source.id} uses {target.id}"


def _elsewhere(wiring: Wiring, source: Component, target: Component, region: str) -> None:
    """Endpoints lead to their own region alone; what is elsewhere is reached over the internet."""
    subnets = wiring.world.placement(source.id).subnets
    if any(character_of(wiring.world, subnet) == "isolated" for subnet in subnets):
        raise RefusedError(
            f"{target.id} is in {region}, and {source.id} has no way out of its VPC.",
            f"Connect {source.id} to the internet first.",
        )


def _gateway(wiring: Wiring, source: Component, vpc: str, service: str) -> None:
    """Give the route tables of ``source`` a gateway endpoint."""
    tables = [table for subnet in wiring.world.placement(source.id).subnets if (table := _table(wiring, subnet, vpc))]
    for component, endpoint in each(wiring.world, GatewayEndpointProperties):
        if endpoint.vpc == vpc and short_name(endpoint.service) == service and wiring.written(component.id):
            for table in dict.fromkeys(tables):
                if table not in endpoint.route_tables:
                    edit = append_to(wiring.world.blueprint, component.id, ("route_tables",), table)
                    wiring.do(edit, f"{component.id} serves {table}")
            return
    name = wiring.unused(f"to-{service}")
    listed: list[Json] = list(dict.fromkeys(tables))
    body: dict[str, Json] = {"vpc": vpc, "service": service, "route_tables": listed}
    wiring.do(add_component(name, "gateway_vpc_endpoint", body), f"{vpc} gets the gateway endpoint {name}")


def _table(wiring: Wiring, subnet: str, vpc: str) -> str | None:
    """Return the route table of a subnet; a main one that nobody wrote down is written."""
    table = route_table_of(wiring.world, subnet)
    if table is None or not table.implicit:
        return table.id if table else None
    name = wiring.unused(f"{vpc}-main")
    wiring.do(add_component(name, "route_table", {"vpc": vpc, "main": True}), f"{vpc} gets the main table {name}")
    return name


def _interface(wiring: Wiring, source: Component, vpc: str, service: str) -> None:
    """Give the VPC an interface endpoint, where ``source`` has no other way out, and let it in there."""
    subnets = wiring.world.placement(source.id).subnets
    for component, endpoint in each(wiring.world, InterfaceEndpointProperties):
        if endpoint.vpc == vpc and short_name(endpoint.service) == service and endpoint.private_dns:
            if wiring.written(component.id):
                wiring.reach(source.id, component.id, HTTPS)
            return
    if not any(character_of(wiring.world, subnet) == "isolated" for subnet in subnets):
        return
    settings = as_kind(wiring.world, vpc, VpcProperties)
    if settings and not settings.dns_hostnames and wiring.written(vpc):
        wiring.do(set_property(vpc, ("dns_hostnames",), True), f"{vpc} gives DNS host names")
    zones = {wiring.world.placement(subnet).zones: subnet for subnet in reversed(subnets)}
    listed: list[Json] = [*sorted(zones.values())]
    group, name = wiring.unused(f"to-{service}-sg"), wiring.unused(f"to-{service}")
    wiring.do(add_component(group, "security_group", {"vpc": vpc, "description": f"of the endpoint for {service}"}))
    body: dict[str, Json] = {"vpc": vpc, "service": service, "subnets": listed, "security_groups": [group]}
    wiring.do(add_component(name, "interface_vpc_endpoint", body), f"{vpc} gets the interface endpoint {name}")
    wiring.reach(source.id, name, HTTPS)


def _https_out(wiring: Wiring, source: Component) -> None:
    """Let HTTPS out where the groups of ``source`` restrict what goes out."""
    groups = [as_kind(wiring.world, name, SecurityGroupProperties) for name in wiring.groups(source.id)]
    if any(group is None or group.egress is None for group in groups):
        return
    for group in groups:
        for rule in group.egress or () if group else ():
            if rule.destination in ("0.0.0.0/0", "any") and rule.ports in (None, "443"):
                return
    name = next((name for name in wiring.groups(source.id) if wiring.written(name)), None)
    if name is not None:
        opening: Json = {"port": HTTPS, "to": "0.0.0.0/0", "description": "to the APIs of AWS"}
        wiring.do(append_to(wiring.world.blueprint, name, ("egress",), opening), f"{name} lets HTTPS out")


_NODES = (
    "dax_cluster",
    "db_cluster",
    "db_cluster_endpoint",
    "db_proxy",
    "efs_file_system",
    "elasticache_cluster",
    "fsx_file_system",
    "memorydb_cluster",
    "mq_broker",
    "msk_cluster",
    "opensearch_domain",
    "redshift_cluster",
)
_APIS = (
    "dynamodb_table",
    "firehose_stream",
    "kinesis_stream",
    "s3_access_point",
    "s3_bucket",
    "sns_topic",
    "sqs_queue",
)
STORES: Mapping[str, Way] = {kind: way(_to_nodes) for kind in _NODES} | {kind: way(_to_api) for kind in _APIS}
"""What every application connects to in the same way."""

__all__ = ["STORES"]
