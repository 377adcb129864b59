"""KIN001, KIN002, KIN005: what a stream's shards bear, and how long it keeps records."""

from __future__ import annotations

import math
from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import JOURNEYS, LINKS, ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, set_property
from archtui.services.kinesis.properties import FirehoseStreamProperties, KinesisStreamProperties
from archtui.services.kinesis.sharing import classic_readers, shard_use, sharing
from archtui.services.lookups import as_kind
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/streams/latest/dev/"
_LIMITS = f"{_GUIDE}service-sizes-and-limits.html"
_KINDS = ("kinesis_stream",)
_READERS = ("lambda_function", "firehose_stream", "flink_application", LINKS)
_TWO = """\
components:
  clicks: {kind: kinesis_stream, mode: provisioned, shards: 1, load: {records: 900, record_size: 1.1}%s}
  one: {kind: lambda_function, event_sources: [{source: clicks}]}
  two: {kind: lambda_function, event_sources: [{source: clicks}]}
  three: {kind: lambda_function, event_sources: [{source: clicks}]}
"""


class SharedReads(ComponentRule):
    """Consumers that want more of a shard than it gives to all of them together."""

    id = "KIN001"
    title = "Consumers share 2 MB/s per shard"
    severity = "warning"
    class_ = "limits"
    kinds = _KINDS
    reads = _READERS
    why = "All consumers without enhanced fan-out share 2 MB/s of each shard; together they want more and fall behind."
    fix = "Give consumers enhanced fan-out, or add shards."
    sources = (f"{_GUIDE}enhanced-consumers.html", _LIMITS)
    facts = (
        "kinesis_data_streams-shard-read-01",
        "kinesis_data_streams-efo-01",
    )
    example_bad = _TWO % ""
    example_good = _TWO % ", enhanced_fan_out: [two, three]"
    example_finds = ("clicks", "one", "two", "three")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare what all want with what the shards give."""
        found = sharing(component, properties(component, KinesisStreamProperties), world)
        if found is None or len(found.readers) < 2:
            return
        rates = f"want {found.wanted:g} KB/s and share {found.have:g} KB/s"
        message = f"{len(found.readers)} consumers of {component.id} {rates}."
        yield self.finding(component.id, *found.readers, message=message, fixable=bool(self._movable(component, world)))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give every consumer that can have it a part of its own."""
        stream = as_kind(world, finding.subject, KinesisStreamProperties)
        movable = self._movable(world.components[finding.subject], world)
        if stream is None or not movable:
            return ()
        names: list[Json] = [*stream.enhanced_fan_out, *movable]
        edit = set_property(finding.subject, ("enhanced_fan_out",), names)
        return (Edit(f"give {', '.join(movable)} enhanced fan-out", edit.operations),)

    @staticmethod
    def _movable(component: Component, world: World) -> tuple[str, ...]:
        """Return the readers that may have enhanced fan-out: Firehose reads as it does."""
        stream = properties(component, KinesisStreamProperties)
        readers = classic_readers(component, stream, world)
        return tuple(name for name in readers if as_kind(world, name, FirehoseStreamProperties) is None)


class TooFewShards(ComponentRule):
    """More input than the shards take."""

    id = "KIN002"
    title = "Input above 1 MB/s or 1,000 records per shard"
    severity = "warning"
    class_ = "limits"
    kinds = _KINDS
    reads = ()
    why = "What a shard does not take is refused with ProvisionedThroughputExceededException."
    fix = "Add shards, spread the partition keys, or use the on-demand mode."
    sources = (_LIMITS,)
    facts = (
        "kinesis_data_streams-shard-write-01",
        "kinesis_data_streams-throttle-01",
    )
    example_bad = "components:\n  clicks: {kind: kinesis_stream, mode: provisioned, shards: 1, load: {records: 2500}}\n"
    example_good = (
        "components:\n  clicks: {kind: kinesis_stream, mode: provisioned, shards: 3, load: {records: 2500}}\n"
    )
    example_finds = ("clicks",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Do the arithmetic of the tracer."""
        stream = properties(component, KinesisStreamProperties)
        use = shard_use(stream)
        if use is None or use.served >= 1:
            return
        enough = math.ceil(use.needed)
        fixable = stream.mode == "provisioned" and self._bears(stream, enough)
        message = f"{component.id} needs {use.arithmetic}, but {use.reason}."
        yield self.finding(component.id, message=message, path=("load",), fixable=fixable, detail=(enough,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Have as many shards as the load needs."""
        return (set_property(finding.subject, ("shards",), finding.detail[0]),) if finding.fixable else ()

    @staticmethod
    def _bears(stream: KinesisStreamProperties, shards: int) -> bool:
        use = shard_use(stream.model_copy(update={"shards": shards}))
        return use is not None and use.served >= 1


class ShortRetention(ComponentRule):
    """Records that expire while the consumer may still be down."""

    id = "KIN005"
    title = "Retention shorter than the recovery time"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    reads = (JOURNEYS,)
    why = "While consumers are down records wait in the stream; those that get older than its retention are gone."
    fix = "Keep records longer than the longest outage that the journeys allow: up to 365 days."
    sources = (f"{_GUIDE}kinesis-extended-retention.html",)
    facts = ("kinesis_data_streams-retention-01",)
    _DESIGN = """\
components:
  clicks: {kind: kinesis_stream%s}
  web: {kind: internet}
journeys: [{name: Clicks are counted, from: internet, to: clicks, reaches: clicks, rto: 2d}]
"""
    example_bad = _DESIGN % ""
    example_good = _DESIGN % ", retention: 7d"
    example_finds = ("clicks",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the retention with the longest recovery time of the journeys."""
        longest = max((journey.rto for journey in world.blueprint.journeys if journey.rto is not None), default=0.0)
        retention = properties(component, KinesisStreamProperties).retention
        if longest > retention:
            hours = f"{retention / 3600:g} h; a journey may be down for {longest / 3600:g} h"
            yield self.finding(
                component.id, message=f"{component.id} keeps records for {hours}.", detail=(int(longest),)
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep them twice as long as the outage, so that there is time to catch up."""
        days = max(1, math.ceil(2 * int(finding.detail[0]) / 86400))
        return (set_property(finding.subject, ("retention",), min(365, days) * 86400),)
