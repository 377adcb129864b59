"""What a denial says: the closest rule, the fields that differ, the nearest rows, every listener."""

from __future__ import annotations

import pytest

from archtui.model.component import Json
from archtui.network.addresses import parse_address, parse_block
from archtui.network.engine import PacketTrace
from archtui.network.routes import common_bits
from archtui.world.steps import Action, Step
from tests.network.designs import Parts, ask, routed, second_vpc, two_subnets

EVERYTHING: dict[str, Json] = {"rule": 100, "protocol": "all", "to": "0.0.0.0/0"}
NLB: Parts = {
    "nlb": {
        "kind": "nlb",
        "subnets": ["sa"],
        "listeners": [
            {"port": 443, "protocol": "TCP", "forward": "tg"},
            {"port": 53, "protocol": "UDP", "forward": "tg"},
        ],
    },
    "tg": {"kind": "target_group", "vpc": "v", "port": 80, "protocol": "TCP", "targets": ["b"]},
}


def denial(trace: PacketTrace, code: str) -> Step:
    """Return the one denial with ``code``, there or back."""
    (found,) = [
        step
        for hop in (*trace.forward, *trace.back)
        for step in hop.steps
        if step.action is Action.DENY and step.code == code
    ]
    return found


@pytest.mark.parametrize(
    ("rules", "protocol", "port", "closest", "differs"),
    [
        ([{"port": 80, "from": "10.0.0.0/24"}], "tcp", 443, 0, [("port", "443", "80")]),
        ([{"port": 80, "from": "10.9.0.0/16"}], "tcp", 80, 0, [("source", "10.0.0.10", "10.9.0.0/16")]),
        ([{"port": 53, "protocol": "udp", "from": "10.0.0.0/24"}], "tcp", 53, 0, [("protocol", "tcp", "udp")]),
        ([{"port": 80, "from": "me"}], "tcp", 80, 0, [("source", "10.0.0.10", "me")]),
        (
            [{"port": 22, "from": "10.9.0.0/16"}, {"port": 22, "from": "10.0.0.0/24"}],
            *("tcp", 80, 1, [("port", "80", "22")]),
        ),
    ],
)
def test_the_closest_rule_of_a_group_says_what_differs(
    rules: list[Json], protocol: str, port: int, closest: int, differs: list[tuple[str, str, str]]
) -> None:
    parts = two_subnets(
        own={"kind": "security_group", "vpc": "v", "ingress": rules},
        me={"kind": "security_group", "vpc": "v"},
        b={"security_groups": ["own"]},
    )
    step = denial(ask(parts, "a", "b", protocol, port), "ENI_SG_RULES_MISMATCH")
    assert step.decided_by is not None
    assert step.rule_word == "closest"
    assert step.decided_by.path == ("ingress", closest)
    assert [(each.field, each.asked, each.rule) for each in step.decided_by.differs] == differs
    assert step.decided_by.differs[0].text in step.message
    assert len(step.lost) == len(rules) - 1


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"rule": 90, "protocol": "tcp", "port": 80, "from": "0.0.0.0/0"}, "the port differs (443 asked)"),
        (
            {"rule": 90, "protocol": "tcp", "port": 443, "from": "10.9.0.0/16"},
            "the source differs (10.0.0.10 is not in 10.9.0.0/16)",
        ),
    ],
)
def test_an_acl_without_an_entry_names_the_closest_and_the_direction(entry: dict[str, Json], said: str) -> None:
    acl: dict[str, Json] = {"kind": "network_acl", "vpc": "v", "ingress": [entry], "egress": [EVERYTHING]}
    step = denial(ask(two_subnets(acl=acl, sb={"nacl": "acl"}), "a", "b", "tcp", 443), "SUBNET_ACL_RESTRICTION")
    assert "into sb" in step.message
    assert f"The closest entry is rule 90 allow tcp {entry['port']} from {entry['from']}: {said}." in step.message


def test_an_entry_that_comes_too_late_is_told_from_one_that_does_not_match() -> None:
    entries: list[Json] = [
        {"rule": 10, "action": "deny", "protocol": "tcp", "port": 443, "from": "0.0.0.0/0"},
        {"rule": 20, "protocol": "tcp", "port": 80, "from": "0.0.0.0/0"},
        {"rule": 30, "protocol": "all", "from": "0.0.0.0/0"},
    ]
    acl: dict[str, Json] = {"kind": "network_acl", "vpc": "v", "ingress": entries, "egress": []}
    trace = ask(two_subnets(acl=acl, sb={"nacl": "acl"}), "a", "b", "tcp", 443)
    steps = [step for hop in trace.forward for step in hop.steps if step.code == "SUBNET_ACL_RESTRICTION"]
    assert [rule.why for rule in steps[0].lost] == ["port differs (443 asked)", "a lower number has decided"]


def test_the_nearest_rows_come_first_where_none_matches() -> None:
    parts = routed(
        {**two_subnets(), **second_vpc()}, "far", ("192.0.2.0/24", "blackhole"), ("203.0.113.0/25", "blackhole")
    )
    step = denial(ask(parts, "c", "203.0.113.200"), "NO_ROUTE_TO_DESTINATION")
    assert [rule.text.partition(" ")[0] for rule in step.lost] == ["203.0.113.0/25", "192.0.2.0/24", "10.1.0.0/16"]
    assert "The nearest row is 203.0.113.0/25" in step.message


@pytest.mark.parametrize(
    ("block", "address", "bits"),
    [
        ("10.0.0.0/8", "10.1.2.3", 8),
        ("10.0.0.0/16", "10.1.0.0", 15),
        ("0.0.0.0/0", "10.1.0.0", 0),
        ("128.0.0.0/8", "10.0.0.0", 0),
        ("10.0.0.1/32", "10.0.0.0", 31),
        ("2001:db8::/32", "2001:db8::1", 32),
        ("2001:db8::/32", "2001:db9::1", 31),
    ],
)
def test_how_near_a_row_is(block: str, address: str, bits: int) -> None:
    assert common_bits(parse_block(block), parse_address(address)) == bits


def test_every_listener_says_why_it_did_not_take_the_packet() -> None:
    step = denial(ask({**two_subnets(), **NLB}, "a", "nlb", "tcp", 80), "ELBV2_LISTENERS_MISMATCH")
    assert [(rule.text, rule.why, rule.path) for rule in step.lost] == [
        ("listener tcp 443", "port differs (80 asked)", ("listeners", 0)),
        ("listener udp 53", "protocol differs (tcp asked)", ("listeners", 1)),
    ]


def test_all_blockers_of_both_ways_are_named() -> None:
    parts = two_subnets(
        own={"kind": "security_group", "vpc": "v", "ingress": [{"port": 22, "from": "0.0.0.0/0"}]},
        acl={"kind": "network_acl", "vpc": "v", "ingress": [], "egress": []},
        b={"security_groups": ["own"]},
        sb={"nacl": "acl"},
    )
    trace = ask(parts, "a", "b", "tcp", 80)
    assert [(blocker.component, blocker.code, "into sb" in blocker.message) for blocker in trace.blockers] == [
        ("acl", "SUBNET_ACL_RESTRICTION", True),
        ("own", "ENI_SG_RULES_MISMATCH", False),
        ("acl", "SUBNET_ACL_RESTRICTION", False),
    ]
    assert "out of sb" in trace.blockers[2].message
