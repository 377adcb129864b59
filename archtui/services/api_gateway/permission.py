"""When a call of an API is asked for permission, and as whom."""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.api_gateway.authorizers import authorizer_of
from archtui.services.api_gateway.matching import mapping_of, route_of, stage_named, stage_of
from archtui.services.api_gateway.properties import ApiGatewayProperties, ApiRoute
from archtui.services.permissions import arn_parts
from archtui.trace.message import Message
from archtui.trace.permission import Guarded
from archtui.world.world import World

INVOKE = "execute-api:Invoke"
_SHORT = '"execute-api:/'


class ApiGuards(Guarded):
    """Only a route with IAM authorization asks who calls; a resource policy (REST) asks everybody.

    Source: API Gateway Developer Guide, "How API Gateway resource policies affect authorization workflow", "Control
    access to a REST API with IAM permissions".
    """

    def actions(self, component: Component, message: Message) -> tuple[str, ...]:
        if message.purpose == "health_check":
            return ()
        properties = properties_as(component, ApiGatewayProperties)
        asked = bool(self.policy(component)) or self._by_iam(properties, message)
        return (message.action or INVOKE,) if asked else ()

    def resource(self, component: Component, message: Message, world: World) -> str:
        root = "arn:aws:execute-api:{region}:{account}".format(**arn_parts(component, world))
        properties = properties_as(component, ApiGatewayProperties)
        http = message.http
        if http is None or not http.host:
            return f"{root}:{component.id}/*"
        if http.host.lower() == properties.domain.lower():
            mapping, path = mapping_of(properties, http.path)
            stage = stage_named(properties, mapping.stage) if mapping else None
        else:
            stage, path = stage_of(properties, http.path)
        return f"{root}:{component.id}/{stage.name if stage else '*'}/{http.method}{path}"

    def policy(self, component: Component) -> str:
        properties = properties_as(component, ApiGatewayProperties)
        if properties.protocol != "REST":
            return ""
        return properties.policy.replace(_SHORT, f'"arn:aws:execute-api:*:*:{component.id}/')

    def anonymous(self, component: Component, message: Message) -> bool:
        return not self._by_iam(properties_as(component, ApiGatewayProperties), message)

    @staticmethod
    def _by_iam(properties: ApiGatewayProperties, message: Message) -> bool:
        route = _route(properties, message)
        found = authorizer_of(properties, route) if route else None
        return found is not None and found[1].type == "IAM"


def _route(properties: ApiGatewayProperties, message: Message) -> ApiRoute | None:
    http = message.http
    if http is None:
        return properties.routes[0] if properties.routes else None
    if http.host and http.host.lower() == properties.domain.lower():
        _, path = mapping_of(properties, http.path)
    else:
        _, path = stage_of(properties, http.path)
    index = route_of(properties, replace(http, path=path))
    return properties.routes[index] if index is not None else None
