"""``archtui trace --flows``: many flows decided, one line each, in the order they came."""

from __future__ import annotations

import codecs
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from archtui.cli.output import is_plain, show, table
from archtui.model.component import Json
from archtui.model.errors import ArchtuiError, InputError, Location, Problem

if TYPE_CHECKING:
    from archtui.network.engine import Decision
    from archtui.network.flow import Flow
    from archtui.world.condition import Condition
    from archtui.world.world import World

_PROTOCOLS: Mapping[str, tuple[str, int | None]] = {
    "http": ("tcp", 80),
    "https": ("tcp", 443),
    "dns": ("udp", 53),
    "any": ("all", None),
}
"""Words that stand for a protocol of the packet layer and its usual port; others stand for themselves."""
_CHUNK = 65536
"""How many bytes of flows are read at once; what a pipe holds is read and answered before more is waited for."""


def run_flows(world: World, condition: Condition, path: str, as_json: bool, expect: str | None) -> int:
    """Decide every flow of ``path`` and print the answers; return the exit status."""
    unexpected = False
    rows: list[tuple[str, str, str, str]] = []
    ready: list[str] = []
    encode = json.JSONEncoder(ensure_ascii=is_plain()).encode
    # Most flows end in one of a few decisions, which are the same objects then.
    endings: dict[int, tuple[Decision, str]] = {}

    def write() -> None:
        sys.stdout.write("".join(ready))
        sys.stdout.flush()
        ready.clear()

    try:
        for identity, decision in decide_all(world, condition, path, write):
            unexpected |= expect is not None and str(decision.verdict) != expect
            if not as_json:
                rows.append((str(identity), *_cells(decision)))
                continue
            known = endings.get(id(decision))
            if known is None:
                known = endings[id(decision)] = decision, encode(_answer(decision))[1:]
            told = identity if type(identity) is int else encode(identity)
            ready.append(f'{{"id": {told}, {known[1]}\n')
    finally:
        # What came before a line that is no flow is answered all the same.
        write()
    if not as_json:
        show(table(("id", "verdict", "code", "blockers"), rows))
    return int(unexpected)


def _answer(decision: Decision) -> dict[str, Json]:
    answer: dict[str, Json] = {
        "verdict": str(decision.verdict),
        "code": decision.code,
        "blockers": [{"component": one.component, "code": one.code} for one in decision.blockers],
    }
    return answer | {"missing": [*decision.missing]} if decision.missing else answer


def _cells(decision: Decision) -> tuple[str, str, str]:
    names = ", ".join(f"{one.component}:{one.code}" for one in decision.blockers)
    return str(decision.verdict), decision.code, names


def decide_all(
    world: World, condition: Condition, path: str, before_read: Callable[[], None]
) -> Iterator[tuple[Json, Decision]]:
    """Yield id and decision of every flow of ``path``; raise :class:`InputError` at a line that is no flow.

    ``before_read`` is called each time all that was read is answered and more has to be waited for.
    """
    from archtui.network.batch import decide_many

    name = "<stdin>" if path == "-" else path
    number, identity = 0, None

    def asked(source: io.BufferedReader) -> Iterator[Flow]:
        nonlocal number, identity
        for line in flows_in(_lines(source, before_read), name):
            number, identity, flow = line
            yield flow

    with _opened(path) as source:
        try:
            for decision in decide_many(world, asked(source), condition):
                yield identity, decision
        except InputError:
            raise
        except (ValueError, ArchtuiError) as error:
            what, _, remedy = str(error).partition("; ")
            raise InputError([Problem(what, remedy, (), Location(name, number, 1))]) from error


def _opened(path: str) -> io.BufferedReader:
    try:
        return open(sys.stdin.fileno() if path == "-" else path, "rb", closefd=path != "-")
    except (OSError, ValueError) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError([Problem(what, "name a file of flows, one JSON object a line", (), Location(path))]) from error


def _lines(source: io.BufferedReader, before_read: Callable[[], None]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    rest = ""
    while True:
        before_read()
        chunk = source.read1(_CHUNK)
        *whole, rest = (rest + decoder.decode(chunk, final=not chunk)).split("\n")
        yield from whole
        if not chunk:
            yield rest
            return


def flows_in(lines: Iterable[str], name: str) -> Iterator[tuple[int, Json, Flow]]:
    """Yield line number, id and flow of each line; blank lines are passed over."""
    from archtui.network.flow import Flow

    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _row(line, name, number)
        port, source_port = row.get("port"), row.get("source_port")
        if port is not None:
            port = _port(port, "port", name, number)
        if source_port is not None:
            source_port = _port(source_port, "source_port", name, number)
        source, target = row.get("from"), row.get("to")
        if not isinstance(source, str) or not isinstance(target, str):
            raise _wrong(name, number, "a flow needs 'from' and 'to', both texts", "give component ids or addresses")
        word = str("tcp" if row.get("protocol") is None else row["protocol"]).lower()
        protocol, usual = _PROTOCOLS.get(word, (word, None))
        yield (
            number,
            row.get("id", number),
            Flow(source, target, protocol, usual if port is None else port, source_port),
        )


def _row(line: str, name: str, number: int) -> dict[str, Json]:
    try:
        row = json.loads(line.rstrip())
    except ValueError as error:
        column, told = (error.colno, error.msg) if isinstance(error, json.JSONDecodeError) else (1, str(error))
        raise _wrong(name, number, f"not valid JSON: {told}", "write one JSON object a line", column) from error
    except RecursionError as error:
        raise _wrong(name, number, "nested too deep", "write one JSON object a line") from error
    if not isinstance(row, dict):
        raise _wrong(name, number, "a flow is a JSON object", 'write {"id": ..., "from": ..., "to": ..., ...}')
    return row


def _port(value: Json, key: str, name: str, number: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 65535:
        raise _wrong(name, number, f"{key} {value!r} is not a port", "write a whole number up to 65535")
    return value


def _wrong(name: str, number: int, what: str, remedy: str, column: int = 1) -> InputError:
    return InputError([Problem(what, remedy, (), Location(name, number, column))])
