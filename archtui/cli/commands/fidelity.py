"""``archtui fidelity``: what is modelled and how it is proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archtui.cli.options import format_option
from archtui.cli.output import show, show_json, table

if TYPE_CHECKING:
    from archtui.formats.fidelity import Fidelity


@click.command("fidelity")
@format_option("text", "markdown", "json")
def command(form: str) -> int:
    """List the behaviours of AWS that are modelled, with the tests that prove them, and what is left out."""
    from archtui.facts import service_rows
    from archtui.formats.fidelity import fidelity
    from archtui.formats.fidelity_page import fidelity_markdown
    from archtui.services import registry, rules

    found = fidelity(registry(), service_rows(registry(), rules()))
    if form == "json":
        show_json(found.to_json())
    elif form == "markdown":
        show(fidelity_markdown(found))
    else:
        show(_text(found))
    return 0


def _text(found: Fidelity) -> str:
    from archtui.formats.fidelity_page import summary

    parts = []
    for area in found.areas:
        rows = [(str(p.cases), p.behaviour, p.source) for p in found.behaviours if p.area == area]
        parts.append(f"{area}\n{table(('cases', 'behaviour', 'source'), rows)}")
    left = [(entry.area, entry.behaviour, entry.reason) for entry in found.left_out]
    parts.append(f"Not modelled\n{table(('area', 'behaviour', 'why'), left)}")
    codes = [(row.code, row.status, str(row.cases or ""), row.reason) for row in found.codes]
    parts.append(f"Reason codes of AWS\n{table(('code', 'status', 'cases', 'why not'), codes)}")
    cells = [(row.id, *row.marks(), row.name) for row in found.services]
    header = ("service", "placed", "traced", "checked", "fails", "imported", "name")
    parts.append(f"Services\n{table(header, cells)}")
    parts.append(summary(found))
    return "\n".join(parts)
