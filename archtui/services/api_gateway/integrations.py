"""What answers a route: a function, an AWS service, a server, or the gateway itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal
from urllib.parse import urlsplit

from archtui.model.component import Component
from archtui.services.api_gateway.matching import CONNECT, DISCONNECT
from archtui.services.api_gateway.network import asking_from, linked_at
from archtui.services.api_gateway.properties import ApiGatewayProperties, ApiRoute
from archtui.services.api_gateway.websocket import SWITCHING, opened
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.events import EVENT, accepted, carried, refused
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.regional import sender_of
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, Way, hop
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Action, RuleRef, Step

TIMEOUT = {"REST": 29.0, "WEBSOCKET": 29.0, "HTTP": 30.0}
"""Seconds an integration may take (API Gateway quotas, "Integration timeout"; fact api_gateway-timeout-01)."""
FROM_LAMBDA = ((429, 500),)
"""A rejected invocation is an internal error to the client, a failing function a 502 (Lambda Developer Guide,
"Handling errors with an API Gateway API")."""


def patience(properties: ApiGatewayProperties, route: ApiRoute) -> float:
    """Return the seconds after which the gateway gives up; only REST APIs in the region may have more than usual."""
    usual = TIMEOUT[properties.protocol]
    if route.timeout is None:
        return usual
    raised = properties.protocol == "REST" and properties.endpoint_type != "edge"
    return route.timeout if raised else min(route.timeout, usual)


def seconds_of(route: ApiRoute, target: Component | None) -> float | None:
    """Return how long what answers usually takes; None: it is not stated."""
    if route.duration is not None:
        return route.duration
    settings = target.properties if target else None
    if isinstance(settings, LambdaFunctionProperties) and settings.duration is not None:
        return min(settings.duration, settings.timeout)
    return None


def answered(
    arrival: Arrival, properties: ApiGatewayProperties, route: ApiRoute, index: int, http: Http, walk: Walk
) -> Reception:
    """Ask what answers the route."""
    if properties.protocol != "WEBSOCKET":
        return _integrated(arrival, properties, route, index, http, walk)
    if route.path == DISCONNECT:
        route = route.model_copy(update={"asynchronous": True})
    found = _integrated(arrival, properties, route, index, http, walk)
    if route.path != CONNECT:
        return found
    said = opened(arrival, properties)
    hops = (hop(arrival.component, *said), *found.hops) if said else found.hops
    shaken = tuple(replace(call, instead=((200, SWITCHING), *call.instead)) for call in found.calls)
    return replace(found, hops=hops, calls=shaken, status=SWITCHING if found.status == 200 else found.status)


def _integrated(
    arrival: Arrival, properties: ApiGatewayProperties, route: ApiRoute, index: int, http: Http, walk: Walk
) -> Reception:
    component = arrival.component
    target = walk.world.components.get(route.to or "")
    kind = route.integration or _usual(route, target, walk)
    if kind == "MOCK":
        text = f"{component.id} answers by itself (MOCK)."
        step = accepted(component, text, "routes", index, facts=("api_gateway-mock-01",))
        return Reception((hop(component, step),), status=200)
    limit = patience(properties, route)
    seconds = seconds_of(route, target)
    if seconds is not None and seconds > limit and not route.asynchronous:
        what = route.to or route.uri
        text = f"{what} takes {seconds:g} s and {component.id} gives up after {limit:g} s (HTTP 504)."
        facts = ("api_gateway-timeout-01", "api_gateway-e504-01")
        step = refused(component, codes.APIGW_INTEGRATION_TIMEOUT, text, "routes", index, facts=facts)
        return Reception((hop(component, step),), status=504)
    if kind in ("HTTP", "HTTP_PROXY"):
        return Reception((), (_http(arrival, properties, route, index, http, target, walk),))
    if target is None:
        text = f"The route {route.method} {route.path} names no AWS resource to ask (HTTP 500)."
        step = refused(component, codes.APIGW_NO_INTEGRATION, text, "routes", index)
        return Reception((hop(component, step),), status=500)
    rule = RuleRef(component.id, f"{kind} {target.id}", ("routes", index, "to"))
    if isinstance(target.properties, LambdaFunctionProperties):
        return _function(component, route, target, http, kind, rule, walk)
    text = f"{component.id} asks {target.id} by its AWS API{f' for {route.action}' if route.action else ''}."
    asks = _asks(action=route.action)
    call = carried(component, target.id, text, walk, message=asks, bond="hard", rule=rule, statuses=(500, 504))
    return Reception((), (call,), 200)


def _function(
    component: Component, route: ApiRoute, target: Component, http: Http, kind: str, rule: RuleRef, walk: Walk
) -> Reception:
    if route.asynchronous:
        text = f"{component.id} has Lambda queue the call of {target.id} and answers at once."
        return Reception((), (carried(component, target.id, text, walk, message=EVENT, rule=rule),), 200)
    text = f"{component.id} invokes {target.id} by the Lambda API ({kind})."
    asks = _asks(http)
    call = carried(
        component, target.id, text, walk, message=asks, bond="hard", rule=rule, relays=True, statuses=(500, 502)
    )
    return Reception((), (replace(call, instead=FROM_LAMBDA),))


def _asks(http: Http | None = None, action: str = "") -> Message:
    return Message("tcp", 443, http, called=True, action=action)


def _usual(route: ApiRoute, target: Component | None, walk: Walk) -> str:
    if target is None:
        return "HTTP_PROXY" if route.uri else "MOCK"
    if isinstance(target.properties, LambdaFunctionProperties):
        return "AWS_PROXY"
    behind_api = target.kind.scope == "region"
    return "AWS" if behind_api and not walk.interfaces(target.id) else "HTTP_PROXY"


def _port(route: ApiRoute, target: Component | None, url_port: int | None) -> int:
    """Return the port of an HTTP integration: written, the target's own, its first listener's, or 443."""
    receives = target.kind.behaviour(Receives) if target else None
    listeners = target.properties.listeners if target and isinstance(target.properties, LoadBalancerProperties) else ()
    own = receives.port(target) if target and receives else None
    return route.port or url_port or own or (listeners[0].port if listeners else 443)


def _http(
    arrival: Arrival,
    properties: ApiGatewayProperties,
    route: ApiRoute,
    index: int,
    http: Http,
    target: Component | None,
    walk: Walk,
) -> Call:
    """Return the call of an HTTP server: by the VPC link where there is one, else over the internet."""
    component = arrival.component
    url = urlsplit(route.uri)
    where: str = target.id if target else url.hostname or route.uri
    receives = target.kind.behaviour(Receives) if target else None
    port = _port(route, target, url.port or (80 if url.scheme == "http" else None))
    spoken = receives.scheme(target, port) if target and receives else ""
    scheme: Literal["http", "https"] = (
        "http" if (spoken or url.scheme or ("https" if port == 443 else "http")) == "http" else "https"
    )
    sent = Message("tcp", port, replace(http, scheme=scheme, host=http.host if target else where), called=True)
    rule = RuleRef(component.id, f"{route.method} {route.path}", ("routes", index))
    return Call(
        f"{component.id} > {where}",
        tuple(_senders(arrival, properties, where, sent, rule, walk)),
        relays=True,
        refused_status=503,
        timeout_status=504,
    )


def _senders(
    arrival: Arrival, properties: ApiGatewayProperties, where: str, sent: Message, rule: RuleRef, walk: Walk
) -> Iterator[Way]:
    component, link = arrival.component, properties.vpc_link
    if link is not None and link.balancers and properties.protocol == "HTTP":
        # API Gateway Developer Guide, "Set up VPC links V2 in API Gateway": an HTTP API has interfaces in subnets.
        text = f"The VPC link of {component.id} leads to balancers by PrivateLink, which only a REST API can use."
        step = refused(component, codes.APIGW_KIND_UNFIT, text, "vpc_link")
        yield Way(1.0, where, arrival.at, None, sent, (hop(component, step),), 500)
        return
    if link is None or (link.balancers and where not in link.balancers):
        text = f"{component.id} asks {where} on tcp {sent.port}, over the internet."
        step = Step("application", Action.ORIGINATE, "", text, rule, after=sent.to_json())
        yield Way(1.0, where, sender_of(component, walk.world, "execute-api"), where, sent, (hop(component, step),))
        return
    nics = _entrances(component, properties, where, walk)
    if not nics:
        text = f"No zone of the VPC link of {component.id} works."
        step = refused(component, codes.BAD_STATE, text, "vpc_link")
        yield Way(1.0, where, arrival.at, None, sent, (hop(component, step),), 503)
    for nic, target in nics:
        text = f"{component.id} asks {where} on tcp {sent.port} by its VPC link in {nic.subnet}."
        step = Step("application", Action.ORIGINATE, "", text, rule, after=sent.to_json())
        yield Way(1 / len(nics), nic.subnet, nic, target, sent, (hop(component, step),))


def _entrances(
    component: Component, properties: ApiGatewayProperties, where: str, walk: Walk
) -> tuple[tuple[Endpoint, str | Endpoint], ...]:
    """Return the interfaces from which a VPC link sends, each with what it sends to: a name, or for a link by
    PrivateLink the endpoint that leads to the balancer."""
    known = {
        nic.interface: nic
        for nic in walk.interfaces(component.id)
        if not walk.condition.part_down(nic.component, nic.zone)
    }
    link = properties.vpc_link
    if link is None:
        return ()
    if link.subnets:
        nics = (known.get(f"{component.id}:{subnet}") for subnet in link.subnets)
        return tuple((nic, where) for nic in nics if nic is not None)
    balancer = walk.world.components[where].properties
    subnets = balancer.subnets if isinstance(balancer, LoadBalancerProperties) else ()
    pairs = (
        (known.get(asking_from(component.id, where, subnet)), known.get(linked_at(component.id, where, subnet)))
        for subnet in subnets
    )
    return tuple((one, other) for one, other in pairs if one is not None and other is not None)
