"""Suggestions for mistyped words."""

from __future__ import annotations

import pytest

from archtui.model.errors import did_you_mean


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("vcp", ["vpn", "vpc"], "vpc"),
        ("sucurity_group", ["security_group", "subnet"], "security_group"),
        ("web-l", ["web-1", "web-2"], "web-1"),
    ],
)
def test_the_nearest_word_is_suggested_and_swapped_letters_come_first(word: str, known: list[str], meant: str) -> None:
    assert did_you_mean(word, known) == f"did you mean {meant!r}?"


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    assert did_you_mean("zebra", ["vpc", "subnet"]) == ""
