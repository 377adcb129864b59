"""All failures at once say what taking the nodes away one by one says."""

from __future__ import annotations

import random

import pytest

from archtui.failure.impact import Dependencies, Need, blast_radius, double_failures, lost_in, single_failures


def design(seed: int, size: int, circles: bool = True) -> Dependencies:
    """Return nodes with needs of every kind: one of, all of, k of n."""
    rng = random.Random(seed)
    needs: list[list[Need]] = []
    for node in range(size):
        pool = range(size) if circles else range(node)
        groups = []
        for _ in range(rng.randint(0, 2)):
            members = tuple(sorted(rng.sample(pool, min(len(pool), rng.randint(1, 4)))))
            if members:
                groups.append(Need(rng.randint(1, len(members)), members))
        needs.append(groups)
    return Dependencies.of(needs)


def by_hand(dependencies: Dependencies, failed: set[int]) -> set[int]:
    """Take away what cannot work until nothing changes."""
    lost = set(failed)
    while True:
        more = {
            node
            for node, groups in enumerate(dependencies.needs)
            if any(sum(m not in lost for m in need.members) < need.count for need in groups)
        } - lost
        if not more:
            return lost
        lost |= more


@pytest.mark.parametrize("seed", range(40))
def test_singles_and_doubles_equal_one_by_one(seed: int) -> None:
    dependencies = design(seed, 14, circles=seed % 2 == 0)
    singles = single_failures(dependencies)
    for failed in range(14):
        found = {node for node in range(14) if singles[node] >> failed & 1}
        assert found == by_hand(dependencies, {failed})
        assert blast_radius(singles)[failed] == len(found)
    for first, lost in double_failures(dependencies):
        for second in range(14):
            found = {node for node in range(14) if lost[node] >> second & 1}
            assert found == by_hand(dependencies, {first, second})


def test_k_of_n() -> None:
    dependencies = Dependencies.of([[], [], [], [Need(2, (0, 1, 2))]])
    assert lost_in(dependencies, {0: 0b011, 1: 0b110})[3] == 0b010
