"""``archtui trace``: one request explained, or many decided."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from archtui.cli.options import format_option, open_input
from archtui.cli.output import note, show, show_json

if TYPE_CHECKING:
    from archtui.model.component import Json
    from archtui.trace.request import Request
    from archtui.world.condition import Condition
    from archtui.world.world import World


@click.command("trace")
@click.argument("file", metavar="FILE")
@click.option("--from", "source", metavar="X", help="Who asks: a component, an IP address or 'internet'.")
@click.option("--to", "target", metavar="Y", help="What is asked: a component, an address, a host name or a URL.")
@click.option("--protocol", metavar="P", help="tcp, udp, icmp, http, https, dns, any or a number.")
@click.option("--port", type=int, metavar="N", help="The port asked.")
@click.option("--source-port", type=int, metavar="N", help="The port asked from; left out: an ephemeral one.")
@click.option("--method", metavar="M", help="The HTTP method.")
@click.option("--path", metavar="P", help="The HTTP path.")
@click.option("--header", "headers", multiple=True, metavar="K:V", help="An HTTP header; may be given again.")
@click.option("--http-version", metavar="V", help="The version of HTTP: 1.0, 1.1 or 2; else what both sides can.")
@click.option("--source-ip", metavar="IP", help="The address the request comes from.")
@click.option("--country", metavar="CC", help="The country the request comes from.")
@click.option("--record-type", metavar="TYPE", help="What --protocol dns asks for: A, AAAA, MX, TXT, ...; else A.")
@click.option("--at", type=click.FloatRange(min=0), metavar="SECONDS", help="So long after what --down says.")
@click.option("--down", multiple=True, metavar="TARGET", help="What is broken, written as for archtui fail.")
@click.option("--expect", type=click.Choice(["reachable", "blocked"]), help="Exit with 1 where the verdict is another.")
@click.option("--why", metavar="FIELD[@HOP]", help="Say which settings gave a field its value, as in source@db.")
@click.option("--flows", metavar="FLOWS.jsonl", help='Decide many flows, one JSON object a line ("-": standard input).')
@format_option("text", "json", "jsonl", "markdown", "mermaid", "waterfall")
def command(
    file: str,
    source: str | None,
    target: str | None,
    protocol: str | None,
    port: int | None,
    source_port: int | None,
    method: str | None,
    path: str | None,
    headers: tuple[str, ...],
    http_version: str | None,
    source_ip: str | None,
    country: str | None,
    record_type: str | None,
    at: float | None,
    down: tuple[str, ...],
    expect: str | None,
    why: str | None,
    flows: str | None,
    form: str,
) -> int:
    """Follow a request through the design FILE and say at each step what decides.

    The exit status is 0 whatever the verdict, unless --expect says which it should be.
    """
    from archtui.world.compiler import compile_world

    if flows is not None and (source or target):
        raise click.UsageError("--flows brings its own --from and --to; leave these out")
    if flows is None and not (source and target):
        raise click.UsageError("a trace needs --from X and --to Y, or --flows FILE")
    if flows == "-" and file == "-":
        raise click.UsageError("standard input cannot be both the design and the flows; save one of them")
    world = compile_world(open_input(file).file.blueprint)
    condition = _condition(world, down, at)
    _note_settings(world, down)
    if flows is not None:
        from archtui.cli.flows import run_flows

        return run_flows(world, condition, flows, as_json=form != "text", expect=expect)
    from archtui.trace.request import Request

    request = Request.make(
        source or "",
        target or "",
        protocol=protocol,
        port=port,
        source_port=source_port,
        method=method,
        path=path,
        headers=dict(_header(text) for text in headers),
        source_ip=source_ip,
        country=country,
        record_type=record_type,
        http_version=http_version,
    )
    if why is not None:
        return _why(world, condition, request, form, why)
    moment = _moment(world, down, at)
    return _explain(world, condition, request, form, expect, moment)


def _explain(
    world: World, condition: Condition, request: Request, form: str, expect: str | None, moment: tuple[str, ...]
) -> int:
    from archtui.trace.fixes import with_fixes
    from archtui.trace.markdown import markdown
    from archtui.trace.sequence import mermaid
    from archtui.trace.text import render
    from archtui.trace.walker import trace
    from archtui.trace.waterfall import waterfall

    found = trace(world, request, condition)
    found = with_fixes(world, found, condition, block=expect == "blocked")
    told: dict[str, Json] = {"moment": [*moment]} if moment else {}
    if form == "text":
        show("\n".join((*moment, "", render(found))) if moment else render(found))
    elif form == "markdown":
        show(markdown(found))
    elif form == "mermaid":
        show(mermaid(found))
    elif form == "waterfall":
        show("\n".join(waterfall(found.latency)))
    elif form == "json":
        show_json(found.to_json() | told)
    else:
        show(json.dumps(found.to_json() | told))
    return int(expect is not None and str(found.verdict) != expect)


def _why(world: World, condition: Condition, request: Request, form: str, asked: str) -> int:
    from archtui.trace.walker import trace
    from archtui.trace.why import lines, why

    field, _, place = asked.partition("@")
    chain = why(world, trace(world, request, condition), field, place or None)
    if form == "text":
        show("\n".join(lines(chain)))
    else:
        show_json({"why": [link.to_json() for link in chain]})
    return 0


def _condition(world: World, down: tuple[str, ...], at: float | None) -> Condition:
    from archtui.world.condition import HEALTHY, condition_for

    if not down:
        if at is not None:
            raise click.UsageError("--at counts from a failure; say with --down what fails")
        return HEALTHY
    if at is None:
        return condition_for(world, down)
    from archtui.failure import condition_at

    return condition_at(world, down, at)


def _moment(world: World, down: tuple[str, ...], at: float | None) -> tuple[str, ...]:
    """Say what has recovered by the moment asked for; nothing where none is."""
    if at is None:
        return ()
    from archtui.failure.moment import moment_lines

    return moment_lines(world, down, at)


def _note_settings(world: World, down: tuple[str, ...]) -> None:
    """Say which of the broken things cannot break, so that nothing changes because of them."""
    if down:
        from archtui.failure.settings import setting_notes

        for sentence in setting_notes(world, down):
            note(f"{sentence.rstrip('.')}, so nothing changes because of it.")


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise click.UsageError(f"--header {text!r} is no header; write NAME:VALUE")
    return name.strip(), value.strip()
