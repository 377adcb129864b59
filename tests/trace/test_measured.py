"""Traces against the probes that live AWS answered."""

from __future__ import annotations

import pytest

from archtui.network.engine import decide
from archtui.network.flow import Flow
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.steps import Verdict
from tests.labs import load_lab

pytestmark = pytest.mark.truth


@pytest.mark.parametrize("name", ["aws_demo", "aws_nlb_multi_az", "aws_multi_account_vpc_peering"])
def test_an_explained_trace_is_as_right_as_a_bare_decision(name: str) -> None:
    lab = load_lab(name)
    answers = lab.answers
    assert len(lab.flows) == len(answers) > 0
    for flow in lab.flows:
        source, target, protocol = str(flow["from"]), str(flow["to"]), str(flow["protocol"])
        port = flow.get("port")
        assert port is None or isinstance(port, int)
        found = trace(lab.world, Request.make(source, target, protocol=protocol, port=port))
        assert found.verdict is decide(lab.world, Flow(source, target, protocol, port)).verdict, flow
        assert (found.verdict is Verdict.REACHABLE) is answers[str(flow["id"])], (flow, found.sentence)
