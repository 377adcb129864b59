"""What databases connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component
from archtui.model.connect import Way
from archtui.model.edits import set_property
from archtui.services.lookups import as_kind
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.wiring import RefusedError, Wiring, never, way


def _replica(wiring: Wiring, primary: Component, replica: Component) -> str:
    """Make ``replica`` an asynchronous read replica of ``primary``."""
    one = as_kind(wiring.world, primary.id, DbInstanceProperties)
    other = as_kind(wiring.world, replica.id, DbInstanceProperties)
    if one is None or other is None or one.engine != other.engine:
        raise RefusedError(
            f"{primary.id} and {replica.id} run different engines; a replica runs the engine of its primary.",
            "Choose one engine for both, or migrate with another service.",
        )
    if one.replica_of == replica.id:
        raise RefusedError(f"{primary.id} is a replica of {replica.id} already.")
    if other.replica_of != primary.id:
        wiring.do(
            set_property(replica.id, ("replica_of",), primary.id),
            f"{replica.id} becomes a read replica of {primary.id}",
        )
    return f"{primary.id} replicates to {replica.id}"


DATABASE: Mapping[str, Way] = {
    "db_instance": way(_replica),
    "ec2_instance": never(
        "{a} answers; it opens no connections to an application.", "Connect {b} to {a}: the application asks."
    ),
    "internet": never("A database needs no way out.", "AWS patches and backs it up without one."),
}
