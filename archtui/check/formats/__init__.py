"""The reports of one or several files as text, JSON, SARIF, JUnit XML or GitHub annotations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from archtui.check.formats import github, json, junit, sarif, text
from archtui.check.formats.checked import Checked
from archtui.check.rule import Rule

Render: TypeAlias = Callable[[Sequence[Checked], Sequence[Rule]], str]

FORMATS: Mapping[str, Render] = {
    "text": text.render,
    "json": json.render,
    "sarif": sarif.render,
    "junit": junit.render,
    "github": github.render,
}
"""Every format by its name; each takes the checked files and the rules and returns the whole output."""

__all__ = ["FORMATS", "Checked", "Render"]
