"""LAM007, LAM011, LAM012, LAM014: who calls a function, what it may do, and where its failures go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archtui.check.finding import Finding
from archtui.check.rule import EVERYTHING, ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, add_component, append_to, join, set_property, unused_id
from archtui.services.consumers import POLLING, poll_denials
from archtui.services.events import API, EVENT
from archtui.services.lambda_.loops import loop_through
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.lambda_.triggers import callers_of
from archtui.services.lookups import as_kind
from archtui.services.policy_edits import with_statement
from archtui.trace.access.gate import Comes, passed
from archtui.trace.message import Endpoint
from archtui.trace.permission import ActsAs, Guarded
from archtui.world.steps import Action, Step
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/"


def _settings(component: Component) -> LambdaFunctionProperties:
    return properties(component, LambdaFunctionProperties)


class FailuresVanish(ComponentRule):
    """A function whose asynchronous calls leave no trace when they fail."""

    id = "LAM007"
    title = "Async function without DLQ or destination"
    severity = "warning"
    class_ = "resilience"
    kinds = ("lambda_function",)
    reads = EVERYTHING
    why = "An asynchronous call that fails in every try is thrown away, and nobody hears of it."
    fix = "Give it a destination for failures, or a dead-letter queue."
    sources = (f"{_GUIDE}invocation-async-retain-records.html",)
    facts = ("lambda-async-retry-01",)
    example_bad = "components:\n  files: {kind: s3_bucket, notifications: [{to: fn}]}\n  fn: {kind: lambda_function}\n"
    example_good = example_bad.replace(
        "lambda_function}", "lambda_function, on_failure: failed}\n  failed: {kind: sqs_queue}"
    )
    example_finds = ("fn", "files")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for callers that do not wait."""
        settings = _settings(component)
        if settings.on_failure or settings.dead_letter:
            return
        sources = tuple(dict.fromkeys(each.source for each in callers_of(component, world) if each.retried))
        if sources:
            text = f"{component.id} is called asynchronously by {', '.join(sources)}; calls that fail are lost."
            yield self.finding(component.id, *sources, message=text)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Send failures to a queue."""
        name = unused_id(world.components, f"{finding.subject}-failed")
        made = add_component(name, "sqs_queue", {"retention": "14d"})
        kept = set_property(finding.subject, ("on_failure",), name)
        return (join(f"keep failed calls of {finding.subject} in {name}", (made, kept)),)


_ROLED = """\
components:
  jobs: {kind: sqs_queue}
  runs: {kind: iam_role, policies: [{Statement: [{Effect: Allow, Action: %s, Resource: '*'}]}]}
  fn: {kind: lambda_function, role: runs, event_sources: [{source: jobs}]}
"""


class RoleFallsShort(ComponentRule):
    """A function whose role does not allow what Lambda does in its name."""

    id = "LAM011"
    title = "No execution role right for the target"
    severity = "error"
    class_ = "security"
    kinds = ("lambda_function",)
    reads = EVERYTHING
    why = "Lambda polls queues and streams and writes to destinations as the function's role; what that does not allow "
    why += "is denied, and the records stay where they are."
    fix = "Allow the action in the role."
    sources = (f"{_GUIDE}lambda-intro-execution-role.html",)
    example_bad = _ROLED % "'sqs:SendMessage'"
    example_good = _ROLED % "['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']"
    example_finds = ("fn", "jobs", "runs")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Ask the policies about each event source and destination."""
        settings = _settings(component)
        if settings.role is None:
            return
        for mapping in settings.event_sources:
            source = world.components.get(mapping.source)
            if source is not None and mapping.enabled and any(poll_denials(source, component, world)):
                text = f"{settings.role} does not let Lambda poll {source.id} for {component.id}."
                yield self.finding(component.id, source.id, settings.role, message=text, detail=("poll",))
        for key in ("on_success", "on_failure", "dead_letter"):
            target = world.components.get(getattr(settings, key) or "")
            denial = _denied(world, target, component, EVENT.action) if target else None
            if target is not None and denial is not None:
                text = f"{settings.role} does not let {component.id} send to {target.id} ({key})."
                action = str(denial.before.get("action", ""))
                yield self.finding(component.id, target.id, settings.role, message=text, detail=(action,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add the statement to the role."""
        function, target, role = finding.components
        guarded = world.components[target].kind.behaviour(Guarded)
        asked = finding.detail[0]
        actions: list[Json] = [asked] if asked != "poll" else list(POLLING[world.components[target].kind.family])
        if guarded is None or role not in world.blueprint.components:
            return ()
        arn = guarded.resource(world.components[target], EVENT, world)
        policy: Json = {"Statement": [{"Effect": "Allow", "Action": actions, "Resource": arn}]}
        added = append_to(world.blueprint, role, ("policies",), policy)
        return (join(f"let {function} use {target}", (added,)),)


def _denied(world: World, target: Component, sender: Component, action: str) -> Step | None:
    """Return the step by which the policies refuse what AWS carries from ``sender`` to ``target``."""
    comes = Comes(target, replace(API, action=action), Endpoint(sender.id), "", (), carried=True)
    steps = (step for each in passed(comes, world).hops for step in each.steps)
    return next((step for step in steps if step.action is Action.DENY), None)


class TriggerNotAllowed(ComponentRule):
    """A service that is to call a function whose resource policy does not let it."""

    id = "LAM012"
    title = "Trigger without resource policy"
    severity = "error"
    class_ = "reachability"
    kinds = ("lambda_function",)
    reads = EVERYTHING
    why = (
        "S3, SNS, EventBridge and API Gateway call a function in their own name, which its resource policy must allow."
    )
    fix = "Add a statement with the service and the source to the resource policy."
    sources = (f"{_GUIDE}access-control-resource-based.html",)
    facts = ("lambda-resource-policy-01",)
    example_bad = """\
components:
  files: {kind: s3_bucket, notifications: [{to: fn}]}
  fn: {kind: lambda_function, permissions: [{principal: sns.amazonaws.com}]}
"""
    example_good = example_bad.replace("sns.", "s3.")
    example_finds = ("fn", "files")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Ask the policy about each caller that is a service; a policy that is not stated is taken to allow them."""
        if not _settings(component).resource_policy:
            return
        for name in dict.fromkeys(each.source for each in callers_of(component, world)):
            source = world.components[name]
            acts = source.kind.behaviour(ActsAs)
            if acts is None or not acts.calls_itself(source):
                continue
            if _denied(world, component, source, "") is not None:
                service = acts.service(source)
                text = f"The resource policy of {component.id} does not let {service} call it for {name}."
                yield self.finding(component.id, name, message=text, detail=(service,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add the statement."""
        function, source = finding.components
        settings = as_kind(world, function, LambdaFunctionProperties)
        service = str(finding.detail[0])
        written = world.blueprint.components.get(function)
        if settings is None or written is None:
            return ()
        if not settings.policy:
            short: dict[str, Json] = {"principal": service, "source": source}
            return (append_to(world.blueprint, function, ("permissions",), short),)
        statement: dict[str, Json] = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "lambda:InvokeFunction",
            "Resource": "*",
            "Condition": {"ArnLike": {"AWS:SourceArn": source}},
        }
        changed = set_property(function, ("policy",), with_statement(written.raw.get("policy"), statement))
        return (join(f"let {source} call {function}", (changed,)),)


class CallsItselfAgain(ComponentRule):
    """A function that writes to what calls it."""

    id = "LAM014"
    title = "Recursive loop (function writes to its own trigger)"
    severity = "warning"
    class_ = "correctness"
    kinds = ("lambda_function",)
    reads = EVERYTHING
    why = "Each call sets off the next one, for ever and at full price; Lambda stops only loops by SQS, SNS and S3, "
    why += "after 16 rounds."
    fix = "Write to another bucket, queue or topic, or let the trigger name a prefix that is not written to."
    sources = (f"{_GUIDE}invocation-recursion.html",)
    example_bad = """\
components:
  files: {kind: s3_bucket, notifications: [{to: fn}]}
  fn: {kind: lambda_function, on_failure: failed}
  failed: {kind: sqs_queue}
links:
  - {from: fn, to: files, action: 's3:PutObject'}
"""
    example_good = example_bad.replace("{to: fn}", "{to: fn, prefix: in/}")
    example_finds = ("fn", "files")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Follow what the function writes to until it is called again."""
        found = loop_through(component.id, world)
        if found:
            text = f"{' > '.join((component.id, *found, component.id))} is a circle: each call sets off another."
            yield self.finding(component.id, *found, message=text)
