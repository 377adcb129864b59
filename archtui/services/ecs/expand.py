"""The tasks that a service keeps: where they run, and which ports lead to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archtui.model.component import Component, Json
from archtui.services.containers import Host, dynamic_port, hosts_behind, place_on_hosts
from archtui.services.ecs.properties import (
    EcsCapacityProviderProperties,
    EcsClusterProperties,
    EcsServiceProperties,
    EcsTaskDefinitionProperties,
)
from archtui.services.vpc.defaults import NeedsDefaultVpc, default_groups, places, subnets_for
from archtui.world.expand import Draft, Expands

SERVICE_STARTS = NeedsDefaultVpc(
    "ecs_service",
    lambda c: isinstance(c.properties, EcsServiceProperties) and not c.properties.subnets and _on_fargate(c.properties),
)


def _on_fargate(service: EcsServiceProperties) -> bool:
    if service.capacity_providers:
        return all(share.provider in ("FARGATE", "FARGATE_SPOT") for share in service.capacity_providers)
    return service.launch_type == "FARGATE"


def on_spot(service: EcsServiceProperties) -> frozenset[int]:
    """Return which tasks of a service, by number, run on Fargate Spot.

    A strategy fills the base first and shares the rest out by weight (Amazon ECS Developer Guide, "Amazon ECS capacity
    providers"); a task that cannot be shared goes to the provider that has least of its share.
    """
    every = range(1, service.desired + 1)
    if not service.capacity_providers:
        return frozenset(every) if service.spot else frozenset()
    tasks = [share.provider for share in service.capacity_providers for _ in range(share.base)][: service.desired]
    weights = {share.provider: share.weight for share in service.capacity_providers if share.weight}
    shared = dict.fromkeys(weights, 0)
    while weights and len(tasks) < service.desired:
        provider = min(weights, key=lambda name: (shared[name] + 1) / weights[name])
        shared[provider] += 1
        tasks.append(provider)
    return frozenset(number for number in every if tasks[number - 1 : number] == ["FARGATE_SPOT"])


class ExpandsService(Expands):
    """A service keeps its desired number of tasks, ``SERVICE:1``, ``SERVICE:2``, ..., spread over zones.

    A task of the ``awsvpc`` mode has an interface in one of the service's subnets; one of the ``bridge`` or ``host``
    mode shares its host's and publishes ports there (Amazon ECS Developer Guide, "Amazon ECS task networking options").
    Fargate knows ``awsvpc`` alone.
    """

    order = 45

    def expand(self, component: Component, draft: Draft) -> None:
        service = component.properties
        if not isinstance(service, EcsServiceProperties):
            return
        name = component.id
        recipe = _recipe(service, draft)
        shared = recipe.network_mode != "awsvpc" and not _on_fargate(service)
        hosts = () if _on_fargate(service) else _hosts(service, draft)
        subnets = [str(subnet) for subnet in service.subnets]
        if not subnets:
            found = [host.subnet for host in hosts]
            subnets = list(dict.fromkeys(found)) or [str(n) for n in subnets_for(draft, draft.blueprint.region)]
        placed: Iterable[dict[str, Json]]
        filled: dict[str, Json] = {"subnets": list[Json](subnets)}
        if "security_groups" not in component.raw and not shared:
            filled |= default_groups(draft, subnets)
        groups = filled.get("security_groups", list[Json](service.security_groups))
        members = list(service.members)
        if "members" not in component.raw:
            members = []
            common = _common(component, service, recipe)
            if shared:
                placed = _sharing(recipe, hosts, service.desired, draft)
            else:
                placed = (
                    {"subnet": place, "security_groups": groups} for place in places(draft, subnets, service.desired)
                )
            spot = on_spot(service)
            for number, own in enumerate(placed, 1):
                members.append(f"{name}:{number}")
                taken: dict[str, Json] = {"spot": True} if number in spot else {}
                draft.add(members[-1], "ecs_task", {**common, **own, **taken})
            filled["members"] = list[Json](members)
        draft.share_links(name, members)
        draft.fill(name, filled)


def _recipe(service: EcsServiceProperties, draft: Draft) -> EcsTaskDefinitionProperties:
    found = draft.get(service.task_definition) if service.task_definition else None
    known = found.properties if found else None
    return known if isinstance(known, EcsTaskDefinitionProperties) else EcsTaskDefinitionProperties()


def _common(
    component: Component, service: EcsServiceProperties, recipe: EcsTaskDefinitionProperties
) -> dict[str, Json]:
    found: dict[str, Json] = {"service": component.id}
    if service.task_definition:
        found["task_definition"] = service.task_definition
    if service.public_ip and _on_fargate(service):
        found["public_ip"] = True
    if recipe.listens is not None:
        found["listens"] = [item.model_dump(exclude={"host_port"}, exclude_none=True) for item in recipe.listens]
    return found


def _hosts(service: EcsServiceProperties, draft: Draft) -> tuple[Host, ...]:
    cluster = draft.get(service.cluster) if service.cluster else None
    properties = cluster.properties if cluster else None
    if not isinstance(properties, EcsClusterProperties):
        return ()
    names = []
    for name in properties.capacity:
        provider = draft.get(name)
        known = provider.properties if provider else None
        names.append(known.auto_scaling_group if isinstance(known, EcsCapacityProviderProperties) else name)
    return hosts_behind(draft, names)


def _sharing(
    recipe: EcsTaskDefinitionProperties, hosts: Sequence[Host], count: int, draft: Draft
) -> Iterator[dict[str, Json]]:
    """Yield what tasks that share their hosts' interfaces are; those that find no host are not there.

    The caller adds each task before it asks for the next: the ports it takes are taken then.
    """
    ports = recipe.listens or ()
    inside = recipe.network_mode == "host"
    fixed = [item.port if inside else item.host_port for item in ports if inside or item.host_port]
    for host in place_on_hosts(draft, hosts, count, fixed):
        taken: set[int] = set()
        published: list[Json] = []
        for item in ports:
            there = item.port if inside else item.host_port or dynamic_port(draft, host.id, taken)
            taken.add(there)
            published.append({"host_port": there, "port": item.port})
        yield {"subnet": host.subnet, "host": host.id, "published": published}


__all__ = ["SERVICE_STARTS", "ExpandsService", "on_spot"]
