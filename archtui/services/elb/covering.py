"""Whether one listener rule takes every request of another."""

from __future__ import annotations

from functools import lru_cache

from archtui.services.elb.properties import ListenerRule
from archtui.services.lookups import network


def never_matches(rule: ListenerRule, after: ListenerRule) -> bool:
    """Say whether ``rule`` can match nothing that ``after``, tried before it, has not taken already.

    Each condition of the earlier rule must hold for every request of the later one. Where that is not
    certain the answer is False.
    """
    return (
        _patterns_within(rule.host, after.host, fold=True)
        and _patterns_within(rule.path, after.path, fold=False)
        and (not after.method or (bool(rule.method) and set(rule.method) <= set(after.method)))
        and _blocks_within(rule.source_ip, after.source_ip)
        and all(
            name in _lower(rule.header) and _patterns_within(_lower(rule.header)[name], values, fold=True)
            for name, values in _lower(after.header).items()
        )
        and all(name in rule.query and _covers(value, rule.query[name]) for name, value in after.query.items())
    )


def _lower(headers: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name.lower(): values for name, values in headers.items()}


def _patterns_within(inner: tuple[str, ...], outer: tuple[str, ...], fold: bool) -> bool:
    if not outer:
        return True
    if fold:
        inner, outer = tuple(map(str.lower, inner)), tuple(map(str.lower, outer))
    return bool(inner) and all(any(_covers(wide, narrow) for wide in outer) for narrow in inner)


def _blocks_within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    if not outer:
        return True
    return bool(inner) and all(
        any(
            (a := network(narrow)).version == (b := network(wide)).version
            and int(b.network_address) <= int(a.network_address)
            and int(a.broadcast_address) <= int(b.broadcast_address)
            for wide in outer
        )
        for narrow in inner
    )


@lru_cache(maxsize=4096)
def _covers(wide: str, narrow: str) -> bool:
    """Say whether every text that pattern ``narrow`` matches is matched by ``wide`` (``*`` and ``?``)."""
    if not wide:
        return not narrow
    if wide[0] == "*":
        return _covers(wide[1:], narrow) or (bool(narrow) and _covers(wide, narrow[1:]))
    if not narrow or narrow[0] == "*":
        return False
    return (wide[0] in ("?", narrow[0])) and _covers(wide[1:], narrow[1:])
