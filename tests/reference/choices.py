"""Every choice that AWS or a client may make, tried one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Option = TypeVar("Option")


class Choices:
    """Hands out one option of each question, as a script says; the first where the script ends."""

    def __init__(self, script: Sequence[int]) -> None:
        self.script = list(script)
        self.asked: list[int] = []
        """How many options each question had."""

    def pick(self, options: Sequence[Option]) -> Option:
        """Return the option of this run."""
        position = len(self.asked)
        self.asked.append(len(options))
        return options[self.script[position] if position < len(self.script) else 0]


def every_run(play: Callable[[Choices], bool]) -> Iterator[bool]:
    """Yield the outcome of ``play`` under every combination of choices."""
    script: list[int] = []
    while True:
        choices = Choices(script)
        yield play(choices)
        script = (script + [0] * len(choices.asked))[: len(choices.asked)]
        while script and script[-1] + 1 == choices.asked[len(script) - 1]:
            script.pop()
        if not script:
            return
        script[-1] += 1
