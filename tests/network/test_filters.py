"""Security groups and network ACLs."""

from __future__ import annotations

import pytest

from archtui.model.component import Json
from archtui.network.addresses import parse_address
from archtui.network.engine import network_of
from archtui.network.filters import decide_acl
from archtui.network.flow import TCP, Packet
from archtui.world.steps import Verdict
from tests.network.designs import ask, codes, routed, second_vpc, two_subnets, world
from tests.proves import proves

ACL = {"kind": "network_acl", "vpc": "v"}
ALL_IN = {"rule": 100, "protocol": "all", "from": "0.0.0.0/0"}
ALL_OUT = {"rule": 100, "protocol": "all", "to": "0.0.0.0/0"}


@proves(
    "A security-group rule compares protocol, port and the other side's address.",
    area="Security groups",
    source="EC2 User Guide, 'Security group rules'",
)
@pytest.mark.parametrize(
    ("rule", "protocol", "port", "admitted"),
    [
        ({"port": 443, "from": "10.0.0.0/24"}, "tcp", 443, True),
        ({"port": "400-450", "from": "10.0.0.0/24"}, "tcp", 443, True),
        ({"port": 443, "from": "10.0.0.0/24"}, "tcp", 444, False),
        ({"port": 443, "from": "10.0.9.0/24"}, "tcp", 443, False),
        ({"protocol": "udp", "port": 443, "from": "10.0.0.0/24"}, "tcp", 443, False),
        ({"protocol": "all", "from": "10.0.0.10/32"}, "udp", 53, True),
        ({"protocol": "icmp", "icmp_type": 8, "from": "any"}, "icmp", None, True),
        ({"protocol": "icmp", "icmp_type": 3, "from": "any"}, "icmp", None, False),
        ({"protocol": "50", "from": "any"}, "50", None, True),
        ({"port": 443, "from": "::/0"}, "tcp", 443, False),
    ],
)
def test_group_rules_compare_protocol_port_and_source(
    rule: dict[str, Json], protocol: str, port: int | None, admitted: bool
) -> None:
    """EC2 User Guide, 'Security group rules'."""
    parts = two_subnets(own={"kind": "security_group", "vpc": "v", "ingress": [rule]}, b={"security_groups": ["own"]})
    trace = ask(parts, "a", "b", protocol, port)
    assert trace.verdict is (Verdict.REACHABLE if admitted else Verdict.BLOCKED)
    assert codes(trace) == (set() if admitted else {("own", "ENI_SG_RULES_MISMATCH")})


def test_a_group_without_rules_admits_nothing() -> None:
    parts = two_subnets(own={"kind": "security_group", "vpc": "v"}, b={"security_groups": ["own"]})
    assert codes(ask(parts, "a", "b")) == {("own", "SG_HAS_NO_RULES")}


@proves(
    "The rules of all groups of an interface are taken together.",
    area="Security groups",
    source="EC2 User Guide, 'Security group rules'",
)
def test_groups_add_up() -> None:
    """EC2 User Guide: the rules of all groups of an interface are taken together."""
    parts = two_subnets(
        none={"kind": "security_group", "vpc": "v", "egress": []}, b={"security_groups": ["none", "sg"]}
    )
    assert ask(parts, "a", "b").verdict is Verdict.REACHABLE


def test_egress_of_the_sender_counts_and_all_denials_are_named() -> None:
    parts = two_subnets(
        mute={"kind": "security_group", "vpc": "v", "egress": []},
        deaf={"kind": "security_group", "vpc": "v", "ingress": [{"port": 22, "from": "any"}]},
        a={"security_groups": ["mute"]},
        b={"security_groups": ["deaf"]},
    )
    assert codes(ask(parts, "a", "b")) == {("mute", "SG_HAS_NO_RULES"), ("deaf", "ENI_SG_RULES_MISMATCH")}


@proves(
    "Security groups are stateful: replies of tracked connections pass.",
    area="Security groups",
    source="EC2 User Guide, 'Security group connection tracking'",
)
def test_replies_of_tracked_connections_pass() -> None:
    """EC2 User Guide, 'Security group connection tracking'."""
    parts = two_subnets(
        server={"kind": "security_group", "vpc": "v", "ingress": [{"port": 443, "from": "any"}], "egress": []},
        client={"kind": "security_group", "vpc": "v", "ingress": []},
        a={"security_groups": ["client"]},
        b={"security_groups": ["server"]},
    )
    assert ask(parts, "a", "b").verdict is Verdict.REACHABLE
    assert ask(parts, "b", "a").verdict is Verdict.BLOCKED


@proves(
    "A ping is no answer to itself.",
    area="Security groups",
    source="measured: aws_nlb_targets_ip",
)
def test_a_ping_to_oneself_is_no_reply() -> None:
    """Measured (aws_nlb_targets_ip): a ping without ports must not pass for the answer of itself."""
    parts = two_subnets(
        inner={"kind": "security_group", "vpc": "v", "ingress": [{"protocol": "all", "from": "10.0.0.0/8"}]},
        a={"security_groups": ["inner"]},
    )
    assert codes(ask(parts, "a", "198.51.100.10", "icmp")) == {("inner", "ENI_SG_RULES_MISMATCH")}


@proves(
    "A rule that names a group stands for private addresses, not for public ones.",
    area="Security groups",
    source="measured: public addresses of the same VPC; EC2 User Guide, 'Security group referencing'",
)
def test_a_reference_stands_for_private_addresses_inside_the_vpc() -> None:
    """Measured: a public address of the same VPC is reached through the internet gateway."""
    parts = two_subnets(
        ref={"kind": "security_group", "vpc": "v", "ingress": [{"port": 443, "from": "sg"}]},
        d={
            "kind": "ec2",
            "subnet": "sa",
            "private_ip": "10.0.0.20",
            "public_ip": "198.51.100.20",
            "security_groups": ["ref"],
        },
    )
    assert ask(parts, "a", "10.0.0.20").verdict is Verdict.REACHABLE
    assert codes(ask(parts, "a", "198.51.100.20")) == {("ref", "SG_REFERENCES_NOT_PRESERVED")}


@proves(
    "A group may be named over a peering of the same region only.",
    area="Security groups",
    source="VPC Peering Guide, 'Update your security groups to reference peer security groups'",
)
@pytest.mark.parametrize(("region", "verdict"), [("eu-west-1", Verdict.REACHABLE), ("us-east-1", Verdict.BLOCKED)])
def test_references_hold_over_a_peering_of_one_region(region: str, verdict: Verdict) -> None:
    """VPC Peering Guide, 'Update your security groups to reference peer security groups'."""
    parts = {
        **two_subnets(),
        **second_vpc(),
        "px": {"kind": "vpc_peering_connection", "requester": "v", "accepter": "w"},
    }
    parts["w"]["region"] = region
    parts["sc"]["az"] = f"{region}a"
    parts["sgw"]["ingress"] = [{"port": 443, "from": "sg"}]
    parts = routed(routed(parts, "pub", ("10.1.0.0/16", "px")), "far", ("10.0.0.0/16", "px"))
    assert ask(parts, "a", "c").verdict is verdict


@proves(
    "The entry with the lowest number that matches decides.",
    area="Network ACLs",
    source="VPC User Guide, 'Network ACL rules'; measured: describe output is unsorted",
)
@pytest.mark.parametrize(
    ("entries", "port", "passes"),
    [
        ([{"rule": 100, "action": "allow", "from": "0.0.0.0/0"}], 443, True),
        ([{"rule": 200, "from": "0.0.0.0/0"}, {"rule": 100, "action": "deny", "from": "0.0.0.0/0"}], 443, False),
        ([{"rule": 100, "from": "0.0.0.0/0"}, {"rule": 200, "action": "deny", "from": "0.0.0.0/0"}], 443, True),
        ([{"rule": 100, "protocol": "tcp", "port": 80, "from": "0.0.0.0/0"}], 443, False),
        ([{"rule": 100, "protocol": "tcp", "port": "400-500", "from": "10.0.0.0/24"}], 443, True),
        ([{"rule": 100, "protocol": "tcp", "port": "400-500", "from": "10.0.9.0/24"}], 443, False),
        ([], 443, False),
    ],
)
def test_acl_entries_decide_by_number(entries: list[Json], port: int, passes: bool) -> None:
    """VPC User Guide, 'Network ACL rules'; measured: describe output lists entries unsorted."""
    parts = two_subnets(acl={**ACL, "ingress": entries, "egress": [ALL_OUT]}, sb={"nacl": "acl"})
    trace = ask(parts, "a", "b", "tcp", port)
    assert codes(trace) == (set() if passes else {("acl", "SUBNET_ACL_RESTRICTION")})


@proves(
    "A network ACL keeps no state: the reply needs an entry of its own.",
    area="Network ACLs",
    source="VPC User Guide, 'Network ACLs'",
)
def test_the_reply_needs_an_entry_of_its_own() -> None:
    """VPC User Guide, 'Network ACLs': stateless; replies go to ephemeral ports."""
    out443 = [{"rule": 100, "protocol": "tcp", "port": 443, "to": "0.0.0.0/0"}]
    parts = two_subnets(acl={**ACL, "ingress": [ALL_IN], "egress": out443}, sb={"nacl": "acl"})
    trace = ask(parts, "a", "b")
    assert codes(trace) == {("acl", "SUBNET_ACL_RESTRICTION")}
    assert not any(hop.denied for hop in trace.forward)
    assert any(hop.denied for hop in trace.back)


@proves(
    "Clients choose their own port: Linux 32768-60999, an unknown client 1024-65535.",
    area="Network ACLs",
    source="VPC User Guide, 'Ephemeral ports'",
)
@pytest.mark.parametrize(
    ("ports", "source", "verdict"),
    [
        ("1024-65535", "internet", Verdict.REACHABLE),
        ("32768-65535", "internet", Verdict.UNKNOWN),
        ("32768-65535", "d", Verdict.REACHABLE),
        ("49152-65535", "d", Verdict.UNKNOWN),
        ("80", "d", Verdict.BLOCKED),
    ],
)
def test_a_part_of_the_ephemeral_range_is_not_guessed(ports: str, source: str, verdict: Verdict) -> None:
    """VPC User Guide, 'Ephemeral ports': Linux takes 32768-60999, an unknown client 1024-65535."""
    parts = two_subnets(
        acl={
            **ACL,
            "ingress": [ALL_IN],
            "egress": [{"rule": 100, "protocol": "tcp", "port": ports, "to": "0.0.0.0/0"}],
        },
        sa={"nacl": "acl"},
        d={"kind": "ec2", "subnet": "sb", "security_groups": ["sg"]},
    )
    trace = ask(parts, source, "a")
    assert trace.verdict is verdict
    assert bool(trace.missing) == (verdict is Verdict.UNKNOWN)


def test_a_given_source_port_decides() -> None:
    parts = two_subnets(
        acl={
            **ACL,
            "ingress": [ALL_IN],
            "egress": [{"rule": 100, "protocol": "tcp", "port": "32768-65535", "to": "0.0.0.0/0"}],
        },
        sa={"nacl": "acl"},
    )
    assert ask(parts, "internet", "a", source_port=40000).verdict is Verdict.REACHABLE
    assert ask(parts, "internet", "a", source_port=2000).verdict is Verdict.BLOCKED


@proves(
    "Inside a subnet no network ACL is asked.",
    area="Network ACLs",
    source="measured: 1.2 % of the probes change; VPC User Guide, 'Network ACLs'",
)
def test_inside_a_subnet_no_acl_is_asked() -> None:
    """Measured: 1.2 % of the probes are wrong with ACLs inside a subnet."""
    parts = two_subnets(acl=ACL, sa={"nacl": "acl"}, d={"kind": "ec2", "subnet": "sa", "security_groups": ["sg"]})
    assert ask(parts, "a", "d").verdict is Verdict.REACHABLE
    assert codes(ask(parts, "a", "b")) == {("acl", "SUBNET_ACL_RESTRICTION")}


def test_ports_are_split_over_entries() -> None:
    parts = two_subnets(
        acl={
            **ACL,
            "ingress": [
                {"rule": 10, "protocol": "tcp", "port": "1024-2000", "from": "0.0.0.0/0"},
                {"rule": 20, "action": "deny", "protocol": "tcp", "port": "1500-3000", "from": "0.0.0.0/0"},
                {"rule": 30, "protocol": "tcp", "port": "2500-65535", "from": "0.0.0.0/0"},
            ],
        }
    )
    nacl = network_of(world(parts)).nacls["acl"]
    packet = Packet(parse_address("10.0.0.10"), parse_address("10.0.1.10"), TCP, (443, 443), (1024, 65535), (8, 0))
    decision = decide_acl(nacl, packet, "ingress")
    assert [ports for ports, _ in decision.allowed] == [(1024, 2000), (3001, 65535)]
    assert [ports for ports, _ in decision.denied] == [(2001, 3000)]


def test_the_deciding_and_the_losing_rules_are_shown_with_their_place() -> None:
    parts = two_subnets(
        own={
            "kind": "security_group",
            "vpc": "v",
            "ingress": [{"port": 22, "from": "0.0.0.0/0"}, {"port": 443, "from": "10.0.9.0/24"}],
        },
        b={"security_groups": ["own"]},
    )
    trace = ask(parts, "a", "b")
    step = next(step for hop in trace.forward for step in hop.steps if step.code == "ENI_SG_RULES_MISMATCH")
    assert step.decided_by is not None
    assert step.decided_by.component == "own"
    assert {ref.path for ref in (step.decided_by, *step.lost)} == {("ingress", 0), ("ingress", 1)}
    assert "the port differs (443 asked)" in step.message or "the source differs" in step.message


def test_a_group_outside_the_design_is_not_guessed() -> None:
    parts = {**two_subnets(), **second_vpc()}
    parts["sg"]["ingress"] = [{"port": 443, "from": "gone"}]
    parts["gone"] = {"kind": "unmodelled_resource", "type": "security group"}
    trace = ask(parts, "b", "a")
    assert trace.verdict is Verdict.UNKNOWN
    assert any("gone" in missing for missing in trace.missing)


def test_an_interface_in_a_group_outside_the_design_is_not_guessed() -> None:
    parts = two_subnets(b={"security_groups": ["gone"]})
    parts["gone"] = {"kind": "unmodelled_resource", "type": "security group"}
    assert ask(parts, "a", "b").verdict is Verdict.UNKNOWN
    parts["b"]["security_groups"] = ["gone", "sg"]
    assert ask(parts, "a", "b").verdict is Verdict.REACHABLE
