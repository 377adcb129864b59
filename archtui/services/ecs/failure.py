"""How tasks come back: their service starts others."""

from __future__ import annotations

from archtui.failure.interface import Managed
from archtui.services.fleet_failure import FleetFails, MemberFails
from archtui.world.faults import HasQuotas, Quota


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


class ClusterFails(Managed):
    """A cluster is a regional name; what runs in it fails by itself."""
