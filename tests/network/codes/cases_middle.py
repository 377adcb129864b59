"""Middleboxes and edges: NAT instances, firewalls, Gateway Load Balancers, edge route tables, public access."""

from __future__ import annotations

from archtui.network.flow import Flow
from archtui.world.steps import Verdict
from tests.network.codes.case import CodeCase, edited

_CODES_PAGE = "VPC Reachability Analyzer guide, 'Explanation codes'"
_EDGE_PAGE = "VPC User Guide, 'Gateway route tables'"
_FIREWALL_PAGE = "Network Firewall guide, 'Firewall policies'"
_ASYMMETRY_PAGE = "Network Firewall guide, 'Considerations for asymmetric routing'"
_FLEET_PAGE = "Gateway Load Balancer guide, 'Target groups'"
_APPLIANCE_PAGE = "Transit Gateway guide, 'Appliance in a shared services VPC'"
_ACCESS_PAGE = "VPC User Guide, 'Block public access to VPCs and subnets'"

# -- a firewall in the VPC, for what comes in and goes out ------------------------------------------

INSPECTED = """\
blueprint: A firewall between the internet and a subnet
version: 1
region: eu-west-1
components:
  v:    {kind: vpc, cidr: 10.0.0.0/16}
  igw:  {kind: internet_gateway, vpc: v}
  edge: {kind: route_table, vpc: v, gateway: igw, routes: [{to: 10.0.1.0/24, via: fw}]}
  rta:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: fw}]}
  rtf:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: igw}]}
  sf:   {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, route_table: rtf}
  sa:   {kind: subnet, vpc: v, az: a, cidr: 10.0.1.0/24, route_table: rta}
  fw:
    kind: network_firewall
    vpc: v
    subnets: [sf]
    rule_groups: [early, rules]
    rule_order: strict
    stateful_default: drop_strict
  early:
    kind: firewall_rule_group
    type: stateless
    rules: [{action: drop, protocol: tcp, port: 23, priority: 10}]
  rules:
    kind: firewall_rule_group
    rules: [{action: pass, protocol: tcp, port: 443}, {action: pass, protocol: tcp, port: 23}]
  sg:   {kind: security_group, vpc: v, ingress: [{protocol: all, from: any}]}
  a:    {kind: ec2, subnet: sa, security_groups: [sg], private_ip: 10.0.1.10, public_ip: 198.51.100.10}
"""
_IN = Flow("internet", "a", "tcp", 443)

# -- a NAT instance ---------------------------------------------------------------------------------

NAT_INSTANCE = """\
blueprint: A NAT instance
version: 1
region: eu-west-1
components:
  v:    {kind: vpc, cidr: 10.0.0.0/16}
  igw:  {kind: internet_gateway, vpc: v}
  rtp:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: igw}]}
  rta:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: nat}]}
  sp:   {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, route_table: rtp}
  sa:   {kind: subnet, vpc: v, az: a, cidr: 10.0.1.0/24, route_table: rta}
  sg:   {kind: security_group, vpc: v, ingress: [{protocol: all, from: 10.0.0.0/16}]}
  nat:
    kind: ec2
    subnet: sp
    security_groups: [sg]
    runs: nat
    source_dest_check: false
    private_ip: 10.0.0.10
    public_ip: 198.51.100.10
  a:    {kind: ec2, subnet: sa, security_groups: [sg], private_ip: 10.0.1.10}
"""
_OUT = Flow("a", "203.0.113.5", "tcp", 443)

# -- an appliance that the gateway's own table leads to ---------------------------------------------

APPLIANCE = """\
blueprint: An appliance behind the gateway's own route table
version: 1
region: eu-west-1
components:
  v:    {kind: vpc, cidr: 10.0.0.0/16}
  igw:  {kind: internet_gateway, vpc: v}
  edge: {kind: route_table, vpc: v, gateway: igw, routes: [{to: 10.0.1.0/24, via: box}]}
  rtp:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: igw}]}
  rta:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: box}]}
  sp:   {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, route_table: rtp}
  sa:   {kind: subnet, vpc: v, az: a, cidr: 10.0.1.0/24, route_table: rta}
  sg:   {kind: security_group, vpc: v, ingress: [{protocol: all, from: any}]}
  box:
    kind: ec2
    subnet: sp
    security_groups: [sg]
    forwards: route
    source_dest_check: false
    private_ip: 10.0.0.10
    public_ip: 198.51.100.9
  a:    {kind: ec2, subnet: sa, security_groups: [sg], private_ip: 10.0.1.10, public_ip: 198.51.100.10}
"""

# -- a fleet of appliances in a VPC of its own ------------------------------------------------------

FLEET = """\
blueprint: Appliances behind a Gateway Load Balancer
version: 1
region: eu-west-1
components:
  v:    {kind: vpc, cidr: 10.0.0.0/16}
  igw:  {kind: internet_gateway, vpc: v}
  edge: {kind: route_table, vpc: v, gateway: igw, routes: [{to: 10.0.1.0/24, via: end}]}
  rta:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: end}]}
  rte:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: igw}]}
  se:   {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, route_table: rte}
  sa:   {kind: subnet, vpc: v, az: a, cidr: 10.0.1.0/24, route_table: rta}
  end:  {kind: gwlb_endpoint, vpc: v, subnet: se, service: fleet}
  sec:  {kind: vpc, cidr: 10.9.0.0/16}
  s9a:  {kind: subnet, vpc: sec, az: a, cidr: 10.9.0.0/24}
  s9b:  {kind: subnet, vpc: sec, az: b, cidr: 10.9.1.0/24}
  fleet: {kind: gwlb, subnets: [s9a], target_groups: [boxes]}
  boxes: {kind: target_group, vpc: sec, protocol: GENEVE, port: 6081, targets: [box1, box2]}
  tun:  {kind: security_group, vpc: sec, ingress: [{protocol: udp, port: 6081, from: 10.9.0.0/16}]}
  box1: {kind: ec2, subnet: s9a, security_groups: [tun], forwards: route}
  box2: {kind: ec2, subnet: s9a, security_groups: [tun], forwards: route}
  sg:   {kind: security_group, vpc: v, ingress: [{protocol: all, from: any}]}
  a:    {kind: ec2, subnet: sa, security_groups: [sg], private_ip: 10.0.1.10, public_ip: 198.51.100.10}
"""

# -- inspection between two VPCs over a transit gateway ---------------------------------------------

CENTRAL = """\
blueprint: Central inspection
version: 1
region: eu-west-1
components:
  tgw:  {kind: transit_gateway, default_association: false, default_propagation: false}
  va:   {kind: vpc, cidr: 10.1.0.0/16}
  vb:   {kind: vpc, cidr: 10.2.0.0/16}
  vi:   {kind: vpc, cidr: 10.9.0.0/16}
  rtab: {kind: route_table, vpc: va, routes: [{to: 10.0.0.0/8, via: tgw}]}
  rtbb: {kind: route_table, vpc: vb, routes: [{to: 10.0.0.0/8, via: tgw}]}
  sa:   {kind: subnet, vpc: va, az: a, cidr: 10.1.0.0/24, route_table: rtab}
  sb:   {kind: subnet, vpc: vb, az: b, cidr: 10.2.0.0/24, route_table: rtbb}
  rtta: {kind: route_table, vpc: vi, routes: [{to: 0.0.0.0/0, via: fw}]}
  rtf:  {kind: route_table, vpc: vi, routes: [{to: 10.0.0.0/8, via: tgw}]}
  ta:   {kind: subnet, vpc: vi, az: a, cidr: 10.9.0.0/28, route_table: rtta}
  tb:   {kind: subnet, vpc: vi, az: b, cidr: 10.9.0.16/28, route_table: rtta}
  fa:   {kind: subnet, vpc: vi, az: a, cidr: 10.9.1.0/28, route_table: rtf}
  fb:   {kind: subnet, vpc: vi, az: b, cidr: 10.9.1.16/28, route_table: rtf}
  fw:   {kind: network_firewall, vpc: vi, subnets: [fa, fb], rule_groups: [rules]}
  rules: {kind: firewall_rule_group, rules: [{action: drop, protocol: tcp, port: 23}]}
  ata:  {kind: tgw_attachment, transit_gateway: tgw, vpc: va, subnets: [sa], route_table: spokes}
  atb:  {kind: tgw_attachment, transit_gateway: tgw, vpc: vb, subnets: [sb], route_table: spokes}
  ati:
    kind: tgw_attachment
    transit_gateway: tgw
    vpc: vi
    subnets: [ta, tb]
    route_table: core
    appliance_mode: true
  spokes: {kind: tgw_route_table, transit_gateway: tgw, routes: [{to: 0.0.0.0/0, via: ati}]}
  core:
    kind: tgw_route_table
    transit_gateway: tgw
    routes: [{to: 10.1.0.0/16, via: ata}, {to: 10.2.0.0/16, via: atb}]
  sga:  {kind: security_group, vpc: va, ingress: [{protocol: all, from: any}]}
  sgb:  {kind: security_group, vpc: vb, ingress: [{protocol: all, from: any}]}
  a:    {kind: ec2, subnet: sa, security_groups: [sga], private_ip: 10.1.0.10}
  b:    {kind: ec2, subnet: sb, security_groups: [sgb], private_ip: 10.2.0.10}
"""
_ACROSS = Flow("a", "b", "tcp", 443)

# -- two VPCs that name each other's groups over a transit gateway ----------------------------------

REFERENCED = """\
blueprint: Groups over a transit gateway
version: 1
region: eu-west-1
components:
  tgw:  {kind: transit_gateway, security_group_referencing: true}
  va:   {kind: vpc, cidr: 10.1.0.0/16}
  vb:   {kind: vpc, cidr: 10.2.0.0/16}
  rta:  {kind: route_table, vpc: va, routes: [{to: 10.0.0.0/8, via: tgw}]}
  rtb:  {kind: route_table, vpc: vb, routes: [{to: 10.0.0.0/8, via: tgw}]}
  sa:   {kind: subnet, vpc: va, az: a, cidr: 10.1.0.0/24, route_table: rta}
  sb:   {kind: subnet, vpc: vb, az: a, cidr: 10.2.0.0/24, route_table: rtb}
  ata:  {kind: tgw_attachment, transit_gateway: tgw, vpc: va, subnets: [sa]}
  atb:  {kind: tgw_attachment, transit_gateway: tgw, vpc: vb, subnets: [sb]}
  sga:  {kind: security_group, vpc: va}
  sgb:  {kind: security_group, vpc: vb, ingress: [{port: 443, from: sga}]}
  a:    {kind: ec2, subnet: sa, security_groups: [sga], private_ip: 10.1.0.10}
  b:    {kind: ec2, subnet: sb, security_groups: [sgb], private_ip: 10.2.0.10}
"""

# -- public access ----------------------------------------------------------------------------------

_OPEN = """\
blueprint: An open server and a private one
version: 1
region: eu-west-1
components:
  v:    {kind: vpc, cidr: 10.0.0.0/16}
  igw:  {kind: internet_gateway, vpc: v}
  rtp:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: igw}]}
  rta:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: nat}]}
  sp:   {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, route_table: rtp}
  sa:   {kind: subnet, vpc: v, az: a, cidr: 10.0.1.0/24, route_table: rta}
  eip:  {kind: elastic_ip, address: 198.51.100.7}
  nat:  {kind: nat_gateway, subnet: sp, elastic_ip: eip}
  sg:   {kind: security_group, vpc: v, ingress: [{protocol: all, from: any}]}
  w:    {kind: ec2, subnet: sp, security_groups: [sg], private_ip: 10.0.0.10, public_ip: 198.51.100.10}
  a:    {kind: ec2, subnet: sa, security_groups: [sg], private_ip: 10.0.1.10}
  bpa:  {kind: vpc_block_public_access, mode: block-ingress}
"""
_BOTH = edited(_OPEN, "mode: block-ingress", "mode: block-bidirectional")

CASES = (
    CodeCase(
        "FIREWALL_RULES_RESTRICTION",
        "With strict order and drop as the default, a connection that no stateful rule passes is dropped.",
        _FIREWALL_PAGE,
        INSPECTED,
        Flow("internet", "a", "tcp", 80),
        INSPECTED,
        _IN,
    ),
    CodeCase(
        "FIREWALL_RULES_RESTRICTION",
        "A stateless rule decides before any stateful one sees the packet.",
        _FIREWALL_PAGE,
        INSPECTED,
        Flow("internet", "a", "tcp", 23),
        edited(INSPECTED, "action: drop, protocol: tcp, port: 23", "action: forward, protocol: tcp, port: 23"),
    ),
    CodeCase(
        "FIREWALL_RULES_RESTRICTION",
        "By action order, pass rules come before drop rules wherever they stand.",
        _FIREWALL_PAGE,
        edited(
            INSPECTED,
            "[{action: pass, protocol: tcp, port: 443}, {action: pass, protocol: tcp, port: 23}]",
            "[{action: drop, protocol: tcp}, {action: pass, protocol: tcp, port: 443}]",
        ),
        _IN,
        edited(
            edited(
                INSPECTED,
                "[{action: pass, protocol: tcp, port: 443}, {action: pass, protocol: tcp, port: 23}]",
                "[{action: drop, protocol: tcp}, {action: pass, protocol: tcp, port: 443}]",
            ),
            "    rule_order: strict\n    stateful_default: drop_strict\n",
            "    rule_order: action\n",
        ),
    ),
    CodeCase(
        "INGRESS_RTB_TRAFFIC_REDIRECTION",
        "A subnet whose incoming traffic goes to a middlebox cannot answer by a direct route to the gateway.",
        _CODES_PAGE,
        edited(
            INSPECTED,
            "  rta:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: fw}]}",
            "  rta:  {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: igw}]}",
        ),
        _IN,
        INSPECTED,
    ),
    CodeCase(
        "INGRESS_RTB_NO_PUBLIC_IP",
        "An appliance that the internet gateway's route table names needs a public address of its own.",
        _EDGE_PAGE,
        edited(APPLIANCE, "\n    public_ip: 198.51.100.9", ""),
        _IN,
        APPLIANCE,
    ),
    CodeCase(
        "ENI_SOURCE_DEST_CHECK_RESTRICTION",
        "A NAT instance forwards only with its source/destination check off.",
        "VPC User Guide, 'NAT instances'",
        edited(NAT_INSTANCE, "\n    source_dest_check: false", ""),
        _OUT,
        NAT_INSTANCE,
    ),
    CodeCase(
        "FIREWALL_RULES_RESTRICTION",
        "A firewall on an instance drops what none of its rules passes, and knows the replies of what passed.",
        "the rules stated in the design",
        edited(
            APPLIANCE,
            "    forwards: route\n",
            "    forwards: route\n    firewall: [{action: pass, protocol: tcp, port: 80}]\n",
        ),
        _IN,
        edited(
            APPLIANCE,
            "    forwards: route\n",
            "    forwards: route\n    firewall: [{action: pass, protocol: tcp, port: 443}]\n",
        ),
    ),
    CodeCase(
        "GWLB_DESTINATION_PORT_RESTRICTION",
        "A Gateway Load Balancer reaches its targets on port 6081 alone.",
        _FLEET_PAGE,
        edited(FLEET, "port: 6081, targets", "port: 443, targets"),
        _IN,
        FLEET,
    ),
    CodeCase(
        "GWLB_PROTOCOL_RESTRICTION",
        "A Gateway Load Balancer reaches its targets by GENEVE alone.",
        _FLEET_PAGE,
        edited(FLEET, "protocol: GENEVE", "protocol: TCP"),
        _IN,
        FLEET,
    ),
    CodeCase(
        "ENI_SG_RULES_MISMATCH",
        "The security group of an appliance must admit UDP 6081 from the balancer.",
        _FLEET_PAGE,
        edited(FLEET, "protocol: udp, port: 6081", "protocol: tcp, port: 6081"),
        _IN,
        FLEET,
    ),
    CodeCase(
        "PATH_THROUGH_GWLB_NOT_CHECKED",
        "What an appliance lets through is its own matter: where it is not stated, the path is not decided.",
        _CODES_PAGE,
        edited(
            FLEET,
            "box2: {kind: ec2, subnet: s9a, security_groups: [tun], forwards: route}",
            "box2: {kind: ec2, subnet: s9a, security_groups: [tun]}",
        ),
        _IN,
        FLEET,
        verdict=Verdict.UNKNOWN,
    ),
    CodeCase(
        "VPCE_SERVICE_NOT_INSTALLED_IN_AZ",
        "A Gateway Load Balancer endpoint works only in a zone in which the balancer has a node.",
        "AWS PrivateLink guide, 'Access an inspection system using a Gateway Load Balancer endpoint'",
        edited(FLEET, "subnets: [s9a]", "subnets: [s9b]"),
        _IN,
        FLEET,
    ),
    CodeCase(
        "ELB_NOT_CROSSZONE",
        "Without cross-zone balancing a node sends to appliances of its own zone alone.",
        "Gateway Load Balancer guide, 'Cross-zone load balancing'",
        edited(FLEET, "subnets: [s9a], target_groups", "subnets: [s9a, s9b], target_groups").replace(
            "kind: ec2, subnet: s9a", "kind: ec2, subnet: s9b"
        ),
        _IN,
        edited(FLEET, "subnets: [s9a], target_groups", "subnets: [s9a, s9b], cross_zone: true, target_groups").replace(
            "kind: ec2, subnet: s9a", "kind: ec2, subnet: s9b"
        ),
    ),
    CodeCase(
        "TGW_ATTACH_VPC_AZ_RESTRICTION",
        "Without appliance mode the reply enters the inspection VPC in the zone of who answers, at another endpoint.",
        _APPLIANCE_PAGE,
        edited(CENTRAL, "\n    appliance_mode: true", ""),
        _ACROSS,
        CENTRAL,
    ),
    CodeCase(
        "TRANSIT_GATEWAY_APPLIANCE_MODE_RECOMMENDED",
        "Inspection in several zones behind a transit gateway wants appliance mode at its attachment.",
        _APPLIANCE_PAGE,
        edited(CENTRAL, "\n    appliance_mode: true", ""),
        _ACROSS,
        CENTRAL,
    ),
    CodeCase(
        "FIREWALL_ASYMMETRIC_ROUTING",
        "A firewall drops the TCP reply of a connection that it did not see open.",
        _ASYMMETRY_PAGE,
        edited(
            INSPECTED,
            "  edge: {kind: route_table, vpc: v, gateway: igw, routes: [{to: 10.0.1.0/24, via: fw}]}\n",
            "",
        ),
        _IN,
        INSPECTED,
    ),
    CodeCase(
        "SG_REFERENCING_SUPPORT",
        "Groups are known over a transit gateway only where both attachments support it.",
        "Transit Gateway guide, 'Security group referencing'",
        edited(REFERENCED, "subnets: [sb]}", "subnets: [sb], security_group_referencing: false}"),
        _ACROSS,
        REFERENCED,
    ),
    CodeCase(
        "SG_REFERENCES_NOT_PRESERVED",
        "Groups are not known over a transit gateway that does not support referencing.",
        "Transit Gateway guide, 'Security group referencing'",
        edited(REFERENCED, "security_group_referencing: true", "security_group_referencing: false"),
        _ACROSS,
        REFERENCED,
    ),
    CodeCase(
        "SG_REFERENCES_NOT_PRESERVED",
        "Behind a middlebox a sender is no longer known by its group.",
        "EC2 User Guide, 'Security group referencing'",
        edited(CENTRAL, "vpc: vb, ingress: [{protocol: all, from: any}]", "vpc: vb, ingress: [{port: 443, from: sga}]"),
        _ACROSS,
        CENTRAL,
    ),
    CodeCase(
        "VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
        "Ingress-only blocking stops what comes in by an internet gateway and leaves NAT gateways alone.",
        _ACCESS_PAGE,
        _OPEN,
        Flow("internet", "w", "tcp", 443),
        _OPEN,
        _OUT,
    ),
    CodeCase(
        "VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
        "Ingress-only blocking stops the replies to an instance that goes out by the internet gateway itself.",
        _ACCESS_PAGE,
        _OPEN,
        Flow("w", "203.0.113.5", "tcp", 443),
        edited(_OPEN, "mode: block-ingress", "mode: 'off'"),
    ),
    CodeCase(
        "VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
        "Bidirectional blocking stops NAT gateways too.",
        _ACCESS_PAGE,
        _BOTH,
        _OUT,
        _OPEN,
    ),
    CodeCase(
        "VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
        "An exclusion of a VPC exempts all of it.",
        _ACCESS_PAGE,
        _BOTH,
        Flow("internet", "w", "tcp", 443),
        edited(_BOTH, "mode: block-bidirectional", "mode: block-bidirectional, exclusions: [{resource: v}]"),
    ),
    CodeCase(
        "VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
        "An exclusion of a subnet exempts the interfaces in it.",
        _ACCESS_PAGE,
        edited(_BOTH, "mode: block-bidirectional", "mode: block-bidirectional, exclusions: [{resource: sa}]"),
        Flow("internet", "w", "tcp", 443),
        edited(_BOTH, "mode: block-bidirectional", "mode: block-bidirectional, exclusions: [{resource: sp}]"),
    ),
    CodeCase(
        "VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
        "An egress exclusion lets a NAT gateway of the VPC work and nobody in.",
        _ACCESS_PAGE,
        edited(
            _BOTH,
            "mode: block-bidirectional",
            "mode: block-bidirectional, exclusions: [{resource: v, allow: allow-egress}]",
        ),
        Flow("internet", "w", "tcp", 443),
        edited(
            _BOTH,
            "mode: block-bidirectional",
            "mode: block-bidirectional, exclusions: [{resource: v, allow: allow-egress}]",
        ),
        _OUT,
    ),
)
