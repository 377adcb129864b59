"""Which rules run: by id (``NET004``), by the start of the id (``NET``) or by class (``security``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archtui.check.rule import Rule
from archtui.model.errors import ArchtuiError, did_you_mean


class SelectionError(ArchtuiError):
    """A word that should choose rules chooses none."""


def chosen(rules: Sequence[Rule], select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """Return the rules that ``select`` names (none: all) without those that ``ignore`` names.

    Raises :class:`SelectionError` where a word names no rule.
    """
    wanted = _named(rules, select)
    unwanted = _named(rules, ignore) or set()
    return tuple(rule for rule in rules if (wanted is None or rule.id in wanted) and rule.id not in unwanted)


def _named(rules: Sequence[Rule], words: Iterable[str]) -> set[str] | None:
    found: set[str] | None = None
    for word in words:
        matching = {rule.id for rule in rules if rule.id.startswith(word.upper()) or rule.class_ == word.lower()}
        if not matching or not word:
            known = sorted({rule.id for rule in rules} | {rule.class_ for rule in rules})
            near = did_you_mean(word.upper(), known) or did_you_mean(word.lower(), known)
            raise SelectionError(f"no rule is called {word!r}; {near or 'see archtui rules'}")
        found = (found or set()) | matching
    return found
