"""What the README shows is what the program prints."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Ran

Run = Callable[..., Ran]
README = Path(__file__).parents[2] / "README.md"
SHOWN = re.compile(r"^    archtui ((?:trace|fail|resilience) [^\n]*)\n\n```text\n(.*?)```", re.MULTILINE | re.DOTALL)


def test_the_output_in_the_readme_is_real(archtui: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(README.parent)
    found = SHOWN.findall(README.read_text(encoding="utf-8"))
    assert found
    for words, output in found:
        ran = archtui(*shlex.split(words))
        lines = iter(ran.out.splitlines())
        for line in output.splitlines():
            if line != "...":
                assert line in lines, f"{line!r} is not printed, or not there"
