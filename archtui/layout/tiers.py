"""Rows: which subnets stand beside each other across zones, and where what spans them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archtui.layout.homes import Homes
from archtui.layout.view import DesignView

UNKNOWN_TIER = 3
_NO_FLOW = ("uses", "route")


def lanes_of(
    view: DesignView, homes: Homes, subnets: Sequence[str], across: Sequence[str], zone_of: Mapping[str, str]
) -> list[dict[str, str]]:
    """Return the rows of a VPC, top first: for each a subnet by zone.

    Rows follow the tiers. Within a tier, subnets that one component spans, or whose members serve one
    target group, stand in one row; the rest fills up in document order. Names play no part.
    """
    tiers: dict[int, list[str]] = {}
    for subnet in subnets:
        tier = view.nodes[subnet].depiction.tier
        tiers.setdefault(UNKNOWN_TIER if tier is None else tier, []).append(subnet)
    mates = _mates(view, homes, subnets, across)
    order = {subnet: index for index, subnet in enumerate(subnets)}
    rows: list[dict[str, str]] = []
    for tier in sorted(tiers):
        lanes: list[dict[str, str]] = []
        lane_of: dict[int, list[dict[str, str]]] = {}
        for subnet in sorted(tiers[tier], key=lambda name: (name not in mates, order[name])):
            zone, group = zone_of[subnet], mates.get(subnet)
            candidates = lanes if group is None else lane_of.setdefault(group, [])
            lane = next((lane for lane in candidates if zone not in lane), None)
            if lane is None:
                lane = {}
                lanes.append(lane)
                if group is not None:
                    lane_of[group].append(lane)
            lane[zone] = subnet
        rows.extend(sorted(lanes, key=lambda lane: min(order[subnet] for subnet in lane.values())))
    return rows


def _mates(view: DesignView, homes: Homes, subnets: Sequence[str], across: Sequence[str]) -> dict[str, int]:
    """Number the groups of subnets that belong together: ``across`` span them or serve what is in them."""
    known = set(subnets)
    sets: list[list[str]] = []
    for name in across:
        sets.append([subnet for subnet in homes.spans.get(name, ()) if subnet in known])
        served = (homes.home.get(e.target, "") for e in view.edges_from.get(name, ()) if e.style == "forward")
        sets.append(list(dict.fromkeys(home for home in served if home in known)))
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for found in sets:
        if len(found) > 1:
            for other in found[1:]:
                parent[find(other)] = find(found[0])
    numbers: dict[str, int] = {}
    return {name: numbers.setdefault(find(name), len(numbers)) for name in parent}


def rows_between(view: DesignView, homes: Homes, across: Sequence[str], row_of: Mapping[str, int]) -> dict[str, int]:
    """Return the row of each node that stands between the zones, and order its neighbours downstream.

    A node with subnets stands in their uppermost row; one without (a target group) in the row of what
    it serves, otherwise of what it is served by.
    """
    known: dict[str, int] = {}
    for name in across:
        rows = [row_of[subnet] for subnet in homes.spans.get(name, ()) if subnet in row_of]
        if rows:
            known[name] = min(rows)
    after = {name: [e.target for e in view.edges_from.get(name, ()) if e.style not in _NO_FLOW] for name in across}
    before = {name: [e.source for e in view.edges_to.get(name, ()) if e.style not in _NO_FLOW] for name in across}

    def row(name: str) -> int | None:
        return known[name] if name in known else row_of.get(homes.home.get(name, ""))

    for neighbours, best in ((after, min), (before, max)):
        changed = True
        while changed:
            changed = False
            for name in across:
                if name not in known:
                    found = [r for other in neighbours.get(name, ()) if (r := row(other)) is not None]
                    if found:
                        known[name] = best(found)
                        changed = True
    return {name: known.get(name, 0) for name in across}
