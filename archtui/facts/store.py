"""Reading the data files: each once, when it is first asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, TypeAlias, TypeVar

from archtui.facts.entries import Connection, Fact, Failover, Parameter, RuleEntry, Service, Sla, Span
from archtui.model.errors import ArchtuiError, did_you_mean

T = TypeVar("T")
_HALVES = ("network", "data")
_Row: TypeAlias = dict[str, Any]
"""A row of a data file; the files are ours, so their shape is checked by the tests."""


class UnknownEntryError(ArchtuiError):
    """The fact base has no entry of that name."""


def read_rows(name: str) -> list[_Row]:
    """Return the rows of a data file."""
    text = resources.files("archtui.facts").joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    rows: list[_Row] = json.loads(text)
    return rows


@cache
def facts() -> Mapping[str, Fact]:
    """Return every fact by its id."""
    found: dict[str, Fact] = {}
    for half in _HALVES:
        for row in read_rows(f"facts_{half}"):
            found[row["id"]] = Fact(
                row["id"],
                row["service"],
                row["topic"],
                row["kind"],
                row["use"],
                row["fact"],
                row.get("numbers", {}),
                row.get("note", ""),
                row.get("correction", ""),
                row.get("certainty", ""),
            )
    return found


def fact(name: str) -> Fact:
    """Return the fact ``name``; raise :class:`UnknownEntryError` where there is none."""
    return _entry(facts(), name, "fact")


@cache
def _facts_by_service() -> Mapping[str, tuple[Fact, ...]]:
    found: dict[str, list[Fact]] = {}
    for entry in facts().values():
        found.setdefault(entry.service, []).append(entry)
    return {service: tuple(entries) for service, entries in found.items()}


def facts_of(service_name: str) -> tuple[Fact, ...]:
    """Return the facts about a service, found by slug or alias."""
    return _facts_by_service().get(service(service_name).slug, ())


@cache
def services() -> tuple[Service, ...]:
    """Return the service inventory in its own order."""
    return tuple(
        Service(
            row["slug"],
            row["name"],
            tuple(row["aliases"]),
            row["category"],
            row["role"],
            row["scope"],
            row["in_flow"],
            tuple(row["contained_in"]),
            row["failure_domain"],
            row["failover"],
            tuple(row["must_work"]),
            tuple(Connection(edge["from"], edge["to"], edge["how"]) for edge in row["connects_to"]),
        )
        for half in _HALVES
        for row in read_rows(f"services_{half}")
    )


@cache
def _service_words() -> Mapping[str, Service]:
    words: dict[str, Service] = {entry.slug: entry for entry in services()}
    for entry in services():
        for alias in entry.aliases:
            words.setdefault(alias.lower(), entry)
        words.setdefault(entry.name.lower(), entry)
    return words


def service(name: str) -> Service:
    """Return a service by slug, name or alias; raise :class:`UnknownEntryError` where there is none."""
    words = _service_words()
    return words[name] if name in words else _entry(words, name.lower(), "service")


@cache
def failovers() -> Mapping[str, Failover]:
    """Return every failover mechanism by its id."""
    found = [_failover(row) for row in read_rows("failover")]
    return {entry.id: entry for entry in found}


@cache
def _failover_words() -> Mapping[str, Failover]:
    words = dict(failovers())
    for entry in failovers().values():
        words |= dict.fromkeys(entry.also, entry)
    return words


def failover(name: str) -> Failover:
    """Return the failover mechanism ``name`` (``alb.target``, or one of those that behave alike)."""
    return _entry(_failover_words(), name, "failover mechanism")


def _failover(row: _Row) -> Failover:
    return Failover(
        row["id"],
        tuple(row.get("also", ())),
        tuple(row["services"]),
        row["event"],
        row["mechanism"],
        row["automatic"],
        row.get("control_plane", ""),
        _time(row["detect"]),
        _time(row["switch"]),
        _span(row["data_loss"]),
        row.get("detect_note", ""),
        row.get("switch_note", ""),
        row.get("data_loss_note", ""),
        tuple(
            Parameter(name, float(setting["default"]), setting["meaning"], setting.get("min"), setting.get("max"))
            for name, setting in row.get("parameters", {}).items()
        ),
        tuple(row["sources"]),
        row.get("note", ""),
    )


def _time(value: Any) -> str | Span | None:
    return value if isinstance(value, str) else _span(value)


def _span(value: Any) -> Span | None:
    if value is None:
        return None
    if isinstance(value, dict):
        return Span(float(value["min"]), float(value["max"]))
    return Span(float(value), float(value))


@cache
def slas() -> Mapping[str, Sla]:
    """Return every published service level by its key."""
    return {
        row["key"]: Sla(row["key"], row["service"], row["percent"], row["condition"], row["source"])
        for row in read_rows("sla")
    }


def sla(key: str) -> Sla:
    """Return the service level ``key``; raise :class:`UnknownEntryError` where there is none."""
    return _entry(slas(), key, "service level")


@cache
def rule_catalogue() -> Mapping[str, RuleEntry]:
    """Return every rule of the catalogue by its id, implemented or not."""
    return {
        row["id"]: RuleEntry(row["id"], row["title"], row["severity"], row["class"], tuple(row["services"]))
        for row in read_rows("rules")
    }


def search(text: str, limit: int = 50) -> tuple[Fact, ...]:
    """Return the facts in which every word of ``text`` begins a word, those with it in their title first."""
    words = _plain(text).split()
    if not words:
        return ()
    found: list[tuple[int, int, Fact]] = []
    for position, entry in enumerate(facts().values()):
        title = _plain(f" {entry.id} {entry.service} {entry.topic}")
        body = title + _plain(f" {entry.text} {entry.note} {entry.correction}")
        if all(f" {word}" in body for word in words):
            found.append((-sum(f" {word}" in title for word in words), position, entry))
    return tuple(entry for _, _, entry in sorted(found, key=lambda item: item[:2])[:limit])


_SEPARATORS = str.maketrans(dict.fromkeys("_-/()'\",.:;", " "))


def _plain(text: str) -> str:
    return text.lower().translate(_SEPARATORS)


def _entry(entries: Mapping[str, T], name: str, what: str) -> T:
    if name not in entries:
        near = did_you_mean(name, entries) or "see 'archtui facts'"
        raise UnknownEntryError(f"there is no {what} {name!r}; {near}")
    return entries[name]
