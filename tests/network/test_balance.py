"""What stands between client and server: balancers, NAT gateways and endpoints, packet by packet."""

from __future__ import annotations

import pytest

from archtui.network.engine import PacketTrace
from archtui.world.condition import Condition, condition_for
from archtui.world.steps import Verdict
from tests.network.designs import OPEN_SG, Parts, ask, codes, two_subnets, world
from tests.proves import proves

_NLB = "Network Load Balancer guide"
_LINK = "AWS PrivateLink guide"
_NAT = "VPC User Guide, 'NAT gateway basics'"
OUTSIDE = "203.0.113.9"


def _sees(trace: PacketTrace) -> set[str]:
    return {way.source_address for way in trace.branches or (trace,)}


def _balanced(**changes: object) -> Parts:
    """A client in its own group, ``nlb`` in both zones and a server ``s`` in zone b behind it."""
    group: dict[str, object] = {"kind": "target_group", "vpc": "v", "protocol": "TCP", "port": 80, "targets": ["s"]}
    return two_subnets(
        s={"kind": "ec2", "subnet": "sb", "security_groups": ["inner"], "private_ip": "10.0.1.50"},
        inner={"kind": "security_group", "vpc": "v", "ingress": [{"port": 80, "from": "10.0.0.0/16"}]},
        tg={**group, **changes},  # type: ignore[dict-item]
        nlb={
            "kind": "nlb",
            "scheme": "internal",
            "subnets": ["sa", "sb"],
            "private_ips": ["10.0.0.60", "10.0.1.60"],
            "cross_zone": True,
            "listeners": [{"port": 80, "forward": "tg"}],
        },
    )


# -- the client's address -------------------------------------------------------------------------


@proves(
    "A Network Load Balancer keeps the client's address for instances, for UDP and where it is told to.",
    area="Network Load Balancer",
    source=f"{_NLB}, 'Client IP preservation'",
)
@pytest.mark.parametrize(
    ("changes", "protocol", "keeps"),
    [
        ({}, "tcp", True),
        ({"preserve_client_ip": False}, "tcp", False),
        ({"target_type": "ip", "targets": ["10.0.1.50"]}, "tcp", False),
        ({"target_type": "ip", "targets": ["10.0.1.50"], "preserve_client_ip": True}, "tcp", True),
        ({"target_type": "ip", "targets": ["10.0.1.50"], "protocol": "TLS"}, "tcp", False),
        ({"target_type": "ip", "targets": ["10.0.1.50"], "protocol": "UDP"}, "udp", True),
        ({"protocol": "UDP", "preserve_client_ip": False}, "udp", True),
        ({"target_type": "ip", "targets": ["10.0.1.50"], "protocol": "TCP_UDP"}, "tcp", True),
    ],
    ids=str,
)
def test_what_address_a_target_sees(changes: dict[str, object], protocol: str, keeps: bool) -> None:
    parts = _balanced(**changes)
    parts["nlb"]["listeners"] = [{"port": 80, "protocol": "TCP_UDP", "forward": "tg"}]
    parts["inner"] = {**OPEN_SG}
    trace = ask(parts, "a", "nlb", protocol, 80)
    assert trace.verdict is Verdict.REACHABLE
    assert _sees(trace) == ({"10.0.0.10"} if keeps else {"10.0.0.60", "10.0.1.60"})


@proves(
    "A target's group must admit the client where its address is kept, and the balancer where it is not.",
    area="Network Load Balancer",
    source=f"{_NLB}, 'Client IP preservation'; 'Target security groups'",
)
@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("admitted", ["10.0.0.10/32", "10.0.0.60/32"])
def test_the_target_s_group_admits_who_is_seen(keeps: bool, admitted: str) -> None:
    parts = _balanced(preserve_client_ip=keeps)
    parts["nlb"] |= {"subnets": ["sa"], "private_ips": ["10.0.0.60"]}
    parts["tg"]["targets"] = [{"id": "s"}]
    parts["sb"]["az"] = "a"
    parts["inner"]["ingress"] = [{"port": 80, "from": admitted}]
    trace = ask(parts, "a", "nlb", "tcp", 80)
    assert (trace.verdict is Verdict.REACHABLE) is (keeps == (admitted == "10.0.0.10/32"))


@proves(
    "A share of the connections falls to each target group of a listener, and one without targets loses its share.",
    area="Network Load Balancer",
    source="ELBv2 API, ForwardActionConfig",
)
@pytest.mark.parametrize(("weight", "verdict"), [(1, Verdict.UNKNOWN), (0, Verdict.REACHABLE)])
def test_a_group_without_targets_loses_its_share(weight: int, verdict: Verdict) -> None:
    parts = _balanced()
    parts["empty"] = {"kind": "target_group", "vpc": "v", "protocol": "TCP", "port": 80}
    parts["nlb"]["listeners"] = [
        {"port": 80, "forward": ["tg", {"target_group": "empty", "weight": weight}]},
    ]
    trace = ask(parts, "a", "10.0.0.60", "tcp", 80)
    assert trace.verdict is verdict
    assert any(way.choice == "empty: no target" for way in trace.branches) is bool(weight)


@proves(
    "Where no target is healthy a Network Load Balancer sends to all of them.",
    area="Network Load Balancer",
    source=f"{_NLB}, 'Target group health'",
)
def test_it_fails_open() -> None:
    parts = _balanced(targets=[{"id": "s", "health": "unhealthy"}])
    assert ask(parts, "a", "nlb", "tcp", 80).verdict is Verdict.REACHABLE
    parts["tg"]["targets"] = [{"id": "s", "health": "unhealthy"}, {"id": "b", "health": "healthy"}]
    assert {way.delivered for way in ask(parts, "a", "nlb", "tcp", 80).branches} == {"b"}


def test_before_the_health_check_a_dead_target_still_gets_connections() -> None:
    """Failover table, alb.target: interval times failures until a target counts as unhealthy."""
    compiled = world(_balanced(targets=["s", "b"]))
    down = condition_for(compiled, ("s",))
    assert ask(compiled, "a", "10.0.0.60", "tcp", 80, down).verdict is Verdict.REACHABLE
    first = Condition(down=down.down, time=0.0)
    assert ask(compiled, "a", "10.0.0.60", "tcp", 80, first).verdict is Verdict.UNKNOWN
    noticed = Condition(down=down.down, time=90.0, recovered=frozenset({"alb.target:tg"}))
    assert ask(compiled, "a", "10.0.0.60", "tcp", 80, noticed).verdict is Verdict.REACHABLE


# -- AWS PrivateLink ------------------------------------------------------------------------------


def _linked(**balancer: object) -> Parts:
    """A consumer's VPC ``w`` with the same block as the provider's."""
    parts = _balanced()
    parts["nlb"] |= balancer  # type: ignore[assignment]
    return {
        **parts,
        "offer": {"kind": "privatelink", "balancers": ["nlb"], "name": "com.amazonaws.vpce.eu-west-1.vpce-svc-1"},
        "w": {"kind": "vpc", "cidr": "10.0.0.0/16"},
        "wa": {"kind": "subnet", "vpc": "w", "az": "a", "cidr": "10.0.0.0/24"},
        "wb": {"kind": "subnet", "vpc": "w", "az": "b", "cidr": "10.0.1.0/24"},
        "wide": {**OPEN_SG, "vpc": "w"},
        "gate": {"kind": "security_group", "vpc": "w", "ingress": [{"port": 80, "from": "wide"}]},
        "user": {"kind": "ec2", "subnet": "wa", "security_groups": ["wide"], "private_ip": "10.0.0.99"},
        "ep": {
            "kind": "interface_endpoint",
            "vpc": "w",
            "provider": "offer",
            "subnets": ["wa", "wb"],
            "security_groups": ["gate"],
            "private_ips": ["10.0.0.70", "10.0.1.70"],
        },
    }


@proves(
    "Through an endpoint a service is reached although the address ranges overlap, and its targets see the "
    "balancer's address.",
    area="AWS PrivateLink",
    source=f"{_LINK}, 'Share your services': source IP addresses",
)
def test_a_service_sees_its_balancer_not_the_consumer() -> None:
    trace = ask(_linked(), "user", "ep", "tcp", 80)
    assert trace.verdict is Verdict.REACHABLE
    assert _sees(trace) == {"10.0.0.60", "10.0.1.60"}
    assert trace.delivered == "s"
    assert trace.back[-1].component == "user"


@proves(
    "Connections through an endpoint are opened by the consumer alone.",
    area="AWS PrivateLink",
    source=f"{_LINK}, 'Concepts'",
)
def test_the_provider_opens_nothing() -> None:
    parts = _linked()
    assert ask(parts, "s", "ep", "tcp", 80).verdict is not Verdict.REACHABLE
    assert ("ep", "VPCE_INTRA_VPC_TRAFFIC") in codes(ask(parts, "ep", "user", "tcp", 80))


def test_the_endpoint_s_group_filters_the_consumer() -> None:
    parts = _linked()
    parts["gate"]["ingress"] = [{"port": 81, "from": "any"}]
    assert codes(ask(parts, "user", "ep", "tcp", 80)) == {("gate", "ENI_SG_RULES_MISMATCH")}


@proves(
    "The balancer's groups filter what comes through an endpoint by the client's address, unless that is switched off.",
    area="AWS PrivateLink",
    source=f"{_NLB}, 'Security groups': enforce inbound rules on PrivateLink traffic",
)
@pytest.mark.parametrize(
    ("source", "enforced", "verdict"),
    [
        ("10.0.0.99/32", True, Verdict.REACHABLE),
        ("10.0.0.70/32", True, Verdict.BLOCKED),
        ("10.0.0.70/32", False, Verdict.REACHABLE),
    ],
)
def test_the_balancer_s_groups_see_the_client(source: str, enforced: bool, verdict: Verdict) -> None:
    parts = _linked(security_groups=["front"], filter_private_link=enforced)
    parts["front"] = {"kind": "security_group", "vpc": "v", "ingress": [{"port": 80, "from": source}]}
    assert ask(parts, "user", "10.0.0.70", "tcp", 80).verdict is verdict


def test_a_service_named_by_its_name_is_the_same() -> None:
    parts = _linked()
    parts["ep"] = {
        **{key: value for key, value in parts["ep"].items() if key != "provider"},
        "service": "com.amazonaws.vpce.eu-west-1.vpce-svc-1",
    }
    assert ask(parts, "user", "ep", "tcp", 80).delivered == "s"
    parts["ep"]["service"] = "com.amazonaws.vpce.eu-west-1.vpce-svc-2"
    assert ask(parts, "user", "ep", "tcp", 80).verdict is Verdict.UNKNOWN


def test_an_endpoint_of_another_account_must_be_allowed() -> None:
    """AWS PrivateLink guide, 'Manage permissions'."""
    parts = _linked()
    parts["w"]["account"] = "222222222222"
    parts["v"]["account"] = "111111111111"
    parts["offer"]["allowed_principals"] = ["arn:aws:iam::222222222222:root"]
    assert ask(parts, "user", "ep", "tcp", 80).verdict is Verdict.REACHABLE


# -- NAT gateways ---------------------------------------------------------------------------------


@proves(
    "A NAT gateway with further Elastic IPs uses any of them.",
    area="NAT gateway",
    source=f"{_NAT}: secondary addresses",
)
def test_further_addresses_are_used_too() -> None:
    parts = two_subnets(eip2={"kind": "elastic_ip", "address": "198.51.100.8"})
    parts["nat"]["secondary_elastic_ips"] = ["eip2"]
    trace = ask(parts, "b", OUTSIDE)
    assert trace.verdict is Verdict.REACHABLE
    assert _sees(trace) == {"198.51.100.7", "198.51.100.8"}


@proves(
    "A private NAT gateway reaches other networks and not the internet.",
    area="NAT gateway",
    source="VPC User Guide, 'NAT gateways': private NAT gateways",
)
def test_a_private_gateway_has_no_public_address() -> None:
    parts = two_subnets()
    parts["nat"] = {"kind": "nat_gateway", "subnet": "sa", "connectivity": "private", "private_ip": "10.0.0.77"}
    assert codes(ask(parts, "b", OUTSIDE)) == {("nat", "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS")}
    parts |= {
        "tgw": {"kind": "transit_gateway"},
        "w": {"kind": "vpc", "cidr": "10.9.0.0/16"},
        "far": {"kind": "route_table", "vpc": "w", "routes": [{"to": "10.0.0.0/16", "via": "tgw"}]},
        "sc": {"kind": "subnet", "vpc": "w", "az": "a", "cidr": "10.9.0.0/24", "route_table": "far"},
        "sgw": {"kind": "security_group", "vpc": "w", "ingress": [{"port": 443, "from": "10.0.0.77/32"}]},
        "c": {"kind": "ec2", "subnet": "sc", "security_groups": ["sgw"]},
        "att": {"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "v", "subnets": ["sa"]},
        "atw": {"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "w", "subnets": ["sc"]},
    }
    parts["pub"]["routes"] = [{"to": "10.9.0.0/16", "via": "tgw"}]
    trace = ask(parts, "b", "c")
    assert trace.verdict is Verdict.REACHABLE, trace.blockers
    assert _sees(trace) == {"10.0.0.77"}


def _regional(**changes: object) -> Parts:
    parts = two_subnets()
    parts["nat"] = {"kind": "nat_gateway", "availability_mode": "regional", "vpc": "v", **changes}  # type: ignore[dict-item]
    return parts


@proves(
    "A regional NAT gateway needs no subnet and no route of its own to the internet gateway.",
    area="NAT gateway",
    source="VPC User Guide, 'Regional NAT gateways'",
)
def test_a_regional_gateway_reaches_the_internet_from_each_zone() -> None:
    parts = _regional(zones=[{"az": "a"}, {"az": "b", "elastic_ips": ["eip"]}])
    trace = ask(parts, "b", OUTSIDE)
    assert trace.verdict is Verdict.REACHABLE
    assert _sees(trace) == {"198.51.100.7"}
    assert trace.back[-1].component == "b"
    assert ask(_regional(), "b", OUTSIDE).verdict is Verdict.REACHABLE


def test_a_regional_gateway_outlives_a_zone() -> None:
    compiled = world(_regional(zones=[{"az": "a"}, {"az": "b"}]))
    assert ask(compiled, "b", OUTSIDE, condition=condition_for(compiled, ("az:eu-west-1a",))).verdict is (
        Verdict.REACHABLE
    )
    gone = condition_for(compiled, ("nat",))
    assert codes(ask(compiled, "b", OUTSIDE, condition=gone)) == {("nat", "BAD_STATE")}


def test_a_regional_gateway_needs_an_internet_gateway() -> None:
    parts = _regional(zones=[{"az": "b"}])
    parts["igw"] = {"kind": "internet_gateway"}
    assert ("nat", "BAD_STATE") in codes(ask(parts, "b", OUTSIDE))


def test_a_regional_gateway_does_not_lead_to_private_networks() -> None:
    assert codes(ask(_regional(zones=[{"az": "b"}]), "b", "172.20.0.1")) == {("nat", "NO_ROUTE_TO_DESTINATION")}


@pytest.mark.parametrize("state", ["pending", "failed", "deleting", "deleted"])
def test_a_gateway_that_is_not_available_forwards_nothing(state: str) -> None:
    """EC2 API, NatGateway: State."""
    parts = two_subnets()
    parts["nat"]["state"] = state
    assert ("nat", "BAD_STATE") in codes(ask(parts, "b", OUTSIDE))


# -- gateway endpoints ----------------------------------------------------------------------------


def _s3(**changes: object) -> Parts:
    return two_subnets(
        pl={"kind": "prefix_list", "name": "com.amazonaws.eu-west-1.s3", "cidrs": ["52.218.0.0/17"]},
        s3={  # type: ignore[arg-type]
            "kind": "gateway_endpoint",
            "vpc": "v",
            "service": "com.amazonaws.eu-west-1.s3",
            "route_tables": ["priv"],
            **changes,
        },
    )


@proves(
    "The service's prefix list leads to the gateway endpoint, everything else to the NAT gateway.",
    area="VPC endpoints",
    source="AWS PrivateLink guide, 'Gateway endpoints': routing",
)
def test_a_gateway_endpoint_takes_its_service_alone() -> None:
    assert ask(_s3(), "b", "52.218.1.1").delivered == "s3"
    assert "nat" in {hop.component for hop in ask(_s3(), "b", OUTSIDE).forward}


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [
        ("", Verdict.REACHABLE),
        ('{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}', Verdict.REACHABLE),
        (
            '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:Get*", "Resource": "*"}}',
            Verdict.REACHABLE,
        ),
        ('{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}', Verdict.BLOCKED),
        ("no JSON", Verdict.REACHABLE),
    ],
)
def test_an_endpoint_policy_is_a_condition(policy: str, verdict: Verdict) -> None:
    """AWS PrivateLink guide, 'Control access to VPC endpoints using endpoint policies'."""
    trace = ask(_s3(policy=policy), "b", "52.218.1.1")
    assert trace.verdict is verdict
    told = [step.message for hop in trace.forward for step in hop.steps if step.layer == "policy"]
    assert bool(told) is ("s3:Get" in policy or policy == "no JSON")


def test_a_gateway_endpoint_serves_its_own_vpc_alone() -> None:
    """AWS PrivateLink guide, 'Gateway endpoints': connections cannot be extended out of the VPC."""
    parts = _s3()
    parts |= {
        "tgw": {"kind": "transit_gateway"},
        "w": {"kind": "vpc", "cidr": "10.9.0.0/16"},
        "far": {"kind": "route_table", "vpc": "w", "routes": [{"to": "0.0.0.0/0", "via": "tgw"}]},
        "sc": {"kind": "subnet", "vpc": "w", "az": "b", "cidr": "10.9.0.0/24", "route_table": "far"},
        "sgw": {**OPEN_SG, "vpc": "w"},
        "c": {"kind": "ec2", "subnet": "sc", "security_groups": ["sgw"]},
        "trt": {
            "kind": "transit_gateway_route_table",
            "transit_gateway": "tgw",
            "routes": [{"to": "0.0.0.0/0", "via": "att"}],
        },
        "att": {"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "v", "subnets": ["sb"]},
        "atw": {"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "w", "subnets": ["sc"]},
    }
    for name in ("att", "atw"):
        parts[name]["route_table"] = "trt"
    assert ("s3", "GATEWAY_REJECTS_SPOOFED_TRAFFIC") in codes(ask(parts, "c", "52.218.1.1"))
