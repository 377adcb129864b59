"""The world: a blueprint compiled. Immutable, indexed, ready for the engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from archtui.model.blueprint import INTERNET, Blueprint
from archtui.model.component import Component, Edge, Link
from archtui.model.fields import Properties
from archtui.model.kinds import Kind, Registry

if TYPE_CHECKING:
    import networkx as nx

B = TypeVar("B")
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a component is: account, region, VPC, availability zones and subnets (sorted, maybe empty)."""

    account: str
    region: str
    vpc: str | None
    zones: tuple[str, ...]
    """Full names: ``eu-west-1a``."""
    subnets: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class World:
    """A blueprint with every default explicit. Engines take a world and a condition, nothing else."""

    blueprint: Blueprint
    components: Mapping[str, Component]
    """Document order first, then the implicit ones by id."""
    links: tuple[Link, ...]
    heritage: dict[object, object] = field(default_factory=dict, repr=False)
    """What making the parts of this world leaves to the worlds compiled from it. Whoever takes something out
    checks that it still holds; what is in it never changes an answer, only the time it takes."""
    _parts: dict[object, object] = field(default_factory=dict, repr=False)

    @property
    def registry(self) -> Registry:
        """The kinds this world was compiled with."""
        return self.blueprint.registry

    def kind(self, name: str) -> Kind:
        """Return the kind of component ``name``."""
        return self.components[name].kind

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Component, ...]]:
        found: dict[str, list[Component]] = {}
        for component in self.components.values():
            found.setdefault(component.kind.name, []).append(component)
        return {kind: tuple(members) for kind, members in found.items()}

    def with_behaviour(self, interface: type[B]) -> Iterator[tuple[Kind, B]]:
        """Yield every kind of which the world has components and that implements ``interface``, in order of name."""
        for name in sorted(self._by_kind):
            kind = self._by_kind[name][0].kind
            found = kind.behaviour(interface)
            if found is not None:
                yield kind, found

    def of_kind(self, kind: str) -> tuple[Component, ...]:
        """Return the components of ``kind``, document order first."""
        return self._by_kind.get(kind, ())

    @cached_property
    def _referrers(self) -> Mapping[str, tuple[Edge, ...]]:
        found: dict[str, list[Edge]] = {}
        for component in self.components.values():
            for edge in component.edges:
                found.setdefault(edge.target, []).append(edge)
        return {name: tuple(edges) for name, edges in found.items()}

    def referrers(self, name: str) -> tuple[Edge, ...]:
        """Return every edge that ends at ``name``."""
        return self._referrers.get(name, ())

    @cached_property
    def _links_from(self) -> Mapping[str, tuple[Link, ...]]:
        found: dict[str, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.source, []).append(link)
        return {name: tuple(links) for name, links in found.items()}

    def links_from(self, name: str) -> tuple[Link, ...]:
        """Return the links that ``name`` opens, in the document's order."""
        return self._links_from.get(name, ())

    @cached_property
    def _placements(self) -> dict[str, Placement]:
        return {}

    def placement(self, name: str) -> Placement:
        """Return where ``name`` is, from its own properties and from what it is placed in."""
        return self._placements.get(name) or self._place(name, ())[0]

    def _place(self, name: str, above: tuple[str, ...]) -> tuple[Placement, bool]:
        """Return the placement of ``name``, and whether it is whole.

        ``above`` is what asked for it; a circle ends there. What a circle cut short holds for this
        question alone and is not kept.
        """
        known = self._placements.get(name)
        if known is not None:
            return known, True
        whole = True
        inside: list[Placement] = []
        for edge in self.components[name].edges:
            if edge.role != "in" or edge.target not in self.components or edge.target == name:
                continue
            if edge.target in above:
                whole = False
                continue
            place, closed = self._place(edge.target, (*above, name))
            inside.append(place)
            whole = whole and closed
        placement = self._placed(name, inside)
        if whole:
            self._placements[name] = placement
        return placement, whole

    def _placed(self, name: str, inside: Sequence[Placement]) -> Placement:
        """Return where ``name`` is by its own words, and by those of what it is placed in."""
        component = self.components[name]
        properties = component.properties
        if component.kind.scope in _NOWHERE:
            return Placement(_said(properties, "account") or self.blueprint.account, "", None, (), ())
        region = _said(properties, "region") or next((p.region for p in inside if p.region), "")
        account = _said(properties, "account") or next((p.account for p in inside if p.account), "")
        vpc = name if component.kind.name == "vpc" else next((p.vpc for p in inside if p.vpc), None)
        if component.kind.name == "region":
            region = _said(properties, "name")
        region = region or self.blueprint.region
        own = ("name",) if component.kind.name == "availability_zone" else ("az", "standby_az")
        zones = {zone_name(zone, region) for zone in (_said(properties, field) for field in own) if zone}
        zones = zones or {z for p in inside for z in p.zones}
        subnets = {s for p in inside for s in p.subnets}
        if component.kind.name == "subnet":
            subnets = {name}
        return Placement(account or self.blueprint.account, region, vpc, tuple(sorted(zones)), tuple(sorted(subnets)))

    def contains(self, outer: str, inner: str) -> bool:
        """Say whether ``inner`` is placed in ``outer``, directly or through others."""
        here = [inner]
        seen: set[str] = set()
        while here:
            name = here.pop()
            if name in seen or name not in self.components:
                continue
            seen.add(name)
            for edge in self.components[name].edges:
                if edge.role == "in":
                    if edge.target == outer:
                        return True
                    here.append(edge.target)
        return False

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The design as a networkx graph: nodes are ids with ``kind``, edges carry ``role``."""
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for name, component in self.components.items():
            graph.add_node(name, kind=component.kind.name)
        for component in self.components.values():
            for edge in component.edges:
                graph.add_edge(edge.source, edge.target, role=edge.role)
        for link in self.links:
            graph.add_edge(link.source, link.target, role="link")
        return graph

    def part(self, compile_part: Callable[[World], P]) -> P:
        """Return what ``compile_part`` makes of this world, made once (the packet engine's tables, say)."""
        if compile_part not in self._parts:
            self._parts[compile_part] = compile_part(self)
        found: P = self._parts[compile_part]  # type: ignore[assignment]
        return found


_NOWHERE = frozenset({"global", "edge", "on_prem"})
"""Scopes of what stands in no region; what such a component says of a region is about others."""


def _said(properties: Properties, field: str) -> str:
    value = vars(properties).get(field)
    return value if isinstance(value, str) else ""


def zone_name(zone: str, region: str) -> str:
    """Return the full name of a zone written as a letter (``a``) or in full (``eu-west-1a``)."""
    return f"{region}{zone}" if len(zone) == 1 else zone


def explicit(components: Iterable[Component]) -> tuple[Component, ...]:
    """Return those that the author wrote."""
    return tuple(component for component in components if not component.implicit and component.id != INTERNET)
