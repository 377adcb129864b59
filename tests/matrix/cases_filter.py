"""SNS filter policies: each operator, with a message it delivers and one it does not."""

from __future__ import annotations

from archtui.trace.request import Request
from tests.matrix.case import Area, Expected, MatrixCase

_GUIDE = "SNS Developer Guide, "
_STRINGS = _GUIDE + "'String value matching'"
_KEYS = _GUIDE + "'Key matching'"
_FILTERS: dict[str, tuple[str, str, str, str]] = {
    "exact value": ("{state: [paid, sent]}", "{state: sent}", "{state: Sent}", _STRINGS),
    "a value of a list": ("{state: [paid]}", "{state: [open, paid]}", "{state: [open]}", _STRINGS),
    "and": ("{state: [paid], size: [1]}", "{state: paid, size: 1}", "{state: paid}", _GUIDE + "'AND/OR logic'"),
    "$or": ("{$or: [{a: [1]}, {b: [1]}]}", "{a: 2, b: 1}", "{a: 2, b: 2}", _GUIDE + "'AND/OR logic'"),
    "exists true": ("{coupon: [{exists: true}]}", "{coupon: x}", "{total: 1}", _KEYS),
    "exists false": ("{coupon: [{exists: false}]}", "{total: 1}", "{}", _KEYS),
    "anything-but": ("{state: [{anything-but: [open]}]}", "{state: paid}", "{state: open}", _STRINGS),
    "anything-but prefix": ("{state: [{anything-but: {prefix: op}}]}", "{state: paid}", "{state: open}", _STRINGS),
    "anything-but suffix": ("{state: [{anything-but: {suffix: en}}]}", "{state: paid}", "{state: open}", _STRINGS),
    "cidr": ("{ip: [{cidr: 10.0.0.0/24}]}", "{ip: 10.0.0.7}", "{ip: 10.0.1.7}", _STRINGS),
    "equals-ignore-case": ("{state: [{equals-ignore-case: PAID}]}", "{state: paid}", "{state: open}", _STRINGS),
    "prefix": ("{city: [{prefix: Ber}]}", "{city: Bern}", "{city: Basel}", _STRINGS),
    "suffix": ("{file: [{suffix: .png}]}", "{file: a.png}", "{file: a.jpg}", _STRINGS),
    "numeric equal": ("{n: [{numeric: ['=', 5]}]}", "{n: 5}", "{n: 6}", _GUIDE + "'Numeric value matching'"),
    "numeric range": ("{n: [{numeric: ['>', 0, '<=', 5]}]}", "{n: 5}", "{n: 0}", _GUIDE + "'Numeric value matching'"),
}
_SCOPES = {"MessageAttributes": "attributes", "MessageBody": "body"}
ROWS: dict[Area, tuple[str, ...]] = {"filter policy": (*_FILTERS, *_SCOPES)}

_DESIGN = """
blueprint: filters
region: eu-west-1
components:
  news:
    kind: sns_topic
    messages: [{{{where}: {message}}}]
    subscriptions: [{{to: jobs, filter: {filter}, filter_scope: {scope}}}]
  jobs: {{kind: sqs_queue}}
  shop: {{kind: lambda_function, url: {{auth: NONE}}}}
links:
  - {{from: shop, to: news}}
"""
_CALL = Request.make("internet", "https://shop.lambda-url.eu-west-1.on.aws/")
_DELIVERED = Expected(without="SNS_FILTERED_OUT", shares={"jobs": 1.0})
_LEFT = Expected(code="SNS_FILTERED_OUT", shares={"jobs": 0.0})


def _case(row: str, takes: bool, message: str, source: str, policy: str, scope: str, where: str) -> MatrixCase:
    design = _DESIGN.format(message=message, filter=policy, scope=scope, where=where)
    return MatrixCase("filter policy", row, takes, design, _CALL, _DELIVERED if takes else _LEFT, source)


CASES = (
    *(
        _case(row, takes, message, source, policy, "MessageAttributes", "attributes")
        for row, (policy, meets, differs, source) in _FILTERS.items()
        for takes, message in ((True, meets), (False, differs))
    ),
    *(
        _case(scope, takes, "{state: paid}", _GUIDE + "'Filter policy scope'", "{state: [paid]}", scope, where)
        for scope, own in _SCOPES.items()
        for takes, where in ((True, own), (False, next(name for name in _SCOPES.values() if name != own)))
    ),
)
