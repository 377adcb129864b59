"""SQS004-SQS009: what a queue is set to, and what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import LINKS, ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.lookups import as_kind
from archtui.services.sns.properties import SnsTopicProperties
from archtui.services.sqs.lookups import sources_of
from archtui.services.sqs.properties import SqsQueueProperties
from archtui.services.sqs.rules.redriving import LONGEST_S, typed
from archtui.services.sqs.trace import FIFO_RATE, RECEIVE
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
_QUOTAS = f"{_GUIDE}quotas-messages.html"
_FIFO = f"{_GUIDE}sqs-fifo-queues.html"
_SETTINGS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"
_KINDS = ("sqs_queue",)
LONGEST_DELAY_S, SHORTEST_S = 900, 60
"""Seconds a queue delays messages at most, and keeps them at least (API reference, SetQueueAttributes)."""


class MessageTooLarge(ComponentRule):
    """Messages that the queue or topic refuses."""

    id = "SQS004"
    title = "Message larger than the queue or topic takes"
    severity = "error"
    class_ = "limits"
    kinds = ("sqs_queue", "sns_topic")
    reads = ()
    why = "A message over the limit is refused, so the sender's call fails every time."
    fix = "Put the body into S3 and send a reference (the extended client does that)."
    sources = (_QUOTAS, "https://docs.aws.amazon.com/general/latest/gr/sns.html")
    facts = ("sqs-size-01", "sns-size-01", "sqs-extended-01")
    example_bad = "components:\n  jobs: {kind: sqs_queue, message_size: 2000}\n"
    example_good = "components:\n  jobs: {kind: sqs_queue, message_size: 64}\n"
    example_finds = ("jobs",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the largest message with the limit."""
        settings = component.properties
        if not isinstance(settings, SqsQueueProperties | SnsTopicProperties) or settings.message_size is None:
            return
        if settings.message_size > settings.max_message_size:
            sizes = f"{settings.message_size:g} KB; it takes {settings.max_message_size:g} KB"
            message = f"Messages to {component.id} have up to {sizes}."
            yield self.finding(component.id, message=message, path=("message_size",))


class FifoTooBusy(ComponentRule):
    """More messages than a FIFO queue takes."""

    id = "SQS005"
    title = "FIFO queue gets more messages than it takes"
    severity = "warning"
    class_ = "limits"
    kinds = _KINDS
    reads = ()
    why = "A FIFO queue takes 300 calls a second, 3,000 messages in batches of ten; what is beyond is throttled."
    fix = "Turn high throughput on, which counts by message group, or use a standard queue."
    sources = (_QUOTAS,)
    facts = ("sqs_fifo-throughput-01",)
    example_bad = "components:\n  jobs: {kind: sqs_queue, fifo: true, rate: 5000}\n"
    example_good = "components:\n  jobs: {kind: sqs_queue, fifo: true, rate: 5000, high_throughput: true}\n"
    example_finds = ("jobs",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the rate with the limit."""
        queue = properties(component, SqsQueueProperties)
        if queue.fifo and not queue.high_throughput and queue.rate is not None and queue.rate > FIFO_RATE:
            message = f"{component.id} gets {queue.rate:g} messages/s; a FIFO queue takes {FIFO_RATE:g}."
            yield self.finding(component.id, message=message, path=("rate",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn high throughput on."""
        return (set_property(finding.subject, ("high_throughput",), True),)


class WrongSuffix(ComponentRule):
    """A name that does not go with the queue's type."""

    id = "SQS006"
    title = "Name does not go with the queue's type"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ()
    why = "The name of a FIFO queue has to end in .fifo, and no other name may."
    fix = "Change the name."
    sources = (_FIFO,)
    facts = ("sqs_fifo-suffix-01",)
    example_bad = "components:\n  jobs: {kind: sqs_queue, fifo: true, name: jobs}\n"
    example_good = "components:\n  jobs: {kind: sqs_queue, fifo: true, name: jobs.fifo}\n"
    example_finds = ("jobs",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the written name's end."""
        queue = properties(component, SqsQueueProperties)
        if queue.name and queue.name.endswith(".fifo") != queue.fifo:
            end = "does not end in .fifo" if queue.fifo else "ends in .fifo, although it is a standard queue"
            yield self.finding(component.id, message=f"The name {queue.name} of {component.id} {end}.", path=("name",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Rename it by its type."""
        queue = as_kind(world, finding.subject, SqsQueueProperties)
        if queue is None:
            return ()
        name = f"{queue.name}.fifo" if queue.fifo else queue.name.removesuffix(".fifo") or finding.subject
        return (set_property(finding.subject, ("name",), name),)


class ShortPolling(ComponentRule):
    """Workers that ask again and again and mostly get nothing."""

    id = "SQS007"
    title = "Short polling"
    severity = "info"
    class_ = "cost"
    kinds = _KINDS
    reads = (LINKS,)
    why = "Each receive call is billed, an empty one too; a short poll also asks some of the servers alone."
    fix = "Let receive calls wait for up to 20 seconds."
    sources = (f"{_GUIDE}sqs-short-and-long-polling.html",)
    facts = ("sqs-long-poll-01", "sqs-billing-01")
    _DESIGN = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  sub: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}
  worker: {kind: ec2_instance, subnet: sub}
  jobs: {kind: sqs_queue%s}
links: [{from: worker, to: jobs, action: 'sqs:ReceiveMessage'}]
"""
    example_bad = _DESIGN % ""
    example_good = _DESIGN % ", receive_wait: 20"
    example_finds = ("jobs",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at queues that applications poll; Lambda polls long by itself."""
        polled = any(link.target == component.id and link.action == RECEIVE for link in world.links)
        if polled and properties(component, SqsQueueProperties).receive_wait == 0:
            yield self.finding(component.id, message=f"Who polls {component.id} gets an answer at once, mostly none.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Wait as long as SQS lets callers."""
        return (set_property(finding.subject, ("receive_wait",), 20),)


class AskedTooMuch(ComponentRule):
    """Order or exactly-once delivery asked of a standard queue."""

    id = "SQS008"
    title = "Order or exactly-once delivery asked of a standard queue"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = _KINDS
    why = "A standard queue keeps order as well as it can and may deliver a message twice; only FIFO promises both."
    fix = "Use a FIFO queue."
    sources = (_FIFO, f"{_GUIDE}standard-queues.html")
    facts = ("sqs-standard-01", "sqs-duplicates-01", "sqs_fifo-order-01")
    example_bad = "components:\n  jobs: {kind: sqs_queue, ordered: true}\n"
    example_good = "components:\n  jobs: {kind: sqs_queue, ordered: true, fifo: true}\n"
    example_finds = ("jobs",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at what consumers rely on."""
        queue = properties(component, SqsQueueProperties)
        wanted = [word for word, on in (("order", queue.ordered), ("exactly-once delivery", queue.exactly_once)) if on]
        if wanted and not queue.fifo:
            shared = queue.dead_letter is not None and len(sources_of(world, queue.dead_letter.queue)) > 1
            message = f"{component.id} is a standard queue; its consumers rely on {' and '.join(wanted)}."
            yield self.finding(component.id, message=message, fixable=not shared)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Make it a FIFO queue, its own dead-letter queue with it."""
        queue = as_kind(world, finding.subject, SqsQueueProperties)
        if queue is None or not finding.fixable:
            return ()
        names = (finding.subject, *((queue.dead_letter.queue,) if queue.dead_letter else ()))
        edits = [typed(world, name, True) for name in names]
        return (join(f"make {' and '.join(names)} FIFO", edits),)


class OutOfRange(ComponentRule):
    """A delay or a retention that SQS refuses."""

    id = "SQS009"
    title = "Delay above 15 minutes or retention outside 1 minute to 14 days"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ()
    why = "SQS refuses the setting, and the queue cannot be made."
    fix = "Stay within the limits; what has to wait longer belongs into a scheduler or a workflow."
    sources = (_SETTINGS, _QUOTAS)
    facts = ("sqs-delay-01", "sqs-retention-01")
    example_bad = "components:\n  jobs: {kind: sqs_queue, delay: 1h}\n"
    example_good = "components:\n  jobs: {kind: sqs_queue, delay: 15m, retention: 14d}\n"
    example_finds = ("jobs",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare both settings with their ranges."""
        queue = properties(component, SqsQueueProperties)
        if queue.delay > LONGEST_DELAY_S:
            message = f"{component.id} delays messages by {queue.delay:g} s; SQS takes {LONGEST_DELAY_S} s at most."
            yield self.finding(component.id, message=message, path=("delay",), detail=("delay", LONGEST_DELAY_S))
        if not SHORTEST_S <= queue.retention <= LONGEST_S:
            nearest = max(SHORTEST_S, min(LONGEST_S, int(queue.retention)))
            message = (
                f"{component.id} keeps messages for {queue.retention:g} s; SQS takes {SHORTEST_S} s to {LONGEST_S} s."
            )
            yield self.finding(component.id, message=message, path=("retention",), detail=("retention", nearest))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Take the nearest value that SQS takes."""
        key, value = finding.detail
        return (set_property(finding.subject, (str(key),), value),)
