"""Every mechanism of the failover table in a design: seconds, data lost and sources shown are the table's."""

from __future__ import annotations

import pytest

from archtui import facts
from archtui.facts import NO_TIME, Failover, Span
from archtui.failure import FailureReport, JourneyReport, Link, analyse
from tests.failure.designs import world_of
from tests.failure.mechanisms.case import Mechanism
from tests.failure.mechanisms.table import CASES, NOT_KNOWN_TO_HELP, NOT_MODELLED
from tests.proves import proves

by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def _played(case: Mechanism) -> tuple[FailureReport, JourneyReport, Link]:
    report = analyse(world_of(case.design), case.down)
    for journey in report.journeys:
        for link in (*journey.chain, *journey.steady):
            if (link.mechanism, link.component) == (case.entry, case.component):
                return report, journey, link
    shown = [(link.mechanism, link.component) for j in report.journeys for link in (*j.chain, *j.steady)]
    raise AssertionError(f"{case.entry} of {case.component} is not shown; shown are {shown}")


def _published(case: Mechanism, entry: Failover) -> tuple[Span | None, Span | None]:
    """Return what the table says: seconds to detect and to switch, under the design's settings."""
    settings = dict(case.settings)
    detect, switch = entry.detect_seconds(**settings), entry.switch_seconds(**settings)
    return detect, NO_TIME if switch is None and case.convergence else switch


def test_every_entry_has_a_design_or_a_reason() -> None:
    shown = {case.entry for case in CASES} | {f"{case.entry}/{case.also}" for case in CASES if case.also}
    wanted = set(facts.failovers())
    wanted |= {f"{name}/{also}" for name in facts.failovers() for also in facts.failover(name).also}
    assert sorted(wanted - shown - NOT_MODELLED.keys()) == []
    assert sorted(NOT_MODELLED.keys() - wanted) == []
    assert sorted(NOT_MODELLED.keys() & shown) == []


@proves(
    "Each mechanism takes the seconds published for it: to detect, to switch, and for caches to forget.",
    area="Failover",
    source="failover table: every entry",
)
@by_name
def test_the_seconds_are_the_tables(case: Mechanism) -> None:
    entry = facts.failover(case.entry)
    _, _, link = _played(case)
    detect, switch = _published(case, entry)
    by_itself = entry.automatic
    assert link.automatic is by_itself
    assert (link.detect, link.switch) == ((detect, switch) if by_itself else (None, None))
    assert link.seconds == (detect + switch if by_itself and detect is not None and switch is not None else None)
    assert link.source == entry.source
    assert link.source


@by_name
def test_the_journey_is_harmed_for_as_long(case: Mechanism) -> None:
    entry = facts.failover(case.beside or case.entry)
    _, journey, link = _played(case)
    if link in journey.steady:
        assert journey.downtime == NO_TIME
        assert str(journey.after.status) == "up"
        return
    assert str(journey.during.status) == case.harm
    if case.each_request:
        assert journey.after.late == link.seconds.max if link.seconds else False
        return
    harmed = journey.downtime if case.harm == "down" else journey.degraded
    detect, switch = _published(case, entry)
    if not entry.automatic or case.entry in NOT_KNOWN_TO_HELP:
        assert harmed is None
        assert str(journey.after.status) == case.harm
        assert journey.returns == "not by itself"
        return
    assert str(journey.after.status) == "up"
    if detect is None or switch is None:
        assert harmed is None
        assert journey.returns == "by itself, nobody publishes when"
        return
    assert harmed == detect + switch
    assert journey.returns == "by itself"


@by_name
def test_the_data_lost_is_the_tables(case: Mechanism) -> None:
    _, journey, link = _played(case)
    expected = facts.failover(case.entry).data_loss if case.keeps else NO_TIME
    assert link.data_loss == expected
    if link in journey.chain and len(journey.chain) == 1:
        assert journey.data_loss == expected


@by_name
def test_the_same_failure_in_the_middle_of_the_day_takes_as_long(case: Mechanism) -> None:
    _, plain, _ = _played(case)
    world = world_of(case.design)
    later = analyse(world, tuple(f"{target}@1000" for target in case.down)).journeys
    found = next(journey for journey in later if journey.name == plain.name)
    assert (found.downtime, found.degraded, found.returns) == (plain.downtime, plain.degraded, plain.returns)
