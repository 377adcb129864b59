"""``archtui fail``: what a failure does to the journeys, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archtui.cli.options import format_option, open_input
from archtui.cli.output import note, show, show_json
from archtui.model.component import Json
from archtui.world.targets import FORMS

if TYPE_CHECKING:
    from archtui.failure.scenarios import Scenario
    from archtui.world.world import World

_FORMS = "\n".join(f"{form.written:<22} {form.about}" for form in FORMS.values())
_HELP = f"""\b
Targets, each with @START..END behind it if it does not last:
{_FORMS}

Several targets hold together; contradictions are refused. Quotas and control planes are named in the refusal of an
unknown one."""


@click.command("fail", epilog=_HELP)
@click.argument("file", metavar="FILE")
@click.option(
    "--down",
    multiple=True,
    metavar="TARGET[@START..END]",
    help="What fails (see below), from second START (0) to second END (left out: it stays broken); may be given again.",
)
@click.option(
    "--scenario",
    "names",
    multiple=True,
    metavar="NAME",
    help="A ready-made failure, named as AWS FIS names it; --scenarios lists them. Without a place: one report each.",
)
@click.option(
    "--seed",
    type=int,
    metavar="N",
    help="Draw one figure out of each published range of seconds; the same N always gives the same course.",
)
@click.option("--scenarios", "listing", is_flag=True, help="List the failures that this design may be tried with.")
@format_option("text", "json")
def command(
    file: str, down: tuple[str, ...], names: tuple[str, ...], seed: int | None, listing: bool, form: str
) -> int:
    """Break something in the design FILE: each journey before, during and after, with the seconds and their sources."""
    from archtui.failure.scenarios import named
    from archtui.world.compiler import compile_world

    if not (down or names or listing):
        raise click.UsageError("nothing fails; give --down TARGET, --scenario NAME or --scenarios")
    world = compile_world(open_input(file).file.blueprint)
    if listing:
        _list(world, form)
    elif names:
        _play(world, down, [(name, named(world, name)) for name in names], seed, form)
    else:
        _play_one(world, down, seed, form)
    return 0


def _list(world: World, form: str) -> None:
    from archtui.failure.scenarios import scenarios

    found = scenarios(world)
    if form == "json":
        show_json({"scenarios": [item.to_json() for item in found]})
    else:
        show("".join(f"{item.title}\n  {' '.join(item.targets)}\n  {item.about}\n" for item in found))


def _play_one(world: World, down: tuple[str, ...], seed: int | None, form: str) -> None:
    from archtui.failure import analyse, render

    report = analyse(world, down, seed=seed)
    if form == "json":
        show_json(report.to_json())
    else:
        show(render(report))


def _play(
    world: World, down: tuple[str, ...], chosen: list[tuple[str, tuple[Scenario, ...]]], seed: int | None, form: str
) -> None:
    from archtui.failure import analyse, render

    reports: list[Json] = []
    for name, found in chosen:
        if not found:
            note(f"{name}: skipped: no target")
            reports.append({"scenario": name, "skipped": "no target"})
        for item in found:
            report = analyse(world, (*item.targets, *down), seed=seed)
            reports.append({"scenario": item.title, **report.to_json()})
            if form == "text":
                show(f"{item.title}\n{render(report)}")
    if form == "json":
        show_json({"scenarios": reports})
