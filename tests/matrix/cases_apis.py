"""APIs: every status of API Gateway with its cause, every authorizer, and the ways in which calls are made."""

from __future__ import annotations

from typing import get_args

from archtui.services.api_gateway.properties import Authorizer
from archtui.trace.request import Request
from archtui.world.steps import Verdict
from tests.matrix.case import Area, Expected, MatrixCase

_TYPES: tuple[str, ...] = get_args(Authorizer.model_fields["type"].annotation)
_STATUSES = ("101", "400", "401", "403", "404", "413", "415", "429", "500", "502", "503", "504")
_KINDS = ("API Gateway AWS_PROXY", "API Gateway asynchronous", "API Gateway AWS", "API Gateway HTTP_PROXY")
_KINDS += ("API Gateway MOCK", "WebSocket $connect", "WebSocket $disconnect", "WebSocket $default")
_KINDS += ("EventBridge rule", "EventBridge schedule", "S3 by EventBridge", "Step Functions synchronous")
_KINDS += ("Step Functions asynchronous", "function URL", "Cognito trigger")
ROWS: dict[Area, tuple[str, ...]] = {
    "HTTP status": tuple(f"API Gateway {status}" for status in _STATUSES),
    "authorizer": (*_TYPES, "API key", "resource policy", "none"),
    "invocation kind": _KINDS,
}

_DEV = "API Gateway Developer Guide"
_TYPES_PAGE = f"{_DEV}, 'Gateway response types for API Gateway'"
_HOST = "https://api.execute-api.eu-west-1.amazonaws.com"
_DESIGN = """
blueprint: apis
region: eu-west-1
components:
  api: {{kind: api_gateway, {api}, routes: [{{path: /x, {route}}}]}}
  fn: {{kind: lambda_function{fn}}}
  guard: {{kind: lambda_function{guard}}}
  jobs: {{kind: sqs_queue}}
  users: {{kind: cognito_user_pool, clients: [web]}}
  vpc: {{kind: vpc, cidr: 10.0.0.0/16}}
  igw: {{kind: internet_gateway, vpc: vpc}}
  out: {{kind: route_table, vpc: vpc, routes: [{{to: 0.0.0.0/0, via: igw}}]}}
  subnet: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: out}}
  sg: {{kind: security_group, vpc: vpc, ingress: [{{port: {open}, from: any}}]}}
  server: {{kind: ec2, subnet: subnet, public_ip: true, security_groups: [sg], listens: [{listens}]}}
"""
_HTTP = "protocol: HTTP"
_REST = "protocol: REST, endpoint: regional, stages: [{name: p}]"
_LISTENS = "{port: 80, protocol: http}"


def _design(api: str = _HTTP, route: str = "to: fn", **more: str) -> str:
    settings = {"fn": "", "guard": "", "open": "80", "listens": _LISTENS} | more
    return _DESIGN.format(api=api, route=route, **settings)


def _ask(path: str = "/x", method: str = "GET", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request.make("internet", f"{_HOST}{path}", method=method, headers=named)


def _status(
    status: int, code: str, source: str, refused: tuple[str, Request], good: tuple[str, Request], better: int = 200
) -> tuple[MatrixCase, MatrixCase]:
    """Return the cases of a request that gets ``status`` and of one that does not."""
    row = f"API Gateway {status}"
    ends = Expected(Verdict.BLOCKED, status, code)
    passes = Expected(Verdict.REACHABLE, better, without=code)
    return (
        MatrixCase("HTTP status", row, True, *refused, ends, source),
        MatrixCase("HTTP status", row, False, *good, passes, source),
    )


_CHAT = "protocol: WEBSOCKET, stages: [{name: p}]"
_TYPED = "to: jobs, action: 'sqs:SendMessage', method: POST, integration: AWS, templates: [application/json], "
_TYPED += "passthrough: NEVER"
_OPENED = Expected(Verdict.REACHABLE, 101)
_STATUS = (
    MatrixCase(
        "HTTP status",
        "API Gateway 101",
        True,
        _design(_CHAT, "to: fn").replace("path: /x", "path: $connect"),
        _ask("/p"),
        _OPENED,
        f"{_DEV}, 'Manage connected users and client apps: $connect and $disconnect routes'; RFC 6455, section 4.2.2",
    ),
    MatrixCase(
        "HTTP status",
        "API Gateway 101",
        False,
        _design(_CHAT, "to: fn", fn=", outcome: raises").replace("path: /x", "path: $connect"),
        _ask("/p"),
        Expected(Verdict.BLOCKED, 502, "LAMBDA_FUNCTION_ERROR"),
        f"{_DEV}, 'The $connect route'",
    ),
    *_status(
        400,
        "APIGW_BAD_REQUEST",
        f"{_DEV}, 'Request validation for REST APIs in API Gateway'; fact api_gateway-e400-01",
        (_design(_REST, "to: fn, required_parameters: [size]"), _ask("/p/x")),
        (_design(_REST, "to: fn, required_parameters: [size]"), _ask("/p/x?size=1")),
    ),
    *_status(
        401,
        "APIGW_UNAUTHORIZED",
        f"{_DEV}, 'Control access to HTTP APIs with JWT authorizers in API Gateway'",
        (_design(f"{_HTTP}, authorizers: [{{name: a, type: JWT}}]", "to: fn, authorizer: a"), _ask()),
        (_design(f"{_HTTP}, authorizers: [{{name: a, type: JWT}}]", "to: fn"), _ask()),
    ),
    *_status(
        403,
        "APIGW_ACCESS_DENIED",
        f"{_TYPES_PAGE} (ACCESS_DENIED); fact api_gateway-e403-01",
        (
            _design(f"{_REST}, authorizers: [{{name: a, type: LAMBDA, decision: deny}}]", "to: fn, authorizer: a"),
            _ask("/p/x", Authorization="t"),
        ),
        (
            _design(f"{_REST}, authorizers: [{{name: a, type: LAMBDA}}]", "to: fn, authorizer: a"),
            _ask("/p/x", Authorization="t"),
        ),
    ),
    *_status(
        404,
        "APIGW_NO_ROUTE",
        f"{_DEV}, 'Create routes for HTTP APIs in API Gateway' (an HTTP API answers Not Found)",
        (_design(), _ask("/y")),
        (_design(), _ask("/x")),
    ),
    *_status(
        413,
        "APIGW_REQUEST_TOO_LARGE",
        f"{_TYPES_PAGE} (REQUEST_TOO_LARGE); API Gateway quotas, 'Payload size'",
        (_design(route="uri: 'http://203.0.113.9'"), _ask(Content_Length="11000000")),
        (_design(route="integration: MOCK"), _ask(Content_Length="10000000")),
    ),
    *_status(
        415,
        "APIGW_UNSUPPORTED_MEDIA_TYPE",
        f"{_TYPES_PAGE} (UNSUPPORTED_MEDIA_TYPE)",
        (_design(_REST, _TYPED), _ask("/p/x", "POST", Content_Type="text/xml")),
        (_design(_REST, _TYPED), _ask("/p/x", "POST", Content_Type="application/json")),
    ),
    *_status(
        429,
        "APIGW_THROTTLED",
        f"{_DEV}, 'Throttle requests to your REST APIs'; fact api_gateway-e429-01",
        (_design(route="to: fn, throttle: {rate: 0}"), _ask()),
        (_design(route="to: fn, throttle: {rate: 5}"), _ask()),
    ),
    *_status(
        500,
        "LAMBDA_THROTTLED",
        "Lambda Developer Guide, 'Handling errors with an API Gateway API' (a rejected invocation is a 500)",
        (_design(fn=", reserved_concurrency: 0"), _ask()),
        (_design(fn=", reserved_concurrency: 1"), _ask()),
    ),
    *_status(
        502,
        "LAMBDA_MALFORMED_RESPONSE",
        "Lambda Developer Guide, 'Handling errors with an API Gateway API'; fact api_gateway-e502-01",
        (_design(fn=", outcome: malformed"), _ask()),
        (_design(fn=", outcome: returns"), _ask()),
    ),
    *_status(
        503,
        "CONNECTION_REFUSED",
        "fact api_gateway-e503-01 (the backing endpoint is offline)",
        (_design(route="to: server, port: 80", listens=""), _ask()),
        (_design(route="to: server, port: 80"), _ask()),
    ),
    *_status(
        504,
        "APIGW_INTEGRATION_TIMEOUT",
        "API Gateway quotas, 'Maximum integration timeout'; facts api_gateway-e504-01, api_gateway-timeout-01",
        (_design(fn=", duration: 31s, timeout: 60s"), _ask()),
        (_design(fn=", duration: 29s, timeout: 60s"), _ask()),
    ),
    MatrixCase(
        "HTTP status",
        "API Gateway 504",
        True,
        _design(route="to: server, port: 80", open="8080"),
        _ask(),
        Expected(Verdict.BLOCKED, 504, "ENI_SG_RULES_MISMATCH"),
        "fact api_gateway-e504-01 (the integration does not answer)",
    ),
)

_TOKEN, _SIGNED = "Bearer eyJ", "AWS4-HMAC-SHA256 Credential=x"


def _authorized(
    row: str, api: str, route: str, taken: dict[str, str], refused: dict[str, str], status: int, source: str
) -> tuple[MatrixCase, MatrixCase]:
    """Return the cases of a caller who may and of one who may not."""
    path = "/p/x" if "REST" in api else "/x"
    design = _design(api, route)
    return (
        MatrixCase(
            "authorizer",
            row,
            True,
            design,
            _ask(path, **taken),
            Expected(Verdict.REACHABLE, 200, shares={"fn": 1.0}),
            source,
        ),
        MatrixCase(
            "authorizer",
            row,
            False,
            design,
            _ask(path, **refused),
            Expected(Verdict.BLOCKED, status, shares={"fn": 0.0}),
            source,
        ),
    )


def _named(kind: str, more: str = "") -> str:
    return f"authorizers: [{{name: a, type: {kind}{more}}}]"


_ROUTE = "to: fn, authorizer: a"
_POLICY = "policy: {Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*', "
_POLICY += "Condition: {IpAddress: {'aws:SourceIp': %s}}}]}"
_AUTHORIZERS = (
    *_authorized(
        "COGNITO",
        f"{_REST}, {_named('COGNITO', ', user_pool: users')}",
        _ROUTE,
        {"Authorization": _TOKEN},
        {},
        401,
        f"{_DEV}, 'Control access to REST APIs using Amazon Cognito user pools as an authorizer'",
    ),
    *_authorized(
        "JWT",
        f"{_HTTP}, {_named('JWT', ', user_pool: users')}",
        _ROUTE,
        {"Authorization": _TOKEN},
        {"Authorization": "Bearer e30.eyJhdWQiOiJvdGhlciJ9.c2ln"},
        401,
        f"{_DEV}, 'Control access to HTTP APIs with JWT authorizers in API Gateway' (audience)",
    ),
    *_authorized(
        "LAMBDA",
        f"{_REST}, {_named('LAMBDA', ', function: guard, sources: [header.X-Key]')}",
        _ROUTE,
        {"X_Key": "k"},
        {"Authorization": _TOKEN},
        401,
        f"{_DEV}, 'Use API Gateway Lambda authorizers' (identity sources)",
    ),
    *_authorized(
        "IAM",
        f"{_REST}, {_named('IAM')}",
        _ROUTE,
        {"Authorization": _SIGNED},
        {"Authorization": _TOKEN},
        403,
        f"{_DEV}, 'Control access to a REST API with IAM permissions'",
    ),
    *_authorized(
        "API key",
        f"{_REST}, usage_plans: [{{name: plan, keys: [abc]}}]",
        "to: fn, api_key_required: true",
        {"x_api_key": "abc"},
        {"x_api_key": "abd"},
        403,
        f"{_DEV}, 'Usage plans and API keys for REST APIs in API Gateway'; fact api_gateway_usage_plan-key-01",
    ),
    *(
        MatrixCase(
            "authorizer",
            "resource policy",
            taken,
            _design(f"{_REST}, {_POLICY % block}"),
            Request.make("internet", f"{_HOST}/p/x", source_ip="203.0.113.7"),
            Expected(Verdict.REACHABLE if taken else Verdict.BLOCKED, 200 if taken else 403),
            f"{_DEV}, 'Control access to a REST API with API Gateway resource policies'",
        )
        for taken, block in ((True, "203.0.113.0/24"), (False, "198.51.100.0/24"))
    ),
    MatrixCase(
        "authorizer",
        "none",
        True,
        _design(),
        _ask(),
        Expected(Verdict.REACHABLE, 200, shares={"fn": 1.0}),
        f"{_DEV}, 'Control and manage access to REST APIs in API Gateway' (NONE)",
    ),
    MatrixCase(
        "authorizer",
        "none",
        False,
        _design(f"{_HTTP}, {_named('JWT')}", _ROUTE),
        _ask(),
        Expected(Verdict.BLOCKED, 401, shares={"fn": 0.0}),
        f"{_DEV}, 'Control access to HTTP APIs with JWT authorizers in API Gateway'",
    ),
)

_RAISES = ", outcome: raises"
_FAILS = Expected(Verdict.BLOCKED, 502, "LAMBDA_FUNCTION_ERROR")
_LATER = Expected(Verdict.REACHABLE, 200, "LAMBDA_FUNCTION_ERROR")


def _kind(
    row: str, source: str, taken: tuple[str, Request, Expected], left: tuple[str, Request, Expected]
) -> tuple[MatrixCase, MatrixCase]:
    return (
        MatrixCase("invocation kind", row, True, *taken, source),
        MatrixCase("invocation kind", row, False, *left, source),
    )


_EVENTS = """
blueprint: events
region: eu-west-1
components:
  shop: {{kind: lambda_function, url: {{auth: {auth}}}{shop}}}
  bus: {{kind: event_bus, default: true, events: [{{from: shop, source: shop}}],
        rules: [{{name: r, {rule}, targets: [{{to: fn}}]}}]}}
  files: {{kind: s3_bucket, eventbridge: {tells}}}
  flow: {{kind: state_machine, type: {type}, states: {{s: {{to: fn}}}}}}
  users: {{kind: cognito_user_pool, clients: [web], triggers: [{trigger}]}}
  fn: {{kind: lambda_function{fn}}}
links: [{links}]
"""
_MATCHING = "pattern: {source: [shop]}"
_CALL = Request.make("internet", "https://shop.lambda-url.eu-west-1.on.aws/")
_UPLOAD = Request.make("internet", "https://files.s3.eu-west-1.amazonaws.com/a?X-Amz-Signature=0", method="PUT")
_RUNS, _IDLE = Expected(shares={"fn": 1.0}), Expected(shares={"fn": 0.0})


def _events(**more: str) -> str:
    usual = {"auth": "NONE", "shop": "", "rule": _MATCHING, "tells": "false", "type": "EXPRESS", "trigger": ""}
    return _EVENTS.format(**(usual | {"fn": "", "links": "{from: shop, to: bus}"} | more))


def _chat(path: str, **more: str) -> str:
    return _design(_CHAT, "to: fn", **more).replace("path: /x", f"path: {path}")


_START = "{from: shop, to: flow, action: 'states:Start%sExecution'}"
_INVOKED = (
    *_kind(
        "API Gateway AWS_PROXY",
        "fact api_gateway-aws-proxy-01; Lambda Developer Guide, 'Handling errors with an API Gateway API'",
        (_design(fn=_RAISES), _ask(), _FAILS),
        (_design(route="to: fn, asynchronous: true", fn=_RAISES), _ask(), _LATER),
    ),
    *_kind(
        "API Gateway asynchronous",
        f"{_DEV}, 'Set up asynchronous invocation of the backend Lambda function'",
        (_design(route="to: fn, asynchronous: true", fn=_RAISES), _ask(), _LATER),
        (_design(fn=_RAISES), _ask(), _FAILS),
    ),
    *_kind(
        "API Gateway AWS",
        f"{_DEV}, 'Integrations for REST APIs in API Gateway'; fact api_gateway-backends-01",
        (_design(_REST, "to: jobs, action: 'sqs:SendMessage'"), _ask("/p/x"), Expected(shares={"jobs": 1.0})),
        (_design(_REST), _ask("/p/x"), Expected(shares={"jobs": 0.0})),
    ),
    *_kind(
        "API Gateway HTTP_PROXY",
        "fact api_gateway-http-proxy-01",
        (_design(route="to: server, port: 80"), _ask(), Expected(shares={"server": 1.0})),
        (_design(), _ask(), Expected(shares={"server": 0.0})),
    ),
    *_kind(
        "API Gateway MOCK",
        "fact api_gateway-mock-01",
        (_design(route="to: fn, integration: MOCK", fn=_RAISES), _ask(), Expected(shares={"fn": 0.0})),
        (_design(route="to: fn", fn=_RAISES), _ask(), _FAILS),
    ),
    *_kind(
        "WebSocket $connect",
        f"{_DEV}, 'Manage connected users and client apps: $connect and $disconnect routes'",
        (_chat("$connect"), _ask("/p"), Expected(status=101, shares={"fn": 1.0})),
        (_chat("$default"), _ask("/p"), Expected(status=101, shares={"fn": 0.0})),
    ),
    *_kind(
        "WebSocket $disconnect",
        f"{_DEV}, 'Manage connected users and client apps: $connect and $disconnect routes' (best effort, afterwards)",
        (_chat("$disconnect", fn=_RAISES), _ask("/p", "DELETE"), _LATER),
        (_chat("$connect", fn=_RAISES), _ask("/p", "DELETE"), Expected(status=200, without="LAMBDA_FUNCTION_ERROR")),
    ),
    *_kind(
        "WebSocket $default",
        f"{_DEV}, 'Invoke your backend integration with the $default Route and custom routes'",
        (_chat("$default"), _ask("/p?action=other", "POST"), _RUNS),
        (_chat("send"), _ask("/p?action=other", "POST"), Expected(Verdict.BLOCKED, 403, "APIGW_NO_ROUTE")),
    ),
    *_kind(
        "EventBridge rule",
        "EventBridge User Guide, 'Event bus targets in Amazon EventBridge'; fact eventbridge-rule-01",
        (_events(fn=_RAISES), _CALL, _LATER),
        (_events(rule="pattern: {source: [bank]}", fn=_RAISES), _CALL, Expected(code="EVENTS_NO_RULE_MATCHES")),
    ),
    *_kind(
        "EventBridge schedule",
        "EventBridge User Guide, 'Creating a rule that runs on a schedule'; fact eventbridge-kinds-01",
        (_events(rule="schedule: rate(5 minutes)"), Request.make("bus", "bus"), _RUNS),
        (_events(rule="schedule: rate(5 minutes)"), _CALL, _IDLE),
    ),
    *_kind(
        "S3 by EventBridge",
        "S3 User Guide, 'Using EventBridge'",
        (_events(tells="true", rule="pattern: {source: [aws.s3]}"), _UPLOAD, _RUNS),
        (_events(tells="false", rule="pattern: {source: [aws.s3]}"), _UPLOAD, _IDLE),
    ),
    *_kind(
        "Step Functions synchronous",
        "Step Functions API Reference, 'StartSyncExecution' (Express workflows)",
        (_events(links=_START % "Sync", fn=_RAISES), _CALL, _FAILS),
        (_events(links=_START % "", fn=_RAISES), _CALL, _LATER),
    ),
    *_kind(
        "Step Functions asynchronous",
        "Step Functions API Reference, 'StartExecution'",
        (_events(links=_START % "", type="STANDARD", fn=_RAISES), _CALL, _LATER),
        (
            _events(links=_START % "Sync", type="STANDARD", fn=_RAISES),
            _CALL,
            Expected(Verdict.BLOCKED, code="STATES_SYNC_STANDARD"),
        ),
    ),
    *_kind(
        "function URL",
        "Lambda Developer Guide, 'Control access to Lambda function URLs'",
        (_events(), _CALL, Expected(status=200, shares={"shop": 1.0})),
        (_events(auth="AWS_IAM"), _CALL, Expected(Verdict.BLOCKED, 403, "LAMBDA_ACCESS_DENIED")),
    ),
    *_kind(
        "Cognito trigger",
        "Cognito Developer Guide, 'Customizing user pool workflows with Lambda triggers'",
        (_events(trigger="fn", fn=_RAISES), Request.make("internet", "users"), Expected(Verdict.BLOCKED, 400)),
        (_events(fn=_RAISES), Request.make("internet", "users"), Expected(Verdict.REACHABLE, 200)),
    ),
)

CASES = (*_STATUS, *_AUTHORIZERS, *_INVOKED)
