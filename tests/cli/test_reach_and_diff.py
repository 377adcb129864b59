"""``archtui reach`` and ``archtui diff`` on the command line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import ROOT, Ran

Run = Callable[..., Ran]
SHOP = "blueprints/three-tier.yaml"
FLAWS = "blueprints/three-tier-flaws.yaml"


def test_reach_lists_who_reaches_whom(archtui: Run) -> None:
    rows = archtui("reach", SHOP, "--format", "json").json
    assert {"from": "web-1", "to": "db", "protocol": "tcp", "ports": "5432", "one_way": False, "unknown": False} in rows
    assert not [row for row in rows if row["from"] == "internet" and row["to"] == "db"]


def test_reach_tells_lost_replies_apart(archtui: Run) -> None:
    rows = archtui("reach", FLAWS, "--from", "internet", "--format", "json").json
    assert [(row["to"], row["ports"], row["one_way"]) for row in rows] == [("lb", "80,443", True)]
    assert "replies blocked" in archtui("reach", FLAWS, "--from", "internet").out


@pytest.mark.parametrize("words", [["--from", "web-1"], ["--to", "db"], ["--from", "web-1", "--to", "db"]])
def test_reach_filters_and_formats_agree(archtui: Run, words: list[str]) -> None:
    wanted = dict(zip(words[::2], words[1::2], strict=True))
    rows = archtui("reach", SHOP, "--format", "json").json
    expected = [row for row in rows if all(row[key.removeprefix("--")] == name for key, name in wanted.items())]
    assert archtui("reach", SHOP, *words, "--format", "json").json == expected
    listed = list(csv.DictReader(io.StringIO(archtui("reach", SHOP, *words, "--format", "csv").out)))
    assert [(row["from"], row["to"], row["ports"]) for row in listed] == [
        (row["from"], row["to"], row["ports"]) for row in expected
    ]
    assert len(archtui("reach", SHOP, *words).out.splitlines()) == len(expected) + 1


def test_reach_takes_addresses_and_failures(archtui: Run) -> None:
    rows = archtui("reach", SHOP, "--from", "198.51.100.99", "--format", "json").json
    assert [(row["from"], row["to"]) for row in rows] == [("198.51.100.99", "lb")]
    broken = archtui("reach", SHOP, "--from", "web-1", "--down", "nat-a", "--format", "json").json
    assert "internet" not in {row["to"] for row in broken}
    assert archtui("reach", SHOP, "--from", "db", "--to", "internet", "--format", "json").json == []
    assert archtui("reach", SHOP, "--from", "db", "--to", "internet").out == "Nobody reaches anybody.\n"


def test_what_is_not_known_is_listed_apart(archtui: Run, tmp_path: Path) -> None:
    path = tmp_path / "open.yaml"
    path.write_text(
        "blueprint: open\nregion: eu-west-1\ncomponents:\n"
        "  v: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  s: {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24, nacl: acl}\n"
        "  t: {kind: subnet, vpc: v, az: b, cidr: 10.0.1.0/24}\n"
        "  acl:\n    kind: network_acl\n    vpc: v\n"
        "    ingress: [{rule: 1, action: allow, from: 0.0.0.0/0}]\n"
        "    egress: [{rule: 1, action: allow, protocol: tcp, port: 40000-50000, to: 0.0.0.0/0}]\n"
        "  g: {kind: security_group, vpc: v, ingress: [{port: 80, from: 10.0.0.0/8}]}\n"
        "  a: {kind: ec2, subnet: s, security_groups: [g]}\n"
        "  b: {kind: ec2, subnet: t, security_groups: [g]}\n"
    )
    ran = archtui("reach", path, "--from", "b", "--to", "a", "--format", "json")
    assert ran.json == []
    assert "not all that b may reach can be decided; --unknown" in ran.err
    ran = archtui("reach", path, "--from", "b", "--to", "a", "--unknown", "--format", "json")
    assert [(row["ports"], row["unknown"]) for row in ran.json] == [("80", True)]
    assert ran.err == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["reach", SHOP, "--from", "web-9"], "'web-9' is no end of this design; did you mean"),
        (["reach", SHOP, "--to", "vpc"], "'vpc' has no address in the network"),
        (["reach", "nothing.yaml"], "nothing.yaml"),
        (["diff", SHOP, "nothing.yaml"], "nothing.yaml"),
        (["diff", SHOP], "Missing argument 'B'"),
        (["diff", "-", "-"], "standard input cannot be both designs"),
    ],
)
def test_a_wrong_call_is_one_line(archtui: Run, words: list[str], said: str) -> None:
    ran = archtui(*words)
    assert ran.status == 2
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert ran.out == ""


def test_diff_reads_like_a_review(archtui: Run, tmp_path: Path) -> None:
    path = tmp_path / "opened.yaml"
    text = (ROOT / SHOP).read_text(encoding="utf-8")
    path.write_text(text)
    same = archtui("diff", SHOP, path)
    assert (same.status, same.out) == (0, "The two designs do the same.\n")
    ran = archtui("diff", SHOP, FLAWS)
    assert ran.status == 0
    assert "- internet no longer reaches lb on tcp 80, 443" in ran.out
    assert "+ internet now sends requests to lb on tcp 80, 443, but the replies are blocked" in ran.out
    assert "- nat-b (NAT gateway)" in ran.out
    assert "+ NET018 error:" in ran.out
    back = archtui("diff", FLAWS, SHOP, "--format", "json").json
    there = archtui("diff", SHOP, FLAWS, "--format", "json").json
    assert back["reach"]["added"] == there["reach"]["removed"]
    assert back["findings"]["removed"] == there["findings"]["added"]
