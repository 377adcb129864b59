"""Small designs around a function that answers a web request: what the cases of stores have in common."""

from __future__ import annotations

from archtui.trace.request import Request
from tests.matrix.case import Expected

URL = "https://fn.lambda-url.eu-west-1.on.aws/"
CALL = Request.make("internet", URL)
POST = Request.make("internet", URL, method="POST")
HEAD = 'blueprint: stores\nregion: eu-west-1\naccount: "111122223333"\ncomponents:\n'
VPC = """\
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}
  b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24}
  main: {kind: route_table, vpc: vpc, main: true}
  sg: {kind: security_group, vpc: vpc, ingress: [{port: all, protocol: tcp, from: self}]}
"""
INSIDE = VPC + "  fn: {kind: lambda_function, url: {auth: NONE}, subnets: [a, b], security_groups: [sg]%s}\n"
PLACE = "subnets: [a, b], security_groups: [sg]"
OUTSIDE = "  fn: {kind: lambda_function, url: {auth: NONE}%s}\n"


def design(components: str, *links: str) -> str:
    """Return a blueprint; a link is written ``FROM TO`` and what else it says."""
    listed = "".join(f"  - {{from: {a}, to: {b}{more}}}\n" for a, b, more in map(_parts, links))
    return f"{HEAD}{components}links:{' []' if not links else ''}\n{listed}"


def _parts(link: str) -> tuple[str, str, str]:
    source, target, *more = link.split(" ", 2)
    return source, target, f", {more[0]}" if more else ""


def met(**shares: float) -> Expected:
    return Expected(shares=shares)


def table(settings: str) -> str:
    table = f"  items: {{kind: dynamodb_table{settings}}}\n"
    worker = "  x: {kind: lambda_function, event_sources: [{source: items}]}\n"
    return design(OUTSIDE % "" + table + worker, 'fn items action: "dynamodb:PutItem"')
