"""What several commands have in common: opening their input, the choice of a format."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from archtui.cli.output import note

if TYPE_CHECKING:
    from archtui.formats.opening import Opened

F = TypeVar("F", bound=Callable[..., object])


def format_option(*names: str) -> Callable[[F], F]:
    """Return the option ``--format`` with the choice of ``names``; the first is the default."""
    return click.option(
        "--format", "form", type=click.Choice(names), default=names[0], show_default=True, help="How to print."
    )


def refuse_existing(path: str, force: bool) -> None:
    """Raise :class:`SaveError` where writing ``path`` would replace something and nobody said it may."""
    from archtui.formats.files import SaveError, is_stream

    if os.path.lexists(path) and not is_stream(path) and not force:
        raise SaveError(f"{path}: exists already; choose another name or add --force")


def open_input(path: str) -> Opened:
    """Open a blueprint or anything that can be imported; what could not be used is noted on standard error."""
    from archtui.formats.opening import open_any
    from archtui.services import registry

    opened = open_any(path, registry())
    for text in opened.file.notes:
        note(text)
    if opened.unsupported:
        note(f"{path}: {len(opened.unsupported)} resources are not used; 'archtui import' lists them")
    return opened
