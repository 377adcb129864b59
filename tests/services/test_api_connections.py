"""APIs: WebSocket connections, private integrations, custom domains, tokens and who may call."""

from __future__ import annotations

import base64
import json

import pytest

from archtui.model.errors import InputError
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.traced import NETWORK, codes_of, later, world_of

_OWN = "https://api.execute-api.eu-west-1.amazonaws.com"


def ask(components: str, path: str, *links: str, condition: Condition = HEALTHY, **more: object) -> Trace:
    settings = {"method": "GET"} | more
    world = world_of(components, *links)
    origin = str(settings.pop("origin", "internet"))
    target = path if "://" in path else f"{_OWN}{path}"
    return trace(world, Request.make(origin, target, **settings), condition)  # type: ignore[arg-type]


_CHAT = """
  api: {{kind: api_gateway, protocol: WEBSOCKET, stages: [{{name: p}}]{more}, routes: [{routes}]}}
  enter: {{kind: lambda_function}}
  leave: {{kind: lambda_function}}
  send: {{kind: lambda_function}}
  rest: {{kind: lambda_function}}
  broken: {{kind: lambda_function, outcome: raises}}
"""
_ALL = "{path: $connect, to: enter}, {path: $disconnect, to: leave}, {path: send, to: send}, {path: $default, to: rest}"


@proves(
    "A WebSocket API opens a connection by $connect, chooses a message's route by the field of its route selection "
    "expression or $default, and tells $disconnect afterwards",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Manage connected users and client apps: $connect and $disconnect routes', "
    "'Invoke your backend integration with the $default Route and custom routes'",
)
@pytest.mark.parametrize(
    ("method", "path", "routes", "status", "reached", "after"),
    [
        ("GET", "/p", _ALL, 101, {"enter"}, []),
        ("GET", "/p", "{path: send, to: send}", 101, set(), []),
        ("GET", "/p", "{path: $connect, to: broken}", 502, {"broken"}, []),
        ("POST", "/p?action=send", _ALL, 200, {"send"}, []),
        ("POST", "/p?action=other", _ALL, 200, {"rest"}, []),
        ("POST", "/p", _ALL, 200, {"rest"}, []),
        ("POST", "/p?action=other", "{path: send, to: send}", 403, set(), []),
        ("DELETE", "/p", _ALL, 200, set(), [("api > leave", 1.0)]),
        ("DELETE", "/p", "{path: send, to: send}", 200, set(), []),
    ],
)
def test_websocket_routes(
    method: str, path: str, routes: str, status: int, reached: set[str], after: list[tuple[str, float]]
) -> None:
    found = ask(_CHAT.format(more="", routes=routes), path, method=method)
    assert found.status == status
    assert {hop.component for hop in found.forward} & {"enter", "send", "rest", "leave", "broken"} == reached
    assert later(found) == after


@proves(
    "API Gateway closes a WebSocket connection after 10 minutes of silence and after 2 hours, and takes messages of "
    "128 KB",
    area="API Gateway",
    source="API Gateway quotas, 'Quotas for configuring and running a WebSocket API'",
)
def test_the_limits_of_a_connection() -> None:
    silent = _CHAT.format(more=", sessions: {silence: %s, length: %s}", routes=_ALL)
    assert codes_of(ask(silent % ("11m", "1h"), "/p?action=send", method="POST")) == ["APIGW_CONNECTION_IDLE"]
    assert codes_of(ask(silent % ("9m", "1h"), "/p?action=send", method="POST")) == []
    warned = ask(silent % ("9m", "3h"), "/p")
    assert [warning.code for warning in warned.warnings] == ["APIGW_CONNECTION_ENDS"]
    assert ask(silent % ("9m", "2h"), "/p").warnings == ()
    plain = _CHAT.format(more="", routes=_ALL)
    large = ask(plain, "/p?action=send", method="POST", headers={"Content-Length": "140000"})
    assert (large.status, codes_of(large)) == (413, ["APIGW_REQUEST_TOO_LARGE"])


def test_only_the_opening_of_a_connection_is_authorized() -> None:
    auth = ", authorizers: [{name: a, type: LAMBDA, function: rest, sources: [query.token]}]"
    text = _CHAT.format(more=auth, routes="{path: $connect, to: enter, authorizer: a}, {path: send, to: send}")
    assert ask(text, "/p").status == 401
    assert ask(text, "/p?token=x").status == 101
    assert ask(text, "/p?action=send", method="POST").status == 200


@proves(
    "The backend sends to clients by @connections with IAM credentials",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Use @connections commands in your backend service'",
)
@pytest.mark.parametrize(("headers", "status"), [({}, 403), ({"Authorization": "AWS4-HMAC-SHA256 x"}, 200)])
def test_messages_to_clients(headers: dict[str, str], status: int) -> None:
    found = ask(_CHAT.format(more="", routes=_ALL), "/p/@connections/abc", method="POST", headers=headers)
    assert found.status == status


_LINKED = """
  api: {{kind: api_gateway, protocol: {protocol}, stages: [{{name: p}}], routes: [{{path: /x, {route}}}]{link}}}
  link-sg: {{kind: security_group, vpc: vpc}}
  alb-sg: {{kind: security_group, vpc: vpc, ingress: [{{port: 80, from: link-sg}}]}}
  alb: {{kind: alb, scheme: internal, subnets: [app-a, app-b], security_groups: [alb-sg],
         listeners: [{{port: 80, protocol: HTTP, forward: web}}]}}
  web: {{kind: target_group, port: 80, protocol: HTTP, vpc: vpc, targets: [app]}}
  nlb: {{kind: nlb, scheme: internal, subnets: [app-a, app-b], cross_zone: true{nlb},
         listeners: [{{port: 80, protocol: TCP, forward: raw}}]}}
  raw: {{kind: target_group, port: 80, protocol: TCP, vpc: vpc, targets: [app]}}
"""
_BY_INTERFACES = ", vpc_link: {subnets: [app-a, app-b], security_groups: [link-sg]}"


def linked(protocol: str, route: str, link: str, condition: Condition = HEALTHY, nlb: str = "") -> Trace:
    text = NETWORK + _LINKED.format(protocol=protocol, route=route, link=link, nlb=nlb)
    return ask(text, "/p/x", condition=condition)


@proves(
    "A VPC link leads to private balancers: interfaces to an ALB or NLB, PrivateLink from a REST API to an NLB; "
    "without one a private backend is out of reach",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Create private integrations for HTTP APIs', 'Set up REST API private "
    "integrations', 'VPC links V1'",
)
@pytest.mark.parametrize(
    ("protocol", "route", "link", "status"),
    [
        ("HTTP", "to: alb", _BY_INTERFACES, 200),
        ("HTTP", "to: nlb", _BY_INTERFACES, 200),
        ("REST", "to: alb", _BY_INTERFACES, 200),
        ("REST", "to: nlb", ", vpc_link: {balancers: [nlb]}", 200),
        ("REST", "to: alb", ", vpc_link: {balancers: [nlb]}", 504),
        ("HTTP", "to: alb", "", 504),
        ("HTTP", "to: alb", ", vpc_link: {subnets: [app-a]}", 504),
        ("REST", "to: nlb", "", 504),
    ],
)
def test_private_integrations(protocol: str, route: str, link: str, status: int) -> None:
    found = linked(protocol, route, link)
    assert found.status == status
    assert found.reaches("app") is (Verdict.REACHABLE if status == 200 else Verdict.BLOCKED)


@proves(
    "A Network Load Balancer's security groups filter what comes by PrivateLink unless told not to",
    area="API Gateway",
    source="Network Load Balancer guide, 'Update the security groups for your Network Load Balancer' (PrivateLink)",
)
@pytest.mark.parametrize(("enforced", "status"), [("", 504), (", filter_private_link: false", 200)])
def test_security_groups_of_a_linked_balancer(enforced: str, status: int) -> None:
    found = linked("REST", "to: nlb", ", vpc_link: {balancers: [nlb]}", nlb=f", security_groups: [alb-sg]{enforced}")
    assert found.status == status


def test_a_vpc_link_is_one_thing() -> None:
    with pytest.raises(InputError, match="give either subnets or balancers"):
        linked("REST", "to: nlb", ", vpc_link: {subnets: [app-a], balancers: [nlb]}")


def test_a_vpc_link_goes_on_in_the_zone_that_is_left() -> None:
    lost = Condition(zones=frozenset({"eu-west-1b"}))
    assert linked("HTTP", "to: alb", _BY_INTERFACES, lost).status == 200
    assert linked("REST", "to: nlb", ", vpc_link: {balancers: [nlb]}", lost).status == 200


@proves(
    "An HTTP API reaches services registered in Cloud Map by its VPC link",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Create private integrations for HTTP APIs' (AWS Cloud Map)",
)
@pytest.mark.parametrize(("link", "verdict"), [(_BY_INTERFACES, Verdict.REACHABLE), ("", Verdict.UNKNOWN)])
def test_cloud_map(link: str, verdict: Verdict) -> None:
    text = (
        NETWORK.replace("cidr: 10.0.0.0/16}", "cidr: 10.0.0.0/16, dns_hostnames: true}")
        + f"""
  link-sg: {{kind: security_group, vpc: vpc}}
  names: {{kind: cloud_map_namespace, name: shop.internal, vpc: vpc}}
  recipe: {{kind: ecs_task_definition, listens: [{{port: 80, protocol: http}}]}}
  orders: {{kind: ecs_service, desired: 2, task_definition: recipe, subnets: [app-a, app-b], security_groups: [sg],
            namespace: names}}
  api: {{kind: api_gateway, protocol: HTTP, routes: [{{path: /x, uri: 'http://orders.shop.internal'}}]{link}}}
"""
    )
    assert ask(text, "/x").verdict is verdict


_MAPPED = """
  cert: {{kind: certificate, domain: api.example.com}}
  zone: {{kind: hosted_zone, name: example.com}}
  name: {{kind: record, zone: zone, name: api, alias: api}}
  a: {{kind: lambda_function}}
  b: {{kind: lambda_function}}
  api: {{kind: api_gateway, protocol: REST, endpoint: regional, domain: api.example.com, certificate: cert,
         stages: [{{name: v1}}, {{name: v2, instead: {{a: b}}}}], routes: [{{path: '/{{proxy+}}', to: a}}],
         mappings: [{mappings}]}}
  other: {{kind: api_gateway, protocol: HTTP, routes: [{{path: '/{{proxy+}}', to: b}}]}}
"""


@proves(
    "A custom domain leads to APIs and stages by the longest mapping of the path; what none is for gets 403",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Use API mappings to connect API stages to a custom domain name'",
)
@pytest.mark.parametrize(
    ("mappings", "path", "status", "reached"),
    [
        ("{stage: v1}", "/x", 200, {"a"}),
        ("{stage: v2}", "/x", 200, {"b"}),
        ("{stage: v3}", "/x", 403, set()),
        ("{path: orders, stage: v1}", "/x", 403, set()),
        ("{path: orders, stage: v1}", "/orders/x", 200, {"a"}),
        ("{stage: v1}, {path: orders, api: other}", "/orders/x", 200, {"b"}),
        ("{stage: v1}, {path: orders, api: other}, {path: orders/old, stage: v1}", "/orders/old/x", 200, {"a"}),
    ],
)
def test_mappings(mappings: str, path: str, status: int, reached: set[str]) -> None:
    found = ask(_MAPPED.format(mappings=mappings), f"https://api.example.com{path}")
    assert found.status == status
    assert {hop.component for hop in found.forward} & {"a", "b"} == reached


def token(**claims: object) -> dict[str, str]:
    parts = ({"alg": "RS256"}, claims)
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return {"Authorization": f"Bearer {head}.{body}.c2ln"}


_TOKENS = """
  users: {{kind: cognito_user_pool, clients: [web]}}
  fn: {{kind: lambda_function}}
  api: {{kind: api_gateway, protocol: HTTP, authorizers: [{{name: a, type: JWT, user_pool: users{more}}}],
         routes: [{{path: /x, to: fn, authorizer: a{route}}}]}}
"""


@proves(
    "A JWT authorizer refuses tokens for other clients (401) and without the route's scopes (403)",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Control access to HTTP APIs with JWT authorizers in API Gateway'",
)
@pytest.mark.parametrize(
    ("more", "route", "claims", "status"),
    [
        ("", "", {"aud": "web"}, 200),
        ("", "", {"client_id": "web"}, 200),
        ("", "", {"aud": ["web", "x"]}, 200),
        ("", "", {"aud": "other"}, 401),
        (", audience: [other]", "", {"aud": "other"}, 200),
        ("", ", scopes: [orders.read]", {"aud": "web", "scope": "openid orders.read"}, 200),
        ("", ", scopes: [orders.read]", {"aud": "web", "scope": "openid"}, 403),
        ("", ", scopes: [orders.read]", {"aud": "web"}, 403),
    ],
)
def test_tokens(more: str, route: str, claims: dict[str, object], status: int) -> None:
    found = ask(_TOKENS.format(more=more, route=route), "/x", headers=token(**claims))
    assert found.status == status


_GUARDED = """
  guard: {{kind: lambda_function{guard}}}
  fn: {{kind: lambda_function}}
  api: {{kind: api_gateway, protocol: REST, stages: [{{name: p}}],
         authorizers: [{{name: a, type: LAMBDA, function: guard{more}}}],
         routes: [{{path: /x, to: fn, authorizer: a}}]}}
"""


@proves(
    "A Lambda authorizer wants its identity sources (401), keeps decisions for a while, and fails with 500",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Use API Gateway Lambda authorizers', 'Configure an API Gateway Lambda "
    "authorizer'; fact api_gateway_authorizer-lambda-01",
)
def test_a_function_decides() -> None:
    sources = _GUARDED.format(guard="", more=", sources: [header.X-Key, querystring.user]")
    assert ask(sources, "/p/x").status == 401
    assert ask(sources, "/p/x?user=1").status == 401
    assert ask(sources, "/p/x", headers={"X-Key": "k"}).status == 401
    assert ask(sources, "/p/x?user=1", headers={"X-Key": "k"}).status == 200
    failing = _GUARDED.format(guard=", outcome: raises", more=", cached: 75%%{}".replace("%%", "%"))
    kept = ask(failing.replace("{}", ""), "/p/x", headers={"Authorization": "t"})
    assert [(path.label, path.status) for path in kept.paths] == [("decision known", 200), ("function asked", 500)]
    assert kept.share == pytest.approx(0.75)
    never = ask(failing.replace("{}", ", cache_ttl: 0s"), "/p/x", headers={"Authorization": "t"})
    assert never.share == 0


_TYPED = """
  jobs: {{kind: sqs_queue}}
  api: {{kind: api_gateway, stages: [{{name: p}}],
         routes: [{{path: /x, method: POST, to: jobs, action: 'sqs:SendMessage', integration: AWS{more}}}]}}
"""


@proves(
    "A body without a mapping template is handed on or refused with 415, as the passthrough behavior says",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Method request behavior for payloads without mapping templates'",
)
@pytest.mark.parametrize(
    ("more", "media", "status"),
    [
        ("", "text/xml", 200),
        (", templates: [application/json]", "text/xml", 200),
        (", templates: [application/json], passthrough: WHEN_NO_TEMPLATES", "text/xml", 415),
        (", passthrough: WHEN_NO_TEMPLATES", "text/xml", 200),
        (", templates: [application/json], passthrough: NEVER", "application/json; charset=utf-8", 200),
        (", templates: [application/json], passthrough: NEVER", None, 200),
        (", passthrough: NEVER", "application/json", 415),
    ],
)
def test_media_types(more: str, media: str | None, status: int) -> None:
    headers = {"Content-Type": media} if media else {}
    assert ask(_TYPED.format(more=more), "/p/x", method="POST", headers=headers).status == status


@proves(
    "Who asks past a stage's cache gets 403, the cached answer or the backend's, as the stage says",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Invalidate an API Gateway cache entry'; fact "
    "api_gateway_stage-cache-invalidate-01",
)
@pytest.mark.parametrize(
    ("setting", "labels"),
    [("REFUSE", [""]), ("WARN", ["cache hit", "cache miss"]), ("OPEN", [""])],
)
def test_invalidation(setting: str, labels: list[str]) -> None:
    text = f"""
  fn: {{kind: lambda_function}}
  api: {{kind: api_gateway, routes: [{{path: /x, to: fn}}],
         stages: [{{name: p, cache_size: 0.5, cache_hits: 50%, cache_invalidation: {setting}}}]}}
"""
    found = ask(text, "/p/x", headers={"Cache-Control": "max-age=0"})
    assert [path.label for path in found.paths] == labels
    assert found.status == (403 if setting == "REFUSE" else 200)
    assert len(ask(text, "/p/x").paths) == 2
    assert len(ask(text.replace("cache_size", "cache_ttl: 0s, cache_size"), "/p/x").paths) == 1


_POLICY = (
    "{{Statement: [{{Effect: {effect}, Principal: '*', Action: 'execute-api:Invoke', Resource: '{resource}'{more}}}]}}"
)
_OPEN = _POLICY.format(effect="Allow", resource="execute-api:/*", more="")
_PRIVATE = """
  vpc: {{kind: vpc, cidr: 10.0.0.0/16, dns_hostnames: true}}
  a: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}}
  sg: {{kind: security_group, vpc: vpc, ingress: [{{port: 443, from: self}}]}}
  gate: {{kind: interface_endpoint, vpc: vpc, service: execute-api, subnets: [a], security_groups: [sg]{gate}}}
  server: {{kind: ec2, subnet: a, security_groups: [sg]}}
  api: {{kind: api_gateway, endpoint: private, policy: {policy}, stages: [{{name: p}}], routes: [{{path: /x}}]}}
"""


@proves(
    "A private API answers those whom its resource policy and the endpoint's policy let in",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Private REST APIs in API Gateway', 'Use VPC endpoint policies for private "
    "APIs'; fact api_gateway-private-01",
)
@pytest.mark.parametrize(
    ("policy", "gate", "code"),
    [
        (_OPEN, "", ""),
        (_POLICY.format(effect="Allow", resource="execute-api:/p/GET/x", more=""), "", ""),
        (_POLICY.format(effect="Allow", resource="execute-api:/p/POST/x", more=""), "", "IAM_ANONYMOUS_DENY"),
        (
            _POLICY.format(effect="Allow", resource="*", more=", Condition: {StringEquals: {'aws:SourceVpce': gate}}"),
            "",
            "",
        ),
        (
            _POLICY.format(
                effect="Allow", resource="*", more=", Condition: {StringEquals: {'aws:SourceVpce': vpce-0123}}"
            ),
            "",
            "IAM_ANONYMOUS_DENY",
        ),
        (_POLICY.format(effect="Deny", resource="*", more=""), "", "IAM_EXPLICIT_DENY"),
        (_OPEN, f", policy: {_POLICY.format(effect='Deny', resource='*', more='')}", "ENDPOINT_POLICY_DENY"),
    ],
)
def test_policies_of_private_apis(policy: str, gate: str, code: str) -> None:
    found = ask(_PRIVATE.format(policy=policy, gate=gate), "/p/x", origin="server")
    assert codes_of(found) == ([code] if code else [])


_SIGNED = """
  may: {{kind: iam_role, policies: [{{Statement: [{{Effect: Allow, Action: 'execute-api:Invoke', Resource: '*'}}]}}]}}
  not: {{kind: iam_role, policies: [{{Statement: [{{Effect: Allow, Action: 's3:*', Resource: '*'}}]}}]}}
  caller: {{kind: lambda_function, role: {role}, url: {{auth: NONE}}}}
  api: {{kind: api_gateway, protocol: HTTP, authorizers: [{{name: a, type: IAM}}], routes: [{{path: /x{route}}}]}}
"""


@proves(
    "IAM authorization asks the caller's policies; a route without it asks nobody's",
    area="API Gateway",
    source="API Gateway Developer Guide, 'Control access to a REST API with IAM permissions'; fact "
    "api_gateway_authorizer-iam-01",
)
@pytest.mark.parametrize(
    ("role", "route", "code"),
    [
        ("may", ", authorizer: a", ""),
        ("not", ", authorizer: a", "IAM_IMPLICIT_DENY"),
        ("not", "", ""),
    ],
)
def test_iam_authorization(role: str, route: str, code: str) -> None:
    url = "https://caller.lambda-url.eu-west-1.on.aws/"
    found = ask(_SIGNED.format(role=role, route=route), url, "caller api")
    assert codes_of(found) == ([code] if code else [])


@proves(
    "An edge-optimized API is entered at the nearest edge location, a regional one in its region",
    area="API Gateway",
    source="facts api_gateway-edge-01, api_gateway-regional-01",
)
@pytest.mark.parametrize(("endpoint", "entered"), [("edge", True), ("regional", False)])
def test_where_a_request_enters(endpoint: str, entered: bool) -> None:
    found = ask(
        f"  api: {{kind: api_gateway, endpoint: {endpoint}, stages: [{{name: p}}], routes: [{{path: /x}}]}}", "/p/x"
    )
    said = [step.message for hop in found.forward for step in hop.steps if "edge location" in step.message]
    assert bool(said) is entered


def test_a_web_acl_looks_before_the_api() -> None:
    text = """
  api: {kind: api_gateway, endpoint: regional, stages: [{name: p}], routes: [{path: /x}]}
  shield: {kind: web_acl, protects: [api], rules: [{priority: 1, path: ['/p/x']}]}
"""
    found = ask(text, "/p/x")
    assert (found.status, codes_of(found)) == (403, ["WAF_BLOCKED"])
