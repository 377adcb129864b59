"""What the readers of describe output share: names in ARNs, groups, subnets of subnet groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archtui.formats.describe import Data, Inventory, items, text
from archtui.model.component import Json


def last_part(arn: str) -> str:
    """Return the name at the end of an ARN (``orders`` of ``arn:...:queue:orders`` and of ``.../orders``)."""
    return arn.rsplit(":", 1)[-1].rsplit("/", 1)[-1]


def region_of_arn(arn: str) -> str:
    """Return the region that an ARN names; empty: none."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 3 else ""


def group_ids(data: Data, path: str, key: str) -> list[str]:
    """Return the security groups in a list of mappings."""
    return [name for item in items(data, path) if (name := text(item, key))]


def subnets_of_groups(inventory: Inventory, key: str, name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the subnets of each subnet group that the list ``key`` describes, by its ``name``."""
    found: dict[str, tuple[str, ...]] = {}
    for record in inventory.of(key):
        subnets = (text(item, "SubnetIdentifier") for item in items(record.data, "Subnets"))
        found[text(record.data, name)] = tuple(subnet for subnet in subnets if subnet)
    return found


def outside(names: Iterable[str], what: str) -> dict[str, str]:
    """Return ``names`` as what may lie outside the input."""
    return dict.fromkeys((name for name in names if name), what)


def placed(subnets: Iterable[str], groups: Iterable[str]) -> dict[str, Json]:
    """Return the properties that say where a cluster's nodes stand."""
    found: dict[str, Json] = {"security_groups": list(groups)}
    where: list[Json] = list(subnets)
    return found | ({"subnets": where} if where else {})


__all__ = ["group_ids", "last_part", "outside", "placed", "region_of_arn", "subnets_of_groups"]
