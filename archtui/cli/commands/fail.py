"""``archtui fail``: what a failure does to the journeys, over time."""

from __future__ import annotations

import click

from archtui.cli.options import format_option, open_input
from archtui.cli.output import show, show_json


@click.command("fail")
@click.argument("file", metavar="FILE")
@click.option(
    "--down",
    multiple=True,
    required=True,
    metavar="TARGET",
    help="What fails at second 0: ID, az:eu-west-1a, region:eu-west-1, link:A->B, service:KIND or"
    " control-plane:SERVICE; may be given again.",
)
@format_option("text", "json")
def command(file: str, down: tuple[str, ...], form: str) -> int:
    """Break something in the design FILE: each journey before, during and after, with the seconds and their sources."""
    from archtui.failure import analyse, render
    from archtui.world.compiler import compile_world

    report = analyse(compile_world(open_input(file).file.blueprint), down)
    if form == "json":
        show_json(report.to_json())
    else:
        show(render(report))
    return 0
