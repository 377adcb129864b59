"""``archtui new``: start a blueprint."""

from __future__ import annotations

import os

import click

from archtui.cli.options import refuse_existing
from archtui.cli.output import note

_EMPTY = """\
{hint}
# ('archtui schema > blueprint.schema.json' puts that file beside this one; editors then complete and check.)
# 'archtui {file}' opens it, 'archtui check {file}' says what AWS would make of it.
blueprint: {title}
version: 1
region: eu-west-1

components: {{}}
"""


@click.command("new")
@click.argument("file", metavar="FILE")
@click.option("--from", "source", metavar="NAME", help="Start from this blueprint of the gallery.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
def command(file: str, source: str | None, force: bool) -> int:
    """Start the blueprint FILE ("-" prints it), empty or from a gallery blueprint."""
    from archtui.formats.files import write_atomically
    from archtui.formats.gallery import SCHEMA_HINT, gallery_text
    from archtui.formats.yaml_emit import scalar

    if source:
        text = gallery_text(source)
        if not text.startswith(SCHEMA_HINT):
            text = f"{SCHEMA_HINT}\n{text}"
    else:
        stem = os.path.splitext(os.path.basename(file))[0] if file != "-" else "design"
        title = stem.replace("-", " ").replace("_", " ").strip().capitalize() or "Design"
        text = _EMPTY.format(hint=SCHEMA_HINT, file=file if file != "-" else "FILE", title=scalar(title))
    if file == "-":
        click.echo(text, nl=False)
        return 0
    refuse_existing(file, force)
    write_atomically(file, text.encode("utf-8"))
    note(f"wrote {file}; 'archtui {file}' opens it")
    return 0
