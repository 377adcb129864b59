"""What an API does with a request: it finds stage and route, checks, limits, and asks what answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal
from urllib.parse import urlsplit

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.api_gateway.checks import Denial, at_the_door, of_the_caller, of_the_request, rate_limit
from archtui.services.api_gateway.matching import chosen_route, stage_of
from archtui.services.api_gateway.properties import ApiGatewayProperties, ApiRoute, Stage
from archtui.services.events import EVENT, accepted, carried, choice, refused
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.regional import region_of, sender_of
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, Way, hop
from archtui.trace.message import Http, Message
from archtui.world.steps import Action, RuleRef, Step

TIMEOUT = {"REST": 29.0, "WEBSOCKET": 29.0, "HTTP": 30.0}
"""Seconds an integration may take (API Gateway quotas, "Integration timeout"; fact api_gateway-timeout-01)."""
FROM_LAMBDA = ((429, 500),)
"""A rejected invocation is an internal error to the client, a failing function a 502 (Lambda Developer Guide,
"Handling errors with an API Gateway API")."""


class ApiReceives(Receives):
    """An API takes HTTPS requests."""

    def port(self, component: Component) -> int | None:
        return 443

    def scheme(self, component: Component, port: int) -> Literal["", "http", "https"]:
        return "https"

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, http = arrival.component, arrival.message.http
        properties = properties_as(component, ApiGatewayProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        if http is None or arrival.message.purpose == "health_check":
            return Reception((hop(component, accepted(component, f"{component.id} answers.")),), status=200)
        host = f"{component.id}.execute-api.{region_of(component, walk.world)}.amazonaws.com".lower()
        denial = at_the_door(arrival, properties, http, host, walk)
        if denial is not None:
            return _ended(component, (), denial)
        stage, path = stage_of(properties, http.path, default_host=http.host == host)
        if stage is None:
            status = 404 if properties.protocol == "HTTP" else 403
            text = f"{component.id} has no deployed stage for {http.path} (HTTP {status})."
            return _ended(component, (), (refused(component, codes.APIGW_NO_STAGE, text, "stages"), status))
        return _staged(arrival, properties, stage, replace(http, path=path), walk)


def _ended(component: Component, steps: tuple[Step, ...], denial: Denial) -> Reception:
    return Reception((hop(component, *steps, denial[0]),), status=denial[1])


def _staged(arrival: Arrival, properties: ApiGatewayProperties, stage: Stage, http: Http, walk: Walk) -> Reception:
    """Find the route and let its checks decide."""
    component = arrival.component
    index = _route(properties, http)
    if index is None:
        status, what = (404, "Not Found") if properties.protocol == "HTTP" else (403, "Missing Authentication Token")
        lost = tuple(
            RuleRef(component.id, f"{r.method} {r.path}", ("routes", i), f"not {http.method} {http.path}")
            for i, r in enumerate(properties.routes)
        )
        text = f"No route of {component.id} takes {http.method} {http.path}: HTTP {status} ({what})."
        rule = RuleRef(component.id, "routes", ("routes",))
        return _ended(component, (), (Step("application", Action.DENY, codes.APIGW_NO_ROUTE, text, rule, lost), status))
    route = properties.routes[index]
    lost = tuple(
        RuleRef(component.id, f"{r.method} {r.path}", ("routes", i), "less specific, or another path")
        for i, r in enumerate(properties.routes)
        if i != index
    )
    text = f"The route {route.method} {route.path} of stage {stage.name} takes {http.method} {http.path}."
    rule = RuleRef(component.id, f"{route.method} {route.path}", ("routes", index))
    steps: list[Step] = [Step("application", Action.CHOOSE, "", text, rule, lost)]
    checking: tuple[Call, ...] = ()
    if route.authorizer is not None:
        place = next((i for i, a in enumerate(properties.authorizers) if a.name == route.authorizer), None)
        if place is None:
            text = f"The route names the authorizer {route.authorizer}, which {component.id} does not have (HTTP 500)."
            denial = refused(component, codes.APIGW_AUTHORIZER_ERROR, text, "routes", index, "authorizer")
            return _ended(component, tuple(steps), (denial, 500))
        authorizer = properties.authorizers[place]
        unfit = of_the_caller(arrival, authorizer, place, http)
        if unfit is not None:
            return _ended(component, tuple(steps), unfit)
        who = authorizer.user_pool or authorizer.function or authorizer.type
        text = f"The authorizer {authorizer.name} ({who}) lets the caller pass; its token is taken to be valid."
        steps.append(accepted(component, text, "authorizers", place, facts=("api_gateway_authorizer-cognito-01",)))
        if authorizer.function is not None:
            said = f"{component.id} asks {authorizer.function} whether the caller may."
            checking = (carried(component, authorizer.function, said, walk, message=_asks(), bond="hard"),)
    denied = of_the_request(arrival, properties, stage, route, index, http)
    if denied is not None:
        return replace(_ended(component, tuple(steps), denied), calls=checking)
    found = _limited(arrival, properties, stage, index, http, walk)
    return replace(found, hops=(hop(component, *steps), *found.hops), calls=(*checking, *found.calls))


def _route(properties: ApiGatewayProperties, http: Http) -> int | None:
    if properties.protocol == "WEBSOCKET":
        wanted = ("$connect", "$default")
        return next((i for name in wanted for i, r in enumerate(properties.routes) if r.path == name), None)
    found = chosen_route(properties.routes, http.method, http.path)
    if found is None and not http.host and http.path == "/" and properties.routes:
        return 0
    return found


def _asks(http: Http | None = None, action: str = "") -> Message:
    return Message("tcp", 443, http, called=True, action=action)


def _limited(
    arrival: Arrival, properties: ApiGatewayProperties, stage: Stage, index: int, http: Http, walk: Walk
) -> Reception:
    """Throttle: of the requests to expect, the limit's share passes."""
    component, route = arrival.component, properties.routes[index]
    limit, whose = rate_limit(properties, stage, route, http)
    demand = properties.demand
    if limit > 0 and (demand is None or demand <= limit):
        return _cached(arrival, properties, stage, index, http, walk)
    asked = f" of {demand:g} expected" if demand is not None else ""
    text = f"The limit of {whose} is {limit:g} requests a second{asked}: the rest is throttled (HTTP 429)."
    step = refused(component, codes.APIGW_THROTTLED, text, facts=("api_gateway-e429-01", "api_gateway-throttling-01"))
    throttled = Reception((hop(component, step),), status=429)
    if limit <= 0 or not demand:
        return throttled
    passes = _cached(arrival, properties, stage, index, http, walk)
    options = [(limit / demand, "within the limit", passes), (1 - limit / demand, "throttled", throttled)]
    return Reception((), (choice(arrival, f"the limit of {whose}", options),))


def _cached(
    arrival: Arrival, properties: ApiGatewayProperties, stage: Stage, index: int, http: Http, walk: Walk
) -> Reception:
    component = arrival.component
    asked = _released(arrival, properties, stage, index, http, walk)
    if not stage.cache_size or not stage.cache_hits or http.method != "GET" or properties.protocol != "REST":
        return asked
    text = f"The cache of stage {stage.name} has the answer, kept for {stage.cache_ttl:g} s."
    where = ("stages", properties.stages.index(stage), "cache_hits")
    hit = Reception((hop(component, accepted(component, text, *where)),), status=200)
    options = [(stage.cache_hits, "cache hit", hit), (1 - stage.cache_hits, "cache miss", asked)]
    return Reception((), (choice(arrival, f"the cache of {component.id}", options),))


def _released(
    arrival: Arrival, properties: ApiGatewayProperties, stage: Stage, index: int, http: Http, walk: Walk
) -> Reception:
    route = properties.routes[index]
    plain = _integrated(arrival, properties, route, index, http, walk)
    if stage.canary is None:
        return plain
    other = route.model_copy(update={"to": stage.canary.instead.get(route.to or "", route.to)})
    tried = _integrated(arrival, properties, other, index, http, walk)
    share = stage.canary.percent
    options = [(1 - share, "stage", plain), (share, "canary", tried)]
    return Reception((), (choice(arrival, f"the canary of stage {stage.name}", options),))


def _integrated(
    arrival: Arrival, properties: ApiGatewayProperties, route: ApiRoute, index: int, http: Http, walk: Walk
) -> Reception:
    """Ask what answers the route."""
    component = arrival.component
    target = walk.world.components.get(route.to or "")
    kind = route.integration or _usual(route, target, walk)
    if kind == "MOCK":
        text = f"{component.id} answers by itself (MOCK)."
        step = accepted(component, text, "routes", index, facts=("api_gateway-mock-01",))
        return Reception((hop(component, step),), status=200)
    limit = route.timeout or TIMEOUT[properties.protocol]
    seconds = _seconds(target)
    if seconds is not None and seconds > limit and not route.asynchronous:
        text = f"{route.to} takes {seconds:g} s and {component.id} gives up after {limit:g} s (HTTP 504)."
        step = refused(
            component, codes.APIGW_INTEGRATION_TIMEOUT, text, "routes", index, facts=("api_gateway-timeout-01",)
        )
        return Reception((hop(component, step),), status=504)
    if kind in ("HTTP", "HTTP_PROXY"):
        return Reception((), (_http(arrival, properties, route, index, http, target, walk),))
    if target is None:
        text = f"The route {route.method} {route.path} names no AWS resource to ask (HTTP 500)."
        return _ended(component, (), (refused(component, codes.APIGW_NO_INTEGRATION, text, "routes", index), 500))
    rule = RuleRef(component.id, f"{kind} {target.id}", ("routes", index, "to"))
    if isinstance(target.properties, LambdaFunctionProperties):
        if route.asynchronous:
            text = f"{component.id} has Lambda queue the call of {target.id} and answers at once."
            call = carried(component, target.id, text, walk, message=EVENT, rule=rule)
            return Reception((), (call,), 200)
        text = f"{component.id} invokes {target.id} by the Lambda API ({kind})."
        call = carried(
            component,
            target.id,
            text,
            walk,
            message=_asks(http),
            bond="hard",
            rule=rule,
            relays=True,
            statuses=(500, 502),
        )
        return Reception((), (replace(call, instead=FROM_LAMBDA),))
    text = f"{component.id} asks {target.id} by its AWS API{f' for {route.action}' if route.action else ''}."
    asks = _asks(action=route.action)
    call = carried(component, target.id, text, walk, message=asks, bond="hard", rule=rule, statuses=(500, 504))
    return Reception((), (call,), 200)


def _usual(route: ApiRoute, target: Component | None, walk: Walk) -> str:
    if target is None:
        return "HTTP_PROXY" if route.uri else "MOCK"
    if isinstance(target.properties, LambdaFunctionProperties):
        return "AWS_PROXY"
    behind_api = target.kind.scope == "region"
    return "AWS" if behind_api and not walk.interfaces(target.id) else "HTTP_PROXY"


def _seconds(target: Component | None) -> float | None:
    settings = target.properties if target else None
    if isinstance(settings, LambdaFunctionProperties) and settings.duration is not None:
        return min(settings.duration, settings.timeout)
    return None


def _http(
    arrival: Arrival,
    properties: ApiGatewayProperties,
    route: ApiRoute,
    index: int,
    http: Http,
    target: Component | None,
    walk: Walk,
) -> Call:
    """Return the call of an HTTP server: from the VPC link's interfaces where there is one, else over the internet."""
    component = arrival.component
    url = urlsplit(route.uri)
    where: str = target.id if target else url.hostname or route.uri
    receives = target.kind.behaviour(Receives) if target else None
    port = route.port or url.port or (receives.port(target) if target and receives else None) or 443
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
    component = arrival.component
    if properties.vpc_link is None:
        text = f"{component.id} asks {where} on tcp {sent.port}, over the internet."
        step = Step("application", Action.ORIGINATE, "", text, rule, after=sent.to_json())
        yield Way(1.0, where, sender_of(component, walk.world, "execute-api"), where, sent, (hop(component, step),))
        return
    nics = [nic for nic in walk.interfaces(component.id) if not walk.condition.zone_down(nic.zone)]
    if not nics:
        text = f"No zone of the VPC link of {component.id} works."
        step = refused(component, codes.BAD_STATE, text, "vpc_link")
        yield Way(1.0, where, arrival.at, None, sent, (hop(component, step),), 503)
    for nic in nics:
        text = f"{component.id} asks {where} on tcp {sent.port} by its VPC link in {nic.subnet}."
        step = Step("application", Action.ORIGINATE, "", text, rule, after=sent.to_json())
        yield Way(1 / len(nics), nic.subnet, nic, where, sent, (hop(component, step),))
