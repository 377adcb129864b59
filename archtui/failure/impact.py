"""Who is lost when what fails: every single and every double failure at once.

A scenario is one bit of an integer, so one pass over the design answers for all scenarios together.
A node works as long as it has not failed itself and, of each group it needs, enough members work:
``Need(1, (a, b))`` is "a or b", ``Need(2, (a, b))`` "both", ``Need(2, (a, b, c))`` "two of three".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """Of ``members`` (nodes by number) at least ``count`` have to work."""

    count: int
    members: tuple[int, ...]


@dataclass(frozen=True)
class Dependencies:
    """What each node needs, by number; circles are allowed."""

    needs: tuple[tuple[Need, ...], ...]
    users: tuple[tuple[int, ...], ...]
    """For each node those that need it."""
    order: tuple[int, ...]
    """Every node, as far as circles allow after what it needs."""

    @classmethod
    def of(cls, needs: Sequence[Sequence[Need]]) -> Dependencies:
        """Return the dependencies with what is looked up in them."""
        users: list[dict[int, None]] = [{} for _ in needs]
        for node, groups in enumerate(needs):
            for need in groups:
                for member in need.members:
                    users[member][node] = None
        found = tuple(tuple(each) for each in users)
        return cls(tuple(tuple(groups) for groups in needs), found, _order(found))


def _order(users: Sequence[Sequence[int]]) -> tuple[int, ...]:
    seen = bytearray(len(users))
    done: list[int] = []
    for start in range(len(users)):
        stack = [] if seen[start] else [(start, 0)]
        seen[start] = 1
        while stack:
            node, position = stack.pop()
            if position < len(users[node]):
                stack.append((node, position + 1))
                after = users[node][position]
                if not seen[after]:
                    seen[after] = 1
                    stack.append((after, 0))
            else:
                done.append(node)
    return tuple(reversed(done))


def lost_in(dependencies: Dependencies, failed: Mapping[int, int]) -> list[int]:
    """Return for each node the scenarios in which it is lost; ``failed`` says in which it fails by itself.

    Failures spread until nothing more is lost: nodes that keep each other up stay up until one is lost.
    """
    lost = [0] * len(dependencies.needs)
    for node, scenarios in failed.items():
        lost[node] = scenarios
    waiting = bytearray(len(lost))
    for node in failed:
        for user in dependencies.users[node]:
            waiting[user] = 1
    again = any(waiting)
    while again:
        again = False
        for node in dependencies.order:
            if not waiting[node]:
                continue
            waiting[node] = 0
            found = lost[node]
            for need in dependencies.needs[node]:
                found |= _missed(need, lost)
            if found != lost[node]:
                lost[node] = found
                for user in dependencies.users[node]:
                    waiting[user] = 1
                again = True
    return lost


def _missed(need: Need, lost: Sequence[int]) -> int:
    """Return the scenarios in which too few members work."""
    spare = len(need.members) - need.count
    if spare == 0:
        result = 0
        for member in need.members:
            result |= lost[member]
        return result
    # rows[k]: where more than k members are lost so far.
    rows = [0] * (spare + 1)
    for member in need.members:
        gone = lost[member]
        if gone:
            for k in range(spare, 0, -1):
                rows[k] |= rows[k - 1] & gone
            rows[0] |= gone
    return rows[spare]


def single_failures(dependencies: Dependencies) -> list[int]:
    """Return for each node the nodes whose failure alone loses it, as bits: all single failures at once."""
    return lost_in(dependencies, {node: 1 << node for node in range(len(dependencies.needs))})


def blast_radius(singles: Sequence[int]) -> list[int]:
    """Return for each node how many nodes its failure loses, itself among them."""
    counts = [0] * len(singles)
    for losing in singles:
        while losing:
            lowest = losing & -losing
            counts[lowest.bit_length() - 1] += 1
            losing ^= lowest
    return counts


def double_failures(dependencies: Dependencies) -> Iterator[tuple[int, list[int]]]:
    """Yield each node with, for every node, the second failures that lose it together with the first, as bits."""
    size = len(dependencies.needs)
    every = (1 << size) - 1
    for first in range(size):
        failed = {node: 1 << node for node in range(size)}
        failed[first] = every
        yield first, lost_in(dependencies, failed)
