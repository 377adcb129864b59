"""What an API does with a request: it finds stage and route, checks, limits, and asks what answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.api_gateway.authorizers import Authorized, Denial, authorized
from archtui.services.api_gateway.checks import at_the_door, of_the_request, rate_limit
from archtui.services.api_gateway.integrations import answered
from archtui.services.api_gateway.matching import mapping_of, route_of, stage_named, stage_of
from archtui.services.api_gateway.properties import ApiGatewayProperties, Stage
from archtui.services.api_gateway.websocket import on_connection
from archtui.services.events import accepted, choice, refused
from archtui.services.regional import region_of
from archtui.services.screening import screened
from archtui.trace import codes
from archtui.trace.interface import Arrival, Originates, Receives, Reception, Walk, hop
from archtui.trace.message import Http
from archtui.world.steps import Action, RuleRef, Step


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
        screening = screened(arrival, walk)
        if screening.stops:
            return screening.reception()
        found = _asked(arrival, properties, http, host, walk)
        return replace(found, hops=(*screening.hops, *found.hops))


def _asked(arrival: Arrival, properties: ApiGatewayProperties, http: Http, host: str, walk: Walk) -> Reception:
    """Find the stage: by the path of the API's own name, or by the mappings of the custom domain."""
    component = arrival.component
    if not http.host or http.host == host:
        stage, path = stage_of(properties, http.path)
    else:
        mapping, path = mapping_of(properties, http.path)
        if mapping is None:
            text = f"Nothing is mapped to {http.path} of {http.host} (HTTP 403)."
            return _ended(component, (), (refused(component, codes.APIGW_NO_STAGE, text, "mappings"), 403))
        other = walk.world.components.get(mapping.api or "")
        if other is not None and isinstance(other.properties, ApiGatewayProperties) and other.id != component.id:
            arrival, properties = replace(arrival, component=other), other.properties
        stage = stage_named(properties, mapping.stage)
    component = arrival.component
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
    entry = _entry(arrival, properties, walk)
    if properties.protocol == "WEBSOCKET":
        settled = on_connection(arrival, properties, http, walk)
        if settled is not None:
            return settled
    index = route_of(properties, http)
    if index is None:
        return _ended(component, entry, _no_route(component, properties, http))
    route = properties.routes[index]
    lost = tuple(
        RuleRef(component.id, f"{r.method} {r.path}", ("routes", i), "less specific, or another path")
        for i, r in enumerate(properties.routes)
        if i != index
    )
    text = f"The route {route.method} {route.path} of stage {stage.name} takes {http.method} {http.path}."
    rule = RuleRef(component.id, f"{route.method} {route.path}", ("routes", index))
    steps = (*entry, Step("application", Action.CHOOSE, "", text, rule, lost))
    checked = _authorized(arrival, properties, index, http, walk)
    steps = (*steps, *checked.steps)
    if checked.denial is not None:
        return _ended(component, steps, checked.denial)
    denied = of_the_request(arrival, properties, stage, route, index, http)
    if denied is not None:
        return replace(_ended(component, steps, denied), calls=checked.calls)
    found = _limited(arrival, properties, stage, index, http, walk)
    return replace(found, hops=(hop(component, *steps), *found.hops), calls=(*checked.calls, *found.calls))


def _authorized(arrival: Arrival, properties: ApiGatewayProperties, index: int, http: Http, walk: Walk) -> Authorized:
    """Ask the authorizer; on a WebSocket connection it is asked once, when the connection is opened."""
    if properties.protocol == "WEBSOCKET" and properties.routes[index].path != "$connect":
        return Authorized()
    return authorized(arrival, properties, index, http, walk)


def _entry(arrival: Arrival, properties: ApiGatewayProperties, walk: Walk) -> tuple[Step, ...]:
    """Say where the request enters; one from inside AWS, as a link makes it, enters in the region."""
    sender = walk.world.components.get(arrival.sender.component)
    outside = sender is None or sender.kind.behaviour(Originates) is not None
    if properties.endpoint_type != "edge" or not outside:
        return ()
    text = (
        f"{arrival.component.id} is edge-optimized: the request enters AWS at the edge location nearest to the client."
    )
    return (accepted(arrival.component, text, "endpoint", facts=("api_gateway-edge-01",)),)


def _no_route(component: Component, properties: ApiGatewayProperties, http: Http) -> Denial:
    answers = {
        "HTTP": (404, "Not Found"),
        "REST": (403, "Missing Authentication Token"),
        "WEBSOCKET": (403, "Forbidden"),
    }
    status, what = answers[properties.protocol]
    lost = tuple(
        RuleRef(component.id, f"{r.method} {r.path}", ("routes", i), f"not {http.method} {http.path}")
        for i, r in enumerate(properties.routes)
    )
    text = f"No route of {component.id} takes {http.method} {http.path}: HTTP {status} ({what})."
    rule = RuleRef(component.id, "routes", ("routes",))
    return Step("application", Action.DENY, codes.APIGW_NO_ROUTE, text, rule, lost), status


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
    if stage.cache_ttl <= 0:
        return asked
    where = ("stages", properties.stages.index(stage))
    if (http.header("Cache-Control") or "").replace(" ", "") == "max-age=0":
        if stage.cache_invalidation == "OPEN":
            said = accepted(component, f"The caller invalidates the cached answer of stage {stage.name}.", *where)
            return replace(asked, hops=(hop(component, said), *asked.hops))
        if stage.cache_invalidation == "REFUSE":
            text = f"Only who may invalidate the cache of stage {stage.name} can ask past it (HTTP 403)."
            step = refused(component, codes.APIGW_CACHE_INVALIDATION, text, *where, "cache_invalidation")
            return Reception((hop(component, step),), status=403)
    text = f"The cache of stage {stage.name} has the answer, kept for {stage.cache_ttl:g} s."
    facts = ("api_gateway_stage-cache-ttl-01",)
    hit = Reception((hop(component, accepted(component, text, *where, "cache_hits", facts=facts)),), status=200)
    options = [(stage.cache_hits, "cache hit", hit), (1 - stage.cache_hits, "cache miss", asked)]
    return Reception((), (choice(arrival, f"the cache of {component.id}", options),))


def _released(
    arrival: Arrival, properties: ApiGatewayProperties, stage: Stage, index: int, http: Http, walk: Walk
) -> Reception:
    """Ask what the stage's deployment names, or for part of the requests what its canary names."""
    route = properties.routes[index]
    route = route.model_copy(update={"to": stage.instead.get(route.to or "", route.to)})
    plain = answered(arrival, properties, route, index, http, walk)
    if stage.canary is None:
        return plain
    other = route.model_copy(update={"to": stage.canary.instead.get(route.to or "", route.to)})
    tried = answered(arrival, properties, other, index, http, walk)
    share = stage.canary.percent
    options = [(1 - share, "stage", plain), (share, "canary", tried)]
    return Reception((), (choice(arrival, f"the canary of stage {stage.name}", options),))
