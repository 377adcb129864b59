"""API Gateway: front doors for functions, servers and AWS services."""

from archtui.model.kinds import Kind
from archtui.services.api_gateway import describe, failure, trace
from archtui.services.api_gateway.network import ApiNetwork
from archtui.services.api_gateway.permission import ApiGuards
from archtui.services.api_gateway.properties import ApiGatewayProperties
from archtui.services.connecting import Connections
from archtui.services.handing import HandsOn
from archtui.services.permissions import ServiceCalls

KINDS = (
    Kind(
        name="api_gateway",
        title="API Gateway API",
        slug="api_gateway",
        family="api_gateway",
        code="ag",
        glyph="⊳",
        summary="A managed front door: it checks, limits and passes on requests to functions, servers and services.",
        properties=ApiGatewayProperties,
        scope="region",
        aliases=("rest_api", "http_api", "api_gateway_stage", "api_gateway_authorizer", "api_gateway_usage_plan"),
        behaviours=(
            trace.ApiReceives(),
            Connections(__name__, "API"),
            describe.DescribesApi(),
            ApiNetwork(),
            failure.ApiFails(),
            HandsOn(),
            ServiceCalls("apigateway.amazonaws.com"),
            ApiGuards(),
        ),
        failure_modes=("throttled", "region"),
        traces=("dns", "request"),
    ),
)
