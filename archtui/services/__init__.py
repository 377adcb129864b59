"""One folder per service family: all that is known of it.

A family's package defines ``KINDS``, a tuple of :class:`archtui.model.kinds.Kind`; its rules stand
in its ``rules`` subpackage. Adding a service is adding a folder: nothing else lists them.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from archtui.model.kinds import Kind, Registry
from archtui.services.index import read_index

if TYPE_CHECKING:
    from archtui.check.rule import Rule


def families() -> tuple[str, ...]:
    """Return the names of the service folders, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg))


@cache
def registry() -> Registry:
    """Return the registry of every kind of every family; a family is loaded when one of its kinds is asked for.

    The index beside this module says which kinds a family has and what they implement (``python -m
    archtui.services`` writes it); where it is not of these folders, every family is loaded.
    """
    index = read_index()
    if index is None or tuple(sorted(index)) != families():
        return Registry.of(kind for family in families() for kind in kinds_of(family))
    home = {kind: family for family, kinds in index.items() for kind in kinds}
    names = {word: kind for kinds in index.values() for kind, entry in kinds.items() for word in entry["names"]}
    interfaces = {kind: frozenset(entry["interfaces"]) for kinds in index.values() for kind, entry in kinds.items()}
    return Registry(_Loading(home), names, interfaces)


def kinds_of(family: str) -> tuple[Kind, ...]:
    """Load a family and return its kinds."""
    found: tuple[Kind, ...] = importlib.import_module(f"{__name__}.{family}").KINDS
    return found


class _Loading(Mapping[str, Kind]):
    """The kinds by name; the first question for one of a family loads the family."""

    def __init__(self, home: Mapping[str, str]) -> None:
        self._home = {name: home[name] for name in sorted(home)}
        self._loaded: dict[str, Kind] = {}

    def __getitem__(self, name: str) -> Kind:
        found = self._loaded.get(name)
        if found is None:
            self._loaded.update((kind.name, kind) for kind in kinds_of(self._home[name]))
            found = self._loaded[name]
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._home

    def __iter__(self) -> Iterator[str]:
        return iter(self._home)

    def __len__(self) -> int:
        return len(self._home)


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
