"""``archtui resilience``: how available a design is and what it hangs on; or the figures of a fault tree."""

from __future__ import annotations

import os

import click

from archtui.cli.options import format_option, open_input
from archtui.cli.output import note, show, show_json
from archtui.model.component import Json


@click.command("resilience")
@click.argument("file", metavar="FILE")
@click.option(
    "--order",
    type=click.IntRange(1, 6),
    metavar="K",
    help="List every cut set of up to K events (in a design each is tried in the tracer), not the likeliest.",
)
@click.option(
    "--remedies",
    is_flag=True,
    help="Also search for changes that help: one or two remedies, each proved by analysing the changed design.",
)
@click.option(
    "--mission-time",
    type=click.FloatRange(min=0, min_open=True),
    metavar="HOURS",
    help="For a fault tree: the time that its rates are taken over, in the file's unit. Left out: 8760, a year.",
)
@click.option(
    "--between",
    nargs=2,
    metavar="A B",
    help="Instead: the fewest components, and connections, whose loss parts component A from component B.",
)
@format_option("text", "json")
def command(
    file: str,
    order: int | None,
    remedies: bool,
    mission_time: float | None,
    between: tuple[str, str] | None,
    form: str,
) -> int:
    """Say how available each journey of the design FILE is: exact figures with shared zones as common causes.

    Also single points of failure, minimal cut sets, importance, how far each failure reaches, and the
    seconds of each kind of disruption against slo, rto and rpo. FILE may be an Open-PSA fault tree (.xml) instead.
    """
    if _is_xml(file) and (between is not None or remedies):
        raise click.UsageError("--between and --remedies are about a design, not about a fault tree; leave them out")
    if between is not None:
        text, data = _between(file, *between)
    elif _is_xml(file):
        text, data = _tree(file, order, mission_time)
    else:
        text, data = _design(file, order, remedies)
    if form == "json":
        show_json(data)
    else:
        show(text)
    return 0


def _is_xml(file: str) -> bool:
    """Say whether ``file`` is XML, by its name or its first byte."""
    if file.endswith(".xml"):
        return True
    if not os.path.isfile(file):
        return False
    with open(file, "rb") as opened:
        return opened.read(256).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _tree(file: str, order: int | None, mission_time: float | None) -> tuple[str, dict[str, Json]]:
    from archtui.failure.faulttree import analyse_tree
    from archtui.failure.faulttree.text import render_tree
    from archtui.formats.files import read_bytes
    from archtui.formats.openpsa import read_model

    model = read_model(read_bytes(file), file, mission_time)
    for text in model.notes:
        note(text)
    reports = [analyse_tree(tree, order=order) for tree in model.trees]
    return "\n".join(map(render_tree, reports)), {"trees": [report.to_json() for report in reports]}


def _between(file: str, source: str, target: str) -> tuple[str, dict[str, Json]]:
    from archtui.failure.between import between
    from archtui.world.compiler import compile_world

    found = between(compile_world(open_input(file).file.blueprint), source, target)
    return "\n".join(found.sentences()) + "\n", {"between": found.to_json()}


def _design(file: str, order: int | None, remedies: bool) -> tuple[str, dict[str, Json]]:
    from archtui.failure.availability import render_resilience, resilience
    from archtui.failure.radius import reach_of, render_reach
    from archtui.world.compiler import compile_world

    world = compile_world(open_input(file).file.blueprint)
    journeys = resilience(world, order)
    if not journeys:
        note(f"{file}: the design has no journeys; resilience is told per journey")
    text = render_resilience(journeys)
    data: dict[str, Json] = {"journeys": [journey.to_json() for journey in journeys]}
    reach = reach_of(world, journeys)
    data |= reach.to_json()
    if any(journey.structure is not None for journey in journeys):
        text += "\n" + render_reach(reach)
    if remedies:
        from archtui.failure.remedies.search import search
        from archtui.failure.remedies.text import render_search

        found = search(world)
        text += "\n" + render_search(found)
        data["remedies"] = [advice.to_json() for advice in found.advice]
    return text, data
