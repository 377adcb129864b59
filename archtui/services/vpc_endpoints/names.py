"""The names of interface endpoints, and the private name of an endpoint service in its consumers' VPCs."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.vpc_endpoints.lookups import aws_name, dns_hindrance, endpoints_of, provider_of
from archtui.services.vpc_endpoints.properties import EndpointServiceProperties, InterfaceEndpointProperties
from archtui.trace.interface import HasName, NameAnswer, NameWay, Question, Walk, hop
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

TTL = 60.0
"""Seconds a resolver keeps the address of an endpoint: a round figure, AWS promises none."""


class EndpointName(HasName):
    """An endpoint has a regional name for all its interfaces and a zonal one for each.

    They are public names of private addresses, so they resolve everywhere (AWS PrivateLink guide, 'Access an AWS
    service using an interface VPC endpoint', 'DNS hostnames').
    """

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        zones = sorted({zone for subnet in _settings(component).subnets for zone in world.placement(subnet).zones})
        host = component.id if component.id.startswith("vpce-") else f"vpce-{component.id}"
        rest = _rest(component, world)
        return tuple(f"{name}.{rest}".lower() for name in (host, *(f"{host}-{zone}" for zone in zones)))

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        nics = _alive(walk.interfaces(component.id), walk)
        zonal = tuple(nic for nic in nics if nic.zone and question.name.split(".")[0].endswith(f"-{nic.zone}"))
        return _given(component, zonal or nics, f"The name of {component.id} gives the addresses of its interfaces.")


class PrivateName(HasName):
    """The private name of an endpoint service leads, in each consumer's VPC, to the consumer's own endpoint.

    Source: AWS PrivateLink guide, 'Manage DNS names for VPC endpoint services': once the provider has proved that
    the domain is its own, in VPCs whose endpoint has private DNS on.
    """

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        settings = component.properties
        assert isinstance(settings, EndpointServiceProperties)
        return (settings.private_dns_name.lower().rstrip("."),) if settings.private_dns_name else ()

    def known_to(self, component: Component, question: Question, walk: Walk) -> bool:
        return self._endpoint(component, question, walk) is not None

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        endpoint = self._endpoint(component, question, walk)
        if endpoint is None:
            return NameAnswer((), (), (f"an endpoint for {component.id} with private DNS in the asker's VPC",))
        nics = _alive(walk.interfaces(endpoint.id), walk)
        name = next(iter(self.names(component, walk.world)), component.id)
        return _given(endpoint, nics, f"Inside the VPC {name} gives the addresses of the endpoint {endpoint.id}.")

    @staticmethod
    def _endpoint(component: Component, question: Question, walk: Walk) -> Component | None:
        """Return the endpoint that the name leads to in the asker's VPC."""
        settings, asker = component.properties, question.asker.component
        vpc = walk.world.placement(asker).vpc if asker in walk.world.components else None
        if not isinstance(settings, EndpointServiceProperties) or not settings.private_dns_verified or vpc is None:
            return None
        for endpoint in endpoints_of(component.id, walk.world):
            own = _settings(endpoint)
            if own.vpc == vpc and own.private_dns and own.state == "available" and not dns_hindrance(vpc, walk.world):
                return endpoint
        return None


def _settings(endpoint: Component) -> InterfaceEndpointProperties:
    assert isinstance(endpoint.properties, InterfaceEndpointProperties)
    return endpoint.properties


def _rest(endpoint: Component, world: World) -> str:
    """Return what stands behind the endpoint's own label."""
    provider = provider_of(endpoint, world)
    service = aws_name(_settings(endpoint).service) or _settings(endpoint).service.rpartition(".")[2]
    if provider is not None:
        service = provider.id if provider.id.startswith("vpce-svc-") else f"vpce-svc-{provider.id}"
    return f"{service}.{world.placement(endpoint.id).region}.vpce.amazonaws.com"


def _alive(nics: tuple[Endpoint, ...], walk: Walk) -> tuple[Endpoint, ...]:
    """Return the interfaces in zones that work; all where none does."""
    return tuple(nic for nic in nics if not walk.condition.part_down(nic.component, nic.zone)) or nics


def _given(endpoint: Component, nics: tuple[Endpoint, ...], text: str) -> NameAnswer:
    if not nics:
        return NameAnswer((), (), (f"the subnets of {endpoint.id}",))
    step = Step("dns", Action.ANSWER, "", text, RuleRef(endpoint.id, f"names of {endpoint.id}", ("private_dns",)))
    return NameAnswer((hop(endpoint, step),), tuple(NameWay(1 / len(nics), nic, ttl=TTL) for nic in nics))
