"""How tasks come back: their service starts others."""

from __future__ import annotations

from archtui.failure.interface import Managed
from archtui.services.fleet_failure import FleetFails, MemberFails


class ServiceFails(FleetFails):
    """A service replaces the tasks it loses, in the zones that still work."""

    name = "ecs.task"
    control_planes = ("ecs",)
    member = "task"


class TaskFails(MemberFails):
    """A task is its service's business; one that nobody keeps stays away."""


class ClusterFails(Managed):
    """A cluster is a regional name; what runs in it fails by itself."""
