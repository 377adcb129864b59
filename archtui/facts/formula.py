"""Arithmetic in the fact base: ``interval * unhealthy_threshold`` over a component's settings."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache

from archtui.model.errors import ArchtuiError

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


class FormulaError(ArchtuiError):
    """A formula of the fact base uses a setting or a sign that it may not."""


def evaluate(formula: str, settings: Mapping[str, float]) -> float:
    """Return the value of ``formula``: numbers and settings joined by ``+``, ``-`` and ``*``."""
    return _value(_parsed(formula), settings, formula)


@lru_cache(maxsize=256)
def _parsed(formula: str) -> ast.expr:
    return ast.parse(formula, mode="eval").body


def _value(node: ast.expr, settings: Mapping[str, float], formula: str) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left, settings, formula), _value(node.right, settings, formula))
    if isinstance(node, ast.Name) and node.id in settings:
        return float(settings[node.id])
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    raise FormulaError(f"the formula {formula!r} cannot be worked out; its settings are {', '.join(sorted(settings))}")
