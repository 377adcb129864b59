"""Properties of Classic Load Balancers, named as the Elastic Load Balancing API of 2012 names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from archtui.model.fields import Duration, Part, Port, Properties, Reference
from archtui.services.references import CertificateRef, SecurityGroupRef, SubnetIn

ClassicProtocol = Literal["HTTP", "HTTPS", "TCP", "SSL"]


class ClassicListener(Part):
    """Takes connections on one port and opens its own to one port of the instances."""

    port: Port
    """The port clients connect to."""
    protocol: ClassicProtocol = "HTTP"
    """What clients speak: HTTP and HTTPS are read as requests, TCP and SSL are passed on as they come."""
    instance_port: Port | None = None
    """The port of the instances; left out: the same."""
    instance_protocol: ClassicProtocol | None = None
    """What the instances speak, of the same layer; left out: HTTP for HTTP and HTTPS, TCP for TCP and SSL."""
    certificate: CertificateRef | None = None
    """The one certificate of an HTTPS or SSL listener."""
    stickiness: Literal["", "duration", "application"] = ""
    """Whether a client keeps its instance: by a cookie of the balancer, or by one of the application."""


class ClassicHealthCheck(Part):
    """How the balancer finds out whether an instance works."""

    protocol: ClassicProtocol = "TCP"
    """How it asks."""
    port: Port | None = None
    """The port asked; left out: the first listener's instance port."""
    path: str = "/"
    """The path asked for HTTP and HTTPS; only status 200 is healthy."""
    interval: Duration = 30.0
    """Seconds between two checks."""
    timeout: Duration = 5.0
    """Seconds until a check counts as failed."""
    healthy_threshold: Annotated[int, Field(ge=2, le=10)] = 10
    """Successes in a row that make an instance healthy."""
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)] = 2
    """Failures in a row that make it unhealthy."""


class ClassicInstance(Part):
    """One registered instance."""

    id: Annotated[str, Reference(("ec2_instance", "auto_scaling_group"), "targets")]
    """The instance, or an Auto Scaling group."""
    state: Literal["InService", "OutOfService", "Unknown"] | None = None
    """The state AWS reported (imported designs); left out: what the health check finds."""


def _instances(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple({"id": item} if isinstance(item, str) else item for item in value)
    return value


class ClassicLoadBalancerProperties(Properties):
    """A balancer of the first generation; its instances are registered with it directly."""

    scheme: Literal["internet-facing", "internal"] = "internet-facing"
    """``internet-facing``: nodes have public addresses; ``internal``: private ones only."""
    subnets: tuple[SubnetIn, ...] = ()
    """One subnet for each zone it works in; left out: the default VPC's subnets."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Its security groups; left out: the VPC's default group."""
    listeners: tuple[ClassicListener, ...] = ()
    """The ports it listens on."""
    instances: Annotated[
        tuple[ClassicInstance, ...],
        BeforeValidator(_instances, json_schema_input_type=tuple[str | ClassicInstance, ...]),
    ] = ()
    """The registered instances."""
    health_check: ClassicHealthCheck = ClassicHealthCheck()
    """The health check."""
    cross_zone: bool = False
    """Whether a node sends to instances of all its zones; off by API, on by console."""
    draining: Duration = 0.0
    """Seconds an instance that is taken out may finish its requests; 0: none (300 by console)."""
    idle_timeout: Duration = 60.0
    """Seconds after which an idle connection is closed."""
    access_logs: bool = False
    """Whether access logs are kept."""


__all__ = ["ClassicHealthCheck", "ClassicInstance", "ClassicListener", "ClassicLoadBalancerProperties"]
