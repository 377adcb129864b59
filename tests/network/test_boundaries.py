"""Where AWS's networks end: addresses nobody routes, targets of other VPCs, severed attachments, open questions."""

from __future__ import annotations

import pytest

from archtui.model.component import Json
from archtui.world.condition import condition_for
from archtui.world.steps import Verdict
from tests.network.designs import OPEN_SG, Parts, ask, codes, routed, second_vpc, two_subnets, world
from tests.proves import proves


def _peered() -> Parts:
    px: Parts = {"px": {"kind": "vpc_peering_connection", "requester": "v", "accepter": "w"}}
    parts = {**two_subnets(), **second_vpc(), **px}
    return routed(routed(parts, "pub", ("10.1.0.0/16", "px")), "far", ("10.0.0.0/16", "px"))


# -- addresses ------------------------------------------------------------------------------------


@proves(
    "No router forwards loopback, link-local, broadcast and reserved addresses.",
    area="Routes",
    source="RFC 6890, 2.2.2; Amazon VPC FAQ: no broadcast",
)
@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.1", "169.254.7.7", "240.0.0.1", "255.255.255.255"])
@pytest.mark.parametrize("host", ["a", "b"])
def test_no_router_forwards_special_addresses(address: str, host: str) -> None:
    """RFC 6890, 2.2.2: not forwardable; Amazon VPC FAQ: no broadcast."""
    assert codes(ask(two_subnets(), host, address)) == {("v", "NO_POSSIBLE_DESTINATION")}


@pytest.mark.parametrize("address", ["127.0.0.1", "255.255.255.255"])
def test_nobody_outside_has_a_special_address(address: str) -> None:
    assert codes(ask(two_subnets(), address, "a")) == {("v", "NO_POSSIBLE_DESTINATION")}


@proves(
    "A VPC carries no multicast by itself.",
    area="Routes",
    source="Amazon VPC FAQ; Transit Gateway guide, 'Multicast in AWS Transit Gateway'",
)
def test_multicast_needs_a_transit_gateway_and_is_then_not_decided() -> None:
    """Amazon VPC FAQ (no multicast); Transit Gateway guide, 'Multicast in AWS Transit Gateway'."""
    parts = two_subnets()
    assert codes(ask(parts, "a", "239.1.1.1", "udp", 5000)) == {("v", "NO_POSSIBLE_DESTINATION")}
    parts |= {
        "tgw": {"kind": "transit_gateway"},
        "att": {"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "v", "subnets": ["sa"]},
    }
    trace = ask(parts, "a", "239.1.1.1", "udp", 5000)
    assert (trace.verdict, trace.missing) == (
        Verdict.UNKNOWN,
        ("the multicast domains of tgw: they are not modelled",),
    )


@proves(
    "Two VPCs may have the same block: an address alone does not say whose it is.",
    area="Addresses",
    source="VPC User Guide, 'VPC CIDR blocks'",
)
def test_an_address_of_two_vpcs_says_not_who_sends() -> None:
    """VPC User Guide, 'VPC CIDR blocks': VPCs may have the same block."""
    parts = {**two_subnets(), **second_vpc("10.0.0.0/16", "10.0.0.0/24")}
    parts["c"] = {**parts["c"], "private_ip": "10.0.0.10"}
    trace = ask(parts, "10.0.0.10", "9.9.9.9")
    assert trace.verdict is Verdict.UNKNOWN
    assert "a or c" in trace.missing[0]
    assert ask(parts, "a", "9.9.9.9").verdict is Verdict.REACHABLE


@proves(
    "A virtual private gateway carries connections both ways.",
    area="Hybrid networks",
    source="VPC User Guide, 'Route table concepts'",
)
@pytest.mark.parametrize(("state", "verdict"), [("available", Verdict.UNKNOWN), ("deleted", Verdict.BLOCKED)])
def test_a_private_address_outside_may_come_in_through_a_vpn(state: str, verdict: Verdict) -> None:
    """VPC User Guide, 'Route table concepts': a virtual private gateway carries connections both ways."""
    parts = two_subnets(vgw={"kind": "virtual_private_gateway", "vpc": "v", "state": state})
    parts = routed(parts, "priv", ("192.168.0.0/16", "vgw"))
    assert ask(parts, "192.168.1.1", "b").verdict is verdict


# -- who sends ------------------------------------------------------------------------------------


def test_members_of_a_group_must_agree_about_what_the_group_reaches() -> None:
    """The member in the public subnet has no public address, the one behind the NAT gateway needs none."""
    parts = two_subnets(
        template={"kind": "launch_template", "security_groups": ["sg"]},
        asg={"kind": "auto_scaling_group", "subnets": ["sa", "sb"], "min": 2, "launch_template": "template"},
    )
    trace = ask(parts, "asg", "9.9.9.9")
    assert trace.verdict is Verdict.UNKNOWN
    assert {str(branch.verdict) for branch in trace.branches} == {"blocked", "reachable"}
    parts["sa"] = {**parts["sa"], "map_public_ip": True}
    assert ask(parts, "asg", "9.9.9.9").verdict is Verdict.REACHABLE


# -- all traffic, all ports -----------------------------------------------------------------------

ANY_OUT: dict[str, Json] = {"rule": 100, "to": "0.0.0.0/0"}
ANY_IN: dict[str, Json] = {"rule": 100, "from": "0.0.0.0/0"}


@proves(
    "Each packet has one protocol, and the first entry that takes it decides.",
    area="Network ACLs",
    source="VPC User Guide, 'Network ACL rules'",
)
@pytest.mark.parametrize(
    ("entries", "verdict"),
    [
        ([ANY_IN], Verdict.REACHABLE),
        ([{"rule": 90, "action": "deny", "protocol": "tcp", "port": 22, "from": "0.0.0.0/0"}, ANY_IN], Verdict.UNKNOWN),
        (
            [{"rule": 90, "action": "deny", "protocol": "tcp", "port": 22, "from": "9.0.0.0/8"}, ANY_IN],
            Verdict.REACHABLE,
        ),
        ([{"rule": 90, "protocol": "tcp", "port": 22, "from": "0.0.0.0/0"}], Verdict.UNKNOWN),
        ([{"rule": 90, "action": "deny", "protocol": "udp", "from": "0.0.0.0/0"}], Verdict.BLOCKED),
    ],
)
def test_an_acl_that_admits_a_part_of_all_traffic_is_not_open(entries: list[Json], verdict: Verdict) -> None:
    """VPC User Guide, 'Network ACL rules': each packet has one protocol, the first entry that takes it decides."""
    acl: dict[str, Json] = {"kind": "network_acl", "vpc": "v", "ingress": entries, "egress": [ANY_OUT]}
    trace = ask(two_subnets(acl=acl, sb={"nacl": "acl"}), "a", "b", "all")
    assert trace.verdict is verdict
    assert bool(trace.missing) is (verdict is Verdict.UNKNOWN)


@pytest.mark.parametrize(
    ("rule", "protocol", "verdict"),
    [
        ({"protocol": "all", "from": "0.0.0.0/0"}, "all", Verdict.REACHABLE),
        ({"port": 443, "from": "0.0.0.0/0"}, "all", Verdict.UNKNOWN),
        ({"port": 443, "from": "9.0.0.0/8"}, "all", Verdict.BLOCKED),
        ({"port": 443, "from": "0.0.0.0/0"}, "tcp", Verdict.UNKNOWN),
        ({"port": 443, "from": "0.0.0.0/0"}, "udp", Verdict.BLOCKED),
    ],
)
def test_a_group_that_admits_a_part_of_what_is_asked_is_not_decided(
    rule: dict[str, Json], protocol: str, verdict: Verdict
) -> None:
    """Without a port (or with any protocol) a flow stands for many packets."""
    sg: dict[str, Json] = {**OPEN_SG, "ingress": [rule]}
    assert ask(two_subnets(narrow=sg, b={"security_groups": ["narrow"]}), "a", "b", protocol, None).verdict is verdict


# -- route targets --------------------------------------------------------------------------------


@proves(
    "A route's target belongs to the table's own VPC; a peer's NAT gateway cannot be used.",
    area="Peering",
    source="VPC User Guide, 'Route table concepts'; VPC Peering Guide, 'Edge to edge routing'",
)
@pytest.mark.parametrize("target", ["nat", "appliance"])
def test_a_route_target_of_another_vpc_takes_nothing(target: str) -> None:
    """VPC User Guide, 'Route table concepts'; a peering gives no use of the other VPC's NAT gateway either
    (VPC Peering Guide, 'Edge to edge routing')."""
    parts = routed(_peered(), "far", ("0.0.0.0/0", target))
    parts["appliance"] = {
        "kind": "ec2",
        "subnet": "sa",
        "runs": "nat",
        "source_dest_check": False,
        "public_ip": True,
        "security_groups": ["sg"],
    }
    assert codes(ask(parts, "c", "9.9.9.9")) == {(target, "BAD_STATE_ATTACHMENT")}


# -- severed attachments --------------------------------------------------------------------------


@pytest.mark.parametrize("link", ["link:px->v", "link:px->w"])
@pytest.mark.parametrize("flow", [("a", "c"), ("c", "a")])
def test_a_peering_cut_off_from_a_vpc_carries_nothing(link: str, flow: tuple[str, str]) -> None:
    compiled = world(_peered())
    assert ask(compiled, *flow).verdict is Verdict.REACHABLE
    trace = ask(compiled, *flow, condition=condition_for(compiled, (link,)))
    assert codes(trace) == {("px", "BAD_STATE_ATTACHMENT")}


@pytest.mark.parametrize("link", ["link:att->tgw", "link:att->v"])
def test_an_attachment_cut_off_carries_nothing(link: str) -> None:
    parts = {**two_subnets(), **second_vpc()}
    parts |= {
        "tgw": {"kind": "transit_gateway"},
        "att": {"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "v", "subnets": ["sa", "sb"]},
        "atw": {"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "w", "subnets": ["sc"]},
    }
    compiled = world(routed(routed(parts, "pub", ("10.1.0.0/16", "tgw")), "far", ("10.0.0.0/16", "tgw")))
    assert ask(compiled, "a", "c").verdict is Verdict.REACHABLE
    trace = ask(compiled, "a", "c", condition=condition_for(compiled, (link,)))
    assert codes(trace) == {("att", "BAD_STATE_ATTACHMENT")}


# -- targets of a Network Load Balancer -----------------------------------------------------------


def _balanced(target_type: str, target: str) -> Parts:
    """An NLB in ``sb`` with one target; VPC ``w`` overlaps ``v`` and holds ``b``'s address too."""
    parts = {**two_subnets(), **second_vpc("10.0.0.0/16", "10.0.1.0/24")}
    parts["aa"] = {**parts["c"], "private_ip": "10.0.1.10", "state": "stopped"}
    parts["tg"] = {"kind": "target_group", "vpc": "v", "protocol": "TCP", "port": 80, "target_type": target_type}
    parts["tg"]["targets"] = [target]
    parts["nlb"] = {
        "kind": "network_load_balancer",
        "scheme": "internal",
        "subnets": ["sb"],
        "listeners": [{"port": 80, "forward": "tg"}],
    }
    return parts


@proves(
    "Addresses are registered in the target group's VPC.",
    area="Load balancers",
    source="ELBv2 API, CreateTargetGroup",
)
def test_a_registered_address_is_one_of_the_groups_own_vpc() -> None:
    """ELBv2 API, CreateTargetGroup: 'the identifier of the VPC' says where the addresses are."""
    trace = ask(_balanced("ip", "10.0.1.10"), "a", "nlb", port=80)
    assert (trace.verdict, trace.delivered) == (Verdict.REACHABLE, "b")


@proves(
    "What cannot be registered as a target gets no traffic.",
    area="Load balancers",
    source="ELBv2 API, RegisterTargets",
)
@pytest.mark.parametrize(("target_type", "target"), [("instance", "c"), ("ip", "9.9.9.9")])
def test_what_aws_does_not_register_gets_nothing(target_type: str, target: str) -> None:
    """ELBv2 API, RegisterTargets."""
    assert codes(ask(_balanced(target_type, target), "a", "nlb", port=80)) == {("tg", "TARGET_ADDRESS_RESTRICTION")}


def test_the_internet_carries_no_private_address_and_both_readings_say_so_alike() -> None:
    assert codes(ask(two_subnets(), "internet", "10.0.1.10")) == {("internet", "NO_POSSIBLE_DESTINATION")}


def test_two_transit_tables_that_point_at_each_other_are_a_circle() -> None:
    parts = {
        **two_subnets(),
        "t1": {"kind": "transit_gateway", "default_association": False, "default_propagation": False},
        "t2": {"kind": "transit_gateway", "default_association": False, "default_propagation": False},
        "r1": {"kind": "transit_gateway_route_table", "transit_gateway": "t1", "routes": [_row_to("peer")]},
        "r2": {"kind": "transit_gateway_route_table", "transit_gateway": "t2", "routes": [_row_to("peer")]},
        "peer": {
            "kind": "transit_gateway_attachment",
            "transit_gateway": "t1",
            "peer": "t2",
            "route_table": "r1",
            "peer_route_table": "r2",
        },
        "at": {
            "kind": "transit_gateway_attachment",
            "transit_gateway": "t1",
            "vpc": "v",
            "subnets": ["sa"],
            "route_table": "r1",
        },
    }
    found = ask(routed(parts, "pub", ("10.9.0.0/16", "t1")), "a", "10.9.0.1")
    assert "CYCLIC_PATH_DETECTED" in {code for _, code in codes(found)}


def _row_to(attachment: str) -> dict[str, Json]:
    return {"to": "10.9.0.0/16", "via": attachment}
