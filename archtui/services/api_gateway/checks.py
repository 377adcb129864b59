"""What an API asks of a request before it passes it on, in API Gateway's order."""

from __future__ import annotations

from urllib.parse import parse_qsl

from archtui.model.component import Component
from archtui.services.acm.properties import CertificateProperties
from archtui.services.api_gateway.authorizers import Denial
from archtui.services.api_gateway.properties import ApiGatewayProperties, ApiRoute, Stage, UsagePlan
from archtui.services.events import refused
from archtui.services.lambda_.gate import content_length
from archtui.services.lookups import as_kind
from archtui.trace import codes
from archtui.trace.interface import Arrival, Walk
from archtui.trace.message import Http

ACCOUNT_RATE = 10_000.0
"""Requests a second of an account in a region, unless raised (API Gateway quotas, "Throttle quota")."""
PAYLOAD = 10 * 1024 * 1024
"""Bytes of a request (API Gateway quotas, "Payload size")."""
MESSAGE = 128 * 1024
"""Bytes of a message of a WebSocket API (API Gateway quotas, "WebSocket message payload size")."""


def at_the_door(arrival: Arrival, properties: ApiGatewayProperties, http: Http, host: str, walk: Walk) -> Denial | None:
    """Say whether the API answers under this name and by this way at all."""
    component = arrival.component
    by_endpoint = bool(arrival.at.interface)
    if properties.endpoint_type == "private":
        if properties.protocol != "REST":
            # API Gateway Developer Guide, "Choose between REST APIs and HTTP APIs": private endpoints are for REST.
            text = f"{component.id} is no REST API, and only a REST API can be private: AWS does not create it."
            return refused(component, codes.APIGW_KIND_UNFIT, text, "endpoint"), None
        if not by_endpoint:
            text = f"{component.id} is private: only an interface endpoint for execute-api leads to it (HTTP 403)."
            return refused(component, codes.APIGW_PRIVATE, text, "endpoint", facts=("api_gateway-private-01",)), 403
        if not properties.policy:
            text = f"{component.id} is private and has no resource policy, so it answers nobody (HTTP 403)."
            return refused(component, codes.APIGW_WITHOUT_POLICY, text, "policy"), 403
    elif by_endpoint:
        text = f"{component.id} is not private: by the endpoint's private DNS it cannot be called (HTTP 403)."
        return refused(component, codes.APIGW_NOT_PRIVATE, text, "endpoint"), 403
    if not http.host or http.host == host:
        if http.host and not properties.default_endpoint:
            text = f"The execute-api name of {component.id} is switched off (HTTP 403)."
            return refused(component, codes.APIGW_UNKNOWN_HOST, text, "default_endpoint"), 403
        return None
    if http.host != properties.domain.lower():
        text = f"{component.id} does not answer for {http.host}: it is not its custom domain name (HTTP 403)."
        return refused(component, codes.APIGW_UNKNOWN_HOST, text, "domain"), 403
    return _certificate(component, properties, http.host, walk)


def _certificate(component: Component, properties: ApiGatewayProperties, host: str, walk: Walk) -> Denial | None:
    shown = as_kind(walk.world, properties.certificate, CertificateProperties)
    if properties.certificate is None or shown is None:
        text = f"The custom domain {host} of {component.id} has no certificate."
        return refused(component, codes.TLS_NO_CERTIFICATE, text, "certificate"), None
    region = walk.world.placement(component.id).region
    wanted = "us-east-1" if properties.endpoint_type == "edge" else region
    if (shown.region or walk.world.blueprint.region) != wanted:
        text = f"The certificate {properties.certificate} must be in {wanted} for a {properties.endpoint_type} API."
        return refused(component, codes.TLS_CERTIFICATE_INVALID, text, "certificate"), None
    if shown.state != "issued" or walk.is_down(properties.certificate):
        state = shown.state.replace("_", " ") if shown.state != "issued" else "not valid"
        text = f"The certificate {properties.certificate} is {state}."
        return refused(component, codes.TLS_CERTIFICATE_INVALID, text, "certificate"), None
    if not shown.covers(host):
        text = f"The certificate {properties.certificate} does not cover {host}."
        return refused(component, codes.TLS_NAME_MISMATCH, text, "certificate"), None
    return None


def of_the_request(
    arrival: Arrival, properties: ApiGatewayProperties, stage: Stage, route: ApiRoute, index: int, http: Http
) -> Denial | None:
    """Say whether API key, validation and size let the request pass."""
    component, where = arrival.component, ("routes", index)
    plan = plan_of(properties, stage, http)
    if route.api_key_required and plan is None:
        text = f"{route.method} {route.path} wants an API key of a usage plan in x-api-key (HTTP 403)."
        return refused(
            component, codes.APIGW_INVALID_API_KEY, text, *where, facts=("api_gateway_usage_plan-key-01",)
        ), 403
    given = {name for name, _ in parse_qsl(http.query, keep_blank_values=True)}
    lacking = [f"header {name}" for name in route.required_headers if http.header(name) is None]
    lacking += [f"parameter {name}" for name in route.required_parameters if name not in given]
    if lacking:
        text = f"The request lacks {', '.join(lacking)} (HTTP 400)."
        return refused(component, codes.APIGW_BAD_REQUEST, text, *where, facts=("api_gateway-e400-01",)), 400
    size = content_length(arrival.message)
    most, what = (MESSAGE, "128 KB") if properties.protocol == "WEBSOCKET" else (PAYLOAD, "10 MB")
    if size is not None and size > most:
        text = f"The request has {size} bytes, more than the {what} that API Gateway takes (HTTP 413)."
        return refused(component, codes.APIGW_REQUEST_TOO_LARGE, text, *where), 413
    return _media_type(arrival, route, index, http)


def _media_type(arrival: Arrival, route: ApiRoute, index: int, http: Http) -> Denial | None:
    """Say whether a body of this content type is handed on (API Gateway Developer Guide, "Method request behavior for
    payloads without mapping templates"); a body without a type counts as ``application/json``."""
    if http.method in ("GET", "HEAD", "OPTIONS") or route.integration not in ("AWS", "HTTP"):
        return None
    given = (http.header("Content-Type") or "application/json").partition(";")[0].strip().lower()
    if given in {each.lower() for each in route.templates}:
        return None
    passes = route.passthrough == "WHEN_NO_MATCH" or (route.passthrough == "WHEN_NO_TEMPLATES" and not route.templates)
    if passes:
        return None
    text = f"{route.method} {route.path} has no mapping template for {given} (HTTP 415, {route.passthrough})."
    return refused(arrival.component, codes.APIGW_UNSUPPORTED_MEDIA_TYPE, text, "routes", index, "templates"), 415


def plan_of(properties: ApiGatewayProperties, stage: Stage, http: Http) -> UsagePlan | None:
    """Return the usage plan of the API key in the request."""
    key = http.header("x-api-key")
    for plan in properties.usage_plans:
        if key is not None and key in plan.keys and (not plan.stages or stage.name in plan.stages):
            return plan
    return None


def rate_limit(properties: ApiGatewayProperties, stage: Stage, route: ApiRoute, http: Http) -> tuple[float, str]:
    """Return the lowest limit in requests a second, and whose it is."""
    plan = plan_of(properties, stage, http)
    limits = [(ACCOUNT_RATE, "the account")]
    if stage.throttle:
        limits.append((stage.throttle.rate, f"the stage {stage.name}"))
    if route.throttle:
        limits.append((route.throttle.rate, f"{route.method} {route.path}"))
    if plan and plan.throttle:
        limits.append((plan.throttle.rate, f"the usage plan {plan.name}"))
    return min(limits)
