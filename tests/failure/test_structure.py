"""Single points of failure: equal to what one finds by taking every component away in turn."""

import random
from pathlib import Path

import pytest

from archtui.failure.interface import Fails
from archtui.failure.observe import Observer
from archtui.failure.report import Status
from archtui.failure.scenarios import regions_of, zones_of
from archtui.failure.structure import design_single_points, single_points, without
from archtui.formats.yaml_text import read_yaml
from archtui.model.blueprint import Blueprint
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition
from archtui.world.world import World
from tests.failure.designs import (
    ROOT,
    SHOP,
    balancer,
    network,
    server,
    three_tier,
    two_regions,
    with_database,
    with_group,
    world_of,
)

GALLERY = sorted((ROOT / "blueprints").glob("*.yaml"))


def _by_hand(world: World, name: str, observer: Observer) -> set[str]:
    """Return what takes the journey down when it is taken away, each thing tried."""
    journey = next(journey for journey in world.blueprint.journeys if journey.name == name)
    if journey.blocked or observer.sight(journey, HEALTHY).status in (Status.DOWN, Status.UNKNOWN):
        return set()
    tried = {
        component.id: Condition(down=frozenset({component.id}))
        for component in world.components.values()
        if component.kind.behaviour(Fails)
    }
    tried |= {f"az:{zone}": Condition(zones=frozenset({zone})) for zone in zones_of(world)}
    tried |= {f"region:{region}": Condition(regions=frozenset({region})) for region in regions_of(world)}
    return {
        target for target, condition in tried.items() if without(observer, journey, condition).status is Status.DOWN
    }


def check_points(world: World) -> int:
    observer, found = Observer(world), 0
    for name, points in design_single_points(world).items():
        assert {point.component for point in points} == _by_hand(world, name, observer), name
        found += len(points)
    return found


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_the_gallery_has_the_points_that_trying_each_component_finds(path: Path) -> None:
    world = compile_world(Blueprint.build(read_yaml(path.read_text(encoding="utf-8")), registry()))
    check_points(world)


def _random_design(seed: int) -> World:
    """Return a balancer before a random number of servers in random zones, some of which need a database."""
    chance = random.Random(seed)
    zones = "abc"[: chance.randint(2, 3)]
    names = [f"s{number}" for number in range(chance.randint(1, 4))]
    lines = [network(zones=zones), balancer(zones=zones, targets=", ".join(names))]
    lines += [server(name, f"net-{chance.choice(zones)}") for name in names]
    multi = "true" if chance.random() < 0.5 else "false"
    lines.append(
        f"  db: {{kind: rds, engine: postgres, subnets: [net-a, net-b], security_groups: [db-sg], multi_az: {multi}}}"
    )
    needy = [name for name in names if chance.random() < 0.7]
    links = "".join(
        f"  - {{from: {name}, to: db, port: 5432, dependency: {chance.choice(['hard', 'hard', 'soft'])}}}\n"
        for name in needy
    )
    return world_of(
        f"blueprint: random {seed}\nregion: eu-west-1\ncomponents:\n"
        + "\n".join(lines)
        + (f"\nlinks:\n{links}" if links else "\n")
        + "journeys:\n  - {name: "
        + SHOP
        + ", from: internet, to: lb, protocol: http, port: 80, "
        + f"reaches: {names[0]}}}\n"
    )


def test_random_designs_have_the_points_that_trying_each_component_finds() -> None:
    found = [check_points(_random_design(seed)) for seed in range(10)]
    assert sum(found) > 10


@pytest.mark.parametrize(
    ("world", "points"),
    [
        (with_database("multi_az: true"), {"app", "az:eu-west-1c", "region:eu-west-1"}),
        (with_database("multi_az: false"), {"app", "db", "az:eu-west-1a", "az:eu-west-1c", "region:eu-west-1"}),
        (with_group(", desired: 1"), {"lb", "web", "igw", "region:eu-west-1"}),
        (two_regions(), {"zone"}),
    ],
    ids=["standby", "single database", "group of one", "two regions"],
)
def test_what_takes_over_is_no_single_point(world: World, points: set[str]) -> None:
    journey = world.blueprint.journeys[0]
    assert {point.component for point in single_points(world, journey)} == points


def test_points_come_in_the_order_of_the_way_with_a_reason() -> None:
    world = three_tier()
    points = design_single_points(world)["The servers reach the payment provider"]
    assert [p.component for p in points] == ["web-1", "nat-a", "igw", "az:eu-west-1a", "region:eu-west-1"]
    assert points[1].chain == ("web-1", "nat-a")
    assert [p.managed for p in points[:3]] == [False, False, True]
    assert [p.level for p in points] == ["component"] * 3 + ["zone", "region"]
    assert all(point.why.endswith(".") for point in points)


def test_a_soft_dependency_is_no_single_point() -> None:
    text = (
        f"blueprint: soft\nregion: eu-west-1\ncomponents:\n{network()}\n{server('app', 'net-a')}\n"
        "  db: {kind: rds, engine: postgres, subnets: [net-a, net-b], security_groups: [db-sg]}\n"
        "  user: {kind: client}\n"
        "links:\n  - {from: app, to: db, port: 5432, dependency: DEPENDENCY}\n"
        "journeys:\n  - {name: x, from: net-user, to: app, protocol: http, port: 8080, reaches: app}\n"
    ).replace("net-user", "other") + ""
    text = text.replace("  user: {kind: client}\n", server("other", "net-b") + "\n").replace(
        "ingress: [{port: 8080, from: lb-sg}]", "ingress: [{port: 8080, from: self}]"
    )
    for dependency, expected in (("hard", True), ("soft", False)):
        world = world_of(text.replace("DEPENDENCY", dependency))
        names = {point.component for point in single_points(world, world.blueprint.journeys[0])}
        assert ("db" in names) is expected
        assert {"app", "other"} <= names
