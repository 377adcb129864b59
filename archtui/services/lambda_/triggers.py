"""Who calls a function: every component that names it as what it calls, and whether it waits for the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtui.model.component import Component
from archtui.model.operations import Path
from archtui.services.lambda_.gate import INVOKE_ASYNC
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Trigger:
    """One way in which a function is called."""

    source: str
    path: Path
    """The property of ``source`` that names it; empty: a link."""
    waits: bool
    """Whether the caller waits for the result."""
    retried: bool
    """Whether Lambda itself keeps the call and tries it again (an asynchronous call)."""


_ASYNCHRONOUS = {
    ("s3", "notifications"),
    ("sns", "subscriptions"),
    ("eventbridge", "rules"),
    ("lambda", "on_failure"),
    ("lambda", "on_success"),
}
_SYNCHRONOUS = {
    ("api_gateway", "routes"),
    ("api_gateway", "authorizers"),
    ("cognito", "triggers"),
    ("step_functions", "states"),
    ("elb", "targets"),
    ("kinesis", "transform"),
    ("s3", "function"),
}


def callers_of(function: Component, world: World) -> Iterator[Trigger]:
    """Yield every caller of ``function`` that the design names."""
    for edge in world.referrers(function.id):
        source = world.components[edge.source]
        key = (source.kind.family, str(edge.path[0]))
        if key in _ASYNCHRONOUS:
            if edge.path[-1] != "dead_letter":
                yield Trigger(source.id, edge.path, waits=False, retried=True)
        elif key in _SYNCHRONOUS:
            queued = _is_queued(source, edge.path)
            yield Trigger(source.id, edge.path, waits=not queued, retried=queued)
    for link in world.links:
        if link.target == function.id:
            queued = link.action == INVOKE_ASYNC
            yield Trigger(link.source, (), waits=not queued, retried=queued)


def _is_queued(source: Component, path: Path) -> bool:
    """Whether a route of an API calls the function without waiting."""
    if path[0] != "routes" or not isinstance(path[1], int):
        return False
    routes = getattr(source.properties, "routes", ())
    return bool(getattr(routes[path[1]], "asynchronous", False))
