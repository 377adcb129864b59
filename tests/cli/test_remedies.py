"""``archtui resilience FILE --remedies``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archtui.cli.main import main

DESIGN = """\
blueprint: one
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  net-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}
  net-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24}
  db-sg: {kind: security_group, vpc: vpc, ingress: [{port: 5432, from: 10.0.0.0/16}]}
  app: {kind: ec2, subnet: net-b}
  db: {kind: rds, engine: postgres, subnets: [net-a, net-b], security_groups: [db-sg]}
journeys:
  - {name: The application asks the database, from: app, to: db, protocol: tcp, port: 5432, reaches: db}
"""


def test_remedies_are_added_to_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(DESIGN, encoding="utf-8")
    assert main(["resilience", str(file), "--remedies", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    front = data["remedies"][0]["front"]
    assert [item["remedies"][0]["name"] for item in front] == ["rds.multi_az"]
    assert front[0]["unavailability"] < data["journeys"][0]["unavailability"]
    assert front[0]["edit"]["operations"]
    assert main(["resilience", str(file), "--remedies"]) == 0
    assert "turn Multi-AZ on for db" in capsys.readouterr().out


def test_without_the_option_nothing_is_searched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(DESIGN, encoding="utf-8")
    assert main(["resilience", str(file), "--format", "json"]) == 0
    assert "remedies" not in json.loads(capsys.readouterr().out)
