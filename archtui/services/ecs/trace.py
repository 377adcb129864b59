"""How Cloud Map answers for the members of services."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.model.component import Component
from archtui.services.container_requests import ContainerReceives, container_of, fleet_of, keeper_of
from archtui.services.ecs.properties import (
    CloudMapNamespaceProperties,
    EcsServiceProperties,
    EcsTaskDefinitionProperties,
)
from archtui.services.iam.properties import IamRoleProperties
from archtui.services.lookups import as_kind
from archtui.services.permissions import ActsByRole
from archtui.trace import codes
from archtui.trace.interface import AnswersNames, NameAnswer, NameWay, Question, Walk, hop
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

MOST_ANSWERS = 8
"""Multivalue answers hold up to eight healthy members (Cloud Map Developer Guide, "Service settings")."""


def namespace_of(component: Component) -> CloudMapNamespaceProperties:
    """Return the properties of a namespace."""
    if not isinstance(component.properties, CloudMapNamespaceProperties):
        raise TypeError(f"{component.id} is no Cloud Map namespace")
    return component.properties


def registered_in(namespace: Component, world: World) -> Iterator[tuple[str, Component]]:
    """Yield the names in a namespace, in full, with the services whose members they stand for."""
    domain = namespace_of(namespace).name.lower().rstrip(".")
    for edge in world.referrers(namespace.id):
        service = world.components[edge.source]
        properties = service.properties
        if isinstance(properties, EcsServiceProperties) and edge.path == ("namespace",):
            yield f"{(properties.discovery_name or service.id).lower()}.{domain}", service


class TaskReceives(ContainerReceives):
    """A task answers once its image has been pulled: over its own interface on Fargate, over its host's otherwise."""

    def image(self, component: Component, world: World) -> tuple[str, str]:
        """Return the image of its definition; over which network a task with an interface of its own on a host of the
        cluster pulls is the host's matter, and which host that is is not said."""
        task, keeper = container_of(component), keeper_of(component, world)
        recipe = as_kind(world, getattr(task, "task_definition", None), EcsTaskDefinitionProperties)
        service = keeper.properties if keeper else None
        own = isinstance(service, EcsServiceProperties) and service.launch_type == "FARGATE"
        machine = task.host or (component.id if own else "")
        return (recipe.image if recipe and machine else ""), machine


class TaskActs(ActsByRole):
    """A task acts as the task role of its definition (Amazon ECS Developer Guide, "Amazon ECS task IAM role")."""

    def role(self, component: Component, world: World) -> str | None:
        name = getattr(component.properties, "task_definition", None)
        recipe = as_kind(world, name, EcsTaskDefinitionProperties)
        found = as_kind(world, recipe.task_role if recipe else None, IamRoleProperties)
        return recipe.task_role if recipe and found else None


def uses_service_connect(asker: Endpoint, namespace: str, world: World) -> bool:
    """Whether a task that uses Service Connect in ``namespace`` asks: itself, or one over the host it shares."""
    for component in world.of_kind("ecs_task"):
        keeper = keeper_of(component, world)
        service = keeper.properties if keeper else None
        if not isinstance(service, EcsServiceProperties) or not service.service_connect:
            continue
        mine = {component.id, container_of(component).host} & {asker.component, asker.interface}
        if service.namespace == namespace and mine:
            return True
    return False


class NamespaceAnswers(AnswersNames):
    """A namespace answers in its VPC with the addresses of the members that work, each equally often.

    Source: Amazon ECS Developer Guide, "Use service discovery to connect Amazon ECS services with DNS names": A
    records for tasks of the ``awsvpc`` mode; ECS takes tasks that stop or fail out.
    """

    def domain(self, component: Component) -> str:
        return namespace_of(component).name.lower().rstrip(".")

    def private_to(self, component: Component, world: World) -> frozenset[str] | None:
        return frozenset({namespace_of(component).vpc})

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        known = dict(registered_in(component, walk.world))
        service = known.get(question.name)
        if service is None:
            lost = tuple(RuleRef(other.id, name, ("namespace",), "another name") for name, other in known.items())
            text = f"No service is registered as {question.name} in {component.id}."
            rule = RuleRef(component.id, "no service of this name")
            return NameAnswer((hop(component, Step("dns", Action.DENY, codes.DNS_NAME_NOT_FOUND, text, rule, lost)),))
        settings = service.properties
        connect = isinstance(settings, EcsServiceProperties) and settings.service_connect
        if connect and not uses_service_connect(question.asker, component.id, walk.world):
            who = f"tasks that use Service Connect in {component.id}"
            text = f"{question.name} is known to {who}, and to nobody else."
            rule = RuleRef(service.id, "Service Connect", ("service_connect",))
            return NameAnswer((hop(component, Step("dns", Action.DENY, codes.DNS_NAME_NOT_FOUND, text, rule)),))
        seen = walk.perceived(f"ecs.task:{service.id}")
        nics = tuple(
            nic
            for name in fleet_of(service).members
            if container_of(walk.world.components[name]).host is None and not seen.is_down(name)
            for nic in seen.interfaces(name)[:1]
            if not seen.condition.part_down(nic.component, nic.zone)
        )[:MOST_ANSWERS]
        rule = RuleRef(service.id, f"registered in {component.id}", ("namespace",))
        if not nics:
            text = f"{service.id} has no task with an address of its own that works: {question.name} has no answer."
            step = Step("dns", Action.DENY, codes.DNS_NAME_NOT_FOUND, text, rule)
            return NameAnswer((hop(component, step),))
        text = f"{question.name} gives the addresses of the {len(nics)} tasks of {service.id} that work."
        if connect:
            text = f"The proxy beside the task sends {question.name} to one of the {len(nics)} tasks of {service.id}."
        ttl = namespace_of(component).ttl
        ways = tuple(NameWay(1 / len(nics), nic, ttl=ttl) for nic in nics)
        return NameAnswer((hop(component, Step("dns", Action.ANSWER, "", text, rule)),), ways)
