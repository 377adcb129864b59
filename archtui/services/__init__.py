"""One folder per service family: all that is known of it.

A family's package defines ``KINDS``, a tuple of :class:`archtui.model.kinds.Kind`; its rules stand
in its ``rules`` subpackage. Adding a service is adding a folder: nothing else lists them.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from archtui.model.kinds import Kind, Registry


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
