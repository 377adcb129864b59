"""Event patterns: each comparison operator, with an event it matches and one it does not."""

from __future__ import annotations

from archtui.services.patterns import OPERATORS
from archtui.trace.request import Request
from archtui.world.steps import Verdict
from tests.matrix.case import Area, Expected, MatrixCase

ROWS: dict[Area, tuple[str, ...]] = {"event pattern": ("exact value", "$or", "exists", *OPERATORS)}

_SOURCE = "EventBridge User Guide, 'Comparison operators for use in event patterns'"
_DESIGN = """
blueprint: events
region: eu-west-1
components:
  bus:
    kind: event_bus
    events: [{{from: shop, source: shop, detail_type: order, detail: {detail}}}]
    rules: [{{name: rule, pattern: {{detail: {pattern}}}, targets: [{{to: jobs}}]}}]
  jobs: {{kind: sqs_queue}}
  shop: {{kind: lambda_function, url: {{auth: NONE}}}}
links:
  - {{from: shop, to: bus}}
"""
_CALL = Request.make("internet", "https://shop.lambda-url.eu-west-1.on.aws/")
_MATCHED = Expected(Verdict.REACHABLE, without="EVENTS_NO_RULE_MATCHES", shares={"jobs": 1.0})
_DROPPED = Expected(Verdict.REACHABLE, code="EVENTS_NO_RULE_MATCHES", shares={"jobs": 0.0})


def _operator(row: str, pattern: str, meets: str, differs: str) -> tuple[MatrixCase, MatrixCase]:
    """Return the cases of an event that meets ``pattern`` and of one that does not."""
    return (
        MatrixCase("event pattern", row, True, _DESIGN.format(detail=meets, pattern=pattern), _CALL, _MATCHED, _SOURCE),
        MatrixCase(
            "event pattern", row, False, _DESIGN.format(detail=differs, pattern=pattern), _CALL, _DROPPED, _SOURCE
        ),
    )


CASES = (
    *_operator("exact value", "{state: [paid]}", "{state: paid}", "{state: Paid}"),
    *_operator("$or", "{$or: [{a: [1]}, {b: [1]}]}", "{a: 2, b: 1}", "{a: 2, b: 2}"),
    *_operator("exists", "{coupon: [{exists: true}]}", "{coupon: x}", "{total: 1}"),
    *_operator("anything-but", "{state: [{anything-but: [open]}]}", "{state: paid}", "{state: open}"),
    *_operator("cidr", "{ip: [{cidr: 10.0.0.0/24}]}", "{ip: 10.0.0.7}", "{ip: 10.0.1.7}"),
    *_operator("equals-ignore-case", "{state: [{equals-ignore-case: PAID}]}", "{state: paid}", "{state: open}"),
    *_operator("numeric", "{total: [{numeric: ['>', 0, '<=', 5]}]}", "{total: 5}", "{total: 6}"),
    *_operator("prefix", "{city: [{prefix: Ber}]}", "{city: Bern}", "{city: Basel}"),
    *_operator("suffix", "{file: [{suffix: .png}]}", "{file: a.png}", "{file: a.jpg}"),
    *_operator("wildcard", "{file: [{wildcard: 'a*.png'}]}", "{file: ab.png}", "{file: b.png}"),
)
