"""SNS001-SNS003: who may write to a topic's queues, what is lost, and who may use a policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, Rule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.services.events import EVENT
from archtui.services.lookups import as_kind
from archtui.services.open_policies import open_statements, with_condition
from archtui.services.policy_edits import with_statement
from archtui.services.sns.properties import SnsTopicProperties
from archtui.services.sns.trace import protocol_of
from archtui.services.sqs.properties import SqsQueueProperties
from archtui.trace import codes
from archtui.trace.access.gate import Comes, passed
from archtui.trace.message import Endpoint
from archtui.trace.permission import Guarded
from archtui.world.world import World

_SNS = "https://docs.aws.amazon.com/sns/latest/dg/"
_SEND = "sqs:SendMessage"
_QUEUE_POLICY = "{Statement: [{Effect: Allow, Principal: {Service: %s}, Action: 'sqs:SendMessage', Resource: jobs}]}"


class QueueRefuses(Rule):
    """A subscription whose queue does not let the topic write."""

    id = "SNS001"
    title = "Topic cannot write to its queue"
    severity = "error"
    class_ = "reachability"
    kinds = ("sns_topic", "sqs_queue")
    reads = ("kms_key", "organization")
    why = "The delivery is denied, and nobody but the topic's failure metric says so."
    fix = "Let the queue's policy allow sqs:SendMessage to sns.amazonaws.com for this topic."
    sources = (f"{_SNS}subscribe-sqs-queue-to-sns-topic.html",)
    facts = ("sqs-policy-01", "sns-fanout-01")
    example_bad = f"""\
components:
  news: {{kind: sns_topic, subscriptions: [{{to: jobs}}]}}
  jobs: {{kind: sqs_queue, policy: {_QUEUE_POLICY % "s3.amazonaws.com"}}}
"""
    example_good = f"""\
components:
  news: {{kind: sns_topic, subscriptions: [{{to: jobs}}]}}
  jobs: {{kind: sqs_queue, policy: {_QUEUE_POLICY % "sns.amazonaws.com"}}}
"""
    example_finds = ("jobs", "news")

    def check(self, world: World) -> Iterator[Finding]:
        """Ask the policy of each subscribed queue, as a delivery does."""
        for topic in world.of_kind("sns_topic"):
            for name in dict.fromkeys(item.to for item in properties(topic, SnsTopicProperties).subscriptions):
                queue = world.components.get(name)
                settings = as_kind(world, name, SqsQueueProperties)
                if queue is None or settings is None:
                    continue
                sent = Comes(queue, replace(EVENT, action=_SEND), Endpoint(topic.id), "", (), carried=True)
                denial = next((step for each in passed(sent, world).hops for step in each.steps if each.denied), None)
                if denial is not None:
                    # What a statement denies, or a key, is not mended by one more statement.
                    fixable = denial.code == codes.IAM_IMPLICIT_DENY and bool(settings.policy)
                    fixable = fixable and name in world.blueprint.components
                    yield self.finding(name, topic.id, message=denial.message, fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Allow it, for this topic alone."""
        name, source = finding.components
        queue, topic = world.components[name], world.components[source]
        guards, asks = queue.kind.behaviour(Guarded), topic.kind.behaviour(Guarded)
        if not finding.fixable or guards is None or asks is None:
            return ()
        statement: dict[str, Json] = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": _SEND,
            "Resource": guards.resource(queue, EVENT, world),
            "Condition": {"ArnLike": {"aws:SourceArn": asks.resource(topic, EVENT, world)}},
        }
        changed = with_statement(guards.policy(queue), statement)
        return (Edit(f"let {source} write to {name}", set_property(name, ("policy",), changed).operations),)


class NobodyKeeps(ComponentRule):
    """A subscriber that may be away, with nothing that keeps what it misses."""

    id = "SNS002"
    title = "Subscriber that is away loses messages"
    severity = "warning"
    class_ = "resilience"
    kinds = ("sns_topic",)
    reads = ("lambda_function", "sqs_queue")
    why = "A topic stores nothing: what a web server or a function could not take in every try is gone."
    fix = "Give the subscription a dead-letter queue, or put a queue between the topic and the subscriber."
    sources = (f"{_SNS}sns-dead-letter-queues.html", f"{_SNS}sns-message-delivery-retries.html")
    facts = ("sns-persist-01", "sns-retries-01")
    example_bad = """\
components:
  news: {kind: sns_topic, subscriptions: [{to: work}]}
  work: {kind: lambda_function}
"""
    example_good = """\
components:
  news: {kind: sns_topic, subscriptions: [{to: work, dead_letter: dead}]}
  work: {kind: lambda_function}
  dead: {kind: sqs_queue, retention: 14d}
"""
    example_finds = ("news", "work")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at subscriptions of functions and web servers without a dead-letter queue."""
        for index, item in enumerate(properties(component, SnsTopicProperties).subscriptions):
            target = world.components.get(item.to)
            protocol = protocol_of(item, target.kind.name if target else "")
            if item.dead_letter is None and protocol in ("lambda", "http", "https", "firehose"):
                named = (target.id,) if target else ()
                message = f"What {component.id} cannot deliver to {item.to} is lost."
                path = ("subscriptions", index)
                yield self.finding(component.id, *named, message=message, path=path, detail=(index,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a dead-letter queue of the topic's type."""
        topic = as_kind(world, finding.subject, SnsTopicProperties)
        index = finding.detail[0]
        dead = unused_id(world.components, f"{finding.subject}-dead")
        made = add_component(
            dead, "sqs_queue", {"retention": 1209600, **({"fifo": True} if topic and topic.fifo else {})}
        )
        said = set_property(finding.subject, ("subscriptions", index, "dead_letter"), dead)
        return (join(f"keep what {finding.subject} cannot deliver in {dead}", (made, said)),)


class OpenPolicy(ComponentRule):
    """A topic or queue that anybody may use."""

    id = "SNS003"
    title = "Policy open to any principal"
    severity = "error"
    class_ = "security"
    kinds = ("sns_topic", "sqs_queue")
    reads = ()
    why = 'The principal "*" without a condition means everybody, in any account: to send, or to read what is there.'
    fix = "Name the principals, or add a condition on the account or the source."
    sources = (
        f"{_SNS}sns-security-best-practices.html",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    )
    facts = ("sns-policy-01", "sqs-policy-01", "s3-principal-star-01")
    example_bad = """\
account: "111122223333"
components:
  jobs:
    kind: sqs_queue
    policy: {Statement: [{Effect: Allow, Principal: "*", Action: "sqs:*", Resource: jobs}]}
"""
    example_good = """\
account: "111122223333"
components:
  jobs:
    kind: sqs_queue
    policy: {Statement: [{Effect: Allow, Principal: {AWS: "111122223333"}, Action: "sqs:*", Resource: jobs}]}
"""
    example_finds = ("jobs",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for statements that allow everybody."""
        guards = component.kind.behaviour(Guarded)
        for statement in open_statements(guards.policy(component)) if guards else ():
            known = world.placement(component.id).account.isdigit()
            message = f"{component.id} lets everybody: {statement.text}."
            yield self.finding(
                component.id, message=message, path=("policy",), fixable=known, detail=(statement.index,)
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Let the own account alone."""
        component = world.components[finding.subject]
        guards = component.kind.behaviour(Guarded)
        if not finding.fixable or guards is None:
            return ()
        account = world.placement(component.id).account
        own: dict[str, Json] = {"StringEquals": {"aws:PrincipalAccount": account}}
        changed = with_condition(guards.policy(component), int(finding.detail[0]), own)
        label = f"let the account {account} alone use {component.id}"
        return (Edit(label, set_property(component.id, ("policy",), changed).operations),)
