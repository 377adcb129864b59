"""LAM008, LAM009, LAM010, LAM013, LAM015: what a function needs and what it gets.

LAM001 and LAM002 (timeout, memory and /tmp beyond Lambda's bounds) cannot be written down here: the properties take
the bounds alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import EVERYTHING, ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.lambda_.concurrency import allowed, needed, spilled_share
from archtui.services.lambda_.properties import EventSource, LambdaFunctionProperties
from archtui.services.lambda_.triggers import callers_of
from archtui.services.lookups import as_kind
from archtui.services.sqs.properties import SqsQueueProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/"
_QUEUE = "components:\n  jobs: {kind: sqs_queue, visibility_timeout: %s}\n"
_QUEUE += "  fn: {kind: lambda_function, timeout: 60s, event_sources: [{source: jobs}]}\n"
SLACK = 6
"""Times the function's timeout that a queue should hide a message (Lambda Developer Guide, "Using Lambda with Amazon
SQS")."""
LONGEST_HIDDEN = 43200
UNZIPPED_MB, IMAGE_MB, LAYERS = 250, 10240, 5
"""Lambda quotas, "Deployment package (.zip file archive) size", "Container image code package size", "Function
layers"."""


class _Function(ComponentRule):
    kinds = ("lambda_function",)

    def settings(self, component: Component) -> LambdaFunctionProperties:
        """Return the function's properties."""
        return properties(component, LambdaFunctionProperties)


class TooMuchDemand(_Function):
    """A function that is asked for more than it may run at once."""

    id = "LAM008"
    title = "Demand above account or reserved concurrency"
    severity = "warning"
    class_ = "limits"
    reads = ("lambda_function",)
    why = "Calls beyond the concurrency are throttled: synchronous callers get 429, others wait and are tried again."
    fix = "Reserve more, raise the account's quota, or put a queue in between."
    sources = (f"{_GUIDE}lambda-concurrency.html",)
    facts = ("lambda-concurrency-01", "lambda-throttle-01")
    example_bad = "components:\n  fn: {kind: lambda_function, demand: 200, duration: 1s, reserved_concurrency: 100}\n"
    example_good = example_bad.replace("reserved_concurrency: 100", "reserved_concurrency: 250")
    example_finds = ("fn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Multiply calls a second by seconds a call."""
        settings = self.settings(component)
        at_once, limit = needed(settings), allowed(component, settings, world)
        if at_once is not None and at_once > limit:
            text = f"{component.id} needs {at_once:g} environments at once and may have {limit}."
            yield self.finding(component.id, message=text)


def _queues(settings: LambdaFunctionProperties, world: World) -> Iterator[tuple[EventSource, SqsQueueProperties]]:
    for mapping in settings.event_sources:
        queue = as_kind(world, mapping.source, SqsQueueProperties)
        if queue is not None and mapping.enabled:
            yield mapping, queue


def _wanted(settings: LambdaFunctionProperties, mapping: EventSource) -> int:
    return min(LONGEST_HIDDEN, int(SLACK * settings.timeout + mapping.batch_window))


class _Visibility(_Function):
    """A queue that shows messages again too early."""

    class_ = "correctness"
    reads = ("sqs_queue",)
    sources = (f"{_GUIDE}services-sqs-configure.html",)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Hide messages for six times the timeout."""
        queue, function = finding.components
        settings = as_kind(world, function, LambdaFunctionProperties)
        if settings is None:
            return ()
        mapping = next(each for each in settings.event_sources if each.source == queue)
        edit = set_property(queue, ("visibility_timeout",), _wanted(settings, mapping))
        return (join(f"hide messages of {queue} for {SLACK} times the timeout of {function}", (edit,)),)


class ShownTooEarly(_Visibility):
    """A queue that shows a message again while the function still works on it."""

    id = "LAM009"
    title = "Queue visibility shorter than function timeout"
    severity = "error"
    why = "The message is taken a second time while the first call still works on it; Lambda refuses such a mapping."
    fix = "Hide messages for at least the function's timeout, better six times as long."
    example_bad = _QUEUE % "30s"
    example_good = _QUEUE % "6m"
    example_finds = ("jobs", "fn")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the two times."""
        settings = self.settings(component)
        for mapping, queue in _queues(settings, world):
            if queue.visibility_timeout < settings.timeout:
                hidden = f"{queue.visibility_timeout:g} s"
                text = f"{mapping.source} hides messages for {hidden}; {component.id} may work {settings.timeout:g} s."
                yield self.finding(mapping.source, component.id, message=text, path=("visibility_timeout",))


class LittleSlack(_Visibility):
    """A queue that leaves no room for throttled calls."""

    id = "LAM010"
    title = "Visibility below six times function timeout"
    severity = "warning"
    why = "A call that is throttled is tried again while the message stays hidden; without room for that it appears "
    why += "again and is counted as received once more."
    fix = "Hide messages for six times the function's timeout, and the batch window."
    example_bad = _QUEUE % "90s"
    example_good = _QUEUE % "6m"
    example_finds = ("jobs", "fn")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the two times."""
        settings = self.settings(component)
        for mapping, queue in _queues(settings, world):
            if settings.timeout <= queue.visibility_timeout < _wanted(settings, mapping):
                hidden, wanted = f"{queue.visibility_timeout:g} s", f"{_wanted(settings, mapping)} s"
                text = f"{mapping.source} hides messages for {hidden}; {component.id} wants {wanted}."
                yield self.finding(mapping.source, component.id, message=text, path=("visibility_timeout",))


class TooLarge(_Function):
    """A function whose code does not fit."""

    id = "LAM013"
    title = "Package or layers too large or > 5 layers"
    severity = "warning"
    class_ = "limits"
    reads = ()
    why = "Lambda takes 250 MB unzipped, layers counted, and five layers; an image may have 10 GB."
    fix = "Deliver the function as an image, or take libraries out."
    sources = (f"{_GUIDE}gettingstarted-limits.html",)
    facts = ("lambda-zip-01", "lambda-image-01")
    example_bad = "components:\n  fn: {kind: lambda_function, package_size: 200, layers: [{name: numbers, size: 80}]}\n"
    example_good = "components:\n  fn: {kind: lambda_function, package: image, package_size: 280}\n"
    example_finds = ("fn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Add up what is stated."""
        settings = self.settings(component)
        if len(settings.layers) > LAYERS:
            text = f"{component.id} has {len(settings.layers)} layers, and Lambda takes {LAYERS}."
            yield self.finding(component.id, message=text, path=("layers",))
        most = IMAGE_MB if settings.package == "image" else UNZIPPED_MB
        size = (settings.package_size or 0) + sum(layer.size or 0 for layer in settings.layers)
        if size > most:
            text = f"The code of {component.id} has {size:g} MB, and Lambda takes {most} MB."
            yield self.finding(component.id, message=text, path=("package_size",))


class ColdStarts(_Function):
    """A function somebody waits for, of which part of the calls start cold."""

    id = "LAM015"
    title = "Latency target with cold starts"
    severity = "info"
    class_ = "performance"
    reads = EVERYTHING
    why = "A call that finds no free environment waits until a new one has started."
    fix = "Keep environments ready: provisioned concurrency for the calls at once."
    sources = (f"{_GUIDE}provisioned-concurrency.html",)
    facts = ("lambda-cold-01", "lambda-provisioned-01")
    example_bad = (
        "components:\n  fn: {kind: lambda_function, url: {}, cold_start_share: 5%, duration: 1s, demand: 20}\n"
    )
    example_good = example_bad.replace("demand: 20", "demand: 20, provisioned_concurrency: 20")
    example_finds = ("fn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for calls that are waited for and start cold."""
        settings = self.settings(component)
        share = (settings.cold_start_share or 0) * spilled_share(settings)
        waited = settings.url is not None or any(caller.waits for caller in callers_of(component, world))
        if waited and share > 0:
            text = f"{share * 100:.3g} % of the calls of {component.id} wait {settings.cold_start:g} s longer."
            yield self.finding(component.id, message=text, path=("cold_start_share",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep as many ready as run at once."""
        settings = as_kind(world, finding.subject, LambdaFunctionProperties)
        if settings is None:
            return ()
        ready = max(1, int(-(-(needed(settings) or 1) // 1)))
        edit = set_property(finding.subject, ("provisioned_concurrency",), ready)
        return (join(f"keep {ready} environments of {finding.subject} ready", (edit,)),)
