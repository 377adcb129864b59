"""AWS WAF and Shield: what looks at requests, and what stands against floods of them."""

from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.waf import describe, failure, layout, trace
from archtui.services.waf.properties import ShieldProtectionProperties, WebAclProperties

KINDS = (
    Kind(
        name="web_acl",
        title="Web ACL",
        slug="waf",
        family="waf",
        code="wa",
        glyph="⛨",
        summary="Rules that look at web requests before a distribution, balancer or API handles them.",
        properties=WebAclProperties,
        aliases=("wafv2",),
        behaviours=(
            trace.WebAclScreens(),
            failure.WebAclFails(),
            describe.DescribesWebAcl(),
            layout.WEB_ACL,
            Connections(__name__, "WEB_ACL"),
        ),
        traces=("request",),
    ),
    Kind(
        name="shield_protection",
        title="Shield Advanced protection",
        slug="shield",
        family="waf",
        code="sh",
        glyph="⛉",
        summary="Shield Advanced for chosen resources; Shield Standard is always there.",
        properties=ShieldProtectionProperties,
        scope="global",
        behaviours=(
            failure.WebAclFails(),
            layout.WEB_ACL,
            Connections(__name__, "SHIELD"),
        ),
    ),
)
