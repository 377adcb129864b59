"""CAC001, CAC002, CAC004, CAC006, DDB012: how caches are kept."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.caches.properties import CacheProperties, DaxProperties
from archtui.services.examples import NETWORK
from archtui.services.lookups import as_kind, is_public, zones_of
from archtui.services.private_places import off_the_internet
from archtui.services.spread import add_zone
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
_CACHES = ("elasticache_cluster",)
_SAFE = "transit_encryption: true, at_rest_encryption: true"
_KEPT = "replicas: 1, automatic_failover: true, multi_az: true"
_INSIDE = "subnets: [app-a, app-b]"


def _cache(settings: str) -> str:
    return f"{NETWORK}  sessions: {{kind: elasticache_cluster, {settings}}}\n"


class NoFailover(ComponentRule):
    """A Redis or Valkey cache that is gone with its node."""

    id = "CAC001"
    title = "Redis without replica, automatic failover and Multi-AZ"
    severity = "warning"
    class_ = "resilience"
    kinds = _CACHES
    why = "When the primary node or its zone fails, the cache is gone, and every read goes to the store behind it."
    fix = "Add a replica in another zone and let it take over by itself."
    sources = (f"{_GUIDE}AutoFailover.html",)
    facts = ("elasticache-redis-01",)
    example_bad = _cache(f"{_INSIDE}, {_SAFE}")
    example_good = _cache(f"{_INSIDE}, {_SAFE}, {_KEPT}")
    example_finds = ("sessions",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for all three."""
        cache = properties(component, CacheProperties)
        if cache.engine == "memcached":
            return
        lacking = [
            word
            for word, there in (
                ("no replica", cache.replicas > 0),
                ("no automatic failover", cache.automatic_failover),
                ("no Multi-AZ", cache.multi_az),
            )
            if not there
        ]
        if lacking:
            yield self.finding(component.id, message=f"{component.id} has {', '.join(lacking)}.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn on what is missing, in a second zone where there is none yet."""
        name = finding.subject
        cache = as_kind(world, name, CacheProperties)
        if cache is None:
            return ()
        edits = [set_property(name, (key,), True) for key in ("automatic_failover", "multi_az")]
        if not cache.replicas:
            edits.insert(0, set_property(name, ("replicas",), 1))
        wider = add_zone(world, name, cache.subnets) if len(zones_of(world, cache.subnets)) == 1 else ()
        return (join(f"let a replica take over in {name}", (*wider, *edits)),)


class MemcachedKeepsNothing(ComponentRule):
    """Memcached of which more is asked than it does."""

    id = "CAC002"
    title = "Memcached expected to persist, replicate or back up"
    severity = "error"
    class_ = "correctness"
    kinds = _CACHES
    reads = ()
    why = "Memcached has no replicas, no snapshots and no persistence: what a node held is gone with it."
    fix = "Use Redis or Valkey, or MemoryDB where no confirmed write may be lost."
    sources = (f"{_GUIDE}SelectEngine.html",)
    facts = ("elasticache-memcached-01", "memorydb-vs-elasticache-01")
    example_bad = _cache(f"{_INSIDE}, engine: memcached, durable: true")
    example_good = _cache(f"{_INSIDE}, engine: redis, durable: true, {_SAFE}, {_KEPT}")
    example_finds = ("sessions",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at what is asked of it."""
        cache = properties(component, CacheProperties)
        if cache.engine != "memcached":
            return
        asked = [
            word
            for word, wanted in (
                ("data that lasts", cache.durable),
                ("replicas", cache.replicas > 0 or cache.automatic_failover or cache.multi_az),
                ("snapshots", cache.snapshot_retention > 0),
            )
            if wanted
        ]
        if asked:
            message = f"{component.id} is memcached, which has no {', no '.join(asked)}."
            yield self.finding(component.id, message=message, path=("engine",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Use an engine that does."""
        return tuple(set_property(finding.subject, ("engine",), engine) for engine in ("valkey", "redis"))


class ClearTextCache(ComponentRule):
    """A cache in clear."""

    id = "CAC004"
    title = "Redis without encryption in transit or at rest"
    severity = "warning"
    class_ = "security"
    kinds = _CACHES
    reads = ()
    why = "Sessions and tokens go over the wire, and into snapshots, as they are."
    fix = "Turn both encryptions on."
    sources = (f"{_GUIDE}in-transit-encryption.html", f"{_GUIDE}at-rest-encryption.html")
    facts = ("elasticache-redis-01",)
    example_bad = _cache(f"{_INSIDE}, {_KEPT}")
    example_good = _cache(f"{_INSIDE}, {_KEPT}, {_SAFE}")
    example_finds = ("sessions",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at both switches."""
        cache = properties(component, CacheProperties)
        off = [
            word
            for word, on in (("in transit", cache.transit_encryption), ("at rest", cache.at_rest_encryption))
            if not on
        ]
        if off and cache.engine != "memcached":
            yield self.finding(component.id, message=f"{component.id} is not encrypted {' and '.join(off)}.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn both on."""
        name = finding.subject
        edits = [set_property(name, (key,), True) for key in ("transit_encryption", "at_rest_encryption")]
        return (join(f"encrypt {name}", edits),)


class PublicCache(ComponentRule):
    """A cache in a subnet with a route to the internet."""

    id = "CAC006"
    title = "Cache in a public subnet"
    severity = "error"
    class_ = "security"
    kinds = _CACHES
    why = "Nothing on the internet needs the cache; a route there is one of the few things between it and strangers."
    fix = "Use subnets without a route to an internet gateway."
    sources = (f"{_GUIDE}VPCs.html",)
    facts = ("elasticache-sg-01",)
    example_bad = _cache(f"subnets: [public-a, public-b], {_KEPT}, {_SAFE}")
    example_good = _cache(f"{_INSIDE}, {_KEPT}, {_SAFE}")
    example_finds = ("sessions", "public-a", "public-b")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the routes of its subnets; those of a default VPC leave no choice."""
        subnets = properties(component, CacheProperties).subnets
        public = [name for name in subnets if name in world.components and is_public(world, name)]
        if not public or all(world.components[name].implicit for name in public):
            return
        fixable = bool(off_the_internet(world, component.id, subnets, CacheProperties))
        message = f"{component.id} is in {', '.join(public)}, which has a route to the internet."
        yield self.finding(component.id, *public, message=message, path=("subnets",), fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Close the subnets where only caches are in them; otherwise move to others of the same VPC."""
        cache = as_kind(world, finding.subject, CacheProperties)
        return off_the_internet(world, finding.subject, cache.subnets, CacheProperties) if cache else ()


class SmallDax(ComponentRule):
    """A DAX cluster that one failure takes away."""

    id = "DDB012"
    title = "DAX cluster under three nodes or in one zone"
    severity = "warning"
    class_ = "resilience"
    kinds = ("dax_cluster",)
    why = "With the node the cache goes and, where it is the only one, the endpoint: all reads fall on the table."
    fix = "Run three nodes in different zones."
    sources = ("https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.concepts.cluster.html",)
    facts = ("dax-scale-01", "dax-vpc-01")
    _DESIGN = (
        NETWORK
        + "  items: {kind: dynamodb_table, point_in_time_recovery: true}\n"
        + "  front: {kind: dax_cluster, table: items, subnets: [app-a, app-b], node_count: %d}\n"
    )
    example_bad = _DESIGN % 1
    example_good = _DESIGN % 3
    example_finds = ("front",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count nodes and zones."""
        dax = properties(component, DaxProperties)
        zones = zones_of(world, dax.subnets)
        if dax.node_count < 3:
            yield self.finding(component.id, message=f"{component.id} has {dax.node_count} node(s); AWS wants three.")
        elif len(zones) == 1:
            fixable = bool(add_zone(world, component.id, dax.subnets))
            message = f"All nodes of {component.id} are in {zones[0]}."
            yield self.finding(component.id, message=message, path=("subnets",), fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Have three nodes, in two zones at least."""
        dax = as_kind(world, finding.subject, DaxProperties)
        if dax is None:
            return ()
        wider = add_zone(world, finding.subject, dax.subnets) if len(zones_of(world, dax.subnets)) == 1 else ()
        more = (set_property(finding.subject, ("node_count",), 3),) if dax.node_count < 3 else ()
        return (join(f"spread {finding.subject} over zones", (*wider, *more)),) if wider or more else ()
