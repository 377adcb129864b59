"""Properties of DynamoDB tables, named as the DynamoDB API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Duration, Part, Percent, Properties, Region
from archtui.services.permissions import KeyRef, PolicyText


class Index(Part):
    """A secondary index of a table."""

    name: str
    """Its name."""
    type: Literal["global", "local"] = "global"
    """Global: another partition key, eventually consistent, capacity of its own; local: another sort key only."""
    partition_key: str = ""
    """Its partition key; a local index has the table's."""
    sort_key: str = ""
    """Its sort key; left out: none."""
    write_capacity: Annotated[int, Field(ge=1)] | None = None
    """Write capacity units of a global index in provisioned mode; left out: the table's."""
    added_later: bool = False
    """Whether it is added to a table that exists already; only a global index can be."""


class Load(Part):
    """What a table has to bear, for the arithmetic of its capacity."""

    reads: Annotated[float, Field(ge=0)] = 0.0
    """Reads in a second."""
    writes: Annotated[float, Field(ge=0)] = 0.0
    """Writes in a second."""
    consistent: bool = False
    """Whether reads are strongly consistent; they cost twice as much."""
    transactional: bool = False
    """Whether reads and writes are transactions; these cost twice as much again."""
    index: str = ""
    """The index that is read; left out: the table itself."""
    hot_key: Percent | None = None
    """The share of the load on the busiest partition key; left out: the keys are spread evenly."""


class DynamoDbTableProperties(Properties):
    """A table of items, kept in three zones of its region."""

    partition_key: str = "id"
    """The partition key."""
    sort_key: str = ""
    """The sort key; left out: the partition key alone tells items apart."""
    billing_mode: Literal["on_demand", "provisioned"] = "on_demand"
    """How capacity is had: by the request, or set in advance."""
    read_capacity: Annotated[int, Field(ge=1)] = 5
    """Read capacity units in provisioned mode: a strongly consistent read of 4 KB in a second each."""
    write_capacity: Annotated[int, Field(ge=1)] = 5
    """Write capacity units in provisioned mode: a write of 1 KB in a second each."""
    max_read_capacity: Annotated[int, Field(ge=1)] | None = None
    """How far auto scaling raises the read capacity; left out: it does not."""
    max_write_capacity: Annotated[int, Field(ge=1)] | None = None
    """How far auto scaling raises the write capacity; left out: it does not."""
    item_size: Annotated[float, Field(gt=0)] = 1.0
    """KB of the usual item; DynamoDB takes at most 400."""
    load: Load | None = None
    """What it has to bear; left out: nothing is said of it, so nothing is throttled."""
    indexes: tuple[Index, ...] = ()
    """Its secondary indexes."""
    stream: Literal["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] | None = None
    """What its stream says of a change; left out: it has no stream."""
    stream_replay: Annotated[Duration, Field(ge=0)] | None = None
    """Seconds back that consumers of the stream must be able to read; left out: not stated. It keeps 24 hours."""
    ttl_attribute: str = ""
    """The attribute with the second in which an item expires; left out: items do not."""
    replicas: tuple[Region, ...] = ()
    """The other regions of a global table; callers use the replica of their own region."""
    multi_region_consistency: Literal["eventual", "strong"] = "eventual"
    """Whether a write waits for other regions (strong) or they follow about a second later (eventual)."""
    point_in_time_recovery: bool = False
    """Whether any second of the last 35 days can be restored."""
    deletion_protection: bool = False
    """Whether it is guarded against deletion."""
    policy: PolicyText = ""
    """Its resource policy; left out: none."""
    kms_key: KeyRef | None = None
    """The key that encrypts it; left out: one that AWS owns."""
    region: Region | None = None
    """The region; left out: the design's."""


__all__ = ["DynamoDbTableProperties", "Index", "Load"]
