"""Whether something fits: yes, no, or not to be said for want of something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fit:
    """An answer in three values; None: it depends on what is ``missing``."""

    value: bool | None
    why: str = ""
    """Why it does not fit, as a phrase."""
    missing: tuple[str, ...] = ()

    @property
    def negated(self) -> Fit:
        """The opposite; what is not known stays so."""
        return Fit(None if self.value is None else not self.value, self.why, self.missing)


YES = Fit(True)


def no(why: str) -> Fit:
    """Return a no with its reason."""
    return Fit(False, why)


def unknown(missing: str) -> Fit:
    """Return that it cannot be said without ``missing``."""
    return Fit(None, missing=(missing,))


def all_of(fits: Iterable[Fit]) -> Fit:
    """Return no before unknown before yes."""
    found = tuple(fits)
    for fit in found:
        if fit.value is False:
            return fit
    missing = tuple(dict.fromkeys(text for fit in found if fit.value is None for text in fit.missing))
    return Fit(None, missing=missing) if any(fit.value is None for fit in found) else YES


def any_of(fits: Iterable[Fit], why: str = "") -> Fit:
    """Return yes before unknown before no."""
    found = tuple(fits)
    if any(fit.value for fit in found):
        return YES
    missing = tuple(dict.fromkeys(text for fit in found if fit.value is None for text in fit.missing))
    if any(fit.value is None for fit in found):
        return Fit(None, missing=missing)
    return Fit(False, why or (found[0].why if found else ""))
