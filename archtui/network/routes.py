"""Which row of a route table decides about an address, and why the others do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from archtui.network.addresses import Address, Block, is_v6
from archtui.network.model import Route, RouteTable, TransitRoute, TransitTable

_Row = TypeVar("_Row", Route, TransitRoute)


def route_lookup(table: RouteTable, address: Address, withdrawn: Callable[[Route], bool] | None = None) -> Route | None:
    """Return the row for ``address``: the longest prefix; for equal ones local, then static, then
    propagated (VPC User Guide, 'Route priority'). A blackhole wins like any other row: the next
    matching row is not tried. ``withdrawn`` says which propagated rows are gone."""
    for row in table.routes:
        if row.block.first <= address <= row.block.last and (withdrawn is None or not withdrawn(row)):
            return row
    return None


def transit_lookup(
    table: TransitTable, address: Address, withdrawn: Callable[[TransitRoute], bool] | None = None
) -> TransitRoute | None:
    """Return the row for ``address``: the longest prefix; for equal ones static before propagated
    (Transit Gateway guide, 'Route evaluation order'). ``withdrawn`` says which rows are gone."""
    for row in table.routes:
        if row.block.first <= address <= row.block.last and (withdrawn is None or not withdrawn(row)):
            return row
    return None


RANKS: Final = {"static": 0, "vpc": 1, "direct_connect": 2, "connect": 3, "vpn": 4, "peering": 5}
"""The order among rows for the same block (Transit Gateway guide, 'Route evaluation order')."""


def ordered(rows: Sequence[TransitRoute], *, ecmp: bool = True) -> tuple[TransitRoute, ...]:
    """Return transit rows in the order in which they win; with ``ecmp`` equal rows that BGP brought over VPN
    connections are one row with several attachments (Transit Gateway guide, 'Equal cost multipath')."""

    def preference(row: TransitRoute) -> tuple[object, ...]:
        rank = RANKS["static"] if row.origin == "static" else row.rank
        return (-row.block.prefix, rank, row.path_length, row.med, row.block.first)

    found: list[TransitRoute] = []
    for row in sorted(rows, key=lambda row: (*preference(row), row.path, row.attachments)):
        last = found[-1] if found else None
        shares = ecmp and row.rank == RANKS["vpn"] and row.origin == "propagated" and row.path_length > 0
        if last is not None and shares and preference(last) == preference(row) and last.active and row.active:
            found[-1] = replace(last, attachments=(*last.attachments, *row.attachments))
        else:
            found.append(row)
    return tuple(found)


def nearest_first(rows: Sequence[_Row], winner: _Row | None, address: Address) -> list[_Row]:
    """Return rows with those first that hold ``address``; where none decides, by how many bits they share with it."""
    if winner is not None:
        return sorted(rows, key=lambda row: address not in row.block)
    return sorted(rows, key=lambda row: -common_bits(row.block, address))


def common_bits(block: Block, address: Address) -> int:
    """Return how many leading bits of ``block`` the address shares: how near a row is to holding it."""
    width = 128 if is_v6(block.first) else 32
    return min(block.prefix, width - min((block.first ^ address).bit_length(), width))


def why_lost(row: Route | TransitRoute, winner: Route | TransitRoute | None, address: Address) -> str:
    """Say why a row did not decide about ``address``."""
    if address not in row.block:
        return f"{row.block.text} does not contain the destination"
    if winner is None:
        return "it is withdrawn: what brought it does not work"
    if row.block.prefix < winner.block.prefix:
        return f"less specific than {winner.block.text}"
    if row.block.prefix > winner.block.prefix:
        return (
            "local wins over propagated rows inside the VPC's range"
            if winner.origin == "local"
            else "it is withdrawn: what brought it does not work"
        )
    if row.origin != winner.origin:
        return f"{winner.origin} wins over {row.origin} for the same block"
    if isinstance(row, TransitRoute) and isinstance(winner, TransitRoute):
        if row.rank != winner.rank:
            return "the type of the other attachment has priority for the same block"
        if row.path_length != winner.path_length:
            return "its AS path is longer"
        if row.med != winner.med:
            return "its MED is higher"
    return "an equal row stands before it"


_TRANSIT_CODES: Final = {
    "CANNOT_ROUTE": "TGW_RTB_CANNOT_ROUTE",
    "MORE_SPECIFIC_ROUTE": "TGW_RTB_MORE_SPECIFIC_ROUTE",
    "HIGHER_PRIORITY_ROUTE": "TGW_RTB_HIGHER_PRIORITY_ROUTE",
    "BAD_STATE_ROUTE": "TGW_RTB_BAD_STATE_ROUTE",
}


def lost_code(row: Route | TransitRoute, winner: Route | TransitRoute | None, address: Address) -> str:
    """Return AWS's code for why a row did not decide about ``address``."""
    if address not in row.block:
        code = "VPC_LOCAL_ROUTE_CIDR_RESTRICTION" if row.origin == "local" else "CANNOT_ROUTE"
    elif winner is None:
        code = "BAD_STATE_ROUTE"
    elif row.block.prefix < winner.block.prefix:
        code = "MORE_SPECIFIC_ROUTE"
    elif row.block.prefix > winner.block.prefix and winner.origin != "local":
        code = "BAD_STATE_ROUTE"
    else:
        code = "HIGHER_PRIORITY_ROUTE"
    return _TRANSIT_CODES[code] if isinstance(row, TransitRoute) else code
