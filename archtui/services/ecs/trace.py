"""How Cloud Map answers for the members of services."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.model.component import Component
from archtui.services.container_requests import container_of, fleet_of
from archtui.services.ecs.properties import CloudMapNamespaceProperties, EcsServiceProperties
from archtui.trace import codes
from archtui.trace.interface import AnswersNames, NameAnswer, NameWay, Question, Walk, hop
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
        ttl = namespace_of(component).ttl
        ways = tuple(NameWay(1 / len(nics), nic, ttl=ttl) for nic in nics)
        return NameAnswer((hop(component, Step("dns", Action.ANSWER, "", text, rule)),), ways)
