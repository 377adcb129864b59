"""A journey's fault tree says what the tracer says."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from archtui.failure.availability import Structure, resilience, structure_of
from archtui.failure.availability.structure import condition_of
from archtui.failure.faulttree import FaultTree, analyse_tree
from archtui.failure.faulttree.graph import compile_tree
from archtui.failure.observe import Observer
from archtui.failure.report import Status
from archtui.failure.structure import single_points
from archtui.model.component import Journey
from archtui.world.world import World
from tests.failure.designs import (
    ROOT,
    balancer,
    network,
    server,
    three_tier,
    two_regions,
    with_database,
    with_group,
    world_of,
)
from tests.failure.faulttree import brute

GALLERY = sorted((ROOT / "blueprints").glob("*.yaml"))
JOURNEY = "journeys:\n  - {name: j, from: internet, to: lb, port: 80, protocol: http, reaches: %s}\n"


def _gallery(stem: str) -> World:
    return world_of((ROOT / "blueprints" / f"{stem}.yaml").read_text(encoding="utf-8"))


def _is_down(structure: Structure, broken: frozenset[str]) -> bool:
    settled = {event: event in broken for event in structure.tree.events}
    return compile_tree(structure.tree, settled).top > 0


def _structures(world: World, observer: Observer) -> list[tuple[Journey, Structure]]:
    found = [(journey, structure_of(world, journey, observer)) for journey in world.blueprint.journeys]
    return [(journey, structure) for journey, structure in found if structure is not None]


def check_agreement(journey: Journey, structure: Structure, observer: Observer, broken: frozenset[str]) -> None:
    says = _is_down(structure, broken)
    status = observer.sight(journey, condition_of(observer, broken)).status
    if not says:
        assert status in (Status.UP, Status.DEGRADED), (journey.name, sorted(broken), status)
    elif len(broken) <= structure.verified and not any(_is_down(structure, broken - {event}) for event in broken):
        assert status is Status.DOWN, (journey.name, sorted(broken), status)


def test_a_place_that_no_request_meets_takes_the_journey_down_all_the_same() -> None:
    text = (ROOT / "blueprints" / "static-site.yaml").read_text(encoding="utf-8")
    world = world_of(text.replace("protects: [cdn]", "protects: []"))
    structure = structure_of(world, world.blueprint.journeys[0])
    assert structure is not None
    assert "region:us-east-1" in structure.singles


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_what_fails_alone_is_what_taking_it_away_finds(path: Path) -> None:
    world = world_of(path.read_text(encoding="utf-8"))
    observer = Observer(world)
    figures = {item.name: item for item in resilience(world, observer=observer, disruptions=False)}
    for journey in world.blueprint.journeys:
        found = single_points(world, journey, observer)
        assert set(figures[journey.name].spofs) == {point.component for point in found}, journey.name


DESIGNS: dict[str, Callable[[], World]] = {
    "three tiers": three_tier,
    "two regions": two_regions,
    "two regions without a health check": lambda: two_regions(health=""),
    "single database": lambda: with_database("az: a"),
    "database with a standby": lambda: with_database("multi_az: true"),
    "scaling group": with_group,
}


@pytest.mark.parametrize("name", DESIGNS)
def test_the_tree_agrees_with_the_tracer_on_one_and_two_failures(name: str) -> None:
    world = DESIGNS[name]()
    observer = Observer(world)
    rng = random.Random(1)
    for journey, structure in _structures(world, observer):
        events = sorted(structure.tree.events)
        pairs = list(combinations(events, 2))
        for broken in (*((event,) for event in events), *rng.sample(pairs, min(60, len(pairs)))):
            check_agreement(journey, structure, observer, frozenset(broken))


@pytest.mark.parametrize("seed", range(6))
def test_where_the_tree_says_up_the_request_gets_through(seed: int) -> None:
    """More failures than were tried, on random small designs."""
    rng = random.Random(seed)
    zones = "abc"[: rng.randint(2, 3)]
    names = [f"s{i}" for i in range(rng.randint(2, 5))]
    servers = "\n".join(server(name, f"net-{rng.choice(zones)}") for name in names)
    front = rng.sample(zones, rng.randint(2, len(zones)))
    parts = [network(zones=zones), balancer(zones="".join(sorted(front)), targets=", ".join(names)), servers]
    text = "region: eu-west-1\nblueprint: t\ncomponents:\n" + "\n".join(parts) + "\n" + JOURNEY % names[0]
    world = world_of(text)
    observer = Observer(world)
    for journey, structure in _structures(world, observer):
        events = sorted(structure.tree.events)
        for _ in range(60):
            broken = frozenset(rng.sample(events, rng.randint(1, min(5, len(events)))))
            check_agreement(journey, structure, observer, broken)


def _six_in_one_zone(zones: str) -> World:
    """Return six instances behind a balancer that never fails, in a region that never does."""
    names = [f"s{i}" for i in range(6)]
    always = "availability: 100%"
    servers = "\n".join(server(n, f"net-{zones[i % len(zones)]}") for i, n in enumerate(names))
    places = "\n".join(
        [f"  ireland: {{kind: region, name: eu-west-1, {always}}}"]
        + [f"  zone-{z}: {{kind: availability_zone, name: {z}, inside: ireland, availability: 99.99%}}" for z in zones]
    )
    front = balancer(zones="ab", targets=", ".join(names)).replace("kind: alb,", f"kind: alb, {always},")
    text = f"region: eu-west-1\nblueprint: t\ncomponents:\n{network()}\n{front}\n{servers}\n{places}\n"
    return world_of(text + JOURNEY % "s0")


def test_six_instances_in_one_zone_are_no_better_than_the_zone() -> None:
    """The independence trap: by the product formula the shop would be down 1.76e-14 of the time."""
    (one,) = resilience(_six_in_one_zone("a"), disruptions=False)
    assert one.unavailability == pytest.approx(1e-4 + (1 - 1e-4) * 5e-3**6, rel=1e-12)
    assert f"{one.unavailability:.1e}" == "1.0e-04"
    assert "az:eu-west-1a" in one.spofs


def test_two_zones_help_as_much_as_they_can() -> None:
    (two,) = resilience(_six_in_one_zone("ab"), disruptions=False)
    each = 1e-4 + (1 - 1e-4) * 5e-3**3
    assert two.unavailability == pytest.approx(each**2, rel=1e-9)
    assert not {"az:eu-west-1a", "az:eu-west-1b"} & set(two.spofs)


def test_a_standby_is_as_good_as_its_published_level() -> None:
    shop = resilience(three_tier(), disruptions=False)[0]
    assert shop.cut_sets[0].events == ("db", "db:takeover")
    assert shop.cut_sets[0].probability == pytest.approx(5e-4, rel=1e-12)
    assert "db" not in shop.spofs
    takeover = next(prior for prior in shop.assumptions if prior.event == "db:takeover")
    assert "99.95 % (Multi-AZ only)" in takeover.source


def test_the_blueprints_own_figures_count_and_are_named() -> None:
    text = (ROOT / "blueprints" / "three-tier.yaml").read_text(encoding="utf-8")
    world = world_of(text.replace("    kind: alb\n", "    kind: alb\n    availability: 99.5%\n", 1))
    shop = resilience(world, disruptions=False)[0]
    lb = next(prior for prior in shop.assumptions if prior.event == "lb")
    assert (lb.unavailability, lb.source) == (0.005, "the blueprint")
    assert shop.meets_slo is False
    assert resilience(three_tier(), disruptions=False)[0].meets_slo is True


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_monte_carlo_on_every_gallery_blueprint(path: Path) -> None:
    """Figures made larger, so that forty thousand draws see something; four standard deviations."""
    world = world_of(path.read_text(encoding="utf-8"))
    draws = 40_000
    for _, structure in _structures(world, Observer(world)):
        rng = random.Random(7)
        odds: dict[str, float | None] = {name: 0.05 + 0.2 * rng.random() for name in structure.tree.events}
        tree = FaultTree("mc", structure.tree.top, structure.tree.gates, odds)
        exact = analyse_tree(tree).probability
        assert exact is not None
        drawn = {
            name: int.from_bytes(bytes(_eight(rng, p or 0.0) for _ in range(draws // 8)), "big")
            for name, p in odds.items()
        }
        hits = brute.evaluated(tree, drawn, (1 << draws) - 1).bit_count()
        spread = (exact * (1 - exact) / draws) ** 0.5
        assert abs(hits / draws - exact) <= 4 * spread


def _eight(rng: random.Random, p: float) -> int:
    return sum(1 << bit for bit in range(8) if rng.random() < p)


def test_every_disruption_has_its_seconds_and_is_held_against_the_promise() -> None:
    shop, provider = resilience(three_tier())[:2]
    found = {item.type: item for item in shop.disruptions}
    assert list(found) == ["application", "instance", "az", "region", "control_plane"]
    assert (found["az"].rto, found["az"].rpo, found["az"].meets) == (120.0, 0.0, True)
    assert found["az"].targets == ("az:eu-west-1a",)
    assert (found["region"].rto, found["region"].meets) == (None, False)
    assert "statically stable" in found["control_plane"].sentence
    assert {item.meets for item in provider.disruptions} == {None}


def test_what_has_no_availability_says_why() -> None:
    figures = {item.name: item for item in resilience(_gallery("three-tier-flaws"), disruptions=False)}
    blocked = [item for item in figures.values() if item.unavailability is None]
    assert blocked
    assert all(item.notes[0].startswith(("It is to be blocked", "It does not hold: ")) for item in blocked)


def test_the_same_figures_every_time() -> None:
    assert [i.to_json() for i in resilience(three_tier())] == [i.to_json() for i in resilience(three_tier())]
