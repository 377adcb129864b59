"""How much else an edit opens or closes, counted over all pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from archtui.network.engine import network_of
from archtui.network.reach import Reachability, ReachError
from archtui.world.world import World

MAX_INTERFACES = 400
"""In larger networks the count would take longer than a person waits."""

_Pair: TypeAlias = tuple[str, str, str]
_Spans: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """The ports that may be connected to, by (from, to, protocol)."""

    ports: Mapping[_Pair, _Spans]

    def gained(self, after: Reached) -> int:
        """Return how many connections (from, to, protocol, port) ``after`` has that are not here."""
        return sum(
            _size(spans) - _common(spans, self.ports.get(pair, ()))
            for pair, spans in after.ports.items()
            if spans != self.ports.get(pair)
        )


def reached(world: World) -> Reached | None:
    """Return who reaches whom in ``world``; None where it is too large to count."""
    if len(network_of(world).interfaces) > MAX_INTERFACES:
        return None
    try:
        rows = [row for row in Reachability(world).rows() if not row.one_way and not row.unknown]
    except ReachError:
        return None
    return Reached({(row.source, row.target, row.protocol): _spans(row.ports) for row in rows})


def _spans(ports: str) -> _Spans:
    if not ports:
        return ((0, 0),)
    found = []
    for part in ports.split(","):
        low, _, high = part.partition("-")
        found.append((int(low), int(high or low)))
    return tuple(found)


def _size(spans: _Spans) -> int:
    return sum(high - low + 1 for low, high in spans)


def _common(spans: _Spans, others: _Spans) -> int:
    return sum(
        max(0, min(high, other_high) - max(low, other_low) + 1)
        for low, high in spans
        for other_low, other_high in others
    )
