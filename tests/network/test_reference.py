"""The engine against the reference interpreter; ``tests/benchmarks/reference_agreement.py`` asks many more."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from tests.benchmarks.reference_agreement import Agreement, compare
from tests.network.designs import two_subnets
from tests.reference.choices import Choices, every_run
from tests.reference.cloud import Cloud
from tests.reference.interpreter import Question, answer
from tests.rich_networks import rich


@pytest.mark.parametrize("seed", range(90_000, 90_012))
def test_both_readings_agree(seed: int) -> None:
    agreement = Agreement()
    compare(seed, agreement)
    assert not agreement.differences, agreement.differences[0]
    assert agreement.flows


def test_the_designs_hold_what_they_promise() -> None:
    agreement, kinds = Agreement(), set[object]()
    for seed in range(91_000, 91_012):
        compare(seed, agreement, 40)
        kinds |= {body["kind"] for body in rich(seed).parts.values()}
    assert kinds >= {
        "ec2",
        "elastic_ip",
        "internet_gateway",
        "nat_gateway",
        "network_acl",
        "network_interface",
        "network_load_balancer",
        "transit_gateway_route_table",
        "vpc_peering_connection",
    }
    assert agreement.verdicts["reachable"] > 30
    assert len(agreement.codes) > 15


def test_every_combination_of_choices_is_played_once() -> None:
    seen: list[tuple[str, ...]] = []

    def play(choices: Choices) -> bool:
        first = choices.pick("ab")
        seen.append((first, choices.pick("xyz")) if first == "a" else (first,))
        return True

    assert list(every_run(play)) == [True] * 4
    assert seen == [("a", "x"), ("a", "y"), ("a", "z"), ("b",)]


@pytest.mark.parametrize(
    ("source", "destination", "expected"),
    [
        ("a", "8.8.8.8", "reachable"),
        ("b", "8.8.8.8", "reachable"),
        ("internet", "198.51.100.10", "reachable"),
        ("internet", "198.51.100.7", "blocked"),
        ("internet", "10.0.1.10", "blocked"),
        ("a", "10.0.1.10", "reachable"),
        ("a", "10.0.1.99", "blocked"),
    ],
)
def test_the_reference_itself_on_a_design_known_by_heart(source: str, destination: str, expected: str) -> None:
    parts = two_subnets(nat={"private_ip": "10.0.0.5"})
    question = Question(source, IPv4Address(destination), "tcp", 443)
    assert answer(Cloud(parts, "eu-west-1"), question) == expected


def test_a_port_that_only_some_clients_choose_leaves_it_open() -> None:
    parts = two_subnets(
        nat={"private_ip": "10.0.0.5"},
        acl={
            "kind": "network_acl",
            "vpc": "v",
            "ingress": [{"rule": 1, "protocol": "tcp", "port": "1024-40000", "from": "0.0.0.0/0"}],
            "egress": [{"rule": 1, "to": "0.0.0.0/0"}],
        },
        sa={"nacl": "acl"},
    )
    question = Question("a", IPv4Address("10.0.1.10"), "tcp", 443)
    assert answer(Cloud(parts, "eu-west-1"), question) == "unknown"
