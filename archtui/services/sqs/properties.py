"""Properties of SQS queues, named as the SQS API names them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from archtui.model.fields import Duration, Part, Properties, Reference, Region
from archtui.services.permissions import KeyRef, PolicyText


class RedrivePolicy(Part):
    """Where messages go that nobody could work on."""

    queue: Annotated[str, Reference(("sqs_queue",), "uses")]
    """The dead-letter queue."""
    max_receive_count: Annotated[int, Field(ge=1, le=1000)] = 10
    """How often a message is received before it goes there."""


class SqsQueueProperties(Properties):
    """A queue."""

    fifo: bool = False
    """Whether messages keep their order and come once (at most 300 calls a second without batches)."""
    name: str = ""
    """Its name, where that is not the id; a FIFO queue's ends in ``.fifo``."""
    content_deduplication: bool = False
    """Whether a FIFO queue tells duplicates by the message's SHA-256; otherwise by an id that senders give."""
    high_throughput: bool = False
    """Whether a FIFO queue takes more than 3,000 messages a second, by group."""
    rate: Annotated[float, Field(ge=0)] | None = None
    """Messages in a second that are sent to it; left out: not stated."""
    message_size: Annotated[float, Field(gt=0)] | None = None
    """KB of the largest message; left out: not stated."""
    max_message_size: Annotated[float, Field(ge=1, le=1024)] = 1024
    """KB that it takes at most; 1,024 at most, 256 in queues of before August 2025."""
    visibility_timeout: Annotated[Duration, Field(ge=0, le=43200)] = 30.0
    """Seconds a received message is hidden from other consumers."""
    delay: Annotated[Duration, Field(ge=0)] = 0.0
    """Seconds before a new message can be received; AWS takes 15 minutes at most."""
    retention: Annotated[Duration, Field(ge=0)] = 345600.0
    """Seconds a message is kept; 4 days by default, AWS takes a minute to 14 days."""
    receive_wait: Annotated[Duration, Field(ge=0, le=20)] = 0.0
    """Seconds a receive call waits for messages; above 0: long polling."""
    ordered: bool = False
    """Whether its consumers rely on the order of the messages; only a FIFO queue keeps it."""
    exactly_once: bool = False
    """Whether its consumers rely on getting no message twice; only a FIFO queue drops duplicates."""
    dead_letter: RedrivePolicy | None = None
    """Its redrive policy; left out: a message nobody can work on comes back until its retention ends."""
    policy: PolicyText = ""
    """The queue policy; left out: not stated."""
    kms_key: KeyRef | None = None
    """The customer managed key that encrypts its messages; left out: SQS's own keys."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""
    region: Region | None = None
    """The region; left out: the design's."""


__all__ = ["RedrivePolicy", "SqsQueueProperties"]
