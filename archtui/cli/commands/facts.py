"""``archtui facts``: the fact base."""

from __future__ import annotations

import click

from archtui.cli.options import format_option
from archtui.cli.output import show, show_json


@click.command("facts")
@click.argument("words", nargs=-1, metavar="[WORD]...")
@format_option("text", "json")
def command(words: tuple[str, ...], form: str) -> int:
    """List the facts that every explanation and rule cites; WORDs narrow the list."""
    from archtui.facts import facts, search

    found = search(" ".join(words), limit=10_000) if words else tuple(facts().values())
    if form == "json":
        show_json([fact.to_json() for fact in found])
    else:
        show("\n".join(f"{fact.id}  {fact.text}" for fact in found) if found else "no fact has these words")
    return 0
