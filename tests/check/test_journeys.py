"""Journeys as assertions."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from archtui.check.journeys import check_journeys, judged
from archtui.model.component import Journey
from archtui.world.steps import Blocker, Verdict
from tests.check.designs import world_of

DENIED = Blocker("web-sg", "ENI_SG_RULES_MISMATCH", "No rule lets it in.")


@dataclass(frozen=True)
class Walk:
    """A trace as a journey sees it."""

    verdict: Verdict
    blockers: tuple[Blocker, ...] = ()
    got_to: Verdict | None = None
    passing: float | None = None
    later_blockers: tuple[Blocker, ...] = ()

    @property
    def share(self) -> float:
        return float(self.verdict is Verdict.REACHABLE) if self.passing is None else self.passing

    def reaches(self, component: str) -> Verdict:
        assert component == "db"
        return self.got_to or self.verdict


OPEN, SHUT = Walk(Verdict.REACHABLE), Walk(Verdict.BLOCKED, (DENIED, DENIED))
UNSURE = Walk(Verdict.UNKNOWN, (Blocker("vpn", "UNKNOWN_ROUTES", "Its routes are not stated."),))
REACHES = {"reaches": "db"}
BLOCKED = {"blocked": True}


@pytest.mark.parametrize(
    ("expected", "walk", "holds", "says"),
    [
        (REACHES, OPEN, True, "It reaches db."),
        (REACHES, SHUT, False, "It should reach db and is blocked: No rule lets it in."),
        (REACHES, Walk(Verdict.REACHABLE, got_to=Verdict.BLOCKED), False, "It gets through, but never to db."),
        (REACHES, Walk(Verdict.REACHABLE, (), Verdict.BLOCKED, None, (DENIED,)), False, "to db: No rule lets it in."),
        (REACHES, Walk(Verdict.REACHABLE, got_to=Verdict.UNKNOWN), False, "cannot be decided"),
        (REACHES, UNSURE, False, "It cannot be decided whether it reaches db: Its routes are not stated."),
        (BLOCKED, SHUT, True, "It is blocked, as it should be (ENI_SG_RULES_MISMATCH)."),
        (BLOCKED, OPEN, False, "It should be blocked and gets through."),
        (BLOCKED, Walk(Verdict.BLOCKED, (DENIED,), passing=0.5), False, "gets through for 50 % of the requests."),
        (BLOCKED, UNSURE, False, "It cannot be decided whether it is blocked"),
        (BLOCKED | {"because": ("ENI_SG_RULES_MISMATCH",)}, SHUT, True, "as it should be"),
        (BLOCKED | {"because": ("SUBNET_ACL_RESTRICTION",)}, SHUT, False, "not because of SUBNET_ACL_RESTRICTION"),
        (BLOCKED | {"because": ("NO_ROUTE_TO_DESTINATION",)}, Walk(Verdict.BLOCKED), False, "no reason at all"),
    ],
)
def test_judgement(expected: dict[str, object], walk: Walk, holds: bool, says: str) -> None:
    journey = Journey.model_validate({"name": "Shop", "from": "internet", "to": "db", "port": 5432, **expected})
    result = judged(journey, 3, walk)
    assert result.holds is holds
    assert says in result.sentence
    assert result.index == 3
    assert result.verdict is walk.verdict
    assert result.reasons == tuple(dict.fromkeys(blocker.code for blocker in walk.blockers or walk.later_blockers))


DESIGN = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}
  web: {kind: ec2, subnet: app-a, security_groups: [web-sg]}
  other: {kind: ec2, subnet: app-a, security_groups: [web-sg]}
  web-sg: {kind: security_group, vpc: vpc, ingress: [{port: 443, from: self}]}
journeys:
  - {name: asks, from: web, to: other, protocol: tcp, port: 443, reaches: other}
  - {name: refused, from: web, to: other, protocol: tcp, port: 22, blocked: true, because: [ENI_SG_RULES_MISMATCH]}
  - {name: unclear, from: web, to: other, protocol: tcp, reaches: other}
"""


def test_journeys_are_traced() -> None:
    asks, refused, unclear = check_journeys(world_of(DESIGN))
    assert (asks.holds, asks.verdict, asks.reasons) == (True, Verdict.REACHABLE, ())
    assert (refused.holds, refused.reasons) == (True, ("ENI_SG_RULES_MISMATCH",))
    assert (unclear.holds, unclear.verdict) == (False, Verdict.UNKNOWN)
    assert "no port is given" in unclear.sentence
