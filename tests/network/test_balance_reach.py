"""All pairs at once and one flow after the other say the same of balancers, NAT gateways and endpoints."""

from __future__ import annotations

import pytest

from archtui.formats.yaml_text import read_yaml
from archtui.model.blueprint import Blueprint
from archtui.network.batch import decide_many
from archtui.network.engine import decide, network_of
from archtui.network.flow import Flow
from archtui.network.reach import Reachability
from archtui.services import registry
from archtui.world.compiler import compile_world
from tests.network.codes.cases_balance import CASES

_DESIGNS = tuple(dict.fromkeys(design for case in CASES for design in (case.design, case.twin)))
_ASKED = (("tcp", 80), ("tcp", 25), ("tcp", 443), ("udp", 80), ("icmp", None))


@pytest.mark.parametrize("number", range(len(_DESIGNS)))
def test_reach_and_many_flows_say_what_decide_says(number: int) -> None:
    world = compile_world(Blueprint.build(read_yaml(_DESIGNS[number]), registry()))
    network = network_of(world)
    found = Reachability(world)
    ends = [*dict.fromkeys(item.component for item in network.interfaces.values()), "internet"]
    flows = [
        Flow(source, target, protocol, port)
        for source in ends
        for target in ends
        if source != target and not source == target == "internet"
        for protocol, port in _ASKED
    ]
    for flow, bulk in zip(flows, decide_many(world, flows), strict=True):
        one = decide(world, flow)
        assert found.verdict(flow.source, flow.destination, flow.protocol, flow.port) is one.verdict, flow
        assert (bulk.verdict, bulk.code) == (one.verdict, one.code), flow
