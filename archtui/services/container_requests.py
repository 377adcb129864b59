"""What tasks and pods do with what arrives, and which members of a service are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from archtui.model.component import Component, Json
from archtui.model.operations import Operation, Set
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.interface import NetworkPart
from archtui.network.model import Host
from archtui.services.containers import ContainerProperties, FleetProperties
from archtui.services.ec2.trace import answered, not_working, scheme_of
from archtui.services.image_pull import hindered_pull
from archtui.services.publishing import PublishesPorts
from archtui.services.vpc.network_interfaces import ipv6_of
from archtui.trace import codes
from archtui.trace.interface import (
    Arrival,
    HasMembers,
    MovesAway,
    Receives,
    Reception,
    StandsIn,
    Walk,
    hop,
)
from archtui.trace.message import Endpoint
from archtui.world.condition import Condition
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World


def container_of(component: Component) -> ContainerProperties:
    """Return the properties of a task or pod."""
    if not isinstance(component.properties, ContainerProperties):
        raise TypeError(f"{component.id} is neither task nor pod")
    return component.properties


def fleet_of(component: Component) -> FleetProperties:
    """Return the properties of a service that keeps tasks or pods."""
    if not isinstance(component.properties, FleetProperties):
        raise TypeError(f"{component.id} keeps no tasks or pods")
    return component.properties


def keeper_of(component: Component, world: World) -> Component | None:
    """Return the service that keeps a task or pod."""
    name = container_of(component).service
    return world.components.get(name) if name else None


class ContainerNetwork(NetworkPart):
    """A member with an interface of its own is a host behind it; one that shares its host's is none."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = container_of(component)
        if properties.subnet is None or properties.host is not None:
            return
        builder.interface(
            InterfaceSpec(
                f"{component.id}:eni",
                component.id,
                component.id,
                properties.subnet,
                Host(stated=properties.listens is not None),
                properties.security_groups,
                public="auto" if properties.public_ip else None,
                ipv6=ipv6_of(properties.subnet, world),
            )
        )


class ContainerReceives(Receives, PublishesPorts, StandsIn):
    """A member answers with its programs, which ask what they are linked to."""

    def port(self, component: Component) -> int | None:
        services = container_of(component).listens
        return services[0].port if services and len(services) == 1 else None

    def scheme(self, component: Component, port: int) -> Literal["", "http", "https"]:
        return scheme_of(container_of(component).listens, port)

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        keeper = keeper_of(component, walk.world)
        if walk.is_down(component.id) or (keeper is not None and walk.is_down(keeper.id)):
            return not_working(component, "down")
        stopped = self._not_started(component, walk)
        if stopped is not None:
            return stopped
        reception = answered(arrival, container_of(component).listens, ("listens",), walk)
        if keeper is None:
            return reception
        text = f"{component.id} is one of the {fleet_of(keeper).desired} members of {keeper.id}."
        rule = RuleRef(keeper.id, f"desired {fleet_of(keeper).desired}", ("desired",))
        shown = hop(keeper, Step("application", Action.FORWARD, "", text, rule))
        return replace(reception, hops=(shown, *reception.hops))

    def image(self, component: Component, world: World) -> tuple[str, str]:
        """Return the image and the component over whose network it is pulled; empty: nothing is said of it."""
        return "", ""

    def _not_started(self, component: Component, walk: Walk) -> Reception | None:
        """Return the silence of what could not pull its image when it was started; None: nothing kept it."""
        image, machine = self.image(component, walk.world)
        why = walk.once(("image", component.id), lambda: hindered_pull(machine, image, walk.healthy), "")
        if not why:
            return None
        text = f"{component.id} does not start: {why}"
        rule = RuleRef(component.id, f"image {image}", ("image",))
        step = Step("application", Action.DENY, codes.CANNOT_PULL_CONTAINER, text, rule)
        return Reception((hop(component, step),))

    def taken(self, component: Component, arrival: Arrival, walk: Walk) -> Reception | None:
        published = container_of(component).published
        index = next((i for i, item in enumerate(published) if item.host_port == arrival.message.port), None)
        if index is None:
            return None
        item = published[index]
        text = f"{arrival.component.id} passes port {item.host_port} on to port {item.port} of {component.id}."
        rule = RuleRef(component.id, f"host port {item.host_port} > {item.port}", ("published", index))
        message = arrival.message.to_port(item.port)
        before, after = arrival.message.to_json(), message.to_json()
        step = Step("application", Action.TRANSLATE, "", text, rule, before=before, after=after)
        reception = self.receive(replace(arrival, component=component, message=message), walk)
        return replace(reception, hops=(hop(arrival.component, step), *reception.hops))

    def stands_in(self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]) -> bool:
        """Its service starts another."""
        keeper = keeper_of(component, world)
        stands = keeper.kind.behaviour(StandsIn) if keeper else None
        return bool(keeper and stands and stands.stands_in(keeper, world, condition, acts))


class FleetBehaviour(Receives, HasMembers, StandsIn, MovesAway):
    """A service is a set of equal members spread over its zones, which it replaces where some are lost."""

    def __init__(self, mechanism: str, control_planes: Sequence[str]) -> None:
        """``mechanism`` as the failover table names the replacement, which needs the ``control_planes``."""
        self.mechanism = mechanism
        self.control_planes = frozenset(control_planes)

    def port(self, component: Component) -> int | None:
        ports = {registration.container_port for registration in fleet_of(component).load_balancers}
        return ports.pop() if len(ports) == 1 else None

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        return answered(arrival, None, (), walk)

    def members(self, component: Component, walk: Walk) -> tuple[Endpoint, ...]:
        """Return the addresses of the members in zones that work; members that share one are one."""
        if walk.is_down(component.id):
            return ()
        found: dict[str, Endpoint] = {}
        for name in fleet_of(component).members:
            member = walk.world.components[name]
            if walk.is_down(name):
                continue
            for nic in walk.interfaces(container_of(member).host or name)[:1]:
                if not walk.condition.part_down(nic.component, nic.zone):
                    found.setdefault(nic.address, nic)
        return tuple(found.values())

    def stands_in(self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]) -> bool:
        """New members need the orchestrator's control plane and a zone that works."""
        zones: Sequence[str] = world.placement(component.id).zones
        alive = not zones or any(not condition.zone_down(zone) for zone in zones)
        planes = self.control_planes & condition.control_planes
        return acts(f"{self.mechanism}:{component.id}") and alive and not planes

    def moved(
        self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]
    ) -> tuple[Operation, ...]:
        """New members run in the subnets that are left; those written down one by one stay where they are."""
        written = world.blueprint.components.get(component.id)
        subnets = fleet_of(component).subnets
        if written is None or "members" in written.raw or "subnets" not in written.raw:
            return ()
        left: list[Json] = [name for name in subnets if not condition.is_down(world, name)]
        lost = condition.zones or condition.down
        if not lost or not left or len(left) == len(subnets) or not self.stands_in(component, world, condition, acts):
            return ()
        return (Set(("components", component.id, "subnets"), left),)
