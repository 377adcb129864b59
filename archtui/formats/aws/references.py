"""Making the references of imported components sound: none may name what the design does not hold.

Where a description names something that is not in the input, either an unmodelled resource stands
for it (a route's target, a group named in a rule: what depends on it is then unknown), or the
reference is taken out and said so, or, where the component is nothing without it, the component is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from archtui.formats.describe import Described
from archtui.model.component import Json
from archtui.model.fields import Properties
from archtui.model.kinds import Kind, Registry, values_at
from archtui.model.operations import Remove, apply

Report = tuple[str, str, str]
"""Kind, id, why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A component on its way into the blueprint."""

    id: str
    kind: Kind
    properties: dict[str, Json]
    dead: str = ""
    notes: tuple[str, ...] = ()
    outside: Mapping[str, str] = field(default_factory=dict)
    weight: int = 0

    @classmethod
    def of(cls, kind: Kind, described: Described) -> Part:
        """Return the part that ``described`` is as a ``kind``."""
        return cls(
            id=described.id,
            kind=kind,
            properties=described.properties,
            dead=described.dead,
            notes=described.notes,
            outside=described.outside,
            weight=described.weight,
        )

    def checked(self) -> Properties:
        """Return the checked properties; raise :class:`pydantic.ValidationError` where they are wrong."""
        return self.kind.properties.model_validate(self.properties)


@dataclass(frozen=True, slots=True)
class _Dangling:
    path: tuple[str | int, ...]
    target: str


def resolve(parts: dict[str, Part], registry: Registry) -> Iterator[Report]:
    """Make every reference of ``parts`` sound, in place; yield what had to be changed."""
    yield from _bury(parts)
    stand_in = next((kind for kind in registry if kind.stands_in), None)
    changed = True
    while changed:
        changed = False
        for part in list(parts.values()):
            for dangling in _dangling(part, parts):
                what = part.outside.get(dangling.target)
                if what is not None and stand_in and dangling.target not in parts:
                    reason = "it is not in the input"
                    parts[dangling.target] = Part(dangling.target, stand_in, {"type": what, "reason": reason})
                    yield what, dangling.target, "not in the input; what depends on it is unknown"
            missing = list(_dangling(part, parts))
            if missing:
                changed = True
                yield from _without(part, missing, parts)


def _bury(parts: dict[str, Part]) -> Iterator[Report]:
    """Leave out what AWS still lists although it is gone, unless something alive names it."""
    named = {target for part in parts.values() if not part.dead for target in _named(part)}
    for part in list(parts.values()):
        if part.dead and part.id not in named:
            del parts[part.id]
            yield part.kind.name, part.id, f"its state is {part.dead}"


def _named(part: Part) -> Iterator[str]:
    checked = part.checked()
    for mark in part.kind.reference_fields:
        for _, value in values_at(checked, mark.path):
            if isinstance(value, str):
                yield value


def _dangling(part: Part, parts: Mapping[str, Part]) -> Iterator[_Dangling]:
    checked = part.checked()
    for mark in part.kind.reference_fields:
        for path, value in values_at(checked, mark.path):
            if not isinstance(value, str) or mark.reference.admits_literal(value):
                continue
            target = parts.get(value)
            if target is None or not (mark.reference.admits(target.kind.name) or target.kind.stands_in):
                yield _Dangling(path, value)


def _without(part: Part, missing: list[_Dangling], parts: dict[str, Part]) -> Iterator[Report]:
    """Take ``missing`` out of ``part``; take the part out where it is nothing without them."""
    data: Json = part.properties
    places = sorted({_element(dangling.path) for dangling in missing}, key=_last_first)
    for place in places:
        data = apply(data, Remove(place))
    mended = replace(part, properties=data if isinstance(data, dict) else {})
    try:
        mended.checked()
    except ValidationError:
        del parts[part.id]
        first = missing[0]
        yield part.kind.name, part.id, f"its {first.path[0]} {first.target} is not in the input"
        return
    parts[part.id] = mended
    for dangling in missing:
        where = ".".join(str(step) for step in dangling.path)
        yield part.kind.name, part.id, f"{where} names {dangling.target}, which is not in the input; left out"


def _element(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the list element a reference stands in, so that no husk of a rule remains."""
    last = max((i for i, step in enumerate(path) if isinstance(step, int)), default=len(path) - 1)
    return path[: last + 1]


def _last_first(path: tuple[str | int, ...]) -> tuple[tuple[int, ...], str]:
    return tuple(-step for step in path if isinstance(step, int)), ".".join(map(str, path))
