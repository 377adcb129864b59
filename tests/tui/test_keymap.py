"""Keys: no conflicts, sequences, prefixes, remapping, and every command described."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtui.tui.command import CONTEXTS
from archtui.tui.commands import ALL
from archtui.tui.help import key_sheet
from archtui.tui.keymap import Dispatcher, Keymap, KeymapError, shown

KEYMAP = Keymap.of(ALL)


def test_every_context_has_its_keys_without_conflict() -> None:
    for context in CONTEXTS:
        assert KEYMAP.in_context(context)


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.name)
def test_every_command_says_what_it_does(command: object) -> None:
    assert command.title  # type: ignore[attr-defined]
    assert len(command.help()) > len(command.title) // 2  # type: ignore[attr-defined]


def test_no_command_needs_a_chord() -> None:
    for command in ALL:
        keys = KEYMAP.keys_of(command.name)
        chords = [key for key in keys if "ctrl+" in key or "alt+" in key]
        if command.name != "quit-now":
            assert len(chords) < len(keys) or not keys, command.name


def test_keys_that_terminals_cannot_tell_apart_are_not_bound() -> None:
    same_as_another = {"ctrl+i", "ctrl+m", "ctrl+["}
    bound = {key for context in CONTEXTS for keys in KEYMAP.in_context(context) for key in keys}
    assert not bound & same_as_another


def test_a_sequence_waits_for_its_second_key() -> None:
    dispatcher = Dispatcher(KEYMAP)
    assert dispatcher.feed("canvas", "g") is None
    assert dispatcher.pending == ("g",)
    command = dispatcher.feed("canvas", "d")
    assert command is not None
    assert command.name == "go-to-reference"
    assert dispatcher.pending == ()


def test_escape_ends_a_sequence_and_does_nothing_else() -> None:
    dispatcher = Dispatcher(KEYMAP)
    dispatcher.feed("canvas", "z")
    assert dispatcher.feed("canvas", "escape") is None
    assert dispatcher.pending == ()


def test_an_unknown_second_key_ends_the_sequence() -> None:
    dispatcher = Dispatcher(KEYMAP)
    dispatcher.feed("canvas", "g")
    assert dispatcher.feed("canvas", "!") is None
    assert dispatcher.pending == ()


def test_the_same_key_does_different_things_in_different_places() -> None:
    dispatcher = Dispatcher(KEYMAP)
    on_canvas, in_trace = dispatcher.feed("canvas", "l"), dispatcher.feed("trace", "l")
    assert on_canvas is not None
    assert in_trace is not None
    assert (on_canvas.name, in_trace.name) == ("right", "step")


def test_remapping_moves_a_command_to_other_keys() -> None:
    keymap = Keymap.of(ALL, {"left": ("n",), "next-found": ("h",)})
    command = Dispatcher(keymap).feed("canvas", "n")
    assert command is not None
    assert command.name == "left"


def test_a_command_may_lose_its_key() -> None:
    assert Keymap.of(ALL, {"delete": ()}).keys_of("delete") == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"delete": ("a",)}, "wanted by"),
        ({"delete": ("g",)}, "hides"),
        ({"delet": ("d",)}, "no command"),
    ],
)
def test_a_wrong_remapping_is_refused_with_the_reason(changes: dict[str, tuple[str, ...]], words: str) -> None:
    with pytest.raises(KeymapError, match=words):
        Keymap.of(ALL, changes)


def test_keys_are_shown_as_people_read_them() -> None:
    assert [shown(keys) for keys in ("g d", "ctrl+r", "left", "question")] == ["g d", "Ctrl+R", "←", "question"]


def test_the_key_sheet_names_every_command() -> None:
    sheet = key_sheet(KEYMAP)
    assert all(f"| {command.name} |" in sheet for command in ALL)


def test_the_page_of_the_keys_is_current() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "keys.md"
    assert page.read_text(encoding="utf-8") == key_sheet(KEYMAP), "run .ci/docs"
