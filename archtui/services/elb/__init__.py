"""Elastic Load Balancing: balancers, listeners and target groups."""

from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.elb import describe, expand, failure, layout, names, passing, remedies, trace
from archtui.services.elb.network import ApplicationLoadBalancerNetwork, NetworkLoadBalancerNetwork
from archtui.services.elb.properties import (
    ApplicationLoadBalancerProperties,
    NetworkLoadBalancerProperties,
    TargetGroupProperties,
)
from archtui.services.hardening import Hardening
from archtui.services.permissions import ServiceCalls

KINDS = (
    Kind(
        name="application_load_balancer",
        title="Application Load Balancer",
        slug="alb",
        family="elb",
        code="al",
        glyph="⚖",
        summary="A layer 7 load balancer for HTTP and HTTPS with rules on host, path, header and more.",
        properties=ApplicationLoadBalancerProperties,
        scope="vpc",
        behaviours=(
            remedies.ListenerRemedies(),
            names.BalancerName(),
            trace.BalancerReceives(),
            ApplicationLoadBalancerNetwork(),
            failure.BalancerFails(),
            Hardening(__name__, "BalancerHardens"),
            expand.ALB_STARTS,
            expand.ExpandsBalancer(),
            describe.DescribesAlb(),
            layout.DepictsBalancer(),
            Connections(__name__, "BALANCER"),
        ),
        traces=("dns", "packet", "request"),
    ),
    Kind(
        name="network_load_balancer",
        title="Network Load Balancer",
        slug="nlb",
        family="elb",
        code="nl",
        glyph="⚌",
        summary="A layer 4 load balancer for TCP, UDP and TLS that can keep the client's address.",
        properties=NetworkLoadBalancerProperties,
        scope="vpc",
        behaviours=(
            names.BalancerName(),
            passing.PassesConnections(),
            NetworkLoadBalancerNetwork(),
            failure.BalancerFails(),
            Hardening(__name__, "BalancerHardens"),
            expand.NLB_STARTS,
            expand.ExpandsBalancer(),
            describe.DescribesNlb(),
            layout.DepictsBalancer(),
            Connections(__name__, "NETWORK_BALANCER"),
        ),
        traces=("dns", "packet", "request"),
    ),
    Kind(
        name="target_group",
        title="Target group",
        slug="target_group",
        family="elb",
        code="tg",
        glyph="◉",
        summary="A set of targets with the port they serve and their health check.",
        properties=TargetGroupProperties,
        scope="vpc",
        aliases=("tg",),
        traces=("request",),
        behaviours=(
            remedies.TargetRemedies(),
            failure.TargetGroupFails(),
            ServiceCalls(
                "elasticloadbalancing.amazonaws.com",
                "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{id}/0",
            ),
            Hardening(__name__, "TargetGroupHardens"),
            expand.ExpandsTargetGroup(),
            describe.DescribesTargetGroup(),
            Connections(__name__, "TARGET_GROUP"),
        ),
    ),
)
