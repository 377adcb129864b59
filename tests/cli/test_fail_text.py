"""``archtui fail`` as a person reads it, on gallery designs: 80 columns, the same every time, figures checked by hand.

Run with ``ARCHTUI_GOLDEN=write`` to write the files anew; read the difference before committing it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from archtui.cli.main import main

BLUEPRINTS = Path(__file__).resolve().parents[2] / "blueprints"
GOLDEN = Path(__file__).parent / "golden"
CASES = {
    "three-tier-az": ("three-tier", "az:eu-west-1a"),
    "three-tier-az-returns": ("three-tier", "az:eu-west-1a@60..1860", "slow:web-2=2s@0..60"),
    "two-regions-region": ("two-regions", "region:eu-west-1"),
    "global-site-region": ("global-site", "region:eu-west-1"),
    "queue-workers-az": ("queue-workers", "az:eu-west-1a"),
    "three-tier-seed-7": ("three-tier", "az:eu-west-1a", "--seed", "7"),
    "serverless-throttled": ("serverless-api", "throttle:orders=50%"),
}


def _words(name: str) -> list[str]:
    design, *words = CASES[name]
    options = words[words.index("--seed") :] if "--seed" in words else []
    targets = words[: len(words) - len(options)]
    down = [word for target in targets for word in ("--down", target)]
    return ["fail", str(BLUEPRINTS / f"{design}.yaml"), *down, *options]


@pytest.mark.parametrize("name", CASES)
def test_the_text_is_as_it_was(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(_words(name)) == 0
    shown = capsys.readouterr().out
    path = GOLDEN / f"fail-{name}.txt"
    if os.environ.get("ARCHTUI_GOLDEN") == "write":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")
    assert all(len(line) <= 80 or "https://" in line for line in shown.splitlines())


@pytest.mark.parametrize(
    ("name", "journey", "downtime", "degraded"),
    [
        # The standby takes 60 to 120 s; the balancer's checks (30 s x 2) and its name (60 s) are done by then.
        ("three-tier-az", "A customer opens the shop", (60, 120), (0, 0)),
        # One NAT gateway for each zone and a server in each: the lost zone's server has no other.
        ("three-tier-az", "The servers reach the payment provider", None, (0, 0)),
        # Health check 10 s x 3, then 60 s in caches.
        ("two-regions-region", "A customer opens the shop", (90, 90), (0, 0)),
        # As long as the balancer's target checks, 30 s x 2, then 60 s in caches; or up to 30 s by the accelerator.
        ("global-site-region", "Dublin reads in Ireland", (120, 120), (0, 0)),
        ("global-site-region", "Dublin plays through the accelerator", (60, 90), (0, 0)),
        # Half of the clients hold the lost node's address, half of the rest meets the lost server: 60 s each.
        ("queue-workers-az", "A customer places an order", (0, 0), (60, 60)),
        # The workers of the other zone take all the messages.
        ("queue-workers-az", "A worker writes the order down", (0, 0), (60, 60)),
    ],
)
def test_the_seconds_are_those_worked_out_by_hand(
    name: str,
    journey: str,
    downtime: tuple[float, float] | None,
    degraded: tuple[float, float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*_words(name), "--format", "json"]) == 0
    found = next(j for j in json.loads(capsys.readouterr().out)["journeys"] if j["name"] == journey)
    shown = None if found["downtime_s"] is None else (found["downtime_min_s"], found["downtime_s"])
    assert shown == downtime
    assert (found["degraded_min_s"], found["degraded_s"]) == degraded


def test_a_seed_draws_one_course(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for seed in ("4", "4", "5"):
        assert main([*_words("three-tier-az"), "--seed", seed, "--format", "json"]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1] != outputs[2]
    found = json.loads(outputs[0])
    assert found["seed"] == 4
    assert 60 <= found["journeys"][0]["downtime_s"] == found["journeys"][0]["downtime_min_s"] <= 120


def test_the_help_shows_every_way_to_write_a_target(capsys: pytest.CaptureFixture[str]) -> None:
    from archtui.world.targets import FORMS

    assert main(["fail", "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(form.written in shown and form.about in shown for form in FORMS.values())
    assert all(len(line) <= 80 for line in shown.splitlines())


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("slow:db=2s", ""),
        ("slow:nobody=2s", "nothing is called"),
        ("throttle:db=50%", "AWS throttles no RDS DB instance"),
        ("quota:everything", "there is no quota"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_with_status_2(
    target: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["fail", str(BLUEPRINTS / "three-tier.yaml"), "--down", target])
    error = capsys.readouterr().err
    assert status == (2 if said else 0)
    assert said in error
    assert len(error.splitlines()) == (1 if said else 0)
