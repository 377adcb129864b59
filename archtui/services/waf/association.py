"""What a web ACL can stand in front of, and where it has to be for that.

Source: WAF Developer Guide, "Resources that you can protect with AWS WAF": distributions (from us-east-1), Application
Load Balancers, REST APIs and user pools of its own region; HTTP and WebSocket APIs are none of them.
"""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.api_gateway.properties import ApiGatewayProperties
from archtui.services.cloudfront.properties import CloudFrontDistributionProperties
from archtui.services.waf.properties import WebAclProperties
from archtui.world.world import World

EDGE = "us-east-1"
"""The region of web ACLs for distributions."""


def hindrance(acl: WebAclProperties, target: Component, world: World) -> str:
    """Say why a web ACL cannot stand in front of ``target``, a clause; empty: it can, as far as this tells."""
    properties = target.properties
    if isinstance(properties, ApiGatewayProperties) and properties.protocol != "REST":
        return f"{target.id} is a {properties.protocol} API, and of APIs only REST ones can have a web ACL"
    if acl.region is None:
        return ""
    edge = isinstance(properties, CloudFrontDistributionProperties)
    wanted = EDGE if edge else world.placement(target.id).region
    if wanted and acl.region != wanted:
        return f"it is in {acl.region}, and a web ACL for {target.id} has to be in {wanted}"
    return ""
