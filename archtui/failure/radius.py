"""How far each failure reaches: every single and every double failure of a design at once, without tracing again.

What takes a journey down was learned from the tracer (:mod:`archtui.failure.availability.structure`).
Here that is asked for all failures together: each is one bit of an integer. What hangs on a component
besides follows from the design's references and hard links.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from archtui.failure.availability.priors import TAKEOVER
from archtui.failure.availability.report import JourneyResilience
from archtui.failure.availability.text import wrapped
from archtui.failure.faulttree import FaultTree, Formula
from archtui.failure.impact import Dependencies, Need, single_failures
from archtui.failure.needs import can_fail
from archtui.failure.scenarios import regions_of, zones_of
from archtui.model.component import Json
from archtui.world.world import World

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Radius:
    """What one failure does."""

    event: str
    """A component, ``az:ZONE``, ``region:REGION`` or ``control-plane:SERVICE``."""
    journeys: tuple[str, ...]
    """The journeys that it takes down for good."""
    dependents: tuple[str, ...]
    """The components that hang on it, by what they refer to and by their hard links."""

    def to_json(self) -> dict[str, Json]:
        """Return it as plain data."""
        return {"event": self.event, "journeys": list(self.journeys), "dependents": list(self.dependents)}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two failures that together take down what neither does alone."""

    events: tuple[str, str]
    journeys: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Return it as plain data."""
        return {"events": list(self.events), "journeys": list(self.journeys)}


@dataclass(frozen=True)
class Reach:
    """All single and all double failures of a design."""

    singles: tuple[Radius, ...]
    """The furthest first; those that harm nothing are there, too."""
    pairs: tuple[Pair, ...]
    """Those that take down more than their parts, the most journeys first."""

    def to_json(self) -> dict[str, Json]:
        """Return both lists as ``archtui resilience FILE --format json`` prints them."""
        return {
            "blast_radius": [item.to_json() for item in self.singles],
            "pairs": [item.to_json() for item in self.pairs],
        }


def reach_of(world: World, journeys: Sequence[JourneyResilience]) -> Reach:
    """Return how far each failure of ``world`` reaches, given what its journeys hang on."""
    places = [*(f"az:{zone}" for zone in zones_of(world)), *(f"region:{name}" for name in regions_of(world))]
    known = [name for name, component in world.components.items() if can_fail(world, name) and not component.implicit]
    learned = [item.event for journey in journeys for item in journey.assumptions]
    events = list(dict.fromkeys((*known, *places, *(name for name in learned if not name.endswith(TAKEOVER)))))
    pairs = list(combinations(events, 2))
    columns = _columns(events, pairs)
    everything = (1 << (len(events) + len(pairs))) - 1
    down = {
        journey.name: true_where(journey.structure.tree, columns, everything)
        for journey in journeys
        if journey.structure is not None
    }
    hanging = dependents_of(world)
    singles = [Radius(event, _names(down, number), hanging.get(event, ())) for number, event in enumerate(events)]
    singles.sort(key=lambda item: (-len(item.journeys), -len(item.dependents), item.event))
    return Reach(tuple(singles), _pairs(events, pairs, down))


def _columns(events: Sequence[str], pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return for each event the scenarios in which it happens: first the single failures, then the pairs."""
    columns = {event: 1 << number for number, event in enumerate(events)}
    for number, pair in enumerate(pairs, len(events)):
        for event in pair:
            columns[event] |= 1 << number
    return columns


def _pairs(events: Sequence[str], pairs: Sequence[tuple[str, str]], down: Mapping[str, int]) -> tuple[Pair, ...]:
    place = {event: number for number, event in enumerate(events)}
    found: dict[tuple[str, str], list[str]] = {}
    for journey, scenarios in down.items():
        left = scenarios >> len(events)
        while left:
            lowest = left & -left
            left ^= lowest
            pair = pairs[lowest.bit_length() - 1]
            if not any(scenarios >> place[event] & 1 for event in pair):
                found.setdefault(pair, []).append(journey)
    made = [Pair(pair, tuple(names)) for pair, names in found.items()]
    return tuple(sorted(made, key=lambda item: (-len(item.journeys), item.events)))


def _names(down: Mapping[str, int], scenario: int) -> tuple[str, ...]:
    return tuple(name for name, scenarios in down.items() if scenarios >> scenario & 1)


def true_where(tree: FaultTree, columns: Mapping[str, int], everything: int) -> int:
    """Return the scenarios (bits of ``everything``) in which the top event of ``tree``, of ANDs and ORs, is true.

    ``columns`` says for each event in which it happens; an event that is not there happens in none.
    """
    known: dict[str, int] = {}

    def of(formula: Formula) -> int:
        if isinstance(formula, bool):
            return everything if formula else 0
        if isinstance(formula, str):
            if formula not in tree.gates:
                return columns.get(formula, 0)
            if formula not in known:
                known[formula] = of(tree.gates[formula])
            return known[formula]
        result = everything if formula.op == "and" else 0
        for arg in formula.args:
            result = result & of(arg) if formula.op == "and" else result | of(arg)
        return result

    return of(tree.top)


def dependents_of(world: World) -> dict[str, tuple[str, ...]]:
    """Return for each component, zone and region the components that hang on it, all single failures at once."""
    names = list(world.components)
    places = [*(f"az:{zone}" for zone in zones_of(world)), *(f"region:{name}" for name in regions_of(world))]
    number = {name: at for at, name in enumerate((*names, *places))}
    needs = [list(_needs(world, name, number)) for name in names] + [[] for _ in places]
    found: dict[str, list[str]] = {}
    everyone = (*names, *places)
    for name, losing in zip(names, single_failures(Dependencies.of(needs)), strict=False):
        if world.components[name].implicit:
            continue
        while losing:
            lowest = losing & -losing
            losing ^= lowest
            cause = everyone[lowest.bit_length() - 1]
            if cause != name:
                found.setdefault(cause, []).append(name)
    return {cause: tuple(some) for cause, some in found.items()}


def _needs(world: World, name: str, number: Mapping[str, int]) -> Iterable[Need]:
    component = world.components[name]
    choices: dict[str, list[int]] = {}
    for edge in component.edges:
        if edge.target == name or edge.target not in number:
            continue
        if edge.role == "targets":
            choices.setdefault(str(edge.path[0]), []).append(number[edge.target])
        elif can_fail(world, edge.target):
            yield Need(1, (number[edge.target],))
    for members in choices.values():
        yield Need(1, tuple(dict.fromkeys(members)))
    for link in world.links_from(name):
        if link.dependency == "hard" and link.target in number:
            yield Need(1, (number[link.target],))
    if component.kind.scope in ("global", "edge", "on_prem"):
        return
    place = world.placement(name)
    zones = tuple(number[f"az:{zone}"] for zone in place.zones if f"az:{zone}" in number)
    if zones:
        yield Need(1, zones)
    if f"region:{place.region}" in number:
        yield Need(1, (number[f"region:{place.region}"],))


def render_reach(reach: Reach) -> str:
    """Return how far failures reach as ``archtui resilience FILE`` prints it."""
    lines = ["How far a failure reaches"]
    for item in reach.singles[:_SHOWN]:
        if item.journeys:
            count = len(item.dependents)
            hanging = f"; {count} component{'' if count == 1 else 's'} hang{'s' if count == 1 else ''} on it"
            lines += wrapped(f"  {item.event}: {', '.join(item.journeys)}{hanging if count else ''}", 4)
    harmless = sum(not item.journeys for item in reach.singles)
    lines += wrapped(f"  {harmless} of {len(reach.singles)} single failures take no journey down.", 4)
    if reach.pairs:
        lines.append("Two failures that take down more than each alone")
        for pair in reach.pairs[:_SHOWN]:
            lines += wrapped(f"  {' + '.join(pair.events)}: {', '.join(pair.journeys)}", 4)
        if len(reach.pairs) > _SHOWN:
            lines.append(f"  and {len(reach.pairs) - _SHOWN} more (--format json has all)")
    return "\n".join(lines) + "\n"
