"""The expressions that give an Open-PSA basic event its probability, at the mission's end.

Open-PSA Model Exchange Format 2.0d, "Stochastic expressions". Of a distribution its mean counts: the
figures are point estimates.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from functools import reduce

from archtui.formats.openpsa.xml import Element, refused

HOURS = 1.0
"""The mission time where the file gives none."""


def _exponential(rate: float, time: float) -> float:
    return -math.expm1(-rate * time)


def _glm(gamma: float, rate: float, repair: float, time: float) -> float:
    total = rate + repair
    return (rate - (rate - gamma * total) * math.exp(-total * time)) / total


def _weibull(scale: float, shape: float, start: float, time: float) -> float:
    return -math.expm1(-(((time - start) / scale) ** shape)) if time > start else 0.0


def _periodic(rate: float, every: float, first: float, time: float) -> float:
    """Return the unavailability of what is tested, and mended at once, ``first`` and then ``every`` so often."""
    since = time if time <= first else math.fmod(time - first, every) or every
    return _exponential(rate, since)


def _mean(*values: float) -> float:
    return math.fsum(values) / len(values)


def _first(*values: float) -> float:
    return values[0]


_MANY = 1 << 30
Arity = tuple[int, int]
_FUNCTIONS: Mapping[str, tuple[Arity, Callable[..., float]]] = {
    "neg": ((1, 1), operator.neg),
    "add": ((1, _MANY), lambda *values: math.fsum(values)),
    "sub": ((1, _MANY), lambda *values: reduce(operator.sub, values)),
    "mul": ((1, _MANY), lambda *values: math.prod(values)),
    "div": ((2, _MANY), lambda *values: reduce(operator.truediv, values)),
    "pow": ((2, 2), math.pow),
    "exp": ((1, 1), math.exp),
    "log": ((1, 1), math.log),
    "log10": ((1, 1), math.log10),
    "sqrt": ((1, 1), math.sqrt),
    "abs": ((1, 1), math.fabs),
    "ceil": ((1, 1), lambda value: float(math.ceil(value))),
    "floor": ((1, 1), lambda value: float(math.floor(value))),
    "mod": ((2, 2), math.fmod),
    "min": ((1, _MANY), min),
    "max": ((1, _MANY), max),
    "mean": ((1, _MANY), _mean),
    "exponential": ((2, 2), _exponential),
    "GLM": ((4, 4), _glm),
    "Weibull": ((4, 4), _weibull),
    "periodic-test": ((4, 4), _periodic),
    # Distributions: their means.
    "uniform-deviate": ((2, 2), _mean),
    "normal-deviate": ((2, 2), _first),
    "lognormal-deviate": ((3, 3), _first),
    "gamma-deviate": ((2, 2), operator.mul),
    "beta-deviate": ((2, 2), lambda alpha, beta: alpha / (alpha + beta)),
}


class Expressions:
    """The parameters of a model, and the values of expressions over them."""

    def __init__(self, parameters: Mapping[str, Element]) -> None:
        self.parameters = parameters
        self.mission_time = HOURS
        self._known: dict[str, float] = {}
        self._open: list[str] = []

    def value(self, element: Element) -> float:
        """Return the value of an expression; raises :class:`InputError` where it has none."""
        tag = element.tag
        if tag in ("float", "int"):
            return _number(element)
        if tag == "bool":
            return float(element.attributes.get("value", "").strip().lower() == "true")
        if tag == "pi":
            return math.pi
        if tag in ("system-mission-time", "mission-time"):
            return self.mission_time
        if tag == "parameter":
            return self._parameter(element)
        if tag not in _FUNCTIONS:
            remedy = "use float, parameter, exponential, or " + ", ".join(sorted(_FUNCTIONS)[:6]) + " ..."
            raise refused(element.location, f"the expression '{tag}' is not supported", remedy)
        (least, most), function = _FUNCTIONS[tag]
        parts = element.formulae
        if not least <= len(parts) <= most:
            wanted = f"{least} or more" if most == _MANY else str(least)
            raise refused(element.location, f"'{tag}' takes {wanted} arguments, not {len(parts)}", "correct them")
        values = [self.value(part) for part in parts]
        try:
            return float(function(*values))
        except (ArithmeticError, ValueError) as error:
            given = ", ".join(f"{value:g}" for value in values)
            raise refused(element.location, f"'{tag}' has no value for {given}", "correct the arguments") from error

    def _parameter(self, element: Element) -> float:
        name = element.attributes.get("name", "")
        if name in self._known:
            return self._known[name]
        if name in self._open:
            circle = " > ".join([*self._open[self._open.index(name) :], name])
            raise refused(element.location, f"the parameters go in a circle: {circle}", "break it at one of them")
        definition = self.parameters.get(name)
        if definition is None:
            raise refused(element.location, f"parameter {name!r} is not defined", "define it or correct the name")
        parts = definition.formulae
        if len(parts) != 1:
            raise refused(definition.location, f"parameter {name!r} has no one value", "give it one expression")
        self._open.append(name)
        self._known[name] = self.value(parts[0])
        self._open.pop()
        return self._known[name]


def _number(element: Element) -> float:
    text = element.attributes.get("value", "")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise refused(element.location, f"{text!r} is no number", "give value a figure like 1.5e-3")
    return value
