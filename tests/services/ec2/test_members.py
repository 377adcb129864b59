"""The instances of an Auto Scaling group are counted once: one interface each, in the group's name or their own."""

from __future__ import annotations

import pytest

from archtui.model.component import Json
from archtui.network.engine import addresses_of, decide, interfaces_of, network_of, trace_packet
from archtui.network.flow import Flow
from archtui.network.reach import Reachability, reach
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.condition import HEALTHY, condition_for
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.network.designs import Parts, two_subnets, world

TEMPLATE: dict[str, Json] = {
    "kind": "launch_template",
    "security_groups": ["sg"],
    "listens": [{"port": 80, "protocol": "http"}],
}


def started(**settings: Json) -> World:
    """A group that starts two instances, one in each subnet."""
    group: dict[str, Json] = {"kind": "asg", "subnets": ["sa", "sb"], "desired": 2, "max": 4, "launch_template": "lt"}
    return world(two_subnets(lt=TEMPLATE, web={**group, **settings}))


def written(**changes: dict[str, Json]) -> World:
    """A group whose two instances are the hosts ``a`` and ``b``."""
    parts: Parts = two_subnets(lt=TEMPLATE, **changes)
    parts["web"] = {"kind": "asg", "subnets": ["sa", "sb"], "instances": ["a", "b"], "max": 4, "launch_template": "lt"}
    return world(parts)


@pytest.mark.parametrize("desired", [0, 1, 2, 5])
def test_an_instance_that_a_group_starts_has_one_interface_and_one_address(desired: int) -> None:
    compiled = started(desired=desired, max=9)
    members = [f"web:{number}" for number in range(1, desired + 1)]
    assert [item.id for item in interfaces_of(compiled, "web")] == members
    for member in members:
        private, _ = addresses_of(compiled, member)
        assert len(interfaces_of(compiled, member)) == len(private) == 1
    every = [address for item in network_of(compiled).interfaces.values() for address in item.addresses]
    assert len(every) == len(set(every)) == desired + 3  # a, b and the NAT gateway


def test_instances_that_are_written_down_keep_their_own_interfaces_and_are_all_that_the_group_has() -> None:
    compiled = written()
    assert [item.id for item in interfaces_of(compiled, "web")] == ["a:eni", "b:eni"]
    assert addresses_of(compiled, "web")[0] == ("10.0.0.10", "10.0.1.10")
    assert {item.component for item in network_of(compiled).interfaces.values()} == {"a", "b", "nat"}


@pytest.mark.parametrize("compiled", [started(), written(a={"public_ip": None})])
def test_a_trace_from_the_group_has_one_way_for_each_member(compiled: World) -> None:
    found = trace_packet(compiled, Flow("web", "9.9.9.9", port=443))
    assert sorted(str(branch.verdict) for branch in found.branches) == ["blocked", "reachable"]
    assert len({branch.source_address for branch in found.branches}) == 2


def test_reach_lists_the_members_once() -> None:
    assert Reachability(started(), HEALTHY).ends == ("internet", "nat", "a", "b", "web")
    assert Reachability(written(), HEALTHY).ends == ("internet", "nat", "a", "b")


@pytest.mark.parametrize(("compiled", "name"), [(started(), "web"), (started(), "web:2"), (written(), "web")])
def test_reach_takes_the_group_and_its_members_by_name(compiled: World, name: str) -> None:
    for source, target in ((name, "internet"), ("nat", name), ("internet", name)):
        rows = reach(compiled, HEALTHY, source, target)
        found = any(row.protocol == "tcp" and not row.unknown and not row.one_way for row in rows)
        assert found is (decide(compiled, Flow(source, target, port=443)).verdict is Verdict.REACHABLE)


def test_a_member_that_is_down_takes_only_itself() -> None:
    compiled = started()
    down = condition_for(compiled, ("web:1",))
    assert decide(compiled, Flow("web:1", "b", port=80), down).verdict is Verdict.BLOCKED
    assert decide(compiled, Flow("web:2", "b", port=80), down).verdict is Verdict.REACHABLE


@pytest.mark.parametrize("compiled", [started(), written()])
def test_a_balancer_has_each_member_as_a_target_once(compiled: World) -> None:
    """What the group registers and what its instances are must not both be counted."""
    raw = {name: dict(component.raw) for name, component in compiled.blueprint.components.items()}
    kinds = {name: component.kind.name for name, component in compiled.blueprint.components.items()}
    parts: Parts = {name: {"kind": kinds[name], **body} for name, body in raw.items()}
    parts["web"]["target_groups"] = ["tg"]
    parts["tg"] = {"kind": "target_group", "vpc": "v", "protocol": "HTTP", "port": 80}
    parts["lb"] = {
        "kind": "alb",
        "scheme": "internal",
        "subnets": ["sa", "sb"],
        "security_groups": ["sg"],
        "listeners": [{"port": 80, "protocol": "HTTP", "forward": "tg"}],
    }
    found = trace(world(parts), Request.make("a", "lb", protocol="http", port=80))
    ends = [path.label for path in found.paths]
    assert found.verdict is Verdict.REACHABLE
    assert len(ends) == len(set(ends)) == 4  # two nodes, two targets
