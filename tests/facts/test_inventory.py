"""The rows of ``archtui services``: every service once, joined with what is built."""

from dataclasses import dataclass

from archtui import facts
from archtui.services import registry


@dataclass(frozen=True)
class _Rule:
    id: str
    kinds: tuple[str, ...]


def test_one_row_for_each_service_with_the_keys_of_the_contract() -> None:
    rows = facts.service_rows(registry())
    assert [row["id"] for row in rows] == [service.slug for service in facts.services()]
    wanted = {"id", "name", "family", "scope", "aliases", "place", "connects_to", "rules", "traces", "failure_modes"}
    assert all(wanted | {"facts"} <= row.keys() for row in rows)


def test_a_service_can_be_placed_where_a_kind_has_its_slug_or_an_alias() -> None:
    rows = {row["id"]: row for row in facts.service_rows(registry())}
    assert rows["igw"]["place"] is True
    assert rows["igw"]["kind"] == "internet_gateway"
    assert rows["rds_read_replica"]["kind"] == "db_instance"
    assert rows["arch_monolith"]["place"] is False


def test_rules_are_the_built_ones_and_the_rest_is_planned() -> None:
    before = {row["id"]: row for row in facts.service_rows(registry())}["nat_gateway"]
    rules = [_Rule("NET001", ("subnet",)), _Rule("NET005", ("nat_gateway",))]
    after = {row["id"]: row for row in facts.service_rows(registry(), rules)}["nat_gateway"]
    assert before["rules"] == []
    assert "NET005" in after["rules"]
    assert "NET005" not in after["planned_rules"]


def test_failure_modes_come_from_the_failover_table() -> None:
    rows = {row["id"]: row for row in facts.service_rows(registry())}
    assert "alb.target" in rows["alb"]["failure_modes"]
    assert "rds.multi_az_instance" in rows["rds"]["failure_modes"]
