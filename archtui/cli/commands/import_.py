"""``archtui import``: a blueprint of what an account says it has."""

from __future__ import annotations

import os

import click

from archtui.cli.options import format_option, refuse_existing
from archtui.cli.output import note, show, show_json


@click.command("import")
@click.argument("source", metavar="SOURCE")
@click.option("-o", "--output", required=True, metavar="FILE", help='The blueprint to write ("-": standard output).')
@click.option(
    "--type",
    "source_type",
    type=click.Choice(["aws", "cloudformation", "terraform"]),
    help="What SOURCE is; left out: recognised from its content.",
)
@click.option("--parameter", multiple=True, metavar="K=V", help="A parameter of a CloudFormation template.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@format_option("text", "json")
def command(
    source: str, output: str, source_type: str | None, parameter: tuple[str, ...], force: bool, form: str
) -> int:
    """Read SOURCE, a folder or file of 'aws ... describe-*' JSON, into the blueprint FILE.

    What could not be used is listed with its id.
    """
    from archtui.formats.opening import import_aws, open_any
    from archtui.services import registry

    if source_type in ("cloudformation", "terraform") or parameter:
        raise click.UsageError("templates and plans cannot be imported yet; give 'aws ... describe-*' output")
    if output == "-" and form == "json":
        raise click.UsageError("the blueprint and the JSON report cannot both go to standard output; name a FILE")
    if output != "-":
        refuse_existing(output, force)
    opened = import_aws(source, registry()) if source_type == "aws" else open_any(source, registry())
    if opened.source == "blueprint":
        raise click.UsageError(f"{source} is a blueprint already; open or check it as it is")
    file = opened.file
    if output == "-":
        click.echo(file.text(), nl=False)
    else:
        file.save(output, force=True)
    count = len(file.blueprint.components)
    if form == "json":
        show_json({"components": count, "unsupported": [item.to_json() for item in opened.unsupported]})
        return 0
    lines = [f"not used: {item}" for item in opened.unsupported]
    if output == "-":
        for line in lines:
            note(line)
    else:
        show("\n".join([*lines, f"wrote {os.fspath(output)}: {count} components, {len(lines)} resources not used"]))
    return 0
