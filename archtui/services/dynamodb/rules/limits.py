"""DDB003-DDB006, DDB008, DDB011: what a table and its indexes can do."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.services.dynamodb.capacity import ITEM_LIMIT_KB
from archtui.services.dynamodb.properties import DynamoDbTableProperties
from archtui.services.dynamodb.trace import STREAM_HOURS
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
_QUOTAS = f"{_GUIDE}ServiceQuotas.html"
_KINDS = ("dynamodb_table",)
LOCAL_INDEXES, GLOBAL_INDEXES = 5, 20
"""Secondary indexes of a table, at most (same guide, 'Quotas'; facts dynamodb_lsi-limit-01, dynamodb_gsi-limit-01)."""


class ItemTooLarge(ComponentRule):
    """Items that DynamoDB refuses."""

    id = "DDB003"
    title = "Item larger than 400 KB"
    severity = "error"
    class_ = "limits"
    kinds = _KINDS
    reads = ()
    why = "An item has at most 400 KB, the names of its attributes included; a larger one is refused."
    fix = "Put the body into S3 and keep its name in the item."
    sources = (_QUOTAS, f"{_GUIDE}bp-use-s3-too.html")
    facts = ("dynamodb-item-size-01",)
    example_bad = "components:\n  documents: {kind: dynamodb_table, item_size: 900}\n"
    example_good = "components:\n  documents: {kind: dynamodb_table, item_size: 2}\n"
    example_finds = ("documents",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the usual item with the limit."""
        size = properties(component, DynamoDbTableProperties).item_size
        if size > ITEM_LIMIT_KB:
            message = f"Items of {component.id} have {size:g} KB; DynamoDB takes {ITEM_LIMIT_KB}."
            yield self.finding(component.id, message=message, path=("item_size",))


class TooManyIndexes(ComponentRule):
    """More secondary indexes than a table may have."""

    id = "DDB004"
    title = "More than 5 local or 20 global secondary indexes"
    severity = "error"
    class_ = "limits"
    kinds = _KINDS
    reads = ()
    why = "DynamoDB refuses the next index; the limit of global ones can be raised on request, that of local ones not."
    fix = "Drop indexes, or let one serve several queries by a key that is built for it."
    sources = (_QUOTAS,)
    facts = ("dynamodb_lsi-limit-01", "dynamodb_gsi-limit-01")
    example_bad = (
        "components:\n  orders: {kind: dynamodb_table, indexes: ["
        + ", ".join(f"{{name: by-{at}, type: local, sort_key: k{at}}}" for at in range(6))
        + "]}\n"
    )
    example_good = (
        "components:\n  orders: {kind: dynamodb_table, indexes: [{name: by-day, type: local, sort_key: day}]}\n"
    )
    example_finds = ("orders",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the indexes by type."""
        indexes = properties(component, DynamoDbTableProperties).indexes
        for type_, most in (("local", LOCAL_INDEXES), ("global", GLOBAL_INDEXES)):
            count = sum(index.type == type_ for index in indexes)
            if count > most:
                message = f"{component.id} has {count} {type_} indexes; DynamoDB takes {most}."
                yield self.finding(component.id, message=message, path=("indexes",))


class LateLocalIndex(ComponentRule):
    """A local index that is to be added to a table that exists."""

    id = "DDB005"
    title = "Local index added after the table was made"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ()
    why = "A local secondary index can only be made together with its table."
    fix = "Use a global index, or make the table anew and copy its items."
    sources = (f"{_GUIDE}LSI.html",)
    facts = ("dynamodb_lsi-when-01", "dynamodb_gsi-when-01")
    _DESIGN = """\
components:
  orders:
    kind: dynamodb_table
    indexes: [{name: by-day, type: %s, sort_key: day, added_later: true}]
"""
    example_bad = _DESIGN % "local"
    example_good = _DESIGN % "global"
    example_finds = ("orders",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the local indexes that come later."""
        for at, index in enumerate(properties(component, DynamoDbTableProperties).indexes):
            if index.type == "local" and index.added_later:
                message = f"The local index {index.name} cannot be added to {component.id}, which exists."
                yield self.finding(component.id, message=message, path=("indexes", at), detail=(at,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Make it a global one."""
        return (set_property(finding.subject, ("indexes", finding.detail[0], "type"), "global"),)


class ConsistentIndexRead(ComponentRule):
    """Strongly consistent reads from a global index."""

    id = "DDB006"
    title = "Strongly consistent reads from a global index"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ()
    why = "A global index follows its table a moment later; a consistent read from it is refused."
    fix = "Read the table itself or a local index, or accept eventual consistency."
    sources = (f"{_GUIDE}HowItWorks.ReadConsistency.html",)
    facts = ("dynamodb_gsi-eventual-01", "dynamodb_lsi-strong-01")
    _DESIGN = """\
components:
  orders:
    kind: dynamodb_table
    indexes: [{name: by-day, type: %s, sort_key: day}]
    load: {reads: 10, consistent: true, index: by-day}
"""
    example_bad = _DESIGN % "global"
    example_good = _DESIGN % "local"
    example_finds = ("orders",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at what is read, and how."""
        table = properties(component, DynamoDbTableProperties)
        load = table.load
        index = next((item for item in table.indexes if load and item.name == load.index), None)
        if load and load.consistent and index and index.type == "global":
            message = f"{component.id} is read strongly consistently by its global index {index.name}."
            yield self.finding(component.id, message=message, path=("load",))


class NoPointInTime(ComponentRule):
    """A table whose mistakes cannot be undone."""

    id = "DDB008"
    title = "Point-in-time recovery is off"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    reads = ()
    why = (
        "Copies in three zones and in other regions take every mistake with them: a wrong delete is everywhere at once."
    )
    fix = "Turn point-in-time recovery on: any second of the last 35 days can be restored."
    sources = (f"{_GUIDE}Point-in-time-recovery.html",)
    facts = ("dynamodb-pitr-01",)
    example_bad = "components:\n  orders: {kind: dynamodb_table}\n"
    example_good = "components:\n  orders: {kind: dynamodb_table, point_in_time_recovery: true}\n"
    example_finds = ("orders",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the switch."""
        if not properties(component, DynamoDbTableProperties).point_in_time_recovery:
            yield self.finding(component.id, message=f"{component.id} cannot be restored to an earlier moment.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn it on."""
        return (set_property(finding.subject, ("point_in_time_recovery",), True),)


class OldStreamEvents(ComponentRule):
    """Consumers of a stream that need changes from longer ago than it keeps."""

    id = "DDB011"
    title = "Consumer needs changes older than 24 hours"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ()
    why = "A table's stream keeps changes for 24 hours; a consumer that was away for longer has lost some."
    fix = "Send the changes to a Kinesis stream, which keeps them up to 365 days, or archive them."
    sources = (f"{_GUIDE}Streams.html", f"{_GUIDE}kds.html")
    facts = ("dynamodb_streams-window-01",)
    example_bad = "components:\n  orders: {kind: dynamodb_table, stream: NEW_IMAGE, stream_replay: 3d}\n"
    example_good = "components:\n  orders: {kind: dynamodb_table, stream: NEW_IMAGE, stream_replay: 12h}\n"
    example_finds = ("orders",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare how far back consumers must read with what the stream keeps."""
        table = properties(component, DynamoDbTableProperties)
        if table.stream and table.stream_replay is not None and table.stream_replay > STREAM_HOURS * 3600:
            message = (
                f"Consumers of {component.id} need changes of the last {table.stream_replay / 3600:g} h; "
                f"its stream keeps {STREAM_HOURS} h."
            )
            yield self.finding(component.id, message=message, path=("stream_replay",))
