"""What a queue does with a message: it keeps it until a consumer takes it."""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.consumers import consumers, handed_to
from archtui.services.events import API, accepted, carried, refused
from archtui.services.sqs.properties import SqsQueueProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, HandsOut, Otherwise, Receives, Reception, Walk, Way, hop
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
        if properties.message_size is not None and properties.message_size > properties.max_message_size:
            text = f"Messages of {properties.message_size:g} KB are over the {properties.max_message_size:g} KB of "
            step = refused(component, codes.SQS_MESSAGE_TOO_LARGE, f"{text}{component.id}.", "max_message_size")
            return Reception((hop(component, step),), status=400)
        days = properties.retention / 86400
        text = f"{component.id} keeps the message until a consumer deletes it, at most {days:g} days."
        steps = [accepted(component, text, "retention")]
        if properties.fifo:
            how = "the message's SHA-256" if properties.content_deduplication else "the id its sender gives"
            text = f"{component.id} keeps the order within a group and drops what comes twice in 5 minutes, by {how}."
            steps.append(accepted(component, text, "fifo", facts=("sqs_fifo-order-01", "sqs_fifo-dedup-01")))
        call = _consumers(component, properties, walk)
        if call is None:
            text = f"Nobody takes messages from {component.id}: they wait until their retention ends. "
            text += "A function takes them by event_sources, another worker by a link to the queue."
            steps.append(Step("service", Action.FORWARD, codes.SQS_NO_CONSUMER, text, RuleRef(component.id, text)))
        calls = (*_throttled(component, properties), *((call,) if call else ()))
        return Reception((hop(component, *steps),), calls, 200)

    @staticmethod
    def _handed_out(arrival: Arrival, properties: SqsQueueProperties, walk: Walk) -> Reception:
        """Give the message to the worker that asks for it, which works on it and deletes it."""
        component, worker = arrival.component, arrival.sender
        text = f"{component.id} hands a message out and hides it for {properties.visibility_timeout:g} s."
        step = accepted(component, text, "visibility_timeout")
        ways = handed_to(component, worker, f"{worker.component} works on the message and deletes it then.", walk)
        calls = (Call(f"{component.id} > {worker.component}", ways),) if ways else ()
        return Reception((hop(component, step),), calls, 200)


FIFO_RATE = 3000.0
"""Messages a second that a FIFO queue takes in batches of ten (SQS Developer Guide, 'Amazon SQS message quotas')."""


def _throttled(queue: Component, properties: SqsQueueProperties) -> tuple[Call, ...]:
    """Return the branches where more is sent to a FIFO queue than it takes."""
    rate = properties.rate
    if not properties.fifo or properties.high_throughput or rate is None or rate <= FIFO_RATE:
        return ()
    text = f"{rate:g} messages/s are sent to {queue.id}; a FIFO queue takes {FIFO_RATE:g} in batches."
    step = refused(queue, codes.SQS_THROTTLED, text, "high_throughput", facts=("sqs_fifo-throughput-01",))
    ways = (
        Way(FIFO_RATE / rate, "taken", Endpoint(queue.id), None, API, (hop(queue, accepted(queue, text)),), 200),
        Way(1 - FIFO_RATE / rate, "throttled", Endpoint(queue.id), None, API, (hop(queue, step),), 400),
    )
    return (Call(f"the throughput of {queue.id}", ways, relays=True),)


def _consumers(queue: Component, properties: SqsQueueProperties, walk: Walk) -> Call | None:
    """Return what becomes of a message: one of the consumers that poll gets it, each in equal shares."""
    every = consumers(queue, RECEIVE, codes.SQS_NO_CONSUMER, walk)
    found = tuple(each for each in every if each.polls) or every
    if not found:
        return None
    share = 1 / len(found)
    ways = tuple(replace(way, weight=way.weight * share) for each in found for way in each.ways)
    when = None
    if properties.delay:
        when = Latency(queue.id, properties.delay * 1000, f"{queue.id} delays messages by {properties.delay:g} s")
    label = f"{queue.id} > {ways[0].label}" if len(found) == 1 else f"one of the consumers of {queue.id}"
    return Call(label, ways, "after", delay=when, otherwise=_redriven(queue, properties, walk))


def _redriven(queue: Component, properties: SqsQueueProperties, walk: Walk) -> Otherwise | None:
    """Return where a message goes that no consumer deletes (SQS Developer Guide, 'Using dead-letter queues')."""
    policy = properties.dead_letter
    if policy is None:
        return None
    times = policy.max_receive_count
    text = f"After {times} receives without a deletion {queue.id} moves the message to {policy.queue}."
    hidden = times * properties.visibility_timeout
    delay = Latency(
        queue.id,
        hidden * 1000,
        f"each of {times} receives hides the message for {properties.visibility_timeout:g} s",
    )
    rule = RuleRef(queue.id, f"dead-letter queue {policy.queue}", ("dead_letter",))
    return Otherwise(carried(queue, policy.queue, text, walk, rule=rule, delay=delay), times)
