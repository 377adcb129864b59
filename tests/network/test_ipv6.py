"""IPv6 through the packet engine: addresses, gateways, filters, NAT64, and which family is used."""

from __future__ import annotations

import pytest

from archtui.model.component import Json
from archtui.network.engine import addresses_of, decide
from archtui.network.flow import Flow
from archtui.world.steps import Verdict
from tests.network.designs import Parts, ask, routed, world
from tests.proves import proves

VPC_GUIDE = "VPC User Guide"
OPEN: list[Json] = [{"protocol": "all", "from": "any"}]


def dual_stack(**changes: dict[str, Json]) -> Parts:
    """A VPC with hosts ``a`` (public), ``b`` (behind NAT and egress-only gateway) and ``six`` (no IPv4)."""
    parts: Parts = {
        "v": {"kind": "vpc", "cidr": "10.0.0.0/16", "ipv6_cidr": "2001:db8:0:100::/56"},
        "igw": {"kind": "internet_gateway", "vpc": "v"},
        "out": {"kind": "eigw", "vpc": "v"},
        "pub": {
            "kind": "route_table",
            "vpc": "v",
            "routes": [{"to": "0.0.0.0/0", "via": "igw"}, {"to": "::/0", "via": "igw"}],
        },
        "priv": {
            "kind": "route_table",
            "vpc": "v",
            "routes": [
                {"to": "0.0.0.0/0", "via": "nat"},
                {"to": "::/0", "via": "out"},
                {"to": "64:ff9b::/96", "via": "nat"},
            ],
        },
        "sa": subnet("a", "10.0.0.0/24", "2001:db8:0:100::/64", "pub"),
        "sb": subnet("b", "10.0.1.0/24", "2001:db8:0:101::/64", "priv"),
        "s6": {
            "kind": "subnet",
            "vpc": "v",
            "az": "b",
            "cidr": "2001:db8:0:106::/64",
            "route_table": "priv",
            "dns64": True,
        },
        "eip": {"kind": "elastic_ip", "address": "198.51.100.7"},
        "nat": {"kind": "nat_gateway", "subnet": "sa", "elastic_ip": "eip"},
        "sg": {"kind": "security_group", "vpc": "v", "ingress": OPEN},
        "a": {
            "kind": "ec2",
            "subnet": "sa",
            "security_groups": ["sg"],
            "private_ip": "10.0.0.10",
            "public_ip": "198.51.100.10",
            "ipv6_addresses": ["2001:db8:0:100::10"],
        },
        "b": {
            "kind": "ec2",
            "subnet": "sb",
            "security_groups": ["sg"],
            "private_ip": "10.0.1.10",
            "ipv6_addresses": ["2001:db8:0:101::10"],
        },
        "six": {"kind": "ec2", "subnet": "s6", "security_groups": ["sg"]},
    }
    for name, properties in changes.items():
        parts[name] = {**parts.get(name, {}), **properties}
    return parts


def subnet(zone: str, cidr: str, ipv6: str, table: str) -> dict[str, Json]:
    return {"kind": "subnet", "vpc": "v", "az": zone, "cidr": cidr, "ipv6_cidr": ipv6, "route_table": table}


@proves(
    "Inside a VPC IPv6 packets follow the local route of its IPv6 block.", area="ipv6", source=f"{VPC_GUIDE}: routes"
)
def test_local_route() -> None:
    trace = ask(dual_stack(), "a", "2001:db8:0:101::10")
    assert trace.verdict is Verdict.REACHABLE
    assert trace.source_address == "2001:db8:0:100::10"


@proves(
    "An IPv6 address is public itself: an internet gateway carries it without translating it.",
    area="ipv6",
    source=f"{VPC_GUIDE}: Enable internet access for a VPC using an internet gateway",
)
def test_internet_gateway_translates_nothing() -> None:
    trace = ask(dual_stack(), "a", "2001:db8:ffff::1")
    assert trace.verdict is Verdict.REACHABLE
    assert trace.source_address == "2001:db8:0:100::10"
    inbound = ask(dual_stack(), "2001:db8:ffff::1", "a")
    assert inbound.verdict is Verdict.REACHABLE
    assert inbound.destination_address == "2001:db8:0:100::10"


@proves(
    "An egress-only internet gateway lets connections over IPv6 out and none in.",
    area="ipv6",
    source=f"{VPC_GUIDE}: Egress-only internet gateways",
)
def test_egress_only_gateway() -> None:
    assert ask(dual_stack(), "b", "2001:db8:ffff::1").verdict is Verdict.REACHABLE
    trace = ask(dual_stack(), "2001:db8:ffff::1", "2001:db8:0:101::10")
    assert trace.verdict is Verdict.BLOCKED
    assert [blocker.code for blocker in trace.blockers] == ["EIGW_UNSOLICITED_INBOUND"]


def test_egress_only_gateway_alone() -> None:
    parts = dual_stack()
    parts = {name: body for name, body in parts.items() if name not in ("igw", "pub", "eip", "nat")}
    parts["sa"] = {**parts["sa"], "route_table": "priv"}
    parts["priv"] = {**parts["priv"], "routes": [{"to": "::/0", "via": "out"}]}
    assert ask(parts, "a", "2001:db8:ffff::1").verdict is Verdict.REACHABLE
    trace = ask(parts, "2001:db8:ffff::1", "a")
    assert {blocker.code for blocker in trace.blockers} == {"EIGW_UNSOLICITED_INBOUND"}


def test_egress_only_gateway_of_another_vpc() -> None:
    trace = ask(dual_stack(out={"vpc": None}), "b", "2001:db8:ffff::1")
    assert [blocker.code for blocker in trace.blockers] == ["BAD_STATE_ATTACHMENT"]


@proves(
    "A NAT gateway translates IPv6 packets to 64:ff9b::/96 alone, into IPv4 and back (NAT64).",
    area="ipv6",
    source=f"{VPC_GUIDE}: DNS64 and NAT64",
)
def test_nat64() -> None:
    trace = ask(dual_stack(), "six", "64:ff9b::cb00:7105")
    assert trace.verdict is Verdict.REACHABLE
    assert trace.destination_address == "203.0.113.5"
    assert trace.source_address == "198.51.100.7"
    straight = ask(dual_stack(priv={"routes": [{"to": "::/0", "via": "nat"}]}), "six", "2001:db8:ffff::1")
    assert [blocker.code for blocker in straight.blockers] == ["PROTOCOL_RESTRICTION"]


@pytest.mark.parametrize(("protocol", "verdict"), [("tcp", Verdict.REACHABLE), ("icmp", Verdict.REACHABLE)])
def test_nat64_inside_the_vpc(protocol: str, verdict: Verdict) -> None:
    trace = ask(dual_stack(), "six", "64:ff9b::a00:10a", protocol=protocol)
    assert trace.verdict is verdict


@proves(
    "With DNS64 a host without IPv4 reaches a host that has nothing else; without it the two cannot talk.",
    area="ipv6",
    source=f"{VPC_GUIDE}: DNS64 and NAT64",
)
def test_dns64_names_ipv4_hosts() -> None:
    four: dict[str, Json] = {"kind": "ec2", "subnet": "sa", "security_groups": ["sg"], "private_ip": "10.0.0.44"}
    trace = ask(dual_stack(four=four), "six", "four")
    assert trace.verdict is Verdict.REACHABLE
    assert trace.destination_address == "10.0.0.44"
    without = ask(dual_stack(four=four, s6={"dns64": False}), "six", "four")
    assert [blocker.code for blocker in without.blockers] == ["NO_COMMON_ADDRESS_FAMILY"]


@proves(
    "A client tries IPv6 first where both ends have it, and IPv4 where that fails.",
    area="ipv6",
    source="RFC 6724, 2.1; RFC 8305",
)
def test_either_family_is_enough() -> None:
    trace = ask(dual_stack(), "a", "b")
    assert trace.verdict is Verdict.REACHABLE
    assert [branch.choice for branch in trace.branches] == ["2001:db8:0:101::10", "10.0.1.10"]
    four: list[Json] = [{"protocol": "all", "from": "0.0.0.0/0"}]
    trace = ask(dual_stack(sg={"ingress": four}), "a", "b")
    assert trace.verdict is Verdict.REACHABLE
    assert trace.destination_address == "10.0.1.10"
    assert ask(dual_stack(sg={"ingress": four}), "six", "b").verdict is Verdict.BLOCKED


@pytest.mark.parametrize(
    ("source", "protocol", "verdict"),
    [
        ("::/0", "tcp", Verdict.REACHABLE),
        ("2001:db8:0:100::/64", "tcp", Verdict.REACHABLE),
        ("2001:db8:0:101::/64", "tcp", Verdict.BLOCKED),
        ("0.0.0.0/0", "tcp", Verdict.BLOCKED),
        ("self", "tcp", Verdict.REACHABLE),
        ("::/0", "icmpv6", Verdict.REACHABLE),
        ("::/0", "icmp", Verdict.BLOCKED),
    ],
)
@proves(
    "Security group rules match IPv6 packets by IPv6 blocks, by group, and by ICMPv6 (58) for pings.",
    area="ipv6",
    source=f"{VPC_GUIDE}: Security group rules",
)
def test_security_groups(source: str, protocol: str, verdict: Verdict) -> None:
    rules: list[Json] = [{"protocol": protocol, "from": source}]
    asked = "icmp" if protocol != "tcp" else "tcp"
    found = ask(dual_stack(sg={"ingress": rules}), "a", "2001:db8:0:101::10", protocol=asked)
    assert found.verdict is verdict


@proves(
    "A network ACL filters IPv6 by entries of its own; the default ACL of a VPC with IPv6 admits it.",
    area="ipv6",
    source=f"{VPC_GUIDE}: Default network ACL",
)
def test_network_acls() -> None:
    everything: list[Json] = [{"rule": 100, "from": "0.0.0.0/0"}]
    out: list[Json] = [{"rule": 100, "to": "0.0.0.0/0"}]
    acl: dict[str, Json] = {"kind": "nacl", "vpc": "v", "ingress": everything, "egress": out}
    parts = dual_stack(acl=acl, sb={"nacl": "acl"})
    assert ask(parts, "a", "10.0.1.10").verdict is Verdict.REACHABLE
    assert decide(world(parts), Flow("a", "2001:db8:0:101::10", port=80)).code == "SUBNET_ACL_RESTRICTION"
    parts = dual_stack(
        acl={
            **acl,
            "ingress": [*everything, {"rule": 101, "from": "::/0"}],
            "egress": [*out, {"rule": 101, "to": "::/0"}],
        },
        sb={"nacl": "acl"},
    )
    assert decide(world(parts), Flow("a", "2001:db8:0:101::10", port=80)).verdict is Verdict.REACHABLE


@pytest.mark.parametrize(
    ("pool", "block", "verdict"),
    [
        ("amazon", "2001:db8:0:100::/56", Verdict.REACHABLE),
        ("private", "2001:db8:0:100::/56", Verdict.BLOCKED),
        ("private", "fd00:0:0:100::/56", Verdict.BLOCKED),
    ],
)
@proves(
    "Private IPv6 addresses are not routed on the internet; no gateway translates them.",
    area="ipv6",
    source=f"{VPC_GUIDE}: IP addressing for your VPCs and subnets, Private IPv6 addresses",
)
def test_private_ipv6(pool: str, block: str, verdict: Verdict) -> None:
    short = block.replace("100::/56", "100::")
    parts = dual_stack(
        v={"ipv6_cidr": block, "ipv6_pool": pool},
        sa={"ipv6_cidr": f"{short}/64"},
        sb={"ipv6_cidr": f"{short[:-5]}101::/64"},
        a={"ipv6_addresses": [f"{short}10"]},
        b={"ipv6_addresses": []},
        s6={"cidr": f"{short[:-5]}106::/64"},
    )
    assert ask(parts, "a", "2001:db8:ffff::1").verdict is verdict
    assert ask(parts, "2001:db8:ffff::1", f"{short}10").verdict is verdict


def test_who_gets_addresses() -> None:
    plain: dict[str, Json] = {"kind": "ec2", "subnet": "sb", "security_groups": ["sg"]}
    parts = dual_stack(
        one=plain, two={**plain, "ipv6_count": 2}, none={**plain, "ipv6_count": 0}, sb={"assign_ipv6": True}
    )
    made = world(parts)
    found = {name: sum(":" in text for text in addresses_of(made, name)[0]) for name in ("one", "two", "none", "six")}
    assert found == {"one": 1, "two": 2, "none": 0, "six": 1}
    assert [text for text in addresses_of(made, "six")[0] if "." in text] == []


def test_ends_of_different_families() -> None:
    assert decide(world(dual_stack()), Flow("six", "203.0.113.5", port=80)).code == "NO_COMMON_ADDRESS_FAMILY"
    plain: Parts = {name: body for name, body in dual_stack(a={"ipv6_addresses": []}).items() if name != "b"}
    assert ask(plain, "2001:db8:ffff::1", "a").verdict is Verdict.BLOCKED
    assert ask(plain, "a", "2001:db8:ffff::1").blockers[0].code == "NO_COMMON_ADDRESS_FAMILY"


def test_clients_with_ipv6() -> None:
    client: dict[str, Json] = {"kind": "client", "address": "203.0.113.9", "ipv6_address": "2001:db8:ffff::9"}
    trace = ask(dual_stack(c=client), "c", "a")
    assert [branch.choice for branch in trace.branches] == ["2001:db8:0:100::10", "198.51.100.10"]
    assert ask(dual_stack(c=client), "b", "c").verdict is Verdict.REACHABLE
    assert ask(dual_stack(), "internet", "a").verdict is Verdict.REACHABLE
    assert ask(dual_stack(), "internet", "b").verdict is Verdict.BLOCKED
    assert ask(dual_stack(), "six", "internet").verdict is Verdict.REACHABLE


def test_hosted_services_over_ipv6() -> None:
    for address, port in (("fd00:ec2::254", 80), ("fd00:ec2::253", 53)):
        assert ask(dual_stack(), "six", address, port=port).verdict is Verdict.REACHABLE


@proves(
    "A peering carries IPv6 between the IPv6 blocks of its two VPCs where routes lead to it.",
    area="ipv6",
    source="VPC Peering Guide: VPC peering connection basics, IPv6",
)
def test_peering() -> None:
    parts = dual_stack(
        w={"kind": "vpc", "cidr": "10.1.0.0/16", "ipv6_cidr": "2001:db8:0:200::/56"},
        far={"kind": "route_table", "vpc": "w", "routes": [{"to": "2001:db8:0:100::/56", "via": "pcx"}]},
        sw={**subnet("a", "10.1.0.0/24", "2001:db8:0:200::/64", "far"), "vpc": "w"},
        gw={"kind": "security_group", "vpc": "w", "ingress": [{"protocol": "all", "from": "sg"}]},
        c={"kind": "ec2", "subnet": "sw", "security_groups": ["gw"], "ipv6_addresses": ["2001:db8:0:200::10"]},
        pcx={"kind": "pcx", "requester": "v", "accepter": "w"},
    )
    assert ask(parts, "b", "c").verdict is Verdict.BLOCKED
    there = routed(parts, "priv", ("2001:db8:0:200::/56", "pcx"))
    assert ask(there, "b", "c").verdict is Verdict.REACHABLE
    assert ask(there, "six", "c").verdict is Verdict.REACHABLE


@pytest.mark.parametrize(
    ("support", "scheme", "verdict"),
    [(True, "internet-facing", Verdict.REACHABLE), (True, "internal", Verdict.BLOCKED)],
)
@proves(
    "A dual-stack balancer takes IPv6 from the internet if it is internet-facing, an internal one does not.",
    area="ipv6",
    source="ELB User Guide: IP address type; ipv6.deny_all_igw_traffic",
)
def test_dual_stack_balancer(support: bool, scheme: str, verdict: Verdict) -> None:
    balancer: dict[str, Json] = {
        "kind": "alb",
        "subnets": ["sa"],
        "scheme": scheme,
        "ip_address_type": "dualstack" if support else "ipv4",
        "security_groups": ["sg"],
        "listeners": [{"port": 80, "forward": "tg"}],
    }
    group: dict[str, Json] = {"kind": "target_group", "vpc": "v", "port": 80, "targets": ["a"]}
    parts = dual_stack(lb=balancer, tg=group)
    assert ask(parts, "2001:db8:ffff::1", "lb", port=80).verdict is verdict
    assert ask(parts, "six", "lb", port=80).verdict is Verdict.REACHABLE


@pytest.mark.parametrize(("support", "verdict"), [(True, Verdict.REACHABLE), (False, Verdict.BLOCKED)])
@proves(
    "A transit gateway learns and carries a VPC's IPv6 where its attachment supports it.",
    area="ipv6",
    source="EC2 API: CreateTransitGatewayVpcAttachmentRequestOptions, Ipv6Support",
)
def test_transit_gateway(support: bool, verdict: Verdict) -> None:
    attachment: dict[str, Json] = {"kind": "tgw_attachment", "transit_gateway": "tgw", "ipv6_support": support}
    parts = dual_stack(
        w={"kind": "vpc", "cidr": "10.1.0.0/16", "ipv6_cidr": "2001:db8:0:200::/56"},
        far={"kind": "route_table", "vpc": "w", "routes": [{"to": "2001:db8:0:100::/56", "via": "tgw"}]},
        sw={**subnet("b", "10.1.0.0/24", "2001:db8:0:200::/64", "far"), "vpc": "w"},
        gw={"kind": "security_group", "vpc": "w", "ingress": OPEN},
        c={"kind": "ec2", "subnet": "sw", "security_groups": ["gw"], "ipv6_addresses": ["2001:db8:0:200::10"]},
        tgw={"kind": "transit_gateway"},
        here={**attachment, "vpc": "v", "subnets": ["sb"]},
        there={**attachment, "vpc": "w", "subnets": ["sw"]},
    )
    assert ask(routed(parts, "priv", ("2001:db8:0:200::/56", "tgw")), "b", "2001:db8:0:200::10").verdict is verdict
    table: dict[str, Json] = {"kind": "tgw_route_table", "transit_gateway": "tgw", "default_association": True}
    rows: list[Json] = [
        {"to": "2001:db8:0:200::/56", "via": "there"},
        {"to": "2001:db8:0:100::/56", "via": "here"},
    ]
    written = {**parts, "trt": {**table, "routes": rows}}
    assert ask(routed(written, "priv", ("2001:db8:0:200::/56", "tgw")), "b", "2001:db8:0:200::10").verdict is verdict


@pytest.mark.parametrize(
    ("more", "verdict"),
    [({"cidrs": ["10.9.0.0/16"]}, Verdict.BLOCKED), ({}, Verdict.UNKNOWN), ({"aws_managed": True}, Verdict.BLOCKED)],
)
def test_a_prefix_list_whose_blocks_are_not_stated(more: dict[str, Json], verdict: Verdict) -> None:
    parts = dual_stack(pl={"kind": "prefix_list", **more})
    assert ask(routed(parts, "priv", ("pl", "igw")), "b", "10.8.0.1").verdict is verdict


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"cidrs": ["2001:db8:0:100::/64"]}, Verdict.REACHABLE),
        ({"cidrs": ["10.0.0.0/8"]}, Verdict.BLOCKED),
        ({}, Verdict.UNKNOWN),
    ],
)
@proves(
    "A security group rule takes the blocks of the prefix list it names.",
    area="Prefix lists",
    source=f"{VPC_GUIDE}: Reference prefix lists in your AWS resources",
)
def test_groups_name_prefix_lists(more: dict[str, Json], verdict: Verdict) -> None:
    rules: list[Json] = [{"protocol": "tcp", "port": 443, "from": "pl"}]
    parts = dual_stack(pl={"kind": "prefix_list", **more}, sg={"ingress": rules})
    assert ask(parts, "a", "2001:db8:0:101::10").verdict is verdict
