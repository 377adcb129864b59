"""Properties of Elastic Beanstalk environments, named after the options of its configuration namespaces."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Duration, Properties, Reference, Region
from archtui.services.ec2.properties import Service
from archtui.services.permissions import RoleRef
from archtui.services.references import CertificateRef, SecurityGroupRef, SubnetIn


class BeanstalkEnvironmentProperties(Properties):
    """An application's machines, with what Beanstalk builds around them."""

    tier: Literal["web", "worker"] = "web"
    """``web``: it answers requests; ``worker``: a daemon takes messages from a queue and posts them to it."""
    environment_type: Literal["load_balanced", "single_instance"] = "load_balanced"
    """Whether a balancer and an Auto Scaling group stand before its machines, or there is one with an Elastic IP."""
    subnets: tuple[SubnetIn, ...] = ()
    """Where its instances start; left out: the default VPC's subnets."""
    elb_subnets: tuple[SubnetIn, ...] = ()
    """Where its balancer stands; left out: as its instances."""
    elb_scheme: Literal["public", "internal"] = "public"
    """Whether its balancer is reached from the internet."""
    certificate: CertificateRef | None = None
    """The certificate of an HTTPS listener beside the HTTP one; left out: there is none."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Further groups of its instances, beside the one that Beanstalk makes."""
    min: Annotated[int, Field(ge=0)] = 1
    """The fewest instances; 1 by Beanstalk."""
    max: Annotated[int, Field(ge=1)] = 4
    """The most instances; 4 by Beanstalk."""
    instance_type: str = "t3.micro"
    """The size of its instances."""
    role: RoleRef | None = None
    """The role that its programs call AWS APIs as (the instance profile's)."""
    listens: tuple[Service, ...] | None = None
    """The programs on its instances; left out: a proxy on port 80 that answers every path."""
    health_check_path: str = "/"
    """The path that the balancer's health check asks."""
    queue: Annotated[str, Reference(("sqs_queue",), "uses")] | None = None
    """The queue a worker's daemon takes messages from; left out: Beanstalk makes one, with a dead-letter queue."""
    http_path: str = "/"
    """The path on the instance to which a worker's daemon posts messages."""
    visibility_timeout: Duration = 300.0
    """Seconds the queue that Beanstalk makes hides a message that the daemon has taken."""
    max_retries: Annotated[int, Field(ge=1, le=100)] = 10
    """How often the daemon tries a message before it goes to the dead-letter queue."""
    deployment_policy: Literal[
        "AllAtOnce", "Rolling", "RollingWithAdditionalBatch", "Immutable", "TrafficSplitting"
    ] = "AllAtOnce"
    """How a new version comes to the instances."""
    batch_size: Annotated[int, Field(ge=1, le=100)] = 100
    """Percent of the instances in a batch of a rolling deployment."""
    boot_time: Duration = 120.0
    """Seconds from launch until an instance serves."""
    region: Region | None = None
    """The region; left out: the design's."""


__all__ = ["BeanstalkEnvironmentProperties"]
