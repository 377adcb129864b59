"""Whatever targets a group has, their shares are a whole, and newer or slower ones get no more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtui.model.blueprint import Blueprint
from archtui.services import registry
from archtui.services.elb.members import Member
from archtui.services.elb.properties import Target
from archtui.services.elb.sticky import Shares, shares_of
from archtui.trace.message import Endpoint
from archtui.world.compiler import compile_world

AGES = st.lists(st.one_of(st.none(), st.integers(0, 2000)), min_size=1, max_size=8)
TIMES = st.lists(st.integers(1, 50), min_size=1, max_size=6)


def shared(ages: list[int | None], times: list[int | None], **group: object) -> Shares:
    """Share the requests among targets of these ages and times."""
    components: dict[str, object] = {"web": {"kind": "target_group", "targets": [], **group}}
    members = []
    for index, (age, seconds) in enumerate(zip(ages, times, strict=True)):
        name = f"t{index}"
        listens = {"port": 80, "protocol": "http", **({"takes": f"{seconds}s"} if seconds else {})}
        components[name] = {"kind": "ec2", "listens": [listens]}
        target = Target(id=name, healthy_for=f"{age}s" if age is not None else None)  # type: ignore[arg-type]
        members.append(Member(Endpoint(name, f"10.0.0.{index + 4}"), 80, target, ("targets", index)))
    data = {"blueprint": "shares", "region": "eu-west-1", "components": components}
    world = compile_world(Blueprint.build(data, registry()))  # type: ignore[arg-type]
    return shares_of(world.components["web"], members, (), {}, world)


@settings(deadline=None, max_examples=50)
@given(AGES)
def test_slow_start_shares(ages: list[int | None]) -> None:
    found = shared(ages, [None] * len(ages), slow_start="600s")
    assert sum(found.weights) == pytest.approx(1.0)
    assert all(0 < weight <= 1 for weight in found.weights)
    old = [float("inf") if age is None else age for age in ages]
    for one, mine in zip(old, found.weights, strict=True):
        for other, theirs in zip(old, found.weights, strict=True):
            assert mine <= theirs + 1e-12 or one > other


@settings(deadline=None, max_examples=50)
@given(TIMES)
def test_least_outstanding_shares(times: list[int]) -> None:
    found = shared([None] * len(times), list(times), algorithm="least_outstanding_requests")
    assert sum(found.weights) == pytest.approx(1.0)
    if len(set(times)) > 1:
        work = [weight * seconds for weight, seconds in zip(found.weights, times, strict=True)]
        assert max(work) == pytest.approx(min(work))
