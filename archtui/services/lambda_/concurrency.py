"""How many calls of a function run at once, and which share of the expected calls finds a free environment."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.lookups import each
from archtui.world.world import World

ACCOUNT_CONCURRENCY = 1000
"""Calls at once of all functions of an account in a region, unless raised (fact lambda-concurrency-01)."""


def allowed(component: Component, properties: LambdaFunctionProperties, world: World) -> int:
    """Return how many calls of a function may run at once: its reserve, or what the others' reserves leave."""
    if properties.reserved_concurrency is not None:
        return properties.reserved_concurrency
    region = world.placement(component.id).region
    reserved = sum(
        other.reserved_concurrency or 0
        for function, other in each(world, LambdaFunctionProperties)
        if world.placement(function.id).region == region
    )
    return max(0, ACCOUNT_CONCURRENCY - reserved)


def needed(properties: LambdaFunctionProperties) -> float | None:
    """Return how many calls run at once under the expected demand: calls a second times seconds a call takes
    (Lambda Developer Guide, "Understanding Lambda function scaling"); None: not stated."""
    if properties.demand is None or properties.duration is None:
        return None
    return properties.demand * min(properties.duration, properties.timeout)


def served_share(component: Component, properties: LambdaFunctionProperties, world: World) -> float:
    """Return the share of calls that are not throttled; 1 where the demand is not stated."""
    limit = allowed(component, properties, world)
    if limit == 0:
        return 0.0
    at_once = needed(properties)
    return 1.0 if not at_once or at_once <= limit else limit / at_once


def spilled_share(properties: LambdaFunctionProperties) -> float:
    """Return the share of calls that find none of the environments kept ready (fact lambda-provisioned-01); where
    the demand is not stated they are taken to be enough."""
    ready, at_once = properties.provisioned_concurrency, needed(properties)
    if not ready:
        return 1.0
    return 0.0 if at_once is None or at_once <= ready else 1 - ready / at_once
