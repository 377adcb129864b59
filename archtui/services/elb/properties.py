"""Properties of load balancers and target groups, named as the ELBv2 API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from archtui.model.fields import Address, Duration, Part, Percent, Port, Properties, Reference
from archtui.services.elb.action_properties import (
    ActionPart,
    AuthenticateCognito,
    AuthenticateOidc,
    FixedResponse,
    ListenerRule,
    Redirect,
    SignIn,
    WeightedGroup,
)
from archtui.services.references import CertificateRef, ElasticIpRef, SecurityGroupRef, SubnetIn, VpcIn


class MutualTls(Part):
    """Clients prove who they are by a certificate."""

    mode: Literal["verify", "passthrough"] = "verify"
    """``verify``: the balancer checks it and refuses the connection where it does not hold; ``passthrough``: the
    target gets it in a header and checks it."""
    trust: tuple[str, ...] = ()
    """The certificate authorities of the trust store, by name (``verify``)."""
    ignore_expired: bool = False
    """Whether an expired certificate is taken."""


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
    mutual_tls: MutualTls | None = None
    """Whether clients show a certificate too (HTTPS listener of an ALB); left out: they are not asked."""
    alpn: Literal["None", "HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred"] = "None"
    """The application protocols that a TLS listener of an NLB negotiates; ``None``: none."""
    idle_timeout: Annotated[Duration, Field(ge=60, le=6000)] = 350.0
    """Seconds after which a TCP listener of an NLB forgets an idle connection: what comes then is answered by a
    reset. For TLS it is 350 s, for UDP 120 s."""
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

    idle_timeout: Annotated[Duration, Field(ge=1, le=4000)] = 60.0
    """Seconds after which an idle connection is closed: a target that takes longer is not waited for (504)."""
    waf: bool = False
    """Whether a web ACL stands before it."""
    waf_fail_open: bool = False
    """Whether requests pass when AWS WAF cannot be asked; otherwise they are answered with 500."""
    http2: bool = True
    """Whether clients may speak HTTP/2 on its HTTPS listeners."""
    desync: Literal["monitor", "defensive", "strictest"] = "defensive"
    """What becomes of requests that servers could read differently (HTTP desync)."""
    drop_invalid_headers: bool = False
    """Whether headers whose names hold other than letters, digits and hyphens are taken out."""
    forwarded_for: Literal["append", "preserve", "remove"] = "append"
    """What becomes of the X-Forwarded-For header: the sender is added, it stays as it came, or it is taken out."""
    forwarded_port: bool = False
    """Whether the sender's port is added to its address in X-Forwarded-For."""


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
    """The state AWS reported (imported designs); ``draining``: it is being deregistered; left out: what the health
    check finds."""
    healthy_for: Duration | None = None
    """Seconds since it became healthy, for the slow start; left out: longer than that."""


class HealthyEnough(Part):
    """How many targets must be healthy; where both are given, each must hold."""

    count: Annotated[int, Field(ge=1)] = 1
    """So many targets."""
    percentage: Percent | None = None
    """This share of the targets: ``50%``."""


def _targets(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple({"id": item} if isinstance(item, str) else item for item in value)
    return value


TargetType = Literal["instance", "ip", "lambda", "alb"]


class TargetGroupProperties(Properties):
    """A set of targets, with the port they serve and the check that tells whether they work."""

    vpc: VpcIn | None = None
    """The VPC of the targets; left out: the targets' own."""
    port: Port | None = None
    """The port of a target that names none; 80 for HTTP and 443 for HTTPS where it is left out."""
    protocol: Literal["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"] = "HTTP"
    """The protocol towards the targets."""
    target_type: TargetType = "instance"
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
    stickiness_type: Literal["lb_cookie", "app_cookie", "source_ip"] | None = None
    """By what: a cookie of the balancer, one of the application (ALB), or the client's address (NLB). Left out:
    ``lb_cookie`` behind an ALB, ``source_ip`` behind an NLB."""
    stickiness_duration: Annotated[Duration, Field(ge=1, le=604800)] = 86400.0
    """Seconds for which a cookie holds the client."""
    stickiness_cookie: str = ""
    """The application's cookie (``app_cookie``)."""
    protocol_version: Literal["HTTP1", "HTTP2", "GRPC"] = "HTTP1"
    """What an ALB speaks with the targets; requests that do not fit are answered with 464."""
    multi_value_headers: bool = False
    """Whether a function gets headers and query parameters with all their values (target type lambda)."""
    dns_failover: HealthyEnough = HealthyEnough()
    """How many targets of a zone must be healthy for its node to stay in the balancer's name."""
    routing_failover: HealthyEnough = HealthyEnough()
    """How many targets must be healthy for the node to leave the others out; below, it sends to all of them."""
    algorithm: Literal["round_robin", "least_outstanding_requests", "weighted_random"] = "round_robin"
    """How an ALB chooses."""
    preserve_client_ip: bool | None = None
    """Whether targets see the client's address (NLB); left out: yes for instances, no for TCP to addresses."""
    cross_zone: bool | None = None
    """Whether nodes send to its targets in other zones; left out: as the balancer does."""
    attributes_missing: bool = False
    """Whether its attributes were not in the input it was imported from, so that AWS's defaults are assumed."""


__all__ = [
    "ActionPart",
    "ApplicationLoadBalancerProperties",
    "AuthenticateCognito",
    "AuthenticateOidc",
    "FixedResponse",
    "HealthCheck",
    "HealthyEnough",
    "Listener",
    "ListenerRule",
    "LoadBalancerProperties",
    "MutualTls",
    "NetworkLoadBalancerProperties",
    "Redirect",
    "SignIn",
    "Target",
    "TargetGroupProperties",
    "TargetType",
    "WeightedGroup",
]
