"""Who talks to whom on which port, as far as the design says: links, forwarding and health checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from archtui.services.ec2.lookups import listens_of
from archtui.services.elb.lookups import forwardings, health_port, registered
from archtui.services.elb.properties import LoadBalancerProperties, NetworkLoadBalancerProperties, TargetGroupProperties
from archtui.services.lookups import as_kind
from archtui.services.rds.properties import DbInstanceProperties
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Conversation:
    """A connection that the design needs."""

    client: str
    server: str
    port: int
    protocol: Literal["tcp", "udp"]
    cause: Literal["link", "forward", "health"]
    """Why it is needed: a link, a listener that forwards, a health check."""


def conversations(world: World) -> tuple[Conversation, ...]:
    """Return every connection that the design needs and whose port is known."""
    return world.part(_conversations)


def _conversations(world: World) -> tuple[Conversation, ...]:
    return tuple(dict.fromkeys((*_linked(world), *_forwarded(world))))


def _linked(world: World) -> Iterator[Conversation]:
    for link in world.links:
        port = link.port or port_of(world, link.target)
        if port and link.source in world.components and link.target in world.components:
            yield Conversation(link.source, link.target, port, link.protocol, "link")


def _forwarded(world: World) -> Iterator[Conversation]:
    for way in forwardings(world):
        group = as_kind(world, way.group, TargetGroupProperties)
        if group is None or (_is_network_balancer(world, way.balancer) and _keeps_client(group)):
            continue
        for target in registered(world, way.group):
            if target.port and target.name in world.components:
                yield Conversation(way.balancer, target.name, target.port, "tcp", "forward")
                check = health_port(group, target.port)
                if check and group.health_check.enabled and check != target.port:
                    yield Conversation(way.balancer, target.name, check, "tcp", "health")


def _is_network_balancer(world: World, name: str) -> bool:
    return as_kind(world, name, NetworkLoadBalancerProperties) is not None


def _keeps_client(group: TargetGroupProperties) -> bool:
    """Say whether the targets see the client's own address, so that the balancer is not who talks to them.

    Left out, a Network Load Balancer keeps it except for TCP and TLS to addresses (Elastic Load
    Balancing User Guide for Network Load Balancers, 'Client IP preservation').
    """
    if group.preserve_client_ip is not None:
        return group.preserve_client_ip
    return not (group.target_type == "ip" and group.protocol in ("TCP", "TLS"))


def port_of(world: World, name: str) -> int | None:
    """Return the one port that ``name`` answers on; None where it has several or none is stated."""
    database = as_kind(world, name, DbInstanceProperties)
    if database:
        return database.listener_port
    balancer = as_kind(world, name, LoadBalancerProperties)
    if balancer:
        return balancer.listeners[0].port if len(balancer.listeners) == 1 else None
    services = listens_of(world, name)
    return services[0].port if services and len(services) == 1 else None


def ports_served(world: World, name: str) -> frozenset[int] | None:
    """Return the ports that ``name`` answers on; None where the design does not say."""
    database = as_kind(world, name, DbInstanceProperties)
    if database:
        return frozenset({database.listener_port})
    services = listens_of(world, name)
    return frozenset(service.port for service in services) if services is not None else None
