"""Which stage and which route takes a request."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from archtui.services.api_gateway.properties import ApiGatewayProperties, ApiRoute, DomainMapping, Stage
from archtui.trace.message import Http

ANY = ("ANY", "*")
CONNECT, DISCONNECT, DEFAULT = "$connect", "$disconnect", "$default"
CONNECTIONS = "@connections"
"""Below this path of a stage the backend reaches the clients of a WebSocket API (API Gateway Developer Guide, "Use
@connections commands in your backend service")."""
_OF_METHOD = {"GET": CONNECT, "DELETE": DISCONNECT}
"""How a traced request stands for what happens on a WebSocket connection: GET opens it, DELETE closes it, any other
method is a message whose fields are the query parameters."""


def rank(route: ApiRoute, method: str, path: str) -> tuple[tuple[int, ...], int] | None:
    """Return how specific ``route`` is for a request (less is more specific); None: it does not match.

    Literal parts go before ``{parameters}``, these before ``{greedy+}`` ones, a named method before ANY, and
    ``$default`` after all (API Gateway Developer Guide, "Create routes for HTTP APIs", "Set up a proxy integration").
    """
    if route.method.upper() not in (*ANY, method):
        return None
    any_method = int(route.method.upper() in ANY)
    if route.path == DEFAULT:
        return (3,), any_method
    want, have = _parts(route.path), _parts(path)
    found: list[int] = []
    for index, part in enumerate(want):
        if part.startswith("{") and part.endswith("+}"):
            return ((*found, 2), any_method) if len(have) > index else None
        if index >= len(have):
            return None
        if part.startswith("{"):
            found.append(1)
        elif part == have[index]:
            found.append(0)
        else:
            return None
    return (tuple(found), any_method) if len(want) == len(have) else None


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def chosen_route(routes: Sequence[ApiRoute], method: str, path: str) -> int | None:
    """Return the index of the route that takes the request."""
    ranked = [(found, index) for index, route in enumerate(routes) if (found := rank(route, method, path)) is not None]
    return min(ranked)[1] if ranked else None


def route_of(properties: ApiGatewayProperties, http: Http) -> int | None:
    """Return the index of the route that takes the request; None: there is none.

    A WebSocket API chooses by what happens on the connection, and messages by the field that its route selection
    expression names, ``$default`` being for the rest (API Gateway Developer Guide, "Invoke your backend integration
    with the $default Route and custom routes"). A request without host and path, as a link makes it, is taken to be
    for the first route.
    """
    if properties.protocol != "WEBSOCKET":
        found = chosen_route(properties.routes, http.method, http.path)
        if found is None and not http.host and http.path == "/" and properties.routes:
            return 0
        return found
    wanted = [event_of(http, properties)]
    if wanted[0] not in (CONNECT, DISCONNECT):
        wanted.append(DEFAULT)
    return next((i for name in wanted for i, r in enumerate(properties.routes) if r.path == name), None)


def event_of(http: Http, properties: ApiGatewayProperties) -> str:
    """Return the route key of what happens on a WebSocket connection; ``$default`` where a message names none."""
    special = _OF_METHOD.get(http.method)
    if special:
        return special
    return dict(parse_qsl(http.query)).get(properties.selector, DEFAULT)


def mapping_of(properties: ApiGatewayProperties, path: str) -> tuple[DomainMapping | None, str]:
    """Return what answers below ``path`` of the custom domain, and the path that is left for it.

    The longest mapping decides (API Gateway Developer Guide, "Use API mappings to connect API stages to a custom
    domain name"); without any the API itself answers.
    """
    if not properties.mappings:
        return DomainMapping(stage=properties.domain_stage), path
    have = _parts(path)
    ranked = sorted(properties.mappings, key=lambda mapping: -len(_parts(mapping.path)))
    for mapping in ranked:
        want = _parts(mapping.path)
        if have[: len(want)] == want:
            return mapping, "/" + "/".join(have[len(want) :])
    return None, path


def stage_named(properties: ApiGatewayProperties, name: str) -> Stage | None:
    """Return the deployed stage ``name``, the first where that is empty; None: there is none."""
    return next((stage for stage in properties.all_stages if stage.deployed and name in ("", stage.name)), None)


def stage_of(properties: ApiGatewayProperties, path: str) -> tuple[Stage | None, str]:
    """Return the stage that is asked by the ``execute-api`` name and the path within it; None: there is none.

    The stage is the path's first part, unless it is ``$default``.
    """
    first = _parts(path)[:1]
    named = next((stage for stage in properties.all_stages if stage.deployed and first == [stage.name]), None)
    if named is not None:
        return named, "/" + "/".join(_parts(path)[1:])
    return next((stage for stage in properties.all_stages if stage.deployed and stage.name == DEFAULT), None), path
