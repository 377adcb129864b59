"""``archtui keys``: the key sheet, made from the program's own commands."""

from __future__ import annotations

import click

from archtui.cli.options import format_option
from archtui.cli.output import show, show_json


@click.command("keys")
@format_option("text", "json")
def command(form: str) -> int:
    """Print every key of the terminal interface and what it does, as Markdown."""
    from archtui.tui.commands import ALL
    from archtui.tui.help import key_sheet
    from archtui.tui.keymap import Keymap
    from archtui.tui.settings import load_settings

    keymap = Keymap.of(ALL, load_settings().keys)
    if form == "json":
        show_json(
            [
                {
                    "id": command.name,
                    "title": command.title,
                    "context": command.context,
                    "keys": [*keymap.keys_of(command.name)],
                    "help": command.help(),
                }
                for command in ALL
            ]
        )
    else:
        show(key_sheet(keymap).rstrip("\n"))
    return 0
