"""Networks of the customer outside AWS: which way is chosen, what fails over, what stays unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archtui.model.component import Json
from archtui.network.engine import decide, effective_route_table, network_of
from archtui.network.flow import Flow
from archtui.world.condition import Condition, condition_for
from archtui.world.steps import Verdict
from tests.network.designs import OPEN_SG, Parts, ask, codes, world
from tests.proves import proves

_PRIORITY = "Site-to-Site VPN guide, 'Route tables and route priority'"
_TGW = "Transit Gateway guide, 'Route evaluation order'"
_AREA = "hybrid networks"


def _design(*extra: Parts, **changes: dict[str, Json]) -> Parts:
    """A VPC with host ``web``, a site ``hq``, a VPN connection to the VPC's gateway; the route is propagated."""
    parts: Parts = {
        "v": {"kind": "vpc", "cidr": "10.0.0.0/16"},
        "rt": {"kind": "route_table", "vpc": "v", "propagating": ["vgw"]},
        "sa": {"kind": "subnet", "vpc": "v", "az": "a", "cidr": "10.0.0.0/24", "route_table": "rt"},
        "sg": dict(OPEN_SG),
        "web": {"kind": "ec2", "subnet": "sa", "security_groups": ["sg"], "private_ip": "10.0.0.10"},
        "vgw": {"kind": "virtual_private_gateway", "vpc": "v"},
        "hq": {"kind": "on_prem_site", "networks": ["192.168.0.0/16"]},
        "cgw": {"kind": "customer_gateway", "site": "hq"},
        "vpn": {"kind": "vpn_connection", "gateway": "vgw", "customer_gateway": "cgw"},
    }
    for more in extra:
        parts |= more
    for name, properties in changes.items():
        parts[name] = {**parts.get(name, {}), **properties}
    return parts


_LINE: Parts = {
    "loc": {"kind": "direct_connect_location"},
    "dx": {"kind": "direct_connect_connection", "location": "loc", "site": "hq"},
    "vif": {"kind": "private_virtual_interface", "connection": "dx", "gateway": "vgw"},
}
_SECOND: Parts = {
    "cgw2": {"kind": "customer_gateway", "site": "hq"},
    "vpn2": {"kind": "vpn_connection", "gateway": "vgw", "customer_gateway": "cgw2"},
}


def _over(parts: Parts, *down: str, to: str = "hq", at: float | None = None) -> str:
    """Return the link that carries packets from ``web``, or the code that stops them."""
    compiled = world(parts)
    condition = replace(condition_for(compiled, down), time=at)
    trace = ask(compiled, "web", to, condition=condition)
    if trace.verdict is not Verdict.REACHABLE:
        return next((blocker.code for blocker in trace.blockers), trace.verdict)
    carried = [step.message for hop in trace.forward for step in hop.steps if " carries it" in step.message]
    return carried[-1].split()[4] if "interface" in carried[-1] else carried[-1].split(" carries")[0].split()[-1]


def _static(*blocks: str) -> dict[str, Json]:
    return {"static_routes_only": True, "static_routes": list(blocks)}


@pytest.mark.parametrize(
    ("parts", "chosen"),
    [
        pytest.param(_design(_LINE, vpn=_static("192.168.0.0/16")), "vif", id="direct-connect-before-static"),
        pytest.param(_design(_SECOND, vpn2=_static("192.168.0.0/16")), "vpn2", id="static-before-bgp"),
        pytest.param(_design(_SECOND, vpn={"prepend": 2}), "vpn2", id="shorter-path"),
        pytest.param(_design(_SECOND, vpn={"med": 10}), "vpn", id="lower-med"),
        pytest.param(_design(_SECOND, vpn2={"med": 10}), "vpn2", id="lower-med-of-the-other"),
        pytest.param(
            _design(_LINE, vpn={"learnt_routes": ["192.168.0.0/24"]}), "vpn", id="longer-block-before-direct-connect"
        ),
    ],
)
@proves(
    "A virtual private gateway prefers the longest block, then Direct Connect, static VPN routes, BGP over VPN, the "
    "shorter AS path, the lower MED.",
    area=_AREA,
    source=_PRIORITY,
)
def test_a_virtual_private_gateway_chooses_among_its_links(parts: Parts, chosen: str) -> None:
    assert _over(parts) == chosen


@proves("Both directions of a VPN connection work, for hosts of a site too.", area=_AREA, source=_PRIORITY)
def test_both_sides_open_connections() -> None:
    parts = _design(pc={"kind": "on_prem_host", "site": "hq", "address": "192.168.7.7"})
    for source, target in [("hq", "web"), ("web", "hq"), ("pc", "web"), ("web", "pc"), ("192.168.3.3", "web")]:
        assert ask(parts, source, target).verdict is Verdict.REACHABLE, (source, target)


@pytest.mark.parametrize(
    ("down", "chosen"),
    [
        ((), "vif"),
        (("dx",), "vpn"),
        (("loc",), "vpn"),
        (("vif",), "vpn"),
        (("dx", "vpn:tunnel-1"), "vpn"),
        (("dx", "vpn"), "NO_ROUTE_TO_DESTINATION"),
        (("dx", "cgw"), "NO_ROUTE_TO_DESTINATION"),
        (("dx", "vpn:tunnel-1", "vpn:tunnel-2"), "NO_ROUTE_TO_DESTINATION"),
        (("hq",), "BAD_STATE"),
    ],
)
@proves(
    "A VPN connection takes over from Direct Connect when the line fails, and one tunnel from the other.",
    area=_AREA,
    source="Direct Connect guide, 'AWS Direct Connect plus VPN'",
)
def test_what_is_left_carries_the_traffic(down: tuple[str, ...], chosen: str) -> None:
    assert _over(_design(_LINE), *down) == chosen


def test_until_a_failure_is_noticed_packets_are_sent_over_the_dead_line() -> None:
    compiled = world(_design(_LINE))
    broken = replace(condition_for(compiled, ("dx",)), time=0.0)
    assert ("vif", "BAD_STATE") in codes(ask(compiled, "web", "hq", condition=broken))
    noticed = replace(broken, recovered=frozenset({"direct_connect.bgp:vif"}), time=90.0)
    assert ask(compiled, "web", "hq", condition=noticed).verdict is Verdict.REACHABLE


@pytest.mark.parametrize(("members", "minimum", "verdict"), [(2, 0, "vif"), (2, 2, "vpn"), (1, 1, "vpn")])
def test_a_link_aggregation_group_needs_its_minimum(members: int, minimum: int, verdict: str) -> None:
    """Direct Connect guide, 'Link aggregation groups'."""
    lines: Parts = {f"line{n}": {"kind": "dx", "site": "hq", "lag": "lag"} for n in range(members)}
    group: Parts = {"lag": {"kind": "direct_connect_lag", "minimum_links": minimum}}
    channel: Parts = {"vif": {"kind": "private_vif", "connection": "lag", "gateway": "vgw"}}
    assert _over(_design(lines, group, channel)) == "vif"
    assert _over(_design(lines, group, channel), "line0") == verdict


@proves(
    "A virtual private gateway brings its routes into the tables that take them, and no others.",
    area=_AREA,
    source="VPC User Guide, 'Route propagation'",
)
def test_routes_are_propagated_where_a_table_takes_them() -> None:
    propagated = [row.block.text for row in effective_route_table(world(_design()), "sa").routes]
    assert propagated == ["10.0.0.0/16", "192.168.0.0/16"]
    assert _over(_design(rt={"propagating": []})) == "NO_ROUTE_TO_DESTINATION"


@proves(
    "Sites on one virtual private gateway reach each other over it (VPN CloudHub).",
    area=_AREA,
    source="Site-to-Site VPN guide, 'VPN CloudHub'",
)
def test_two_sites_reach_each_other_over_one_gateway() -> None:
    branch: Parts = {
        "branch": {"kind": "on_prem_site", "networks": ["172.16.0.0/16"]},
        "cgw2": {"kind": "customer_gateway", "site": "branch"},
        "vpn2": {"kind": "vpn_connection", "gateway": "vgw", "customer_gateway": "cgw2"},
    }
    assert ask(_design(branch), "hq", "branch").verdict is Verdict.REACHABLE
    apart = _design(branch, vpn2={"gateway": "vgw2"}, vgw2={"kind": "virtual_private_gateway"})
    assert ("hq", "NO_ROUTE_TO_DESTINATION") in codes(ask(apart, "hq", "branch"))


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"hq": {"kind": "on_prem_site", "networks": None}}, "the networks behind hq"),
        ({"cgw": {"kind": "customer_gateway", "site": None}}, "the networks behind cgw"),
        ({"vpn": {"customer_gateway": None}}, "the networks behind the VPN connection"),
        ({"vpn": {"gateway": None}}, "the networks behind vgw"),
    ],
)
def test_what_nobody_states_is_unknown(changes: dict[str, dict[str, Json]], missing: str) -> None:
    parts = {
        name: {key: value for key, value in {**body, **changes.get(name, {})}.items() if value is not None}
        for name, body in _design().items()
    }
    trace = ask(parts, "web", "192.168.0.10")
    assert trace.verdict is Verdict.UNKNOWN
    assert any(missing in text for text in trace.missing), trace.missing
    assert ask(parts, "web", "10.0.0.10").verdict is Verdict.REACHABLE


def test_a_customer_gateway_with_networks_is_a_site_of_its_own() -> None:
    parts = _design()
    del parts["hq"]
    parts["cgw"] = {"kind": "customer_gateway", "networks": ["192.168.0.0/16"]}
    assert ask(parts, "web", "192.168.9.9").verdict is Verdict.REACHABLE
    assert ask(parts, "192.168.9.9", "web").verdict is Verdict.REACHABLE


def test_a_site_may_state_that_nobody_answers_but_its_named_hosts() -> None:
    parts = _design(hq={"answers": False}, pc={"kind": "on_prem_host", "site": "hq", "address": "192.168.7.7"})
    assert ("hq", "PROTOCOL_RESTRICTION") in codes(ask(parts, "web", "192.168.9.9"))
    assert ask(parts, "web", "pc").verdict is Verdict.REACHABLE
    assert ("pc", "BAD_STATE") in codes(ask(_design(pc={**parts["pc"], "state": "down"}), "web", "pc"))


def test_the_firewall_of_a_site_keeps_state_and_counts_both_ways() -> None:
    parts = _design(hq={"ingress": [], "egress": [{"protocol": "tcp", "port": 443}]})
    assert ask(parts, "hq", "web", port=443).verdict is Verdict.REACHABLE
    assert codes(ask(parts, "hq", "web", port=80)) == {("hq", "ON_PREM_FIREWALL_RESTRICTION")}
    assert codes(ask(parts, "web", "hq", port=443)) == {("hq", "ON_PREM_FIREWALL_RESTRICTION")}
    any_port = _design(hq={"egress": [{"protocol": "tcp", "port": 443}]})
    assert decide(world(any_port), Flow("hq", "web", "tcp", None)).verdict is Verdict.UNKNOWN


def _hub(*extra: Parts, **changes: dict[str, Json]) -> Parts:
    """The same VPC and site on a transit gateway, by two VPN connections."""
    parts = _design(_SECOND)
    del parts["vgw"]
    parts["rt"] = {"kind": "route_table", "vpc": "v", "routes": [{"to": "192.168.0.0/16", "via": "tgw"}]}
    parts["tgw"] = {"kind": "transit_gateway"}
    parts["av"] = {"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "v", "subnets": ["sa"]}
    for name in ("vpn", "vpn2"):
        parts[name] = {**parts[name], "gateway": "tgw"}
    for more in extra:
        parts |= more
    for name, properties in changes.items():
        parts[name] = {**parts.get(name, {}), **properties}
    return parts


_TRANSIT_LINE: Parts = {
    "dx": {"kind": "direct_connect_connection", "site": "hq"},
    "hub": {
        "kind": "direct_connect_gateway",
        "associations": [{"gateway": "tgw", "allowed_prefixes": ["10.0.0.0/8"]}],
    },
    "vif": {"kind": "transit_virtual_interface", "connection": "dx", "gateway": "hub"},
}


def _row(parts: Parts, block: str) -> tuple[str, ...]:
    """Return the attachments of the row that wins for a block."""
    (table,) = network_of(world(parts)).transit_tables.values()
    return next(row.attachments for row in table.routes if row.block.text == block)


@pytest.mark.parametrize(
    ("parts", "attachments"),
    [
        pytest.param(_hub(), ("vpn2:attachment", "vpn:attachment"), id="equal-cost"),
        pytest.param(_hub(tgw={"vpn_ecmp": False}), ("vpn2:attachment",), id="no-ecmp"),
        pytest.param(_hub(vpn2={"prepend": 1}), ("vpn:attachment",), id="shorter-path"),
        pytest.param(_hub(vpn={"med": 50}), ("vpn:attachment",), id="lower-med"),
        pytest.param(_hub(_TRANSIT_LINE), ("hub:tgw-attachment",), id="direct-connect"),
        pytest.param(_hub(_TRANSIT_LINE, vif={"prepend": 5}), ("hub:tgw-attachment",), id="direct-connect-long-path"),
    ],
)
@proves(
    "For one block a transit gateway prefers Direct Connect to VPN, then the shorter AS path, then the lower MED; "
    "equal VPN routes share the traffic where ECMP is on.",
    area=_AREA,
    source=_TGW,
)
def test_a_transit_gateway_chooses_by_type_and_attributes(parts: Parts, attachments: tuple[str, ...]) -> None:
    assert _row(parts, "192.168.0.0/16") == attachments
    assert ask(parts, "web", "hq").verdict is Verdict.REACHABLE
    assert ask(parts, "hq", "web").verdict is Verdict.REACHABLE


@pytest.mark.parametrize("down", [("vpn",), ("dx",), ("cgw", "dx"), ("dx", "vpn2", "vpn:tunnel-1")])
def test_a_transit_gateway_falls_back_to_what_is_left(down: tuple[str, ...]) -> None:
    parts = _hub(_TRANSIT_LINE)
    condition = condition_for(world(parts), down)
    assert ask(parts, "web", "hq", condition=condition).verdict is Verdict.REACHABLE
    assert ask(parts, "hq", "web", condition=condition).verdict is Verdict.REACHABLE


@proves(
    "A Direct Connect gateway announces the allowed prefixes of a transit gateway and nothing else.",
    area=_AREA,
    source="Direct Connect guide, 'Allowed prefixes interactions'",
)
def test_a_site_learns_the_allowed_prefixes_alone() -> None:
    only = _hub(_TRANSIT_LINE)
    for name in ("vpn", "vpn2", "cgw", "cgw2"):
        del only[name]
    assert ask(only, "hq", "web").verdict is Verdict.REACHABLE
    association: Json = {"gateway": "tgw", "allowed_prefixes": ["10.1.0.0/16"]}
    only["hub"] = {"kind": "direct_connect_gateway", "associations": [association]}
    assert ("hq", "NO_ROUTE_TO_DESTINATION") in codes(ask(only, "hq", "web"))


@proves(
    "A public virtual interface leads to AWS's public addresses and not to the internet.",
    area=_AREA,
    source="Direct Connect guide, 'Public virtual interfaces'",
)
def test_a_public_virtual_interface_leads_to_public_addresses_of_aws() -> None:
    public: Parts = {
        **_LINE,
        "vif": {"kind": "public_virtual_interface", "connection": "dx", "customer_address": "203.0.113.50"},
        "igw": {"kind": "internet_gateway", "vpc": "v"},
        "s3": {"kind": "prefix_list", "name": "com.amazonaws.eu-west-1.s3", "cidrs": ["52.218.0.0/17"]},
    }
    parts = _design(public, rt={"routes": [{"to": "0.0.0.0/0", "via": "igw"}]}, web={"public_ip": "198.51.100.10"})
    assert ask(parts, "hq", "52.218.0.9").verdict is Verdict.REACHABLE
    trace = ask(parts, "hq", "198.51.100.10")
    assert trace.verdict is Verdict.REACHABLE
    assert trace.source_address == "203.0.113.50"
    assert ask(parts, "hq", "8.8.8.8").verdict is Verdict.UNKNOWN
    unsaid = {**parts, "vif": {"kind": "public_virtual_interface", "connection": "dx"}}
    assert ask(unsaid, "hq", "52.218.0.9").verdict is Verdict.UNKNOWN


@proves(
    "An interface endpoint and a Network Load Balancer are reached from the customer's site; they have addresses of "
    "the VPC.",
    area=_AREA,
    source="AWS PrivateLink guide, 'Access an AWS service using an interface VPC endpoint'",
)
def test_interface_endpoints_and_balancers_are_reached_from_a_site() -> None:
    parts = _design(
        ep={
            "kind": "interface_endpoint",
            "vpc": "v",
            "service": "com.amazonaws.eu-west-1.sqs",
            "subnets": ["sa"],
            "security_groups": ["sg"],
        },
        nlb={
            "kind": "network_load_balancer",
            "subnets": ["sa"],
            "scheme": "internal",
            "listeners": [{"port": 443, "protocol": "TCP", "forward": "tg"}],
        },
        tg={"kind": "target_group", "vpc": "v", "port": 443, "protocol": "TCP", "targets": ["web"]},
    )
    assert ask(parts, "hq", "ep").verdict is Verdict.REACHABLE
    assert ask(parts, "hq", "nlb").verdict is Verdict.REACHABLE


def test_a_tunnel_that_is_written_counts_as_one_of_the_two() -> None:
    parts = _design(t2={"kind": "vpn_tunnel", "connection": "vpn", "number": 2, "med": 10})
    compiled = world(parts)
    assert "vpn:tunnel-1" in compiled.components
    assert "vpn:tunnel-2" not in compiled.components
    assert _over(parts, "vpn:tunnel-1") == "vpn"
    assert _over(parts, "vpn:tunnel-1", "t2") == "NO_ROUTE_TO_DESTINATION"


def test_a_broken_link_between_connection_and_gateway_is_a_dead_connection() -> None:
    parts = _design(_SECOND)
    compiled = world(parts)
    condition = condition_for(compiled, ("link:vpn->vgw",))
    assert ask(compiled, "web", "hq", condition=condition).verdict is Verdict.REACHABLE
    both = condition_for(compiled, ("link:vpn->vgw", "link:vpn2->cgw2"))
    assert isinstance(both, Condition)
    assert ask(compiled, "web", "hq", condition=both).verdict is Verdict.BLOCKED


@proves(
    "What comes in by a virtual private gateway passes the appliance that the gateway's own route table names.",
    area=_AREA,
    source="VPC User Guide, 'Gateway route tables'",
)
def test_an_edge_route_table_sends_what_comes_in_to_an_appliance() -> None:
    appliance: Parts = {
        "edge": {
            "kind": "route_table",
            "vpc": "v",
            "gateway": "vgw",
            "routes": [{"to": "10.0.0.0/24", "via": "box"}],
        },
        "plain": {"kind": "route_table", "vpc": "v", "propagating": ["vgw"]},
        "sb": {"kind": "subnet", "vpc": "v", "az": "a", "cidr": "10.0.9.0/24", "route_table": "plain"},
        "box": {
            "kind": "ec2",
            "subnet": "sb",
            "security_groups": ["sg"],
            "source_dest_check": False,
            "forwards": "route",
        },
    }
    parts = _design(appliance, rt={"routes": [{"to": "192.168.0.0/16", "via": "box"}]})
    trace = ask(parts, "hq", "web")
    assert trace.verdict is Verdict.REACHABLE, trace.missing or trace.blockers
    assert "box" in [hop.component for hop in trace.forward]
    assert "box" in [hop.component for hop in trace.back]
    parts["box"] = {**parts["box"], "source_dest_check": True}
    assert ("box", "ENI_SOURCE_DEST_CHECK_RESTRICTION") in codes(ask(parts, "hq", "web"))
