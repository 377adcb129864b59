"""How many connections a database takes at once.

Source: RDS User Guide, 'Quotas and constraints for Amazon RDS', 'Maximum number of database connections': a formula
of the engine over the memory of the class. What the system takes of the memory is not known, so this is the most.
"""

from __future__ import annotations

from archtui.services.rds.properties import DbInstanceProperties

_GIB = 1024**3
_BURSTABLE = {"micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16, "2xlarge": 32}
"""GiB of the classes db.t2, db.t3 and db.t4g ('DB instance classes', hardware specifications)."""
_LARGE = {"m": 8, "r": 16}
"""GiB of a ``large`` of the general and of the memory-optimized families; each size doubles the one before."""
_BYTES_EACH = {"mysql": 12582880, "mariadb": 12582880, "postgres": 9531392, "oracle": 9868951}
_MOST = {"postgres": 5000, "oracle": 20000}


def memory_of(instance_class: str) -> float | None:
    """Return the memory of a class (``db.t3.micro``) in GiB; None where it is not known."""
    parts = instance_class.split(".")
    if len(parts) != 3 or not parts[1]:
        return None
    family, size = parts[1], parts[2]
    if family.startswith("t"):
        return _BURSTABLE.get(size)
    large = _LARGE.get(family[0]) if family[1:2].isdigit() else None
    if large is None or not (size == "large" or size.endswith("xlarge")):
        return None
    times = size.removesuffix("large")
    factor = 1 if times == "" else 2 * int(times[:-1] or 1) if times[:-1].isdigit() or times == "x" else None
    return large * factor if factor else None


def connections_of(database: DbInstanceProperties) -> int | None:
    """Return how many connections ``database`` takes at most; None where its class or engine says nothing."""
    if database.max_connections is not None:
        return database.max_connections
    memory, each = memory_of(database.instance_class), _BYTES_EACH.get(database.engine)
    if memory is None or each is None:
        return None
    return min(int(memory * _GIB / each), _MOST.get(database.engine, 100000))


__all__ = ["connections_of", "memory_of"]
