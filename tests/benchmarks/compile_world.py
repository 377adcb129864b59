"""Time to check and compile a design, and to do both again after one edit.

Run with ``python -m tests.benchmarks.compile_world [COMPONENTS...]``; prints a table in milliseconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial

from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.model.operations import Set
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.world import World
from tests.generators import design

EDIT = Set(("components", "v0-t0-i0", "instance_type"), "m5.large")
ROUNDS = 5


def best(work: Callable[[], object]) -> float:
    """Return the shortest of some runs, in milliseconds."""
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return min(found)


def _from_scratch(data: Json) -> World:
    return compile_world(Blueprint.build(data, registry()))


def main() -> None:
    """Print one row for each size."""
    sizes = [int(word) for word in sys.argv[1:]] or [100, 1000, 10000]
    print(f"{'components':>10} {'check':>9} {'compile':>9} {'edit':>9} {'recompile':>9}")
    for size in sizes:
        data = design(size)
        blueprint = Blueprint.build(data, registry())
        world = compile_world(blueprint)
        edited, _ = blueprint.edited((EDIT,))

        row = (
            best(partial(Blueprint.build, data, registry())),
            best(partial(_from_scratch, data)),
            best(partial(blueprint.edited, (EDIT,))),
            best(partial(compile_world, edited, world)),
        )
        print(f"{size:>10} {row[0]:>9.1f} {row[1] - row[0]:>9.1f} {row[2]:>9.1f} {row[3]:>9.1f}")


if __name__ == "__main__":
    main()
