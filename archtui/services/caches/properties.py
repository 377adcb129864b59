"""Properties of caches in a VPC: ElastiCache, MemoryDB, DAX."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from archtui.model.fields import Part, Reference
from archtui.services.nodes import NodeProperties


class Before(Part):
    """The store a cache stands before, and how often that is spared."""

    store: Annotated[str, Reference((), "uses")]
    """The database whose answers it keeps."""
    hit_ratio: Annotated[float, Field(ge=0, le=1)] = 0.8
    """The share of reads that it answers itself."""
    strategy: Literal["lazy_loading", "write_through"] = "lazy_loading"
    """Lazy loading: filled after a miss; write-through: written with every change of the store."""


class CacheProperties(NodeProperties):
    """An ElastiCache cluster."""

    engine: Literal["redis", "valkey", "memcached"] = "redis"
    """What it speaks; memcached keeps no copies and no backups."""
    shards: Annotated[int, Field(ge=1, le=500)] = 1
    """Shards (cluster mode, above 1), or nodes of memcached: each key is in one of them."""
    replicas: Annotated[int, Field(ge=0, le=5)] = 0
    """Read replicas of each shard, in other zones in turn."""
    automatic_failover: bool = False
    """Whether a replica takes over from its primary; cluster mode needs it."""
    multi_az: bool = False
    """Whether replicas stand in other zones than their primary and take over from a lost zone."""
    before: Before | None = None
    """The store it stands before; left out: applications say nothing of it."""
    transit_encryption: bool = False
    """Whether connections are encrypted."""
    at_rest_encryption: bool = False
    """Whether what it keeps on disk is encrypted."""
    snapshot_retention: Annotated[int, Field(ge=0, le=35)] = 0
    """Days that snapshots are kept; 0: none are made."""
    durable: bool = False
    """Whether the design relies on what it keeps: sessions, counters."""

    @property
    def ports(self) -> tuple[int, ...]:
        """6379, or 11211 of memcached."""
        return (self.port or (11211 if self.engine == "memcached" else 6379),)

    def count(self) -> int:
        """Return its nodes; what stands first holds the primaries."""
        return self.shards if self.engine == "memcached" else self.shards * (1 + self.replicas)


class MemoryDbProperties(NodeProperties):
    """A MemoryDB cluster: an in-memory database whose log is kept in several zones."""

    usual_ports: ClassVar[tuple[int, ...]] = (6379,)

    replicas: Annotated[int, Field(ge=0, le=5)] = 1
    """Replicas of each shard."""
    shards: Annotated[int, Field(ge=1, le=500)] = 1
    """Its shards."""

    def count(self) -> int:
        """Return its nodes."""
        return self.shards * (1 + self.replicas)


class DaxProperties(NodeProperties):
    """A DAX cluster: a cache with DynamoDB's own API, inside a VPC."""

    table: Annotated[str, Reference(("dynamodb_table",), "uses")]
    """The table it stands before."""
    node_count: Annotated[int, Field(ge=1, le=11)] = 3
    """Its nodes: a primary that takes writes, and replicas; AWS wants three or more."""
    item_hit_ratio: Annotated[float, Field(ge=0, le=1)] = 0.8
    """The share of GetItem and BatchGetItem that its item cache answers."""
    query_hit_ratio: Annotated[float, Field(ge=0, le=1)] = 0.5
    """The share of Query and Scan that its query cache answers."""
    ttl: Annotated[float, Field(ge=0)] = 300.0
    """Seconds that both caches keep what they hold; 5 minutes by default."""
    tls: bool = False
    """Whether it takes encrypted connections (port 9111) instead of plain ones (8111)."""

    @property
    def ports(self) -> tuple[int, ...]:
        """8111, or 9111 with TLS."""
        return (self.port or (9111 if self.tls else 8111),)

    def count(self) -> int:
        """Return its nodes."""
        return self.node_count


__all__ = ["Before", "CacheProperties", "DaxProperties", "MemoryDbProperties"]
