"""What caches do with a request: hit or miss, read through or written through."""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.caches.properties import CacheProperties, DaxProperties
from archtui.services.dynamodb.trace import access_of
from archtui.services.events import API, accepted
from archtui.services.node_trace import ClusterBehaviour, nodes_at_work
from archtui.trace.interface import Arrival, Call, Shield, Shields, Walk, Way, hop
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step


class CacheBehaviour(ClusterBehaviour, Shields):
    """An ElastiCache cluster: one primary, or shards of which each has its part of the keys.

    Sources: ElastiCache User Guide, 'Caching strategies', 'Minimizing downtime by using Multi-AZ'.
    """

    host = "{id}.cache.{region}.amazonaws.com"

    def mechanism(self, component: Component) -> str:
        cache = properties_as(component, CacheProperties)
        if cache.engine == "memcached":
            return "elasticache.memcached"
        return "elasticache.redis_multi_az" if cache.replicas and cache.automatic_failover else ""

    def replaced(self, component: Component) -> bool:
        return properties_as(component, CacheProperties).engine == "memcached"

    def readers(self, component: Component) -> bool:
        cache = properties_as(component, CacheProperties)
        return cache.engine != "memcached" and cache.replicas > 0

    def spread(self, component: Component) -> bool:
        return properties_as(component, CacheProperties).shards > 1

    def text(self, component: Component, arrival: Arrival, walk: Walk) -> str:
        cache = properties_as(component, CacheProperties)
        where = f" in one of {cache.shards} shards" if cache.shards > 1 else ""
        return f"{component.id} ({cache.engine}) looks the key up{where}, in memory."

    def shields(self, component: Component, walk: Walk) -> Shield | None:
        before = properties_as(component, CacheProperties).before
        if before is None:
            return None
        works = not walk.is_down(component.id) and bool(nodes_at_work(component, walk))
        return Shield(before.store, before.hit_ratio, before.strategy, works)


class MemoryDbBehaviour(ClusterBehaviour):
    """MemoryDB answers from memory and keeps every write in a log in several zones."""

    host = "clustercfg.{id}.memorydb.{region}.amazonaws.com"

    def mechanism(self, component: Component) -> str:
        return "memorydb.multi_az"


class DaxBehaviour(ClusterBehaviour):
    """DAX answers eventually consistent reads from its caches and passes everything else on to the table.

    Source: DynamoDB Developer Guide, 'DAX: How it works': the item cache for GetItem and BatchGetItem, the query
    cache for Query and Scan; strongly consistent reads pass through and are not kept; writes go to the table first.
    """

    host = "{id}.dax-clusters.{region}.amazonaws.com"

    def spread(self, component: Component) -> bool:
        return True

    def text(self, component: Component, arrival: Arrival, walk: Walk) -> str:
        dax = properties_as(component, DaxProperties)
        return f"{component.id} takes the request with DynamoDB's API; it keeps answers {dax.ttl:g} s."

    def calls(self, arrival: Arrival, walk: Walk) -> tuple[Call, ...]:
        component, action = arrival.component, arrival.message.action
        dax = properties_as(component, DaxProperties)
        table = walk.world.components[dax.table]
        load = getattr(table.properties, "load", None)
        name = action.partition(":")[2]
        querying = name in ("Query", "Scan")
        ratio = dax.query_hit_ratio if querying else dax.item_hit_ratio
        cache = "query cache" if querying else "item cache"
        path = "query_hit_ratio" if querying else "item_hit_ratio"
        if access_of(action) == "write":
            ratio, why = 0.0, f"{component.id} writes through to {dax.table}, then keeps the item."
        elif load is not None and load.consistent:
            ratio, why = 0.0, f"A strongly consistent read passes through {component.id} to {dax.table}."
        else:
            why = f"A miss in the {cache} of {component.id}: it asks {dax.table} and keeps the answer."
        rule = RuleRef(component.id, why, (path,))
        message = API if not action else type(API)("tcp", 443, called=True, action=action)
        miss = Step("service", Action.ORIGINATE, "", why, rule)
        ways = [
            Way(1 - ratio, "miss", Endpoint(component.id), dax.table, message, (hop(component, miss),), internal=why)
        ]
        if ratio > 0:
            text = f"A hit in the {cache} of {component.id}: {dax.table} is not asked."
            hit = accepted(component, text, path)
            ways.insert(0, Way(ratio, "hit", Endpoint(component.id), None, API, (hop(component, hit),), 200))
        return (Call(f"{component.id} > {dax.table}", tuple(w for w in ways if w.weight > 0), relays=True),)


CACHE, MEMORYDB, DAX = CacheBehaviour(), MemoryDbBehaviour(), DaxBehaviour()

__all__ = ["CACHE", "DAX", "MEMORYDB"]
