"""Traces across VPCs and through Network Load Balancers."""

from __future__ import annotations

from typing import Any

from archtui.trace.fixes import find_fixes
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.trace.shop import ask, codes, design, warned


def _vpc(name: str, cidr: str) -> dict[str, Any]:
    """Return a VPC with one subnet and one instance that anybody inside may talk to."""
    stem = cidr.rsplit(".", 2)[0]
    return {
        name: {"kind": "vpc", "cidr": cidr},
        f"{name}-table": {"kind": "route_table", "vpc": name, "routes": []},
        f"{name}-net": {
            "kind": "subnet", "vpc": name, "az": "a", "cidr": f"{stem}.1.0/24", "route_table": f"{name}-table",
        },
        f"{name}-sg": {"kind": "security_group", "vpc": name, "ingress": [{"protocol": "all", "from": "10.0.0.0/8"}]},
        f"{name}-i": {"kind": "ec2", "subnet": f"{name}-net", "security_groups": [f"{name}-sg"]},
    }  # fmt: skip


def _peering(one: str, other: str) -> dict[str, Any]:
    return {f"{one}{other}": {"kind": "vpc_peering_connection", "requester": one, "accepter": other}}


def _chain() -> World:
    components = {**_vpc("a", "10.0.0.0/16"), **_vpc("b", "10.1.0.0/16"), **_vpc("c", "10.2.0.0/16")}
    components |= _peering("a", "b") | _peering("b", "c")
    routes = {"a": [("10.1", "ab"), ("10.2", "ab")], "b": [("10.0", "ab"), ("10.2", "bc")], "c": [("10.0", "bc")]}
    for name, rows in routes.items():
        components[f"{name}-table"]["routes"] = [{"to": f"{stem}.0.0/16", "via": via} for stem, via in rows]
    return design(components)


def test_a_peering_carries_what_is_between_its_two_vpcs() -> None:
    assert ask(_chain(), "a-i", "b-i", protocol="tcp", port=80).verdict is Verdict.REACHABLE


def test_a_peering_carries_no_transit_and_a_direct_one_is_offered() -> None:
    world = _chain()
    found = ask(world, "a-i", "c-i", protocol="tcp", port=80)
    assert codes(found) == {("ab", "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR")}
    assert [fix.message for fix in find_fixes(world, found)] == ["peer a with c directly"]


def test_an_address_that_two_vpcs_have_is_nobodys_in_particular() -> None:
    """VPC User Guide, 'VPC CIDR blocks': VPCs may have the same block."""
    world = design({**_vpc("a", "10.0.0.0/16"), **_vpc("b", "10.0.0.0/16"), **_vpc("c", "10.2.0.0/16")})
    found = ask(world, "10.0.1.4", "c-i", protocol="tcp", port=80)
    assert found.verdict is Verdict.UNKNOWN
    assert "a-i or b-i" in found.missing[0]
    assert ask(world, "c-i", "10.0.1.4", protocol="tcp", port=80).verdict is Verdict.BLOCKED


@proves(
    "With overlapping blocks the local route wins and a peer is never reached.",
    area="Peering",
    source="VPC Peering Guide, 'VPC peering limitations'; VPC User Guide, 'Route priority'",
)
def test_overlapping_blocks_never_reach_the_peer() -> None:
    """Both instances have 10.0.1.4: the packet to the other one would come back to the sender."""
    components = {**_vpc("a", "10.0.0.0/16"), **_vpc("b", "10.0.0.0/16"), **_peering("a", "b")}
    components["a-table"]["routes"] = [{"to": "10.0.0.0/16", "via": "ab"}]
    found = ask(design(components), "a-i", "b-i", protocol="tcp", port=80)
    assert found.verdict is Verdict.BLOCKED
    assert ("a", "ADDRESS_OVERLAP") in codes(found)


def _behind_nlb(**more: Any) -> World:
    return design(
        {
            "vpc": {"kind": "vpc", "cidr": "10.0.0.0/16"},
            "igw": {"kind": "internet_gateway", "vpc": "vpc"},
            "out": {"kind": "route_table", "vpc": "vpc", "routes": [{"to": "0.0.0.0/0", "via": "igw"}]},
            "net-a": {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.1.0/24", "route_table": "out"},
            "net-b": {"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "10.0.2.0/24", "route_table": "out"},
            "open": {"kind": "security_group", "vpc": "vpc", "ingress": [{"port": 80, "from": "any"}]},
            "one": {"kind": "ec2", "subnet": "net-a", "security_groups": ["open"], "listens": [{"port": 80}]},
            "two": {"kind": "ec2", "subnet": "net-b", "security_groups": ["open"], "listens": [{"port": 80}]},
            "group": {"kind": "target_group", "protocol": "TCP", "port": 80, "targets": ["one", "two"], "vpc": "vpc"},
            "nlb": {
                "kind": "nlb",
                "subnets": ["net-a", "net-b"],
                "listeners": [{"port": 80, "forward": "group"}],
                **more,
            },
            "zone": {"kind": "hosted_zone", "name": "example.com"},
            "www": {"kind": "record", "zone": "zone", "name": "www", "alias": "nlb"},
        }
    )


def test_an_http_request_goes_through_a_network_load_balancer() -> None:
    found = ask(_behind_nlb(), target="http://www.example.com/")
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200), found.sentence
    assert sum(path.weight for path in found.paths) == 1
    assert {hop.component for path in found.paths for hop in path.forward} >= {"nlb", "one", "two"}


def test_with_cross_zone_every_node_uses_every_target() -> None:
    assert len(ask(_behind_nlb(cross_zone=True), target="http://www.example.com/").paths) == 4
    assert len(ask(_behind_nlb(), target="http://www.example.com/").paths) == 2


def test_the_loss_of_a_zone_leaves_the_nodes_of_the_others() -> None:
    found = ask(_behind_nlb(), target="http://www.example.com/", down=("az:eu-west-1a",))
    assert found.verdict is Verdict.REACHABLE, found.sentence
    assert "one" not in {hop.component for hop in found.forward}
    assert warned(found) == set()
