"""How long the parts of a trace take, each with what is assumed."""

import pytest

from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.trace.latency import leg_latency
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world

A, B, FAR = ("eu-west-1a", "eu-west-1"), ("eu-west-1b", "eu-west-1"), ("us-east-1a", "us-east-1")
SERVICE, OUTSIDE = ("", "eu-west-1"), ("", "")


@pytest.mark.parametrize(
    ("here", "there", "once", "says"),
    [
        (A, A, 0.5, "within a zone"),
        (A, B, 1.5, "between zones"),
        (A, SERVICE, 2.0, "to a service of the region"),
        (SERVICE, SERVICE, 2.0, "to a service of the region"),
        (A, FAR, 80.0, "between regions"),
        (SERVICE, FAR, 80.0, "between regions"),
        (OUTSIDE, A, 40.0, "internet round trip"),
        (SERVICE, OUTSIDE, 40.0, "internet round trip"),
    ],
)
def test_a_round_trip_costs_what_lies_between(
    here: tuple[str, str], there: tuple[str, str], once: float, says: str
) -> None:
    zones, regions = (here[0], there[0]), (here[1], there[1])
    plain, secure = (leg_latency("a", "b", zones, regions, tls) for tls in (False, True))
    assert (plain.milliseconds, secure.milliseconds) == (2 * once, 3 * once)
    assert says in plain.assumption


def test_what_runs_in_a_region_asks_its_services_near_by() -> None:
    world = compile_world(
        loads(
            "region: eu-west-1\ncomponents:\n  work: {kind: lambda_function}\n  kept: {kind: s3_bucket}\n"
            "links:\n  - {from: work, to: kept}\n",
            registry(),
        ).blueprint
    )
    found = trace(world, Request.make("work", "kept"))
    assert [(one.hop, one.milliseconds) for one in found.latency] == [("dns", 1.0), ("work > kept", 4.0)]
