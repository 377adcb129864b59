"""The switches of ``tests/benchmarks/ablation.py``: each takes something away and gives it back."""

from __future__ import annotations

import pytest

from tests.benchmarks.ablation import RULES, sample, verdicts, without


@pytest.fixture(scope="module")
def networks() -> object:
    return sample(4)


SEEN_IN_FOUR = (
    "the reply's way",
    "network ACLs",
    "security groups",
    "1:1 NAT at the internet gateway",
    "not every interface is a host",
    "NAT gateways answer nothing themselves",
)
"""Rules that even a few flows need; the benchmark asks thousands."""


@pytest.mark.parametrize("name", RULES)
def test_a_rule_can_be_switched_off_and_on_again(name: str, networks: list) -> None:  # type: ignore[type-arg]
    before = verdicts(networks)
    with without(name):
        changed = verdicts(networks)
    assert verdicts(networks) == before
    assert name not in SEEN_IN_FOUR or changed != before
