"""Do ``reach`` and ``decide`` ever disagree? Random flows over random designs, generated ones and measured labs.

Run ``python -m tests.benchmarks.reach_agreement [FLOWS]`` from the repository's root; it ends with 1 where
there is a difference. The measured labs take part where ``../shared/truth`` is.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from archtui.model.blueprint import Blueprint
from archtui.network.addresses import address_text
from archtui.network.engine import decide, network_of, trace_packet
from archtui.network.flow import Flow, protocol_number
from archtui.network.model import Translates
from archtui.network.reach import Reachability
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition, condition_for
from archtui.world.steps import Action, Verdict
from archtui.world.world import World
from tests.generators import design
from tests.labs import lab_names, load_lab, load_snapshot, snapshot_names
from tests.network.hybrid_designs import hybrid
from tests.network.reach_designs import mixed
from tests.network.test_properties import _design as pair_of_networks
from tests.rich_networks import rich

LITERAL_SHARE = 0.3
"""In how many comparisons addresses and interfaces are ends too."""
ONE_WAY_SHARE = 0.05
"""How many of the blocked flows are traced too, to ask whether the request arrived."""


@dataclass
class Counts:
    """What was compared."""

    flows: int = 0
    designs: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    one_way: Counter[bool] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def arrives(world: World, flow: Flow, condition: Condition) -> bool:
    """Whether the request of a blocked flow surely arrives some way."""
    trace = trace_packet(world, flow, condition)
    ways = trace.branches or (trace,)
    return any(
        way.delivered is not None
        and bool(way.back)
        and not any(step.action in (Action.DENY, Action.UNKNOWN) for hop in way.forward for step in hop.steps)
        and way.verdict is Verdict.BLOCKED
        for way in ways
    )


def literal_ends(world: World, rng: random.Random) -> list[str]:
    """Return addresses and interfaces of a design, and addresses that nobody or somebody outside has."""
    interfaces = list(network_of(world).interfaces.values())
    found = ["9.9.9.9", "10.0.0.77", "198.51.100.250"]
    for item in rng.sample(interfaces, min(4, len(interfaces))):
        held = (*item.addresses, *item.publics.values())
        found.extend([item.id, address_text(rng.choice(held))] if held else [])
    return found


def flows_of(reachability: Reachability, rng: random.Random, count: int) -> Iterator[Flow]:
    """Yield random flows between ends; ports at and between the edges of rules."""
    ends = reachability.ends
    literal = [name for name in ends if name not in reachability.matrix.world.components]
    starts = list(reachability.matrix.atoms.each())
    for _ in range(count):
        source, target = rng.choice(ends), rng.choice(ends)
        if rng.random() < 0.3 and literal:
            source, target = rng.choice(((rng.choice(literal), target), (source, rng.choice(literal))))
        if source == target:
            continue
        protocol, start = rng.choice(starts)
        port = None if start is None else rng.choice((start, max(start - 1, 0), rng.randint(0, 65535)))
        name = {6: "tcp", 17: "udp", 1: "icmp"}.get(protocol, str(protocol))
        yield Flow(source, target, name, port)


def compare(
    counts: Counts, world: World, rng: random.Random, count: int, condition: Condition = HEALTHY, what: str = ""
) -> None:
    """Compare ``count`` random flows of a design."""
    named = literal_ends(world, rng) if rng.random() < LITERAL_SHARE else []
    reachability = Reachability(world, condition, named)
    mute = {
        name
        for name, sites in reachability.matrix.sites.items()
        if any(site.interface and isinstance(site.interface.answer, Translates) for site in sites)
    }
    counts.designs += 1
    for flow in flows_of(reachability, rng, count):
        counts.flows += 1
        decided = decide(world, flow, condition).verdict
        found = reachability.verdict(flow.source, flow.destination, flow.protocol, flow.port)
        counts.verdicts[str(decided)] += 1
        if decided is not found:
            counts.differences.append(f"{what}: {flow}: decide says {decided}, reach {found}")
            continue
        atom = reachability.matrix.atoms.bit(protocol_number(flow.protocol), flow.port)
        alone = bool(reachability.pair(flow.source, flow.destination).one_way & atom)
        if alone or (decided is Verdict.BLOCKED and flow.source not in mute and rng.random() < ONE_WAY_SHARE):
            expected = arrives(world, flow, condition)
            counts.one_way[expected] += 1
            if expected is not alone:
                counts.differences.append(f"{what}: {flow}: trace says one way {expected}, reach {alone}")


def _compiled(data: dict[str, object]) -> World:
    return compile_world(Blueprint.build(data, registry()))  # type: ignore[arg-type]


def worlds(rng: random.Random) -> Iterator[tuple[str, World, int]]:
    """Yield (name, design, flows to ask): labs and generated designs once, then random ones without end."""
    for name in lab_names():
        yield f"lab {name}", load_lab(name).world, 1500
    for name in snapshot_names():
        yield f"snapshot {name}", load_snapshot(name).world, 300
    for seed, size in enumerate((60, 200, 600, 1500)):
        yield f"generated {seed}", _compiled(design(size, seed)), 3000  # type: ignore[arg-type]
    while True:
        seed = rng.randrange(1_000_000)
        yield f"networks {seed}", _compiled(_blueprint(pair_of_networks(seed).parts)), 250
        seed = rng.randrange(1_000_000)
        yield f"rich {seed}", _compiled(_blueprint(rich(seed).parts)), 250
        seed = rng.randrange(1_000_000)
        yield f"mixed {seed}", _compiled(_blueprint(mixed(seed))), 250
        seed = rng.randrange(1_000_000)
        yield f"hybrid {seed}", _compiled(_blueprint(hybrid(seed))), 250


def _blueprint(parts: object) -> dict[str, object]:
    return {"blueprint": "random", "region": "eu-west-1", "components": parts}


def conditions(world: World, rng: random.Random) -> Iterator[Condition]:
    """Yield conditions to compare under: nothing broken, then a component, a zone or a link."""
    yield HEALTHY
    names = sorted(name for name, component in world.components.items() if component.kind.name != "internet")
    zones = sorted({f"az:{zone}" for name in names for zone in world.placement(name).zones})
    edges = sorted({f"link:{e.source}->{e.target}" for name in names for e in world.components[name].edges})
    target = rng.choice(rng.choice([found for found in (names, zones, edges) if found]))
    yield condition_for(world, (target,))


def run(flows: int, seed: int = 1) -> Counts:
    """Compare at least ``flows`` flows."""
    rng = random.Random(seed)
    counts = Counts()
    for what, world, share in worlds(rng):
        if counts.flows >= flows:
            break
        for condition in conditions(world, rng):
            compare(counts, world, rng, share, condition, f"{what} {condition if condition is not HEALTHY else ''}")
    return counts


def main() -> int:
    """Print what was compared."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    begun = time.perf_counter()
    counts = run(wanted)
    seconds = time.perf_counter() - begun
    shares = ", ".join(f"{name} {count}" for name, count in sorted(counts.verdicts.items()))
    print(f"{counts.flows} flows over {counts.designs} designs and conditions in {seconds:.0f} s: {shares}")
    print(f"one way: {counts.one_way[True]} with a lost reply, {counts.one_way[False]} stopped on the way there")
    print(f"differences: {len(counts.differences)}")
    for difference in counts.differences[:20]:
        print(f"  {difference}")
    return int(bool(counts.differences))


if __name__ == "__main__":
    raise SystemExit(main())
