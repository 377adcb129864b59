"""The reference: one page for a rule, a reason code, a service or a fact, from the data all surfaces use."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from archtui import facts, services
from archtui.check.docs import rule_markdown
from archtui.model.component import Json
from archtui.model.docs import described
from archtui.model.errors import ArchtuiError, did_you_mean
from archtui.trace.codes import CODES

_WIDTH = 100
_GROUPS = {
    "path": "AWS Reachability Analyzer, why a path is not reachable",
    "configuration": "AWS Reachability Analyzer, about the analysis itself",
    "filter": "AWS Reachability Analyzer, about search filters",
    "detail": "AWS Reachability Analyzer, said on success too",
    "archtui": "archtui's own; AWS has no code for it",
}


class UnknownWordError(ArchtuiError):
    """Nothing in the reference has this name."""


@dataclass(frozen=True, slots=True)
class Page:
    """One thing explained: ``type`` is rule, code, service, kind or fact."""

    type: str
    id: str
    text: str
    data: dict[str, Json] = field(repr=False)


def look_up(word: str) -> tuple[Page, ...]:
    """Return every page that ``word`` names; raise :class:`UnknownWordError` where there is none."""
    makers = (_rule, _code, _service, _fact)
    pages = tuple(page for make in makers if (page := make(word)) is not None)
    if not pages:
        near = did_you_mean(word, words()) or "'archtui services', 'rules' and 'facts' list what there is"
        raise UnknownWordError(f"nothing is called {word!r}; {near}")
    return pages


def words() -> tuple[str, ...]:
    """Return every word that :func:`look_up` knows, sorted."""
    known = {rule.id for rule in services.rules()} | set(CODES) | set(facts.facts())
    for entry in facts.services():
        known |= {entry.slug, *entry.aliases}
    return tuple(sorted(known | set(services.registry().names)))


def _rule(word: str) -> Page | None:
    rule = next((rule for rule in services.rules() if rule.id == word.upper()), None)
    if rule is not None:
        return Page("rule", rule.id, rule_markdown(rule), {"type": "rule", **rule.describe()})
    planned = facts.rule_catalogue().get(word.upper())
    if planned is None:
        return None
    text = f"{planned.id}: planned, not checked yet.\n\n{_wrapped(planned.title)}"
    return Page("rule", planned.id, text, {"type": "rule", "id": planned.id, "title": planned.title, "planned": True})


def _code(word: str) -> Page | None:
    code = CODES.get(word.upper())
    if code is None:
        return None
    text = f"{code.id}\n\n{_wrapped(code.meaning)}\n\nSource: {_GROUPS[code.group]}."
    data: dict[str, Json] = {
        "type": "code",
        "id": code.id,
        "group": code.group,
        "meaning": code.meaning,
        "source": _GROUPS[code.group],
    }
    return Page("code", code.id, text, data)


def _service(word: str) -> Page | None:
    registry = services.registry()
    lowered = word.lower()
    slug = registry[lowered].slug if lowered in registry else lowered
    row = next(
        (
            row
            for row in facts.service_rows(registry, services.rules())
            if row["id"] == slug or lowered in (row["aliases"] if isinstance(row["aliases"], list) else [])
        ),
        None,
    )
    if row is None:
        return _kind(lowered)
    slug = str(row["id"])
    lines = [f"{row['name']} ({slug})", "", _wrapped(str(row["role"])), ""]
    lines.append(f"In a design: {f'kind: {slug}' if row['place'] else 'cannot be placed yet'}")
    lines += [f"{title}: {row[key]}" for title, key in _ROWS if row[key] and not isinstance(row[key], list)]
    for title, key in (("Connects to", "connects_to"), ("Rules", "rules"), ("Failure modes", "failure_modes")):
        listed = row[key]
        if isinstance(listed, list) and listed:
            lines.append(_wrapped(f"{title}: {', '.join(map(str, listed))}", "    "))
    if slug in registry:
        lines += ["", *_properties(registry[slug].name)]
    known = facts.facts_of(slug)
    if known:
        lines += ["", "Facts:", *(_wrapped(f"{fact.id}: {fact.text}", "    ") for fact in known)]
    return Page("service", slug, "\n".join(lines), {"type": "service", **row})


_ROWS = (("Scope", "scope"), ("Failure domain", "failure_domain"), ("When that is lost", "failover"))


def _kind(word: str) -> Page | None:
    """Return the page of a kind that the service inventory does not list."""
    registry = services.registry()
    if word not in registry:
        return None
    kind = registry[word]
    text = "\n".join([f"{kind.title} ({kind.name})", "", _wrapped(kind.summary), "", *_properties(kind.name)])
    data: dict[str, Json] = {"type": "kind", "id": kind.name, "name": kind.title, "summary": kind.summary}
    return Page("kind", kind.name, text, data)


def _properties(kind: str) -> list[str]:
    model = services.registry()[kind].properties
    lines = ["Properties:"]
    for name, info in model.model_fields.items():
        needed = " (needed)" if info.is_required() else ""
        lines.append(_wrapped(f"{info.alias or name}{needed}: {described(model, name)}{_shape(info)}", "    "))
    return lines


def _shape(info: FieldInfo) -> str:
    """Return what may be written for a property: its words, or the keys of its parts; empty: its text says it."""
    words: list[str] = []
    keys: list[str] = []
    left: list[object] = [info.annotation]
    while left:
        part = left.pop(0)
        if get_origin(part) is Literal:
            words += [str(word) for word in get_args(part)]
        elif isinstance(part, type) and issubclass(part, BaseModel):
            keys += [field.alias or name for name, field in part.model_fields.items()]
        else:
            left += get_args(part)
    text = f" One of {', '.join(dict.fromkeys(words))}." if words else ""
    return f"{text} Keys: {', '.join(dict.fromkeys(keys))}." if keys else text


def _fact(word: str) -> Page | None:
    known = facts.facts().get(word)
    if known is None:
        return None
    lines = [known.id, "", _wrapped(known.text)]
    if known.correction:
        lines += ["", _wrapped(f"Often said instead: {known.correction}")]
    if known.note:
        lines += ["", _wrapped(known.note)]
    return Page("fact", known.id, "\n".join(lines), {"type": "fact", **known.to_json()})


def _wrapped(text: str, hanging: str = "") -> str:
    return textwrap.fill(text, _WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
