"""Those who come for messages: functions for which Lambda polls, and applications that poll by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archtui.model.component import Component
from archtui.services.events import API, EVENT, carried, refused
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.trace.interface import Walk, Way, hop
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step


@dataclass(frozen=True, slots=True)
class Consumer:
    """One consumer with the ways a message takes to it (weights sum to 1)."""

    component: str
    ways: tuple[Way, ...]


def consumers(source: Component, action: str, nobody: str, walk: Walk) -> tuple[Consumer, ...]:
    """Return who takes what ``source`` keeps: the functions mapped to it, then the links with ``action``.

    ``nobody`` is the reason code for a consumer of which nothing works.
    """
    return (*_mapped(source, walk), *_polling(source, action, nobody, walk))


def _mapped(source: Component, walk: Walk) -> Iterator[Consumer]:
    """Yield the functions for which Lambda polls."""
    for edge in walk.world.referrers(source.id):
        function = walk.world.components[edge.source]
        settings = function.properties
        if not isinstance(settings, LambdaFunctionProperties) or edge.path[0] != "event_sources":
            continue
        mapping = settings.event_sources[int(edge.path[1])]
        if mapping.enabled:
            text = f"Lambda polls {source.id} and calls {function.id} with up to {mapping.batch_size} messages."
            rule = RuleRef(function.id, f"event source {source.id}", edge.path[:2])
            yield Consumer(function.id, carried(source, function.id, text, walk, message=API, rule=rule).ways)


def _polling(source: Component, action: str, nobody: str, walk: Walk) -> Iterator[Consumer]:
    """Yield the applications that poll by themselves: they must reach the API."""
    for link in walk.world.links:
        if link.target != source.id or link.action != action:
            continue
        worker = walk.world.components[link.source]
        rule = RuleRef(worker.id, f"link to {source.id}")
        nics = [nic for nic in walk.interfaces(worker.id) if not walk.condition.zone_down(nic.zone)]
        if not nics:
            text = f"Nothing of {worker.id} works that could take the message."
            gone = refused(source, nobody, text)
            yield Consumer(worker.id, (Way(1.0, worker.id, Endpoint(source.id), None, EVENT, (hop(source, gone),)),))
            continue
        step = Step("application", Action.ORIGINATE, "", f"{worker.id} polls {source.id}.", rule)
        ask = replace(EVENT, action=action)
        share = 1 / len(nics)
        yield Consumer(
            worker.id, tuple(Way(share, str(nic), nic, source.id, ask, (hop(worker, step),)) for nic in nics)
        )


def handed_to(source: Component, worker: Endpoint, sentence: str, walk: Walk) -> tuple[Way, ...]:
    """Return the way by which the worker that has asked works on what it got; none where it is not of the design."""
    if worker.component not in walk.world.components:
        return ()
    return (Way(1.0, worker.component, Endpoint(source.id), worker, EVENT, internal=sentence),)
