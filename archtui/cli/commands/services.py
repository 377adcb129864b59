"""``archtui services``: every service, and what archtui does with it."""

from __future__ import annotations

import click

from archtui.cli.options import format_option
from archtui.cli.output import show, show_json, table


@click.command("services")
@format_option("text", "json")
@click.option("--placed", is_flag=True, help="Only those that a design can hold.")
def command(form: str, placed: bool) -> int:
    """List every service: those that can be placed in a design, and those that are only explained yet."""
    from archtui.facts import service_rows
    from archtui.services import registry, rules

    rows = [row for row in service_rows(registry(), rules()) if row["place"] or not placed]
    if form == "json":
        show_json(rows)
        return 0
    shown = [
        (
            str(row["id"]),
            "yes" if row["place"] else "",
            str(row.get("kind") or ""),
            _count(row["rules"]),
            _count(row["facts"]),
            str(row["name"]),
        )
        for row in rows
    ]
    show(table(("id", "place", "kind", "rules", "facts", "name"), shown))
    return 0


def _count(value: object) -> str:
    return str(len(value)) if isinstance(value, list) else "0"
