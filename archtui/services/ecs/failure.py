"""How tasks come back: their service starts others."""

from __future__ import annotations

from archtui.failure.interface import Managed
from archtui.model.component import Component
from archtui.services.ecs.properties import EcsServiceProperties, EcsTaskProperties
from archtui.services.fleet_failure import FleetFails, MemberFails
from archtui.services.lookups import as_kind
from archtui.world.faults import HasQuotas, Interruptible, Quota
from archtui.world.world import World


class ServiceFails(FleetFails, HasQuotas):
    """A service replaces the tasks it loses, in the zones that still work."""

    name = "ecs.task"
    control_planes = ("ecs",)
    member = "task"
    stress = "ECS"
    quotas = (
        Quota(
            "fargate-vcpus",
            "vCPUs of Fargate On-Demand tasks of the account in the region",
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html",
        ),
    )


class TaskFails(MemberFails):
    """A task is its service's business; one that nobody keeps stays away."""

    stress = "ECS"


class SpotTaken(Interruptible):
    """Fargate Spot takes tasks back two minutes after it said so (Amazon ECS Developer Guide, "Amazon ECS clusters for
    Fargate", "Fargate Spot termination notices")."""

    def spare(self, component: Component, world: World) -> tuple[str, ...]:
        properties = component.properties
        members = properties.members if isinstance(properties, EcsServiceProperties) else (component.id,)
        known = ((name, as_kind(world, name, EcsTaskProperties)) for name in members)
        return tuple(name for name, task in known if task and task.spot)


class ClusterFails(Managed):
    """A cluster is a regional name; what runs in it fails by itself."""
