"""The HTTP statuses that load balancers give: what makes them, and the same design without it."""

from __future__ import annotations

from archtui.trace.request import Request
from archtui.world.steps import Verdict
from tests.matrix.case import Area, Expected, MatrixCase
from tests.network.codes.case import edited

ROWS: dict[Area, tuple[str, ...]] = {"HTTP status": ("ALB 502", "ALB 503", "ALB 504")}

_PAGE = "ALB guide, 'Troubleshoot your Application Load Balancers'"
_GET = Request.make("internet", "lb", protocol="http")

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
  web: {kind: ec2, subnet: sa, security_groups: [inner], listens: [{port: 80, protocol: http}]}
  group: {kind: target_group, vpc: v, targets: [web]}
  lb: {kind: alb, subnets: [sa], security_groups: [open], listeners: [{port: 80, forward: group}]}
"""
_WELL = Expected(status=200, shares={"web": 1.0})


def _status(status: int, old: str, new: str, expected: Expected, source: str) -> tuple[MatrixCase, MatrixCase]:
    row, said = f"ALB {status}", f"{_PAGE}, {source}"
    return (
        MatrixCase("HTTP status", row, True, edited(_DESIGN, old, new), _GET, expected, said),
        MatrixCase("HTTP status", row, False, _DESIGN, _GET, _WELL, said),
    )


CASES = (
    *_status(
        502,
        "listens: [{port: 80, protocol: http}]",
        "listens: [{port: 81, protocol: http}]",
        Expected(Verdict.BLOCKED, 502, code="CONNECTION_REFUSED"),
        "'HTTP 502: Bad gateway': a TCP RST from the target",
    ),
    *_status(
        503,
        "targets: [web]",
        "targets: []",
        Expected(Verdict.BLOCKED, 503, code="ELBV2_LISTENER_HAS_NO_TG"),
        "'HTTP 503: Service unavailable': no registered targets",
    ),
    *_status(
        504,
        "ingress: [{protocol: tcp, port: 80, from: open}]",
        "ingress: []",
        Expected(Verdict.BLOCKED, 504, code="SG_HAS_NO_RULES"),
        "'HTTP 504: Gateway timeout': the connection is not established in time",
    ),
)
