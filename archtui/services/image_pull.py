"""Whether a container can be started: its image comes over the network of its task, or of its host.

Sources: Amazon ECS Developer Guide, "CannotPullContainer task errors in Amazon ECS"; Amazon ECR User Guide, "Amazon ECR
interface VPC endpoints": an image of ECR needs the APIs ``ecr.api`` and ``ecr.dkr`` and, for its layers, S3; ECS guide,
"Fargate platform versions": a task on Fargate pulls over its own interface. Other registries are taken to be on the
internet.
"""

from __future__ import annotations

from archtui.network.addresses import SOMEWHERE, address_text
from archtui.services.regional import service_addresses
from archtui.services.vpc_endpoints.lookups import aws_name, dns_hindrance
from archtui.services.vpc_endpoints.properties import InterfaceEndpointProperties
from archtui.trace.interface import Walk
from archtui.trace.message import Endpoint, Message
from archtui.world.steps import Action, Hop, Verdict
from archtui.world.world import World

ECR_APIS = ("ecr.api", "ecr.dkr", "s3")
_HTTPS = Message("tcp", 443)


def hindered_pull(machine: str, image: str, walk: Walk) -> str:
    """Say why ``machine`` (a task, or the host of one) cannot pull ``image``; empty: it can, or nothing is said."""
    if not image:
        return ""
    for sender in walk.interfaces(machine)[:1]:
        for api in ECR_APIS if ".dkr.ecr." in image else ("",):
            why = _blocked(sender, api, walk)
            if why:
                return f"CannotPullContainerError: {api or 'the registry'} is out of reach: {why}"
    return ""


def _blocked(sender: Endpoint, api: str, walk: Walk) -> str:
    """Return what keeps ``sender`` from an API, or from a registry on the internet; empty: nothing."""
    found = ""
    for target in _targets(sender, api, walk):
        leg = walk.packet(sender, target, _HTTPS)
        if leg.verdict is not Verdict.BLOCKED:
            return ""
        found = found or _first((*leg.forward, *leg.back))
    return found


def _targets(sender: Endpoint, api: str, walk: Walk) -> tuple[Endpoint, ...]:
    """Return the interfaces of an endpoint for the API, or its public address."""
    world = walk.world
    place = world.placement(sender.component)
    for endpoint in world.of_kind("interface_vpc_endpoint") if api else ():
        known = endpoint.properties
        if not isinstance(known, InterfaceEndpointProperties) or known.vpc != place.vpc or not known.private_dns:
            continue
        if (aws_name(known.service) or known.service) == api and not dns_hindrance(known.vpc, world):
            nics = tuple(nic for nic in walk.interfaces(endpoint.id) if not walk.condition.zone_down(nic.zone))
            if nics and not walk.is_down(endpoint.id):
                return nics
    return (_public(place.region, api, world),)


def _public(region: str, api: str, world: World) -> Endpoint:
    address = service_addresses(world).get((region, api)) if api else None
    return Endpoint("internet", address or address_text(SOMEWHERE))


def _first(hops: tuple[Hop, ...]) -> str:
    found = (step.message for each in hops for step in each.steps if step.action is Action.DENY)
    return next(found, "the packet does not get through.")


__all__ = ["hindered_pull"]
