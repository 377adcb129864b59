"""The service inventory joined with what is built: one row for each service, working or not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from archtui.facts.store import facts_of, failovers, rule_catalogue, services

if TYPE_CHECKING:
    from archtui.model.component import Json
    from archtui.model.kinds import Kind, Registry

_TRACES = {
    "dns": ("dns",),
    "packet_hop": ("packet",),
    "request_hop": ("request",),
    "data_store": ("request",),
    "event": ("event",),
}
"""Which trace a service belongs to by its part in a flow, where no kind says it."""


class RuleLike(Protocol):
    """What is needed of a rule here."""

    @property
    def id(self) -> str:
        """Its id, as in the catalogue."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds it is about."""


def service_rows(registry: Registry, rules: Iterable[RuleLike] = ()) -> list[dict[str, Json]]:
    """Return the rows of ``archtui services --format json``.

    ``rules`` are the implemented rules; those that only the catalogue knows stand under
    ``planned_rules``. ``place`` says whether a kind stands for the service: by its slug or an alias.
    """
    built = list(rules)
    catalogue = rule_catalogue()
    rows: list[dict[str, Json]] = []
    for entry in services():
        kind = _kind(registry, entry.slug)
        mine = {rule.id for rule in built if kind and kind.name in rule.kinds}
        listed = {rule.id for rule in catalogue.values() if entry.slug in rule.services}
        done = mine | (listed & {rule.id for rule in built})
        rows.append(
            {
                "id": entry.slug,
                "name": entry.name,
                "family": kind.family if kind else entry.category,
                "scope": entry.scope,
                "aliases": list(dict.fromkeys((*entry.aliases, *_words(kind, entry.slug)))),
                "place": kind is not None,
                "kind": kind.name if kind else None,
                "connects_to": [*sorted({edge.target for edge in entry.connects_to if edge.source == entry.slug})],
                "rules": [*sorted(done)],
                "planned_rules": [*sorted(listed - done)],
                "traces": list(kind.traces if kind else _TRACES.get(entry.in_flow, ())),
                "failure_modes": [*_modes(kind, entry.slug)],
                "facts": [fact.id for fact in facts_of(entry.slug)],
                "role": entry.role,
                "failure_domain": entry.failure_domain,
                "failover": entry.failover,
            }
        )
    return rows


def _kind(registry: Registry, slug: str) -> Kind | None:
    return registry[slug] if slug in registry else None  # noqa: SIM401 (a registry has no get)


def _words(kind: Kind | None, slug: str) -> tuple[str, ...]:
    if kind is None or kind.slug != slug:
        return ()
    return tuple(word for word in (kind.name, *kind.aliases) if word != slug)


def _modes(kind: Kind | None, slug: str) -> tuple[str, ...]:
    listed = kind.failure_modes if kind else ()
    return tuple(dict.fromkeys((*listed, *(entry.id for entry in failovers().values() if slug in entry.services))))
