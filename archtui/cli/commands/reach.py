"""``archtui reach``: who can reach whom, on which protocols and ports."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from archtui.cli.options import format_option, open_input
from archtui.cli.output import is_plain, note, show, table

if TYPE_CHECKING:
    from archtui.network.reach import Reach

_HEADER = ("from", "to", "protocol", "ports", "remark")


@click.command("reach")
@click.argument("file", metavar="FILE")
@click.option("--from", "source", metavar="X", help="Only what X reaches: a component, 'internet' or an IP address.")
@click.option("--to", "target", metavar="Y", help="Only who reaches Y: a component, 'internet' or an IP address.")
@click.option("--down", multiple=True, metavar="TARGET", help="What is broken: ID, az:.., region:.., link:A->B, ...")
@click.option("--unknown", is_flag=True, help="List too what cannot be decided, marked as unknown.")
@format_option("table", "csv", "json")
def command(file: str, source: str | None, target: str | None, down: tuple[str, ...], unknown: bool, form: str) -> int:
    """Say who can reach whom in the design FILE on which protocols and ports.

    Ports whose requests arrive but whose replies are blocked are listed apart (one_way). The exit status is 0
    whatever the answer.
    """
    from archtui.network.reach import Reachability
    from archtui.world.compiler import compile_world
    from archtui.world.condition import HEALTHY, condition_for

    world = compile_world(open_input(file).file.blueprint)
    condition = condition_for(world, down) if down else HEALTHY
    found = Reachability(world, condition, [name for name in (source, target) if name is not None])
    left_out: dict[str, None] = {}
    _PRINT[form](_wanted(found.rows(source, target), left_out, unknown=unknown))
    if left_out:
        senders = ", ".join(list(left_out)[:3]) + (" and others" if len(left_out) > 3 else "")
        note(f"{file}: not all that {senders} may reach can be decided; --unknown lists what is open")
    return 0


def _wanted(rows: Iterator[Reach], left_out: dict[str, None], *, unknown: bool) -> Iterator[Reach]:
    """Yield the rows that are asked for, and note whose others are left out."""
    for row in rows:
        if row.unknown and not unknown:
            left_out[row.source] = None
        else:
            yield row


def _remark(row: Reach) -> str:
    if row.unknown:
        return "unknown"
    return "replies blocked" if row.one_way else ""


def _print_table(rows: Iterator[Reach]) -> None:
    lines = [(row.source, row.target, row.protocol, row.ports or "-", _remark(row)) for row in rows]
    show(table(_HEADER, lines) if lines else "Nobody reaches anybody.")


def _print_csv(rows: Iterator[Reach]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("from", "to", "protocol", "ports", "one_way", "unknown"))
    for row in rows:
        writer.writerow((*row[:4], str(row.one_way).lower(), str(row.unknown).lower()))


def _print_json(rows: Iterator[Reach]) -> None:
    """One row a line: a large design has millions."""
    before, plain = "[", is_plain()
    for row in rows:
        sys.stdout.write(f"{before}\n  {json.dumps(row.to_json(), ensure_ascii=plain)}")
        before = ","
    sys.stdout.write("[]\n" if before == "[" else "\n]\n")


_PRINT = {"table": _print_table, "csv": _print_csv, "json": _print_json}


__all__ = ["command"]
