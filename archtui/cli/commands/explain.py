"""``archtui explain``: one rule, reason code, service or fact."""

from __future__ import annotations

import click

from archtui.cli.options import format_option
from archtui.cli.output import show, show_json


@click.command("explain")
@click.argument("word", metavar="RULE|CODE|SERVICE|FACT")
@format_option("text", "json")
def command(word: str, form: str) -> int:
    """Explain a rule (NET001), a reason code (NO_ROUTE_TO_DESTINATION), a service (alb) or a fact."""
    from archtui.formats.reference import look_up

    found = look_up(word)
    if form == "json":
        show_json([page.data for page in found])
    else:
        show("\n\n".join(page.text.rstrip("\n") for page in found))
    return 0
