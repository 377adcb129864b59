"""Containment: which frame each node stands in, which VPC a setting belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from archtui.layout.options import Options
from archtui.layout.view import DesignNode, DesignView

ROOT = ""
"""The home of what stands outside every region."""


@dataclass
class Homes:
    """For each drawn node its home: the id of a frame, or :data:`ROOT`."""

    view: DesignView
    home: dict[str, str] = field(default_factory=dict)
    """Nodes inside frames, gateways on borders, settings: the frame's id."""
    spans: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The subnets of nodes that stand in several."""
    regions: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Region frames by id, with account and region name, in order of appearance."""
    kept: set[str] = field(default_factory=set)
    parent: dict[str, str] = field(default_factory=dict)
    """For each frame the frame around it."""

    def frame(self, name: str) -> str:
        """Return what sort of frame component ``name`` is; empty for a node."""
        node = self.view.nodes.get(name)
        return node.depiction.frame if node and node.place == "frame" else ""

    def chain(self, name: str) -> list[str]:
        """Return the frames around frame ``name`` and itself, outermost first."""
        found = []
        here = name
        while here != ROOT and here not in found:
            found.append(here)
            here = self.parent.get(here, ROOT)
        return found[::-1]

    def common(self, frames: Iterable[str]) -> str:
        """Return the innermost frame around all of ``frames``."""
        chains = [self.chain(name) for name in frames]
        if not chains:
            return ROOT
        found = ROOT
        for level in zip(*chains, strict=False):
            if any(name != level[0] for name in level):
                break
            found = level[0]
        return found


def find_homes(view: DesignView, options: Options) -> Homes:
    """Work out what is drawn and where."""
    homes = Homes(view)
    _keep(homes, "implicit" in options.show)
    accounts = {node.account for node in view.nodes.values() if node.place == "frame"}
    for node in view.nodes.values():
        if node.id in homes.kept and node.place == "frame" and node.depiction.frame not in ("region", "zone"):
            inside = [parent for parent in node.parents if homes.frame(parent) not in ("", "region", "zone")]
            homes.parent[node.id] = inside[0] if inside else _region(homes, node, len(accounts) > 1)
    waiting: list[DesignNode] = []
    for node in view.nodes.values():
        if node.id not in homes.kept or node.place in ("frame", "outside"):
            continue
        frames = [p for p in node.parents if homes.frame(p) not in ("", "region", "zone") and p in homes.kept]
        frames = frames or [anchor for anchor in node.depiction.anchors if anchor in homes.parent]
        if not frames:
            waiting.append(node)
            continue
        home = homes.common(frames)
        if node.place in ("border", "setting"):
            home = _vpc(homes, home) or home
        homes.home[node.id] = home
        subnets = tuple(frame for frame in dict.fromkeys(frames) if homes.frame(frame) == "subnet")
        if len(subnets) > 1:
            homes.spans[node.id] = subnets
    for node in waiting:
        near = {_vpc(homes, homes.home[other]) for other in view.neighbours.get(node.id, ()) if other in homes.home}
        near.discard("")
        if (node.local or node.place == "setting") and len(near) == 1:
            homes.home[node.id] = near.pop()
        else:
            homes.home[node.id] = _region(homes, node, len(accounts) > 1)
    return homes


def _keep(homes: Homes, implicit: bool) -> None:
    nodes = homes.view.nodes
    linked = {end for edge in homes.view.edges for end in (edge.source, edge.target)}
    stack = [
        node.id
        for node in nodes.values()
        if node.place != "hidden" and (not node.implicit or implicit or (node.place == "outside" and node.id in linked))
    ]
    while stack:
        name = stack.pop()
        if name in homes.kept or name not in nodes:
            continue
        homes.kept.add(name)
        if nodes[name].place != "setting":
            stack.extend(nodes[name].parents)
    for node in nodes.values():
        # A gateway that AWS's default VPC comes with is worth a place: the way out is seen.
        if node.place == "border" and node.id in linked and homes.kept.issuperset(node.parents):
            homes.kept.add(node.id)
    drawn = {e.source for e in homes.view.edges if e.target in homes.kept}
    drawn |= {e.target for e in homes.view.edges if e.source in homes.kept}
    homes.kept = {
        name
        for name in homes.kept
        if implicit or not nodes[name].implicit or nodes[name].place != "outside" or name in drawn
    }


def _region(homes: Homes, node: DesignNode, several_accounts: bool) -> str:
    name = f"{node.account}/{node.region}" if several_accounts and node.account else node.region
    key = f"region:{name}"
    homes.regions.setdefault(key, (node.account if several_accounts else "", node.region))
    homes.parent.setdefault(key, ROOT)
    return key


def _vpc(homes: Homes, frame: str) -> str:
    """Return the VPC that ``frame`` is or is in; empty where it is in none."""
    return next((name for name in homes.chain(frame) if homes.frame(name) == "vpc"), "")
