"""What a queue does with a message: it keeps it until a consumer takes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.events import API, EVENT, accepted, carried, refused
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.sqs.properties import SqsQueueProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, HandsOut, Receives, Reception, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step

RECEIVE = "sqs:ReceiveMessage"


class QueueReceives(Receives, HandsOut):
    """A queue takes messages at once; its consumers come for them later."""

    def takes(self, action: str) -> bool:
        return action == RECEIVE

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, message = arrival.component, arrival.message
        properties = properties_as(component, SqsQueueProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        if message.purpose == "health_check":
            return Reception((hop(component, accepted(component, f"{component.id} answers.")),), status=200)
        if message.action == RECEIVE:
            return self._handed_out(arrival, properties, walk)
        days = properties.retention / 86400
        text = f"{component.id} keeps the message until a consumer deletes it, at most {days:g} days."
        steps = [accepted(component, text, "retention")]
        call = _consumers(component, properties, walk)
        if call is None:
            text = f"Nobody takes messages from {component.id}: they wait until their retention ends."
            steps.append(Step("service", Action.FORWARD, codes.SQS_NO_CONSUMER, text, RuleRef(component.id, text)))
        return Reception((hop(component, *steps),), (call,) if call else (), 200)

    @staticmethod
    def _handed_out(arrival: Arrival, properties: SqsQueueProperties, walk: Walk) -> Reception:
        """Give the message to the worker that asks for it, which works on it and deletes it."""
        component, worker = arrival.component, arrival.sender
        text = f"{component.id} hands a message out and hides it for {properties.visibility_timeout:g} s."
        step = accepted(component, text, "visibility_timeout")
        if worker.component not in walk.world.components:
            return Reception((hop(component, step),), status=200)
        done = f"{worker.component} works on the message and deletes it then."
        way = Way(1.0, worker.component, Endpoint(component.id), worker, EVENT, internal=done)
        return Reception((hop(component, step),), (Call(f"{component.id} > {worker.component}", (way,)),), 200)


def _consumers(queue: Component, properties: SqsQueueProperties, walk: Walk) -> Call | None:
    """Return what becomes of a message: one of the consumers gets it, each in equal shares."""
    found = [*_mapped(queue, walk), *_polling(queue, walk)]
    if not found:
        return None
    share = 1 / len(found)
    ways = tuple(replace(way, weight=way.weight * share) for ways in found for way in ways)
    when = None
    if properties.delay:
        when = Latency(queue.id, properties.delay * 1000, f"{queue.id} delays messages by {properties.delay:g} s")
    label = f"{queue.id} > {ways[0].label}" if len(found) == 1 else f"one of the consumers of {queue.id}"
    return Call(label, ways, "after", delay=when)


def _mapped(queue: Component, walk: Walk) -> Iterator[tuple[Way, ...]]:
    """Yield the functions for which Lambda polls the queue."""
    for edge in walk.world.referrers(queue.id):
        function = walk.world.components[edge.source]
        settings = function.properties
        if not isinstance(settings, LambdaFunctionProperties) or edge.path[0] != "event_sources":
            continue
        mapping = settings.event_sources[int(edge.path[1])]
        if mapping.enabled:
            text = f"Lambda polls {queue.id} and calls {function.id} with up to {mapping.batch_size} messages."
            rule = RuleRef(function.id, f"event source {queue.id}", edge.path[:2])
            yield carried(queue, function.id, text, walk, message=API, rule=rule).ways


def _polling(queue: Component, walk: Walk) -> Iterator[tuple[Way, ...]]:
    """Yield the applications that poll the queue themselves: they must reach its API."""
    for link in walk.world.links:
        if link.target != queue.id or link.action != RECEIVE:
            continue
        worker = walk.world.components[link.source]
        rule = RuleRef(worker.id, f"link to {queue.id}")
        nics = [nic for nic in walk.interfaces(worker.id) if not walk.condition.zone_down(nic.zone)]
        if not nics:
            text = f"Nothing of {worker.id} works that could take the message."
            gone = refused(queue, codes.SQS_NO_CONSUMER, text)
            yield (Way(1.0, worker.id, Endpoint(queue.id), None, EVENT, (hop(queue, gone),)),)
            continue
        step = Step("application", Action.ORIGINATE, "", f"{worker.id} polls {queue.id}.", rule)
        ask = replace(EVENT, action=RECEIVE)
        share = 1 / len(nics)
        yield tuple(Way(share, str(nic), nic, queue.id, ask, (hop(worker, step),)) for nic in nics)
