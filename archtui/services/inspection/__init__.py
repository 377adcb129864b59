"""What inspects traffic on its way: Gateway Load Balancers, their endpoints, AWS Network Firewall."""

from archtui.layout.depict import Always, Depiction
from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.inspection import describe, failure
from archtui.services.inspection import network as n
from archtui.services.inspection import properties as p

KINDS = (
    Kind(
        name="gateway_load_balancer",
        title="Gateway Load Balancer",
        slug="gwlb",
        family="inspection",
        code="gl",
        glyph="◫",
        summary="Sends packets of any protocol through appliances and back.",
        properties=p.GatewayLoadBalancerProperties,
        scope="vpc",
        traces=("packet",),
        behaviours=(
            n.GatewayLoadBalancerNetwork(),
            failure.GatewayLoadBalancerFails(),
            describe.DescribesGatewayLoadBalancer(),
            Connections(__name__, "BALANCER"),
        ),
    ),
    Kind(
        name="gwlb_endpoint",
        title="Gateway Load Balancer endpoint",
        slug="gwlb_endpoint",
        family="inspection",
        code="gp",
        glyph="⊺",
        summary="A route target in one subnet that leads to inspection and back.",
        properties=p.GwlbEndpointProperties,
        scope="az",
        aliases=("firewall_endpoint",),
        traces=("packet",),
        behaviours=(
            n.GwlbEndpointNetwork(),
            failure.EndpointFails(),
            describe.DescribesGwlbEndpoint(),
            Connections(__name__, "ENDPOINT"),
        ),
    ),
    Kind(
        name="network_firewall",
        title="AWS Network Firewall",
        slug="network_firewall",
        family="inspection",
        code="nf",
        glyph="◪",
        summary="A managed firewall with an endpoint in each of its zones.",
        properties=p.NetworkFirewallProperties,
        scope="vpc",
        traces=("packet",),
        behaviours=(
            n.NetworkFirewallNetwork(),
            failure.FirewallFails(),
            describe.DescribesNetworkFirewall(),
        ),
    ),
    Kind(
        name="firewall_rule_group",
        title="Firewall rule group",
        slug="firewall_rule_group",
        family="inspection",
        code="fg",
        glyph="☷",
        summary="Stateless or stateful rules of a firewall's policy.",
        properties=p.FirewallRuleGroupProperties,
        behaviours=(
            describe.DescribesRuleGroup(),
            Always(Depiction("setting", style=None)),
        ),
    ),
)
