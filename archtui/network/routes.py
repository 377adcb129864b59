"""Which row of a route table decides about an address, and why the others do not."""

from __future__ import annotations

from collections.abc import Sequence

from archtui.network.addresses import Address
from archtui.network.model import Route, RouteTable, TransitRoute, TransitTable


def route_lookup(table: RouteTable, address: Address) -> Route | None:
    """Return the row for ``address``: the longest prefix; for equal ones local, then static, then
    propagated (VPC User Guide, 'Route priority'). A blackhole wins like any other row: the next
    matching row is not tried."""
    for row in table.routes:
        if row.block.first <= address <= row.block.last:
            return row
    return None


def transit_lookup(table: TransitTable, address: Address) -> TransitRoute | None:
    """Return the row for ``address``: the longest prefix; for equal ones static before propagated
    (Transit Gateway guide, 'Route evaluation order')."""
    for row in table.routes:
        if row.block.first <= address <= row.block.last:
            return row
    return None


def ordered(rows: Sequence[TransitRoute]) -> tuple[TransitRoute, ...]:
    """Return transit rows in the order in which they win."""
    return tuple(sorted(rows, key=lambda row: (-row.block.prefix, row.origin != "static", row.block.first, row.path)))


def why_lost(row: Route | TransitRoute, winner: Route | TransitRoute | None, address: Address) -> str:
    """Say why a row did not decide about ``address``."""
    if address not in row.block:
        return f"{row.block.text} does not contain the destination"
    if winner is not None and row.block.prefix < winner.block.prefix:
        return f"less specific than {winner.block.text}"
    if winner is not None and row.origin != winner.origin:
        return f"{winner.origin} wins over {row.origin} for the same block"
    return "an equal row stands before it"
