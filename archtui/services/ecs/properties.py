"""Properties of ECS clusters, task definitions, services and tasks, named as the ECS API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Duration, Part, Properties, Reference, Region
from archtui.services.containers import ContainerProperties, FleetProperties
from archtui.services.ec2.properties import Service

ClusterRef = Annotated[str, Reference(("ecs_cluster",), "uses")]
TaskDefinitionRef = Annotated[str, Reference(("ecs_task_definition",), "uses")]
CapacityRef = Annotated[str, Reference(("ecs_capacity_provider", "auto_scaling_group", "ec2_instance"), "uses")]


class EcsClusterProperties(Properties):
    """A cluster: where services and tasks run."""

    capacity: tuple[CapacityRef, ...] = ()
    """The capacity providers, Auto Scaling groups or instances whose hosts it has; Fargate needs none."""
    container_insights: bool = False
    """Whether CloudWatch Container Insights is on."""
    region: Region | None = None
    """The region; left out: the design's."""


class EcsCapacityProviderProperties(Properties):
    """Ties an Auto Scaling group to a cluster and scales it for tasks that wait."""

    auto_scaling_group: Annotated[str, Reference(("auto_scaling_group",), "uses")]
    """The group; each has a provider of its own."""
    target_capacity: Annotated[int, Field(ge=1, le=100)] = 100
    """Percent of the hosts that tasks should fill."""
    managed_termination_protection: bool = False
    """Whether hosts that run tasks are kept when it scales in."""


class ContainerPort(Service):
    """A program in a container and the port of the host that leads to it."""

    host_port: Annotated[int, Field(ge=0, le=65535)] = 0
    """For ``bridge``: the port of the host; 0: one that Docker chooses among 32768-60999."""


class EcsTaskDefinitionProperties(Properties):
    """A recipe for tasks: containers, their ports, their size and roles."""

    network_mode: Literal["awsvpc", "bridge", "host"] = "awsvpc"
    """``awsvpc``: each task has an interface of its own; ``bridge``: ports of the host lead to it; ``host``: it
    listens on its host's ports itself."""
    cpu: Annotated[int, Field(ge=0)] = 256
    """CPU units of a task; 1024 are one processor."""
    memory: Annotated[int, Field(ge=0)] = 512
    """MB of memory of a task."""
    image: str = ""
    """The image; one of Amazon ECR has ``.dkr.ecr.`` in its name; left out: not stated."""
    listens: tuple[ContainerPort, ...] | None = None
    """The programs in its containers; left out: not stated."""
    environment: dict[str, str] = Field(default_factory=dict)
    """Environment variables, readable to whoever may describe the definition."""
    secrets: tuple[str, ...] = ()
    """The names of the variables that are taken from Secrets Manager or Parameter Store at the start."""
    task_role: str = ""
    """The role its programs act under."""
    user_keys: bool = False
    """Whether its programs carry access keys of an IAM user, beside or instead of a role."""
    execution_role: str = ""
    """The role that pulls the image and reads the secrets."""


class CapacityShare(Part):
    """A capacity provider of a service, with its share of the tasks."""

    provider: Annotated[str, Reference(("ecs_capacity_provider",), "uses", literal=("FARGATE", "FARGATE_SPOT"))]
    """``FARGATE``, ``FARGATE_SPOT``, or a provider of the cluster."""
    weight: Annotated[int, Field(ge=0, le=1000)] = 1
    """Its share of the tasks above the base."""
    base: Annotated[int, Field(ge=0)] = 0
    """How many tasks it runs first; one provider of a service may have it."""


class EcsServiceProperties(FleetProperties):
    """Keeps a number of equal tasks running and registers them in target groups."""

    cluster: ClusterRef | None = None
    """The cluster it runs in."""
    task_definition: TaskDefinitionRef | None = None
    """What it starts."""
    launch_type: Literal["FARGATE", "EC2"] = "FARGATE"
    """Who brings the machines: AWS, or the cluster's hosts."""
    spot: bool = False
    """Whether its tasks run on Fargate Spot, which takes them away with two minutes' notice."""
    capacity_providers: tuple[CapacityShare, ...] = ()
    """How its tasks are shared out over capacity providers; left out: as ``launch_type`` and ``spot`` say."""
    public_ip: bool = False
    """Whether its tasks get public addresses (``assignPublicIp``, Fargate alone)."""
    min_healthy_percent: Annotated[int, Field(ge=0, le=200)] = 100
    """Percent of ``desired`` that keep running during a deployment."""
    max_percent: Annotated[int, Field(ge=100, le=400)] = 200
    """Percent of ``desired`` that may run during a deployment."""
    circuit_breaker: bool = False
    """Whether a deployment that does not come up is rolled back."""
    health_check_grace: Duration = 0.0
    """Seconds in which a new task's failed health checks do not count."""
    scaling_policy: Literal["", "target_tracking", "step", "scheduled"] = ""
    """How it scales; left out: it does not."""
    namespace: Annotated[str, Reference(("cloud_map_namespace",), "uses")] | None = None
    """The Cloud Map namespace in which its tasks have a name."""
    discovery_name: str = ""
    """That name; left out: the id of the service."""
    service_connect: bool = False
    """Whether the name is known by Service Connect, to tasks of services in the namespace that use it too, and not to
    the VPC's resolver."""


class EcsTaskProperties(ContainerProperties):
    """A running copy of a task definition."""

    task_definition: TaskDefinitionRef | None = None
    """What it was started from."""
    spot: bool = False
    """Whether it runs on Fargate Spot."""


class CloudMapNamespaceProperties(Properties):
    """A private DNS namespace: services register their members, the VPC's resolver answers their names."""

    name: str
    """The domain: ``shop.internal``."""
    vpc: Annotated[str, Reference(("vpc",), "in")]
    """The VPC in which its names are answered."""
    ttl: Duration = 60.0
    """Seconds a resolver keeps an answer; 60 by console."""


__all__ = [
    "CapacityShare",
    "CloudMapNamespaceProperties",
    "ContainerPort",
    "EcsCapacityProviderProperties",
    "EcsClusterProperties",
    "EcsServiceProperties",
    "EcsTaskDefinitionProperties",
    "EcsTaskProperties",
]
