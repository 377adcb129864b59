"""SEC018: what a web ACL can stand in front of."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.services.examples import PUBLIC_NETWORK
from archtui.services.waf.association import hindrance
from archtui.services.waf.properties import WebAclProperties
from archtui.world.world import World

_SLUGS = frozenset({"cloudfront", "alb", "api_gateway", "api_gateway_stage", "cognito", "cognito_user_pool"})
"""What a web ACL can stand in front of, by the inventory's names."""


class UnsupportedTarget(ComponentRule):
    """A web ACL in front of something that does not speak HTTP to it."""

    id = "SEC018"
    title = "WAF attached to an unsupported component"
    severity = "warning"
    class_ = "security"
    kinds = ("web_acl",)
    why = "AWS WAF looks at requests of distributions, Application Load Balancers, APIs and user pools; others pass by."
    fix = "Attach it to the distribution, Application Load Balancer or API in front of the component."
    sources = ("https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html",)
    facts = ("waf-attach-01", "waf-layer7-01")
    example_bad = PUBLIC_NETWORK + (
        "  nlb: {kind: nlb, subnets: [public-a, public-b]}\n"
        "  lb: {kind: alb, subnets: [public-a, public-b]}\n"
        "  acl: {kind: web_acl, protects: [nlb]}\n"
    )
    example_good = example_bad.replace("protects: [nlb]", "protects: [lb]")
    example_finds = ("acl", "nlb")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at what it protects."""
        for index, name in enumerate(properties(component, WebAclProperties).protects):
            kind = world.components[name].kind
            if kind.slug not in _SLUGS and not kind.stands_in:
                message = f"{component.id} cannot stand in front of {name}, a {kind.title}."
                yield self.finding(component.id, name, message=message, path=("protects", index))
                continue
            why = hindrance(properties(component, WebAclProperties), world.components[name], world)
            if why:
                message = f"{component.id} cannot stand in front of {name}: {why}."
                yield self.finding(component.id, name, message=message, path=("protects", index))
