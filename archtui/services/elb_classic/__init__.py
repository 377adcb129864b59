"""The Classic Load Balancer, the generation before target groups."""

from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.elb.layout import DepictsBalancer
from archtui.services.elb_classic import describe, expand, failure, passing, trace
from archtui.services.elb_classic.network import ClassicLoadBalancerNetwork
from archtui.services.elb_classic.properties import ClassicLoadBalancerProperties

KINDS = (
    Kind(
        name="classic_load_balancer",
        title="Classic Load Balancer",
        slug="clb",
        family="elb_classic",
        code="cb",
        glyph="⚍",
        summary="The first generation of load balancers: TCP, SSL, HTTP and HTTPS to instances, without rules.",
        properties=ClassicLoadBalancerProperties,
        scope="vpc",
        behaviours=(
            trace.ClassicName(),
            trace.ClassicReceives(),
            passing.ClassicPasses(),
            ClassicLoadBalancerNetwork(),
            failure.ClassicFails(),
            expand.CLASSIC_STARTS,
            expand.ExpandsClassic(),
            describe.DescribesClassic(),
            DepictsBalancer(),
            Connections(__name__, "CLASSIC"),
        ),
        traces=("dns", "packet", "request"),
    ),
)
