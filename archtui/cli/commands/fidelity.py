"""``archtui fidelity``: what is modelled and how it is proved."""

from __future__ import annotations

import click

from archtui.cli.options import format_option
from archtui.cli.output import show, show_json, table


@click.command("fidelity")
@format_option("text", "json")
def command(form: str) -> int:
    """List what is modelled of each service, and what is not."""
    from archtui.facts import service_rows
    from archtui.formats.fidelity import fidelity_rows
    from archtui.services import registry, rules

    rows = fidelity_rows(registry(), service_rows(registry(), rules()))
    if form == "json":
        show_json([row.to_json() for row in rows])
    else:
        cells = [(row.id, *row.marks(), row.name) for row in rows]
        modelled = sum(row.modelled for row in rows)
        text = table(("service", "placed", "traced", "checked", "fails", "imported", "name"), cells)
        show(f"{text}\n{modelled} of {len(rows)} services can be placed in a design; the others are only explained.")
    return 0
