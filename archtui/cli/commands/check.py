"""``archtui check``: rules and journeys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import click

from archtui.cli.options import format_option, open_input
from archtui.cli.output import note, show

if TYPE_CHECKING:
    from archtui.check.formats import Checked
    from archtui.check.report import FailOn
    from archtui.formats.opening import Opened


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@format_option("text", "json", "sarif", "junit", "github")
@click.option("--select", multiple=True, metavar="IDS", help="Only these rules: ids, starts of ids or classes.")
@click.option("--ignore", multiple=True, metavar="IDS", help="Not these rules.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    default="error",
    show_default=True,
    help="Exit with 1 from this severity on, and where a journey does not hold.",
)
@click.option("--fix", is_flag=True, help="Make the edits that mend findings, save, and check again.")
def command(
    files: tuple[str, ...], form: str, select: tuple[str, ...], ignore: tuple[str, ...], fail_on: str, fix: bool
) -> int:
    """Run the rules and the journeys over each FILE ("-" is standard input)."""
    from archtui.check.formats import FORMATS
    from archtui.services import rules

    if fix and "-" in files:
        raise click.UsageError("--fix changes a blueprint file, and - is none; name a file")
    chosen = _words(select), _words(ignore)
    opened = [(path, open_input(path)) for path in dict.fromkeys(files)]
    checked = [_fixed(path, one, *chosen) if fix else _checked(path, one, *chosen) for path, one in opened]
    show(FORMATS[form](checked, rules()))
    return int(any(one.report.failed(cast("FailOn", fail_on)) for one in checked))


def _words(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for part in given for word in re.split(r"[\s,]+", part) if word)


def _checked(path: str, opened: Opened, select: tuple[str, ...], ignore: tuple[str, ...]) -> Checked:
    from archtui.check.formats import Checked
    from archtui.check.mending import with_journey_fixes
    from archtui.check.runner import check
    from archtui.services import rules
    from archtui.world.compiler import compile_world

    file = opened.file
    report = with_journey_fixes(check(compile_world(file.blueprint), rules(), select, ignore))
    # What was imported stands in no line of the file that was named.
    return Checked(path, report) if opened.source != "blueprint" else Checked(file.name, report, file.locate)


def _fixed(path: str, opened: Opened, select: tuple[str, ...], ignore: tuple[str, ...]) -> Checked:
    from archtui.check.fixer import apply_fixes
    from archtui.check.formats import Checked
    from archtui.check.mending import with_journey_fixes
    from archtui.services import rules
    from archtui.world.compiler import compile_world

    file = opened.file
    if opened.source != "blueprint":
        raise click.UsageError(f"--fix changes a blueprint file, and {path} is none; import it into a file first")
    fixed = apply_fixes(compile_world(file.blueprint), rules(), select, ignore)
    for done in fixed.applied:
        file.apply(done.edit)
        note(f"{path}: fixed {done.finding.rule}: {done.edit.label}")
    for left in fixed.declined:
        note(f"{path}: left {left.finding.rule} alone: {left.why}")
    if file.dirty:
        file.save()
    return Checked(file.name, with_journey_fixes(fixed.report), file.locate)
