"""The first and the last line of the screen: where the design stands, and what can be done now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from archtui.tui.keymap import shown

if TYPE_CHECKING:
    from archtui.tui.main import MainScreen


def top_line(main: MainScreen) -> Text:
    """Return title, file, findings, journeys and mode."""
    text = Text(no_wrap=True, overflow="ellipsis").append(" archtui ", "bold reverse")
    if not main.workspace.ready:
        return text.append("  loading ...", "dim")
    text.append(f"  {main.workspace.blueprint.title}", "bold")
    text.append(f"  {main.workspace.name()}" + (" *" if main.workspace.dirty else ""), "dim")
    report = main.workspace.report
    if report is not None:
        counts = report.summary
        bad = sum(not journey.holds for journey in report.journeys)
        text.append(f"   ✗ {counts.error}", "bold red" if counts.error else "dim")
        text.append(f"  ! {counts.warning}", "yellow" if counts.warning else "dim")
        word = f"{bad} of {len(report.journeys)} journeys fail" if bad else f"{len(report.journeys)} journeys hold"
        text.append(f"  {word if report.journeys else 'no journeys'}", "bold red" if bad else "green")
    for word in (main.mode_name, "REC" if main.recording else "", main.context.upper()):
        if word:
            text.append("  ").append(f" {word} ", "reverse")
    return text


def key_line(main: MainScreen) -> Text:
    """Return the last message, or the keys that make sense now; after a prefix: what may follow."""
    if main.message.plain:
        return main.message
    if main.mode_hint:
        return Text(main.mode_hint, "bold")
    keymap, pending = main.keymap, main.dispatcher.pending
    text = Text(no_wrap=True, overflow="ellipsis")
    if pending:
        text.append(f"{shown(' '.join(pending))} … ", "bold reverse")
        pairs = [(key, command.title) for key, command in keymap.continuations(main.context, pending).items()]
    else:
        shown_here = [c for c in keymap.commands.values() if c.footer and c.context == main.context]
        shown_here += [c for c in keymap.commands.values() if c.footer and c.context == "global"]
        pairs = [(keymap.keys_of(c.name)[0], c.footer) for c in shown_here if keymap.keys_of(c.name)]
    for key, word in pairs:
        text.append(f" {shown(key)} ", "bold reverse").append(f" {word}  ")
    return text
