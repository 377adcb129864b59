"""``archtui resilience``: how available a design is and what it hangs on; or the figures of a fault tree."""

from __future__ import annotations

import click

from archtui.cli.options import format_option
from archtui.cli.output import note, show, show_json


@click.command("resilience")
@click.argument("file", metavar="FILE")
@click.option(
    "--order", type=click.IntRange(1, 12), metavar="K", help="List every cut set of up to K events, not the likeliest."
)
@format_option("text", "json")
def command(file: str, order: int | None, form: str) -> int:
    """Solve the fault trees in FILE, an Open-PSA file: exact probability, minimal cut sets, importance."""
    from archtui.failure.faulttree import analyse_tree
    from archtui.failure.faulttree.text import render_tree
    from archtui.formats.files import read_bytes
    from archtui.formats.openpsa import read_model

    shown = "<stdin>" if file == "-" else file
    model = read_model(read_bytes(file), shown)
    for text in model.notes:
        note(text)
    reports = [analyse_tree(tree, order=order) for tree in model.trees]
    if form == "json":
        show_json({"trees": [report.to_json() for report in reports]})
    else:
        show("\n".join(render_tree(report) for report in reports))
    return 0
