"""Measure the debugger: ``python tests/benchmarks/debugger.py``.

Two figures, each as CPU time and as a ratio to a baseline of the same run, so that a busy or slow machine does not
change what they say; garbage is collected as the program does it: a trace over 40 hops with 200 branches, beside one
with 2 branches; and a step in the panel from the key to the lines that are drawn, beside the drawing of the same lines
alone.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import json

from archtui.cli.main import COLLECTOR
from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.services import registry
from archtui.trace.network import packets_of
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from tests.tui.driving import flying

REQUEST = Request.make("internet", "http://shop.example.com/")
ROUNDS = 9
STEPS = 40


def design(front: int, back: int) -> dict[str, Json]:
    """Return two balancers one behind the other before a database: 4 * ``front`` * ``back`` ways to it."""
    rules: list[Json] = [{"protocol": "any", "from": "0.0.0.0/0"}]
    out: list[Json] = [{"protocol": "any", "to": "0.0.0.0/0"}]
    parts: dict[str, Json] = {
        "zone": {"kind": "hosted_zone", "name": "example.com"},
        "shop": {"kind": "record", "zone": "zone", "name": "shop.example.com", "type": "A", "alias": "lb"},
        "vpc": {"kind": "vpc", "cidr": "10.0.0.0/16"},
        "igw": {"kind": "internet_gateway", "vpc": "vpc"},
        "public": {"kind": "route_table", "vpc": "vpc", "routes": [{"to": "0.0.0.0/0", "via": "igw"}]},
        "sg": {"kind": "security_group", "vpc": "vpc", "ingress": rules, "egress": out},
    }
    for index, zone in enumerate("ab"):
        for number, tier in enumerate(("public", "app", "api", "data")):
            subnet: dict[str, Json] = {
                "kind": "subnet",
                "vpc": "vpc",
                "az": zone,
                "cidr": f"10.0.{10 * number + index}.0/24",
            }
            parts[f"{tier}-{zone}"] = subnet | ({"route_table": "public"} if tier == "public" else {})
    for name, tier, group, scheme in (("lb", "public", "web", "internet-facing"), ("inner", "api", "api", "internal")):
        listeners: list[Json] = [{"port": 80, "protocol": "HTTP", "forward": group}]
        subnets: list[Json] = [f"{tier}-a", f"{tier}-b"]
        parts[name] = {
            "kind": "alb",
            "scheme": scheme,
            "subnets": subnets,
            "security_groups": ["sg"],
            "listeners": listeners,
        }
    links: list[Json] = []
    for group, count, tier, port, called in (("web", front, "app", 8080, "inner"), ("api", back, "api", 9000, "db")):
        names = [f"{group}-{number}" for number in range(count)]
        parts[group] = {"kind": "target_group", "vpc": "vpc", "port": port, "targets": [*names]}
        for number, name in enumerate(names):
            listens: list[Json] = [{"port": port}]
            subnet_name = f"{tier}-{'ab'[number % 2]}"
            parts[name] = {"kind": "ec2", "subnet": subnet_name, "security_groups": ["sg"], "listens": listens}
            links.append({"from": name, "to": called, "port": 80 if called == "inner" else 5432})
    parts["db"] = {
        "kind": "rds",
        "engine": "postgres",
        "multi_az": True,
        "subnets": ["data-a", "data-b"],
        "security_groups": ["sg"],
    }
    return {"blueprint": "Two balancers", "version": 1, "region": "eu-west-1", "components": parts, "links": links}


def timed(make: Callable[[], object]) -> float:
    """Return the CPU milliseconds of one call."""
    gc.collect()
    start = time.process_time()
    make()
    return (time.process_time() - start) * 1000


def traces(front: int, back: int) -> tuple[float, float, int, int]:
    """Return the median of a first trace and of the same one asked again; its branches; its hops."""
    first, again = [], []
    branches = hops = 0
    for _ in range(ROUNDS):
        world = compile_world(Blueprint.build(design(front, back), registry()))
        packets_of(world)
        first.append(timed(lambda world=world: trace(world, REQUEST).paths))  # type: ignore[misc]
        again.append(timed(lambda world=world: trace(world, REQUEST).paths))  # type: ignore[misc]
        found = trace(world, REQUEST)
        branches, hops = len(found.paths), len(found.forward) + len(found.back)
    return statistics.median(first), statistics.median(again), branches, hops


async def steps() -> None:
    """Print the time of a step in the panel, beside drawing the same lines without a step."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "design.yaml")
        path.write_text(json.dumps(design(10, 5)), encoding="utf-8")
        async with flying(str(path), (120, 40)) as driver:
            main = driver.main
            main.analysis.show_trace(REQUEST)
            await driver.still()
            main.debug.step("first")
            await driver.pilot.pause()

            def drawn() -> None:
                driver.app.screen._compositor.render_strips()

            def stepped() -> None:
                main.debug.step("next")
                main.trace_panel.describe(main.trace_panel.list.current)
                place = main.trace_panel.place
                main.canvas.highlight([hop.component for hop in main.trace_panel.lit], place and place.hop.component)
                drawn()

            alone = [timed(drawn) for _ in range(STEPS)]
            both = [timed(stepped) for _ in range(STEPS)]
            one, other = statistics.median(alone), statistics.median(both)
            print(f"step to lines {other:6.1f} ms   drawing alone {one:6.1f} ms   ratio {other / one:5.2f}")


if __name__ == "__main__":
    gc.set_threshold(*COLLECTOR)
    small, _, few, _ = traces(1, 1)
    large, again, many, hops = traces(10, 5)
    print(
        f"trace, {hops} hops, {many} branches {large:6.1f} ms   {few} branches {small:6.1f} ms"
        f"   ratio {large / small:5.2f}"
    )
    print(f"the same trace asked again      {again:6.1f} ms   ratio to the first {again / large:5.2f}")
    asyncio.run(steps())
