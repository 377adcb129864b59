"""Reason codes of IPv6: gateways that pass one direction, filters by family, NAT64."""

from __future__ import annotations

from archtui.network.flow import Flow
from tests.network.codes.case import CodeCase

_DUAL = """
blueprint: Two hosts over IPv6
region: eu-west-1
components:
  v: {kind: vpc, cidr: 10.0.0.0/16, ipv6_cidr: "2001:db8:0:100::/56"}
  igw: {kind: internet_gateway, vpc: v}
  out: {kind: egress_only_internet_gateway, vpc: v}
  pub: {kind: route_table, vpc: v, routes: [{to: "::/0", via: igw}, {to: 0.0.0.0/0, via: igw}]}
  priv: {kind: route_table, vpc: v, routes: [{to: "::/0", via: out}, {to: "64:ff9b::/96", via: nat}]}
  sa: {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, ipv6_cidr: "2001:db8:0:100::/64", route_table: pub}
  sb: {kind: subnet, vpc: v, az: a, cidr: "2001:db8:0:101::/64", route_table: priv}
  eip: {kind: elastic_ip, address: 198.51.100.7}
  nat: {kind: nat_gateway, subnet: sa, elastic_ip: eip}
  sg: {kind: security_group, vpc: v, ingress: [{protocol: all, from: "::/0"}]}
  a: {kind: ec2, subnet: sa, security_groups: [sg], ipv6_addresses: ["2001:db8:0:100::10"]}
  b: {kind: ec2, subnet: sb, security_groups: [sg], ipv6_addresses: ["2001:db8:0:101::10"]}
"""

CASES: tuple[CodeCase, ...] = (
    CodeCase(
        "EIGW_UNSOLICITED_INBOUND",
        "An egress-only internet gateway lets nobody outside open a connection over IPv6.",
        "VPC User Guide, 'Egress-only internet gateways'",
        _DUAL,
        Flow("2001:db8:ffff::1", "b", "tcp", 443),
        _DUAL.replace("via: out", "via: igw"),
    ),
    CodeCase(
        "NO_COMMON_ADDRESS_FAMILY",
        "A host without IPv4 cannot send to an IPv4 address; through NAT64 it names it by an IPv6 one.",
        "VPC User Guide, 'DNS64 and NAT64'",
        _DUAL,
        Flow("b", "203.0.113.9", "tcp", 443),
        _DUAL,
        Flow("b", "64:ff9b::cb00:7109", "tcp", 443),
    ),
    CodeCase(
        "PROTOCOL_RESTRICTION",
        "A NAT gateway takes IPv6 packets to 64:ff9b::/96 alone.",
        "VPC User Guide, 'DNS64 and NAT64'",
        _DUAL.replace("via: out", "via: nat"),
        Flow("b", "2001:db8:ffff::1", "tcp", 443),
        _DUAL,
    ),
    CodeCase(
        "ENI_SG_RULES_MISMATCH",
        "A rule for 0.0.0.0/0 lets no IPv6 packet in.",
        "VPC User Guide, 'Security group rules'",
        _DUAL.replace('from: "::/0"', "from: 0.0.0.0/0"),
        Flow("a", "b", "tcp", 443),
        _DUAL,
    ),
    CodeCase(
        "NO_ROUTE_TO_DESTINATION",
        "A route to 0.0.0.0/0 carries no IPv6 packet.",
        "VPC User Guide, 'Route tables': IPv4 and IPv6 traffic are treated separately",
        _DUAL.replace('{to: "::/0", via: out}, ', ""),
        Flow("b", "2001:db8:ffff::1", "tcp", 443),
        _DUAL,
    ),
    CodeCase(
        "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
        "Private IPv6 addresses have no way to the internet: no gateway translates them.",
        "VPC User Guide, 'IP addressing for your VPCs and subnets': private IPv6 addresses",
        _DUAL.replace('100::/56"}', '100::/56", ipv6_pool: private}'),
        Flow("a", "2001:db8:ffff::1", "tcp", 443),
        _DUAL,
    ),
)
