"""Many flows at once are decided as each flow alone is."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archtui.network.addresses import address_text
from archtui.network.batch import decide_many
from archtui.network.engine import decide, network_of
from archtui.network.flow import Flow, FlowError
from archtui.world.condition import HEALTHY, Condition, condition_for
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.benchmarks.reach import enis
from tests.labs import lab_names, load_lab
from tests.network.designs import two_subnets, world
from tests.network.hybrid_designs import hybrid
from tests.network.reach_designs import mixed
from tests.network.test_properties import _design as pair_of_networks

_ELSEWHERE = (
    "8.8.4.4",
    "203.0.113.7",
    "192.0.2.1",
    "10.77.0.1",
    "10.0.0.250",
    "10.0.0.2",
    "192.168.3.4",
    "100.64.1.1",
    "169.254.169.253",
    "224.0.0.9",
    "127.0.0.1",
    "2001:db8::1",
)
"""Addresses that a design hardly gives to anybody, one of each sort that packets meet."""
_PORTS = (22, 53, 80, 80, 443, 443, 1024, 5432, None)
_SENT = (None, None, None, 80, 443, 1024, 40000)


def flows(compiled: World, rng: random.Random, count: int) -> Iterator[Flow]:
    """Yield random flows between components, interfaces, addresses and words that are none of them."""
    network = network_of(compiled)
    held = [*network.by_address, *network.by_public, *network.idle_publics, *network.externals.values()]
    addresses = [*map(address_text, held), *_ELSEWHERE]
    words = [*compiled.components, *network.interfaces, "internet", "nobody"]

    def end() -> str:
        return rng.choice((list(network.of_component), ["internet"], addresses, words)[rng.choice((0, 0, 0, 1, 2, 3))])

    for _ in range(count):
        yield Flow(
            end(),
            end(),
            rng.choice(("tcp", "tcp", "tcp", "udp", "icmp", "47", "all")),
            rng.choice((*_PORTS, rng.randrange(65536))),
            rng.choice((*_SENT, rng.randrange(65536))),
            rng.choice(((8, 0), (8, 0), (3, 4))),
        )


def check_agreement(compiled: World, rng: random.Random, count: int, condition: Condition = HEALTHY) -> set[Verdict]:
    asked = list(flows(compiled, rng, count))
    answers = list(decide_many(compiled, asked, condition))
    for flow, answer in zip(asked, answers, strict=True):
        assert answer == decide(compiled, flow, condition), flow
    return {answer.verdict for answer in answers}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 1_000_000))
def test_on_random_networks(seed: int) -> None:
    rng = random.Random(seed)
    compiled = world(mixed(seed))
    assert check_agreement(compiled, rng, 300) == set(Verdict)
    check_agreement(compiled, rng, 150, condition_for(compiled, ("az:eu-west-1a",)))
    check_agreement(compiled, rng, 150, condition_for(compiled, ("v0-h0", "v1-igw", "tgw")))
    check_agreement(world(pair_of_networks(seed).parts), rng, 300)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 1_000_000))
def test_on_random_networks_outside_aws(seed: int) -> None:
    compiled = world(hybrid(seed))
    sites = list(network_of(compiled).premises)
    check_agreement(compiled, random.Random(seed), 200)
    check_agreement(compiled, random.Random(seed), 100, condition_for(compiled, ("cgw0",)))
    asked = [Flow(a, b, "tcp", port) for a in sites for b in ("v0-h", "v1-h", "192.168.1.7") for port in (22, 80, 443)]
    asked += [Flow(flow.destination, flow.source, "tcp", flow.port) for flow in asked]
    answers = decide_many(compiled, asked)
    assert all(answer == decide(compiled, flow) for flow, answer in zip(asked, answers, strict=True))


def test_on_a_large_network_whose_flows_share_their_ways() -> None:
    compiled = world(enis(120, seed=5)["components"])  # type: ignore[arg-type]
    rng = random.Random(1)
    asked = [
        Flow(f"i-{rng.randrange(120)}", f"i-{rng.randrange(120)}", rng.choice(("tcp", "udp")), rng.choice(_PORTS))
        for _ in range(3000)
    ]
    answers = list(decide_many(compiled, asked))
    assert [(answer.verdict, answer.code, answer.blockers) for answer in answers] == [
        (decision.verdict, decision.code, decision.blockers) for decision in (decide(compiled, flow) for flow in asked)
    ]
    assert {answer.verdict for answer in answers} >= {Verdict.REACHABLE, Verdict.BLOCKED}


def test_under_a_broken_link() -> None:
    parts = two_subnets()
    compiled = world(parts)
    condition = condition_for(compiled, ("link:sa->pub",))
    check_agreement(compiled, random.Random(0), 200, condition)


@pytest.mark.truth
@pytest.mark.parametrize("name", lab_names())
def test_on_measured_labs(name: str) -> None:
    check_agreement(load_lab(name).world, random.Random(name), 400)


def test_flows_are_decided_as_they_come() -> None:
    """Who asks one flow after the other gets each answer before the next flow is taken."""
    compiled = world(two_subnets())
    taken: list[int] = []

    def asked() -> Iterator[Flow]:
        for number in range(3):
            taken.append(number)
            yield Flow("a", "b", "tcp", 443)

    for number, decision in enumerate(decide_many(compiled, asked())):
        assert taken == list(range(number + 1))
        assert decision.verdict is Verdict.REACHABLE


def test_a_flow_that_cannot_be_sent_is_refused_in_its_turn() -> None:
    compiled = world(two_subnets())
    answers = decide_many(compiled, [Flow("a", "b", "tcp", 443), Flow("a", "b", "tpc", 443)])
    assert next(answers).verdict is Verdict.REACHABLE
    with pytest.raises(FlowError, match="'tpc' is not a protocol"):
        next(answers)


def test_a_further_address_of_the_sender_is_told_apart_from_that_of_another() -> None:
    """One machine talks to its own second address over loopback; a host in the same subnet must pass filters."""
    parts = two_subnets(sg={"ingress": []}, b={"security_groups": ["sg"]})
    parts["b"].pop("private_ip")
    parts["b"].pop("subnet")
    parts["e"] = {
        "kind": "network_interface",
        "subnet": "sb",
        "attached_to": "b",
        "private_ips": ["10.0.1.10", "10.0.1.11"],
        "security_groups": ["sg"],
    }
    parts["c"] = {"kind": "ec2", "subnet": "sb", "security_groups": ["sg"], "private_ip": "10.0.1.20"}
    asked = [Flow(sender, "10.0.1.11", "tcp", 443) for sender in ("b", "c", "e", "a")]
    found = [answer.verdict for answer in decide_many(world(parts), asked)]
    assert found == [Verdict.REACHABLE, Verdict.BLOCKED, Verdict.REACHABLE, Verdict.BLOCKED]
