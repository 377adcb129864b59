"""DDB001, DDB002, DDB007: whether a table bears its load."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.services.dynamodb.capacity import PARTITION_READ, PARTITION_WRITE, read_units, write_units
from archtui.services.dynamodb.properties import DynamoDbTableProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
_PROVISIONED = f"{_GUIDE}provisioned-capacity-mode.html"
_KINDS = ("dynamodb_table",)
_ACCESSES: tuple[Literal["read", "write"], ...] = ("read", "write")


def _units(table: DynamoDbTableProperties, access: Literal["read", "write"]) -> float:
    if table.load is None:
        return 0.0
    return (read_units if access == "read" else write_units)(table.load, table.item_size)


class HotPartition(ComponentRule):
    """A partition key that gets more than a partition gives."""

    id = "DDB001"
    title = "Hot partition"
    severity = "warning"
    class_ = "performance"
    kinds = _KINDS
    reads = ()
    why = "A partition gives at most 3,000 RCU and 1,000 WCU; requests for its key beyond that are throttled."
    fix = "Spread the load over more keys (write sharding), or put a cache before the table."
    sources = (f"{_GUIDE}bp-partition-key-design.html",)
    facts = ("dynamodb-partition-max-01", "dynamodb-hot-key-01", "dynamodb-throttle-fix-01")
    example_bad = "components:\n  votes: {kind: dynamodb_table, load: {writes: 5000, hot_key: 40%}}\n"
    example_good = "components:\n  votes: {kind: dynamodb_table, load: {writes: 5000, hot_key: 10%}}\n"
    example_finds = ("votes",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Work out what the busiest key needs."""
        table = properties(component, DynamoDbTableProperties)
        if table.load is None or not table.load.hot_key:
            return
        for access, most, name in (("read", PARTITION_READ, "RCU"), ("write", PARTITION_WRITE, "WCU")):
            hot = _units(table, "read" if access == "read" else "write") * table.load.hot_key
            if hot > most:
                message = f"The busiest key of {component.id} needs {hot:g} {name}; its partition gives {most}."
                yield self.finding(component.id, message=message, path=("load", "hot_key"))


class TooLittleCapacity(ComponentRule):
    """Provisioned capacity below what the load needs."""

    id = "DDB002"
    title = "Provisioned capacity below the demand"
    severity = "warning"
    class_ = "performance"
    kinds = _KINDS
    reads = ()
    why = "Requests above the capacity get ProvisionedThroughputExceededException once the burst credit is used up."
    fix = "Raise the capacity, let auto scaling raise it, or use the on-demand mode."
    sources = (_PROVISIONED,)
    facts = ("dynamodb-rcu-formula-01", "dynamodb-wcu-formula-01", "dynamodb-throttle-01", "dynamodb-burst-01")
    example_bad = """\
components:
  orders: {kind: dynamodb_table, billing_mode: provisioned, item_size: 2.5, load: {writes: 10}}
"""
    example_good = """\
components:
  orders: {kind: dynamodb_table, billing_mode: provisioned, write_capacity: 30, item_size: 2.5, load: {writes: 10}}
"""
    example_finds = ("orders",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the units that the load needs with those there are, auto scaling included."""
        table = properties(component, DynamoDbTableProperties)
        if table.billing_mode != "provisioned":
            return
        for access, name in zip(_ACCESSES, ("RCU", "WCU"), strict=True):
            have = getattr(table, f"{access}_capacity")
            most = getattr(table, f"max_{access}_capacity")
            units = _units(table, access)
            if units > max(have, most or 0):
                key = f"max_{access}_capacity" if most and most > have else f"{access}_capacity"
                message = f"{component.id} needs {units:g} {name} and has {max(have, most or 0)}."
                yield self.finding(component.id, message=message, detail=(key, math.ceil(units)))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Set what the load needs, or pay by the request."""
        key, units = finding.detail
        enough = set_property(finding.subject, (str(key),), units)
        return enough, set_property(finding.subject, ("billing_mode",), "on_demand")


class NarrowIndex(ComponentRule):
    """A global index with less write capacity than its table."""

    id = "DDB007"
    title = "Write capacity of a global index below its table's"
    severity = "warning"
    class_ = "performance"
    kinds = _KINDS
    reads = ()
    why = "Each write of the table is one of the index too: when the index throttles, the table's write fails."
    fix = "Give the index the table's write capacity."
    sources = (f"{_GUIDE}GSI.html",)
    facts = ("dynamodb_gsi-throttle-01", "dynamodb_gsi-capacity-01")
    _DESIGN = """\
components:
  orders:
    kind: dynamodb_table
    billing_mode: provisioned
    write_capacity: 50
    indexes: [{name: by-day, partition_key: day, write_capacity: %d}]
"""
    example_bad = _DESIGN % 10
    example_good = _DESIGN % 50
    example_finds = ("orders",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare each index with the table."""
        table = properties(component, DynamoDbTableProperties)
        for at, index in enumerate(table.indexes if table.billing_mode == "provisioned" else ()):
            have = index.write_capacity
            if index.type == "global" and have is not None and have < table.write_capacity:
                message = f"The index {index.name} of {component.id} has {have} WCU, the table {table.write_capacity}."
                detail = (at, table.write_capacity)
                yield self.finding(component.id, message=message, path=("indexes", at), detail=detail)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give the index as much."""
        at, units = finding.detail
        return (set_property(finding.subject, ("indexes", at, "write_capacity"), units),)
