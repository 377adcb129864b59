"""What ``trace`` explains beside the steps: where a value comes from, how to close, what cannot fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.conftest import Ran

Run = Callable[..., Ran]
SHOP = "blueprints/three-tier.yaml"
TO_DB = ("--from", "web-1", "--to", "db", "--port", "5432", "--protocol", "tcp")


def test_why_follows_a_value_to_its_setting(archtui: Run) -> None:
    ran = archtui("trace", SHOP, *TO_DB, "--why", "port@db")
    assert ran.status == 0
    assert "set by  the request asks for it" in ran.out


def test_why_in_json_has_component_and_path(archtui: Run) -> None:
    words = ("--from", "internet", "--to", "https://shop.example.com/", "--why", "destination@public-a")
    ran = archtui("trace", SHOP, *words, "--format", "json")
    shown = [link["setting"] for link in ran.json["why"]]
    assert {"component": "shop", "path": ["alias"], "how": "written", "text": "shop.alias"} in shown


def test_a_field_that_is_not_there_is_refused_in_one_line(archtui: Run) -> None:
    ran = archtui("trace", SHOP, *TO_DB, "--why", "colour")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("the trace has no field 'colour'; it has ")


def test_expect_blocked_offers_edits_that_close(archtui: Run) -> None:
    words = ("--from", "web-1", "--to", "198.51.100.20", "--protocol", "tcp", "--port", "443", "--expect", "blocked")
    ran = archtui("trace", SHOP, *words, "--format", "json")
    assert ran.status == 1
    assert ran.json["fixes"]
    assert all(fix["verified"] for fix in ran.json["fixes"])


@pytest.mark.parametrize("target", ["private-a", "web-sg"])
def test_a_setting_that_is_said_to_be_down_is_told_to_change_nothing(archtui: Run, target: str) -> None:
    ran = archtui("trace", SHOP, *TO_DB, "--down", target)
    assert f"{target} (" in ran.err
    assert "nothing changes because of it" in ran.err
    assert ran.out.startswith("✓ Reachable")


def test_a_component_that_is_down_is_no_setting(archtui: Run) -> None:
    ran = archtui("trace", SHOP, *TO_DB, "--down", "web-2")
    assert "setting" not in ran.err
