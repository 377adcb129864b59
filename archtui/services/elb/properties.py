"""Properties of load balancers and target groups, named as the ELBv2 API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from archtui.model.fields import Address, Cidr, Duration, Part, Port, Properties, Reference
from archtui.services.references import (
    CertificateRef,
    ElasticIpRef,
    SecurityGroupRef,
    SubnetIn,
    TargetGroupTarget,
    VpcIn,
)


class WeightedGroup(Part):
    """One target group of a forward action, with its share."""

    target_group: TargetGroupTarget
    """The target group."""
    weight: Annotated[int, Field(ge=0, le=999)] = 1
    """Its share among the groups of the action."""


def _forward(value: object) -> object:
    if isinstance(value, str):
        return ({"target_group": value},)
    if isinstance(value, list | tuple):
        return tuple({"target_group": item} if isinstance(item, str) else item for item in value)
    return value


Forward = Annotated[
    tuple[WeightedGroup, ...],
    BeforeValidator(_forward, json_schema_input_type=str | tuple[str | WeightedGroup, ...]),
]
"""A target group, or a list of ``{target_group, weight}``."""


class Redirect(Part):
    """Answers with a redirect; what is left out stays as in the request."""

    protocol: Literal["HTTP", "HTTPS"] | None = None
    port: Port | None = None
    host: str | None = None
    path: str | None = None
    query: str | None = None
    status: Literal[301, 302] = 301
    """301 moved permanently or 302 found."""


class FixedResponse(Part):
    """Answers without asking a target."""

    status: Annotated[int, Field(ge=200, le=599)]
    """The HTTP status, 2xx, 4xx or 5xx."""
    body: str = ""
    content_type: str = "text/plain"


class ActionPart(Part):
    """What a listener or a rule does with a request: exactly one of the three."""

    forward: Forward = ()
    """Send it to a target group."""
    redirect: Redirect | None = None
    """Send the client elsewhere."""
    fixed_response: FixedResponse | None = None
    """Answer at once."""


class ListenerRule(ActionPart):
    """A rule of a listener; the lowest priority that matches decides."""

    priority: Annotated[int, Field(ge=1, le=50000)]
    """Its place in the order; unique in the listener."""
    host: tuple[str, ...] = ()
    """Host names with ``*`` and ``?``; any of them."""
    path: tuple[str, ...] = ()
    """Paths with ``*`` and ``?``, case matters; any of them."""
    method: tuple[str, ...] = ()
    """HTTP methods; any of them."""
    header: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Header names with the values that match."""
    query: dict[str, str] = Field(default_factory=dict)
    """Query parameters with the value that matches."""
    source_ip: tuple[Cidr, ...] = ()
    """Source blocks; any of them."""


class Listener(ActionPart):
    """Takes connections on one port; its own action is the default one."""

    port: Port
    """The port clients connect to."""
    protocol: Literal["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"] | None = None
    """Left out: HTTPS on 443 and where a certificate is given, otherwise HTTP (ALB) or TCP (NLB)."""
    certificate: CertificateRef | None = None
    """The default certificate of an HTTPS or TLS listener."""
    certificates: tuple[CertificateRef, ...] = ()
    """Further certificates, chosen by server name."""
    ssl_policy: str | None = None
    """The TLS policy; left out: AWS's default."""
    rules: tuple[ListenerRule, ...] = ()
    """Rules that come before the default action."""


class LoadBalancerProperties(Properties):
    """What load balancers have in common."""

    scheme: Literal["internet-facing", "internal"] = "internet-facing"
    """``internet-facing``: nodes have public addresses; ``internal``: private ones only."""
    subnets: tuple[SubnetIn, ...] = ()
    """One subnet for each zone it works in; left out: the default VPC's subnets."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Its security groups; left out: the VPC's default group."""
    listeners: tuple[Listener, ...] = ()
    """The ports it listens on."""
    cross_zone: bool | None = None
    """Whether a node sends to targets of all zones; left out: on for an ALB, off for an NLB."""
    deletion_protection: bool = False
    """Whether it is guarded against deletion."""
    access_logs: bool = False
    """Whether access logs are kept."""
    ip_address_type: Literal["ipv4", "dualstack"] = "ipv4"
    """The address family of its nodes."""
    state: Literal["active", "provisioning", "active_impaired", "failed"] = "active"
    """Its state."""


class ApplicationLoadBalancerProperties(LoadBalancerProperties):
    """A layer 7 load balancer for HTTP and HTTPS."""

    idle_timeout: Duration = 60.0
    """Seconds after which an idle connection is closed."""
    waf: bool = False
    """Whether a web ACL stands before it."""


class NetworkLoadBalancerProperties(LoadBalancerProperties):
    """A layer 4 load balancer for TCP, UDP and TLS; without security groups unless it is given some."""

    private_ips: tuple[Address, ...] = ()
    """The private addresses of its nodes in the order of its subnets; left out: the next free ones."""
    elastic_ips: tuple[ElasticIpRef, ...] = ()
    """The public addresses of its nodes in the order of its subnets; left out: from Amazon's pool."""
    filter_private_link: bool = True
    """Whether its security groups filter what comes through endpoints (AWS PrivateLink), by the client's address."""


class HealthCheck(Part):
    """How a balancer finds out whether a target works."""

    enabled: bool = True
    protocol: Literal["HTTP", "HTTPS", "TCP"] | None = None
    """Left out: HTTP for an ALB's group, TCP for an NLB's."""
    port: Port | Literal["traffic-port"] = "traffic-port"
    """The port asked; ``traffic-port``: the one the target was registered with."""
    path: str = "/"
    """The path asked."""
    matcher: str = "200"
    """The statuses that count as healthy: ``200``, ``200-399``, ``200,301``."""
    interval: Duration = 30.0
    """Seconds between two checks."""
    timeout: Duration = 5.0
    """Seconds until a check counts as failed."""
    healthy_threshold: Annotated[int, Field(ge=2, le=10)] = 5
    """Successes in a row that make a target healthy."""
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)] = 2
    """Failures in a row that make it unhealthy."""


TargetId = Annotated[
    str,
    Reference(
        (
            "ec2_instance",
            "auto_scaling_group",
            "network_interface",
            "application_load_balancer",
            "db_instance",
            "ecs_task",
            "k8s_pod",
            "lambda_function",
        ),
        "targets",
        pattern=r"\d+\.\d+\.\d+\.\d+|[0-9a-fA-F]*:[0-9a-fA-F:]+",
    ),
]
"""An instance, an Auto Scaling group, a task or pod, a function, or an IP address (ip targets)."""


class Target(Part):
    """One registered target."""

    id: TargetId
    """The instance, Auto Scaling group or address."""
    port: Port | None = None
    """The port; left out: the group's."""
    az: str | None = None
    """The zone of an address outside the VPC, or ``all``."""
    health: Literal["healthy", "unhealthy", "initial", "unused", "draining", "unavailable"] | None = None
    """The state AWS reported (imported designs); left out: what the health check finds."""


def _targets(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple({"id": item} if isinstance(item, str) else item for item in value)
    return value


class TargetGroupProperties(Properties):
    """A set of targets, with the port they serve and the check that tells whether they work."""

    vpc: VpcIn | None = None
    """The VPC of the targets; left out: the targets' own."""
    port: Port | None = None
    """The port of a target that names none; 80 for HTTP and 443 for HTTPS where it is left out."""
    protocol: Literal["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"] = "HTTP"
    """The protocol towards the targets."""
    target_type: Literal["instance", "ip", "lambda", "alb"] = "instance"
    """What may be registered, and which address a target sees."""
    targets: Annotated[
        tuple[Target, ...], BeforeValidator(_targets, json_schema_input_type=tuple[str | Target, ...])
    ] = ()
    """The registered targets."""
    health_check: HealthCheck = HealthCheck()
    """The health check."""
    deregistration_delay: Duration = 300.0
    """Seconds a target may finish its requests after it was taken out."""
    slow_start: Duration = 0.0
    """Seconds over which a new target's share rises; 0: at once."""
    stickiness: bool = False
    """Whether a client keeps its target."""
    algorithm: Literal["round_robin", "least_outstanding_requests", "weighted_random"] = "round_robin"
    """How an ALB chooses."""
    preserve_client_ip: bool | None = None
    """Whether targets see the client's address (NLB); left out: yes for instances, no for TCP to addresses."""
    cross_zone: bool | None = None
    """Whether nodes send to its targets in other zones; left out: as the balancer does."""
    attributes_missing: bool = False
    """Whether its attributes were not in the input it was imported from, so that AWS's defaults are assumed."""


__all__ = [
    "ApplicationLoadBalancerProperties",
    "FixedResponse",
    "HealthCheck",
    "Listener",
    "ListenerRule",
    "LoadBalancerProperties",
    "NetworkLoadBalancerProperties",
    "Redirect",
    "Target",
    "TargetGroupProperties",
    "WeightedGroup",
]
