"""What security groups admit, what certificates cover, what paths answer."""

from __future__ import annotations

import pytest

from archtui.services.acm.properties import CertificateProperties
from archtui.services.ec2.lookups import public_address_of, status_of
from archtui.services.ec2.properties import Service
from archtui.services.elb.lookups import status_matches
from archtui.services.lookups import Peer, admits, character_of
from archtui.services.route53.lookups import names_of
from tests.check.designs import world_of

NETWORK = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  igw: {kind: internet_gateway, vpc: vpc}
  eip: {kind: elastic_ip}
  nat: {kind: nat_gateway, subnet: open, elastic_ip: eip}
  out: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: igw}]}
  by-nat: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: nat}]}
  open: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: out}
  private: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.1.0/24, route_table: by-nat}
  closed: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.2.0/24}
"""


@pytest.mark.parametrize(("subnet", "character"), [("open", "public"), ("private", "private"), ("closed", "isolated")])
def test_routes_make_the_character(subnet: str, character: str) -> None:
    assert character_of(world_of(NETWORK), subnet) == character


@pytest.mark.parametrize(
    ("rule", "admitted"),
    [
        ("{port: 80, from: client}", True),
        ("{port: 443, from: client}", False),
        ("{port: 80, from: other}", False),
        ("{port: 70-90, from: 10.0.1.0/28}", True),
        ("{port: 80, from: 10.0.9.0/24}", False),
        ("{port: 80, protocol: udp, from: any}", False),
        ("{protocol: all, from: any}", True),
        ("{port: 80, from: self}", False),
        ("{port: 80, from: list}", True),
    ],
)
def test_what_a_group_admits(rule: str, admitted: bool) -> None:
    world = world_of(
        NETWORK
        + "  client: {kind: security_group, vpc: vpc}\n  other: {kind: security_group, vpc: vpc}\n"
        + "  list: {kind: prefix_list, cidrs: [10.0.0.0/8]}\n"
        + f"  server: {{kind: security_group, vpc: vpc, ingress: [{rule}]}}\n"
    )
    assert admits(world, ("server",), Peer(("client",), ("private",)), 80) is admitted


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("shop.example.com", True),
        ("SHOP.example.com.", True),
        ("a.api.example.com", True),
        ("a.b.api.example.com", False),
        ("api.example.com", False),
        ("example.com", False),
    ],
)
def test_a_wildcard_covers_one_label(host: str, covered: bool) -> None:
    certificate = CertificateProperties(domain="shop.example.com", alternative_names=("*.api.example.com",))
    assert certificate.covers(host) is covered


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/shop/a", 301), ("/shop/old/a", 410), ("/shop/old/a?x=1", 410), ("/health", 204), ("/nope", 404)],
)
def test_the_longest_path_answers(path: str, status: int) -> None:
    service = Service(port=80, paths={"/": 200, "/shop/*": 301, "/shop/old/*": 410, "/health": 204})
    assert status_of(service, path) == status


@pytest.mark.parametrize(
    ("matcher", "status", "good"),
    [("200", 200, True), ("200", 204, False), ("200-299", 204, True), ("200,301", 301, True), ("200,301", 300, False)],
)
def test_matchers(matcher: str, status: int, good: bool) -> None:
    assert status_matches(matcher, status) is good


@pytest.mark.parametrize(
    ("box", "kind"),
    [
        ("{kind: ec2, subnet: open}", None),
        ("{kind: ec2, subnet: open, public_ip: true}", "auto"),
        ("{kind: ec2, subnet: open, public_ip: 192.0.2.1}", "fixed"),
        ("{kind: ec2}", "auto"),
        ("{kind: ec2, public_ip: false}", None),
        ("{kind: ec2, subnet: open}\n  address: {kind: elastic_ip, attached_to: box}", "elastic"),
    ],
)
def test_public_addresses(box: str, kind: str | None) -> None:
    """An instance of a default subnet gets an address by default, one of another subnet does not."""
    assert public_address_of(world_of(f"{NETWORK}  box: {box}\n"), "box") == kind


def test_names_that_lead_to_a_component() -> None:
    world = world_of(
        "components:\n  zone: {kind: hosted_zone, name: Example.com.}\n  lb: {kind: alb}\n"
        "  apex: {kind: record, zone: zone, name: '@', alias: lb}\n"
        "  www: {kind: record, zone: zone, name: www, alias: lb}\n"
        "  full: {kind: record, zone: zone, name: shop.example.com, alias: lb}\n"
    )
    assert names_of(world, "lb") == ("example.com", "www.example.com", "shop.example.com")
