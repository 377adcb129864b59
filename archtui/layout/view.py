"""What the layout needs to know of a design: nodes, what they are placed in, edges.

Built from a world by :func:`view_of`; a view can also be made by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from archtui.layout.depict import Depiction, Depicts, EdgeStyle, Place
from archtui.model.blueprint import INTERNET
from archtui.model.component import Component
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class DesignNode:
    """One component as the layout sees it."""

    id: str
    kind: str
    """The kind's title, for counts in a settings strip."""
    glyph: str
    depiction: Depiction
    parents: tuple[str, ...] = ()
    """The components it is placed in, directly."""
    region: str = ""
    account: str = ""
    zones: tuple[str, ...] = ()
    local: bool = False
    """Belongs in a VPC by nature, even where no property says which."""
    implicit: bool = False
    name: str = ""
    """The author's label or AWS's Name tag."""

    @property
    def place(self) -> Place:
        """Where it is drawn."""
        return self.depiction.place

    @property
    def label(self) -> str:
        """What is written."""
        return self.depiction.label or self.name or self.id


@dataclass(frozen=True, slots=True)
class DesignEdge:
    """One edge to draw."""

    source: str
    target: str
    style: EdgeStyle


@dataclass(frozen=True)
class DesignView:
    """Nodes by id in document order, and edges."""

    nodes: dict[str, DesignNode]
    edges: tuple[DesignEdge, ...]
    references: tuple[tuple[str, str], ...] = field(default=())
    """Who names whom in any way: tells which VPC a certificate or an address belongs to."""

    @cached_property
    def neighbours(self) -> dict[str, tuple[str, ...]]:
        """For each node, those that it names or that name it."""
        found: dict[str, dict[str, None]] = {}
        for source, target in self.references:
            found.setdefault(source, {})[target] = None
            found.setdefault(target, {})[source] = None
        return {name: tuple(others) for name, others in found.items()}

    @cached_property
    def edges_from(self) -> dict[str, tuple[DesignEdge, ...]]:
        """The edges that start at each node."""
        found: dict[str, list[DesignEdge]] = {}
        for edge in self.edges:
            found.setdefault(edge.source, []).append(edge)
        return {name: tuple(edges) for name, edges in found.items()}

    @cached_property
    def edges_to(self) -> dict[str, tuple[DesignEdge, ...]]:
        """The edges that end at each node."""
        found: dict[str, list[DesignEdge]] = {}
        for edge in self.edges:
            found.setdefault(edge.target, []).append(edge)
        return {name: tuple(edges) for name, edges in found.items()}


def view_of(world: World) -> DesignView:
    """Return what is to be drawn of ``world``, as each kind's own depiction says."""
    nodes: dict[str, DesignNode] = {}
    edges: dict[tuple[str, str, EdgeStyle], None] = {}
    references: list[tuple[str, str]] = []
    for component in world.components.values():
        depiction = _depiction(component, world)
        place = world.placement(component.id)
        nodes[component.id] = DesignNode(
            component.id,
            component.kind.title,
            component.kind.glyph,
            depiction,
            tuple(dict.fromkeys(edge.target for edge in component.edges if edge.role == "in")),
            place.region,
            place.account,
            place.zones,
            component.kind.scope in ("vpc", "az", "subnet"),
            component.implicit or component.id == INTERNET,
            component.properties.label,
        )
        for edge in component.edges:
            references.append((edge.source, edge.target))
            if edge.role == "targets" and depiction.style:
                edges[edge.source, edge.target, depiction.style] = None
            elif edge.role == "uses":
                edges[edge.source, edge.target, "uses"] = None
        for extra in depiction.edges:
            edges[extra.source, extra.target, extra.style] = None
    named = {end for source, target, _ in edges for end in (source, target)}
    named |= {end for link in world.links for end in (link.source, link.target)}
    if INTERNET in named and INTERNET not in nodes and INTERNET in world.registry:
        kind = world.registry[INTERNET]
        node = DesignNode(INTERNET, kind.title, kind.glyph, Depiction("outside"), implicit=True)
        nodes = {INTERNET: node, **nodes}
    for link in world.links:
        edges[link.source, link.target, "link"] = None
    for node in nodes.values():
        for parent in node.parents:
            if parent in nodes and nodes[parent].place != "frame":
                edges[parent, node.id, "member"] = None
    drawn = (DesignEdge(*key) for key in edges if key[0] != key[1] and key[0] in nodes and key[1] in nodes)
    return DesignView(nodes, tuple(drawn), tuple(references))


def _depiction(component: Component, world: World) -> Depiction:
    depicts = component.kind.behaviour(Depicts)
    if depicts:
        return depicts.depict(component, world)
    if component.kind.container:
        return Depiction("frame")
    if component.kind.scope in ("global", "edge"):
        return Depiction("outside")
    return Depiction("inside")
