"""Common-cause groups: events that may also fail together, by a model with a few factors.

Open-PSA Model Exchange Format 2.0d, "Common cause groups"; NUREG/CR-5485 for the formulae. Each
member becomes the OR of every event "exactly these members fail together" that it takes part in.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb, prod

from archtui.failure.faulttree import Formula, any_of
from archtui.formats.openpsa.expressions import Expressions
from archtui.formats.openpsa.xml import Element, refused

MAX_MEMBERS = 10
MODELS = ("beta-factor", "MGL", "alpha-factor", "phi-factor")


def expanded(group: Element, expressions: Expressions) -> tuple[dict[str, Formula], dict[str, float]]:
    """Return the gates that stand for the members of ``group``, and the events they are made of."""
    name, model = group.attributes.get("name", "?"), group.attributes.get("model", "")
    if model not in MODELS:
        raise refused(group.location, f"CCF group {name!r} has model {model!r}", f"use one of {', '.join(MODELS)}")
    members = [
        child.attributes.get("name", "") for holder in group.named("members") for child in holder.named("basic-event")
    ]
    if not 2 <= len(members) <= MAX_MEMBERS:
        what = f"CCF group {name!r} has {len(members)} members"
        raise refused(group.location, what, f"give it 2 to {MAX_MEMBERS}")
    totals = [part for holder in group.named("distribution") for part in holder.formulae]
    if len(totals) != 1:
        raise refused(group.location, f"CCF group {name!r} has no one distribution", "give it one expression")
    total = expressions.value(totals[0])
    together = _together(group, model, len(members), _factors(group, expressions), total)
    gates: dict[str, list[Formula]] = {member: [] for member in members}
    events: dict[str, float] = {}
    for size in range(1, len(members) + 1):
        if not together[size]:
            continue
        for some in combinations(members, size):
            event = f"[{' '.join(some)}]"
            events[event] = together[size]
            for member in some:
                gates[member].append(event)
    return {member: any_of(*parts) if parts else False for member, parts in gates.items()}, events


def _factors(group: Element, expressions: Expressions) -> list[float]:
    """Return the factors in the order of their levels."""
    holders = [factor for holder in group.named("factors") for factor in holder.named("factor")]
    holders += list(group.named("factor"))
    levels = [int(level) if (level := f.attributes.get("level", "")).isdigit() else 0 for f in holders]
    ordered = sorted(zip(levels, holders, strict=True), key=lambda pair: pair[0])
    return [expressions.value(part) for _, holder in ordered for part in holder.formulae]


def _together(group: Element, model: str, n: int, factors: Sequence[float], total: float) -> list[float]:
    """Return for each size the probability that exactly one certain set of so many members fails together."""
    wanted = {"beta-factor": 1, "MGL": n - 1}.get(model, n)
    if len(factors) != wanted:
        what = f"the {model} model of {n} members takes {wanted} factors, not {len(factors)}"
        raise refused(group.location, what, "correct the factors")
    if model == "beta-factor":
        return [0.0, (1.0 - factors[0]) * total, *[0.0] * (n - 2), factors[0] * total]
    if model == "MGL":
        chain = (1.0, *factors, 0.0)
        return [
            0.0,
            *(prod(chain[:k]) * (1.0 - chain[k]) * total / comb(n - 1, k - 1) for k in range(1, n + 1)),
        ]
    if model == "alpha-factor":
        mean = sum(k * alpha for k, alpha in enumerate(factors, 1))
        return [0.0, *(k * alpha / mean * total / comb(n - 1, k - 1) for k, alpha in enumerate(factors, 1))]
    return [0.0, *(factor * total for factor in factors)]
