"""One folder per service family: all that is known of it.

A family's package defines ``KINDS``, a tuple of :class:`archtui.model.kinds.Kind`; its rules stand
in its ``rules`` subpackage. Adding a service is adding a folder: nothing else lists them.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from archtui.model.kinds import Kind, Registry

if TYPE_CHECKING:
    from archtui.check.rule import Rule


def families() -> tuple[str, ...]:
    """Return the names of the service folders, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg))


@cache
def registry() -> Registry:
    """Return the registry of every kind of every family."""
    kinds: list[Kind] = []
    for family in families():
        kinds.extend(importlib.import_module(f"{__name__}.{family}").KINDS)
    return Registry.of(kinds)


@cache
def rules() -> tuple[Rule, ...]:
    """Return one instance of every rule of every family, in order of their ids.

    A rule is a concrete subclass of :class:`archtui.check.rule.Rule` with an id in a module of a
    family's ``rules`` package; a class without one is a base that several rules share.
    """
    found: dict[str, Rule] = {}
    for family in families():
        package = f"{__name__}.{family}.rules"
        if importlib.util.find_spec(package) is None:
            continue
        paths = importlib.import_module(package).__path__
        for module in pkgutil.iter_modules(paths):
            for rule in _rules_in(importlib.import_module(f"{package}.{module.name}")):
                if rule.id in found:
                    raise ValueError(f"two rules have the id {rule.id}")
                found[rule.id] = rule
    return tuple(found[name] for name in sorted(found))


def _rules_in(module: ModuleType) -> Iterator[Rule]:
    from archtui.check.rule import Rule

    for value in vars(module).values():
        own = inspect.isclass(value) and value.__module__ == module.__name__
        if own and issubclass(value, Rule) and not inspect.isabstract(value) and hasattr(value, "id"):
            yield value()
