"""Circles of calls: a function that writes to what calls it, maybe by way of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archtui.model.component import Component, Link
from archtui.services.consumers import POLLING
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.lambda_.triggers import callers_of
from archtui.services.lookups import each
from archtui.services.s3.properties import S3BucketProperties
from archtui.world.world import World

_WRITES: Mapping[str, tuple[str, ...]] = {
    "s3": ("s3:Put",),
    "sqs": ("sqs:Send",),
    "sns": ("sns:Publish",),
    "dynamodb": ("dynamodb:Put", "dynamodb:Update", "dynamodb:Delete", "dynamodb:BatchWrite", "dynamodb:TransactWrite"),
    "kinesis": ("kinesis:Put",),
}
"""The actions by which a function sets off what hangs on a resource, by the resource's family."""
_USUALLY = frozenset({"sqs", "sns", "kinesis"})
"""The families of which a link that names no action writes."""


def loop_through(function: str, world: World) -> tuple[str, ...]:
    """Return what lies between a function and its own next call, the shortest circle; empty: there is none."""
    after = world.part(_set_off)
    queue: list[tuple[str, ...]] = [(name,) for name in after.get(function, ())]
    seen: set[str] = set()
    while queue:
        way = queue.pop(0)
        if way[-1] == function:
            return way[:-1]
        if way[-1] in seen:
            continue
        seen.add(way[-1])
        queue += [(*way, name) for name in after.get(way[-1], ())]
    return ()


def _set_off(world: World) -> Mapping[str, tuple[str, ...]]:
    """Return what each component sets off for certain, once it is called or written to."""
    found: dict[str, dict[str, None]] = {}
    for function, settings in each(world, LambdaFunctionProperties):
        for name in _called_by(function, settings, world):
            found.setdefault(name, {})[function.id] = None
    for link in world.links:
        target = world.components.get(link.target)
        if target is not None and _sets_off(link, target):
            found.setdefault(link.source, {})[link.target] = None
    return {name: tuple(known) for name, known in found.items()}


def _called_by(function: Component, settings: LambdaFunctionProperties, world: World) -> Iterator[str]:
    """Yield what calls a function for everything that comes to it; a filter lets it be known of nothing."""
    for mapping in settings.event_sources:
        source = world.components.get(mapping.source)
        if mapping.enabled and not mapping.filters and source is not None and source.kind.family in POLLING:
            yield mapping.source
    for trigger in callers_of(function, world):
        source = world.components[trigger.source]
        if source.kind.family == "s3" and isinstance(source.properties, S3BucketProperties):
            index = trigger.path[1] if len(trigger.path) > 1 else None
            named = source.properties.notifications[index] if isinstance(index, int) else None
            if named and not named.prefix and not named.suffix and any("ObjectCreated" in e for e in named.events):
                yield trigger.source
        elif source.kind.family == "sns" and len(trigger.path) > 1 and isinstance(trigger.path[1], int):
            subscriptions = getattr(source.properties, "subscriptions", ())
            if getattr(subscriptions[trigger.path[1]], "filter", None) is None:
                yield trigger.source


def _sets_off(link: Link, target: Component) -> bool:
    """Whether a link is a call of a function, or writes to what may call one."""
    family = target.kind.family
    if family == "lambda":
        return True
    if not link.action:
        return family in _USUALLY
    return link.action.startswith(_WRITES.get(family, ("\0",)))
