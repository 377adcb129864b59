"""Events: what a target gets, buses that hand on, buckets that tell, what the policies refuse; Choice by its data."""

from __future__ import annotations

import pytest

from archtui.services.patterns import matches
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.traced import codes_of, later, world_of

_CALL = Request.make("internet", "https://shop.lambda-url.eu-west-1.on.aws/")
_UPLOAD = Request.make(
    "internet", "https://files.s3.eu-west-1.amazonaws.com/in/cat.jpg?X-Amz-Signature=0", method="PUT"
)
_SHOP = "  shop: {kind: lambda_function, url: {auth: NONE}}\n"
_PUT = "events: [{from: shop, source: shop, detail_type: order, detail: {total: 120, kind: book}}]"


def ask(components: str, *links: str, request: Request = _CALL, condition: Condition = HEALTHY) -> Trace:
    return trace(world_of(components, *links), request, condition)


@proves(
    "Prefix, suffix and anything-but may leave upper and lower case aside or stand in one another",
    area="EventBridge",
    source="EventBridge User Guide, 'Comparison operators for use in event patterns'",
)
@pytest.mark.parametrize(
    ("pattern", "value", "matched"),
    [
        ([{"prefix": {"equals-ignore-case": "eu"}}], "EU-west", True),
        ([{"prefix": {"equals-ignore-case": "us"}}], "EU-west", False),
        ([{"suffix": {"equals-ignore-case": ".JPG"}}], "a.jpg", True),
        ([{"anything-but": {"prefix": "init"}}], "running", True),
        ([{"anything-but": {"prefix": "init"}}], "initializing", False),
        ([{"anything-but": {"suffix": [".txt", ".md"]}}], "a.md", False),
        ([{"anything-but": {"suffix": [".txt", ".md"]}}], "a.jpg", True),
        ([{"anything-but": {"wildcard": "*/tmp/*"}}], "a/tmp/b", False),
        ([{"anything-but": [1, 2]}], 3, True),
        ([{"anything-but": [1, 2]}], 2, False),
        ([None], None, True),
        ([""], "", True),
        ([""], None, False),
        ([{"exists": False}], "x", False),
    ],
)
def test_operators_in_operators(pattern: list[object], value: object, matched: bool) -> None:
    assert matches({"field": pattern}, {"field": value}) is matched  # type: ignore[dict-item]


_SHOP_IN = _SHOP.replace("{", "{{").replace("}", "}}")
_TO_FLOW = (
    _SHOP_IN
    + "  bus: {{kind: event_bus, {put},\n"
    + "        rules: [{{name: r, pattern: {{source: [shop]}}, targets: [{{to: flow{more}}}]}}]}}\n"
    + """
  flow:
    kind: state_machine
    states:
      which: {{type: Choice, default: rest, choices: [{{next: big, condition: {condition}}}]}}
      big: {{to: large}}
      rest: {{to: small}}
  large: {{kind: lambda_function}}
  small: {{kind: lambda_function}}
"""
)


@proves(
    "A target gets the event, a part of it, or an input of its own",
    area="EventBridge",
    source="EventBridge User Guide, 'Amazon EventBridge input transformation'",
)
@pytest.mark.parametrize(
    ("more", "variable", "reached"),
    [
        ("", "$.detail.total", "large"),
        (", input_path: $.detail", "$.total", "large"),
        (", input_path: $.detail", "$.detail.total", "small"),
        (", input: {total: 5}", "$.total", "small"),
        (", input: {total: 500}", "$.total", "large"),
    ],
)
def test_what_a_target_gets(more: str, variable: str, reached: str) -> None:
    condition = f"{{Variable: {variable}, NumericGreaterThan: 100}}"
    found = ask(_TO_FLOW.format(put=_PUT, more=more, condition=condition), "shop bus")
    other = {"large": "small", "small": "large"}[reached]
    assert found.reaches(reached) is Verdict.REACHABLE
    assert found.reaches(other) is Verdict.BLOCKED


@proves(
    "A Choice takes the first way whose condition holds, else its default",
    area="Step Functions",
    source="Step Functions Developer Guide, 'Choice workflow state'; fact step_functions-choice-01",
)
@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("{Variable: $.total, NumericEquals: 120}", True),
        ("{Variable: $.total, NumericLessThan: 120}", False),
        ("{Variable: $.total, NumericLessThanEquals: 120}", True),
        ("{Variable: $.total, NumericGreaterThanEquals: 121}", False),
        ("{Variable: $.total, StringEquals: '120'}", False),
        ("{Variable: $.kind, StringEquals: book}", True),
        ("{Variable: $.kind, StringMatches: 'b*k'}", True),
        ("{Variable: $.kind, StringMatches: 'b?k'}", False),
        ("{Variable: $.kind, StringGreaterThan: car}", False),
        ("{Variable: $.kind, StringEqualsPath: $.again}", True),
        ("{Variable: $.paid, BooleanEquals: true}", True),
        ("{Variable: $.at, TimestampLessThan: '2026-01-01T00:00:00Z'}", True),
        ("{Variable: $.none, IsNull: true}", True),
        ("{Variable: $.kind, IsNumeric: true}", False),
        ("{Variable: $.kind, IsString: true}", True),
        ("{Variable: $.coupon, IsPresent: false}", True),
        ("{Variable: $.coupon, StringEquals: x}", False),
        ("{And: [{Variable: $.total, NumericEquals: 120}, {Variable: $.paid, BooleanEquals: false}]}", False),
        ("{Or: [{Variable: $.total, NumericEquals: 1}, {Variable: $.paid, BooleanEquals: true}]}", True),
        ("{Not: {Variable: $.total, NumericEquals: 120}}", False),
    ],
)
def test_conditions(condition: str, holds: bool) -> None:
    data = "{total: 120, kind: book, again: book, paid: true, none: null, at: '2025-06-01T00:00:00Z'}"
    text = _TO_FLOW.format(put=_PUT, more=f", input: {data}", condition=condition)
    found = ask(text, "shop bus")
    assert found.reaches("large" if holds else "small") is Verdict.REACHABLE
    assert found.reaches("small" if holds else "large") is Verdict.BLOCKED


_DATA = (
    _SHOP_IN
    + """
  flow: {{kind: state_machine, type: EXPRESS, states: {{{states}}}{more}}}
  check: {{kind: lambda_function}}
  large: {{kind: lambda_function}}
  small: {{kind: lambda_function}}
"""
)
_WHICH = "which: {type: Choice, default: rest, choices: [{next: big, condition: {Variable: $.n, NumericEquals: 1}}]}"
_ENDS = f"{_WHICH}, big: {{to: large}}, rest: {{to: small}}"


@proves(
    "A state's result takes the place of the data, is put into them, or is dropped; what a service returns is not "
    "known unless it is stated",
    area="Step Functions",
    source="Step Functions Developer Guide, 'Specifying state output using ResultPath'",
)
@pytest.mark.parametrize(
    ("states", "more", "reached"),
    [
        ("", ", input: {n: 1}", "large"),
        ("", ", input: {n: 2}", "small"),
        ("", "", ""),
        ("s: {type: Pass, result: {n: 1}, next: which}, ", "", "large"),
        ("s: {type: Pass, next: which}, ", ", input: {n: 1}", "large"),
        ("s: {to: check, next: which}, ", ", input: {n: 1}", ""),
        ("s: {to: check, result_path: '', next: which}, ", ", input: {n: 1}", "large"),
        ("s: {to: check, result_path: $.r, next: which}, ", ", input: {n: 1}", "large"),
        ("s: {to: check, result: 1, result_path: $.n, next: which}, ", ", input: {n: 2}", "large"),
        ("s: {to: check, result: {n: 2}, next: which}, ", ", input: {n: 1}", "small"),
    ],
)
def test_what_a_run_knows(states: str, more: str, reached: str) -> None:
    text = _DATA.format(states=states + _ENDS, more=more)
    found = ask(text, 'shop flow action: "states:StartSyncExecution"')
    if not reached:
        assert found.verdict is Verdict.UNKNOWN
        assert "STATES_CHOICE_UNDECIDED" in {step.code for hop in found.forward for step in hop.steps}
        return
    assert found.verdict is Verdict.REACHABLE
    assert {hop.component for hop in found.forward} & {"large", "small"} == {reached}


@proves(
    "A task token that never comes back holds a Standard run until its time is over; Express workflows have none",
    area="Step Functions",
    source="Step Functions Developer Guide, 'Discover service integration patterns in Step Functions' (callback); fact "
    "step_functions-token-01",
)
@pytest.mark.parametrize(
    ("kind", "callback", "code"),
    [
        ("STANDARD", "returns", ""),
        ("STANDARD", "never", "STATES_TIMEOUT"),
        ("EXPRESS", "returns", "STATES_TIMEOUT"),
    ],
)
def test_task_tokens(kind: str, callback: str, code: str) -> None:
    text = _DATA.format(states=f"s: {{to: check, callback: {callback}, next: t}}, t: {{to: small}}", more="")
    found = ask(text.replace("EXPRESS", kind), "shop flow")
    assert [blocker.code for blocker in found.later_blockers] == ([code] if code else [])


_BUCKET = """
  files: {{kind: s3_bucket, eventbridge: {on}}}
  bus: {{kind: event_bus, default: {default}, rules: [{{name: r, targets: [{{to: fn}}], pattern: {pattern}}}]}}
  fn: {{kind: lambda_function}}
"""
_CREATED = "{source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [files]}%s}}"


@proves(
    "A bucket that is told to sends its events to the default bus, where rules choose by bucket and key",
    area="EventBridge",
    source="S3 User Guide, 'Using EventBridge', 'EventBridge event message structure'; fact eventbridge-default-01",
)
@pytest.mark.parametrize(
    ("on", "default", "pattern", "method", "called"),
    [
        ("true", "true", _CREATED % "", "PUT", True),
        ("true", "true", _CREATED % ", object: {key: [{prefix: in/}]}", "PUT", True),
        ("true", "true", _CREATED % ", object: {key: [{prefix: out/}]}", "PUT", False),
        ("true", "true", _CREATED % "", "DELETE", False),
        ("true", "true", "{source: [aws.ec2]}", "PUT", False),
        ("false", "true", _CREATED % "", "PUT", False),
        ("true", "false", _CREATED % "", "PUT", False),
    ],
)
def test_events_of_buckets(on: str, default: str, pattern: str, method: str, called: bool) -> None:
    url = f"https://files.s3.eu-west-1.amazonaws.com{_UPLOAD.path}?{_UPLOAD.query}"
    request = Request.make("internet", url, method=method)
    found = ask(_BUCKET.format(on=on, default=default, pattern=pattern), request=request)
    assert found.reaches("fn") is (Verdict.REACHABLE if called else Verdict.BLOCKED)


_BUSES = (
    _SHOP_IN
    + "  bus: {{kind: event_bus, {put}, rules: [{{name: on, pattern: {{source: [shop]}}, targets: [{{to: far}}]}}]}}\n"
    + """
  far: {{kind: event_bus, account: '222222222222', {far}
        rules: [{{name: r, pattern: {{detail: {{kind: [book]}}}}, targets: [{{to: fn}}]}}]}}
  fn: {{kind: lambda_function}}
"""
)
_ADMITS = "policy: {Statement: [{Effect: Allow, Principal: %s, Action: 'events:PutEvents', Resource: '*'}]},"


@proves(
    "A bus hands events on to a bus of another account that admits it",
    area="EventBridge",
    source="EventBridge User Guide, 'Sending and receiving events between AWS accounts in Amazon EventBridge'; fact "
    "eventbridge-policy-01",
)
@pytest.mark.parametrize(
    ("far", "put", "reached"),
    [
        ("accounts: ['111111111111'],", _PUT, True),
        ("accounts: ['333333333333'],", _PUT, False),
        ("", _PUT, False),
        (_ADMITS % "'*'", _PUT, True),
        (_ADMITS % "{Service: sns.amazonaws.com}", _PUT, False),
        ("accounts: ['111111111111'],", _PUT.replace("book", "toy"), False),
    ],
)
def test_buses_of_two_accounts(far: str, put: str, reached: bool) -> None:
    text = _BUSES.format(far=far, put=put).replace(
        "kind: event_bus, events", "kind: event_bus, account: '111111111111', events"
    )
    found = ask(
        text.replace("shop: {kind: lambda_function,", "shop: {kind: lambda_function, account: '111111111111',"),
        "shop bus",
    )
    assert found.reaches("fn") is (Verdict.REACHABLE if reached else Verdict.BLOCKED)


@proves(
    "A target that does not let EventBridge in gets no second try: the event goes to the dead-letter queue at once",
    area="EventBridge",
    source="EventBridge User Guide, 'Using dead-letter queues to process undelivered events in EventBridge'",
)
def test_a_target_that_refuses() -> None:
    rules = "rules: [{name: r, pattern: {source: [shop]}, targets: [{to: fn, dead_letter: lost}]}]"
    text = f"""{_SHOP}
  bus: {{kind: event_bus, {_PUT}, {rules}}}
  fn: {{kind: lambda_function, permissions: []}}
  lost: {{kind: sqs_queue}}
"""
    found = ask(text, "shop bus")
    assert later(found) == [("bus > fn", 1.0), ("bus > lost", 1.0)]
    assert [blocker.code for blocker in found.later_blockers] == ["IAM_IMPLICIT_DENY"]
    assert found.afterwards[1].delay is None


_LOGIN = """
  cert: {{kind: certificate, domain: login.example.com, region: {region}}}
  zone: {{kind: hosted_zone, name: example.com}}
  name: {{kind: record, zone: zone, name: login, alias: users}}
  users: {{kind: cognito_user_pool, clients: [web], domain: shop, custom_domain: login.example.com,
           certificate: cert{more}}}
  hook: {{kind: lambda_function, duration: {duration}, timeout: 30s}}
"""
_HOSTED = "https://shop.auth.eu-west-1.amazoncognito.com/oauth2/authorize"


@proves(
    "Managed login answers for the app clients of the pool, by its own name or a custom one with a certificate in "
    "us-east-1; triggers have 5 seconds",
    area="Cognito",
    source="Cognito Developer Guide, 'Using your own domain for managed login', 'Customizing user pool workflows with "
    "Lambda triggers'",
)
@pytest.mark.parametrize(
    ("url", "settings", "status", "code"),
    [
        (f"{_HOSTED}?client_id=web", {}, 200, ""),
        (f"{_HOSTED}?client_id=other", {}, 400, "COGNITO_NO_CLIENT"),
        ("https://login.example.com/login", {}, 200, ""),
        ("https://login.example.com/login", {"region": "eu-west-1"}, None, "TLS_CERTIFICATE_INVALID"),
        ("https://login.example.com/login", {"region": "us-east-1, state: expired"}, None, "TLS_CERTIFICATE_INVALID"),
        (_HOSTED, {"more": ", triggers: [hook]"}, 200, ""),
        (_HOSTED, {"more": ", triggers: [hook]", "duration": "6s"}, 400, "COGNITO_TRIGGER_TIMEOUT"),
    ],
)
def test_managed_login(url: str, settings: dict[str, str], status: int | None, code: str) -> None:
    text = _LOGIN.format(**({"region": "us-east-1", "more": "", "duration": "1s"} | settings))
    found = ask(text, request=Request.make("internet", url))
    assert (found.status, codes_of(found)) == (status, [code] if code else [])


def test_managed_login_by_its_own_name_when_its_certificate_expires() -> None:
    text = _LOGIN.format(region="us-east-1", more="", duration="1s")
    down = Condition(down=frozenset({"cert"}))
    custom = ask(text, condition=down, request=Request.make("internet", "https://login.example.com/login"))
    own = ask(text, condition=down, request=Request.make("internet", f"{_HOSTED}?client_id=web"))
    assert (codes_of(custom), codes_of(own)) == (["TLS_CERTIFICATE_INVALID"], [])


_POOL = """
  users: {{kind: cognito_user_pool, clients: [web]}}
  member: {{kind: iam_role}}
  pool: {{kind: cognito_identity_pool{more}}}
"""


@proves(
    "An identity pool gives signed-in users of its user pools one role and guests another, or nothing",
    area="Cognito",
    source="facts cognito_identity_pool-swap-01, cognito_identity_pool-guest-01",
)
@pytest.mark.parametrize(
    ("more", "signed_in", "status"),
    [
        (", user_pools: [users], authenticated_role: member", True, 200),
        (", user_pools: [users]", True, 400),
        (", authenticated_role: member", True, 400),
        (", user_pools: [users], authenticated_role: member", False, 400),
        (", unauthenticated_role: member", False, 200),
    ],
)
def test_roles_of_an_identity_pool(more: str, signed_in: bool, status: int) -> None:
    headers = {"Authorization": "Bearer x"} if signed_in else {}
    request = Request.make("internet", "pool", protocol="https", headers=headers)
    assert ask(_POOL.format(more=more), request=request).status == status


@proves(
    "Without its user pool nobody signs in, and tokens that are still valid go on working",
    area="Cognito",
    source="fact api_gateway_authorizer-cognito-01 (the gateway checks tokens itself); Cognito Developer Guide, "
    "'Verifying JSON web tokens'",
)
def test_tokens_outlast_their_pool() -> None:
    text = """
  users: {kind: cognito_user_pool, clients: [web], domain: shop}
  fn: {kind: lambda_function}
  api: {kind: api_gateway, protocol: HTTP, authorizers: [{name: a, type: JWT, user_pool: users}],
        routes: [{path: /x, to: fn, authorizer: a}]}
"""
    down = Condition(down=frozenset({"users"}))
    assert ask(text, request=Request.make("internet", _HOSTED), condition=down).verdict is Verdict.BLOCKED
    url = "https://api.execute-api.eu-west-1.amazonaws.com/x"
    request = Request.make("internet", url, headers={"Authorization": "Bearer eyJ"})
    assert ask(text, request=request, condition=down).status == 200
