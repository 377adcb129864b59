"""APIs: each stop of a request with the status that it ends in, and the request that passes it."""

from __future__ import annotations

import pytest

from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import condition_for
from archtui.world.steps import Verdict
from tests.proves import proves

_DESIGN = """
blueprint: API
region: eu-west-1
components:
  api:
    kind: api_gateway
    {api}
    routes: [{routes}]
  users: {{kind: cognito_user_pool, clients: [web]}}
  guard: {{kind: lambda_function{guard}}}
  orders: {{kind: lambda_function{orders}}}
  orders-2: {{kind: lambda_function, outcome: raises}}
  jobs: {{kind: sqs_queue}}
  cert: {{kind: certificate, domain: api.example.com}}
  zone: {{kind: hosted_zone, name: example.com}}
  name: {{kind: record, zone: zone, name: api, alias: api}}
links: []
journeys: []
"""
_ROUTES = "{method: GET, path: '/orders/{id}', to: orders%s}"
TOKEN = {"Authorization": "Bearer eyJ"}
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=x"}


def traced(
    *,
    api: str = "protocol: HTTP",
    route: str = "",
    routes: str = "",
    orders: str = "",
    guard: str = "",
    path: str = "/orders/7",
    headers: dict[str, str] | None = None,
    method: str = "GET",
    host: str = "api.execute-api.eu-west-1.amazonaws.com",
    down: tuple[str, ...] = (),
) -> Trace:
    listed = routes or _ROUTES % (f", {route}" if route else "")
    text = _DESIGN.format(
        api=api, routes=listed, orders=f", {orders}" if orders else "", guard=f", {guard}" if guard else ""
    )
    request = Request.make("internet", f"https://{host}{path}", method=method, headers=headers)
    world = compile_world(loads(text, registry()).blueprint)
    return trace(world, request, condition_for(world, down))


REST = "protocol: REST\n    stages: [{name: prod%s}]"
_AUTH = "protocol: HTTP\n    authorizers: [{name: a, type: %s}]"

CASES = [
    # what, arguments, status, reason code
    ("a function answers", {}, 200, ""),
    ("no route", {"path": "/users"}, 404, "APIGW_NO_ROUTE"),
    ("no route of the method", {"method": "POST"}, 404, "APIGW_NO_ROUTE"),
    ("REST: no route", {"api": REST % "", "path": "/prod/users"}, 403, "APIGW_NO_ROUTE"),
    ("REST: a route", {"api": REST % "", "path": "/prod/orders/7"}, 200, ""),
    ("REST: no stage", {"api": REST % "", "path": "/dev/orders/7"}, 403, "APIGW_NO_STAGE"),
    ("REST: not deployed", {"api": REST % ", deployed: false", "path": "/prod/orders/7"}, 403, "APIGW_NO_STAGE"),
    ("JWT: no token", {"api": _AUTH % "JWT, user_pool: users", "route": "authorizer: a"}, 401, "APIGW_UNAUTHORIZED"),
    ("JWT: a token", {"api": _AUTH % "JWT", "route": "authorizer: a", "headers": TOKEN}, 200, ""),
    ("Cognito: no token", {"api": _AUTH % "COGNITO", "route": "authorizer: a"}, 401, "APIGW_UNAUTHORIZED"),
    ("Cognito: a token", {"api": _AUTH % "COGNITO", "route": "authorizer: a", "headers": TOKEN}, 200, ""),
    ("an open route", {"api": _AUTH % "COGNITO"}, 200, ""),
    ("IAM: not signed", {"api": _AUTH % "IAM", "route": "authorizer: a", "headers": TOKEN}, 403, "APIGW_UNAUTHORIZED"),
    ("IAM: signed", {"api": _AUTH % "IAM", "route": "authorizer: a", "headers": SIGNED}, 200, ""),
    (
        "Lambda: no token",
        {"api": _AUTH % "LAMBDA, function: guard", "route": "authorizer: a"},
        401,
        "APIGW_UNAUTHORIZED",
    ),
    (
        "Lambda: denies",
        {"api": _AUTH % "LAMBDA, function: guard, decision: deny", "route": "authorizer: a", "headers": TOKEN},
        403,
        "APIGW_ACCESS_DENIED",
    ),
    (
        "Lambda: allows",
        {"api": _AUTH % "LAMBDA, function: guard", "route": "authorizer: a", "headers": TOKEN},
        200,
        "",
    ),
    (
        "Lambda: fails",
        {
            "api": _AUTH % "LAMBDA, function: guard",
            "route": "authorizer: a",
            "headers": TOKEN,
            "guard": "outcome: raises",
        },
        500,
        "LAMBDA_FUNCTION_ERROR",
    ),
    ("an authorizer that is not there", {"route": "authorizer: b"}, 500, "APIGW_AUTHORIZER_ERROR"),
    ("validation: lacking", {"route": "required_parameters: [size]"}, 400, "APIGW_BAD_REQUEST"),
    ("validation: given", {"route": "required_parameters: [size]", "path": "/orders/7?size=1"}, 200, ""),
    ("too large", {"headers": {"Content-Length": "11000000"}}, 413, "APIGW_REQUEST_TOO_LARGE"),
    ("too large for Lambda", {"headers": {"Content-Length": "7000000"}}, 413, "LAMBDA_PAYLOAD_TOO_LARGE"),
    ("small enough", {"headers": {"Content-Length": "1000"}}, 200, ""),
    ("throttled", {"route": "throttle: {rate: 0}"}, 429, "APIGW_THROTTLED"),
    ("within the limit", {"route": "throttle: {rate: 10}"}, 200, ""),
    ("the function raises", {"orders": "outcome: raises"}, 502, "LAMBDA_FUNCTION_ERROR"),
    ("the function's form is wrong", {"orders": "outcome: malformed"}, 502, "LAMBDA_MALFORMED_RESPONSE"),
    ("the function is stopped", {"orders": "duration: 9s, timeout: 5s"}, 502, "LAMBDA_TIMEOUT"),
    ("the function is throttled", {"orders": "reserved_concurrency: 0"}, 500, "LAMBDA_THROTTLED"),
    ("slower than 30 s", {"orders": "duration: 31s, timeout: 60s"}, 504, "APIGW_INTEGRATION_TIMEOUT"),
    (
        "slower than 29 s",
        {"api": REST % "", "path": "/prod/orders/7", "orders": "duration: 29.5s, timeout: 60s"},
        504,
        "APIGW_INTEGRATION_TIMEOUT",
    ),
    ("within 30 s", {"orders": "duration: 29.5s, timeout: 60s"}, 200, ""),
    ("asynchronous and slow", {"orders": "duration: 60s, timeout: 90s", "route": "asynchronous: true"}, 200, ""),
    ("MOCK", {"routes": "{path: /ping}", "path": "/ping"}, 200, ""),
    (
        "an AWS service",
        {
            "routes": "{path: /jobs, method: POST, to: jobs, action: 'sqs:SendMessage'}",
            "path": "/jobs",
            "method": "POST",
        },
        200,
        "",
    ),
    (
        "private, from outside",
        {"api": "protocol: REST\n    endpoint: private\n    stages: [{name: prod}]", "path": "/prod/orders/7"},
        403,
        "APIGW_PRIVATE",
    ),
    (
        "the custom domain",
        {"api": "protocol: HTTP\n    domain: api.example.com\n    certificate: cert", "host": "api.example.com"},
        200,
        "",
    ),
    (
        "the custom domain's certificate has expired",
        {
            "api": "protocol: HTTP\n    domain: api.example.com\n    certificate: cert",
            "host": "api.example.com",
            "down": ("expired:cert",),
        },
        None,
        "TLS_CERTIFICATE_INVALID",
    ),
    ("the certificate of a name that is not asked has expired", {"down": ("expired:cert",)}, 200, ""),
    ("another host name", {"host": "api.example.com"}, 403, "APIGW_UNKNOWN_HOST"),
    (
        "an edge API's certificate is not in us-east-1",
        {
            "api": "protocol: REST\n    stages: [{name: p}]\n    domain: api.example.com\n    certificate: cert",
            "host": "api.example.com",
        },
        None,
        "TLS_CERTIFICATE_INVALID",
    ),
    (
        "the default endpoint is off",
        {"api": "protocol: HTTP\n    default_endpoint: false"},
        403,
        "APIGW_UNKNOWN_HOST",
    ),
]


@proves(
    "API Gateway answers each stop of a request with its own status: 400, 401, 403, 404, 413, 429, 500, 502, 504",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Gateway response types'; Lambda Developer Guide, 'Handling errors with an "
    "API Gateway API'; quotas; facts api_gateway-e400-01 to e504-01, api_gateway-timeout-01",
)
@pytest.mark.parametrize(("arguments", "status", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_status_of_a_request(arguments: dict[str, object], status: int | None, code: str) -> None:
    found = traced(**arguments)  # type: ignore[arg-type]
    assert found.status == status
    assert [blocker.code for blocker in found.blockers] == ([code] if code else [])
    assert found.verdict is (Verdict.BLOCKED if code else Verdict.REACHABLE)


@proves(
    "An API key of a usage plan is wanted where a method says so, and the plan's limit holds",
    area="API Gateway",
    source="facts api_gateway_usage_plan-key-01, api_gateway_usage_plan-plan-01",
)
@pytest.mark.parametrize(
    ("headers", "status", "share"),
    [
        ({}, 403, 0.0),
        ({"x-api-key": "other"}, 403, 0.0),
        ({"X-Api-Key": "abc"}, 429, 0.5),
        ({"x-api-key": "def"}, 200, 1),
    ],
)
def test_usage_plans(headers: dict[str, str], status: int, share: float) -> None:
    plans = "usage_plans: [{name: p, keys: [abc], throttle: {rate: 50}}, {name: q, keys: [def]}]"
    api = f"{REST % ''}\n    demand: 100\n    {plans}"
    found = traced(api=api, route="api_key_required: true", path="/prod/orders/7", headers=headers)
    assert (found.status, found.share) == (status, share)


@proves(
    "A canary gets its share of a stage's requests; a cache answers its hits without the integration",
    area="API Gateway",
    source="facts api_gateway_stage-canary-01, api_gateway_stage-cache-ttl-01",
)
def test_canary_and_cache_part_the_requests() -> None:
    canary = REST % ", canary: {percent: 10%, instead: {orders: orders-2}}"
    found = traced(api=canary, path="/prod/orders/7")
    assert [(path.label, round(path.weight, 9), path.status) for path in found.paths] == [
        ("stage", 0.9, 200),
        ("canary", 0.1, 502),
    ]
    cached = REST % ", cache_size: 0.5, cache_hits: 80%"
    hits = traced(api=cached, path="/prod/orders/7", orders="outcome: raises")
    assert [(path.label, path.status) for path in hits.paths] == [("cache hit", 200), ("cache miss", 502)]
    assert hits.share == pytest.approx(0.8)
    missing = traced(api=REST % ", cache_hits: 80%", path="/prod/orders/7", orders="outcome: raises")
    assert missing.share == 0


@proves(
    "The most specific route decides: a literal part before a parameter, this before a greedy one, $default last",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Create routes for HTTP APIs'",
)
@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/orders/open", "/orders/open"),
        ("/orders/7", "/orders/{id}"),
        ("/orders/7/lines", "/orders/{rest+}"),
        ("/users", "$default"),
    ],
)
def test_the_most_specific_route_decides(path: str, route: str) -> None:
    paths = ("$default", "/orders/{rest+}", "/orders/{id}", "/orders/open")
    found = traced(routes=", ".join(f"{{path: '{p}', to: orders}}" for p in paths), path=path)
    chosen = [step.decided_by.text for hop in found.forward for step in hop.steps if step.decided_by and step.lost]
    assert chosen == [f"ANY {route}"]


@proves(
    "A private API is called by an interface endpoint for execute-api and needs a resource policy; by the endpoint's "
    "private DNS no public API can be called",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Private REST APIs in API Gateway'; fact api_gateway-private-01",
)
@pytest.mark.parametrize(
    ("api", "code"),
    [
        (
            "endpoint: private, policy: {Statement: [{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}]}",
            "",
        ),
        ("endpoint: private", "APIGW_WITHOUT_POLICY"),
        ("endpoint: regional", "APIGW_NOT_PRIVATE"),
    ],
)
def test_private_apis(api: str, code: str) -> None:
    text = f"""
blueprint: Private
region: eu-west-1
components:
  vpc: {{kind: vpc, cidr: 10.0.0.0/16, dns_hostnames: true}}
  a: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}}
  sg: {{kind: security_group, vpc: vpc, ingress: [{{port: 443, from: self}}]}}
  gate: {{kind: interface_endpoint, vpc: vpc, service: execute-api, subnets: [a], security_groups: [sg]}}
  server: {{kind: ec2, subnet: a, security_groups: [sg]}}
  api: {{kind: api_gateway, {api}, stages: [{{name: prod}}], routes: [{{path: /ping}}]}}
journeys: []
"""
    url = "https://api.execute-api.eu-west-1.amazonaws.com/prod/ping"
    found = trace(compile_world(loads(text, registry()).blueprint), Request.make("server", url))
    assert [blocker.code for blocker in found.blockers] == ([code] if code else [])
    assert found.status == (403 if code else 200)


def test_plain_http_is_refused_with_the_ports_that_answer() -> None:
    text = _DESIGN.format(api="protocol: HTTP", routes=_ROUTES % "", orders="", guard="")
    request = Request.make("internet", "http://api.execute-api.eu-west-1.amazonaws.com/orders/7")
    found = trace(compile_world(loads(text, registry()).blueprint), request)
    assert found.verdict is Verdict.BLOCKED
    assert any("answers on tcp 443 alone" in blocker.message for blocker in found.blockers)
