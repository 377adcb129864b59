"""What can be wrong with an input, said so that the user can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class ArchtuiError(Exception):
    """Base of every error archtui raises on purpose; its text is one line for the user."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; line and column count from 1, 0 means "the file as a whole"."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    ``path`` is the place in the document (``("components", "web", "subnet")``), ``location``
    the place in the file where the format knows it.
    """

    what: str
    remedy: str = ""
    path: tuple[str | int, ...] = ()
    location: Location | None = None
    on_key: bool = False
    """Whether it is the key at ``path`` that is wrong, not its value."""

    def __str__(self) -> str:
        text = f"{self.what}; {self.remedy}" if self.remedy else self.what
        where = str(self.location) if self.location else ".".join(str(part) for part in self.path)
        return f"{where}: {text}" if where else text


class InputError(ArchtuiError):
    """An input was refused; ``problems`` holds every reason, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EditError(ArchtuiError):
    """An edit does not fit the document it is applied to."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` for the nearest known word, or an empty string."""
    near = difflib.get_close_matches(word, sorted(known), n=5, cutoff=0.6)
    if not near:
        return ""

    def distance(other: str) -> tuple[bool, float, str]:
        return sorted(other) != sorted(word), -difflib.SequenceMatcher(None, other, word).ratio(), other

    return f"did you mean {min(near, key=distance)!r}?"


def one_of(known: Sequence[str], limit: int = 8) -> str:
    """Return ``use one of a, b, c`` for a message, shortened to ``limit`` words."""
    shown = ", ".join(known[:limit])
    return f"use one of {shown}{', ...' if len(known) > limit else ''}"
