"""The packet engine against what live AWS answered (``../shared/truth/README.md``)."""

from __future__ import annotations

from collections import Counter

import pytest

from archtui.network.engine import decide, trace_packet
from archtui.network.flow import Flow
from archtui.world.steps import Verdict
from tests.labs import MEASURED, load_lab
from tests.proves import proves

DECIDED_BY_AWS = {
    "aws_demo": 673,
    "aws_instance_multiple_interface": 140,
    "aws_multi_account_vpc_peering": 24,
    "aws_multi_account_vpc_peering_tgw": 24,
    "aws_nlb_multi_az": 211,
    "aws_nlb_targets_instance": 179,
    "aws_nlb_targets_ip": 268,
    "aws_tgw_asymmetric_non_default_rtb": 24,
    "aws_tgw_multi_az_intra_region": 188,
    "aws_tgw_peering": 48,
    "aws_vpc_endpoints": 56,
}
"""The labs that the account's configuration alone decides, with their number of probes."""
NEEDS_MORE = {
    "aws_vnd_panos_single_fw": ("i-0e35b299957735428", 14),
    "onug_cost_optimized_s3_path": ("BGP", 826),
}
"""The labs that a firewall's or a router's own configuration decides too: the word that must be in what
is missing, and how many probes are decided all the same."""

pytestmark = pytest.mark.skipif(not MEASURED.is_dir(), reason="needs ../shared/truth, the measured answers")


def _flow(probe: dict[str, object]) -> Flow:
    port = probe.get("port")
    return Flow(str(probe["from"]), str(probe["to"]), str(probe["protocol"]), port if isinstance(port, int) else None)


@proves(
    "All 1,835 probes of the eleven labs that AWS configuration decides are answered as AWS answered them.",
    area="Measured labs",
    source="measured: eleven labs (batfish/lab-validation)",
)
@pytest.mark.parametrize("name", sorted(DECIDED_BY_AWS))
def test_every_probe_is_decided_as_aws_decided(name: str) -> None:
    lab = load_lab(name)
    wrong = []
    for probe in lab.flows:
        expected = Verdict.REACHABLE if lab.answers[str(probe["id"])] else Verdict.BLOCKED
        found = decide(lab.world, _flow(probe))
        if found.verdict is not expected:
            wrong.append((probe, expected, found))
    assert not wrong, f"{len(wrong)} of {len(lab.flows)}: {wrong[:3]}"
    assert len(lab.flows) == DECIDED_BY_AWS[name]


@pytest.mark.parametrize("name", sorted(NEEDS_MORE))
def test_nothing_is_guessed_where_more_than_aws_decides(name: str) -> None:
    lab = load_lab(name)
    word, at_least = NEEDS_MORE[name]
    seen: Counter[str] = Counter()
    for probe in lab.flows:
        found = decide(lab.world, _flow(probe))
        seen[str(found.verdict)] += 1
        if found.verdict is Verdict.UNKNOWN:
            assert any(word in missing for missing in found.missing), (probe, found)
        else:
            assert (found.verdict is Verdict.REACHABLE) == lab.answers[str(probe["id"])], (probe, found)
    assert seen["reachable"] + seen["blocked"] >= at_least, seen


@pytest.mark.parametrize("name", sorted(DECIDED_BY_AWS))
def test_a_trace_says_what_the_decision_says(name: str) -> None:
    lab = load_lab(name)
    for probe in lab.flows[:: max(1, len(lab.flows) // 60)]:
        flow = _flow(probe)
        decision, trace = decide(lab.world, flow), trace_packet(lab.world, flow)
        assert trace.verdict is decision.verdict, flow
        explained = dict.fromkeys((blocker.component, blocker.code) for blocker in trace.blockers)
        assert list(explained) == [(blocker.component, blocker.code) for blocker in decision.blockers], flow
        assert trace.verdict is not Verdict.BLOCKED or all(blocker.message for blocker in trace.blockers)
        assert trace.verdict is Verdict.BLOCKED or trace.forward
