"""Elastic Load Balancing: balancers, listeners and target groups."""

from archtui.model.kinds import Kind
from archtui.services.elb.properties import ApplicationLoadBalancerProperties, TargetGroupProperties

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
    ),
)
