"""Edges: what internet gateways, local routes and peerings refuse, and groups that a design does not hold."""

from __future__ import annotations

from archtui.network.flow import Flow
from archtui.world.steps import Verdict
from tests.network.codes.case import CodeCase, edited

_CODES_PAGE = "VPC Reachability Analyzer guide, 'Explanation codes'"
_PEERING_PAGE = "VPC Peering guide, 'How VPC peering connections work' (no transitive peering)"

_PUBLIC = """\
blueprint: A subnet at the internet
version: 1
region: eu-west-1
components:
  v:   {kind: vpc, cidr: 10.0.0.0/16}
  igw: {kind: internet_gateway, vpc: v}
  pub: {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: igw}]}
  sa:  {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, route_table: pub}
  sg:  {kind: security_group, vpc: v, ingress: [{protocol: all, from: any}]}
  a:   {kind: ec2, subnet: sa, security_groups: [sg], private_ip: 10.0.0.10, public_ip: 198.51.100.10}
  b:   {kind: ec2, subnet: sa, security_groups: [sg], private_ip: 10.0.0.11, public_ip: 198.51.100.11}
"""

_CHAIN = """\
blueprint: Three VPCs in a chain of peerings
version: 1
region: eu-west-1
components:
  v:    {kind: vpc, cidr: 10.0.0.0/16}
  w:    {kind: vpc, cidr: 10.1.0.0/16}
  x:    {kind: vpc, cidr: 10.2.0.0/16}
  vw:   {kind: vpc_peering_connection, requester: v, accepter: w}
  wx:   {kind: vpc_peering_connection, requester: w, accepter: x}
  rv:   {kind: route_table, vpc: v, routes: [{to: 10.1.0.0/16, via: vw}, {to: 10.2.0.0/16, via: vw}]}
  rw:   {kind: route_table, vpc: w, routes: [{to: 10.0.0.0/16, via: vw}, {to: 10.2.0.0/16, via: wx}]}
  rx:   {kind: route_table, vpc: x, routes: [{to: 10.1.0.0/16, via: wx}, {to: 10.0.0.0/16, via: wx}]}
  sv:   {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, route_table: rv}
  sw:   {kind: subnet, vpc: w, az: a, cidr: 10.1.0.0/24, route_table: rw}
  sx:   {kind: subnet, vpc: x, az: a, cidr: 10.2.0.0/24, route_table: rx}
  gv:   {kind: security_group, vpc: v, ingress: [{protocol: all, from: any}]}
  gw:   {kind: security_group, vpc: w, ingress: [{port: 443, from: gv}]}
  gx:   {kind: security_group, vpc: x, ingress: [{protocol: all, from: any}]}
  here: {kind: ec2, subnet: sv, security_groups: [gv]}
  next: {kind: ec2, subnet: sw, security_groups: [gw]}
  far:  {kind: ec2, subnet: sx, security_groups: [gx]}
"""
_TO_NEXT = Flow("here", "next", "tcp", 443)

CASES = (
    CodeCase(
        "IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS",
        "An internet gateway lets nothing in from a private address.",
        _CODES_PAGE,
        _PUBLIC,
        Flow("192.168.7.7", "a", "tcp", 443),
        _PUBLIC,
        Flow("203.0.113.7", "a", "tcp", 443),
    ),
    CodeCase(
        "IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS",
        "An internet gateway lets nothing in from the addresses that carriers share.",
        _CODES_PAGE,
        _PUBLIC,
        Flow("100.64.7.7", "a", "tcp", 443),
        _PUBLIC,
        Flow("100.128.7.7", "a", "tcp", 443),
    ),
    CodeCase(
        "VPC_LOCAL_ROUTE_CIDR_RESTRICTION",
        "The local route serves addresses of the VPC's own blocks alone.",
        _CODES_PAGE,
        _PUBLIC,
        Flow("a", "203.0.113.7", "tcp", 443),
        _CHAIN,
        Flow("far", "10.2.0.4", "tcp", 443),
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
        "A peering carries what is between its two VPCs alone, nothing to a third one behind.",
        _PEERING_PAGE,
        _CHAIN,
        Flow("here", "far", "tcp", 443),
        _CHAIN,
        _TO_NEXT,
    ),
    CodeCase(
        "UNKNOWN_PEERED_SGS",
        "A rule that names a group which the design does not hold leaves open whether its members are meant.",
        _CODES_PAGE,
        edited(_CHAIN, "{port: 443, from: gv}", "{port: 443, from: theirs}")
        + "  theirs: {kind: unmodelled, type: security_group}\n",
        _TO_NEXT,
        _CHAIN,
        verdict=Verdict.UNKNOWN,
    ),
)
