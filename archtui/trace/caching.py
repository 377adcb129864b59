"""In which order an application asks a cache and the store behind it.

Lazy loading: a read asks the cache; after a miss it asks the store and fills the cache. A change goes to the store
alone: the cache gives the old answer until its entry expires. Write-through: reads as before; a change goes to the
store and then into the cache (ElastiCache User Guide, 'Caching strategies').
"""

from __future__ import annotations

from dataclasses import replace

from archtui.model.component import Component
from archtui.trace.interface import Arrival, Call, Reception, Shield, Shields, Walk, Way, hop
from archtui.world.steps import Action, RuleRef, Step

READS = ("GET", "HEAD", "OPTIONS")
LAZY, STALE, THROUGH = "elasticache-lazy-01", "elasticache-stale-01", "elasticache-write-through-01"


def in_order(calls: dict[str, Call], arrival: Arrival, walk: Walk) -> dict[str, Call]:
    """Return the calls of an application (by target) in the order that its caches bring."""
    http = arrival.message.http
    reading = http is None or http.method in READS
    for name in tuple(calls):
        cache = walk.world.components.get(name)
        shields = cache.kind.behaviour(Shields) if cache else None
        shield = shields.shields(cache, walk) if cache and shields else None
        if cache is None or shield is None or shield.store not in calls:
            continue
        rest = {key: call for key, call in calls.items() if key not in (name, shield.store)}
        order = _read if reading else _changed
        calls = order(arrival.component, cache, shield, calls) | rest
    return calls


def _read(component: Component, cache: Component, shield: Shield, calls: dict[str, Call]) -> dict[str, Call]:
    asked, call = calls[cache.id], calls[shield.store]
    if not shield.works:
        return {cache.id: asked, shield.store: call}
    ways: list[Way] = []
    source, message, ratio = call.ways[0].source, call.ways[0].message, shield.hit_ratio
    rule = RuleRef(cache.id, "hit ratio", ("before", "hit_ratio"))
    if ratio > 0:
        text = f"{cache.id} has the answer for {ratio * 100:.3g} % of the reads: the store behind it is not asked."
        hit = Step("application", Action.FORWARD, "", text, rule)
        ways.append(Way(ratio, "hit", source, None, message, (hop(component, hit),)))
    if ratio < 1:
        text = f"A miss: {component.id} asks {shield.store} and puts the answer into {cache.id}."
        miss = Step("application", Action.FORWARD, "", text, rule, facts=(LAZY,))
        label = f"miss: {call.ways[0].label}" if len(call.ways) == 1 else "miss"
        filled = _after(component, asked, f"{component.id} puts the answer into {cache.id}.", "fill", LAZY)
        made = Reception((hop(component, miss),), (call, filled))
        ways.append(Way(1 - ratio, label, source, None, message, reception=made))
    return {cache.id: asked, shield.store: replace(call, ways=tuple(ways))}


def _changed(component: Component, cache: Component, shield: Shield, calls: dict[str, Call]) -> dict[str, Call]:
    call = calls[shield.store]
    rule = RuleRef(cache.id, f"the strategy of {cache.id}", ("before", "strategy"))
    if shield.order == "write_through":
        text = f"{component.id} writes the change into {cache.id} too."
        return {shield.store: call, cache.id: _after(component, calls[cache.id], text, "write", THROUGH)}
    text = f"{cache.id} is not told of the change (lazy loading): it gives the old answer until its entry expires."
    told = hop(component, Step("application", Action.FORWARD, "", text, rule, facts=(STALE,)))
    return {shield.store: replace(call, ways=tuple(replace(way, hops=(told, *way.hops)) for way in call.ways))}


def _after(component: Component, call: Call, text: str, what: str, fact: str) -> Call:
    """Return the call of the cache that comes after the store's; the answer does not hang on it."""
    step = Step("application", Action.FORWARD, "", text, RuleRef(component.id, text), facts=(fact,))
    ways = tuple(replace(way, hops=(hop(component, step), *way.hops)) for way in call.ways)
    return replace(call, label=f"{call.label} ({what})", ways=ways, dependency="soft")


__all__ = ["in_order"]
