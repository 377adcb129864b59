"""``archtui gallery``: the blueprints that come with archtui."""

from __future__ import annotations

import click

from archtui.cli.options import format_option
from archtui.cli.output import show, show_json, table


@click.command("gallery")
@click.argument("name", required=False, metavar="[NAME]")
@format_option("text", "json")
def command(name: str | None, form: str) -> int:
    """List the gallery, or print the blueprint NAME."""
    from archtui.formats.gallery import entries, entry, gallery_text
    from archtui.services import registry

    if name and form == "text":
        click.echo(gallery_text(name), nl=False)
        return 0
    listed = (entry(name, registry()),) if name else entries(registry())
    if form == "json":
        show_json([one.to_json() for one in listed])
    else:
        rows = [(one.name, str(len(one.journeys)), one.title) for one in listed]
        show(table(("name", "journeys", "title"), rows) + "\n'archtui new FILE --from NAME' starts from one.")
    return 0
