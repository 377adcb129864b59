"""Route 53 Resolver: endpoints that take questions in and send them out, and the rules that say which."""

from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.resolver import describe, failure, network, placing, trace
from archtui.services.resolver.properties import ResolverEndpointProperties, ResolverRuleProperties

KINDS = (
    Kind(
        name="resolver_endpoint",
        title="Resolver endpoint",
        slug="resolver_endpoint",
        family="resolver",
        code="rx",
        glyph="⇋",
        summary="Interfaces through which a VPC's resolver is asked from outside, or asks name servers outside.",
        properties=ResolverEndpointProperties,
        scope="vpc",
        aliases=("inbound_endpoint", "outbound_endpoint"),
        traces=("dns", "packet"),
        behaviours=(
            network.ResolverEndpointNetwork(),
            placing.EndpointSuggestions(),
            trace.EndpointServes(),
            failure.ResolverEndpointFails(),
            describe.DescribesResolverEndpoint(),
            Connections(__name__, "ENDPOINT"),
        ),
    ),
    Kind(
        name="resolver_rule",
        title="Resolver rule",
        slug="resolver_rule",
        family="resolver",
        code="rl",
        glyph="↷",
        summary="Says which names the resolver of a VPC asks of name servers elsewhere.",
        properties=ResolverRuleProperties,
        aliases=("forwarding_rule",),
        traces=("dns",),
        behaviours=(
            trace.RulePasses(),
            placing.RuleSuggestions(),
            failure.ResolverEndpointFails(),
            describe.DescribesResolverRule(),
            Connections(__name__, "RULE"),
        ),
    ),
)
