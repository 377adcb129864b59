"""``archtui export``: a design in another tool's format."""

from __future__ import annotations

import click

from archtui.cli.options import open_input, refuse_existing
from archtui.cli.output import note


@click.command("export")
@click.argument("file", metavar="FILE")
@click.option(
    "--to",
    "target",
    type=click.Choice(["openpsa"]),
    required=True,
    help="openpsa: each journey's fault tree in the Open-PSA Model Exchange Format.",
)
@click.option("-o", "--output", required=True, metavar="OUT", help='The file to write ("-": standard output).')
@click.option("--force", is_flag=True, help="Overwrite OUT if it exists.")
def command(file: str, target: str, output: str, force: bool) -> int:  # noqa: ARG001 (the only target so far)
    """Write the design FILE in another tool's format.

    The fault trees are those that 'archtui resilience' solves, so other engines can check its figures.
    """
    from archtui.failure.availability import structure_of
    from archtui.failure.observe import Observer
    from archtui.formats.files import write_atomically
    from archtui.formats.openpsa import to_open_psa
    from archtui.world.compiler import compile_world

    if output != "-":
        refuse_existing(output, force)
    world = compile_world(open_input(file).file.blueprint)
    observer = Observer(world)
    found = [structure_of(world, journey, observer) for journey in world.blueprint.journeys]
    trees = [structure.tree for structure in found if structure is not None]
    if not trees:
        raise click.UsageError(f"{file} has no journey that gets through, so there is no fault tree to write")
    text = to_open_psa(trees, world.blueprint.title)
    if output == "-":
        click.echo(text, nl=False)
    else:
        write_atomically(output, text.encode("utf-8"))
        note(f"wrote {output}: {len(trees)} fault trees")
    return 0
