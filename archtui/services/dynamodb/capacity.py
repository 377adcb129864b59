"""The arithmetic of a table's capacity: what a load needs, and the share of it that is throttled.

A read capacity unit is a strongly consistent read of 4 KB in a second or two eventually consistent ones, a write
capacity unit a write of 1 KB; a transaction costs twice as much (DynamoDB Developer Guide, 'DynamoDB provisioned
capacity mode'). A partition gives at most 3,000 and 1,000 units (same guide, 'Best practices for designing and
using partition keys effectively'). Unused capacity of up to 300 seconds covers bursts, so the shares hold for a load
that lasts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from archtui.services.dynamodb.properties import DynamoDbTableProperties, Load

READ_KB, WRITE_KB = 4, 1
PARTITION_READ, PARTITION_WRITE = 3000, 1000
ITEM_LIMIT_KB = 400


@dataclass(frozen=True, slots=True)
class Demand:
    """What one kind of access needs, what there is, and the share of it that is served."""

    arithmetic: str
    served: float
    reason: str
    """Why the rest is throttled; empty: nothing is."""
    path: tuple[str | int, ...]
    """The setting that decides."""


def read_units(load: Load, size: float) -> float:
    """Return the read capacity units that ``load`` of items of ``size`` KB needs in a second."""
    each = math.ceil(size / READ_KB) * (2 if load.transactional else 1 if load.consistent else 0.5)
    return load.reads * each


def write_units(load: Load, size: float) -> float:
    """Return the write capacity units that ``load`` of items of ``size`` KB needs in a second."""
    return load.writes * math.ceil(size / WRITE_KB) * (2 if load.transactional else 1)


def demand(table: DynamoDbTableProperties, access: Literal["read", "write"]) -> Demand | None:
    """Return whether ``table`` bears what is stated of it; None where nothing is."""
    load = table.load
    if load is None or (load.reads if access == "read" else load.writes) == 0:
        return None
    reading = access == "read"
    units = read_units(load, table.item_size) if reading else write_units(load, table.item_size)
    name = "RCU" if reading else "WCU"
    text = f"{_formula(table, load, reading)} = {units:g} {name}"
    limits = [(1.0, have, f"the table has {have} {name}", path) for have, path in _tables(table, reading)]
    if not reading and table.billing_mode == "provisioned":
        limits += [
            (1.0, index.write_capacity, f"the index {index.name} has {index.write_capacity} WCU", ("indexes", at))
            for at, index in enumerate(table.indexes)
            if index.type == "global" and index.write_capacity is not None
        ]
    if load.hot_key:
        most = PARTITION_READ if reading else PARTITION_WRITE
        hot = f"{load.hot_key * 100:g} % of it is on one key, whose partition gives {most} {name}"
        limits.append((load.hot_key, most, hot, ("load", "hot_key")))
    served, reason = 1.0, ""
    decides: tuple[str | int, ...] = ("load",)
    for part, have, why, path in limits:
        share = 1 - part + part * min(1.0, have / (units * part))
        if share < served:
            served, reason, decides = share, why, path
    return Demand(text, served, reason, decides)


def _tables(table: DynamoDbTableProperties, reading: bool) -> list[tuple[int, tuple[str | int, ...]]]:
    if table.billing_mode != "provisioned":
        return []
    name = "read_capacity" if reading else "write_capacity"
    have, most = getattr(table, name), getattr(table, f"max_{name}")
    return [(max(have, most or 0), (f"max_{name}",) if most and most > have else (name,))]


def _formula(table: DynamoDbTableProperties, load: Load, reading: bool) -> str:
    times = load.reads if reading else load.writes
    block = READ_KB if reading else WRITE_KB
    text = f"{times:g} {'reads' if reading else 'writes'}/s x ceil({table.item_size:g} KB / {block} KB)"
    if load.transactional:
        return f"{text} x 2 (transactions)"
    return f"{text} x 0.5 (eventually consistent)" if reading and not load.consistent else text
