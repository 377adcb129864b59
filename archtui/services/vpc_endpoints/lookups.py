"""What is asked about endpoints and endpoint services: who provides, who is served, where a service is."""

from __future__ import annotations

import re

from archtui.model.component import Component
from archtui.services.vpc.properties import VpcProperties
from archtui.services.vpc_endpoints.properties import EndpointServiceProperties, InterfaceEndpointProperties
from archtui.world.world import World

_REGION = re.compile(r"com\.amazonaws\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.")


def service_region(service: str) -> str:
    """Return the region in an AWS service's name; empty for a short one."""
    found = _REGION.match(service)
    return found["region"] if found else ""


def aws_name(service: str) -> str:
    """Return what AWS calls a service in host names: ``ec2`` for ``com.amazonaws.eu-west-1.ec2``; empty for a
    service of somebody else."""
    if service.startswith("com.amazonaws.") and not service.startswith("com.amazonaws.vpce."):
        found = _REGION.match(service)
        return service[found.end() :] if found else service.rpartition(".")[2]
    return "" if "." in service else service


def provider_of(endpoint: Component, world: World) -> Component | None:
    """Return the endpoint service of this design that an interface endpoint leads to; None: it is none of it."""
    properties = endpoint.properties
    if not isinstance(properties, InterfaceEndpointProperties):
        return None
    if properties.provider:
        found = world.components.get(properties.provider)
        return found if found and isinstance(found.properties, EndpointServiceProperties) else None
    for service in world.of_kind("vpc_endpoint_service"):
        offered = service.properties
        if (
            isinstance(offered, EndpointServiceProperties)
            and properties.service in (service.id, offered.name)
            and (properties.service)
        ):
            return service
    return None


def dns_hindrance(vpc: str, world: World) -> str:
    """Say which setting of a VPC keeps private DNS names of endpoints from it; empty: none (AWS PrivateLink guide,
    'Access an AWS service using an interface VPC endpoint': DNS support and DNS host names are both needed)."""
    found = world.components.get(vpc)
    settings = found.properties if found else None
    if not isinstance(settings, VpcProperties):
        return ""
    return "dns_support" if not settings.dns_support else "" if settings.dns_hostnames else "dns_hostnames"


def endpoints_of(service: str, world: World) -> tuple[Component, ...]:
    """Return the endpoints that lead to an endpoint service."""
    return tuple(
        endpoint
        for endpoint in world.of_kind("interface_vpc_endpoint")
        if (found := provider_of(endpoint, world)) is not None and found.id == service
    )


def service_refusal(service: Component, endpoint: Component, world: World) -> str:
    """Say why a service does not serve an endpoint; empty: it does (AWS PrivateLink guide, 'Configure an endpoint
    service': permissions, acceptance)."""
    offered = service.properties
    if not isinstance(offered, EndpointServiceProperties):
        return ""
    here, there = world.placement(service.id).account, world.placement(endpoint.id).account
    allowed = any(name == "*" or there in name for name in offered.allowed_principals)
    if here and there and here != there and not allowed:
        return f"account {there} is not among its allowed principals"
    if offered.acceptance_required and offered.accepted is not None and endpoint.id not in offered.accepted:
        return "it has not accepted the endpoint"
    return ""
