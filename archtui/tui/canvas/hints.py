"""Jump hints: two letters on each visible node."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, product

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""The home row first."""


def hints_for(names: Sequence[str]) -> dict[str, str]:
    """Return hint -> node; at most 676, in the order given.

    The second letter runs faster, so nodes beside each other share the first one.
    """
    pairs = (a + b for a, b in product(LETTERS, repeat=2))
    return dict(zip(islice(pairs, len(names)), names, strict=False))
