"""What a stream's shards take, what they give, and who shares it."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.model.component import Component
from archtui.services.consumers import takers
from archtui.services.kinesis.properties import (
    FirehoseStreamProperties,
    FlinkApplicationProperties,
    KinesisStreamProperties,
)
from archtui.world.world import World

GET_RECORDS = "kinesis:GetRecords"
SHARD_KB, SHARD_RECORDS, SHARD_OUT_KB = 1024.0, 1000.0, 2048.0
"""What a shard takes in a second in KB and records, and what it gives to those that share it (Kinesis Data Streams
Developer Guide, 'Quotas and limits')."""


@dataclass(frozen=True, slots=True)
class ShardUse:
    """What the load needs of the shards, and the share that is served."""

    needed: float
    """Shards."""
    arithmetic: str
    served: float
    reason: str


def shard_use(stream: KinesisStreamProperties) -> ShardUse | None:
    """Return whether the shards bear the load; None where no load is stated or shards come as needed."""
    load = stream.load
    if load is None or load.records == 0:
        return None
    kilobytes = load.records * load.record_size
    needed = max(kilobytes / SHARD_KB, load.records / SHARD_RECORDS)
    text = f"max({kilobytes:g} KB/s / 1024, {load.records:g} records/s / 1000) = {needed:.3g} shards"
    served, reason = 1.0, ""
    if stream.mode == "provisioned" and needed > stream.shards:
        served, reason = stream.shards / needed, f"the stream has {stream.shards}"
    if load.hot_key and needed * load.hot_key > 1:
        share = 1 - load.hot_key + 1 / needed
        if share < served:
            served, reason = share, f"{load.hot_key * 100:g} % of it has one key, and a key is in one shard"
    return ShardUse(needed, text, served, reason)


@dataclass(frozen=True, slots=True)
class Sharing:
    """Consumers that want more of the shards than these give to all of them."""

    readers: tuple[str, ...]
    wanted: float
    """KB a second."""
    have: float
    """KB a second."""


def classic_readers(stream: Component, settings: KinesisStreamProperties, world: World) -> tuple[str, ...]:
    """Return the consumers without enhanced fan-out: functions, applications, Firehose streams and Flink."""
    reading = [
        edge.source
        for edge in world.referrers(stream.id)
        if edge.path == ("source",)
        and isinstance(world.components[edge.source].properties, FirehoseStreamProperties | FlinkApplicationProperties)
    ]
    found = dict.fromkeys((*takers(stream, GET_RECORDS, world), *reading))
    return tuple(name for name in found if name not in settings.enhanced_fan_out)


def sharing(stream: Component, settings: KinesisStreamProperties, world: World) -> Sharing | None:
    """Return the consumers that share too little; None: they do not, or the load is not stated."""
    load = settings.load
    if load is None or settings.mode != "provisioned":
        return None
    readers = classic_readers(stream, settings, world)
    wanted = len(readers) * load.records * load.record_size
    have = settings.shards * SHARD_OUT_KB
    return Sharing(readers, wanted, have) if wanted > have else None


__all__ = ["GET_RECORDS", "ShardUse", "Sharing", "classic_readers", "shard_use", "sharing"]
