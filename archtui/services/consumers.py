"""Those who come for messages: functions for which Lambda polls, and applications that poll by themselves."""

from __future__ import annotations

import abc
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archtui.model.component import Component
from archtui.services.events import API, EVENT, carried, elsewhere, refused, refused_to
from archtui.services.lambda_.properties import EventSource, LambdaFunctionProperties
from archtui.trace import codes
from archtui.trace.access.gate import Comes, passed
from archtui.trace.interface import HasMembers, Otherwise, Receives, Walk, Way, hop
from archtui.trace.message import Endpoint, Message
from archtui.world.steps import Action, Hop, RuleRef, Step
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Consumer:
    """One consumer with the ways a message takes to it (weights sum to 1)."""

    component: str
    ways: tuple[Way, ...]
    otherwise: Otherwise | None = None
    """Where Lambda notes what a function has failed on until Lambda gave it up."""
    polls: bool = True
    """Whether it comes for messages; an application of which nothing works does not."""


class DeliversLocally(abc.ABC):
    """Behaviour of what runs a daemon on its machines that polls a queue and posts each message to the application."""

    @abc.abstractmethod
    def takes_from(self, component: Component) -> tuple[str, str] | None:
        """Return the queue, and the action by which the daemon polls it; None: it runs none."""

    @abc.abstractmethod
    def machines(self, component: Component) -> tuple[str, ...]:
        """Return the components that its machines are."""

    @abc.abstractmethod
    def posted(self, component: Component) -> tuple[Message, str]:
        """Return what the daemon posts to its own machine, and a sentence that says so."""


def _daemons(queue: str, world: World) -> Iterator[tuple[Component, DeliversLocally, str]]:
    """Yield those whose daemons poll ``queue``, with the action."""
    for kind, delivers in world.with_behaviour(DeliversLocally):
        for component in world.of_kind(kind.name):
            found = delivers.takes_from(component)
            if found and found[0] == queue:
                yield component, delivers, found[1]


def consumers(source: Component, action: str, nobody: str, walk: Walk, *, batch: int = 10) -> tuple[Consumer, ...]:
    """Return who takes what ``source`` keeps: the functions mapped to it, then the links with ``action``.

    ``nobody`` is the reason code for a consumer of which nothing works; ``batch`` the records of one call where a
    mapping states none (Lambda: 10 from a queue, 100 from a stream).
    """
    return (*_mapped(source, batch, walk), *_polling(source, action, nobody, walk))


def takers(source: Component, action: str, world: World) -> tuple[str, ...]:
    """Return the functions mapped to ``source`` and the applications linked to it with ``action``, once each."""
    mapped = [
        edge.source
        for edge in world.referrers(source.id)
        if isinstance(settings := world.components[edge.source].properties, LambdaFunctionProperties)
        and edge.path[0] == "event_sources"
        and edge.path[2:] == ("source",)
        and settings.event_sources[int(edge.path[1])].enabled
    ]
    linked = [link.source for link in world.links if link.target == source.id and link.action == action]
    daemons = [component.id for component, _, asks in _daemons(source.id, world) if asks == action]
    return tuple(dict.fromkeys((*mapped, *linked, *daemons)))


def _mapped(source: Component, batch: int, walk: Walk) -> Iterator[Consumer]:
    """Yield the functions for which Lambda polls."""
    for edge in walk.world.referrers(source.id):
        function = walk.world.components[edge.source]
        settings = function.properties
        if not isinstance(settings, LambdaFunctionProperties) or edge.path[0] != "event_sources":
            continue
        mapping = settings.event_sources[int(edge.path[1])]
        if mapping.enabled and edge.path[2:] == ("source",):
            size = mapping.batch_size or batch
            text = f"Lambda polls {source.id} and calls {function.id} with up to {size} messages."
            if mapping.report_batch_item_failures:
                text = f"{text[:-1]}; what it reports as failed comes again alone."
            rule = RuleRef(function.id, f"event source {source.id}", edge.path[:2])
            away = elsewhere(function, source.id, walk.world)
            if away:
                # Lambda Developer Guide, "Using Lambda with Amazon SQS": queue and function in the same Region.
                why = f"{function.id} is in another region, and Lambda polls within a function's own alone"
                yield Consumer(function.id, refused_to(source, function.id, why, rule).ways)
                continue
            refusal = _polled(source, function, rule, walk)
            if refusal is not None:
                yield Consumer(function.id, (refusal,))
                continue
            ways = _filtered(
                source, mapping, rule, carried(source, function.id, text, walk, message=API, rule=rule).ways
            )
            yield Consumer(function.id, ways, _given_up(source, function.id, mapping, rule, walk))


POLLING = {
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "kinesis": ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream"),
    "dynamodb": ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"),
}
"""What the role of a function must allow, so that Lambda can poll for it, by the family of the source (Lambda
Developer Guide, "Using Lambda with Amazon SQS", "... Kinesis", "... DynamoDB": execution role permissions)."""


def poll_denials(source: Component, function: Component, world: World) -> Iterator[tuple[Hop, ...]]:
    """Yield how the policies refuse Lambda, acting as the function's role, to poll ``source``."""
    for action in POLLING.get(source.kind.family, ()):
        comes = Comes(source, replace(EVENT, action=action), Endpoint(function.id), "", (), carried=True)
        asked = passed(comes, world)
        if asked.denied:
            yield asked.hops


def _polled(source: Component, function: Component, rule: RuleRef, walk: Walk) -> Way | None:
    """Return the way that ends because Lambda may not poll; None: it may."""
    denied = next(poll_denials(source, function, walk.world), None)
    if denied is None:
        return None
    text = f"Lambda polls {source.id} as the role of {function.id}."
    said = hop(source, Step("service", Action.ORIGINATE, "", text, rule))
    return Way(1.0, function.id, Endpoint(source.id), None, EVENT, (said, *denied))


def _filtered(source: Component, mapping: EventSource, rule: RuleRef, ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """Part the records by the filters of a mapping; what matches none never comes to the function (Lambda Developer
    Guide, "Control which events Lambda sends to your function")."""
    if not mapping.filters:
        return ways
    share = mapping.matching
    where = replace(rule, path=(*rule.path, "filters"))
    if share is None:
        text = f"Not decided: which records of {source.id} match the filters of the mapping."
        step = hop(source, Step("service", Action.UNKNOWN, codes.LAMBDA_FILTER_UNDECIDED, text, where))
        missing = (f"the share of the records of {source.id} that match (matching)",)
        return tuple(replace(way, hops=(step, *way.hops), missing=missing) for way in ways)
    text = f"{100 - share * 100:.3g} % of the records of {source.id} match no filter: Lambda passes over them."
    step = hop(source, Step("service", Action.FORWARD, codes.LAMBDA_FILTERED_OUT, text, where))
    passed_over = Way(1 - share, "filtered out", Endpoint(source.id), None, EVENT, (step,))
    kept = tuple(replace(way, weight=way.weight * share) for way in ways)
    return tuple(way for way in (*kept, passed_over) if way.weight > 0)


def _given_up(source: Component, function: str, mapping: EventSource, rule: RuleRef, walk: Walk) -> Otherwise | None:
    """Return where a batch of a stream goes that fails until its retries or its records' age end (Lambda Developer
    Guide, "Configuring error handling controls"); the function fails it each time as it did the first."""
    target = mapping.on_failure
    if target is None:
        return None
    tries = f"{mapping.maximum_retries} retries" if mapping.maximum_retries >= 0 else "its records have become too old"
    halved = ", cut in two each time," if mapping.bisect_on_error else ""
    text = f"A batch{halved} that {function} fails on is noted in {target} after {tries}."
    return Otherwise(carried(source, target, text, walk, rule=rule))


def _polling(source: Component, action: str, nobody: str, walk: Walk) -> Iterator[Consumer]:
    """Yield the applications that poll by themselves: they must reach the API."""
    linked = [link.source for link in walk.world.links if link.target == source.id and link.action == action]
    daemons = [component.id for component, _, asks in _daemons(source.id, walk.world) if asks == action]
    for name in (*linked, *daemons):
        worker = walk.world.components[name]
        rule = RuleRef(worker.id, f"link to {source.id}") if name in linked else RuleRef(worker.id, "queue", ("queue",))
        several = worker.kind.behaviour(HasMembers) if name in daemons else None
        there = several.members(worker, walk) if several else walk.interfaces(worker.id)
        nics = [nic for nic in there if not walk.condition.part_down(nic.component, nic.zone)]
        if not nics or walk.is_down(worker.id):
            text = f"Nothing of {worker.id} works that could take the message."
            gone = refused(source, nobody, text)
            way = Way(1.0, worker.id, Endpoint(source.id), None, EVENT, (hop(source, gone),))
            yield Consumer(worker.id, (way,), polls=False)
            continue
        step = Step("application", Action.ORIGINATE, "", f"{worker.id} polls {source.id}.", rule)
        receives = source.kind.behaviour(Receives)
        ask = replace(EVENT, action=action, port=(receives.port(source) if receives else None) or EVENT.port)
        share = 1 / len(nics)
        yield Consumer(
            worker.id, tuple(Way(share, str(nic), nic, source.id, ask, (hop(worker, step),)) for nic in nics)
        )


def handed_to(source: Component, worker: Endpoint, sentence: str, walk: Walk) -> tuple[Way, ...]:
    """Return the way by which the worker that has asked works on what it got; none where it is not of the design."""
    if worker.component not in walk.world.components:
        return ()
    message = EVENT
    for component, delivers, _ in _daemons(source.id, walk.world):
        if worker.component in delivers.machines(component):
            message, sentence = delivers.posted(component)
    return (Way(1.0, worker.component, Endpoint(source.id), worker, message, internal=sentence),)
