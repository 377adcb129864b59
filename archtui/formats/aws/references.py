"""Making the references of imported components sound: none may name what the design does not hold.

Where a description names something that is not in the input, either an unmodelled resource stands
for it (a route's target, a group named in a rule: what depends on it is then unknown), or the
reference is taken out and said so, or, where the component is nothing without it, the component is.
A component never loses the place it stands in: it would otherwise seem to stand in a default one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from archtui.formats.describe import Described
from archtui.model.blueprint import INTERNET
from archtui.model.component import ID_PATTERN, Json
from archtui.model.fields import Properties
from archtui.model.kinds import FoundReference, Kind, Registry
from archtui.model.operations import Path, Remove, apply, value_at

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
    account: str = ""
    region: str = ""

    @classmethod
    def of(cls, kind: Kind, described: Described, account: str, region: str) -> Part:
        """Return the part that ``described`` is as a ``kind``, seen from ``account`` in ``region``."""
        return cls(
            id=described.id,
            kind=kind,
            properties=described.properties,
            dead=described.dead,
            notes=described.notes,
            outside=described.outside,
            weight=described.weight,
            account=account,
            region=region,
        )

    def checked(self) -> Properties:
        """Return the checked properties; raise :class:`pydantic.ValidationError` where they are wrong."""
        return self.kind.properties.model_validate(self.properties)

    def references(self) -> tuple[FoundReference, ...]:
        """Return every reference to another component."""
        return self.kind.references(self.checked())


def is_usable(name: str) -> bool:
    """Say whether a component can have ``name`` as its id."""
    return bool(ID_PATTERN.fullmatch(name)) and name != INTERNET


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
                usable = dangling.target not in parts and is_usable(dangling.target)
                if what is not None and stand_in and usable:
                    shown: dict[str, Json] = {"type": what, "reason": "it is not in the input"}
                    parts[dangling.target] = Part(dangling.target, stand_in, shown)
                    yield what, dangling.target, "not in the input; what depends on it is unknown"
            missing = list(_dangling(part, parts))
            if missing:
                changed = True
                yield from _without(part, missing, parts)


def _bury(parts: dict[str, Part]) -> Iterator[Report]:
    """Leave out what AWS still lists although it is gone, unless something alive names it."""
    named = {found.target for part in parts.values() if not part.dead for found in part.references()}
    for part in list(parts.values()):
        if part.dead and part.id not in named:
            del parts[part.id]
            yield part.kind.name, part.id, f"its state is {part.dead}"


def _dangling(part: Part, parts: Mapping[str, Part]) -> Iterator[FoundReference]:
    for found in part.references():
        target = parts.get(found.target)
        if target is None or not (found.reference.admits(target.kind.name) or target.kind.stands_in):
            yield found


def _without(part: Part, missing: list[FoundReference], parts: dict[str, Part]) -> Iterator[Report]:
    """Take ``missing`` out of ``part``; take the part out where it is nothing without them."""
    data: Json = part.properties
    for place in sorted({_element(found.path) for found in missing}, key=_last_first):
        data = apply(data, Remove(place))
    mended = replace(part, properties=data if isinstance(data, dict) else {})
    homeless = next((found for found in missing if found.reference.role == "in" and _lost(data, found.path)), None)
    if homeless is None and _valid(mended):
        parts[part.id] = mended
        for found in missing:
            where = ".".join(str(step) for step in found.path)
            yield part.kind.name, part.id, f"{where} names {found.target}, which is not in the input; left out"
        return
    del parts[part.id]
    cause = homeless or missing[0]
    yield part.kind.name, part.id, f"its {cause.path[0]} {cause.target} is not in the input"


def _lost(data: Json, path: Path) -> bool:
    """Say whether nothing is left where ``path`` stood: no value, or an empty list."""
    return len(path) == 1 or value_at(data, path[:1]) == []


def _valid(part: Part) -> bool:
    try:
        part.checked()
    except ValidationError:
        return False
    return True


def _element(path: Path) -> Path:
    """Return the list element a reference stands in, so that no husk of a rule remains."""
    last = max((i for i, step in enumerate(path) if isinstance(step, int)), default=len(path) - 1)
    return path[: last + 1]


def _last_first(path: Path) -> tuple[tuple[int, ...], str]:
    return tuple(-step for step in path if isinstance(step, int)), ".".join(map(str, path))
