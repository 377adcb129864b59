"""What instances and Auto Scaling groups do with what arrives, and who of a group is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from archtui.model.component import Component, Json
from archtui.model.operations import Operation, Set
from archtui.services.ec2.properties import (
    AutoScalingGroupProperties,
    Ec2InstanceProperties,
    LaunchTemplateProperties,
    MachineProperties,
    Service,
)
from archtui.services.publishing import taken_by_others
from archtui.trace import codes
from archtui.trace.application import calls_of
from archtui.trace.interface import (
    Arrival,
    HasMembers,
    MovesAway,
    Receives,
    Reception,
    Registers,
    StandsIn,
    Walk,
    hop,
)
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint
from archtui.world.condition import Condition
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

Stated = tuple[Service, ...] | None


def stated_services(component: Component, world: World) -> Stated:
    """Return what is said to listen on an instance or on a group's instances; None: nothing is said."""
    properties = component.properties
    template = getattr(properties, "launch_template", None)
    if isinstance(properties, MachineProperties) and properties.listens is not None:
        return properties.listens
    found = world.components[template].properties if template else None
    return found.listens if isinstance(found, LaunchTemplateProperties) else None


def answer_of(component: Component, arrival: Arrival, services: Stated, path: tuple[str | int, ...]) -> Reception:
    """Return how a machine with these programs answers, before it asks anyone else."""
    message = arrival.message
    if message.purpose == "event":
        step = Step("application", Action.ACCEPT, "", f"{component.id} works on what it has taken.")
        return Reception((hop(component, step),))
    if message.protocol not in ("tcp", "udp") or message.port is None:
        step = Step("application", Action.ACCEPT, "", f"{component.id} gets the {message.protocol} packet.")
        return Reception((hop(component, step),))
    if services is None:
        text = f"What listens on {component.id} is not stated: port {message.port} is taken to be answered."
        step = Step("application", Action.ACCEPT, codes.ASSUMPTION_LISTENS, text, RuleRef(component.id, text, path))
        return Reception((hop(component, step),), status=200 if message.http else None)
    transports = ("udp",) if message.protocol == "udp" else ("tcp", "http", "https")
    service = next((s for s in services if s.port == message.port and s.protocol in transports), None)
    if service is None:
        lost = tuple(
            RuleRef(component.id, f"{s.protocol} {s.port}", (*path, i), "another port") for i, s in enumerate(services)
        )
        text = f"Nothing listens on {message.protocol} {message.port} of {component.id}: the connection is refused."
        step = Step("application", Action.DENY, codes.CONNECTION_REFUSED, text, RuleRef(component.id, text, path), lost)
        return Reception((hop(component, step),), refused=True)
    here = (*path, services.index(service))
    rule = RuleRef(component.id, f"{service.protocol} {service.port}", here)
    if message.http is None:
        step = Step("application", Action.ACCEPT, "", f"{component.id} accepts the connection on {message.port}.", rule)
        return Reception((hop(component, step),))
    if service.protocol in ("http", "https") and service.protocol != message.http.scheme:
        text = f"{component.id} speaks {service.protocol} on {service.port}, and is spoken to in {message.http.scheme}."
        step = Step("application", Action.DENY, codes.CONNECTION_REFUSED, text, rule)
        return Reception((hop(component, step),), refused=True)
    status, pattern = path_status(service, message.http.path)
    if status >= 400:
        why = f"serves {pattern} with {status}" if pattern else f"does not serve {message.http.path}: {status}"
        rule = RuleRef(component.id, f"paths {', '.join(service.paths or {})}", (*here, "paths"))
        step = Step("application", Action.DENY, codes.HTTP_ERROR_STATUS, f"{component.id} {why}.", rule)
        return Reception((hop(component, step),), status=status)
    if service.malformed and message.purpose != "health_check":
        text = f"What {component.id} answers on {service.port} is no valid HTTP."
        step = Step("application", Action.DENY, codes.HTTP_MALFORMED, text, rule)
        return Reception((hop(component, step),), refused=True)
    text = f"{component.id} serves {message.http.path} on port {service.port} with {status}."
    step = Step("application", Action.ACCEPT, "", text, rule)
    takes = None
    if service.takes is not None and message.purpose != "health_check":
        takes = Latency(component.id, service.takes * 1000, f"{component.id} takes {service.takes:g} s (stated)")
    return Reception((hop(component, step),), status=status, takes=takes)


def path_status(service: Service, path: str) -> tuple[int, str]:
    """Return the status of ``path`` and the pattern that says so; 404 where none does, 200 where none is stated.

    An exact path goes before a pattern, a longer pattern before a shorter one.
    """
    if service.paths is None:
        return 200, path
    if path in service.paths:
        return service.paths[path], path
    fitting = [p for p in service.paths if p.endswith("*") and path.startswith(p[:-1])]
    if not fitting:
        return 404, ""
    best = max(fitting, key=len)
    return service.paths[best], best


def answered(arrival: Arrival, services: Stated, path: tuple[str | int, ...], walk: Walk) -> Reception:
    """Return how a machine with these programs answers, with what they ask of others first."""
    reception = answer_of(arrival.component, arrival, services, path)
    if any(step.action is Action.DENY for each in reception.hops for step in each.steps):
        return reception
    return replace(reception, calls=calls_of(arrival, walk))


def not_working(component: Component, state: str) -> Reception:
    """Return the silence of what is ``down`` or ``stopped``."""
    text = f"{component.id} is {state}, so it answers nothing."
    step = Step("interface", Action.DENY, codes.BAD_STATE, text, RuleRef(component.id, state, ("state",)))
    return Reception((hop(component, step),))


def scheme_of(services: Stated, port: int) -> Literal["", "http", "https"]:
    """Return what the program on ``port`` speaks; empty: not HTTP, or not stated."""
    for service in services or ():
        if service.port == port and service.protocol in ("http", "https"):
            return "https" if service.protocol == "https" else "http"
    return ""


class InstanceReceives(Receives, StandsIn):
    """An instance answers with its programs, which ask what they are linked to."""

    def stands_in(self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]) -> bool:
        """An Auto Scaling group replaces its members."""
        properties = component.properties
        name = properties.auto_scaling_group if isinstance(properties, Ec2InstanceProperties) else None
        group = world.components.get(name) if name else None
        return group is not None and GroupBehaviour().stands_in(group, world, condition, acts)

    def port(self, component: Component) -> int | None:
        services = component.properties.listens if isinstance(component.properties, MachineProperties) else None
        return services[0].port if services and len(services) == 1 else None

    def scheme(self, component: Component, port: int) -> Literal["", "http", "https"]:
        return scheme_of(
            component.properties.listens if isinstance(component.properties, MachineProperties) else None, port
        )

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, properties = arrival.component, arrival.component.properties
        if walk.is_down(component.id):
            return not_working(component, "down")
        if isinstance(properties, Ec2InstanceProperties) and properties.state != "running":
            return not_working(component, properties.state)
        taken = taken_by_others(component.id, arrival, walk)
        if taken is not None:
            return taken
        return answered(arrival, stated_services(component, walk.world), ("listens",), walk)


class GroupBehaviour(Receives, HasMembers, Registers, StandsIn, MovesAway):
    """An Auto Scaling group is a set of equal instances spread over its zones."""

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        if walk.is_down(component.id) or walk.condition.part_down(component.id, arrival.at.zone):
            return not_working(component, "down")
        if arrival.at.interface in walk.world.components and walk.is_down(arrival.at.interface):
            return not_working(component, f"without {arrival.at.interface}, which is down")
        taken = taken_by_others(arrival.at.interface, arrival, walk)
        if taken is not None:
            return taken
        return answered(arrival, stated_services(component, walk.world), ("launch_template",), walk)

    def members(self, component: Component, walk: Walk) -> tuple[Endpoint, ...]:
        """Return the instances in zones that work."""
        if walk.is_down(component.id):
            return ()
        return tuple(
            nic for nic in walk.interfaces(component.id) if not walk.condition.part_down(nic.component, nic.zone)
        )

    def registers_in(self, component: Component) -> tuple[str, ...]:
        return _group(component).target_groups

    def stands_in(self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]) -> bool:
        """Replacements need the EC2 control plane and a zone that works."""
        zones: Sequence[str] = world.placement(component.id).zones
        alive = not zones or any(not condition.zone_down(zone) for zone in zones)
        barred = {"ec2", "autoscaling"} & condition.control_planes or "ec2-vcpus" in condition.quotas
        return acts(f"asg.instance:{component.id}") and alive and not barred

    def moved(
        self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]
    ) -> tuple[Operation, ...]:
        """New instances stand in the subnets that are left; instances written down one by one stay where they are."""
        written = world.blueprint.components.get(component.id)
        subnets = _group(component).subnets
        if written is None or "instances" in written.raw or not (condition.zones or condition.down):
            return ()
        left: list[Json] = [name for name in subnets if not condition.is_down(world, name)]
        if not left or len(left) == len(subnets) or not self.stands_in(component, world, condition, acts):
            return ()
        return (Set(("components", component.id, "subnets"), left),)


def _group(component: Component) -> AutoScalingGroupProperties:
    if not isinstance(component.properties, AutoScalingGroupProperties):
        raise TypeError(f"{component.id} is no Auto Scaling group")
    return component.properties
