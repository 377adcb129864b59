"""Reading fault trees in the Open-PSA Model Exchange Format (2.0d): the fault-tree layer with its probabilities.

Read: fault trees with components, gates, house events, basic events, parameters, expressions, model
data and common-cause groups. Event trees, sequences, rules and substitutions are named as not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast, get_args

from archtui.failure.faulttree import FaultTree, FaultTreeError, Formula, Gate
from archtui.failure.faulttree.tree import Connective
from archtui.formats.openpsa.common_cause import expanded
from archtui.formats.openpsa.expressions import Expressions
from archtui.formats.openpsa.xml import Element, parse, refused
from archtui.model.errors import Location, did_you_mean

_EVENTS = {"define-gate": "gate", "define-basic-event": "basic-event", "define-house-event": "house-event"}
_CONNECTIVES = frozenset(get_args(Connective))
_FRINGE = frozenset({"label", "attributes"})
Path = tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """What a file holds: one tree for each top event, in the file's order."""

    name: str
    trees: tuple[FaultTree, ...]
    notes: tuple[str, ...] = ()
    """What is in the file and was not used."""


@dataclass(frozen=True, slots=True)
class _Definition:
    element: Element
    kind: str
    path: Path
    """The fault tree and components it stands in."""

    @property
    def name(self) -> str:
        return self.element.attributes.get("name", "")

    @property
    def key(self) -> str:
        return ".".join((*self.path, self.name))


@dataclass
class _Reader:
    """The definitions of a file, then the trees that they make."""

    definitions: dict[str, _Definition] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)
    """Names that hold everywhere, with their full ones."""
    parameters: dict[str, Element] = field(default_factory=dict)
    groups: list[Element] = field(default_factory=list)
    tree_names: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    undefined: dict[str, None] = field(default_factory=dict)
    """Basic events that are used and defined nowhere, in a file that defines none."""

    def collect(self, parent: Element, path: Path, hidden: bool) -> None:
        """Note every definition below ``parent``; ``hidden``: they hold inside ``path`` alone."""
        for child in parent.children:
            name = child.attributes.get("name", "")
            if child.tag.startswith("define-") and not name:
                raise refused(child.location, f"'{child.tag}' has no name", "give it one")
            private = hidden or child.attributes.get("role") == "private"
            if child.tag in _EVENTS:
                self._define(_Definition(child, _EVENTS[child.tag], path), private)
            elif child.tag == "define-parameter":
                self.parameters[name] = child
            elif child.tag == "define-CCF-group":
                self.groups.append(child)
            elif child.tag == "define-fault-tree":
                if name in self.tree_names:
                    raise refused(child.location, f"two fault trees are called {name!r}", "rename one")
                self.tree_names[name] = None
                self.collect(child, (name,), private)
            elif child.tag == "define-component":
                self.collect(child, (*path, name), private)
            elif child.tag == "model-data":
                self.collect(child, path, hidden)
            elif child.tag == "include":
                raise refused(child.location, "'include' is not followed", "put everything into one file")
            elif child.tag not in _FRINGE:
                self.notes.append(f"{child.location}: '{child.tag}' is not read: only fault trees and their data are.")

    def _define(self, made: _Definition, private: bool) -> None:
        other = self.definitions.get(made.key) or (
            None if private else self.definitions.get(self.public.get(made.name, ""))
        )
        if other is not None:
            where = other.element.location
            raise refused(made.element.location, f"{made.name!r} is defined already at {where}", "rename one")
        self.definitions[made.key] = made
        if not private:
            self.public[made.name] = made.key

    def resolved(self, reference: Element, path: Path) -> str:
        """Return the full name of what ``reference`` means, looked for from the inside out."""
        name = reference.attributes.get("name", "")
        kind = reference.attributes.get("type", "") if reference.tag == "event" else reference.tag
        nearest = (".".join((*path[:depth], name)) for depth in range(len(path), -1, -1))
        key = next((key for key in nearest if key in self.definitions), self.public.get(name))
        if key is None:
            defines_some = any(made.kind == "basic-event" for made in self.definitions.values())
            if kind == "basic-event" and not defines_some:
                self.undefined[name] = None
                return name
            known = [made.name for made in self.definitions.values()]
            remedy = did_you_mean(name, known) or "define it or correct the name"
            raise refused(reference.location, f"{kind or 'event'} {name!r} is not defined", remedy)
        found = self.definitions[key].kind
        if kind and kind != found:
            raise refused(reference.location, f"{name!r} is a {found}, not a {kind}", f"write <{found} name={name!r}/>")
        return key

    def formula(self, element: Element, path: Path, shown: Mapping[str, str]) -> Formula:
        """Return what a formula's element says."""
        tag = element.tag
        if tag in ("gate", "basic-event", "house-event", "event"):
            key = self.resolved(element, path)
            return shown.get(key, key)
        if tag == "constant":
            return _truth(element)
        if tag not in _CONNECTIVES:
            remedy = did_you_mean(tag, _CONNECTIVES) or "use and, or, atleast, not, xor, or a reference"
            raise refused(element.location, f"'{tag}' is no connective", remedy)
        args = tuple(self.formula(part, path, shown) for part in element.formulae)
        gate = Gate(cast(Connective, tag), args, _whole(element, "min"), _whole(element, "max"))
        problem = gate.problem()
        if problem:
            raise refused(element.location, problem, "correct the gate")
        return gate


def read_model(data: bytes, file: str, mission_time: float | None = None) -> Model:
    """Return the fault trees of ``data``; raises :class:`archtui.model.errors.InputError` with the place.

    ``mission_time`` is in the file's own unit, mostly hours; left out: a year of hours.
    """
    root = parse(data, file)
    if root.tag != "opsa-mef":
        raise refused(root.location, f"the root element is '{root.tag}', not 'opsa-mef'", "give an Open-PSA file")
    reader = _Reader()
    reader.collect(root, (), hidden=False)
    if not any(made.kind == "gate" for made in reader.definitions.values()):
        raise refused(root.location, "the file defines no gate", "give a file with a fault tree")
    count = Counter(made.name for made in reader.definitions.values())
    shown = {key: made.name if count[made.name] == 1 else key for key, made in reader.definitions.items()}
    gates, used = _gates(reader, shown)
    expressions = Expressions(reader.parameters, mission_time)
    events = _events(reader, shown, gates, expressions)
    if expressions.assumed_time:
        reader.notes.append(
            f"The mission time is taken to be {expressions.mission_time:g}: the file gives none; "
            "--mission-time sets it."
        )
    labels = {shown[key]: text for key, made in reader.definitions.items() if (text := _label(made.element))}
    trees = [
        FaultTree(name, top, gates, events, labels)
        for name in reader.tree_names
        for top in _tops(reader, shown, used, name)
    ]
    for tree in trees:
        try:
            tree.reachable()
        except FaultTreeError as error:
            what, _, remedy = str(error).partition("; ")
            raise refused(_place(reader, shown, tree.top), what, remedy) from error
    if reader.undefined:
        some = ", ".join(list(reader.undefined)[:3])
        reader.notes.append(f"The file defines no basic event: {some} ... have no probability.")
    return Model(root.attributes.get("name", ""), tuple(trees), tuple(reader.notes))


def _place(reader: _Reader, shown: Mapping[str, str], gate: str) -> Location:
    return next(made.element.location for key, made in reader.definitions.items() if shown[key] == gate)


def _gates(reader: _Reader, shown: Mapping[str, str]) -> tuple[dict[str, Formula], dict[str, set[str]]]:
    """Return the gates and house events, and for each fault tree the gates that its gates use."""
    gates: dict[str, Formula] = {}
    used: dict[str, set[str]] = {}
    for key, made in reader.definitions.items():
        if made.kind == "house-event":
            states = [part for part in made.element.formulae if part.tag in ("constant", "bool")]
            gates[shown[key]] = _truth(states[0]) if states else False
        if made.kind != "gate":
            continue
        formulae = made.element.formulae
        if len(formulae) != 1:
            what = f"gate {made.name!r} has {len(formulae)} formulae"
            raise refused(made.element.location, what, "give it one, with and, or, atleast ... around several")
        gates[shown[key]] = reader.formula(formulae[0], made.path, shown)
        used.setdefault(made.path[0] if made.path else "", set()).update(_names(gates[shown[key]]))
    return gates, used


def _tops(reader: _Reader, shown: Mapping[str, str], used: Mapping[str, set[str]], tree: str) -> list[str]:
    """Return the gates of ``tree`` that none of its gates uses; its first gate where they go in a circle."""
    own = [shown[key] for key, made in reader.definitions.items() if made.kind == "gate" and made.path[:1] == (tree,)]
    return [name for name in own if name not in used.get(tree, ())] or own[:1]


def _events(
    reader: _Reader, shown: Mapping[str, str], gates: dict[str, Formula], expressions: Expressions
) -> dict[str, float | None]:
    """Return the basic events with their probabilities; members of common-cause groups become gates."""
    events: dict[str, float | None] = dict.fromkeys(reader.undefined)
    for key, made in reader.definitions.items():
        if made.kind == "basic-event":
            parts = made.element.formulae
            value = expressions.value(parts[0]) if parts else None
            if value is not None and not 0.0 <= value <= 1.0:
                what = f"basic event {made.name!r} has probability {value:g}"
                raise refused(made.element.location, what, "give it a figure from 0 to 1")
            events[shown[key]] = value
    for group in reader.groups:
        members, causes = expanded(group, expressions)
        for member, formula in members.items():
            name = shown.get(reader.public.get(member, member), member)
            events.pop(name, None)
            gates[name] = formula
        events.update(causes)
    return events


def _names(formula: Formula) -> Iterator[str]:
    if isinstance(formula, str):
        yield formula
    elif isinstance(formula, Gate):
        for arg in formula.args:
            yield from _names(arg)


def _label(element: Element) -> str:
    return next((child.text.strip() for child in element.named("label")), "")


def _truth(element: Element) -> bool:
    value = element.attributes.get("value", "").strip().lower()
    if value not in ("true", "false"):
        raise refused(element.location, f"a constant is true or false, not {value!r}", "write value='true' or 'false'")
    return value == "true"


def _whole(element: Element, name: str) -> int:
    text = element.attributes.get(name)
    if text is None:
        return 0
    if not text.strip().isdigit():
        raise refused(element.location, f"{name}={text!r} is no count", "give a whole number")
    return int(text)
