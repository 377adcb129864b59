"""The HTTP statuses that load balancers give: what makes them, and the same design without it."""

from __future__ import annotations

from archtui.trace.request import Request
from archtui.world.steps import Verdict
from tests.matrix.case import Area, Expected, MatrixCase
from tests.network.codes.case import edited

_PAGE = "ALB guide, 'Troubleshoot your Application Load Balancers'"

_DESIGN = """
blueprint: statuses
region: eu-west-1
components:
  v: {kind: vpc, cidr: 10.0.0.0/16}
  igw: {kind: internet_gateway, vpc: v}
  out: {kind: route_table, vpc: v, main: true, routes: [{to: 0.0.0.0/0, via: igw}]}
  sa: {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24}
  open: {kind: security_group, vpc: v, ingress: [{protocol: all, from: 0.0.0.0/0}]}
  inner: {kind: security_group, vpc: v, ingress: [{protocol: tcp, port: 80, from: open}]}
  web: {kind: ec2, subnet: sa, security_groups: [inner], listens: [{port: 80, protocol: http, takes: 2s}]}
  fn: {kind: lambda_function, duration: 1s}
  group: {kind: target_group, vpc: v, protocol: HTTP, targets: [web]}
  calls: {kind: target_group, target_type: lambda, targets: [fn]}
  cert: {kind: certificate, domain: "*.example.com"}
  acl: {kind: web_acl, protects: [lb], default_action: allow, rules: []}
  lb: {kind: alb, idle_timeout: 60s, desync: defensive, waf_fail_open: false, subnets: [sa], security_groups: [open],
    listeners: [
      {port: 80, forward: group, rules: [{priority: 1, path: [/fn/*], forward: calls}]},
      {port: 443, certificate: cert, forward: group, rules: [{priority: 1, path: [/in/*, /oauth2/*], forward: group,
        authenticate_oidc: {on_unauthenticated: authenticate, authorization_endpoint: "https://idp.example.net/a",
          token_endpoint: "https://idp.example.net/t", user_info_endpoint: "https://idp.example.net/u"}}]}]}
  zone: {kind: hosted_zone, name: example.com}
  shop: {kind: record, zone: zone, name: shop, alias: lb}
  person: {kind: client, timeout: 5s, pause: 0s}
"""
_HOST = "shop.example.com"


def _get(path: str = "/", scheme: str = "http", **more: object) -> Request:
    return Request.make("person", f"{scheme}://{_HOST}{path}", **more)  # type: ignore[arg-type]


_PLAIN = _get()


def _blocked(status: int, code: str) -> Expected:
    return Expected(Verdict.BLOCKED, status, code, shares={"web": 0.0})


def _ended(status: int, code: str) -> Expected:
    """Return the end of a request that comes to the target and fails there."""
    return Expected(Verdict.BLOCKED, status, code)


_WELL = Expected(status=200, shares={"web": 1.0})
_RUNS = Expected(status=200, shares={"fn": 1.0})


def _case(status: int, takes: bool, design: str, request: Request, expected: Expected, source: str) -> MatrixCase:
    return MatrixCase("HTTP status", f"ALB {status}", takes, design, request, expected, f"{_PAGE}, {source}")


def _by_request(
    status: int, code: str, asked: Request, source: str, other: Request = _PLAIN, well: Expected = _WELL
) -> tuple[MatrixCase, MatrixCase]:
    """Return the cases of a request that the balancer answers with ``status`` and of one that it does not."""
    taken = _case(status, True, _DESIGN, asked, _blocked(status, code), source)
    return taken, _case(status, False, _DESIGN, other, well, source)


def _by_design(
    status: int, code: str, old: str, new: str, source: str, asked: Request = _PLAIN, well: Expected = _WELL
) -> tuple[MatrixCase, MatrixCase]:
    """Return the cases of a design in which a request ends with ``status`` and of the one in which it does not."""
    taken = _case(status, True, edited(_DESIGN, old, new), asked, _ended(status, code), source)
    return taken, _case(status, False, _DESIGN, asked, well, source)


def _target_answers(status: int) -> tuple[MatrixCase, MatrixCase]:
    """Return the cases of a target that answers ``status`` itself, which the balancer passes on as it is."""
    paths = f"takes: 2s, paths: {{/: 200, /odd: {status}}}"
    design = edited(_DESIGN, "takes: 2s", paths)
    source = "'A target generates an HTTP error'"
    return (
        _case(status, True, design, _get("/odd"), _ended(status, "HTTP_ERROR_STATUS"), source),
        _case(status, False, design, _PLAIN, _WELL, source),
    )


_CALLBACK = "/oauth2/idpresponse"
_SIGNED = _get("/in/x", "https", headers={"Cookie": "AWSELBAuthSessionCookie-0=x"})
_REDIRECTED = "port: 80, redirect: {{host: www.example.org, status: {status}}}, rules"
_FUNCTION = _get("/fn/x")

CASES = (
    *(
        case
        for status in (301, 302)
        for case in (
            MatrixCase(
                "HTTP status",
                f"ALB {status}",
                True,
                edited(_DESIGN, "port: 80, forward: group, rules", _REDIRECTED.format(status=status)),
                _PLAIN,
                Expected(Verdict.UNKNOWN, code="ELBV2_REDIRECT", gives=status, shares={"web": 0.0}),
                "ALB guide, 'Redirect actions'",
            ),
            MatrixCase("HTTP status", f"ALB {status}", False, _DESIGN, _PLAIN, _WELL, "ALB guide, 'Redirect actions'"),
        )
    ),
    _case(
        302,
        True,
        _DESIGN,
        _get("/in/x", "https"),
        Expected(status=302, code="ELBV2_SIGN_IN", shares={"web": 0.0}),
        "'Authenticate users using an Application Load Balancer'",
    ),
    _case(302, False, _DESIGN, _SIGNED, _WELL, "'Authenticate users using an Application Load Balancer'"),
    *_by_request(400, "ELBV2_HEADER_TOO_LARGE", _get(headers={"X-Big": "x" * 17000}), "'HTTP 400: Bad request'"),
    *_by_request(400, "ELBV2_DESYNC", _get(headers={"Content-Length": "ten"}), "'Desync mitigation mode'"),
    _case(
        400,
        True,
        edited(_DESIGN, "desync: defensive", "desync: strictest"),
        _get(method="POST", headers={"Content-Length": "3", "Transfer-Encoding": "chunked"}),
        _blocked(400, "ELBV2_DESYNC"),
        "'Desync mitigation mode': ambiguous requests in the mode strictest",
    ),
    _case(
        400,
        False,
        _DESIGN,
        _get(method="POST", headers={"Content-Length": "3", "Transfer-Encoding": "chunked"}),
        _WELL,
        "'Desync mitigation mode': ambiguous requests in the mode defensive",
    ),
    *_by_request(400, "ELBV2_PROTOCOL_MISMATCH", Request.make("person", f"http://{_HOST}:443/"), "'HTTP 400'"),
    _case(
        400,
        True,
        _DESIGN,
        _get("/fn/x", headers={"Upgrade": "websocket"}),
        _blocked(400, "ELBV2_BAD_REQUEST"),
        "'Lambda functions as targets': upgrade requests are rejected with 400",
    ),
    _case(400, False, _DESIGN, _get(headers={"Upgrade": "websocket"}), _WELL, "'Lambda functions as targets'"),
    *(
        _case(
            status, takes, edited(_DESIGN, "on_unauthenticated: authenticate", "on_unauthenticated: deny"), asked, e, s
        )
        for status, takes, asked, e, s in (
            (401, True, _get("/in/x", "https"), _blocked(401, "ELBV2_UNAUTHENTICATED"), "'HTTP 401: Unauthorized'"),
            (401, False, _SIGNED, _WELL, "'HTTP 401: Unauthorized'"),
        )
    ),
    *_by_request(
        401,
        "ELBV2_UNAUTHENTICATED",
        _get(f"{_CALLBACK}?error=access_denied", "https"),
        "'HTTP 401: Unauthorized': the IdP denied access",
    ),
    *_by_design(
        403,
        "WAF_BLOCKED",
        "default_action: allow",
        "default_action: block",
        "'HTTP 403: Forbidden'",
    ),
    *_target_answers(404),
    *_by_request(405, "ELBV2_METHOD_NOT_ALLOWED", _get(method="TRACE"), "'HTTP 405: Method not allowed'"),
    *_by_design(408, "ELBV2_REQUEST_TIMEOUT", "pause: 0s", "pause: 61s", "'HTTP 408: Request timeout'"),
    *_target_answers(411),
    *_by_request(
        413,
        "ELBV2_BODY_TOO_LARGE",
        _get("/fn/x", method="POST", headers={"Content-Length": str(2**20 + 1)}),
        "'HTTP 413: Payload too large'",
        _get("/fn/x", method="POST", headers={"Content-Length": str(2**20)}),
        _RUNS,
    ),
    *_by_request(414, "ELBV2_URI_TOO_LONG", _get("/?" + "q" * 17000), "'HTTP 414: URI too long'"),
    *_target_answers(431),
    *_by_design(460, "ELBV2_CLIENT_CLOSED", "takes: 2s", "takes: 6s", "'HTTP 460'"),
    *_by_request(
        463,
        "ELBV2_TOO_MANY_FORWARDED",
        _get(headers={"X-Forwarded-For": ", ".join(["198.51.100.1"] * 31)}),
        "'HTTP 463'",
        _get(headers={"X-Forwarded-For": ", ".join(["198.51.100.1"] * 30)}),
    ),
    *_by_design(
        464, "ELBV2_PROTOCOL_VERSION", "protocol: HTTP, targets", "protocol_version: HTTP2, targets", "'HTTP 464'"
    ),
    *_by_request(464, "ELBV2_PROTOCOL_VERSION", _get(headers={"Content-Type": "application/grpc"}), "'HTTP 464'"),
    MatrixCase(
        "HTTP status",
        "ALB 500",
        True,
        _DESIGN,
        _PLAIN,
        _blocked(500, "ELBV2_WAF_UNAVAILABLE"),
        f"{_PAGE}, 'HTTP 500: Internal server error'",
        ("acl",),
    ),
    MatrixCase(
        "HTTP status",
        "ALB 500",
        False,
        edited(_DESIGN, "waf_fail_open: false", "waf_fail_open: true"),
        _PLAIN,
        _WELL,
        "ALB guide, 'Application Load Balancers and AWS WAF' (WAF fail open)",
        ("acl",),
    ),
    _case(
        500,
        True,
        edited(_DESIGN, "security_groups: [open],\n    listeners", "security_groups: [inward],\n    listeners")
        + "  inward: {kind: security_group, vpc: v, ingress: [{protocol: all, from: 0.0.0.0/0}], egress: []}\n",
        _get(f"{_CALLBACK}?code=x&state=y", "https"),
        Expected(Verdict.BLOCKED, 500),
        "'HTTP 500': the load balancer is unable to communicate with the IdP token endpoint",
    ),
    _case(
        500,
        False,
        _DESIGN,
        _get(f"{_CALLBACK}?code=x&state=y", "https"),
        Expected(status=302, code="ELBV2_SIGN_IN"),
        "'HTTP 500': the load balancer is unable to communicate with the IdP token endpoint",
    ),
    *_by_request(
        501, "ELBV2_TRANSFER_ENCODING", _get(headers={"Transfer-Encoding": "gzip"}), "'HTTP 501: Not implemented'"
    ),
    *_by_design(
        502,
        "CONNECTION_REFUSED",
        "listens: [{port: 80, protocol: http, takes: 2s}]",
        "listens: [{port: 81, protocol: http}]",
        "'HTTP 502: Bad gateway': a TCP RST from the target",
    ),
    *_by_design(502, "HTTP_MALFORMED", "takes: 2s", "malformed: true", "'HTTP 502: Bad gateway': malformed response"),
    *_by_design(
        502,
        "CONNECTION_REFUSED",
        "protocol: HTTP, targets",
        "protocol: HTTPS, port: 80, targets",
        "'HTTP 502: Bad gateway': an SSL handshake error when connecting to a target",
    ),
    *_by_design(
        502, "LAMBDA_TIMEOUT", "duration: 1s", "duration: 4s", "'HTTP 502': the function timed out", _FUNCTION, _RUNS
    ),
    *_by_design(
        502,
        "LAMBDA_MALFORMED_RESPONSE",
        "duration: 1s",
        "outcome: malformed",
        "'HTTP 502': the response is malformed",
        _FUNCTION,
        _RUNS,
    ),
    *_by_design(
        502,
        "LAMBDA_THROTTLED",
        "duration: 1s",
        "reserved_concurrency: 0",
        "'HTTP 502': the function was throttled",
        _FUNCTION,
        _RUNS,
    ),
    *_by_design(
        503,
        "ELBV2_LISTENER_HAS_NO_TG",
        "targets: [web]",
        "targets: []",
        "'HTTP 503: Service unavailable': no registered targets",
    ),
    *_by_design(
        503,
        "ELBV2_LISTENER_HAS_NO_TG",
        "targets: [web]",
        "targets: [{id: web, health: draining}]",
        "'HTTP 503: Service unavailable': all targets are leaving",
    ),
    *_by_design(
        504,
        "SG_HAS_NO_RULES",
        "ingress: [{protocol: tcp, port: 80, from: open}]",
        "ingress: []",
        "'HTTP 504: Gateway timeout': the connection is not established in time",
    ),
    *_by_design(
        504,
        "ELBV2_IDLE_TIMEOUT",
        "idle_timeout: 60s",
        "idle_timeout: 1s",
        "'HTTP 504: Gateway timeout': the target did not respond before the idle timeout period elapsed",
    ),
    *_by_request(505, "ELBV2_HTTP_VERSION", _get(http_version="2"), "'HTTP 505: Version not supported'"),
    *_by_request(
        561,
        "ELBV2_IDP_ERROR",
        _get(f"{_CALLBACK}?error=server_error", "https"),
        "'HTTP 561: Unauthorized': the IdP returned an error code",
    ),
)

ROWS: dict[Area, tuple[str, ...]] = {
    "HTTP status": tuple(
        f"ALB {status}"
        for status in (
            *(301, 302, 400, 401, 403, 404, 405, 408, 411, 413, 414, 431, 460, 463, 464),
            *(500, 501, 502, 503, 504, 505, 561),
        )
    )
}
