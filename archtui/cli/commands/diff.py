"""``archtui diff``: what changed in what a design does."""

from __future__ import annotations

import click

from archtui.cli.options import format_option, open_input
from archtui.cli.output import show, show_json


@click.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@format_option("text", "json")
def command(before: str, after: str, form: str) -> int:
    """Say what design B does that A did not, and the other way round.

    Components, who reaches whom on which ports, findings and journeys. The exit status is 0 whether there is a
    difference or not: a difference is no "no".
    """
    from archtui.diff import compare, render
    from archtui.services import rules
    from archtui.world.compiler import compile_world

    if before == after == "-":
        raise click.UsageError("standard input cannot be both designs; save one of them")
    worlds = [compile_world(open_input(path).file.blueprint) for path in (before, after)]
    found = compare(worlds[0], worlds[1], rules())
    if form == "json":
        show_json(found.to_json())
    else:
        show(render(found))
    return 0
