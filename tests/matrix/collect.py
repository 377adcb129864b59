"""Gathers the rows and the cases of all ``cases_*.py`` beside it.

Such a module has ``ROWS``, the rows it answers for by area (from the code's own enumerations where there are any),
and ``CASES``. Several modules may add to one area.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.matrix.case import Area, MatrixCase


def rows() -> dict[Area, set[str]]:
    """Return the rows of each area."""
    found: dict[Area, set[str]] = {}
    for module in _modules():
        own: dict[Area, tuple[str, ...]] = module.ROWS  # type: ignore[attr-defined]
        for area, names in own.items():
            found.setdefault(area, set()).update(names)
    return found


def cases() -> tuple[MatrixCase, ...]:
    """Return all cases."""
    found: list[MatrixCase] = []
    for module in _modules():
        found.extend(module.CASES)  # type: ignore[attr-defined]
    return tuple(found)


def _modules() -> Iterator[object]:
    for path in sorted(Path(__file__).parent.glob("cases_*.py")):
        yield import_module(f"tests.matrix.{path.stem}")
