"""Caches: each order of cache and store, with a request that takes it and one that does not."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.trace.request import Request
from tests.matrix.case import Area, Expected, MatrixCase
from tests.matrix.store_designs import CALL, INSIDE, PLACE, POST, design, met

_LAZY = "ElastiCache User Guide, 'Caching strategies' (lazy loading); fact elasticache-lazy-01"
_THROUGH = "ElastiCache User Guide, 'Caching strategies' (write-through); fact elasticache-write-through-01"
_STALE = "ElastiCache User Guide, 'Caching strategies'; fact elasticache-stale-01"
_DAX = "DynamoDB Developer Guide, 'DAX: How it works'"
_ROWS = f"  rows: {{kind: rds, engine: postgres, {PLACE}}}\n"


def _cached(ratio: float, strategy: str = "lazy_loading") -> str:
    before = f"before: {{store: rows, hit_ratio: {ratio}, strategy: {strategy}}}"
    cache = f"  cache: {{kind: elasticache_cluster, {PLACE}, {before}}}\n"
    return design(INSIDE % "" + _ROWS + cache, "fn cache dependency: soft", "fn rows")


def _dax(action: str, settings: str, load: str = "") -> str:
    items = f"  items: {{kind: dynamodb_table{load}}}\n"
    dax = f"  dax: {{kind: dax_cluster, table: items, {PLACE}, {settings}}}\n"
    return design(INSIDE % "" + items + dax, f'fn dax action: "dynamodb:{action}"')


def _order(
    row: str, source: str, taken: tuple[str, Request, Expected], left: tuple[str, Request, Expected], down: str = ""
) -> Iterator[MatrixCase]:
    broken = (down,) if down else ()
    yield MatrixCase("cache order", row, True, *taken, source, broken)
    yield MatrixCase("cache order", row, False, *left, source)


CASES = (
    *_order(
        "hit",
        _LAZY,
        (_cached(1), CALL, met(cache=1, rows=0)),
        (_cached(0.25), CALL, met(cache=1, rows=0.75)),
    ),
    *_order(
        "miss",
        _LAZY,
        (_cached(0.25), CALL, met(cache=1, rows=0.75)),
        (_cached(1), CALL, met(cache=1, rows=0)),
    ),
    *_order(
        "write past a lazy cache",
        _STALE,
        (_cached(0.25), POST, met(cache=0, rows=1)),
        (_cached(0.25, "write_through"), POST, met(cache=1, rows=1)),
    ),
    *_order(
        "write through",
        _THROUGH,
        (_cached(1, "write_through"), POST, met(cache=1, rows=1)),
        (_cached(1, "write_through"), CALL, met(cache=1, rows=0)),
    ),
    *_order(
        "lost cache",
        _LAZY,
        (_cached(0.25), CALL, met(rows=1)),
        (_cached(0.25), CALL, met(rows=0.75)),
        down="cache",
    ),
    *_order(
        "DAX item cache",
        _DAX,
        (_dax("GetItem", "item_hit_ratio: 0.9"), CALL, met(dax=1, items=0.1)),
        (_dax("Query", "item_hit_ratio: 0.9, query_hit_ratio: 0"), CALL, met(dax=1, items=1)),
    ),
    *_order(
        "DAX query cache",
        _DAX,
        (_dax("Query", "query_hit_ratio: 0.5"), CALL, met(dax=1, items=0.5)),
        (_dax("GetItem", "item_hit_ratio: 0, query_hit_ratio: 0.5"), CALL, met(dax=1, items=1)),
    ),
    *_order(
        "DAX write-through",
        f"{_DAX}; fact dax-write-through-01",
        (_dax("PutItem", "item_hit_ratio: 1"), CALL, met(items=1)),
        (_dax("GetItem", "item_hit_ratio: 1"), CALL, met(items=0)),
    ),
    *_order(
        "DAX consistent read",
        _DAX,
        (_dax("GetItem", "item_hit_ratio: 1", ", load: {consistent: true}"), CALL, met(items=1)),
        (_dax("GetItem", "item_hit_ratio: 1"), CALL, met(items=0)),
    ),
)
ROWS: dict[Area, tuple[str, ...]] = {"cache order": tuple(dict.fromkeys(case.row for case in CASES))}
