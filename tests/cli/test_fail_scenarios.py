"""``archtui fail --scenario`` and ``--scenarios``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archtui.cli.main import main

THREE_TIER = str(Path(__file__).resolve().parents[2] / "blueprints" / "three-tier.yaml")


def test_the_scenarios_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fail", THREE_TIER, "--scenarios", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["scenarios"]
    assert "AZ Availability: Power Interruption in eu-west-1a" in [item["title"] for item in found]


def test_a_scenario_is_played_in_each_of_its_places(capsys: pytest.CaptureFixture[str]) -> None:
    name = "AZ Availability: Power Interruption"
    assert main(["fail", THREE_TIER, "--scenario", name, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["scenarios"]
    assert [item["conditions"][0]["end_s"] for item in found] == [1800, 1800]


def test_a_scenario_that_touches_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fail", THREE_TIER, "--scenario", "Cross-Region: Connectivity"]) == 0
    assert "skipped: no target" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["--down", "db@9..3"], ["--scenario", "Meteor"]])
def test_what_cannot_be_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fail", THREE_TIER, *words]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
