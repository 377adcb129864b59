"""What web ACLs and protections connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component
from archtui.model.connect import Way
from archtui.model.edits import append_to
from archtui.services.waf.properties import ShieldProtectionProperties, WebAclProperties
from archtui.services.wiring import Wiring, never, way

ALLOWED = ("cloudfront_distribution", "application_load_balancer", "api_gateway", "cognito_user_pool")
"""Kinds a web ACL may stand in front of (WAF Developer Guide, "Associating ... with an AWS resource")."""
ADVANCED = (
    "cloudfront_distribution",
    "hosted_zone",
    "global_accelerator",
    "application_load_balancer",
    "network_load_balancer",
    "elastic_ip",
)
"""Kinds Shield Advanced protects (fact shield-advanced-01)."""


def _protect(wiring: Wiring, guard: Component, target: Component) -> str:
    properties = guard.properties
    known = properties.protects if isinstance(properties, WebAclProperties | ShieldProtectionProperties) else ()
    if target.id not in known:
        edit = append_to(wiring.world.blueprint, guard.id, ("protects",), target.id)
        wiring.do(edit, f"{guard.id} protects {target.id}")
    return f"{guard.id} protects {target.id}"


_UNSUPPORTED = never(
    "A web ACL looks at HTTP requests; {b} handles connections, not requests.",
    "Put {a} on the distribution, the Application Load Balancer or the API in front of it.",
)
WEB_ACL: Mapping[str, Way] = {
    **dict.fromkeys(ALLOWED, way(_protect)),
    "network_load_balancer": _UNSUPPORTED,
    "ec2_instance": _UNSUPPORTED,
}
SHIELD: Mapping[str, Way] = dict.fromkeys(ADVANCED, way(_protect))
