"""What changed in what a design does."""

from __future__ import annotations

import pytest

from archtui.diff import Difference, compare, render
from archtui.diff.ports import without
from archtui.network.reach import Reach
from archtui.services import rules
from tests.network.designs import OPEN_SG, Parts, two_subnets, world


def _compare(before: Parts, after: Parts) -> Difference:
    return compare(world(before), world(after), rules())


def test_the_same_design_differs_in_nothing() -> None:
    found = _compare(two_subnets(), two_subnets())
    assert found.is_empty
    assert render(found) == "The two designs do the same.\n"


def test_a_rule_that_opens_a_database_is_said_as_a_reviewer_would() -> None:
    closed: Parts = {**two_subnets(), "sg": {**OPEN_SG, "ingress": [{"port": 22, "from": "10.0.0.0/8"}]}}
    opened: Parts = {
        **closed,
        "sg": {**OPEN_SG, "ingress": [{"port": 22, "from": "10.0.0.0/8"}, {"port": 5432, "from": "0.0.0.0/0"}]},
    }
    found = _compare(closed, opened)
    assert Reach("internet", "a", "tcp", "5432") in found.reach.added
    assert Reach("a", "b", "tcp", "5432") in found.reach.added
    assert found.reach.removed == ()
    assert [change.id for change in found.changed] == ["sg"]
    assert any("5432" in finding.message for finding in found.findings_added)
    text = render(found)
    assert "+ internet and b now reach a on tcp 5432" in text
    assert "+ a now reaches b on tcp 5432" in text
    assert "sg: ingress changed" in text
    assert "no longer" not in text
    back = _compare(opened, closed)
    assert back.reach.removed == found.reach.added
    assert back.findings_removed == found.findings_added
    assert "- internet and b no longer reach a on tcp 5432" in render(back)


def test_components_come_and_go() -> None:
    more: Parts = {**two_subnets(), "c": {"kind": "ec2", "subnet": "sb", "security_groups": ["sg"]}}
    found = _compare(two_subnets(), more)
    assert [component.id for component in found.added] == ["c"]
    assert {row.target for row in found.reach.added if row.source == "a"} == {"c"}
    text = render(found)
    assert "+ c (" in text
    assert "+ a and b now reach c on all tcp ports, all udp ports and ping" in text
    assert [component.id for component in _compare(more, two_subnets()).removed] == ["c"]


def test_a_lost_reply_is_a_change_of_its_own() -> None:
    acl: dict[str, object] = {
        "kind": "network_acl",
        "vpc": "v",
        "ingress": [{"rule": 10, "action": "allow", "protocol": "tcp", "port": 80, "from": "0.0.0.0/0"}],
        "egress": [],
    }
    after: Parts = {**two_subnets(), "acl": acl}  # type: ignore[dict-item]
    after["sb"] = {**after["sb"], "nacl": "acl"}
    found = _compare(two_subnets(), after)
    assert Reach("a", "b", "tcp", "80", one_way=True) in found.reach.added
    assert Reach("a", "b", "tcp", "0-65535") in found.reach.removed
    assert "+ a now sends requests to b on tcp 80, but the replies are blocked" in render(found)


def test_json_holds_the_promised_keys() -> None:
    data = _compare(two_subnets(), {**two_subnets(), "d": {"kind": "ec2", "subnet": "sa"}}).to_json()
    assert {"components", "reach", "findings", "resilience"} <= data.keys()
    assert data["components"] == {"added": [{"id": "d", "kind": "ec2_instance"}], "removed": [], "changed": []}


@pytest.mark.parametrize(
    ("ports", "others", "left"),
    [
        ("80,443", "443", "80"),
        ("0-65535", "1024-65535", "0-1023"),
        ("0-65535", "80,443", "0-79,81-442,444-65535"),
        ("80", "0-65535", ""),
        ("1-10,20-30", "5-25", "1-4,26-30"),
        ("", "80", ""),
        ("7", "", "7"),
    ],
)
def test_ports_without_others(ports: str, others: str, left: str) -> None:
    assert without(ports, others) == left
