"""How fast is the resilience arithmetic? ``python -m tests.benchmarks.resilience``, beside the plain networkx way.

The networkx way takes each node out of a copy of the graph and spreads the loss node by node; it is
measured on a sample and extrapolated.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import networkx as nx

from archtui.failure.availability import resilience
from archtui.failure.availability.reuse import analysis_of
from archtui.failure.faulttree import FaultTree, Formula, all_of, any_of, at_least, exact_probability
from archtui.failure.impact import Dependencies, Need, double_failures, single_failures
from archtui.model.edits import set_property
from archtui.world.compiler import compile_world
from tests.failure.designs import three_tier
from tests.failure.large import company


def layered(size: int, seed: int = 1) -> Dependencies:
    """Return an AWS-like design: zones and regions below; groups of k of n, pairs and hard needs above."""
    rng = random.Random(seed)
    zones = max(3, size // 300)
    needs: list[list[Need]] = [[] for _ in range(zones)]
    while len(needs) < size:
        here = len(needs)
        groups = [Need(1, (rng.randrange(zones),))]
        if here > zones + 30 and rng.random() < 0.7:
            members = tuple(sorted(rng.sample(range(max(zones, here - 300), here), rng.randint(2, 6))))
            groups.append(Need(rng.choice((1, 1, len(members) - 1, len(members))), members))
        needs.append(groups)
    return Dependencies.of(needs)


def plain(dependencies: Dependencies, sample: int) -> float:
    """Return the seconds of one failure the plain way, the mean of ``sample``."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(dependencies.needs)))
    graph.add_edges_from((m, n) for n, groups in enumerate(dependencies.needs) for g in groups for m in g.members)
    start = time.perf_counter()
    for failed in random.Random(2).sample(range(len(dependencies.needs)), sample):
        left = graph.copy()
        queue = [failed]
        while queue:
            node = queue.pop()
            if node not in left:
                continue
            users = list(left.successors(node))
            left.remove_node(node)
            queue += [
                user
                for user in users
                if any(sum(m in left for m in need.members) < need.count for need in dependencies.needs[user])
            ]
    return (time.perf_counter() - start) / sample


def best(run: Callable[[], object], times: int = 3) -> float:
    """Return the least seconds of a few runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found)


def shared_design(width: int, regions: int) -> FaultTree:
    """Return ``width`` instances in each of three zones of each region, two thirds needed, and a standby database."""
    gates: dict[str, Formula] = {}
    events: dict[str, float | None] = {"global": 1e-6}
    for region in range(regions):
        zones = [f"r{region}-{zone}" for zone in "abc"]
        events |= {**dict.fromkeys(zones, 1e-4), f"r{region}": 1e-4, f"r{region}-lb": 1e-4}
        parts = []
        for zone in zones:
            for i in range(width):
                events[f"{zone}-{i}"] = 5e-3
                parts.append(any_of(f"{zone}-{i}", zone))
        copies = [any_of(f"r{region}-db{n}", zones[n]) for n in (0, 1)]
        events |= {f"r{region}-db{n}": 5e-3 for n in (0, 1)}
        gates[f"site-{region}"] = any_of(f"r{region}", f"r{region}-lb", at_least(width + 1, *parts), all_of(*copies))
    sites = all_of(*(f"site-{region}" for region in range(regions)))
    return FaultTree("design", "top", {"top": any_of("global", sites), **gates}, events)


EDITS = (
    ("a promise or an availability", set_property("s3-db", ("availability",), 0.99)),
    ("a label", set_property("public-a", ("label",), "front")),
    ("a queue beside the ways", set_property("s3-jobs", ("visibility_timeout",), "60s")),
    ("a database's standby", set_property("s3-db", ("multi_az",), False)),
    ("a balancer's subnets", set_property("s3-lb", ("subnets",), ["public-a", "public-b"])),
    ("a route table", set_property("app-a", ("route_table",), "inside")),
)


def again_after_edits() -> None:
    """Print how long it takes to analyse a large design anew, and again after each of a few edits."""
    world = company()
    start = time.perf_counter()
    before = analysis_of(world, disruptions=False)
    print(f"{len(world.components)} components, 8 journeys, anew: {(time.perf_counter() - start) * 1e3:8.0f} ms")
    for name, edit in EDITS:
        start = time.perf_counter()
        after = analysis_of(compile_world(world.blueprint.edited(edit.operations)[0], world), before, disruptions=False)
        seconds = time.perf_counter() - start
        print(f"  again after {name}: {seconds * 1e3:8.0f} ms, {len(after.reused)} journeys kept")


def main() -> None:
    """Print the table."""
    for size in (1_000, 10_000):
        dependencies = layered(size)
        ours = best(lambda d=dependencies: single_failures(d))  # type: ignore[misc]
        theirs = plain(dependencies, 20) * size
        print(
            f"all single failures, {size:6}: {ours * 1e3:8.1f} ms; networkx {theirs:8.1f} s: {theirs / ours:,.0f} times"
        )
    dependencies = layered(1_000)
    ours = best(lambda: [None for _ in double_failures(dependencies)], 1)
    theirs = plain(dependencies, 20) * 1e6
    print(f"all double failures,   1000: {ours:8.2f} s; networkx {theirs:8.0f} s: {theirs / ours:,.0f} times")
    for width, regions in ((6, 2), (80, 2), (1_000, 3)):
        tree = shared_design(width, regions)
        seconds = best(lambda t=tree: exact_probability(t))  # type: ignore[misc]
        print(
            f"exact availability, {len(tree.events):5} events: {seconds * 1e3:8.1f} ms: {exact_probability(tree):.12g}"
        )
    seconds = best(lambda: resilience(compile_world(three_tier().blueprint), disruptions=False))
    print(f"three-tier, all journeys, compiled anew: {seconds * 1e3:.0f} ms")
    again_after_edits()


if __name__ == "__main__":
    main()
