"""Virtual private gateways, VPN connections, Direct Connect, and the tables of transit gateways."""

from __future__ import annotations

from archtui.network.flow import Flow
from archtui.world.condition import Condition
from archtui.world.steps import Verdict
from tests.network.codes.case import CodeCase, edited

_CODES = "VPC Reachability Analyzer guide, 'Explanation codes'"
_VPN_ROUTES = "Site-to-Site VPN guide, 'Route tables and route priority'"
_TGW_ROUTES = "Transit Gateway guide, 'Route evaluation order'"
_TGW_PAGE = "Transit Gateway guide, 'How transit gateways work'"

_VGW = """\
blueprint: A site behind a virtual private gateway
version: 1
region: eu-west-1
components:
  v:    {kind: vpc, cidr: 10.0.0.0/16}
  rt:   {kind: route_table, vpc: v, routes: [{to: 172.16.0.0/12, via: vgw}], propagating: [vgw]}
  sa:   {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, route_table: rt}
  sg:   {kind: security_group, vpc: v, ingress: [{protocol: all, from: 0.0.0.0/0}]}
  web:  {kind: ec2, subnet: sa, security_groups: [sg], private_ip: 10.0.0.10}
  vgw:  {kind: virtual_private_gateway, vpc: v}
  hq:   {kind: on_prem_site, networks: [192.168.0.0/16, 172.16.0.0/12]}
  cgw:  {kind: customer_gateway, site: hq}
  vpn:  {kind: vpn_connection, gateway: vgw, customer_gateway: cgw}
"""
_TGW = """\
blueprint: Two VPCs and a site on a transit gateway
version: 1
region: eu-west-1
components:
  v:    {kind: vpc, cidr: 10.0.0.0/16}
  w:    {kind: vpc, cidr: 10.1.0.0/16}
  igw:  {kind: internet_gateway, vpc: w}
  rv:   {kind: route_table, vpc: v, routes: [{to: 10.1.0.0/16, via: tgw}, {to: 192.168.0.0/16, via: tgw}]}
  rw:   {kind: route_table, vpc: w, routes: [{to: 10.0.0.0/16, via: tgw}, {to: 192.168.0.0/16, via: tgw}]}
  sa:   {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, route_table: rv}
  sb:   {kind: subnet, vpc: w, az: a, cidr: 10.1.0.0/24, route_table: rw}
  sz:   {kind: subnet, vpc: w, az: b, cidr: 10.1.1.0/24, route_table: rw}
  gv:   {kind: security_group, vpc: v, ingress: [{protocol: all, from: 0.0.0.0/0}]}
  gw:   {kind: security_group, vpc: w, ingress: [{protocol: all, from: 0.0.0.0/0}]}
  a:    {kind: ec2, subnet: sa, security_groups: [gv], private_ip: 10.0.0.10}
  b:    {kind: ec2, subnet: sb, security_groups: [gw], private_ip: 10.1.0.10}
  z:    {kind: ec2, subnet: sz, security_groups: [gw], private_ip: 10.1.1.10}
  tgw:  {kind: transit_gateway}
  av:   {kind: transit_gateway_attachment, transit_gateway: tgw, vpc: v, subnets: [sa]}
  aw:   {kind: transit_gateway_attachment, transit_gateway: tgw, vpc: w, subnets: [sb, sz]}
  hq:   {kind: on_prem_site, networks: [192.168.0.0/16]}
  cgw:  {kind: customer_gateway, site: hq}
  vpn:  {kind: vpn_connection, gateway: tgw, customer_gateway: cgw}
"""
_NEIGHBOUR = _VGW + (
    "  sb:   {kind: subnet, vpc: v, az: b, cidr: 10.0.1.0/24, route_table: rt}\n"
    "  db:   {kind: ec2, subnet: sb, security_groups: [sg]}\n"
)
_TABLE = edited(
    _TGW,
    "  hq:   {",
    "  rt:\n"
    "    kind: transit_gateway_route_table\n"
    "    transit_gateway: tgw\n"
    "    default_association: true\n"
    "    default_propagation: true\n"
    "    routes: [{to: 10.1.0.0/16, via: aw}]\n"
    "  hq:   {",
)
_VPN_ROW = "  an:   {kind: transit_gateway_attachment, transit_gateway: tgw, vpn_connection: vpn}\n"
_STATIC = "routes: [{to: 10.1.0.0/16, via: aw}]"
_TO_VPN = edited(_TABLE, _STATIC, "routes: [{to: 192.168.0.0/16, via: an}]") + _VPN_ROW
_OUT = Flow("web", "hq", "tcp", 443)
_IN = Flow("hq", "web", "tcp", 443)
_ACROSS = Flow("a", "b", "tcp", 443)
_UP = "customer_gateway: cgw}"
_DOWN = "customer_gateway: cgw, tunnels: [down, down]}"
_ELSEWHERE = edited(_VGW, _UP, "customer_gateway: cgw, customer_routes: [0.0.0.0/0]}")
_EGRESS = edited(
    edited(
        _TGW,
        "rw:   {kind: route_table, vpc: w, routes: [",
        "nat:  {kind: nat_gateway, subnet: sp, elastic_ip: eip}\n"
        "  eip:  {kind: elastic_ip, address: 198.51.100.7}\n"
        "  sp:   {kind: subnet, vpc: w, az: a, cidr: 10.1.9.0/24, route_table: pub}\n"
        "  pub:  {kind: route_table, vpc: w, routes: [{to: 0.0.0.0/0, via: igw}, {to: 10.0.0.0/16, via: tgw}, "
        "{to: 192.168.0.0/16, via: tgw}]}\n"
        "  def:  {kind: transit_gateway_route_table, transit_gateway: tgw, default_association: true, "
        "default_propagation: true, routes: [{to: 0.0.0.0/0, via: aw}]}\n"
        "  rw:   {kind: route_table, vpc: w, routes: [{to: 0.0.0.0/0, via: nat}, ",
    ),
    "rv:   {kind: route_table, vpc: v, routes: [",
    "rv:   {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: tgw}, ",
)

CASES = (
    CodeCase(
        "BAD_STATE_VPN",
        "A virtual private gateway carries nothing over a VPN connection whose tunnels are down.",
        _CODES,
        edited(_VGW, _UP, _DOWN),
        Flow("web", "172.16.0.10", "tcp", 443),
        _VGW,
    ),
    CodeCase(
        "BAD_STATE_VPN",
        "A static route to a virtual private gateway stays when the customer's device is lost, and leads nowhere.",
        _CODES,
        edited(_VGW, ", propagating: [vgw]", ""),
        Flow("web", "172.16.0.10", "tcp", 443),
        edited(
            _VGW,
            ", propagating: [vgw]",
            "",
        )
        + "  cgw2: {kind: customer_gateway, site: hq}\n"
        + "  vpn2: {kind: vpn_connection, gateway: vgw, customer_gateway: cgw2}\n",
        condition=Condition(down=frozenset({"cgw"})),
    ),
    CodeCase(
        "NO_ROUTE_TO_DESTINATION",
        "Propagated routes are withdrawn with the connection that brought them.",
        "VPC User Guide, 'Route propagation'",
        edited(_VGW, _UP, _DOWN),
        Flow("web", "192.168.0.10", "tcp", 443),
        _VGW,
    ),
    CodeCase(
        "BAD_STATE_ATTACHMENT",
        "A route to a virtual private gateway that is not attached to the VPC leads nowhere.",
        _CODES,
        edited(_VGW, "virtual_private_gateway, vpc: v}", "virtual_private_gateway}"),
        Flow("web", "172.16.0.10", "tcp", 443),
        _VGW,
    ),
    CodeCase(
        "BAD_STATE_ATTACHMENT",
        "A transit gateway attachment that is not available carries nothing.",
        _TGW_PAGE,
        edited(_TABLE, "vpc: w, subnets: [sb, sz]}", "vpc: w, subnets: [sb, sz], state: failed}"),
        _ACROSS,
        _TABLE,
    ),
    CodeCase(
        "HIGHER_PRIORITY_ROUTE",
        "For one block a static route is preferred to a propagated one.",
        _VPN_ROUTES,
        _VGW,
        Flow("web", "172.16.0.10", "tcp", 443),
        edited(_VGW, ", propagating: [vgw]", ""),
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "HIGHER_PRIORITY_ROUTE",
        "The local route is preferred to a propagated one inside the VPC's range, even to a more specific one.",
        _VPN_ROUTES,
        edited(_VGW, _UP, "customer_gateway: cgw, learnt_routes: [10.0.9.0/24]}"),
        Flow("web", "10.0.9.9", "tcp", 443),
        edited(_VGW, _UP, "customer_gateway: cgw, learnt_routes: [10.9.0.0/24]}"),
        twin_verdict=Verdict.BLOCKED,
    ),
    CodeCase(
        "MORE_SPECIFIC_ROUTE",
        "The most specific route that matches is used, whatever brought the others.",
        _VPN_ROUTES,
        edited(_VGW, _UP, "customer_gateway: cgw, learnt_routes: [172.16.0.0/16]}"),
        Flow("web", "172.16.0.10", "tcp", 443),
        edited(_VGW, _UP, "customer_gateway: cgw, learnt_routes: [172.16.0.0/12]}"),
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "CANNOT_ROUTE",
        "A route is used for destinations in its block alone.",
        _CODES,
        edited(_NEIGHBOUR, ", propagating: [vgw]", ""),
        Flow("web", "192.168.0.10", "tcp", 443),
        edited(
            _NEIGHBOUR,
            "routes: [{to: 172.16.0.0/12, via: vgw}], propagating: [vgw]",
            "routes: [{to: 0.0.0.0/0, via: vgw}]",
        ),
        Flow("web", "db", "tcp", 443),
    ),
    CodeCase(
        "VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
        "A virtual private gateway delivers to the addresses of the VPC's network interfaces alone.",
        _CODES,
        _VGW,
        Flow("hq", "10.0.0.99", "tcp", 443),
        _VGW,
        Flow("hq", "10.0.0.10", "tcp", 443),
    ),
    CodeCase(
        "VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
        "There is no way from a VPN connection through a VPC to the internet.",
        "VPC Peering Guide, 'Edge to edge routing through a gateway or private connection'",
        _ELSEWHERE,
        Flow("hq", "8.8.8.8", "tcp", 443),
        _ELSEWHERE,
        _IN,
    ),
    CodeCase(
        "VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS",
        "A virtual private gateway takes packets of the VPC's own network interfaces alone: another VPC cannot use it.",
        _CODES,
        edited(
            edited(
                _TGW,
                "rw:   {kind: route_table, vpc: w, routes: [{to: 10.0.0.0/16, via: tgw}, {to: 192.168.0.0/16, via: "
                "tgw}]}",
                "vgw:  {kind: virtual_private_gateway, vpc: w}\n"
                "  def:  {kind: transit_gateway_route_table, transit_gateway: tgw, default_association: true, "
                "default_propagation: true, routes: [{to: 192.168.0.0/16, via: aw}]}\n"
                "  rw:   {kind: route_table, vpc: w, routes: [{to: 10.0.0.0/16, via: tgw}], propagating: [vgw]}",
            ),
            "vpn_connection, gateway: tgw",
            "vpn_connection, gateway: vgw",
        ),
        Flow("a", "hq", "tcp", 443),
        _TGW,
    ),
    CodeCase(
        "GATEWAY_REJECTS_SPOOFED_TRAFFIC",
        "A gateway drops packets that come from outside with a source in the VPC's own range.",
        _CODES,
        edited(_VGW, "networks: [192.168.0.0/16, 172.16.0.0/12]", "networks: [10.0.128.0/17]"),
        _IN,
        _VGW,
    ),
    CodeCase(
        "GATEWAY_REJECTS_SPOOFED_TRAFFIC",
        "A gateway endpoint serves its own VPC: nobody outside can use it, over a transit gateway either.",
        "AWS PrivateLink guide, 'Gateway endpoints'",
        edited(
            edited(
                _EGRESS,
                "  hq:   {",
                "  pl:   {kind: prefix_list, name: com.amazonaws.eu-west-1.s3, cidrs: [52.218.0.0/17]}\n"
                "  s3:   {kind: gateway_endpoint, vpc: w, service: com.amazonaws.eu-west-1.s3, route_tables: [rw]}\n"
                "  hq:   {",
            ),
            "nat_gateway, subnet: sp",
            "nat_gateway, subnet: sp",
        ),
        Flow("a", "52.218.0.9", "tcp", 443),
        edited(
            _EGRESS,
            "  hq:   {",
            "  pl:   {kind: prefix_list, name: com.amazonaws.eu-west-1.s3, cidrs: [52.218.0.0/17]}\n"
            "  s3:   {kind: gateway_endpoint, vpc: w, service: com.amazonaws.eu-west-1.s3, route_tables: [pub]}\n"
            "  hq:   {",
        ),
        Flow("a", "8.8.8.8", "tcp", 443),
    ),
    CodeCase(
        "NGW_REQUIRES_SOURCE_IN_VPC",
        "A NAT gateway carries nothing that comes over a VPN connection or Direct Connect.",
        _CODES,
        _EGRESS,
        Flow("hq", "8.8.8.8", "tcp", 443),
        _EGRESS,
        Flow("z", "8.8.8.8", "tcp", 443),
    ),
    CodeCase(
        "TGW_BAD_STATE_VPN",
        "A static transit gateway route to a VPN connection whose tunnels are down leads nowhere.",
        _CODES,
        edited(_TO_VPN, _UP, _DOWN),
        Flow("a", "hq", "tcp", 443),
        _TO_VPN,
    ),
    CodeCase(
        "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION",
        "What comes in by an attachment without an associated route table goes nowhere.",
        _TGW_PAGE,
        edited(_TGW, "vpc: v, subnets: [sa]}", "vpc: v, subnets: [sa], route_table: none}"),
        _ACROSS,
        _TGW,
    ),
    CodeCase(
        "TGW_ROUTE_AZ_RESTRICTION",
        "A VPC reaches a transit gateway from zones alone in which its attachment has a subnet.",
        "Transit Gateway guide, 'Transit gateway VPC attachments'",
        edited(_TGW, "vpc: w, subnets: [sb, sz]}", "vpc: w, subnets: [sb]}"),
        Flow("z", "a", "tcp", 443),
        _TGW,
    ),
    CodeCase(
        "TGW_RTB_BAD_STATE_ROUTE",
        "A blackhole route of a transit gateway table drops packets; less specific ones are not tried.",
        _TGW_ROUTES,
        edited(_TABLE, _STATIC, "routes: [{to: 10.1.0.0/24, via: blackhole}]"),
        _ACROSS,
        _TABLE,
    ),
    CodeCase(
        "TGW_RTB_CANNOT_ROUTE",
        "A transit gateway route is used for destinations in its block alone.",
        _CODES,
        edited(_TABLE, "default_propagation: true", "propagations: [av]"),
        _ACROSS,
        edited(
            _TABLE,
            "default_propagation: true\n    " + _STATIC,
            "propagations: []\n    routes: [{to: 0.0.0.0/0, via: aw}]",
        ),
        Flow("z", "10.1.0.10", "tcp", 443),
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "TGW_RTB_HIGHER_PRIORITY_ROUTE",
        "For one block a static transit gateway route is preferred to one that a VPC propagates.",
        _TGW_ROUTES,
        _TABLE,
        _ACROSS,
        edited(_TABLE, _STATIC, "routes: []"),
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "TGW_RTB_HIGHER_PRIORITY_ROUTE",
        "For one block a route that Direct Connect propagates is preferred to one that a VPN connection propagates.",
        _TGW_ROUTES,
        _TGW
        + "  dx:   {kind: direct_connect_connection, site: hq}\n"
        + "  vif:  {kind: transit_virtual_interface, connection: dx, gateway: hub}\n"
        + "  hub:  {kind: direct_connect_gateway, associations: [{gateway: tgw, allowed_prefixes: [10.0.0.0/8]}]}\n",
        Flow("a", "hq", "tcp", 443),
        _TGW,
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "TGW_RTB_MORE_SPECIFIC_ROUTE",
        "The most specific transit gateway route that matches is used.",
        _TGW_ROUTES,
        edited(_TABLE, _STATIC, "routes: [{to: 10.1.0.0/24, via: aw}]"),
        _ACROSS,
        edited(_TABLE, _STATIC, "routes: []"),
        verdict=Verdict.REACHABLE,
    ),
    CodeCase(
        "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",
        "A VPC is reached from another only if the table of the other's attachment has a route to it.",
        _TGW_PAGE,
        edited(edited(_TABLE, "default_propagation: true", "propagations: [av]"), _STATIC, "routes: []"),
        _ACROSS,
        edited(_TABLE, "default_propagation: true", "propagations: [av]"),
    ),
    CodeCase(
        "TGW_RTB_ROUTES_ARE_UNKNOWN",
        "Routes that BGP brings to a transit gateway table are not known unless the design states them.",
        _CODES,
        edited(_TGW, "on_prem_site, networks: [192.168.0.0/16]", "on_prem_site"),
        Flow("a", "192.168.0.10", "tcp", 443),
        _TGW,
        verdict=Verdict.UNKNOWN,
    ),
    CodeCase(
        "UNKNOWN_RESOURCE",
        "What lies behind an attachment of something that is not described cannot be told.",
        _CODES,
        edited(
            edited(_TABLE, "default_propagation: true", "propagations: [av, aw]"),
            _STATIC,
            "routes: [{to: 192.168.0.0/16, via: cn}]",
        )
        + "  cn:   {kind: transit_gateway_attachment, transit_gateway: tgw, resource: tgw-attach-connect}\n",
        Flow("a", "192.168.0.10", "tcp", 443),
        _TO_VPN,
        verdict=Verdict.UNKNOWN,
    ),
    CodeCase(
        "UNKNOWN_DESTINATION",
        "Whether something answers in networks that nobody states is not decided.",
        _CODES,
        edited(_VGW, "on_prem_site, networks: [192.168.0.0/16, 172.16.0.0/12]", "on_prem_site"),
        Flow("web", "172.16.0.10", "tcp", 443),
        _VGW,
        verdict=Verdict.UNKNOWN,
    ),
    CodeCase(
        "ON_PREM_FIREWALL_RESTRICTION",
        "The firewall at a site's edge drops connections that none of its rules allows; replies pass.",
        "RFC 2979 (firewalls); the customer's own device",
        edited(_VGW, "172.16.0.0/12]}", "172.16.0.0/12], ingress: [{protocol: tcp, port: 22}]}"),
        _OUT,
        edited(_VGW, "172.16.0.0/12]}", "172.16.0.0/12], ingress: [{protocol: tcp, port: 443}]}"),
    ),
)
