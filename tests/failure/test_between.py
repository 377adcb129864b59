"""The narrowest place between two components."""

from __future__ import annotations

import random
from itertools import combinations, pairwise

import networkx as nx
import pytest

from archtui.failure.between import Between, BetweenError, Ways, between
from tests.failure.designs import three_tier, two_regions, with_database


def test_a_server_hangs_on_its_gateway() -> None:
    found = between(three_tier(), "web-1", "internet")
    assert found.components == ("nat-a",)
    assert found.tried is True
    assert found.traced
    assert found.ways == (("web-1", "app-a", "public-a", "nat-a", "igw", "internet"),)


def test_two_servers_have_to_fail() -> None:
    found = between(three_tier(), "web", "db")
    assert set(found.components or ()) == {"web-1", "web-2"}
    assert len(found.connections) == len(found.ways) == 2
    assert found.tried is True


def test_neighbours_have_nothing_between_them() -> None:
    found = between(with_database("multi_az: false"), "app", "db")
    assert found.components is None
    assert len(found.connections) == 1
    assert "no component that can fail stands between them" in "\n".join(found.sentences())


def test_what_takes_over_is_told() -> None:
    """Requests go to the first region; its balancer parts them, but the second region answers then."""
    found = between(two_regions(), "internet", "p-app-a")
    assert found.components is not None
    assert len(found.components) == 1
    assert found.tried is (found.components == ("zone",))


def test_where_no_request_goes_the_edges_count() -> None:
    found = between(three_tier(), "shop", "web-1")
    assert isinstance(found, Between)
    assert found.connections


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("web-1", "web-l", "there is no component 'web-l'; did you mean 'web-1'?"),
        ("db", "db", "db is one component; name two"),
        ("db", "zone", "nothing leads from db to zone"),
    ],
)
def test_what_has_nothing_between_is_refused(source: str, target: str, message: str) -> None:
    with pytest.raises(BetweenError, match=message.replace("?", r"\?")):
        between(three_tier(), source, target)


@pytest.mark.parametrize("seed", range(40))
def test_cuts_are_as_small_as_networkx_finds(seed: int) -> None:
    rng = random.Random(seed)
    names = [f"n{i}" for i in range(rng.randint(4, 12))]
    edges = [pair for pair in ((a, b) for a in names for b in names if a != b) if rng.random() < 0.25]
    graph: nx.DiGraph[str] = nx.DiGraph(edges)
    graph.add_nodes_from(names)
    source, target = names[0], names[-1]
    ways = Ways(edges)
    cut = ways.cut(source, target)
    assert len(cut) == nx.edge_connectivity(graph, source, target)
    assert len(ways.paths(source, target)) == len(cut)
    assert all((a, b) in edges for way in ways.paths(source, target) for a, b in pairwise(way))
    parts = ways.node_cut(source, target, set(names) - {source, target})
    if (source, target) in edges:
        assert parts is None
    else:
        assert parts is not None
        assert len(parts) == nx.node_connectivity(graph, source, target)
        left = graph.copy()
        left.remove_nodes_from(parts)
        assert not nx.has_path(left, source, target)


def test_nodes_that_cannot_fail_are_no_cut() -> None:
    ways = Ways([("a", "x"), ("x", "b"), ("a", "y"), ("y", "b")])
    assert set(ways.node_cut("a", "b", {"x", "y"}) or ()) == {"x", "y"}
    assert ways.node_cut("a", "b", {"x"}) is None
    assert len(list(combinations(ways.nodes, 2))) == 6
