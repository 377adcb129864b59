"""Transit gateways."""

from __future__ import annotations

import pytest

from archtui.model.component import Json
from archtui.world.steps import Verdict
from tests.network.designs import Parts, ask, codes, routed, second_vpc, two_subnets
from tests.proves import proves


def _joined(**changes: dict[str, Json]) -> Parts:
    """VPCs ``v`` and ``w`` on one transit gateway with AWS's default table; attachments in zone a."""
    parts: Parts = {
        **two_subnets(),
        **second_vpc(),
        "tgw": {"kind": "transit_gateway"},
        "st": {"kind": "subnet", "vpc": "v", "az": "a", "cidr": "10.0.250.0/28"},
        "su": {"kind": "subnet", "vpc": "w", "az": "a", "cidr": "10.1.250.0/28"},
        "av": {"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "v", "subnets": ["st"]},
        "aw": {"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "w", "subnets": ["su"]},
    }
    parts = routed(parts, "pub", ("10.1.0.0/16", "tgw"))
    parts = routed(parts, "priv", ("10.1.0.0/16", "tgw"))
    parts = routed(parts, "far", ("10.0.0.0/16", "tgw"))
    for name, properties in changes.items():
        parts[name] = {**parts.get(name, {}), **properties}
    return parts


def _table(**properties: Json) -> dict[str, Json]:
    return {"kind": "transit_gateway_route_table", "transit_gateway": "tgw", **properties}


@proves(
    "Attachments associate with and propagate to the default route table.",
    area="Transit gateways",
    source="Transit Gateway guide, 'How transit gateways work'",
)
def test_attached_vpcs_reach_each_other_by_the_default_table() -> None:
    """Transit Gateway guide, 'How transit gateways work': association and propagation by default."""
    assert ask(_joined(), "a", "c").verdict is Verdict.REACHABLE
    assert ask(_joined(), "c", "a").verdict is Verdict.REACHABLE


@proves(
    "A transit gateway attachment serves only the zones in which it has a subnet.",
    area="Transit gateways",
    source="Transit Gateway guide, 'VPC attachments'; measured: 13 probes",
)
def test_the_senders_zone_needs_an_attachment_subnet() -> None:
    """Transit Gateway guide, 'VPC attachments'; measured: 13 probes."""
    assert codes(ask(_joined(), "b", "c")) == {("av", "TGW_ROUTE_AZ_RESTRICTION")}
    parts = _joined(
        sv={"kind": "subnet", "vpc": "v", "az": "b", "cidr": "10.0.250.16/28"}, av={"subnets": ["st", "sv"]}
    )
    assert ask(parts, "b", "c").verdict is Verdict.REACHABLE


def test_the_reply_needs_one_in_its_own_zone() -> None:
    parts = _joined(sc={"az": "b"})
    trace = ask(parts, "a", "c")
    assert codes(trace) == {("aw", "TGW_ROUTE_AZ_RESTRICTION")}
    assert not any(hop.denied for hop in trace.forward)


@proves(
    "The network ACLs of attachment subnets count.",
    area="Transit gateways",
    source="Transit Gateway guide, 'Network ACLs for transit gateways'",
)
@pytest.mark.parametrize("subnet", ["st", "su"])
@pytest.mark.parametrize("way", ["ingress", "egress"])
def test_acls_of_attachment_subnets_count(subnet: str, way: str) -> None:
    """Transit Gateway guide, 'Network ACLs for transit gateways'."""
    vpc = "v" if subnet == "st" else "w"
    acl: dict[str, Json] = {"kind": "network_acl", "vpc": vpc, "ingress": [], "egress": []}
    other = "egress" if way == "ingress" else "ingress"
    acl[other] = [{"rule": 1, "protocol": "all", ("to" if other == "egress" else "from"): "0.0.0.0/0"}]
    parts = _joined(acl=acl)
    parts[subnet]["nacl"] = "acl"
    assert codes(ask(parts, "a", "c")) == {("acl", "SUBNET_ACL_RESTRICTION")}


@pytest.mark.parametrize(
    ("changes", "blockers"),
    [
        ({"tgw": {"state": "deleted"}}, {("tgw", "BAD_STATE")}),
        ({"av": {"state": "deleted"}}, {("av", "BAD_STATE_ATTACHMENT")}),
        ({"aw": {"state": "pendingAcceptance"}}, {("aw", "BAD_STATE_ATTACHMENT")}),
        ({"av": {"route_table": "none"}}, {("av", "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION")}),
        ({"rt": _table(default_association=True)}, {("rt", "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT")}),
        (
            {"rt": _table(default_association=True, routes=[{"to": "10.1.0.0/16", "via": "blackhole"}])},
            {("rt", "TGW_RTB_BAD_STATE_ROUTE")},
        ),
    ],
)
def test_what_a_transit_gateway_refuses(changes: dict[str, dict[str, Json]], blockers: set[tuple[str, str]]) -> None:
    found = codes(ask(_joined(**changes), "a", "c"))
    assert blockers <= found


@proves(
    "The attachment's associated table decides; static rows win over propagated ones.",
    area="Transit gateways",
    source="Transit Gateway guide, 'Route evaluation order'; measured: aws_tgw_asymmetric_non_default_rtb",
)
def test_static_wins_over_propagated_and_the_table_is_the_associations() -> None:
    """Transit Gateway guide, 'Route evaluation order'; measured (aws_tgw_asymmetric_non_default_rtb)."""
    tables = {
        "r1": _table(propagations=["av", "aw"], routes=[{"to": "10.1.0.0/16", "via": "blackhole"}]),
        "r2": _table(propagations=["av", "aw"]),
    }
    parts = _joined(**tables, av={"route_table": "r1"}, aw={"route_table": "r2"})
    assert codes(ask(parts, "a", "c")) == {("r1", "TGW_RTB_BAD_STATE_ROUTE")}
    assert ask(_joined(**tables, av={"route_table": "r2"}, aw={"route_table": "r2"}), "a", "c").verdict is (
        Verdict.REACHABLE
    )


@proves(
    "Group references over a transit gateway need security-group referencing.",
    area="Transit gateways",
    source="Transit Gateway guide, 'Security group referencing'",
)
def test_group_references_need_the_option() -> None:
    """Transit Gateway guide, 'Security group referencing'."""
    parts = _joined(sgw={"ingress": [{"port": 443, "from": "sg"}]})
    assert codes(ask(parts, "a", "c")) == {("sgw", "SG_REFERENCES_NOT_PRESERVED")}
    assert ask({**parts, "tgw": {"kind": "tgw", "security_group_referencing": True}}, "a", "c").verdict is (
        Verdict.REACHABLE
    )


def _across(**changes: dict[str, Json]) -> Parts:
    parts = _joined(
        far_tgw={"kind": "transit_gateway", "region": "us-east-1"},
        w={"region": "us-east-1"},
        sc={"az": "us-east-1a"},
        su={"az": "us-east-1a"},
        aw={"transit_gateway": "far_tgw"},
        peer={"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "peer": "far_tgw"},
        r1=_table(default_association=True, propagations=["av"], routes=[{"to": "10.1.0.0/16", "via": "peer"}]),
        r2={
            "kind": "transit_gateway_route_table",
            "transit_gateway": "far_tgw",
            "default_association": True,
            "propagations": ["aw"],
            "routes": [{"to": "10.0.0.0/16", "via": "peer"}],
        },
        **changes,
    )
    parts["far"] = {"kind": "route_table", "vpc": "w", "routes": [{"to": "10.0.0.0/16", "via": "far_tgw"}]}
    return parts


@proves(
    "Peered transit gateways need static routes.",
    area="Transit gateways",
    source="Transit Gateway guide, 'Peering attachments'; measured: aws_tgw_peering",
)
def test_peered_transit_gateways_need_static_routes() -> None:
    """Transit Gateway guide, 'Peering attachments': static routes; measured (aws_tgw_peering)."""
    assert ask(_across(), "a", "c").verdict is Verdict.REACHABLE
    parts = _across()
    parts["r2"] = {**parts["r2"], "routes": []}
    assert codes(ask(parts, "a", "c")) == {("r2", "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT")}


def test_equal_paths_and_unknown_attachments_are_not_guessed() -> None:
    table = _table(default_association=True, propagations=["av"], routes=[{"to": "10.1.0.0/16", "via": ["aw", "dx"]}])
    dx = {"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "resource": "dxgw-1"}
    trace = ask(_joined(rt=table, dx=dx), "a", "c")
    assert trace.verdict is Verdict.UNKNOWN
    assert {branch.choice for branch in trace.branches} == {"aw", "dx"}


def test_routes_that_bgp_may_bring_leave_it_open() -> None:
    parts = _joined(
        vpn={"kind": "vpn_connection", "gateway": "tgw"},
        an={"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpn_connection": "vpn"},
    )
    parts = routed(parts, "pub", ("192.168.0.0/16", "tgw"))
    unknown = ask(parts, "a", "192.168.1.1")
    assert unknown.verdict is Verdict.UNKNOWN
    assert "BGP" in unknown.missing[0]
    assert ask(parts, "a", "c").verdict is Verdict.REACHABLE
    parts["vpn"]["learnt_routes"] = []
    assert ("tgw:default-route-table", "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT") in codes(ask(parts, "a", "192.168.1.1"))


@proves(
    "What comes from a transit gateway follows the table of the attachment's subnet: central egress.",
    area="Transit gateways",
    source="Transit Gateway guide, 'Centralized outbound routing'",
)
def test_central_egress_through_a_nat_gateway_in_another_vpc() -> None:
    """Transit Gateway guide, 'Centralized outbound routing': the attachment subnet's own table decides."""
    parts = _joined(
        rt=_table(default_association=True, propagations=["av", "aw"], routes=[{"to": "0.0.0.0/0", "via": "av"}]),
        st={"route_table": "priv"},
    )
    parts = routed(parts, "far", ("0.0.0.0/0", "tgw"))
    trace = ask(parts, "c", "9.9.9.9")
    assert (trace.verdict, trace.source_address) == (Verdict.REACHABLE, "198.51.100.7")


def test_an_attachment_without_subnets_is_not_guessed() -> None:
    for name in ("av", "aw"):
        trace = ask(_joined(**{name: {"subnets": []}}), "a", "c")
        assert trace.verdict is Verdict.UNKNOWN
        assert name in trace.missing[0]


@proves(
    "Group references end at a transit gateway peering.",
    area="Transit gateways",
    source="Transit Gateway guide, 'Security group referencing'",
)
def test_groups_are_not_known_over_two_transit_gateways() -> None:
    """Transit Gateway guide, 'Security group referencing'."""
    parts = _across(sgw={"ingress": [{"port": 443, "from": "sg"}]})
    for name in ("tgw", "far_tgw"):
        parts[name] = {**parts[name], "security_group_referencing": True}
    assert codes(ask(parts, "a", "c")) == {("sgw", "SG_REFERENCES_NOT_PRESERVED")}
