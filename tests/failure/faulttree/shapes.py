"""Fault trees of the size and shape of the published ones, made by rule: no tree here is anybody's."""

from __future__ import annotations

import random

from archtui.failure.faulttree import FaultTree, Formula, Gate, all_of, any_of, at_least


def plant(seed: int, systems: int, trains: int, parts: int, supports: int) -> FaultTree:
    """Return sequences of front-line systems with redundant trains that share power, cooling and control.

    Each part of a train fails by itself or with the support of its train; supports stand on one another
    and have a spare. Cut sets go into the millions with a few hundred gates.
    """
    rng = random.Random(seed)
    gates: dict[str, Formula] = {}
    events: dict[str, float | None] = {}

    def event(name: str) -> str:
        events.setdefault(name, 10 ** rng.uniform(-5, -2))
        return name

    for level in range(supports):
        for train in range(trains):
            causes: list[Formula] = [event(f"support-{level}-{train}-{n}") for n in range(parts)]
            if level and rng.random() < 0.9:
                causes.append(f"SUPPORT-{rng.randrange(level)}-{train}")
            if rng.random() < 0.5:
                causes.append(all_of(event(f"normal-{level}-{train}"), event(f"spare-{level}-{train}")))
            gates[f"SUPPORT-{level}-{train}"] = any_of(*causes)
    for system in range(systems):
        for train in range(trains):
            segments: list[Formula] = []
            for n in range(parts):
                name = f"{system}-{train}-{n}"
                causes = [event(f"starts-{name}"), event(f"runs-{name}")]
                if rng.random() < 0.6:
                    other = train if rng.random() < 0.85 else rng.randrange(trains)
                    causes.append(f"SUPPORT-{rng.randrange(supports)}-{other}")
                gates[f"PART-{name}"] = any_of(*causes)
                segments.append(f"PART-{name}")
            gates[f"TRAIN-{system}-{train}"] = any_of(*segments)
        lost = at_least(max(2, trains - rng.randrange(2)), *(f"TRAIN-{system}-{train}" for train in range(trains)))
        gates[f"SYSTEM-{system}"] = any_of(lost, event(f"common-{system}"))
    names = [f"SYSTEM-{system}" for system in range(systems)]
    sequences = [
        all_of(event(f"begins-{n}"), *rng.sample(names, min(systems, rng.randint(2, 3)))) for n in range(systems)
    ]
    gates["top"] = any_of(*sequences)
    return FaultTree(f"plant {seed}", "top", gates, events)


def tangle(
    seed: int, events: int, shared: float, gates_shared: float, weights: tuple[float, float, float]
) -> FaultTree:
    """Return gates (AND, OR, at least: by ``weights``) and events, of which a share stands in several places."""
    rng = random.Random(seed)
    count = max(3, int(events * (1 + shared) / 2))
    below: list[list[str]] = [[] for _ in range(count)]

    def put(name: str, place: int) -> None:
        if name not in below[place]:
            below[place].append(name)

    for number in range(1, count):
        nearest = max(0, number // 3 - 1 - rng.randrange(1 + number // 6))
        for _ in range(rng.randint(2, 4) if rng.random() < gates_shared else 1):
            put(f"g{number}", rng.randrange(nearest if rng.random() < 0.8 else 0, number))
    open_ = [number for number in range(count) if len(below[number]) < 3]
    for number in range(events):
        for _ in range(rng.randint(2, 4) if rng.random() < shared else 1):
            put(f"e{number}", rng.choice(open_))
    made: dict[str, Formula] = {}
    for number, args in enumerate(below):
        while len(args) < 2:
            put(f"e{rng.randrange(events)}", number)
        kind = rng.choices(("and", "or", "atleast"), weights)[0]
        if kind == "atleast" and len(args) > 2:
            made[f"g{number}"] = at_least(rng.randint(2, len(args) - 1), *args)
        else:
            made[f"g{number}"] = Gate("and" if kind == "and" else "or", tuple(args))
    odds: dict[str, float | None] = {f"e{n}": rng.choice((1e-2, 1e-3, 1e-4)) * rng.random() for n in range(events)}
    return FaultTree(f"tangle {seed}", "g0", made, odds)
