"""Properties of SNS topics, named as the SNS API names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from archtui.model.fields import Part, Percent, Properties, Reference, Region
from archtui.services.permissions import KeyRef, PolicyText

SubscriptionProtocol = Literal["sqs", "lambda", "firehose", "http", "https", "email", "sms", "application"]


class Subscription(Part):
    """Whom a topic delivers to."""

    to: Annotated[str, Reference((), "uses", pattern=r".*(@|://).*|\+\d+|[\d ]+|arn:.*")]
    """A queue, a function, a delivery stream, a component that answers HTTP, a URL, an e-mail address, a number."""
    protocol: SubscriptionProtocol | None = None
    """How it is delivered; left out: what goes with ``to``."""
    filter: Mapping[str, JsonValue] | None = None
    """The filter policy; left out: every message is delivered."""
    filter_scope: Literal["MessageAttributes", "MessageBody"] = "MessageAttributes"
    """What the filter policy looks at."""
    raw: bool = False
    """Whether the message is delivered as it was published, without SNS's own envelope."""
    dead_letter: Annotated[str, Reference(("sqs_queue",), "uses")] | None = None
    """The queue for what could not be delivered in every try; left out: it is lost."""


class Sample(Part):
    """One kind of message that is published, and how often."""

    share: Percent = 1.0
    """Its share of the messages; those of a topic add up to 100 %."""
    attributes: Mapping[str, JsonValue] = Field(default_factory=dict)
    """Its message attributes, which filter policies look at."""
    body: Mapping[str, JsonValue] = Field(default_factory=dict)
    """Its body, where that is JSON."""


class SnsTopicProperties(Properties):
    """A topic: every message goes to every subscription whose filter lets it."""

    subscriptions: tuple[Subscription, ...] = ()
    """Whom it delivers to."""
    messages: tuple[Sample, ...] = ()
    """The kinds of messages that are published, for the filters; left out: nothing is said of them."""
    fifo: bool = False
    """Whether messages keep their order and come once; only queues can subscribe then."""
    content_deduplication: bool = False
    """Whether a FIFO topic tells duplicates by the message's SHA-256 instead of an id."""
    message_size: Annotated[float, Field(gt=0)] | None = None
    """KB of the largest message; left out: not stated. A topic takes 256 KB, or up to 1,024 where set so."""
    max_message_size: Annotated[int, Field(ge=1, le=1024)] = 256
    """KB that the topic takes at most."""
    policy: PolicyText = ""
    """Its access policy; left out: only its owner publishes and subscribes."""
    kms_key: KeyRef | None = None
    """The key that encrypts it; left out: one that AWS owns."""
    region: Region | None = None
    """The region; left out: the design's."""


__all__ = ["Sample", "SnsTopicProperties", "Subscription", "SubscriptionProtocol"]
