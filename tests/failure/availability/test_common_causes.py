"""What several parts of a design share is one event of the tree: a zone, a gateway, a key, a control plane."""

from __future__ import annotations

import pytest

from archtui.failure.availability import resilience
from archtui.failure.availability.report import JourneyResilience
from archtui.world.world import World
from tests.failure.designs import network, server, three_tier, with_group, world_of


def _figures(world: World, journey: int = 0) -> JourneyResilience:
    return resilience(world, disruptions=False)[journey]


def _cuts(figures: JourneyResilience) -> set[frozenset[str]]:
    return {frozenset(cut.events) for cut in figures.cut_sets}


def test_the_zones_of_a_pair_of_servers_are_events_beside_the_servers() -> None:
    cuts = _cuts(_figures(three_tier()))
    assert {frozenset({"web-1", "web-2"}), frozenset({"az:eu-west-1a", "az:eu-west-1b"})} <= cuts
    assert frozenset({"az:eu-west-1a", "web-2"}) in cuts


def test_a_gateway_that_two_zones_share_is_one_event() -> None:
    """A server in one zone asks outside by the NAT gateway of another: that zone stops it, too."""
    text = (
        f"blueprint: n\nregion: eu-west-1\ncomponents:\n{network()}\n{server('b', 'in-b')}\n"
        "  eip: {kind: elastic_ip}\n  nat: {kind: nat_gateway, subnet: net-a, elastic_ip: eip}\n"
        "  out: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: nat}]}\n"
        "  in-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.9.0/24, route_table: out}\n"
        "journeys:\n  - {name: j, from: b, to: 198.51.100.30, port: 443, protocol: tcp, reaches: internet}\n"
    )
    figures = _figures(world_of(text))
    assert {"b", "nat", "az:eu-west-1a", "az:eu-west-1b"} <= set(figures.spofs)


def test_what_a_group_recovers_by_is_an_event_too() -> None:
    figures = _figures(with_group(", desired: 1"))
    assert frozenset({"asg:1", "control-plane:ec2"}) in _cuts(figures)
    plane = next(item for item in figures.assumptions if item.event == "control-plane:ec2")
    assert plane.source.startswith("assumption: AWS publishes no figure")
    assert "control-plane:ec2" not in figures.spofs


@pytest.mark.parametrize("event", ["lb", "az:eu-west-1a", "region:eu-west-1"])
def test_every_figure_is_an_assumption_with_its_source(event: str) -> None:
    prior = next(item for item in _figures(three_tier()).assumptions if item.event == event)
    assert prior.to_json()["assumed"] is True
    assert prior.source
    assert prior.what.endswith(".")
