"""NET018 knows which ports clients ask from."""

from __future__ import annotations

import pytest

from archtui.services import rules
from tests.check.designs import world_of

RULE = next(rule for rule in rules() if rule.id == "NET018")

DESIGN = """\
components:
  vpc: {{kind: vpc, cidr: 10.0.0.0/16}}
  igw: {{kind: internet_gateway, vpc: vpc}}
  public: {{kind: route_table, vpc: vpc, routes: [{{to: 0.0.0.0/0, via: igw}}]}}
  front-a: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: public}}
  front-b: {{kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24, route_table: public}}
  spare-a: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.2.0/24}}
  app-a: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24, nacl: edge}}
  web: {{kind: ec2, subnet: app-a}}
  {client}
  edge:
    kind: network_acl
    vpc: vpc
    ingress: [{ingress}]
    egress: [{egress}]
"""

INSTANCE = "client: {kind: ec2, subnet: front-a}"
BALANCER = "lb: {kind: alb, subnets: [front-a, front-b]}"
NAT = "nat: {kind: nat_gateway, subnet: app-a, connectivity: private}"
NOBODY = "note: {kind: elastic_ip}"
FROM_FRONT = "{rule: 1, protocol: tcp, port: 8080, from: 10.0.0.0/24}"
LINUX_BACK = "{rule: 1, protocol: tcp, port: 32768-60999, to: 10.0.0.0/24}"
ALL_BACK = "{rule: 1, protocol: tcp, port: 1024-65535, to: 10.0.0.0/24}"
OUT = "{rule: 1, protocol: tcp, port: 443, to: 0.0.0.0/0}"
LINUX_IN = "{rule: 1, protocol: tcp, port: 32768-60999, from: 0.0.0.0/0}"


@pytest.mark.parametrize(
    ("client", "ingress", "egress", "lost"),
    [
        pytest.param(INSTANCE, FROM_FRONT, LINUX_BACK, "", id="an instance asks from Linux's ports"),
        pytest.param(INSTANCE, FROM_FRONT, "", "32768-60999", id="no reply to an instance"),
        pytest.param(BALANCER, FROM_FRONT, ALL_BACK, "", id="a balancer asks from all ports"),
        pytest.param(BALANCER, FROM_FRONT, LINUX_BACK, "1024-32767, 61000-65535", id="a balancer needs more"),
        pytest.param(
            INSTANCE,
            "{rule: 1, protocol: tcp, port: 443, from: 0.0.0.0/0}",
            "{rule: 1, protocol: tcp, port: 32768-60999, to: 0.0.0.0/0}",
            "1024-32767, 61000-65535",
            id="strangers ask from all ports",
        ),
        pytest.param(INSTANCE, LINUX_IN, OUT, "", id="an instance is answered on Linux's ports"),
        pytest.param(NAT, LINUX_IN, OUT, "1024-32767, 61000-65535", id="a NAT gateway is answered on all ports"),
        pytest.param(INSTANCE, "", OUT, "32768-60999", id="no answer from outside"),
        pytest.param(
            NOBODY,
            "{rule: 1, protocol: tcp, port: 8080, from: 10.0.0.0/16}",
            "",
            "32768-60999",
            id="nobody there yet",
        ),
        pytest.param(
            INSTANCE,
            "{rule: 1, protocol: tcp, port: 8080, from: 10.0.0.0/16}",
            LINUX_BACK,
            "",
            id="replies are needed only where somebody is",
        ),
        pytest.param(
            INSTANCE,
            FROM_FRONT,
            "{rule: 1, action: deny, protocol: tcp, port: 40000, to: 10.0.0.0/24}, "
            "{rule: 2, protocol: tcp, port: 1024-65535, to: 10.0.0.0/8}",
            "40000",
            id="a denied port in between",
        ),
        pytest.param(INSTANCE, "{rule: 1, protocol: udp, port: 53, from: 10.0.0.0/24}", "", "", id="UDP is left alone"),
        pytest.param(
            INSTANCE,
            "{rule: 1, action: deny, from: 0.0.0.0/0}, {rule: 2, protocol: tcp, port: 80, from: 0.0.0.0/0}",
            "",
            "",
            id="a hidden entry asks for nothing",
        ),
        pytest.param(
            INSTANCE, "{rule: 1, protocol: tcp, port: 80, from: 10.0.10.0/24}", "", "", id="inside the subnet no ACL"
        ),
        pytest.param(
            INSTANCE, "{rule: 1, protocol: tcp, port: 1024-65535, from: 0.0.0.0/0}", "", "", id="replies only"
        ),
    ],
)
def test_ports_of_replies(client: str, ingress: str, egress: str, lost: str) -> None:
    findings = list(RULE.check(world_of(DESIGN.format(client=client, ingress=ingress, egress=egress))))
    if not lost:
        assert findings == []
    else:
        assert [finding.message.rpartition(" port")[2].lstrip("s ").rstrip(".") for finding in findings] == [lost]
