"""SQS001-SQS003: dead-letter queues."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.services.consumers import takers
from archtui.services.lookups import as_kind
from archtui.services.sqs.lookups import dead_letters, sources_of
from archtui.services.sqs.properties import SqsQueueProperties
from archtui.services.sqs.trace import RECEIVE
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
_DEAD = f"{_GUIDE}sqs-dead-letter-queues.html"
_KINDS = ("sqs_queue",)
LONGEST_S = 1209600
"""Seconds that a message is kept at most: 14 days (fact sqs-retention-01)."""


class NoDeadLetterQueue(ComponentRule):
    """A queue that is worked on, without a place for what nobody can work on."""

    id = "SQS001"
    title = "Queue without dead-letter queue"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    why = "A message that no consumer can work on comes back again and again until it expires, and is gone then."
    fix = "Add a dead-letter queue with a maximum receive count."
    sources = (_DEAD,)
    facts = ("sqs_dlq-infinite-01", "sqs_dlq-threshold-01")
    example_bad = """\
components:
  jobs: {kind: sqs_queue}
  work: {kind: lambda_function, event_sources: [{source: jobs}]}
"""
    example_good = """\
components:
  dead: {kind: sqs_queue, retention: 14d}
  jobs: {kind: sqs_queue, dead_letter: {queue: dead, max_receive_count: 5}}
  work: {kind: lambda_function, event_sources: [{source: jobs}]}
"""
    example_finds = ("jobs",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for the redrive policy of what has consumers and is no dead-letter queue itself."""
        queue = properties(component, SqsQueueProperties)
        if queue.dead_letter is None and takers(component, RECEIVE, world) and component.id not in dead_letters(world):
            yield self.finding(component.id, message=f"{component.id} has no dead-letter queue.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a queue of the same type that keeps messages for 14 days."""
        name = finding.subject
        queue = as_kind(world, name, SqsQueueProperties)
        if queue is None:
            return ()
        dead = unused_id(world.components, f"{name}-dead")
        fifo = {"fifo": True} if queue.fifo else {}
        made = add_component(dead, "sqs_queue", {**fifo, "retention": LONGEST_S})
        said = set_property(name, ("dead_letter",), {"queue": dead, "max_receive_count": 5})
        return (join(f"give {name} the dead-letter queue {dead}", (made, said)),)


class OtherType(ComponentRule):
    """A dead-letter queue of another type than its source."""

    id = "SQS002"
    title = "Dead-letter queue is of another type than its source"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = _KINDS
    why = "SQS refuses it: a FIFO queue takes a FIFO queue as its dead-letter queue, a standard queue a standard one."
    fix = "Make both of the same type."
    sources = (_DEAD,)
    facts = ("sqs_dlq-threshold-01", "sqs_fifo-order-01")
    example_bad = """\
components:
  dead: {kind: sqs_queue}
  jobs: {kind: sqs_queue, fifo: true, dead_letter: {queue: dead}}
"""
    example_good = """\
components:
  dead: {kind: sqs_queue, fifo: true}
  jobs: {kind: sqs_queue, fifo: true, dead_letter: {queue: dead}}
"""
    example_finds = ("jobs", "dead")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the types."""
        queue = properties(component, SqsQueueProperties)
        name = queue.dead_letter.queue if queue.dead_letter else None
        dead = as_kind(world, name, SqsQueueProperties)
        if name is None or dead is None or dead.fifo == queue.fifo:
            return
        words = ("a FIFO", "a standard") if queue.fifo else ("a standard", "a FIFO")
        message = f"{component.id} is {words[0]} queue and its dead-letter queue {name} {words[1]} one."
        fixable = len(sources_of(world, name)) == 1 and name in world.blueprint.components
        yield self.finding(component.id, name, message=message, path=("dead_letter",), fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give the dead-letter queue, which serves this source alone, its type."""
        queue = as_kind(world, finding.subject, SqsQueueProperties)
        return (typed(world, finding.components[1], queue.fifo),) if queue and finding.fixable else ()


def typed(world: World, name: str, fifo: bool) -> Edit:
    """Return the edit that makes queue ``name`` a FIFO or a standard queue, its written name with it."""
    queue = as_kind(world, name, SqsQueueProperties)
    edits = [set_property(name, ("fifo",), fifo)]
    if queue and queue.name:
        plain = queue.name.removesuffix(".fifo")
        edits.append(set_property(name, ("name",), f"{plain}.fifo" if fifo else plain))
    return join(f"make {name} a {'FIFO' if fifo else 'standard'} queue", edits)


class ShortLivedDeadLetters(ComponentRule):
    """A dead-letter queue that keeps messages for less time than its source."""

    id = "SQS003"
    title = "Dead-letter queue keeps messages for less time than its source"
    severity = "warning"
    class_ = "correctness"
    kinds = _KINDS
    reads = _KINDS
    why = (
        "In a standard queue a message keeps the age it had when it was first sent: one that waited long in the source "
        "expires in the dead-letter queue at once, before anybody has seen it."
    )
    fix = "Let the dead-letter queue keep messages for 14 days."
    sources = (_DEAD,)
    facts = ("sqs_dlq-retention-01", "sqs-retention-01")
    example_bad = """\
components:
  dead: {kind: sqs_queue, retention: 1d}
  jobs: {kind: sqs_queue, retention: 4d, dead_letter: {queue: dead}}
"""
    example_good = """\
components:
  dead: {kind: sqs_queue, retention: 14d}
  jobs: {kind: sqs_queue, retention: 4d, dead_letter: {queue: dead}}
"""
    example_finds = ("dead", "jobs")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the dead-letter queue with each of its sources; in FIFO queues the age begins anew."""
        dead = properties(component, SqsQueueProperties)
        for name in sources_of(world, component.id):
            queue = as_kind(world, name, SqsQueueProperties)
            if queue and not queue.fifo and dead.retention < queue.retention:
                days = f"{dead.retention / 86400:g} days, {name} for {queue.retention / 86400:g}"
                yield self.finding(component.id, name, message=f"{component.id} keeps messages for {days}.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep them as long as SQS does."""
        return (set_property(finding.subject, ("retention",), LONGEST_S),)
