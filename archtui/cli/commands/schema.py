"""``archtui schema``: the JSON Schema of blueprint files."""

from __future__ import annotations

import click

from archtui.cli.output import show_json


@click.command("schema")
def command() -> int:
    """Print the JSON Schema of blueprint files, with which editors complete and check them."""
    from archtui.formats.schema import blueprint_schema
    from archtui.services import registry

    show_json(blueprint_schema(registry()))
    return 0
