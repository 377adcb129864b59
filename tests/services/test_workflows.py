"""Events matched by rules, and workflows walked state by state."""

from __future__ import annotations

import pytest

from archtui.formats.blueprint_file import loads
from archtui.model.errors import InputError
from archtui.services import registry
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Verdict
from tests.proves import proves

URL = "https://shop.lambda-url.eu-west-1.on.aws/"
_BUS = """
blueprint: Events
region: eu-west-1
components:
  shop: {{kind: lambda_function, url: {{auth: NONE}}}}
  bus:
    kind: event_bus
    events: [{events}]
    rules: [{rules}]
  mail: {{kind: lambda_function}}
  lost: {{kind: sqs_queue}}
links:
  - {{from: shop, to: bus, action: "events:PutEvents"}}
journeys: []
"""
_EVENT = (
    "{from: shop, source: shop.orders, detail_type: order placed, "
    "detail: {total: 120, state: paid, file: a/b/c.jpg, ip: 10.0.1.7}}"
)


def events(rules: str, put: str = _EVENT, condition: Condition = HEALTHY, request: Request | None = None) -> Trace:
    text = _BUS.format(rules=rules, events=put)
    asked = request or Request.make("internet", URL)
    return trace(compile_world(loads(text, registry()).blueprint), asked, condition)


@proves(
    "A rule of an event bus sends on what its pattern matches: exact, prefix, suffix, anything-but, numeric, "
    "exists, wildcard, cidr, $or",
    area="EventBridge",
    source="EventBridge User Guide, 'Comparison operators for use in event patterns'; fact eventbridge-rule-01",
)
@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("source: [shop.orders]", True),
        ("source: [shop.carts]", False),
        ("detail-type: [order placed]", True),
        ("detail-type: [order sent]", False),
        ("source: [{prefix: shop}]", True),
        ("source: [{prefix: bank}]", False),
        ("detail: {file: [{suffix: .jpg}]}", True),
        ("detail: {file: [{suffix: .png}]}", False),
        ("detail: {state: [{anything-but: open}]}", True),
        ("detail: {state: [{anything-but: paid}]}", False),
        ("detail: {total: [{numeric: ['>', 100, '<=', 120]}]}", True),
        ("detail: {total: [{numeric: ['>', 120]}]}", False),
        ("detail: {total: [{exists: true}]}", True),
        ("detail: {total: [{exists: false}]}", False),
        ("detail: {coupon: [{exists: false}]}", True),
        ("detail: {file: [{wildcard: 'a/*/c.*'}]}", True),
        ("detail: {file: [{wildcard: 'b/*'}]}", False),
        ("detail: {ip: [{cidr: 10.0.1.0/24}]}", True),
        ("detail: {ip: [{cidr: 10.0.2.0/24}]}", False),
        ("$or: [{source: [x]}, {detail: {total: [120]}}]", True),
        ("$or: [{source: [x]}, {detail: {total: [121]}}]", False),
        ("source: [shop.orders], detail: {state: [open]}", False),
        ("source: [x, shop.orders], detail: {state: [open, paid]}", True),
    ],
)
def test_event_patterns(pattern: str, matched: bool) -> None:
    found = events(f"{{name: r, pattern: {{{pattern}}}, targets: [{{to: mail}}]}}")
    assert found.verdict is Verdict.REACHABLE
    assert [later.label for later in found.afterwards] == (["bus > mail"] if matched else [])
    assert ("EVENTS_NO_RULE_MATCHES" in {warning.code for warning in found.warnings}) is not matched
    assert found.reaches("mail") is (Verdict.REACHABLE if matched else Verdict.BLOCKED)


def test_a_disabled_rule_sends_nothing_and_two_rules_send_twice() -> None:
    rule = "{name: %s, enabled: %s, pattern: {source: [shop.orders]}, targets: [{to: mail}]}"
    assert events(rule % ("r", "false")).afterwards == ()
    assert len(events(f"{rule % ('r', 'true')}, {rule % ('s', 'true')}").afterwards) == 2


def test_what_is_not_said_of_an_event_is_unknown() -> None:
    found = events("{name: r, pattern: {source: [x]}, targets: [{to: mail}]}", put="")
    assert found.verdict is Verdict.UNKNOWN
    assert found.missing == ("what the events of shop to bus say",)


@proves(
    "An event that cannot be delivered is tried again for up to 24 hours and 185 times, then goes to the target's "
    "dead-letter queue",
    area="EventBridge",
    source="EventBridge User Guide, 'How EventBridge retries delivering events', 'Using dead-letter queues'",
)
def test_what_cannot_be_delivered() -> None:
    rule = "{name: r, pattern: {source: [shop.orders]}, targets: [{to: mail%s}]}"
    down = Condition(down=frozenset({"mail"}))
    found = events(rule % ", dead_letter: lost", condition=down)
    assert [(later.label, later.verdict) for later in found.afterwards] == [
        ("bus > mail", Verdict.BLOCKED),
        ("bus > lost", Verdict.REACHABLE),
    ]
    assert found.afterwards[1].delay is not None
    assert found.afterwards[1].delay.milliseconds == 86_400_000
    assert [later.label for later in events(rule % "", condition=down).afterwards] == ["bus > mail"]
    assert [later.label for later in events(rule % ", dead_letter: lost").afterwards] == ["bus > mail"]


@proves("A rule fires by a pattern or by a schedule", area="EventBridge", source="fact eventbridge-kinds-01")
def test_a_schedule_fires_at_its_time_alone() -> None:
    rules = "{name: nightly, schedule: 'cron(0 3 * * ? *)', targets: [{to: mail}]}"
    assert events(rules).afterwards == ()
    fired = events(rules, request=Request.make("bus", "bus"))
    assert [later.label for later in fired.afterwards] == ["bus > mail"]
    with pytest.raises(InputError, match="give a pattern or a schedule"):
        loads(_BUS.format(rules="{name: r}", events=""), registry())


_FLOW = """
blueprint: Workflow
region: eu-west-1
components:
  shop: {{kind: lambda_function, url: {{auth: NONE}}}}
  flow:
    kind: state_machine
    {flow}
  check: {{kind: lambda_function{check}}}
  pay: {{kind: lambda_function}}
  refuse: {{kind: lambda_function}}
links:
  - {{from: shop, to: flow{action}}}
journeys: []
"""


def flow(states: str, *, kind: str = "EXPRESS", check: str = "", action: str = "states:StartSyncExecution") -> Trace:
    text = _FLOW.format(
        flow=f"type: {kind}\n    states: {{{states}}}",
        check=f", {check}" if check else "",
        action=f', action: "{action}"' if action else "",
    )
    return trace(compile_world(loads(text, registry()).blueprint), Request.make("internet", URL))


@proves(
    "A workflow walks Task, Choice, Parallel, Map, Wait, Pass, Succeed and Fail states; a failing task is caught or "
    "fails the run",
    area="Step Functions",
    source="facts step_functions-task-01, step_functions-choice-01, step_functions-parallel-01, step_functions-map-01, "
    "step_functions-wait-01, step_functions-end-01, step_functions-errors-01",
)
@pytest.mark.parametrize(
    ("states", "check", "share", "reached"),
    [
        ("a: {to: check, next: b}, b: {to: pay}", "", 1.0, {"check", "pay"}),
        ("a: {to: check, next: b}, b: {to: pay}", "outcome: raises", 0.0, {"check", "pay"}),
        ("a: {to: check, catch: c, next: b}, b: {to: pay}, c: {to: refuse}", "", 1.0, {"check", "pay"}),
        ("a: {to: check, catch: c, next: b}, b: {to: pay}, c: {to: refuse}", "outcome: raises", 1, {"check", "refuse"}),
        ("a: {to: check, catch: c}, c: {type: Fail}", "outcome: raises", 0.0, {"check"}),
        ("a: {to: check, catch: c}, c: {type: Fail}", "", 1.0, {"check"}),
        (
            "a: {type: Parallel, branches: [b, c], next: d}, b: {to: check}, c: {to: pay}, d: {type: Succeed}",
            "",
            1,
            {"check", "pay"},
        ),
        ("a: {type: Parallel, branches: [b, c]}, b: {to: check}, c: {to: pay}", "outcome: raises", 0, {"check", "pay"}),
        ("a: {type: Map, branches: [b]}, b: {to: pay}", "", 1, {"pay"}),
        ("a: {type: Pass, next: b}, b: {to: pay}", "", 1, {"pay"}),
        ("a: {type: Wait, seconds: 10s, next: b}, b: {to: pay}", "", 1, {"pay"}),
        ("a: {type: Wait, seconds: 301s, next: b}, b: {to: pay}", "", 0, set()),
        ("a: {to: pay, next: b}, b: {type: Pass, next: a}", "", 1, {"pay"}),
    ],
)
def test_states(states: str, check: str, share: float, reached: set[str]) -> None:
    found = flow(states, check=check)
    assert found.share == pytest.approx(share)
    assert {hop.component for hop in found.forward} & {"check", "pay", "refuse"} == reached


@proves(
    "A Choice branches on the input; without a default the rest of the runs fails",
    area="Step Functions",
    source="Amazon States Language, 'Choice State'; fact step_functions-choice-01",
)
def test_a_choice_parts_the_runs() -> None:
    choice = "a: {type: Choice, choices: [{next: b, share: 30%%}]%s}, b: {to: pay}, c: {to: refuse}"
    found = flow(choice % ", default: c")
    assert [(path.label, round(path.weight, 9)) for path in found.paths] == [("c", 0.7), ("b", 0.3)]
    assert found.share == 1
    assert flow(choice % "").share == pytest.approx(0.3)


@proves(
    "A start is answered at once and the run comes after; only an Express workflow can be waited for",
    area="Step Functions",
    source="Step Functions API, StartSyncExecution; facts step_functions-standard-01, step_functions-express-01",
)
@pytest.mark.parametrize(
    ("kind", "action", "verdict", "later"),
    [
        ("EXPRESS", "states:StartSyncExecution", Verdict.REACHABLE, []),
        ("STANDARD", "states:StartSyncExecution", Verdict.BLOCKED, []),
        ("STANDARD", "states:StartExecution", Verdict.REACHABLE, ["the run of flow"]),
        ("EXPRESS", "", Verdict.REACHABLE, ["the run of flow"]),
    ],
)
def test_how_a_run_is_started(kind: str, action: str, verdict: Verdict, later: list[str]) -> None:
    found = flow("a: {to: pay}", kind=kind, action=action)
    assert found.verdict is verdict
    assert [each.label for each in found.afterwards] == later
