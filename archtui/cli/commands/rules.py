"""``archtui rules``: the rules of check."""

from __future__ import annotations

import click

from archtui.cli.options import format_option
from archtui.cli.output import show, show_json, table


@click.command("rules")
@format_option("text", "json", "markdown")
def command(form: str) -> int:
    """List the rules of 'archtui check'."""
    from archtui.services import rules

    known = rules()
    if form == "json":
        show_json([rule.describe() for rule in known])
    elif form == "markdown":
        from archtui.check.docs import rules_markdown

        show(rules_markdown(known))
    else:
        show(table(("id", "severity", "class", "what"), [(r.id, r.severity, r.class_, r.title) for r in known]))
    return 0
