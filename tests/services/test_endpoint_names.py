"""Names of interface endpoints and of the services behind them."""

from __future__ import annotations

import pytest

from archtui.model.component import Json
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.steps import Verdict
from tests.network.designs import OPEN_SG, Parts, two_subnets, world
from tests.proves import proves


def _linked(vpc: dict[str, Json] | None = None, endpoint: dict[str, Json] | None = None, **offer: Json) -> Parts:
    """A service of VPC ``v`` behind a Network Load Balancer, with an endpoint in VPC ``w``."""
    return two_subnets(
        tg={"kind": "target_group", "vpc": "v", "protocol": "TCP", "port": 443, "targets": ["a", "b"]},
        nlb={
            "kind": "nlb",
            "scheme": "internal",
            "subnets": ["sa", "sb"],
            "listeners": [{"port": 443, "protocol": "TCP", "forward": "tg"}],
        },
        offer={"kind": "endpoint_service", "balancers": ["nlb"], "private_dns_name": "api.partner.example", **offer},
        w={"kind": "vpc", "cidr": "10.1.0.0/16", "dns_hostnames": True, **(vpc or {})},
        wa={"kind": "subnet", "vpc": "w", "az": "a", "cidr": "10.1.0.0/24"},
        wb={"kind": "subnet", "vpc": "w", "az": "b", "cidr": "10.1.1.0/24"},
        sgw={**OPEN_SG, "vpc": "w"},
        ep={
            "kind": "interface_endpoint",
            "vpc": "w",
            "provider": "offer",
            "subnets": ["wa", "wb"],
            "security_groups": ["sgw"],
            **(endpoint or {}),
        },
        user={"kind": "ec2", "subnet": "wa", "security_groups": ["sgw"]},
    )


def _ask(parts: Parts, host: str, source: str = "user") -> Trace:
    return trace(world(parts), Request.make(source, host, protocol="tcp", port=443))


@proves(
    "The private name of an endpoint service leads to the endpoint in the asker's own VPC, and to nothing elsewhere.",
    area="DNS",
    source="AWS PrivateLink guide, 'Manage DNS names for VPC endpoint services'",
)
def test_the_private_name_leads_to_the_endpoint_of_the_askers_vpc() -> None:
    found = _ask(_linked(), "api.partner.example")
    assert found.verdict is Verdict.REACHABLE
    assert "ep" in {hop.component for hop in found.forward}
    assert _ask(_linked(), "api.partner.example", "b").verdict is Verdict.UNKNOWN


@proves(
    "Private DNS of an endpoint needs DNS support and DNS host names of the VPC.",
    area="DNS",
    source="AWS PrivateLink guide, 'Access an AWS service using an interface VPC endpoint'",
)
@pytest.mark.parametrize(
    ("vpc", "endpoint", "offer"),
    [
        ({"dns_hostnames": False}, {}, {}),
        ({}, {"private_dns": False}, {}),
        ({}, {}, {"private_dns_verified": False}),
    ],
)
def test_what_private_names_need(vpc: dict[str, Json], endpoint: dict[str, Json], offer: dict[str, Json]) -> None:
    assert _ask(_linked(vpc, endpoint, **offer), "api.partner.example").verdict is Verdict.UNKNOWN


@proves(
    "An interface endpoint has a regional name for all its interfaces and one more for each zone.",
    area="DNS",
    source="AWS PrivateLink guide, 'Access an AWS service using an interface VPC endpoint' (DNS hostnames)",
)
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("vpce-ep.vpce-svc-offer.eu-west-1.vpce.amazonaws.com", 2),
        ("vpce-ep-eu-west-1b.vpce-svc-offer.eu-west-1.vpce.amazonaws.com", 1),
    ],
)
def test_regional_and_zonal_names(name: str, count: int) -> None:
    found = trace(world(_linked(endpoint={"private_dns": False})), Request.make("user", name, protocol="dns"))
    assert found.verdict is Verdict.REACHABLE
    assert sum(len(call.ways) for call in found.root.calls) == count
