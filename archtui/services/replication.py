"""Copies that follow a database: what reaches them and when, and what they refuse."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.events import EVENT, accepted, refused
from archtui.trace import codes
from archtui.trace.interface import Call, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, Hop, RuleRef, Step


def replicated(
    source: Component,
    replica: str,
    text: str,
    walk: Walk,
    *,
    lag: Latency | None = None,
    facts: tuple[str, ...] = (),
) -> Call:
    """Return the call by which AWS copies a change from ``source`` to ``replica`` after the answer.

    ``lag`` is how long that takes; None: AWS promises no time.
    """
    copy = walk.world.components[replica]
    rule = RuleRef(replica, f"{replica} follows {source.id}", ("replica_of",))
    hops: tuple[Hop, ...]
    if walk.is_down(replica):
        text = f"{replica} is lost; it gets the change of {source.id} when it is back."
        hops = (hop(source, Step("service", Action.FORWARD, codes.DATABASE_REPLICA_BEHIND, text, rule)),)
    else:
        sent = Step("service", Action.ORIGINATE, "", text, rule, facts=facts)
        hops = (hop(source, sent), hop(copy, accepted(copy, f"{replica} has the change.", "replica_of")))
    way = Way(1.0, replica, Endpoint(source.id), None, EVENT, hops)
    return Call(f"{source.id} > {replica}", (way,), "after", delay=lag)


def read_only(component: Component, what: str) -> Step:
    """Return the step by which a copy refuses a write."""
    text = f"{component.id} is {what}: it takes no writes."
    facts = ("rds_read_replica-readonly-01", "aurora_global_database-readonly-01")
    return refused(component, codes.DATABASE_READ_ONLY, text, facts=facts)


def promoted(mechanism: str, walk: Walk) -> bool:
    """Whether a person has promoted the copy: ``mechanism`` is none that works by itself."""
    return walk.condition.time is not None and walk.acts(mechanism)


__all__ = ["promoted", "read_only", "replicated"]
