"""Reason codes of load balancers, NAT gateways and endpoints."""

from __future__ import annotations

from archtui.network.flow import Flow
from archtui.world.steps import Verdict
from tests.network.codes.case import CodeCase

_CODES = "VPC Reachability Analyzer guide, 'Explanation codes'"

_NET = """
blueprint: balance
region: eu-west-1
components:
  v: {kind: vpc, cidr: 10.0.0.0/16}
  igw: {kind: internet_gateway, vpc: v}
  pub: {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: igw}]}
  sa: {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, route_table: pub}
  sb: {kind: subnet, vpc: v, az: b, cidr: 10.0.1.0/24}
  sc: {kind: subnet, vpc: v, az: c, cidr: 10.0.2.0/24}
  open: {kind: security_group, vpc: v, ingress: [{protocol: all, from: 0.0.0.0/0}]}
  client: {kind: ec2, subnet: sa, security_groups: [open], private_ip: 10.0.0.10}
  one: {kind: ec2, subnet: sa, security_groups: [open], private_ip: 10.0.0.20}
  two: {kind: ec2, subnet: sb, security_groups: [open], private_ip: 10.0.1.20}
  three: {kind: ec2, subnet: sc, security_groups: [open]}
"""

_NLB = _NET + (
    "  tg: {kind: target_group, vpc: v, protocol: TCP, port: 80, targets: [one]}\n"
    "  nlb: {kind: nlb, scheme: internal, subnets: [sa], listeners: [{port: 80, forward: tg}]}\n"
)
_TO_NLB = Flow("client", "nlb", "tcp", 80)
_NLB_GUIDE = "Network Load Balancer guide"
_TARGETS = f"{_NLB_GUIDE}, 'Target groups for your Network Load Balancers'"

_TWO_GROUPS = _NLB.replace("forward: tg}", "forward: [tg, {target_group: tg2, weight: 1}]}") + (
    "  tg2: {kind: target_group, vpc: v, protocol: TCP, port: 80, targets: [one]}\n"
)

_NAT = _NET.replace("sb: {kind: subnet, vpc: v,", "sb: {kind: subnet, route_table: priv, vpc: v,") + (
    "  eip: {kind: elastic_ip}\n"
    "  nat: {kind: nat_gateway, subnet: sa, elastic_ip: eip}\n"
    "  priv: {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: nat}]}\n"
)
_PLAIN_OUT = _NAT.replace("via: nat", "via: igw").replace("two: {kind: ec2,", "two: {kind: ec2, public_ip: true,")
_OUT = Flow("two", "203.0.113.9", "tcp", 443)
_NAT_GUIDE = "VPC User Guide, 'NAT gateway basics'"

_REGIONAL = _NET.replace("sb: {kind: subnet, vpc: v,", "sb: {kind: subnet, route_table: priv, vpc: v,") + (
    "  nat: {kind: nat_gateway, availability_mode: regional, vpc: v, zones: [{az: a}]}\n"
    "  priv: {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: nat}]}\n"
)

_PEERED = _NAT.replace("via: nat}]}", "via: nat}, {to: 10.1.0.0/16, via: px}]}") + (
    "  w: {kind: vpc, cidr: 10.1.0.0/16}\n"
    "  far: {kind: route_table, vpc: w, routes: [{to: 0.0.0.0/0, via: px}, {to: 10.0.0.0/16, via: px}]}\n"
    "  sw: {kind: subnet, vpc: w, az: a, cidr: 10.1.0.0/24, route_table: far}\n"
    "  gw: {kind: security_group, vpc: w, ingress: [{protocol: all, from: 0.0.0.0/0}]}\n"
    "  host: {kind: ec2, subnet: sw, security_groups: [gw]}\n"
    "  px: {kind: vpc_peering_connection, requester: w, accepter: v}\n"
)

_S3 = _NET.replace("sb: {kind: subnet, vpc: v,", "sb: {kind: subnet, route_table: inner, vpc: v,") + (
    "  pl: {kind: prefix_list, name: com.amazonaws.eu-west-1.s3, cidrs: [52.218.0.0/17], aws_managed: true}\n"
    "  s3: {kind: gateway_endpoint, vpc: v, service: com.amazonaws.eu-west-1.s3, prefix_list: pl}\n"
    "  inner: {kind: route_table, vpc: v, routes: [{to: pl, via: s3}, {to: 198.51.100.0/24, via: s3}]}\n"
)
_S3_GUIDE = "AWS PrivateLink guide, 'Gateway endpoints'"

_LINK = _NLB.replace("subnets: [sa]", "subnets: [sa, sb], cross_zone: true") + (
    "  offer: {kind: privatelink, balancers: [nlb]}\n"
    "  w: {kind: vpc, cidr: 10.0.0.0/16}\n"
    "  wa: {kind: subnet, vpc: w, az: a, cidr: 10.0.0.0/24}\n"
    "  gw: {kind: security_group, vpc: w, ingress: [{protocol: all, from: 0.0.0.0/0}]}\n"
    "  user: {kind: ec2, subnet: wa, security_groups: [gw]}\n"
    "  ep: {kind: interface_endpoint, vpc: w, provider: offer, subnets: [wa], security_groups: [gw]}\n"
)
_LINK_GUIDE = "AWS PrivateLink guide, 'Concepts'"

_CLB = _NET + (
    "  clb: {kind: clb, scheme: internal, subnets: [sa], security_groups: [open], instances: [one], listeners: "
    "[{port: 25, protocol: TCP}]}\n"
)
_TO_CLB = Flow("client", "clb", "tcp", 25)
_CLB_GUIDE = "Classic Load Balancer guide"
_CLB_ACL = _CLB.replace("route_table: pub}", "route_table: pub, nacl: acl}") + (
    "  acl: {kind: network_acl, vpc: v, ingress: [{rule: 1, from: 0.0.0.0/0}], egress: "
    "[{rule: 1, protocol: tcp, port: 25, to: 0.0.0.0/0, action: ACTION}, {rule: 2, to: 0.0.0.0/0}]}\n"
)

CASES: tuple[CodeCase, ...] = (
    CodeCase(
        "ELB_ACL_RESTRICTION",
        "What a Classic Load Balancer sends passes the ACL of its subnet even to instances of the same subnet.",
        _CODES,
        _CLB_ACL.replace("ACTION", "deny"),
        _TO_CLB,
        _CLB_ACL.replace("ACTION", "allow"),
    ),
    CodeCase(
        "ELB_LISTENER_PORT_RESTRICTION",
        "A listener of a Classic Load Balancer takes its own port alone.",
        f"{_CLB_GUIDE}, 'Listeners for your Classic Load Balancer'",
        _CLB,
        Flow("client", "clb", "tcp", 80),
        _CLB,
        _TO_CLB,
    ),
    CodeCase(
        "ELB_LISTENERS_MISMATCH",
        "A Classic Load Balancer drops what no listener takes.",
        f"{_CLB_GUIDE}, 'Listeners for your Classic Load Balancer'",
        _CLB,
        Flow("client", "clb", "udp", 25),
        _CLB,
        _TO_CLB,
    ),
    CodeCase(
        "ELB_NOT_CROSSZONE",
        "A node of a Classic Load Balancer without cross-zone balancing uses the instances of its own zone alone.",
        f"{_CLB_GUIDE}, 'Configure cross-zone load balancing'",
        _CLB.replace("[one]", "[two]").replace("subnets: [sa]", "subnets: [sa, sb]"),
        Flow("client", "10.0.0.4", "tcp", 25),
        _CLB.replace("[one]", "[two]").replace("subnets: [sa]", "subnets: [sa, sb], cross_zone: true"),
    ),
    CodeCase(
        "ELB_NO_INSTANCE_IN_SERVICE",
        "A Classic Load Balancer without an instance in service does not fail open.",
        f"{_CLB_GUIDE}, 'Troubleshoot a Classic Load Balancer: HTTP errors' (503)",
        _CLB.replace("[one]", "[{id: one, state: OutOfService}]"),
        _TO_CLB,
        _CLB.replace("[one]", "[{id: one, state: OutOfService}, client]"),
    ),
    CodeCase(
        "ELBV2_LISTENER_HAS_NO_TG",
        "A listener whose target group has no targets takes no connection.",
        _TARGETS,
        _NLB.replace("targets: [one]", "targets: []"),
        _TO_NLB,
        _NLB,
    ),
    CodeCase(
        "ELBV2_LISTENER_PORT_RESTRICTION",
        "A listener takes its own port alone.",
        f"{_NLB_GUIDE}, 'Listeners for your Network Load Balancers'",
        _NLB,
        Flow("client", "nlb", "tcp", 81),
        _NLB,
        _TO_NLB,
    ),
    CodeCase(
        "ELBV2_LISTENERS_MISMATCH",
        "A balancer drops what no listener takes.",
        f"{_NLB_GUIDE}, 'Listeners for your Network Load Balancers'",
        _NLB,
        Flow("client", "nlb", "udp", 80),
        _NLB.replace("{port: 80, forward", "{port: 80, protocol: TCP_UDP, forward").replace(
            "TCP, port", "TCP_UDP, port"
        ),
    ),
    CodeCase(
        "ELBV2_LISTENER_REQUIRES_TG_ACCEPT",
        "A connection needs a target group of the listener that takes it.",
        _CODES,
        _TWO_GROUPS.replace("targets: [one]", "targets: []"),
        _TO_NLB,
        _TWO_GROUPS,
    ),
    CodeCase(
        "ELBV2_NO_TARGETS_IN_AZ",
        "A node without cross-zone balancing uses the targets of its own zone alone.",
        f"{_NLB_GUIDE}, 'Cross-zone load balancing'",
        _NLB.replace("targets: [one]", "targets: [three]"),
        _TO_NLB,
        _NLB,
    ),
    CodeCase(
        "ELB_NOT_CROSSZONE",
        "Without cross-zone balancing the targets of other enabled zones are not used.",
        f"{_NLB_GUIDE}, 'Cross-zone load balancing'",
        _NLB.replace("targets: [one]", "targets: [two]").replace("subnets: [sa]", "subnets: [sa, sb]"),
        Flow("client", "10.0.0.4", "tcp", 80),
        _NLB.replace("targets: [one]", "targets: [two]").replace(
            "subnets: [sa]", "subnets: [sa, sb], cross_zone: true"
        ),
    ),
    CodeCase(
        "ELB_NOT_CROSSZONE",
        "The cross-zone attribute of a target group goes before the balancer's.",
        f"{_NLB_GUIDE}, 'Edit target group attributes': load_balancing.cross_zone.enabled",
        _NLB.replace("targets: [one]", "cross_zone: false, targets: [two]").replace(
            "subnets: [sa]", "subnets: [sa, sb], cross_zone: true"
        ),
        Flow("client", "10.0.0.4", "tcp", 80),
        _NLB.replace("targets: [one]", "cross_zone: true, targets: [two]").replace(
            "subnets: [sa]", "subnets: [sa, sb], cross_zone: false"
        ),
    ),
    CodeCase(
        "ELB_INSTALLED_AZ_RESTRICTION",
        "A balancer sends to targets of its enabled zones alone, cross-zone balancing or not.",
        f"{_NLB_GUIDE}, 'Availability Zones'",
        _NLB.replace("targets: [one]", "targets: [three]").replace("subnets: [sa]", "subnets: [sa], cross_zone: true"),
        _TO_NLB,
        _NLB.replace("targets: [one]", "targets: [three]").replace(
            "subnets: [sa]", "subnets: [sa, sc], cross_zone: true"
        ),
    ),
    CodeCase(
        "ELBV2_SOURCE_ADDRESS_PRESERVATION",
        "A client that is its own target gets a packet from its own address where the address is kept.",
        f"{_NLB_GUIDE}, 'Client IP preservation': NAT loopback",
        _NLB.replace("targets: [one]", "targets: [client]"),
        _TO_NLB,
        _NLB.replace("targets: [one]", "preserve_client_ip: false, targets: [client]"),
    ),
    CodeCase(
        "TARGET_ADDRESS_RESTRICTION",
        "A balancer sends to registered targets alone, and AWS registers no public address.",
        "ELBv2 API, RegisterTargets",
        _NLB.replace("targets: [one]", "target_type: ip, targets: [203.0.113.7]"),
        _TO_NLB,
        _NLB.replace("targets: [one]", "target_type: ip, targets: [10.0.1.20]").replace(
            "subnets: [sa]", "subnets: [sa, sb], cross_zone: true"
        ),
    ),
    CodeCase(
        "TARGET_PORT_RESTRICTION",
        "A target gets connections on the port it is registered with.",
        _TARGETS,
        _NLB.replace("port: 80, targets", "port: 8080, targets"),
        _TO_NLB,
        _NLB,
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "MISSING_TARGET_GROUP_ATTRIBUTES",
        "Where the attributes of a target group are not known AWS's defaults are assumed.",
        _CODES,
        _NLB.replace("targets: [one]", "attributes_missing: true, targets: [one]"),
        _TO_NLB,
        _NLB,
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "ASSUMPTION_PRESERVE_CLIENT_IP_IS_ENABLED",
        "Targets registered as instances see the client's address unless it is said otherwise.",
        f"{_NLB_GUIDE}, 'Client IP preservation'",
        _NLB,
        _TO_NLB,
        _NLB.replace("targets: [one]", "preserve_client_ip: true, targets: [one]"),
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "ASSUMPTION_PRESERVE_CLIENT_IP_IS_DISABLED",
        "Targets registered by address see the node's address for TCP unless it is said otherwise.",
        f"{_NLB_GUIDE}, 'Client IP preservation'",
        _NLB.replace("targets: [one]", "target_type: ip, targets: [10.0.0.20]"),
        _TO_NLB,
        _NLB.replace("targets: [one]", "target_type: ip, preserve_client_ip: false, targets: [10.0.0.20]"),
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "NGW_SOURCE_ADDRESS_REASSIGN",
        "A NAT gateway replaces the source address by its own.",
        _NAT_GUIDE,
        _NAT,
        _OUT,
        _PLAIN_OUT,
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "NGW_DEST_ADDRESS_PRESERVATION",
        "A NAT gateway keeps the destination address.",
        _NAT_GUIDE,
        _NAT,
        _OUT,
        _PLAIN_OUT,
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "REMAP_EPHEMERAL_PORT",
        "A NAT gateway chooses a source port of 1024-65535.",
        "VPC User Guide, 'Network ACLs', 'Ephemeral ports'",
        _NAT,
        _OUT,
        _PLAIN_OUT,
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "NGW_REQUIRES_SOURCE_IN_VPC",
        "A NAT gateway serves its own VPC alone, not what comes over a peering connection.",
        "VPC User Guide, 'NAT gateways': not through VPC peering, VPN or Direct Connect",
        _PEERED,
        Flow("host", "203.0.113.9", "tcp", 443),
        _PEERED,
        _OUT,
    ),
    CodeCase(
        "NGW_UNSOLICITED_INBOUND",
        "Nobody opens a connection to a NAT gateway.",
        "VPC User Guide, 'NAT gateways'",
        _NAT,
        Flow("internet", "nat", "tcp", 443),
        _NAT,
        _OUT,
    ),
    CodeCase(
        "NGW_UNSOLICITED_INBOUND",
        "Nobody opens a connection to an address of a regional NAT gateway.",
        "VPC User Guide, 'Regional NAT gateways'",
        _REGIONAL.replace("{az: a}", "{az: b, elastic_ips: [eip]}")
        + "  eip: {kind: elastic_ip, address: 198.51.100.77}\n",
        Flow("internet", "198.51.100.77", "tcp", 443),
        _REGIONAL.replace("{az: a}", "{az: b, elastic_ips: [eip]}")
        + "  eip: {kind: elastic_ip, address: 198.51.100.77}\n",
        _OUT,
    ),
    CodeCase(
        "REGIONAL_NGW_ROUTE_AZ_RESTRICTION",
        "A regional NAT gateway serves the zones it works in.",
        "VPC User Guide, 'Regional NAT gateways'",
        _REGIONAL,
        _OUT,
        _REGIONAL.replace("{az: a}", "{az: a}, {az: b}"),
    ),
    CodeCase(
        "VPCE_GATEWAY_PROTOCOL_RESTRICTION",
        "A gateway endpoint takes TCP and ping alone.",
        _CODES,
        _S3,
        Flow("two", "52.218.1.1", "udp", 443),
        _S3,
        Flow("two", "52.218.1.1", "tcp", 443),
    ),
    CodeCase(
        "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION",
        "Only addresses of the service's prefix list come back from a gateway endpoint.",
        _CODES,
        _S3,
        Flow("two", "198.51.100.9", "tcp", 443),
        _S3,
        Flow("two", "52.218.1.1", "tcp", 443),
    ),
    CodeCase(
        "VPCE_POLICY_DENIES",
        "A policy that allows nothing lets no request through a gateway endpoint.",
        f"{_S3_GUIDE}; 'Control access to VPC endpoints using endpoint policies'",
        _S3.replace("prefix_list: pl}", "prefix_list: pl, policy: '{\"Statement\": []}'}"),
        Flow("two", "52.218.1.1", "tcp", 443),
        _S3.replace(
            "prefix_list: pl}",
            "prefix_list: pl, policy: '"
            '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}\'}',
        ),
    ),
    CodeCase(
        "BAD_STATE",
        "A gateway endpoint serves its own region alone.",
        _S3_GUIDE,
        _S3.replace("service: com.amazonaws.eu-west-1.s3", "service: com.amazonaws.us-east-1.s3"),
        Flow("two", "52.218.1.1", "tcp", 443),
        _S3,
    ),
    CodeCase(
        "VPCE_INTRA_VPC_TRAFFIC",
        "An endpoint opens no connection into its own VPC.",
        _CODES,
        _LINK,
        Flow("ep", "user", "tcp", 80),
        _LINK,
        Flow("user", "ep", "tcp", 80),
    ),
    CodeCase(
        "VPCE_SERVICE_NOT_INSTALLED_IN_AZ",
        "An endpoint's interface is served by the balancer's node in its own zone.",
        f"{_LINK_GUIDE}: Availability Zones",
        _LINK.replace("wa: {kind: subnet, vpc: w, az: a", "wa: {kind: subnet, vpc: w, az: c"),
        Flow("user", "ep", "tcp", 80),
        _LINK,
    ),
    CodeCase(
        "BAD_STATE_ATTACHMENT",
        "A service serves the endpoints it has accepted.",
        "AWS PrivateLink guide, 'Configure an endpoint service': accept or reject connection requests",
        _LINK.replace("balancers: [nlb]", "balancers: [nlb], accepted: []"),
        Flow("user", "ep", "tcp", 80),
        _LINK.replace("balancers: [nlb]", "balancers: [nlb], accepted: [ep]"),
    ),
)
