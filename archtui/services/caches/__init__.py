"""Caches in a VPC: ElastiCache, MemoryDB and DAX."""

from archtui.layout.depict import Line, Lines
from archtui.model.kinds import Kind
from archtui.services.caches import describe, trace
from archtui.services.caches import properties as p
from archtui.services.node_failure import ClusterFails
from archtui.services.nodes import ExpandsNodes, NodesNetwork, starts

KINDS = (
    Kind(
        name="elasticache_cluster",
        title="ElastiCache cluster",
        slug="elasticache",
        family="caches",
        code="ca",
        glyph="↯",
        summary="Keeps answers in memory: Redis or Valkey with replicas, or memcached without.",
        properties=p.CacheProperties,
        scope="vpc",
        aliases=("cache", "redis", "memcached", "valkey"),
        behaviours=(
            trace.CACHE,
            NodesNetwork(),
            ClusterFails(trace.CACHE, sla="amazon-elasticache-memcached-crossaz"),
            starts("elasticache_cluster"),
            describe.DescribesCache(),
            Lines((Line("before.store", "forward"),)),
            ExpandsNodes(),
        ),
        failure_modes=("node", "az", "region"),
        traces=("packet", "request"),
    ),
    Kind(
        name="memorydb_cluster",
        title="MemoryDB cluster",
        slug="memorydb",
        family="caches",
        code="md",
        glyph="⛂",
        summary="A database in memory that loses no confirmed write: its log is in several zones.",
        properties=p.MemoryDbProperties,
        scope="vpc",
        behaviours=(
            trace.MEMORYDB,
            NodesNetwork(),
            ClusterFails(trace.MEMORYDB, sla="amazon-memorydb"),
            starts("memorydb_cluster"),
            describe.DescribesMemoryDb(),
            ExpandsNodes(),
        ),
        failure_modes=("node", "az", "region"),
        traces=("packet", "request"),
    ),
    Kind(
        name="dax_cluster",
        title="DAX cluster",
        slug="dax",
        family="caches",
        code="dx",
        glyph="⟐",
        summary="A cache with DynamoDB's own API in a VPC, before a table.",
        properties=p.DaxProperties,
        scope="vpc",
        behaviours=(
            trace.DAX,
            NodesNetwork(),
            ClusterFails(trace.DAX),
            starts("dax_cluster"),
            ExpandsNodes(),
            Lines((Line("table", "forward"),)),
        ),
        failure_modes=("node", "az", "region"),
        traces=("packet", "request"),
    ),
)
