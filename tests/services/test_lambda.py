"""Functions: how they are called, what throttles or stops them, where failing calls go."""

from __future__ import annotations

import pytest

from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Verdict
from tests.proves import proves

_DESIGN = """
blueprint: Functions
region: eu-west-1
components:
  vpc: {{kind: vpc, cidr: 10.0.0.0/16}}
  app-a: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}}
  app-b: {{kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24}}
  uploads: {{kind: s3_bucket, notifications: [{{to: worker}}]}}
  worker: {{kind: lambda_function{worker}}}
  results: {{kind: s3_bucket}}
  lost: {{kind: sqs_queue}}
  done: {{kind: sqs_queue}}
{more}
links:
  - {{from: worker, to: results, action: "s3:PutObject"}}
journeys: []
"""
SIGNED = "https://uploads.s3.eu-west-1.amazonaws.com/cat.jpg?X-Amz-Signature=00"
UPLOAD = Request.make("internet", SIGNED, method="PUT")
URL = "https://worker.lambda-url.eu-west-1.on.aws/"


def design(worker: str = "", more: str = "") -> str:
    return _DESIGN.format(worker=f", {worker}" if worker else "", more=more)


def traced(text: str, request: Request = UPLOAD, condition: Condition = HEALTHY) -> Trace:
    return trace(compile_world(loads(text, registry()).blueprint), request, condition)


def labels(found: Trace) -> list[str]:
    return [later.label for later in found.afterwards]


@proves(
    "An asynchronous call that fails in every try goes to its on-failure destination or dead-letter queue, one that "
    "succeeds to its on-success destination",
    area="Lambda",
    source="Lambda Developer Guide, 'Capturing records of Lambda asynchronous invocations'; fact lambda-async-retry-01",
)
@pytest.mark.parametrize(
    ("worker", "expected"),
    [
        ("on_failure: lost, on_success: done", ["uploads > worker", "worker > done"]),
        ("on_failure: lost, on_success: done, outcome: raises", ["uploads > worker", "worker > lost"]),
        ("on_failure: lost, duration: 5s", ["uploads > worker", "worker > lost"]),
        ("dead_letter: lost, reserved_concurrency: 0", ["uploads > worker", "worker > lost"]),
        ("dead_letter: lost", ["uploads > worker"]),
        ("outcome: raises", ["uploads > worker"]),
    ],
)
def test_where_an_asynchronous_call_ends(worker: str, expected: list[str]) -> None:
    found = traced(design(worker))
    assert found.verdict is Verdict.REACHABLE
    assert labels(found) == expected
    fails = expected[-1].endswith("lost") or "raises" in worker
    assert found.afterwards[0].verdict is (Verdict.BLOCKED if fails else Verdict.REACHABLE)


@proves(
    "Lambda tries an asynchronous call at most twice more, after one and after two more minutes",
    area="Lambda",
    source="Lambda Developer Guide, 'How Lambda handles errors and retries with asynchronous invocation'",
)
@pytest.mark.parametrize(("retries", "minutes"), [(2, 3), (1, 1), (0, 0)])
def test_when_a_failing_call_is_given_up(retries: int, minutes: int) -> None:
    later = traced(design(f"on_failure: lost, outcome: raises, retries: {retries}")).afterwards[1]
    assert (later.delay.milliseconds if later.delay else 0) == minutes * 60_000


def test_a_call_whose_dependency_is_lost_goes_to_the_destination() -> None:
    text = design("on_failure: lost, on_success: done")
    found = traced(text, condition=Condition(links=frozenset({("worker", "results")})))
    assert labels(found) == ["uploads > worker", "worker > lost"]
    assert found.afterwards[0].verdict is Verdict.BLOCKED


@proves(
    "Calls beyond the function's concurrency are throttled; an asynchronous one is tried again and then given up",
    area="Lambda",
    source="Lambda Developer Guide, 'Understanding Lambda function scaling'; facts lambda-throttle-01, "
    "lambda-concurrency-01",
)
@pytest.mark.parametrize(
    ("worker", "more", "share"),
    [
        ("demand: 100, duration: 1s", "", 1.0),
        ("demand: 100, duration: 1s, reserved_concurrency: 50", "", 0.5),
        ("demand: 2000, duration: 1s", "", 0.5),
        ("demand: 500, duration: 1s", "  other: {kind: lambda_function, reserved_concurrency: 750}", 0.5),
        ("demand: 500, duration: 1s", "  other: {kind: lambda_function, reserved_concurrency: 100}", 1.0),
        ("demand: 500", "", 1.0),
        ("reserved_concurrency: 0", "", 0.0),
    ],
)
def test_what_share_of_the_calls_is_throttled(worker: str, more: str, share: float) -> None:
    found = traced(design(f"{worker}, url: {{auth: NONE}}", more), Request.make("internet", URL))
    assert found.share == pytest.approx(share)
    assert found.status == (200 if share == 1 else 429)
    assert ("LAMBDA_THROTTLED" in {blocker.code for blocker in found.blockers}) is (share < 1)


@proves(
    "A function URL answers 403 to unsigned requests unless its auth type is NONE, 502 where the function fails, "
    "413 beyond 6 MB",
    area="Lambda",
    source="Lambda Developer Guide, 'Control access to Lambda function URLs', 'Invoking Lambda function URLs'; "
    "Lambda quotas",
)
@pytest.mark.parametrize(
    ("worker", "headers", "status"),
    [
        ("url: {auth: NONE}", {}, 200),
        ("url: {}", {}, 403),
        ("url: {}", {"Authorization": "AWS4-HMAC-SHA256 Credential=x"}, 200),
        ("url: {auth: NONE}, outcome: raises", {}, 502),
        ("url: {auth: NONE}, duration: 4s", {}, 502),
        ("url: {auth: NONE}, duration: 4s, timeout: 5s", {}, 200),
        ("url: {auth: NONE}", {"content-length": "7000000"}, 413),
        ("url: {auth: NONE}", {"content-length": "6000000"}, 200),
    ],
)
def test_the_status_of_a_function_url(worker: str, headers: dict[str, str], status: int) -> None:
    found = traced(design(worker), Request.make("internet", URL, headers=headers))
    assert found.status == status
    assert (found.verdict is Verdict.REACHABLE) is (status == 200)


def test_a_function_without_a_url_has_no_name() -> None:
    assert traced(design(), Request.make("internet", URL)).verdict is not Verdict.REACHABLE


@proves(
    "A service invokes a function only if the function's resource policy lets it",
    area="Lambda",
    source="fact lambda-resource-policy-01; Lambda Developer Guide, 'Viewing resource-based IAM policies in Lambda'",
)
@pytest.mark.parametrize(
    ("permissions", "verdict"),
    [
        ("[]", Verdict.BLOCKED),
        ("[{principal: s3.amazonaws.com}]", Verdict.REACHABLE),
        ("[{principal: s3.amazonaws.com, source: uploads}]", Verdict.REACHABLE),
        ("[{principal: s3.amazonaws.com, source: results}]", Verdict.BLOCKED),
        ("[{principal: sns.amazonaws.com}]", Verdict.BLOCKED),
    ],
)
@pytest.mark.parametrize("written", ["permissions", "policy"])
def test_a_trigger_needs_a_statement(permissions: str, verdict: Verdict, written: str) -> None:
    known = loads(design(f"permissions: {permissions}"), registry()).blueprint.components["worker"].properties
    stated = {"permissions": permissions, "policy": repr(getattr(known, "resource_policy", ""))}[written]
    found = traced(design(f"{written}: {stated}"))
    assert found.afterwards[0].verdict is verdict
    wanted = ["IAM_IMPLICIT_DENY"] if verdict is Verdict.BLOCKED else []
    assert [blocker.code for blocker in found.later_blockers] == wanted


@proves(
    "An alias may send part of the calls to a second version; a bad one fails those alone",
    area="Lambda",
    source="facts lambda_alias-pointer-01, lambda_alias-weights-01",
)
def test_an_alias_parts_the_calls() -> None:
    versions = "versions: [{version: '1'}, {version: '2', outcome: raises}]"
    alias = "alias: {name: live, version: '1', additional_version: '2', additional_weight: 10%}"
    request = Request.make("internet", URL)
    found = traced(design(f"url: {{auth: NONE}}, {versions}, {alias}"), request)
    assert [(path.label, round(path.weight, 9), path.status) for path in found.paths] == [
        ("version 1", 0.9, 200),
        ("version 2", 0.1, 502),
    ]
    assert traced(design(f"url: {{auth: NONE}}, {versions}, alias: {{name: l, version: '1'}}"), request).share == 1
    assert traced(design(f"url: {{auth: NONE}}, {versions}, alias: {{name: l, version: '2'}}"), request).share == 0


@proves(
    "A cold start adds its time to the calls that meet it; provisioned concurrency keeps environments ready",
    area="Lambda",
    source="facts lambda-cold-01, lambda-provisioned-01",
)
def test_a_cold_start_takes_longer() -> None:
    cold = "url: {auth: NONE}, duration: 100ms, cold_start: 400ms, cold_start_share: 1%"
    request = Request.make("internet", URL)
    warm_path, cold_path = traced(design(cold), request).paths
    times = [sum(part.milliseconds for part in path.latency if part.hop == "worker") for path in (warm_path, cold_path)]
    assert (times, warm_path.weight, cold_path.weight) == ([100, 500], pytest.approx(0.99), pytest.approx(0.01))
    assert len(traced(design(f"{cold}, provisioned_concurrency: 5"), request).paths) == 1


def test_a_function_in_two_zones_goes_on_when_one_is_lost() -> None:
    network = """
  inside: {kind: route_table, vpc: vpc, main: true}
  gate: {kind: gateway_endpoint, vpc: vpc, service: s3, route_tables: [inside]}"""
    text = design("subnets: [app-a, app-b], url: {auth: NONE}", network)
    request = Request.make("internet", URL)
    found = traced(text, request)
    assert [round(path.weight, 3) for path in found.paths] == [0.5, 0.5]
    assert found.verdict is Verdict.REACHABLE
    one = traced(text, request, Condition(zones=frozenset({"eu-west-1a"})))
    assert (len(one.paths), one.verdict) == (1, Verdict.REACHABLE)
    both = traced(text, request, Condition(zones=frozenset({"eu-west-1a", "eu-west-1b"})))
    assert (both.status, both.verdict) == (None, Verdict.BLOCKED)


def test_a_link_may_call_a_function_without_waiting() -> None:
    more = "  caller: {kind: lambda_function, url: {auth: NONE}}"
    text = design("outcome: raises, on_failure: lost", more)
    request = Request.make("internet", URL.replace("worker", "caller"))
    link = "  - {from: caller, to: worker%s}\n  - {from: worker"
    waiting = traced(text.replace("  - {from: worker", link % ""), request)
    assert (waiting.verdict, waiting.status, labels(waiting)) == (Verdict.BLOCKED, 502, [])
    free = traced(text.replace("  - {from: worker", link % ', action: "lambda:InvokeAsync"'), request)
    assert (free.verdict, free.status, labels(free)) == (
        Verdict.REACHABLE,
        200,
        ["the queued call of worker", "worker > lost"],
    )


_POLLED = """
  roled: {{kind: lambda_function, role: runs, event_sources: [{{source: done{mapping}}}]}}
  runs: {{kind: iam_role, policies: [{{Statement: [{{Effect: Allow, Action: [{actions}], Resource: '*'}}]}}]}}
"""
_POLLS = "'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'"


def polled(mapping: str = "", actions: str = _POLLS) -> Trace:
    more = _POLLED.format(mapping=mapping, actions=actions)
    return traced(design("on_success: done", more))


@proves(
    "Lambda polls a queue as the function's role, which must allow to receive, delete and ask for attributes",
    area="Lambda",
    source="Lambda Developer Guide, 'Using Lambda with Amazon SQS' (execution role permissions)",
)
@pytest.mark.parametrize(
    ("actions", "reached"),
    [
        (_POLLS, True),
        ("'sqs:*'", True),
        ("'sqs:ReceiveMessage', 'sqs:DeleteMessage'", False),
        ("'sqs:ReceiveMessage'", False),
        ("'kinesis:*'", False),
    ],
)
def test_the_role_must_be_allowed_to_poll(actions: str, reached: bool) -> None:
    found = polled(actions=actions)
    assert found.reaches("roled") is (Verdict.REACHABLE if reached else Verdict.BLOCKED)
    assert ("IAM_IMPLICIT_DENY" in {blocker.code for blocker in found.later_blockers}) is not reached


@proves(
    "Records that match no filter of a mapping never come to the function",
    area="Lambda",
    source="Lambda Developer Guide, 'Control which events Lambda sends to your function'",
)
def test_filters_of_a_mapping() -> None:
    filters = ", filters: [{body: {kind: [order]}}]"
    assert polled(filters).reaches("roled") is Verdict.UNKNOWN
    assert polled(f"{filters}, matching: 100%").reaches("roled") is Verdict.REACHABLE
    some = polled(f"{filters}, matching: 25%")
    shares = {each.label: each.weight for each in some.afterwards}
    assert shares["done > roled: roled"] == pytest.approx(0.25)
    assert shares["done > roled: filtered out"] == pytest.approx(0.75)


@proves(
    "An asynchronous call is not tried once it is older than its maximum age, and once alone where nothing may run",
    area="Lambda",
    source="Lambda Developer Guide, 'Configuring error handling settings for Lambda asynchronous invocations'",
)
@pytest.mark.parametrize(
    ("worker", "minutes"),
    [
        ("outcome: raises", 3),
        ("outcome: raises, event_age: 3m", 3),
        ("outcome: raises, event_age: 2m", 1),
        ("outcome: raises, event_age: 1m", 1),
        ("reserved_concurrency: 0", 0),
    ],
)
def test_the_age_of_an_event(worker: str, minutes: int) -> None:
    later = traced(design(f"on_failure: lost, {worker}")).afterwards[1]
    assert (later.delay.milliseconds if later.delay else 0) == minutes * 60_000


def test_calls_beyond_the_environments_kept_ready_may_start_cold() -> None:
    cold = "url: {auth: NONE}, duration: 1s, demand: 100, cold_start_share: 10%, provisioned_concurrency: %d"
    request = Request.make("internet", URL)
    half = traced(design(cold.replace("%d", "50")), request)
    assert [(path.label, round(path.weight, 6)) for path in half.paths] == [("warm start", 0.95), ("cold start", 0.05)]
    assert len(traced(design(cold.replace("%d", "100")), request).paths) == 1


@proves(
    "A function outside every VPC sends from AWS's own network: it reaches AWS APIs and nothing private",
    area="Lambda",
    source="Lambda Developer Guide, 'Giving Lambda functions access to resources in an Amazon VPC'",
)
@pytest.mark.parametrize(
    ("target", "port", "verdict"),
    [("results", 443, Verdict.REACHABLE), ("inner", 80, Verdict.BLOCKED)],
)
def test_what_a_function_outside_vpcs_reaches(target: str, port: int, verdict: Verdict) -> None:
    more = "  sg: {kind: security_group, vpc: vpc, ingress: [{port: 80, from: any}]}\n"
    more += "  inner: {kind: ec2, subnet: app-a, security_groups: [sg], listens: [{port: 80}]}"
    assert traced(design(more=more), Request.make("worker", target, port=port)).verdict is verdict
