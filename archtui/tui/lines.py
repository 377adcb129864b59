"""The first and the last line of the screen: where the design stands, and what can be done now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.text import Text

from archtui.tui.keymap import shown

if TYPE_CHECKING:
    from archtui.tui.command import Command
    from archtui.tui.keymap import Keymap
    from archtui.tui.main import MainScreen

_SHORTEST_TITLE = 8
"""The columns a title keeps, whatever else is on its line."""
_WAY_ON = "help"
"""Shown last where not all keys have room: it leads to every other key."""


def top_line(main: MainScreen) -> Text:
    """Return title, file, findings, journeys and mode; where room is short, the title gives way."""
    name = Text(no_wrap=True).append(" archtui ", "bold reverse")
    if not main.workspace.ready:
        return name.append("  loading ...", "dim")
    status = Text(no_wrap=True, overflow="ellipsis")
    report = main.workspace.report
    if report is not None:
        counts = report.summary
        bad = sum(not journey.holds for journey in report.journeys)
        status.append(f"   ✗ {counts.error}", "bold red" if counts.error else "dim")
        status.append(f"  ! {counts.warning}", "yellow" if counts.warning else "dim")
        word = f"{bad} of {len(report.journeys)} journeys fail" if bad else f"{len(report.journeys)} journeys hold"
        status.append(f"  {word if report.journeys else 'no journeys'}", "bold red" if bad else "green")
    for word in (main.mode_name, "REC" if main.recording else "", main.context.upper()):
        if word:
            status.append("  ").append(f" {word} ", "reverse")
    file = Text(f"  {main.workspace.name()}" + (" *" if main.workspace.dirty else ""), "dim")
    room = main.size.width - name.cell_len - file.cell_len - status.cell_len
    title = Text(f"  {main.workspace.blueprint.title}", "bold")
    if title.cell_len > room:
        title.truncate(max(room, _SHORTEST_TITLE), overflow="ellipsis")
    return Text.assemble(name, title, file, status, no_wrap=True, overflow="ellipsis")


def key_line(main: MainScreen) -> Text:
    """Return the last message, or the keys that make sense now; after a prefix: what may follow."""
    if main.message.plain:
        return main.message
    if main.mode_hint:
        return Text(main.mode_hint, "bold")
    keymap, pending = main.keymap, main.dispatcher.pending
    if pending:
        text = Text(f"{shown(' '.join(pending))} … ", "bold reverse", no_wrap=True, overflow="ellipsis")
        for key, command in keymap.continuations(main.context, pending).items():
            text.append_text(_pair(key, command.title))
        return text
    shown_here = [c for c in keymap.commands.values() if c.footer and c.context == main.context]
    shown_here += [c for c in keymap.commands.values() if c.footer and c.context == "global"]
    found = _pairs(keymap, shown_here)
    if _width(found) > main.size.width:
        last = _pairs(keymap, [keymap.commands[_WAY_ON]])
        found = _pairs(keymap, [command for command in shown_here if command.name != _WAY_ON])
        while found and _width(found + last) > main.size.width:
            found.pop()
        found += last
    return Text.assemble(*found, no_wrap=True, overflow="ellipsis")


def _pairs(keymap: Keymap, commands: Iterable[Command]) -> list[Text]:
    """Return key and word of each command that has a key."""
    return [_pair(keymap.keys_of(c.name)[0], c.footer) for c in commands if keymap.keys_of(c.name)]


def _pair(key: str, word: str) -> Text:
    return Text.assemble((f" {shown(key)} ", "bold reverse"), f" {word} ")


def _width(pairs: list[Text]) -> int:
    """Return the columns of the pairs; the space behind the last one may fall off."""
    return sum(pair.cell_len for pair in pairs) - 1
