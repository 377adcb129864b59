"""The network engine's speed in one table, beside the plain rule walk of the same run.

Run ``python -m tests.benchmarks.network [FLOWS] [ENIS ...]`` (default: 100000 flows, reach for 1000 and 10000 ENIs)
from the repository's root. Times are processor seconds, so that other work on the machine counts little; whole
processes are measured from their start to their end, wall time beside it.
"""

from __future__ import annotations

import gc
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from archtui.formats.blueprint_file import from_data
from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.model.operations import Operation, Set
from archtui.network.batch import decide_many
from archtui.network.engine import decide, network_of, trace_packet
from archtui.network.flow import Flow
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.world import World
from tests.benchmarks.reach import enis, naive
from tests.generators import design

_PORTS = (22, 53, 80, 443, 3306, 5432, 6379, 8080, 8443, 9090, 27017, 5000)
_ROUNDS = 20
_ENDS = ("v0-t0-i0", "v0-t1-i0")


def timed(act: Callable[[], object]) -> float:
    """Return the processor seconds of an act."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


def row(what: str, value: str, target: str) -> None:
    """Print one line of the table."""
    print(f"{what:<58}{value:>34}{target:>16}", flush=True)


def process(words: Sequence[str]) -> tuple[float, float]:
    """Return wall and processor seconds of a run of archtui."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    with open(os.devnull, "wb") as nothing:
        subprocess.run([sys.executable, "-m", "archtui", *words], stdout=nothing, check=True)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cold(folder: Path) -> None:
    """From the start of a process to the first trace, on a blueprint of 1,000 components."""
    path = str(folder / "cold.yaml")
    from_data(design(1000), registry()).save(path)
    words = ["trace", path, "--from", _ENDS[0], "--to", _ENDS[1], "--port", "443"]
    process(words)
    runs = [process(words) for _ in range(5)]
    wall, cpu = (statistics.median(found) for found in zip(*runs, strict=True))
    row("cold process to the first trace, 1,000 components", f"{wall:.2f} s wall, {cpu:.2f} s CPU", "< 1 s")


def edits() -> None:
    """From an edit to the trace in the new world, and a trace by itself."""
    world = compile_world(Blueprint.build(design(1000), registry()))
    network_of(world)
    flow = Flow(*_ENDS, "tcp", 443)
    zones = ("v0-app-b", "v0-app-c", "v0-app-a")
    kinds: dict[str, Callable[[int], Operation]] = {
        "a rule": lambda n: Set(("components", "v0-t0-sg", "ingress"), [{"port": 100 + n, "from": "10.0.0.0/8"}]),
        "a route": lambda n: Set(("components", "v0-public", "routes"), [{"to": f"10.{n}.0.0/16", "via": "v0-igw"}]),
        "an instance's subnet": lambda n: Set(("components", "v0-t0-i1", "subnet"), zones[n % 3]),
        "a new instance": lambda n: Set(
            ("components", f"new-{n}"),
            {"kind": "ec2_instance", "subnet": zones[n % 3], "security_groups": ["v0-t0-sg"]},
        ),
    }

    def step(operation: Operation) -> None:
        nonlocal world
        world = compile_world(world.blueprint.edited([operation])[0], world)
        network_of(world)
        trace_packet(world, flow)

    for name, edit in kinds.items():
        times = [timed(lambda n=n, edit=edit: step(edit(n))) * 1000 for n in range(_ROUNDS)]  # type: ignore[misc]
        told = f"{statistics.median(times):.1f} ms, worst {max(times):.1f} ms"
        row(f"edit ({name}) to world to trace, 1,000 components", told, "< 20 ms")
    times = [timed(lambda: trace_packet(world, flow)) * 1000 for _ in range(5 * _ROUNDS)]
    row("an explained trace, 1,000 components", f"{statistics.median(times):.2f} ms", "< 1 ms")


def _flows(count: int, ends: int) -> list[Flow]:
    rng = random.Random(7)
    found = []
    for _ in range(count):
        source, target = (f"i-{number}" for number in rng.sample(range(ends), 2))
        sent = rng.randrange(32768, 60999) if rng.random() < 0.3 else None
        found.append(Flow(source, target, rng.choice(("tcp", "tcp", "tcp", "udp")), rng.choice(_PORTS), sent))
    return found


def _line(number: int, flow: Flow) -> str:
    asked: dict[str, Json] = {"id": number, "from": flow.source, "to": flow.destination, "protocol": flow.protocol}
    asked |= {"port": flow.port} | ({} if flow.source_port is None else {"source_port": flow.source_port})
    return json.dumps(asked) + "\n"


def many(folder: Path, count: int) -> None:
    """Flows in bulk, beside the engine's ``decide`` and the plain rule walk."""
    data = enis(1000)
    flows = _flows(count, 1000)
    design_path, flows_path = folder / "flows.yaml", folder / "flows.jsonl"
    from_data(data, registry()).save(str(design_path))
    flows_path.write_text("".join(_line(number, flow) for number, flow in enumerate(flows)))
    world = compile_world(Blueprint.build(data, registry()))
    sample = flows[:3000]
    per_walk = timed(lambda: _walk_rules(world, sample)) / len(sample)
    row("plain rule walk (verdict alone, inside one VPC)", f"{1 / per_walk:,.0f} flows/s", "baseline")
    single = timed(lambda: [decide(world, flow) for flow in sample]) / len(sample)
    row("decide, one flow after the other", f"{1 / single:,.0f} flows/s, {per_walk / single:.2f}x", "")
    told: list[object] = []
    bulk = timed(lambda: told.extend(decide_many(world, flows))) / count
    row(
        "decide_many (verdict, code, all blockers)",
        f"{1 / bulk:,.0f} flows/s, {per_walk / bulk:.2f}x",
        "25,000 flows/s",
    )
    empty = folder / "none.jsonl"
    empty.write_text("")
    _, idle = process(["trace", str(design_path), "--flows", str(empty), "--format", "jsonl"])
    wall, busy = process(["trace", str(design_path), "--flows", str(flows_path), "--format", "jsonl"])
    row(f"trace --flows, {count:,} flows, the whole process", f"{wall:.1f} s wall, {busy:.1f} s CPU", "")
    row("trace --flows, reading, deciding and writing", f"{count / (busy - idle):,.0f} flows/s", "25,000 flows/s")
    row("trace --flows, start and design counted in", f"{count / busy:,.0f} flows/s", "")


def _walk_rules(world: World, flows: Sequence[Flow]) -> None:
    network = network_of(world)
    numbers = {"tcp": 6, "udp": 17}
    for flow in flows:
        source, target = (network.interfaces[network.of_component[end][0]] for end in (flow.source, flow.destination))
        naive(network, source, target, numbers[flow.protocol], flow.port or 0)


def compiling() -> None:
    """A world of 10,000 components from scratch."""
    blueprint = Blueprint.build(design(10_000), registry())
    spent = timed(lambda: network_of(compile_world(blueprint)))
    row("compile of 10,000 components, world and network", f"{spent:.2f} s", "< 3 s")


def all_pairs(count: int) -> None:
    """Who reaches whom, in a process of its own."""
    words = [sys.executable, "-m", "tests.benchmarks.reach", "--one", str(count)]
    found = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    told = f"{found['cpu_s']:.2f} s, {found['peak_mb']:.0f} MB, {found['ratio']:,.0f}x"
    row(f"reach, {count:,} ENIs (x the rule walk for all pairs)", told, "< 0.5 s" if count <= 1000 else "< 8 s, 500 MB")


def main() -> None:
    """Print the table."""
    words = [int(word) for word in sys.argv[1:]]
    gc.set_threshold(50_000, 20, 100)  # as the program itself does
    row("", "measured", "target")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cold(folder)
        edits()
        many(folder, words[0] if words else 100_000)
        compiling()
    for count in words[1:] or (1000, 10_000):
        all_pairs(count)


if __name__ == "__main__":
    main()
