"""Every reason code case: the code where the design calls for it, none where its twin does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from archtui.formats.yaml_text import read_yaml
from archtui.model.blueprint import Blueprint
from archtui.network.engine import PacketTrace, decide, trace_packet
from archtui.network.flow import Flow
from archtui.services import registry
from archtui.trace.aws_codes import AWS_CODES
from archtui.world.compiler import compile_world
from archtui.world.steps import Hop, Verdict
from archtui.world.world import World
from tests.network.codes.case import CodeCase


def collected() -> Iterator[tuple[ModuleType, CodeCase]]:
    """Yield the cases of all files beside this one, with the module each stands in."""
    for path in sorted(Path(__file__).parent.glob("cases_*.py")):
        module = import_module(f"tests.network.codes.{path.stem}")
        for case in module.CASES:
            yield module, case


def _named() -> Iterator[str]:
    seen: Counter[str] = Counter()
    for module, case in collected():
        name = f"{module.__name__.rpartition('.cases_')[2]}-{case.code}"
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"


_EACH = pytest.mark.parametrize("case", [case for _, case in collected()], ids=list(_named()))


def _world(design: str) -> World:
    return compile_world(Blueprint.build(read_yaml(design), registry()))


def _codes(trace: PacketTrace) -> set[str]:
    def of(hops: tuple[Hop, ...]) -> set[str]:
        steps = [step for hop in hops for step in hop.steps]
        return {code for step in steps for code in (step.code, *(rule.code for rule in step.lost)) if code}

    found = of(trace.forward) | of(trace.back)
    for branch in trace.branches:
        found |= of(branch.forward) | of(branch.back)
    return found


def _traced(case: CodeCase, design: str, flow: Flow, verdict: Verdict) -> set[str]:
    world = _world(design)
    trace = trace_packet(world, flow, case.condition)
    why = "; ".join([*(blocker.message for blocker in trace.blockers), *trace.missing])
    assert trace.verdict is verdict, why or "nothing is missing and nothing blocks"
    assert decide(world, flow, case.condition).verdict is verdict
    return _codes(trace)


@_EACH
def test_the_code_is_given_where_it_is_due_and_not_by_the_twin(case: CodeCase) -> None:
    assert case.design != case.twin or case.twin_flow is not None, "the twin differs in nothing"
    assert case.code in _traced(case, case.design, case.flow, case.verdict)
    assert case.code not in _traced(case, case.twin, case.twin_flow or case.flow, case.twin_verdict)


@_EACH
def test_a_case_says_what_it_proves(case: CodeCase) -> None:
    assert case.behaviour.endswith(".")
    assert case.behaviour[0].isupper()
    assert case.source
    assert case.code in AWS_CODES or case.code.isupper()
