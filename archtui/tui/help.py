"""Help and key sheet, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group
from rich.table import Table
from rich.text import Text

from archtui.tui.command import CONTEXTS, Command, Context
from archtui.tui.keymap import Keymap, shown

WHERE: dict[Context, str] = {
    "global": "everywhere",
    "canvas": "on the canvas",
    "inspector": "in the inspector",
    "trace": "in a trace",
    "problems": "in the problems",
    "failures": "in the failures",
}


def help_page(keymap: Keymap, context: Context) -> Group:
    """Return the help for one place: its own keys first, then those that work everywhere."""
    parts: list[Text | Table] = []
    for place in dict.fromkeys((context, "global")):
        commands = [command for command in keymap.commands.values() if command.context == place]
        parts += [Text(WHERE[place].capitalize(), "bold underline"), _table(keymap, commands), Text()]
    return Group(*parts)


def _table(keymap: Keymap, commands: Iterable[Command]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1), expand=True)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(ratio=1)
    group = ""
    for command in commands:
        if command.group != group:
            group = command.group
            table.add_row("", Text(group, "bold cyan"))
        keys = "  ".join(shown(keys) for keys in keymap.keys_of(command.name)) or f":{command.name}"
        table.add_row(keys, Text(command.title, "bold").append(f"  {command.help()}", "dim"))
    return table


def key_sheet(keymap: Keymap) -> str:
    """Return every key as a Markdown page."""
    lines = [
        "# Keys",
        "",
        "Made from the program's own commands by `archtui keys`. No action needs a chord or a mouse; every one",
        "has a name in the command palette (`:`). Keys are remapped in the settings file by these names.",
    ]
    for context in CONTEXTS:
        commands = [command for command in keymap.commands.values() if command.context == context]
        lines += [
            "",
            f"## {WHERE[context].capitalize()}",
            "",
            "| key | command | name | what it does |",
            "|---|---|---|---|",
        ]
        for command in commands:
            keys = ", ".join(f"`{shown(keys)}`" for keys in keymap.keys_of(command.name)) or "–"
            keys = keys.replace("|", "\\|")
            lines.append(f"| {keys} | {command.title} | {command.name} | {command.help()} |")
    return "\n".join(lines) + "\n"
