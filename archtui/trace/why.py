"""From a value in a packet or request back to the setting that produced it.

The chain goes backwards: the step that wrote the value, what the value was before, who wrote that, and so
on to where the connection began. Each link names the setting if one of the components concerned, or what
it refers to, states the value; otherwise AWS chose it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archtui.model.component import Json
from archtui.model.errors import ArchtuiError
from archtui.network.addresses import is_address, parse_address
from archtui.network.engine import network_of
from archtui.trace.paths import Path
from archtui.trace.result import Trace
from archtui.trace.text import value_text
from archtui.world.steps import Action, Hop, Step
from archtui.world.world import World

_ALIASES = {"port": "destination_port"}
_TURNED = {
    "source": "destination",
    "destination": "source",
    "source_port": "destination_port",
    "destination_port": "source_port",
}
"""What a field of a reply was in the request."""


class WhyError(ArchtuiError):
    """The trace has no such field, or no such hop."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The place in the design that states a value; an empty path: nothing states it."""

    component: str
    path: tuple[str | int, ...] = ()
    how: str = "written"
    """``written`` by the author; AWS's ``default``; ``chosen`` by AWS (from the block at ``path``, if there is
    one); ``asked``: the request itself says it."""

    @property
    def text(self) -> str:
        """The setting as a person reads it."""
        place = ".".join(map(str, (self.component, *self.path)))
        if self.how == "asked":
            return "the request asks for it"
        if self.how == "chosen":
            return (
                f"AWS chooses it from {place}"
                if self.path
                else f"nothing of {self.component} states it: AWS chooses it"
            )
        return f"{place} (AWS's default)" if self.how == "default" else place


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain: who wrote the value, from what, and where that is set."""

    step: int
    """The step's number in the trace, from 1."""
    component: str
    field: str
    value: str
    before: str
    """The value before; empty where it begins here."""
    message: str
    setting: Setting

    def to_json(self) -> dict[str, Json]:
        """Return the link as plain data."""
        return {
            "step": self.step,
            "component": self.component,
            "field": self.field,
            "value": self.value,
            "before": self.before,
            "message": self.message,
            "setting": {
                "component": self.setting.component,
                "path": list(self.setting.path),
                "how": self.setting.how,
                "text": self.setting.text,
            },
        }


@dataclass(frozen=True, slots=True)
class _Place:
    number: int
    hop: Hop
    step: Step
    back: bool


def fields(step: Step) -> tuple[str, ...]:
    """Return the fields of a step's packet or request, each of which :func:`why` explains."""
    return tuple(dict.fromkeys(_ALIASES.get(name, name) for name in (*step.after, *step.before)))


def why(
    world: World, found: Trace, field: str, at: str | int | None = None, path: Path | None = None
) -> tuple[Link, ...]:
    """Return the chain behind ``field``, the last writer first.

    ``at`` is a component or the number of a step; left out: the last step on the way there that has the field.
    ``path`` is the branch that is asked about; left out: the main one.
    Raises :class:`WhyError` where no such step has the field.
    """
    name = _ALIASES.get(field, field)
    path = path or found.main
    places = [*_places(path.forward, 1, back=False)]
    places += _places(path.back, len(places) + 1, back=True)
    here = _asked(places, name, at)
    value = _read(here.step.after, name)
    value = value if value is not None else _read(here.step.before, name)
    return tuple(_Chain(world, places, found).links(here.number - 1, name, value))


def lines(chain: Sequence[Link]) -> Iterator[str]:
    """Yield a chain as text."""
    for link in chain:
        change = f"{link.before} -> {link.value}" if link.before else link.value
        yield f"{link.field}: {change}"
        yield f"  step {link.step}, {link.component}: {link.message}"
        yield f"  set by  {link.setting.text}"


def _places(hops: Sequence[Hop], first: int, *, back: bool) -> Iterator[_Place]:
    number = first
    for hop in hops:
        for step in hop.steps:
            yield _Place(number, hop, step, back)
            number += 1


def _asked(places: Sequence[_Place], field: str, at: str | int | None) -> _Place:
    having = [p for p in places if _read(p.step.after, field) is not None or _read(p.step.before, field) is not None]
    if not having:
        known = ", ".join(sorted({name for place in places for name in fields(place.step)}))
        raise WhyError(f"the trace has no field {field!r}; it has {known}")
    if at is None:
        return next((place for place in reversed(having) if not place.back), having[-1])
    number = int(at) if isinstance(at, int) or at.isdigit() else None
    there = [place for place in having if number == place.number or at == place.hop.component]
    if not there:
        raise WhyError(f"no step {at} of the trace has {field!r}; name a component or a step's number")
    return there[-1] if number is not None else next((p for p in reversed(there) if not p.back), there[-1])


def _read(header: Mapping[str, Json], field: str) -> str | None:
    for name in (field, *(short for short, long in _ALIASES.items() if long == field)):
        if name in header and header[name] is not None:
            return value_text(header[name])
    return None


class _Chain:
    """Follows a value backwards through the steps of a trace."""

    def __init__(self, world: World, places: Sequence[_Place], found: Trace) -> None:
        self.world = world
        self.places = places
        self.request = found.request

    def links(self, index: int, field: str, value: str | None) -> Iterator[Link]:
        """Yield who wrote ``value``, from what, and so on back to where it begins."""
        while index >= 0 and value is not None:
            place = self.places[index]
            before, after = _read(place.step.before, field), _read(place.step.after, field)
            if after == value and before is not None and before != value:
                yield self._link(place, field, value, before)
                value = before
            elif self._begins(index, field, value):
                yield self._link(place, field, value, "")
                if field == "destination":
                    yield from self._names(index)
                return
            if place.back and not self.places[index - 1].back:
                field = _TURNED.get(field, field)
            index -= 1

    def _begins(self, index: int, field: str, value: str) -> bool:
        step = self.places[index].step
        if step.action is not Action.ORIGINATE or not step.before or _read(step.after, field) != value:
            return False
        return not _written_before(self.places, index, field, value)

    def _names(self, index: int) -> Iterator[Link]:
        """Yield the DNS answers that led to the address a connection began with."""
        for place in reversed(self.places[:index]):
            if place.step.layer != "dns":
                return
            rule = place.step.decided_by
            setting = (
                Setting(rule.component, rule.path) if rule and rule.path else Setting(place.hop.component, (), "chosen")
            )
            name = _read(place.step.after, "name") or place.hop.component
            yield Link(place.number, place.hop.component, "name", name, "", place.step.message, setting)

    def _link(self, place: _Place, field: str, value: str, before: str) -> Link:
        return Link(
            place.number,
            place.hop.component,
            field,
            value,
            before,
            place.step.message,
            self._setting(place, field, value, begins=not before),
        )

    def _setting(self, place: _Place, field: str, value: str, *, begins: bool) -> Setting:
        """Return where the value is stated: by who has it, by the rule that decided, by the component itself."""
        first = not any(
            each.step.action is Action.ORIGINATE and each.step.before for each in self.places[: place.number - 1]
        )
        if begins and first and not field.startswith("source") and value in self._asked():
            return Setting("", (), "asked")
        end = value if is_address(value) else _read(place.step.after, field.replace("_port", ""))
        rule = place.step.decided_by
        writers = [*([rule.component] if rule else ()), place.hop.component]
        # Who rewrites a port says which; whoever opens a connection asks for the port of the other end.
        rewrites = not begins and not is_address(value)
        holders = _holders(self.world, end)
        owners = [*writers, *holders] if rewrites else [*holders, *writers]
        return _setting(self.world, owners, field, value)

    def _asked(self) -> set[str]:
        request = self.request
        given = {request.target, request.protocol or "", str(request.port or "")}
        return given | ({"443"} if request.protocol == "https" else {"80"} if request.protocol == "http" else set())


def _written_before(places: Sequence[_Place], index: int, field: str, value: str) -> bool:
    """Whether the step that made this connection gave the value: a balancer, a proxy."""
    for place in reversed(places[:index]):
        before, after = _read(place.step.before, field), _read(place.step.after, field)
        if after == value and before != value and place.step.action is Action.TRANSLATE:
            return True
        if place.step.action is Action.ORIGINATE and place.step.before:
            return False
    return False


def _holders(world: World, value: str | None) -> list[str]:
    """Return the components whose interfaces have an address."""
    if value is None or not is_address(value):
        return []
    network, address = network_of(world), parse_address(value)
    names = [*network.by_address.get(address, ())]
    if address in network.by_public:
        names.append(network.by_public[address])
    return list(dict.fromkeys(network.interfaces[name].component for name in names))


def _setting(world: World, owners: Sequence[str], field: str, value: str) -> Setting:
    """Return where a component of ``owners``, or what one of them names, states ``value``."""
    known = [world.components[name] for name in dict.fromkeys(owners) if name in world.components]
    roles = ("targets",) if field.endswith("port") else ("targets", "uses")
    for component in known:
        named = [edge.target for edge in component.edges if edge.role in roles]
        for each in (component, *(world.components[name] for name in named if name in world.components)):
            path = _stated(_written(world, each.id), field, value)
            if path is not None:
                return Setting(each.id, path)
        path = _stated(component.properties.model_dump(mode="json", by_alias=True), field, value)
        if path is not None:
            return Setting(component.id, path, "default")
    if is_address(value):
        network, address = network_of(world), parse_address(value)
        for name in network.by_address.get(address, ()):
            return Setting(network.interfaces[name].subnet, ("cidr",), "chosen")
    return Setting(known[0].id if known else owners[0], (), "chosen")


def _written(world: World, name: str) -> Mapping[str, Json]:
    """Return the properties the author wrote."""
    component = world.blueprint.components.get(name)
    return component.raw if component else {}


def _stated(data: Mapping[str, Json], field: str, value: str) -> tuple[str | int, ...] | None:
    port = field.endswith("port")
    for path, leaf in _leaves(dict(data), ()):
        if str(leaf) == value and (not port or any("port" in str(part) for part in path)):
            return path
    return None


def _leaves(data: Json, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    if isinstance(data, dict):
        for key, inner in data.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(data, list):
        for index, inner in enumerate(data):
            yield from _leaves(inner, (*path, index))
    else:
        yield path, data
