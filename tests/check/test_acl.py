"""What network ACL entries let through, against a reading of the entries packet by packet."""

from __future__ import annotations

import ipaddress
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtui.services.vpc.acl import allowed, free_number, hides, missing
from archtui.services.vpc.properties import AclIngress

BLOCKS = ("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.1.0/24", "10.1.0.0/16", "192.0.2.0/24")
EDGES = (0, 22, 443, 1023, 1024, 5000, 32768, 60999, 65535)


@st.composite
def entries(draw: st.DrawFn) -> list[AclIngress]:
    numbers = draw(st.lists(st.integers(1, 200), unique=True, max_size=6))
    made = []
    for number in numbers:
        low, high = sorted((draw(st.sampled_from(EDGES)), draw(st.sampled_from(EDGES))))
        made.append(
            AclIngress.model_validate(
                {
                    "rule": number,
                    "action": draw(st.sampled_from(["allow", "deny"])),
                    "protocol": draw(st.sampled_from(["tcp", "udp", "all"])),
                    "port": f"{low}-{high}",
                    "from": draw(st.sampled_from(BLOCKS)),
                }
            )
        )
    return made


def ports(entry: AclIngress) -> tuple[int, int]:
    low, _, high = str(entry.ports).partition("-")
    return (0, 65535) if entry.protocol == "all" else (int(low), int(high or low))


def admits(acl: list[AclIngress], address: str, port: int) -> bool:
    """Read the entries as AWS does: rising number, the first that matches decides, the rest is denied."""
    for entry in sorted(acl, key=lambda item: item.rule):
        low, high = ports(entry)
        inside = ipaddress.ip_address(address) in ipaddress.ip_network(entry.source)
        if entry.protocol in ("all", "tcp") and inside and low <= port <= high:
            return entry.action == "allow"
    return False


OUTSIDE = {"0.0.0.0/0": "203.0.113.9", "10.0.0.0/8": "10.200.0.1", "10.0.0.0/16": "10.0.200.1"}
"""For each block an address of it that no narrower block holds."""


@given(entries(), st.sampled_from(sorted(OUTSIDE)), st.sampled_from(EDGES))
@settings(max_examples=300, deadline=None)
def test_allowed_is_what_the_first_match_says(acl: list[AclIngress], block: str, port: int) -> None:
    opened = allowed(acl, block, (0, 65535))
    assert any(low <= port <= high for low, high in opened) == admits(acl, OUTSIDE[block], port)


@given(entries(), st.sampled_from(sorted(OUTSIDE)))
@settings(max_examples=100, deadline=None)
def test_open_and_missing_ports_make_up_the_whole(acl: list[AclIngress], block: str) -> None:
    opened = allowed(acl, block, (1024, 65535))
    parts = sorted((*opened, *missing(opened, (1024, 65535))))
    assert parts[0][0] == 1024
    assert parts[-1][1] == 65535
    assert all(one[1] + 1 == other[0] for one, other in itertools.pairwise(parts))


@given(entries(), st.sampled_from(sorted(OUTSIDE)))
@settings(max_examples=200, deadline=None)
def test_an_entry_with_the_free_number_opens_the_ports(acl: list[AclIngress], block: str) -> None:
    number = free_number(acl, block, (1024, 65535))
    if number is None:
        return
    entry = AclIngress.model_validate({"rule": number, "protocol": "tcp", "port": "1024-65535", "from": block})
    assert number not in {known.rule for known in acl}
    assert missing(allowed([*acl, entry], block, (1024, 65535)), (1024, 65535)) == ()


@given(entries(), st.sampled_from(sorted(OUTSIDE)), st.sampled_from(EDGES))
@settings(max_examples=200, deadline=None)
def test_a_hidden_entry_decides_nothing(acl: list[AclIngress], block: str, port: int) -> None:
    left = [entry for entry in acl if not any(hides(other, entry) for other in acl)]
    assert admits(left, OUTSIDE[block], port) == admits(acl, OUTSIDE[block], port)


def test_parts_that_make_up_the_block_leave_it_undecided() -> None:
    halves = [
        AclIngress.model_validate({"rule": 1, "action": "deny", "protocol": "tcp", "from": "10.0.0.0/17"}),
        AclIngress.model_validate({"rule": 2, "action": "deny", "protocol": "tcp", "from": "10.0.128.0/17"}),
    ]
    assert allowed(halves, "10.0.0.0/16", (1024, 65535)) == ((1024, 65535),)
    assert allowed(halves[:1], "10.0.0.0/16", (1024, 65535)) == ()


@pytest.mark.parametrize("block", ["::/0", "2001:db8::/32"])
def test_families_do_not_meet(block: str) -> None:
    acl = [AclIngress.model_validate({"rule": 1, "from": "0.0.0.0/0"})]
    assert allowed(acl, block, (1, 2)) == ()
