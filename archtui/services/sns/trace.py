"""What a topic does with a message: it delivers it to every subscription whose filter lets it."""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.events import EVENT, accepted, carried, refused, refused_to
from archtui.services.patterns import matches
from archtui.services.regional import sender_of
from archtui.services.sns.properties import Sample, SnsTopicProperties, Subscription, SubscriptionProtocol
from archtui.services.sqs.properties import SqsQueueProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Otherwise, Receives, Reception, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint, Http
from archtui.world.steps import Action, RuleRef, Step

MANAGED_RETRIES_S = 23 * 86400.0
"""How long SNS tries endpoints that AWS manages: 100,015 times over 23 days (SNS Developer Guide, 'Amazon SNS
message delivery retries')."""
HTTP_RETRIES_S = 3600.0
"""How long SNS tries an HTTP(S) endpoint at most (same page); by default three retries, 20 s apart."""
_MANAGED = ("sqs", "lambda", "firehose")
_BY_KIND: dict[str, SubscriptionProtocol] = {
    "sqs_queue": "sqs",
    "lambda_function": "lambda",
    "firehose_stream": "firehose",
}


class TopicReceives(Receives):
    """A topic takes a message, keeps it in several zones and pushes it to its subscribers."""

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        topic = properties_as(component, SnsTopicProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        if arrival.message.purpose == "health_check":
            return Reception((hop(component, accepted(component, f"{component.id} answers.")),), status=200)
        if topic.message_size is not None and topic.message_size > topic.max_message_size:
            text = f"Messages of {topic.message_size:g} KB are over the {topic.max_message_size} KB of {component.id}."
            step = refused(component, codes.SNS_MESSAGE_TOO_LARGE, text, "max_message_size", facts=("sns-size-01",))
            return Reception((hop(component, step),), status=400)
        count = len(topic.subscriptions)
        steps = [accepted(component, f"{component.id} takes the message for {count} subscriptions.", "subscriptions")]
        if not count:
            text = f"{component.id} has no subscription: the message is lost."
            steps = [Step("service", Action.ACCEPT, codes.SNS_NO_SUBSCRIPTION, text, RuleRef(component.id, text))]
        calls = tuple(_delivery(component, topic, at, walk) for at in range(count))
        return Reception((hop(component, *steps),), calls, 200)


def protocol_of(subscription: Subscription, kind: str) -> SubscriptionProtocol:
    """Return how a subscription is delivered, by what stands in ``to`` where it does not say."""
    if subscription.protocol:
        return subscription.protocol
    if "://" in subscription.to:
        return "https" if subscription.to.startswith("https") else "http"
    if "@" in subscription.to:
        return "email"
    if subscription.to.startswith("arn:"):
        return "application"
    return _BY_KIND.get(kind, "https") if kind else "sms"


def _delivery(topic: Component, properties: SnsTopicProperties, at: int, walk: Walk) -> Call:
    """Return what a subscription gets of a message."""
    subscription = properties.subscriptions[at]
    target = walk.world.components.get(subscription.to)
    protocol = protocol_of(subscription, target.kind.name if target else "")
    call = _carried(topic, properties, subscription, protocol, at, walk)
    share = _share(subscription, properties.messages)
    if share == 1:
        return replace(call, otherwise=_dead_letter(topic, subscription, protocol, at, walk))
    rule = RuleRef(topic.id, f"filter of {subscription.to}", ("subscriptions", at, "filter"))
    if share is None:
        missing = f"the messages of {topic.id}, for the filter of {subscription.to}"
        text = f"Whether a message passes the filter of {subscription.to} is not stated."
        step = Step("service", Action.UNKNOWN, codes.SNS_FILTER_UNDECIDED, text, rule)
        ways = tuple(replace(way, hops=(hop(topic, step), *way.hops), missing=(missing,)) for way in call.ways)
        return replace(call, ways=ways)
    text = f"The filter of {subscription.to} does not match {(1 - share) * 100:.3g} % of the messages."
    step = Step("service", Action.FORWARD, codes.SNS_FILTERED_OUT, text, rule, facts=("sns-filter-01",))
    kept = Way(1 - share, "filtered out", Endpoint(topic.id), None, EVENT, (hop(topic, step),))
    if share == 0:
        return replace(call, ways=(kept,))
    ways = tuple(replace(way, weight=way.weight * share) for way in call.ways)
    return replace(call, ways=(*ways, kept), otherwise=_dead_letter(topic, subscription, protocol, at, walk))


def _share(subscription: Subscription, messages: tuple[Sample, ...]) -> float | None:
    """Return the share of the messages that pass the filter; None: nothing is said of them."""
    if subscription.filter is None:
        return 1.0
    if not messages:
        return None
    looks_at_body = subscription.filter_scope == "MessageBody"
    whole = sum(sample.share for sample in messages)
    passing = 0.0
    for sample in messages:
        values = sample.body if looks_at_body else sample.attributes
        # A message without any attribute passes no filter, {exists: false} neither (SNS, 'Key matching').
        if values and matches(subscription.filter, values):
            passing += sample.share
    return passing / whole


def _carried(
    topic: Component,
    properties: SnsTopicProperties,
    subscription: Subscription,
    protocol: SubscriptionProtocol,
    at: int,
    walk: Walk,
) -> Call:
    to, rule = subscription.to, RuleRef(topic.id, f"subscription {subscription.to}", ("subscriptions", at))
    label = f"{topic.id} > {to}"
    if properties.fifo and protocol != "sqs":
        step = refused(topic, codes.SNS_FIFO_SUBSCRIBER, f"{topic.id} is a FIFO topic: it delivers to queues alone.")
        return Call(label, (Way(1.0, to, Endpoint(topic.id), None, EVENT, (hop(topic, step),)),), "after")
    queue = walk.world.components[to].properties if to in walk.world.components else None
    if isinstance(queue, SqsQueueProperties) and queue.fifo and not properties.fifo:
        # SNS API Reference, Subscribe: InvalidParameter for a FIFO queue and a standard topic.
        return refused_to(topic, to, "a FIFO queue subscribes to FIFO topics alone", rule)
    if protocol in _MANAGED and to in walk.world.components:
        form = "as it was published (raw)" if subscription.raw and protocol != "lambda" else "in SNS's envelope"
        text = f"{topic.id} delivers the message to {to} ({protocol}), {form}."
        return carried(topic, to, text, walk, rule=rule)
    if protocol not in ("http", "https"):
        step = Step("service", Action.ORIGINATE, "", f"{topic.id} sends the message to {to} ({protocol}).", rule)
        return Call(label, (Way(1.0, to, Endpoint(topic.id), None, EVENT, (hop(topic, step),)),), "after")
    return _posted(topic, to, protocol, rule, walk)


def _posted(topic: Component, to: str, protocol: SubscriptionProtocol, rule: RuleRef, walk: Walk) -> Call:
    """Return the POST that SNS sends from its own addresses, over the internet."""
    scheme, _, rest = to.partition("://") if "://" in to else (protocol, "", to)
    host, _, path = rest.partition("/")
    name, _, port = host.partition(":")
    http = Http("POST", "https" if scheme == "https" else "http", name if "." in name else "", f"/{path}")
    message = replace(EVENT, port=int(port) if port.isdigit() else 443 if scheme == "https" else 80, http=http)
    step = Step("service", Action.ORIGINATE, "", f"{topic.id} posts the message to {to}.", rule)
    source = sender_of(topic, walk.world, "sns")
    return Call(f"{topic.id} > {to}", (Way(1.0, to, source, name, message, (hop(topic, step),)),), "after")


def _dead_letter(
    topic: Component, subscription: Subscription, protocol: SubscriptionProtocol, at: int, walk: Walk
) -> Otherwise | None:
    if subscription.dead_letter is None:
        return None
    managed = protocol in _MANAGED
    seconds = MANAGED_RETRIES_S if managed else HTTP_RETRIES_S
    tried = "100,015 tries over 23 days" if managed else "tries for at most an hour"
    text = f"After {tried} {topic.id} gives the message to {subscription.dead_letter}; at once where it is refused."
    rule = RuleRef(topic.id, f"dead-letter queue {subscription.dead_letter}", ("subscriptions", at, "dead_letter"))
    delay = Latency(topic.id, seconds * 1000, f"SNS gives up after {tried}")
    return Otherwise(carried(topic, subscription.dead_letter, text, walk, rule=rule, delay=delay))


__all__ = ["TopicReceives", "protocol_of"]
