"""How long applications wait for what they are linked to, and the promises of journeys."""

from __future__ import annotations

import pytest

from archtui.failure.availability import resilience
from archtui.failure.structure import single_points
from archtui.formats.gallery import load_gallery
from archtui.services import registry
from archtui.services.graph.rules.promises import most_available
from archtui.world.compiler import compile_world
from tests.services.elb.designs import SERVERS, blocking, traced

BALANCED = """
  web: {kind: target_group, vpc: v, targets: [one]}
  lb: {kind: alb, subnets: [sa, sb], security_groups: [open], listeners: [{port: 80, forward: web}]}
links:
  - {from: one, to: two, port: 80LIMIT}
"""


@pytest.mark.parametrize(
    ("limit", "status"),
    [("", 200), (", timeout: 5s", 200), (", timeout: 2s", 500), (", timeout: 2s, dependency: soft", 200)],
)
def test_an_application_gives_up_after_its_timeout(limit: str, status: int) -> None:
    line = next(each for each in SERVERS.splitlines() if each.startswith("  two:"))
    servers = SERVERS.replace(line, line.replace("protocol: http", "protocol: http, takes: 3s"))
    found = traced(BALANCED.replace("LIMIT", limit), servers=servers)
    assert found.status == status
    assert (blocking(found) == {"CALL_TIMEOUT"}) is (status == 500)


@pytest.mark.parametrize(
    "name", ["image-pipeline", "serverless-api", "static-site", "three-tier", "wordpress-2-database"]
)
def test_what_a_journey_cannot_exceed_is_no_less_than_what_it_has(name: str) -> None:
    world = compile_world(load_gallery(name, registry()).blueprint)
    exact = {found.name: found.availability for found in resilience(world)}
    for journey in world.blueprint.journeys:
        figure = exact.get(journey.name)
        if figure is not None and not journey.blocked:
            bound = most_available(world, [point.component for point in single_points(world, journey)])
            assert bound >= figure - 1e-12, journey.name
