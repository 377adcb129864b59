"""How APIs fail: not with a zone."""

from __future__ import annotations

from archtui.failure.interface import Managed, properties_as
from archtui.model.component import Component
from archtui.services.api_gateway.integrations import TIMEOUT
from archtui.services.api_gateway.properties import ApiGatewayProperties
from archtui.trace.interface import Waits
from archtui.world.faults import HasQuotas, Quota, Refusal, Throttled


class ApiFails(Managed, Throttled, HasQuotas, Waits):
    """API Gateway runs over several zones of a region (API Gateway Developer Guide, "Resilience")."""

    refusal = Refusal(
        "LimitExceededException",
        429,
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
    )
    quotas = (
        Quota(
            "api-gateway-rate",
            "Requests per second of all APIs of the account in the region",
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
            refuses=True,
        ),
    )

    def patience(self, component: Component) -> float | None:
        """An integration that takes longer is answered with 504; the shortest timeout of its routes counts."""
        api = properties_as(component, ApiGatewayProperties)
        return min((route.timeout or TIMEOUT[api.protocol] for route in api.routes), default=TIMEOUT[api.protocol])
