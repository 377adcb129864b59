"""AWS services that are reached by the API of their region: by its public address, or by an endpoint in the VPC.

S3, DynamoDB, SQS and the like have no interface in anybody's network. A caller resolves the API's name and sends
its request to what it gets: the interfaces of an interface endpoint whose private DNS is on (PrivateLink guide,
"Private DNS"), otherwise the service's public address, to which the caller needs a way: an internet gateway, a NAT
gateway, or a gateway endpoint's routes.
"""

from __future__ import annotations

import abc
import ipaddress
import zlib
from collections.abc import Iterator, Mapping

from archtui.model.component import Component
from archtui.network.addresses import SERVICE_POOL, address_text, parse_block
from archtui.network.builder import NetworkBuilder
from archtui.network.flow import TCP
from archtui.network.interface import NetworkPart
from archtui.network.model import PublicService
from archtui.trace.interface import HasName, NameAnswer, NameWay, Question, SendsFromAws, Walk, hop
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

TTL = 60.0
"""Seconds a resolver keeps the address of an AWS API: a round figure, AWS promises none."""


class LeadsToApi(abc.ABC):
    """Behaviour of an endpoint in a VPC that leads to the API of an AWS service."""

    @abc.abstractmethod
    def leads_to(self, component: Component, world: World) -> tuple[str, str]:
        """Return the region and the service, as ``("eu-west-1", "s3")``."""

    def named_in(self, component: Component, world: World) -> str | None:
        """Return the VPC in which the API's own name gives the endpoint's addresses; None: it does nowhere."""
        return None


class RegionalApi(NetworkPart, HasName, SendsFromAws):
    """Behaviour of a component that answers behind the API of a service in its region."""

    def __init__(self, service: str, *, host: str = "", port: int = 443, also: tuple[int, ...] = ()) -> None:
        """``service`` as endpoints name it (``s3``); ``host`` the component's own name with ``{id}`` and
        ``{region}``, empty where all components of the region share the API's name; ``also`` are further ports."""
        self.service = service
        self.host = host
        self.ports = frozenset((TCP, each) for each in (port, *also))

    def regions(self, component: Component, world: World) -> tuple[str, ...]:
        """Return the regions whose API answers for ``component``, its own first."""
        return (region_of(component, world),)

    def region_for(self, component: Component, asker: str, world: World) -> str:
        """Return the region whose API the component ``asker`` calls: its own where that answers."""
        regions = self.regions(component, world)
        here = world.placement(asker).region if asker in world.components else ""
        return here if here in regions else regions[0]

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        for region in self.regions(component, world):
            address = service_addresses(world)[region, self.service]
            name = f"{self.service}.{region}.amazonaws.com"
            builder.service(PublicService(name, (parse_block(f"{address}/32"),), self.ports))

    def sends_from(self, component: Component, world: World) -> Endpoint:
        return sender_of(component, world, self.service)

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        host = self.host.format(id=component.id, region=region_of(component, world)).lower()
        return (host,) if host else ()

    def api_name(self, component: Component, region: str, world: World) -> str:
        """Return the name a caller of the API of ``region`` asks for."""
        return next(iter(self.names(component, world)), f"{self.service}.{region}.amazonaws.com")

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        world = walk.world
        region = self.region_for(component, question.asker.component, world)
        name = self.api_name(component, region, world)
        for endpoint in self._endpoints(region, question, world):
            nics = tuple(
                nic for nic in walk.interfaces(endpoint.id) if not walk.condition.part_down(nic.component, nic.zone)
            )
            if not nics or walk.is_down(endpoint.id):
                continue
            rule = RuleRef(endpoint.id, f"private DNS of {endpoint.id}", ("private_dns",))
            text = f"Inside the VPC {name} gives the addresses of the interface endpoint {endpoint.id}."
            step = Step("dns", Action.ANSWER, "", text, rule)
            share = 1 / len(nics)
            ways = tuple(NameWay(share, _serving(nic, component.id), ttl=TTL) for nic in nics)
            return NameAnswer((hop(endpoint, step),), ways)
        address = service_addresses(world)[region, self.service]
        step = Step("dns", Action.ANSWER, "", f"{name} gives the public address of the service.", _by_aws(component))
        return NameAnswer(
            (hop(component, step),), (NameWay(1.0, Endpoint(component.id, address, serves=component.id)),)
        )

    def _endpoints(self, region: str, question: Question, world: World) -> Iterator[Component]:
        """Yield the interface endpoints for the service that the asker's resolver knows."""
        asker = question.asker.component
        vpc = world.placement(asker).vpc if asker in world.components else None
        if vpc is None:
            return
        wanted = (region, self.service)
        for kind, leads in world.with_behaviour(LeadsToApi):
            for endpoint in world.of_kind(kind.name):
                if leads.named_in(endpoint, world) == vpc and leads.leads_to(endpoint, world) == wanted:
                    yield endpoint


def _serving(nic: Endpoint, component: str) -> Endpoint:
    return Endpoint(nic.component, nic.address, nic.zone, nic.subnet, nic.interface, component)


def _by_aws(component: Component) -> RuleRef:
    return RuleRef(component.id, "the API's public name")


def short_name(service: str) -> str:
    """Return ``s3`` for ``com.amazonaws.eu-west-1.s3`` and ``execute-api`` for ``execute-api``."""
    return service.rpartition(".")[2]


def region_of(component: Component, world: World) -> str:
    """Return the region whose API answers for ``component``."""
    return world.placement(component.id).region


def service_addresses(world: World) -> Mapping[tuple[str, str], str]:
    """Return the public address of each AWS API that the design meets, by region and service."""
    return world.part(_service_addresses)


def _service_addresses(world: World) -> Mapping[tuple[str, str], str]:
    """Give each API an address of the pool by its name, so that another API in the design moves none but a
    colliding one."""
    met = {
        (region, api.service)
        for kind, api in world.with_behaviour(RegionalApi)
        for component in world.of_kind(kind.name)
        for region in api.regions(component, world)
    }
    for kind, leads in world.with_behaviour(LeadsToApi):
        met |= {leads.leads_to(component, world) for component in world.of_kind(kind.name)}
    taken: dict[int, None] = {}
    found: dict[tuple[str, str], str] = {}
    size = SERVICE_POOL.last - SERVICE_POOL.first - 1
    for region, service in sorted(met):
        place = zlib.crc32(f"{region}/{service}".encode()) % size
        while place in taken:
            place = (place + 1) % size
        taken[place] = None
        found[region, service] = address_text(SERVICE_POOL.first + 1 + place)
    return found


def sender_of(component: Component, world: World, service: str) -> Endpoint:
    """Return where requests come from that an AWS service makes outside the customer's networks."""
    address = service_addresses(world).get((region_of(component, world), service))
    return Endpoint(component.id, address or str(ipaddress.IPv4Address(SERVICE_POOL.first)))
