"""What a function does with a call: it runs, asks what it is linked to, and answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.events import EVENT, accepted, carried, choice, refused
from archtui.services.lambda_.concurrency import allowed, needed, served_share, spilled_share
from archtui.services.lambda_.gate import INVOKE_ASYNC, by_url, refusal
from archtui.services.lambda_.properties import LambdaFunctionProperties, PublishedVersion
from archtui.services.regional import sender_of
from archtui.trace import codes
from archtui.trace.application import calls_of
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint
from archtui.world.steps import RuleRef, Step

RETRY_MINUTES = (0, 1, 3)
"""Minutes until the last try of an asynchronous call with so many retries: one minute before the second try, two
before the third (Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation")."""
ERROR_STATUS = 502
"""What those who speak HTTP answer where a function ends with an error: function URL, API Gateway, Application Load
Balancer (Lambda Developer Guide, "Handling errors with an API Gateway API"; ALB guide, "HTTP 502")."""


@dataclass(frozen=True, slots=True)
class Run:
    """One way a call may be run, with its share of the calls."""

    share: float
    label: str
    version: PublishedVersion
    cold: bool = False
    source: Endpoint | None = None
    """The interface it sends from in a VPC."""


class FunctionReceives(Receives):
    """A function runs once for each call; in a VPC it sends from the interface of one of its subnets."""

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, message = arrival.component, arrival.message
        properties = properties_as(component, LambdaFunctionProperties)
        denial = refusal(arrival, properties, walk)
        if denial is not None:
            return denial
        if message.action == INVOKE_ASYNC and message.purpose != "event":
            return _queued(arrival, properties, walk)
        if message.purpose == "event":
            return _event(arrival, properties, walk)
        return _with_concurrency(arrival, properties, walk)


def _event(arrival: Arrival, properties: LambdaFunctionProperties, walk: Walk) -> Reception:
    """Run the function with an event: nobody waits for its result, so Lambda tells the destinations of it."""
    found = _with_concurrency(arrival, properties, walk)
    return replace(found, calls=(*found.calls, *_destinations(arrival.component, properties, walk)))


def _queued(arrival: Arrival, properties: LambdaFunctionProperties, walk: Walk) -> Reception:
    """Take an asynchronous call: Lambda answers before the function runs."""
    component = arrival.component
    step = accepted(component, f"Lambda queues the call of {component.id} and answers 202.", facts=("lambda-async-01",))
    event = replace(arrival, message=replace(EVENT, action=arrival.message.action))
    way = Way(1.0, component.id, arrival.at, None, event.message, reception=_event(event, properties, walk))
    return Reception((hop(component, step),), (Call(f"the queued call of {component.id}", (way,), "after"),), 202)


def _with_concurrency(arrival: Arrival, properties: LambdaFunctionProperties, walk: Walk) -> Reception:
    component = arrival.component
    share = served_share(component, properties, walk.world)
    if share >= 1:
        return _run(arrival, properties, walk)
    limit = allowed(component, properties, walk.world)
    at_once = needed(properties)
    if limit == 0:
        text = f"{component.id} has a reserved concurrency of 0, so Lambda throttles every call."
        if properties.reserved_concurrency is None:
            text = f"Other functions reserve all of the account's concurrency, so {component.id} is throttled."
    else:
        text = f"{component.id} needs {at_once:g} environments at once and may have {limit}: Lambda throttles the rest."
    facts = ("lambda-throttle-01", "lambda-concurrency-01")
    step = refused(component, codes.LAMBDA_THROTTLED, text, "reserved_concurrency", facts=facts)
    throttled = Reception((hop(component, step),), status=429, refused=True)
    if share <= 0:
        return throttled
    runs = _run(arrival, properties, walk)
    options = [(share, "a free environment", runs), (1 - share, "throttled", throttled)]
    text = f"{component.id} has a free environment for {share:.3g} of the calls: {limit} of {at_once:g} needed at once."
    said = accepted(component, text, "reserved_concurrency", facts=facts)
    return Reception((hop(component, said),), (choice(arrival, f"the concurrency of {component.id}", options),))


def _run(arrival: Arrival, properties: LambdaFunctionProperties, walk: Walk) -> Reception:
    """Run the function: a version of it, cold or warm, from one of its subnets."""
    component = arrival.component
    runs = [
        placed
        for version in _versions(properties)
        for warmed in _starts(properties, version)
        for placed in _placed(arrival, properties, warmed, walk)
    ]
    if not runs:
        step = refused(component, codes.BAD_STATE, f"No zone of the subnets of {component.id} works.", "subnets")
        return Reception((hop(component, step),), status=ERROR_STATUS)
    if len(runs) == 1:
        return _ran(arrival, properties, runs[0], walk)
    options = [(run.share, run.label, _ran(arrival, properties, run, walk)) for run in runs]
    step = accepted(component, f"Lambda calls {component.id}.", "timeout")
    return Reception((hop(component, step),), (choice(arrival, f"how {component.id} runs", options),))


def _versions(properties: LambdaFunctionProperties) -> Iterator[Run]:
    alias = properties.alias
    known = {version.version: version for version in properties.versions}
    plain = PublishedVersion(version="$LATEST", duration=properties.duration, outcome=properties.outcome)
    if alias is None:
        yield Run(1.0, "", plain)
        return
    second = alias.additional_weight or 0.0 if alias.additional_version else 0.0
    for number, share in ((alias.version, 1 - second), (alias.additional_version, second)):
        if share > 0:
            version = known.get(number) or replace_version(plain, number)
            yield Run(share, f"version {number}", version)


def replace_version(plain: PublishedVersion, number: str) -> PublishedVersion:
    """Return a version of which nothing is stated: it does what the function does."""
    return plain.model_copy(update={"version": number})


def _starts(properties: LambdaFunctionProperties, run: Run) -> Iterator[Run]:
    cold = (properties.cold_start_share or 0.0) * spilled_share(properties)
    if not cold:
        yield run
        return
    yield replace(run, share=run.share * (1 - cold), label=_joined(run.label, "warm start"))
    yield replace(run, share=run.share * cold, label=_joined(run.label, "cold start"), cold=True)


def _placed(arrival: Arrival, properties: LambdaFunctionProperties, run: Run, walk: Walk) -> Iterator[Run]:
    component = arrival.component
    if not properties.subnets:
        yield replace(run, source=sender_of(component, walk.world, "lambda"))
        return
    nics = [nic for nic in walk.interfaces(component.id) if not walk.condition.part_down(nic.component, nic.zone)]
    if not walk.world.links_from(component.id):
        nics = nics[:1]
    for nic in nics:
        label = _joined(run.label, nic.subnet) if len(nics) > 1 else run.label
        yield replace(run, share=run.share / len(nics), label=label, source=nic)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _ran(arrival: Arrival, properties: LambdaFunctionProperties, run: Run, walk: Walk) -> Reception:
    """Return what one run makes of the call."""
    component, version = arrival.component, run.version
    duration = version.duration if version.duration is not None else properties.duration
    which = f"{component.id}, version {version.version}," if properties.alias else component.id
    waits = "nobody waits for it" if arrival.message.purpose == "event" else "its caller waits"
    text = f"{which} runs ({properties.memory} MB, at most {properties.timeout:g} s); {waits}."
    step = accepted(component, text, "timeout")
    steps: list[Step] = [step]
    if run.source and run.source.interface:
        text = f"{component.id} sends from {run.source.subnet}."
        steps.append(accepted(component, text, "subnets", facts=("lambda-vpc-attach-01",)))
    failed = _failure(component, properties, version, duration, arrival)
    if failed is not None:
        return Reception((hop(component, *steps, failed),), status=ERROR_STATUS, takes=_time(component, run, duration))
    calls = tuple(
        replace(call, refused_status=ERROR_STATUS, timeout_status=ERROR_STATUS)
        for call in calls_of(replace(arrival, at=run.source or arrival.at), walk)
    )
    return Reception((hop(component, *steps),), calls, 200, takes=_time(component, run, duration, properties))


def _failure(
    component: Component,
    properties: LambdaFunctionProperties,
    version: PublishedVersion,
    duration: float | None,
    arrival: Arrival,
) -> Step | None:
    """Return the step by which the run ends with an error."""
    if duration is not None and duration > properties.timeout:
        text = f"{component.id} takes {duration:g} s and is stopped after {properties.timeout:g} s."
        return refused(component, codes.LAMBDA_TIMEOUT, text, "timeout", facts=("lambda-timeout-01",))
    if version.outcome == "raises":
        text = f"The code of {component.id} ends with an error."
        return refused(component, codes.LAMBDA_FUNCTION_ERROR, text, "outcome")
    if version.outcome == "malformed" and arrival.message.http is not None and not by_url(arrival):
        text = f"{component.id} answers in a form that the caller cannot make an HTTP response of."
        return refused(component, codes.LAMBDA_MALFORMED_RESPONSE, text, "outcome")
    return None


def _time(
    component: Component, run: Run, duration: float | None, properties: LambdaFunctionProperties | None = None
) -> Latency | None:
    """Return how long the code works; nothing is assumed where no duration is stated."""
    cold = properties.cold_start if properties and run.cold else 0.0
    if duration is None and not cold:
        return None
    parts = [f"{component.id} takes {duration:g} s (stated)"] if duration is not None else []
    known = "stated" if "cold_start" in component.raw else "an assumption"
    parts += [f"its cold start {cold:g} s ({known})"] if cold else []
    return Latency(component.id, ((duration or 0.0) + cold) * 1000, ", ".join(parts))


def tries_of(properties: LambdaFunctionProperties) -> int:
    """Return how often Lambda tries an asynchronous call: not any more when it has become too old, and once where
    no call may run at all (Lambda Developer Guide, "Configuring error handling settings for Lambda asynchronous
    invocations", "Configuring reserved concurrency")."""
    if properties.reserved_concurrency == 0:
        return 1
    return sum(1 for minutes in RETRY_MINUTES[: properties.retries + 1] if minutes * 60 <= properties.event_age)


def _destinations(component: Component, properties: LambdaFunctionProperties, walk: Walk) -> Iterator[Call]:
    """Yield where Lambda sends an asynchronous call when it has ended."""
    if properties.on_success is not None:
        target = properties.on_success
        text = f"{component.id} has succeeded: Lambda sends the result to {target}."
        rule = RuleRef(component.id, f"on_success {target}", ("on_success",))
        yield replace(carried(component, target, text, walk, message=EVENT, rule=rule), on="success")
    tries = tries_of(properties)
    minutes = RETRY_MINUTES[tries - 1]
    delay = (
        Latency(component.id, minutes * 60_000.0, f"{tries} tries, the last after {minutes} min") if minutes else None
    )
    for key, receiver in (("on_failure", properties.on_failure), ("dead_letter", properties.dead_letter)):
        if receiver is not None:
            text = f"{component.id} has failed in {tries} tries: Lambda sends the call to {receiver}."
            rule = RuleRef(component.id, f"{key} {receiver}", (key,))
            call = carried(component, receiver, text, walk, message=EVENT, rule=rule, delay=delay)
            yield replace(call, on="failure")
