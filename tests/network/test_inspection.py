"""Firewalls, appliances, endpoints and edges: the ways of deciding agree, zones and states count."""

from __future__ import annotations

import random

import pytest

from archtui.formats.yaml_text import read_yaml
from archtui.model.blueprint import Blueprint
from archtui.network.batch import decide_many
from archtui.network.engine import decide
from archtui.network.reach import Reachability
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, condition_for
from archtui.world.world import World
from tests.benchmarks.reach_agreement import Counts, compare, flows_of
from tests.network.codes import cases_middle as m

_DESIGNS = tuple(dict.fromkeys(design for case in m.CASES for design in (case.design, case.twin)))


def _world(design: str) -> World:
    return compile_world(Blueprint.build(read_yaml(design), registry()))


@pytest.mark.parametrize("number", range(len(_DESIGNS)))
def test_reach_and_many_flows_say_what_decide_says(number: int) -> None:
    compiled = _world(_DESIGNS[number])
    for condition in (HEALTHY, condition_for(compiled, ("az:eu-west-1a",))):
        counts = Counts()
        rng = random.Random(number)
        compare(counts, compiled, rng, 120, condition, str(number))
        assert not counts.differences, counts.differences[0]
        asked = list(flows_of(Reachability(compiled, condition), rng, 60))
        assert list(decide_many(compiled, asked, condition)) == [decide(compiled, flow, condition) for flow in asked]
