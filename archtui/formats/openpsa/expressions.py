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

HOURS = 8760.0
"""The mission time unless told: a year, as other engines take it; the format has no place for it."""


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


def _tested(rate: float, repair: float, every: float, first: float, time: float) -> float:
    """Return the unavailability of what is tested so often, and when found failed is repaired at a rate.

    It works, is failed without anybody knowing, or is being repaired; between two tests that is a Markov chain.
    """
    working, repairing, now = 1.0, 0.0, 0.0
    while True:
        until = min(time, first if now < first else now + every)
        step = until - now
        stays, goes_on = math.exp(-rate * step), math.exp(-repair * step)
        mended = step * stays if math.isclose(repair, rate) else (stays - goes_on) / (repair - rate)
        working = working * stays + repair * repairing * mended
        if until >= time:
            return 1.0 - working
        now, repairing = until, 1.0 - working


def _test(*values: float) -> float:
    return _periodic(*values) if len(values) == 4 else _tested(*values)


def _lognormal(*values: float) -> float:
    """Return the mean, which is given with an error factor and a level, or follows from mu and sigma."""
    return values[0] if len(values) == 3 else math.exp(values[0] + values[1] ** 2 / 2)


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
    "sin": ((1, 1), math.sin),
    "cos": ((1, 1), math.cos),
    "tan": ((1, 1), math.tan),
    "asin": ((1, 1), math.asin),
    "acos": ((1, 1), math.acos),
    "atan": ((1, 1), math.atan),
    "sinh": ((1, 1), math.sinh),
    "cosh": ((1, 1), math.cosh),
    "tanh": ((1, 1), math.tanh),
    "eq": ((2, 2), operator.eq),
    "df": ((2, 2), operator.ne),
    "lt": ((2, 2), operator.lt),
    "gt": ((2, 2), operator.gt),
    "leq": ((2, 2), operator.le),
    "geq": ((2, 2), operator.ge),
    "and": ((1, _MANY), lambda *values: all(values)),
    "or": ((1, _MANY), lambda *values: any(values)),
    "not": ((1, 1), operator.not_),
    "ite": ((3, 3), lambda test, then, other: then if test else other),
    "min": ((1, _MANY), min),
    "max": ((1, _MANY), max),
    "mean": ((1, _MANY), _mean),
    "exponential": ((2, 2), _exponential),
    "GLM": ((4, 4), _glm),
    "Weibull": ((4, 4), _weibull),
    "periodic-test": ((4, 5), _test),
    # Distributions: their means.
    "uniform-deviate": ((2, 2), _mean),
    "normal-deviate": ((2, 2), _first),
    "lognormal-deviate": ((2, 3), _lognormal),
    "gamma-deviate": ((2, 2), operator.mul),
    "beta-deviate": ((2, 2), lambda alpha, beta: alpha / (alpha + beta)),
}


class Expressions:
    """The parameters of a model, and the values of expressions over them."""

    def __init__(self, parameters: Mapping[str, Element], mission_time: float | None = None) -> None:
        self.parameters = parameters
        self.mission_time = HOURS if mission_time is None else mission_time
        self.assumed_time = False
        """Whether a value hangs on the mission time although none was given."""
        self._given = mission_time is not None
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
            self.assumed_time |= not self._given
            return self.mission_time
        if tag == "parameter":
            return self._parameter(element)
        if tag == "histogram":
            return self._histogram(element)
        if tag not in _FUNCTIONS:
            remedy = "use float, parameter, exponential, or " + ", ".join(sorted(_FUNCTIONS)[:6]) + " ..."
            raise refused(element.location, f"the expression '{tag}' is not supported", remedy)
        (least, most), function = _FUNCTIONS[tag]
        parts = element.formulae
        if not least <= len(parts) <= most:
            wanted = str(least) if least == most else f"{least} {'or more' if most == _MANY else f'to {most}'}"
            raise refused(element.location, f"'{tag}' takes {wanted} arguments, not {len(parts)}", "correct them")
        values = [self.value(part) for part in parts]
        try:
            return float(function(*values))
        except (ArithmeticError, ValueError) as error:
            given = ", ".join(f"{value:g}" for value in values)
            raise refused(element.location, f"'{tag}' has no value for {given}", "correct the arguments") from error

    def _histogram(self, element: Element) -> float:
        """Return the mean of a piecewise constant density: a lower bound, then bins of an upper bound and a weight."""
        parts = element.formulae
        bins = [part.formulae for part in parts[1:]]
        if len(parts) < 2 or any(part.tag != "bin" for part in parts[1:]) or any(len(each) != 2 for each in bins):
            raise refused(element.location, "'histogram' has no bins", "give a lower bound, then bins of two values")
        low, total, weighed = self.value(parts[0]), 0.0, 0.0
        for upper, weight in bins:
            high, share = self.value(upper), self.value(weight)
            total += share
            weighed += share * (low + high) / 2
            low = high
        if total <= 0.0:
            raise refused(element.location, "'histogram' weighs nothing", "give its bins weights above 0")
        return weighed / total

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
