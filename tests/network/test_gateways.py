"""Routes, internet and NAT gateways, peering, endpoints, middleboxes."""

from __future__ import annotations

import pytest

from archtui.model.component import Json
from archtui.network.engine import (
    addresses_of,
    effective_nacl,
    effective_route_table,
    interfaces_of,
    is_public_subnet,
    route_lookup,
    security_groups_of,
)
from archtui.world.steps import Verdict
from tests.network.designs import Parts, ask, codes, routed, second_vpc, two_subnets, world
from tests.proves import proves

PEERING: dict[str, Json] = {"kind": "vpc_peering_connection", "requester": "v", "accepter": "w"}


# -- routes ---------------------------------------------------------------------------------------


@proves(
    "The longest prefix wins; for equal ones local, then static, then propagated.",
    area="Routes",
    source="VPC User Guide, 'Route priority'",
)
def test_the_longest_prefix_wins_and_static_wins_over_propagated() -> None:
    """VPC User Guide, 'Route priority'."""
    parts = two_subnets(
        vgw={"kind": "virtual_private_gateway", "vpc": "v"},
        pub={
            "routes": [
                {"to": "0.0.0.0/0", "via": "igw"},
                {"to": "192.168.0.0/16", "via": "vgw", "origin": "propagated"},
                {"to": "192.168.0.0/16", "via": "igw"},
                {"to": "192.168.7.0/24", "via": "vgw", "origin": "propagated"},
            ]
        },
    )
    table = effective_route_table(world(parts), "sa")
    found = {
        address: row.target if (row := route_lookup(table, address)) else None
        for address in ("192.168.7.1", "192.168.8.1", "10.0.5.5", "9.9.9.9")
    }
    assert found == {"192.168.7.1": "vgw", "192.168.8.1": "igw", "10.0.5.5": "local", "9.9.9.9": "igw"}


@proves(
    "A blackhole row wins like any other; the next row is not tried.",
    area="Routes",
    source="Reachability Analyzer guide, BAD_STATE_ROUTE",
)
def test_a_blackhole_wins_like_any_row() -> None:
    """Reachability Analyzer, BAD_STATE_ROUTE: the next matching row is not tried."""
    parts = two_subnets(
        priv={"routes": [{"to": "0.0.0.0/0", "via": "nat"}, {"to": "9.9.9.0/24", "via": "nat", "state": "blackhole"}]}
    )
    assert codes(ask(parts, "b", "9.9.9.9")) == {("priv", "BAD_STATE_ROUTE")}
    assert ask(parts, "b", "9.9.8.9").verdict is Verdict.REACHABLE


def test_a_missing_route_names_the_table() -> None:
    trace = ask(two_subnets(priv={"routes": []}), "b", "9.9.9.9")
    assert codes(trace) == {("priv", "NO_ROUTE_TO_DESTINATION")}
    assert "no row for 9.9.9.9" in trace.blockers[0].message


def test_nobody_has_the_address() -> None:
    assert codes(ask(two_subnets(), "a", "10.0.9.9")) == {("v", "NO_POSSIBLE_DESTINATION")}


def test_prefix_lists_stand_for_their_blocks() -> None:
    parts = two_subnets(list={"kind": "prefix_list", "cidrs": ["9.9.9.0/24"]}, priv={"routes": []})
    parts = routed(parts, "priv", ("list", "nat"))
    assert ask(parts, "b", "9.9.9.9").verdict is Verdict.REACHABLE
    assert ask(parts, "b", "9.9.8.9").verdict is Verdict.BLOCKED


# -- internet gateway -----------------------------------------------------------------------------


@proves(
    "An internet gateway translates between the private and the public address, one to one.",
    area="Internet gateways",
    source="VPC User Guide, 'Internet gateways'; measured: 8.6 % of the probes change",
)
def test_the_internet_gateway_translates_one_to_one() -> None:
    """VPC User Guide, 'Internet gateways'; measured: 8.6 % of the probes are wrong without it."""
    out = ask(two_subnets(), "a", "9.9.9.9")
    assert (out.source_address, out.destination_address) == ("198.51.100.10", "9.9.9.9")
    into = ask(two_subnets(), "internet", "a")
    assert (into.verdict, into.source_address, into.destination_address) == (
        Verdict.REACHABLE,
        "8.8.8.8",
        "10.0.0.10",
    )


@proves(
    "A public subnet is not enough: the sender needs a public address.",
    area="Internet gateways",
    source="Reachability Analyzer guide, IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
)
def test_a_public_subnet_is_not_enough() -> None:
    """Reachability Analyzer, IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS."""
    parts = two_subnets(a={"public_ip": False})
    assert is_public_subnet(world(parts), "sa")
    assert not is_public_subnet(world(parts), "sb")
    assert codes(ask(parts, "a", "9.9.9.9")) == {("a", "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS")}
    assert ("a", "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS") in codes(ask(parts, "internet", "a"))


@proves(
    "An internet gateway drops packets to private destinations.",
    area="Internet gateways",
    source="Reachability Analyzer guide, IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS",
)
@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("192.168.1.1", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS"),
        ("100.64.1.1", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS"),
    ],
)
def test_private_destinations_do_not_leave(address: str, code: str) -> None:
    assert codes(ask(two_subnets(), "a", address)) == {("igw", code)}


def test_a_detached_gateway_carries_nothing() -> None:
    parts = two_subnets(igw={"vpc": None})
    assert codes(ask(parts, "a", "9.9.9.9")) == {("igw", "BAD_STATE_ATTACHMENT")}
    assert ("v", "NO_POSSIBLE_DESTINATION") in codes(ask(parts, "internet", "a"))


@proves(
    "A public address that belongs to no interface answers nobody.",
    area="Internet gateways",
    source="measured: the address of a deleted NAT gateway",
)
def test_an_unused_public_address_answers_nobody() -> None:
    """Measured: the address of a deleted NAT gateway."""
    parts = two_subnets(idle={"kind": "elastic_ip", "address": "198.51.100.99"})
    assert codes(ask(parts, "internet", "198.51.100.99")) == {("idle", "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS")}


def test_a_reply_must_go_back_the_way_it_came() -> None:
    """A public address in a subnet whose default route is a NAT gateway: the reply has no connection there."""
    parts = two_subnets(b={"public_ip": "198.51.100.20"})
    assert codes(ask(parts, "internet", "b")) == {("priv", "REPLY_FROM_OTHER_ADDRESS")}


# -- NAT gateway ----------------------------------------------------------------------------------


@proves(
    "A NAT gateway replaces the source by its own address and brings the reply back.",
    area="NAT",
    source="VPC User Guide, 'NAT gateway basics'",
)
def test_a_nat_gateway_lends_its_address() -> None:
    trace = ask(two_subnets(), "b", "9.9.9.9")
    assert (trace.verdict, trace.source_address) == (Verdict.REACHABLE, "198.51.100.7")
    assert any(step.code == "REMAP_EPHEMERAL_PORT" for hop in trace.forward for step in hop.steps)


@proves(
    "A NAT gateway answers neither pings nor connections.",
    area="NAT",
    source="measured: aws_demo",
)
@pytest.mark.parametrize("protocol", ["tcp", "icmp"])
def test_a_nat_gateway_answers_nobody(protocol: str) -> None:
    """Measured: neither pings nor connections to a NAT gateway are answered."""
    for target in ("nat", "198.51.100.7"):
        assert ("nat", "NGW_UNSOLICITED_INBOUND") in codes(ask(two_subnets(), "internet", target, protocol))


@proves(
    "A NAT gateway takes TCP, UDP and ICMP alone.",
    area="NAT",
    source="VPC User Guide, 'NAT gateway basics'",
)
def test_a_nat_gateway_takes_tcp_udp_and_icmp() -> None:
    assert codes(ask(two_subnets(), "b", "9.9.9.9", "50")) == {("nat", "PROTOCOL_RESTRICTION")}


@proves(
    "A NAT gateway needs a route out, an address and the state available.",
    area="NAT",
    source="VPC User Guide, 'Troubleshoot NAT gateways'",
)
@pytest.mark.parametrize(
    ("change", "blockers"),
    [
        ({"state": "failed"}, {("nat", "BAD_STATE")}),
        ({"state": "deleted"}, {("nat", "BAD_STATE")}),
        ({"subnet": "sb"}, {("nat", "NO_ROUTE_TO_DESTINATION")}),
        (
            {"connectivity": "private", "elastic_ip": None},
            {("nat", "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS")},
        ),
    ],
)
def test_what_keeps_a_nat_gateway_from_working(change: dict[str, Json], blockers: set[tuple[str, str]]) -> None:
    """VPC User Guide, 'Troubleshoot NAT gateways'."""
    assert codes(ask(two_subnets(nat=change), "b", "9.9.9.9")) == blockers


@proves(
    "The ACL of the NAT gateway's subnet sees packets and replies on both sides.",
    area="NAT",
    source="VPC User Guide, 'NAT gateways and network ACLs'",
)
def test_acl_of_the_nat_subnet_sees_the_reply_twice() -> None:
    """VPC User Guide, 'NAT gateways and network ACLs': ports 1024-65535 must come in."""
    everything = {"rule": 100, "protocol": "all", "to": "0.0.0.0/0"}
    inside = {"rule": 100, "protocol": "all", "from": "10.0.0.0/16"}
    acl = {"kind": "network_acl", "vpc": "v", "ingress": [inside], "egress": [everything]}
    trace = ask(two_subnets(acl=acl, sa={"nacl": "acl"}), "b", "9.9.9.9")
    assert codes(trace) == {("acl", "SUBNET_ACL_RESTRICTION")}
    assert not any(hop.denied for hop in trace.forward)


# -- peering --------------------------------------------------------------------------------------


def _peered(**changes: dict[str, Json]) -> Parts:
    parts = {**two_subnets(), **second_vpc(), "px": dict(PEERING)}
    parts = routed(routed(parts, "pub", ("10.1.0.0/16", "px")), "far", ("10.0.0.0/16", "px"))
    for name, properties in changes.items():
        parts[name] = {**parts[name], **properties}
    return parts


def test_a_peering_joins_two_vpcs() -> None:
    assert ask(_peered(), "a", "c").verdict is Verdict.REACHABLE
    assert ask(_peered(), "c", "a").verdict is Verdict.REACHABLE


def test_both_sides_need_a_route() -> None:
    assert codes(ask(_peered(far={"routes": []}), "a", "c")) == {("far", "NO_ROUTE_TO_DESTINATION")}
    assert codes(ask(_peered(pub={"routes": []}), "a", "c")) == {("pub", "NO_ROUTE_TO_DESTINATION")}


@proves(
    "Only an active peering carries traffic.",
    area="Peering",
    source="measured: deleted peerings stay in describe output",
)
@pytest.mark.parametrize("status", ["pending-acceptance", "deleted", "rejected"])
def test_only_an_active_peering_carries(status: str) -> None:
    """Measured: deleted peerings stay in describe output."""
    assert codes(ask(_peered(px={"status": status}), "a", "c")) == {("px", "BAD_STATE")}


@proves(
    "A peering carries traffic between its two VPCs only: no transit.",
    area="Peering",
    source="VPC Peering Guide, 'VPC peering limitations'",
)
def test_peering_is_not_transitive() -> None:
    """VPC Peering Guide, 'VPC peering limitations'."""
    parts = routed(_peered(), "far", ("0.0.0.0/0", "px"))
    assert codes(ask(parts, "c", "9.9.9.9")) == {("px", "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR")}


def test_overlapping_vpcs_cannot_be_peered() -> None:
    parts = {**two_subnets(), **second_vpc("10.0.0.0/16", "10.0.50.0/24"), "px": dict(PEERING)}
    assert ("px", "BAD_STATE") in codes(ask(parts, "a", "c"))


# -- endpoints, middleboxes, on-premises ----------------------------------------------------------


def _with_endpoint() -> dict[str, dict[str, Json]]:
    return two_subnets(
        s3={"kind": "prefix_list", "name": "com.amazonaws.eu-west-1.s3", "cidrs": ["52.216.0.0/15"]},
        gwe={
            "kind": "gateway_vpc_endpoint",
            "vpc": "v",
            "service": "com.amazonaws.eu-west-1.s3",
            "route_tables": ["priv"],
        },
        priv={"routes": []},
    )


@proves(
    "A gateway endpoint takes packets to its service's prefix list.",
    area="Endpoints",
    source="measured: aws_vpc_endpoints",
)
@pytest.mark.parametrize(
    ("protocol", "port", "blockers"),
    [
        ("tcp", 443, set()),
        ("icmp", None, set()),
        ("tcp", 22, {("s3", "PROTOCOL_RESTRICTION")}),
        ("udp", 443, {("gwe", "VPCE_GATEWAY_PROTOCOL_RESTRICTION")}),
    ],
)
def test_a_gateway_endpoint_reaches_the_service(
    protocol: str, port: int | None, blockers: set[tuple[str, str]]
) -> None:
    """Measured (aws_vpc_endpoints): S3 answers pings and its own ports."""
    assert codes(ask(_with_endpoint(), "b", "52.216.1.1", protocol, port)) == blockers


@proves(
    "An interface endpoint answers no ping.",
    area="Endpoints",
    source="measured: aws_vpc_endpoints",
)
@pytest.mark.parametrize(("protocol", "verdict"), [("tcp", Verdict.REACHABLE), ("icmp", Verdict.BLOCKED)])
def test_an_interface_endpoint_answers_no_ping(protocol: str, verdict: Verdict) -> None:
    """Measured (aws_vpc_endpoints)."""
    parts = two_subnets(
        vpce={
            "kind": "interface_vpc_endpoint",
            "vpc": "v",
            "service": "com.amazonaws.eu-west-1.ec2",
            "subnets": ["sb"],
            "security_groups": ["sg"],
        }
    )
    assert ask(parts, "a", "vpce", protocol).verdict is verdict
    assert ask(parts, "a", "vpce", "tcp", 22).verdict is Verdict.BLOCKED


@proves(
    "What forwards for others needs its source/destination check off.",
    area="NAT",
    source="VPC User Guide, 'NAT instances', 'Disable source/destination checks'",
)
def test_a_middlebox_must_take_what_is_not_for_it() -> None:
    """VPC User Guide, 'NAT instances', 'Disable source/destination checks'."""
    box: dict[str, Json] = {"kind": "ec2", "subnet": "sa", "security_groups": ["sg"], "public_ip": "198.51.100.30"}
    parts = two_subnets(box=box, priv={"routes": [{"to": "0.0.0.0/0", "via": "box"}]})
    assert ("box", "ENI_SOURCE_DEST_CHECK_RESTRICTION") in codes(ask(parts, "b", "9.9.9.9"))
    parts["box"]["source_dest_check"] = False
    undecided = ask(parts, "b", "9.9.9.9")
    assert (undecided.verdict, undecided.missing != ()) == (Verdict.UNKNOWN, True)


@proves(
    "A NAT instance lends its address as a NAT gateway does.",
    area="NAT",
    source="VPC User Guide, 'NAT instances'",
)
def test_a_nat_instance_works_like_a_nat_gateway() -> None:
    """VPC User Guide, 'NAT instances'."""
    parts = two_subnets(
        box={
            "kind": "ec2",
            "subnet": "sa",
            "security_groups": ["sg"],
            "public_ip": "198.51.100.30",
            "runs": "nat",
            "source_dest_check": False,
        },
        priv={"routes": [{"to": "0.0.0.0/0", "via": "box"}]},
    )
    trace = ask(parts, "b", "9.9.9.9")
    assert (trace.verdict, trace.source_address) == (Verdict.REACHABLE, "198.51.100.30")


def test_a_reply_from_another_address_belongs_to_no_connection() -> None:
    parts = two_subnets(
        box={
            "kind": "ec2",
            "subnet": "sa",
            "security_groups": ["sg"],
            "public_ip": "198.51.100.30",
            "runs": "nat",
            "source_dest_check": False,
        },
        priv={"routes": [{"to": "0.0.0.0/0", "via": "box"}]},
        b={"public_ip": "198.51.100.20"},
    )
    assert codes(ask(parts, "internet", "b")) == {("internet", "REPLY_FROM_OTHER_ADDRESS")}


@pytest.mark.parametrize(
    ("connection", "verdict", "code"),
    [
        ({}, Verdict.UNKNOWN, None),
        ({"tunnels": ["down", "down"]}, Verdict.BLOCKED, "BAD_STATE_VPN"),
        ({"tunnels": ["down", "up"]}, Verdict.UNKNOWN, None),
    ],
)
def test_what_lies_behind_a_vpn_is_not_guessed(connection: dict[str, Json], verdict: Verdict, code: str | None) -> None:
    parts = two_subnets(
        vgw={"kind": "virtual_private_gateway", "vpc": "v"},
        vpn={"kind": "vpn_connection", "gateway": "vgw", **connection},
        pub={"routes": [{"to": "192.168.0.0/16", "via": "vgw"}]},
    )
    trace = ask(parts, "a", "192.168.1.1")
    assert trace.verdict is verdict
    assert codes(trace) == ({("vgw", code)} if code else set())


# -- lookups --------------------------------------------------------------------------------------


def test_lookups() -> None:
    compiled = world(two_subnets())
    assert addresses_of(compiled, "a") == (("10.0.0.10",), ("198.51.100.10",))
    assert addresses_of(compiled, "nat")[1] == ("198.51.100.7",)
    assert security_groups_of(compiled, "b") == ("sg",)
    assert effective_route_table(compiled, "sb").id == "priv"
    assert effective_nacl(compiled, "sb").id == "v:default-nacl"
    assert [item.component for item in interfaces_of(compiled, "a")] == ["a"]


@proves(
    "AWS keeps the first four addresses and the last of a subnet.",
    area="Addresses",
    source="VPC User Guide, 'Subnet CIDR blocks'",
)
def test_addresses_left_out_are_given_out_in_order_of_ids() -> None:
    """AWS keeps the first four addresses and the last of a subnet."""
    parts = two_subnets(a={"private_ip": "10.0.0.5"}, nat={"private_ip": None})
    parts["z"] = {"kind": "ec2", "subnet": "sa", "security_groups": ["sg"]}
    parts["y"] = {"kind": "ec2", "subnet": "sa", "security_groups": ["sg"]}
    compiled = world(parts)
    assert [addresses_of(compiled, name)[0] for name in ("a", "nat", "y", "z")] == [
        ("10.0.0.5",),
        ("10.0.0.4",),
        ("10.0.0.6",),
        ("10.0.0.7",),
    ]
    turned = world(dict(reversed(parts.items())))
    assert [addresses_of(turned, name) for name in parts] == [addresses_of(compiled, name) for name in parts]


@proves(
    "Public addresses that nobody of the design was given answer nobody; what else AWS owns may be another's host.",
    area="Addresses",
    source="RFC 2544 (the range of which addresses are given out is routed nowhere)",
)
@pytest.mark.parametrize(
    ("address", "verdict"),
    [("198.18.9.9", Verdict.BLOCKED), ("198.19.9.9", Verdict.BLOCKED), ("54.191.107.23", Verdict.REACHABLE)],
)
def test_addresses_of_the_pools_that_nobody_has_answer_nobody(address: str, verdict: Verdict) -> None:
    assert ask(two_subnets(), "b", address, "tcp", 443).verdict is verdict


def test_what_answers_at_a_service_whose_ports_are_not_known_is_left_open() -> None:
    parts = two_subnets(
        edge={
            "kind": "prefix_list",
            "name": "com.amazonaws.global.cloudfront.origin-facing",
            "cidrs": ["120.52.22.96/27"],
            "aws_managed": True,
        }
    )
    assert ask(parts, "b", "120.52.22.100", "tcp", 443).verdict is Verdict.UNKNOWN
    assert ask(parts, "120.52.22.100", "a", "tcp", 443).verdict is Verdict.REACHABLE
