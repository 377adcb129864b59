"""Filters, routes, states and destinations of one VPC."""

from __future__ import annotations

from archtui.network.flow import Flow
from archtui.world.condition import Condition
from archtui.world.steps import Verdict
from tests.network.codes.case import CodeCase, edited

_CODES_PAGE = "VPC Reachability Analyzer guide, 'Explanation codes'"
_GROUPS_PAGE = "VPC User Guide, 'Security group rules'"
_ACL_PAGE = "VPC User Guide, 'Network ACL rules'"
_ROUTES_PAGE = "VPC User Guide, 'Route priority'"

_VPC = """\
blueprint: One VPC
version: 1
region: eu-west-1
components:
  v:    {kind: vpc, cidr: 10.0.0.0/16}
  igw:  {kind: internet_gateway, vpc: v}
  pub:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: igw}]}
  priv: {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: nat}]}
  sa:   {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, route_table: pub}
  sb:   {kind: subnet, vpc: v, az: b, cidr: 10.0.1.0/24, route_table: priv, nacl: acl}
  acl:
    kind: network_acl
    vpc: v
    ingress: [{rule: 100, action: allow, protocol: all, from: 0.0.0.0/0}]
    egress: [{rule: 100, action: allow, protocol: tcp, port: 1024-65535, to: 0.0.0.0/0}]
  eip:  {kind: elastic_ip, address: 198.51.100.7}
  nat:  {kind: nat_gateway, subnet: sa, elastic_ip: eip}
  sga:  {kind: security_group, vpc: v, ingress: [{port: 22, from: 0.0.0.0/0}]}
  sgb:  {kind: security_group, vpc: v, ingress: [{port: 80, from: sga}]}
  a:    {kind: ec2, subnet: sa, security_groups: [sga], private_ip: 10.0.0.10, public_ip: 198.51.100.10}
  b:    {kind: ec2, subnet: sb, security_groups: [sgb], private_ip: 10.0.1.10}
"""
_NEIGHBOURS = edited(
    _VPC,
    "  b:    {",
    "  c:    {kind: ec2, subnet: sa, security_groups: [sgb], private_ip: 10.0.0.11, public_ip: 198.51.100.11}\n"
    "  b:    {",
)
_WEB = Flow("a", "b", "tcp", 80)
_OUT = Flow("b", "203.0.113.5", "tcp", 8443)
_EGRESS = "protocol: tcp, port: 1024-65535, to: 0.0.0.0/0"

CASES = (
    CodeCase(
        "SUBNET_ACL_RESTRICTION",
        "A network ACL keeps no state: the reply needs an outbound entry for the ephemeral ports.",
        _ACL_PAGE,
        edited(_VPC, _EGRESS, "protocol: tcp, port: 80, to: 0.0.0.0/0"),
        _WEB,
        _VPC,
    ),
    CodeCase(
        "SUBNET_ACL_RESTRICTION",
        "Entries of a network ACL are tried by number; the first that matches decides.",
        _ACL_PAGE,
        edited(
            _VPC,
            "ingress: [{rule: 100, action: allow, protocol: all, from: 0.0.0.0/0}]",
            "ingress: [{rule: 90, action: deny, protocol: tcp, port: 80, from: 10.0.0.0/24},"
            " {rule: 100, action: allow, protocol: all, from: 0.0.0.0/0}]",
        ),
        _WEB,
        edited(
            _VPC,
            "ingress: [{rule: 100, action: allow, protocol: all, from: 0.0.0.0/0}]",
            "ingress: [{rule: 110, action: deny, protocol: tcp, port: 80, from: 10.0.0.0/24},"
            " {rule: 100, action: allow, protocol: all, from: 0.0.0.0/0}]",
        ),
    ),
    CodeCase(
        "EPHEMERAL_PORTS_PARTLY_OPEN",
        "A client chooses its port itself: an ACL that admits a part of the ephemeral ports breaks some connections.",
        "VPC User Guide, 'Network ACLs', 'Ephemeral ports'",
        edited(_VPC, _EGRESS, "protocol: tcp, port: 50000-65535, to: 0.0.0.0/0"),
        _WEB,
        _VPC,
        verdict=Verdict.UNKNOWN,
    ),
    CodeCase(
        "ENI_SG_RULES_MISMATCH",
        "A security group admits what a rule names; another port is dropped.",
        _GROUPS_PAGE,
        _VPC,
        Flow("a", "b", "tcp", 443),
        _VPC,
        _WEB,
    ),
    CodeCase(
        "ENI_SG_RULES_MISMATCH",
        "With outbound rules of its own a security group lets out only what they name.",
        _GROUPS_PAGE,
        edited(_VPC, "ingress: [{port: 22, from: 0.0.0.0/0}]", "egress: [{port: 443, to: 0.0.0.0/0}]"),
        _WEB,
        edited(_VPC, "ingress: [{port: 22, from: 0.0.0.0/0}]", "egress: [{port: 80, to: 10.0.1.0/24}]"),
    ),
    CodeCase(
        "SG_HAS_NO_RULES",
        "A security group without rules for a direction lets nothing pass in it.",
        _GROUPS_PAGE,
        edited(_VPC, "ingress: [{port: 80, from: sga}]", "ingress: []"),
        _WEB,
        _VPC,
    ),
    CodeCase(
        "SG_REFERENCES_NOT_PRESERVED",
        "A rule that names a group stands for private addresses: what comes through the internet gateway has lost it.",
        "EC2 User Guide, 'Security group referencing'",
        _NEIGHBOURS,
        Flow("a", "198.51.100.11", "tcp", 80),
        _NEIGHBOURS,
        Flow("a", "10.0.0.11", "tcp", 80),
    ),
    CodeCase(
        "NO_ROUTE_TO_DESTINATION",
        "A route table without a row for the destination drops the packet.",
        _ROUTES_PAGE,
        edited(_VPC, "routes: [{to: 0.0.0.0/0, via: nat}]", "routes: []"),
        _OUT,
        _VPC,
    ),
    CodeCase(
        "NO_POSSIBLE_DESTINATION",
        "The local route wins inside the VPC's block; where nobody has the address nothing answers.",
        _ROUTES_PAGE,
        _VPC,
        Flow("a", "10.0.1.77", "tcp", 80),
        _VPC,
        Flow("a", "10.0.1.10", "tcp", 80),
    ),
    CodeCase(
        "BAD_STATE",
        "What is down passes and answers nothing.",
        _CODES_PAGE,
        _VPC,
        _OUT,
        _VPC,
        _WEB,
        condition=Condition(down=frozenset({"nat"})),
    ),
    CodeCase(
        "BAD_STATE_ROUTE",
        "A blackhole row wins like any other: a less specific row is not tried.",
        _ROUTES_PAGE,
        edited(
            _VPC,
            "routes: [{to: 0.0.0.0/0, via: nat}]",
            "routes: [{to: 0.0.0.0/0, via: nat}, {to: 203.0.113.0/24, via: blackhole}]",
        ),
        _OUT,
        edited(
            _VPC,
            "routes: [{to: 0.0.0.0/0, via: nat}]",
            "routes: [{to: 0.0.0.0/0, via: nat}, {to: 203.0.114.0/24, via: blackhole}]",
        ),
    ),
    CodeCase(
        "PROTOCOL_RESTRICTION",
        "A NAT gateway takes TCP, UDP and ICMP alone.",
        "VPC User Guide, 'NAT gateway basics'",
        edited(_VPC, _EGRESS, "protocol: all, to: 0.0.0.0/0"),
        Flow("b", "203.0.113.5", "47"),
        edited(_VPC, _EGRESS, "protocol: all, to: 0.0.0.0/0"),
        _OUT,
    ),
    CodeCase(
        "REMAP_EPHEMERAL_PORT",
        "A NAT gateway opens a connection of its own from a port of 1024-65535.",
        "VPC User Guide, 'NAT gateway basics'",
        _VPC,
        _OUT,
        _VPC,
        _WEB,
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "NGW_UNSOLICITED_INBOUND",
        "A NAT gateway accepts no connection from outside.",
        "VPC User Guide, 'NAT gateways'",
        _VPC,
        Flow("internet", "198.51.100.7", "tcp", 22),
        _VPC,
        Flow("internet", "198.51.100.10", "tcp", 22),
    ),
    CodeCase(
        "REPLY_FROM_OTHER_ADDRESS",
        "A reply that would leave by a NAT gateway carries the NAT gateway's address, and the client drops it.",
        "VPC User Guide, 'NAT gateway basics' (measured too)",
        edited(_VPC, "private_ip: 10.0.1.10}", "private_ip: 10.0.1.10, public_ip: 198.51.100.11}"),
        Flow("internet", "198.51.100.11", "tcp", 80),
        _VPC,
        Flow("internet", "198.51.100.10", "tcp", 22),
    ),
    CodeCase(
        "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
        "An internet gateway drops what comes from an address without a public one.",
        "VPC User Guide, 'Internet gateways'",
        edited(_VPC, ", public_ip: 198.51.100.10}", "}"),
        Flow("a", "203.0.113.5", "tcp", 443),
        _VPC,
    ),
    CodeCase(
        "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
        "From outside nobody reaches what has no public address.",
        "VPC User Guide, 'Internet gateways'",
        edited(_VPC, ", public_ip: 198.51.100.10}", "}"),
        Flow("internet", "a", "tcp", 22),
        _VPC,
    ),
    CodeCase(
        "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS",
        "An internet gateway drops packets for private addresses.",
        _CODES_PAGE,
        _VPC,
        Flow("a", "192.168.7.7", "tcp", 443),
        _VPC,
        Flow("a", "203.0.113.5", "tcp", 443),
    ),
    CodeCase(
        "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS",
        "An internet gateway drops packets for the shared addresses 100.64.0.0/10.",
        _CODES_PAGE,
        _VPC,
        Flow("a", "100.64.7.7", "tcp", 443),
        _VPC,
        Flow("a", "203.0.113.5", "tcp", 443),
    ),
)
