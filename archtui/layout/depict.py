"""How a kind of component is drawn: the interface that services implement for the layout.

A kind without it is drawn by its scope: global and edge kinds stand above the regions, containers
are frames, everything else is a node inside what it is placed in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from typing_extensions import override

if TYPE_CHECKING:
    from archtui.model.component import Component
    from archtui.world.world import World

Place = Literal["frame", "inside", "border", "outside", "setting", "hidden"]
"""``frame`` holds others; ``inside`` a node in the innermost frame that holds all of its places;
``border`` on the top border of its VPC (gateways); ``outside`` above the regions; ``setting`` in the
settings strip of its VPC or region; ``hidden`` not drawn."""

EdgeStyle = Literal["link", "forward", "event", "dns", "flow", "route", "replica", "peer", "member", "uses"]
"""What an edge means, shown by its line: ``link`` an application's call, ``forward`` a balancer or
target group to its targets, ``event`` what is sent without waiting (notifications, subscriptions, messages
taken from a queue), ``dns`` an answer, ``flow`` packets through a gateway, ``route`` a route
table's row, ``replica`` data copied, ``peer`` two networks joined, ``member`` a part of, ``uses``
configured by."""

EDGE_WORDS: Mapping[EdgeStyle, str] = MappingProxyType(
    {
        "link": "calls",
        "forward": "targets",
        "event": "sends to",
        "dns": "answers with",
        "flow": "lets packets through to",
        "route": "routes through",
        "replica": "copies to",
        "peer": "is joined with",
        "member": "holds",
        "uses": "uses",
    }
)
"""What the source of an edge does to its target, in words."""


FrameKind = Literal["region", "vpc", "zone", "subnet", "settings", "group"]
"""``region`` and ``zone`` frames also exist without a component; ``group`` is any other container."""


@dataclass(frozen=True, slots=True)
class ExtraEdge:
    """An edge that no property states but every architect draws (internet to its gateway)."""

    source: str
    target: str
    style: EdgeStyle


@dataclass(frozen=True, slots=True)
class Depiction:
    """How one component is drawn."""

    place: Place
    label: str = ""
    """Left out: the id."""
    detail: str = ""
    """A short addition where there is room (an address block)."""
    tier: int | None = None
    """A subnet's row: 0 public, 1 private, 2 isolated."""
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """A word for its presence in a subnet, by subnet id (``primary``, ``standby``)."""
    edges: tuple[ExtraEdge, ...] = ()
    style: EdgeStyle | None = "forward"
    """The line of its own ``targets`` references; None: they are not drawn."""
    frame: FrameKind = "group"
    """What sort of frame, where ``place`` is ``frame``."""
    anchors: tuple[str, ...] = ()
    """Frames it belongs between, where no property places it (the two VPCs of a peering)."""


class Depicts(ABC):
    """Implemented by a service for kinds that the rule by scope would draw badly."""

    @abstractmethod
    def depict(self, component: Component, world: World) -> Depiction:
        """Say how ``component`` is drawn."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line for the components that a property names."""

    path: str
    """The property by the document's words, without the places in lists: ``notifications.to``."""
    style: EdgeStyle = "event"
    back: bool = False
    """Whether it runs from the component named to the one that names it: what is taken from there."""


@dataclass(frozen=True, slots=True)
class Lines(Depicts):
    """A node, with lines for what only its properties say."""

    lines: tuple[Line, ...]
    style: EdgeStyle | None = "forward"
    """The line of its own ``targets`` references, as in :class:`Depiction`."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node with a line for each component that one of the properties names."""
        lines = {line.path: line for line in self.lines}
        found: list[ExtraEdge] = []
        for edge in component.edges:
            line = lines.get(".".join(step for step in edge.path if isinstance(step, str)))
            if line is not None:
                ends = (edge.target, edge.source) if line.back else (edge.source, edge.target)
                found.append(ExtraEdge(*ends, line.style))
        return Depiction("inside", style=self.style, edges=tuple(found))


@dataclass(frozen=True, slots=True)
class Always(Depicts):
    """The same depiction for every component of a kind."""

    depiction: Depiction

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the one depiction."""
        return self.depiction
