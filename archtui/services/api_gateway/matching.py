"""Which stage and which route takes a request."""

from __future__ import annotations

from collections.abc import Sequence

from archtui.services.api_gateway.properties import ApiGatewayProperties, ApiRoute, Stage

ANY = ("ANY", "*")


def rank(route: ApiRoute, method: str, path: str) -> tuple[tuple[int, ...], int] | None:
    """Return how specific ``route`` is for a request (less is more specific); None: it does not match.

    Literal parts go before ``{parameters}``, these before ``{greedy+}`` ones, a named method before ANY, and
    ``$default`` after all (API Gateway Developer Guide, "Create routes for HTTP APIs", "Set up a proxy integration").
    """
    if route.method.upper() not in (*ANY, method):
        return None
    any_method = int(route.method.upper() in ANY)
    if route.path == "$default":
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


def stage_of(properties: ApiGatewayProperties, path: str, *, default_host: bool) -> tuple[Stage | None, str]:
    """Return the stage that is asked and the path within it; None: there is no such stage.

    By the ``execute-api`` name the stage is the path's first part, unless it is ``$default``; a custom domain leads
    to the stage of its mapping.
    """
    stages = [stage for stage in properties.all_stages if stage.deployed]
    if not default_host:
        wanted = properties.domain_stage
        return next((stage for stage in stages if wanted in ("", stage.name)), None), path
    first = _parts(path)[:1]
    for stage in stages:
        if first == [stage.name]:
            return stage, "/" + "/".join(_parts(path)[1:])
    return next((stage for stage in stages if stage.name == "$default"), None), path
