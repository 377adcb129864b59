"""Fourteen faults to plant in the three-tier design, as edits of its plain data."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from archtui.formats.yaml_text import read_yaml
from archtui.model.blueprint import Blueprint
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.world import World

THREE_TIER = Path(__file__).parents[2] / "blueprints" / "three-tier.yaml"
Data: TypeAlias = dict[str, Any]
SHOP = "A customer opens the shop"
FIRST = "The servers reach the payment provider"
SECOND = "The other server does too"
CLOSED = "Nobody outside reaches the database"


@dataclass(frozen=True)
class Fault:
    """One fault: how to plant it, and who must find it where."""

    name: str
    plant: Callable[[Data], None]
    rules: dict[str, str]
    """Rule to the component its finding is about."""
    fixed: bool
    """Whether an offered fix takes all of these findings away."""
    journey: str
    """The journey in whose trace the fault shows."""
    component: str
    code: str
    """The component that the trace names, with the reason code; no code: the journey gets through and must not."""
    down: tuple[str, ...] = ()
    """What has to fail before a trace shows the fault: it is one of resilience."""
    blocks: bool = True
    """Whether the trace is blocked; otherwise a step says so and the request goes on."""


def acl_without_replies(data: Data) -> None:
    """The public subnets' ACL lets 443 in and no reply out to the world."""
    inside = {"action": "allow", "protocol": "tcp"}
    data["components"]["edge-acl"] = {
        "kind": "network_acl",
        "vpc": "vpc",
        "ingress": [
            {"rule": 100, **inside, "port": 443, "from": "0.0.0.0/0"},
            {"rule": 110, **inside, "port": 80, "from": "0.0.0.0/0"},
            {"rule": 120, **inside, "port": "1024-65535", "from": "0.0.0.0/0"},
        ],
        "egress": [
            {"rule": 100, **inside, "port": 443, "to": "0.0.0.0/0"},
            {"rule": 110, **inside, "port": "1024-65535", "to": "10.0.0.0/16"},
        ],
    }
    for name in ("public-a", "public-b"):
        data["components"][name]["nacl"] = "edge-acl"


def wrong_group(data: Data) -> None:
    """The servers' group admits the database's group instead of the balancer's."""
    data["components"]["web-sg"]["ingress"][0]["from"] = "db-sg"


def other_target_port(data: Data) -> None:
    """The target group asks on a port that the servers' group does not open."""
    data["components"]["web"]["port"] = 9090
    for name in ("web-1", "web-2"):
        data["components"][name]["listens"][0]["port"] = 9090
    data["components"]["lb-sg"]["egress"][0]["port"] = 9090


def no_default_route(data: Data) -> None:
    """The private subnet of zone a has no default route."""
    del data["components"]["private-a"]["routes"]


def private_nat(data: Data) -> None:
    """The NAT gateway of zone a stands in a private subnet."""
    data["components"]["nat-a"]["subnet"] = "app-a"


def no_public_address(data: Data) -> None:
    """A server that talks to the internet stands in a public subnet without a public address."""
    data["components"]["web-1"]["subnet"] = "public-a"


def balancer_in_one_zone(data: Data) -> None:
    """Both of the balancer's subnets are in zone a."""
    data["components"]["public-b"]["az"] = "a"


def shared_nat(data: Data) -> None:
    """Both zones leave by the NAT gateway of zone a."""
    data["components"]["private-b"]["routes"][0]["via"] = "nat-a"
    del data["components"]["nat-b"], data["components"]["eip-b"]


def open_database(data: Data) -> None:
    """The database is public and admits everyone."""
    for name in ("data-a", "data-b"):
        data["components"][name]["route_table"] = "public"
    data["components"]["db"]["publicly_accessible"] = True
    data["components"]["db-sg"]["ingress"][0]["from"] = "0.0.0.0/0"


def overlapping_peer(data: Data) -> None:
    """A peering with a VPC of the same block."""
    data["components"] |= {
        "partner": {"kind": "vpc", "cidr": "10.0.0.0/16", "flow_logs": True},
        "partner-a": {"kind": "subnet", "vpc": "partner", "az": "a", "cidr": "10.0.200.0/24"},
        "partner-sg": {
            "kind": "security_group",
            "vpc": "partner",
            "ingress": [{"port": 443, "from": "10.0.0.0/16", "description": "partners"}],
        },
        "partner-api": {
            "kind": "ec2",
            "subnet": "partner-a",
            "security_groups": ["partner-sg"],
            "metadata_tokens": "required",
        },
        "pcx": {"kind": "vpc_peering_connection", "requester": "vpc", "accepter": "partner"},
    }
    data["journeys"].append(
        {
            "name": "Partner",
            "from": "web-1",
            "to": "partner-api",
            "protocol": "tcp",
            "port": 443,
            "reaches": "partner-api",
        }
    )


def transit_through_peer(data: Data) -> None:
    """The servers use a VPC that only a peer is peered with."""
    data["components"] |= {
        "middle": {"kind": "vpc", "cidr": "10.1.0.0/16", "flow_logs": True},
        "far": {"kind": "vpc", "cidr": "10.2.0.0/16", "flow_logs": True},
        "far-a": {"kind": "subnet", "vpc": "far", "az": "a", "cidr": "10.2.0.0/24", "route_table": "far-routes"},
        "far-routes": {"kind": "route_table", "vpc": "far", "routes": [{"to": "10.0.0.0/16", "via": "pcx-2"}]},
        "far-sg": {
            "kind": "security_group",
            "vpc": "far",
            "ingress": [{"port": 443, "from": "10.0.0.0/16", "description": "the shop"}],
        },
        "far-api": {"kind": "ec2", "subnet": "far-a", "security_groups": ["far-sg"], "metadata_tokens": "required"},
        "pcx-1": {"kind": "vpc_peering_connection", "requester": "vpc", "accepter": "middle"},
        "pcx-2": {"kind": "vpc_peering_connection", "requester": "middle", "accepter": "far"},
    }
    data["components"]["private-a"]["routes"].append({"to": "10.2.0.0/16", "via": "pcx-1"})
    data["journeys"].append(
        {"name": "Far", "from": "web-1", "to": "far-api", "protocol": "tcp", "port": 443, "reaches": "far-api"}
    )


def apex_cname(data: Data) -> None:
    """The zone's own name is a CNAME."""
    record = data["components"]["shop"]
    record |= {"name": "example.com", "type": "CNAME", "values": ["lb"], "ttl": 60}
    del record["alias"], record["evaluate_target_health"]
    data["components"]["cert"]["domain"] = "example.com"
    data["journeys"][0]["request"] = "GET https://example.com/"


def blind_failover(data: Data) -> None:
    """The primary of a failover pair has no health check, so Route 53 never leaves it."""
    shop = data["components"]["shop"]
    shop |= {"policy": "failover", "failover": "primary", "set_id": "primary", "evaluate_target_health": False}
    data["components"]["shop-2"] = {
        "kind": "record",
        "zone": "zone",
        "name": "shop.example.com",
        "type": "A",
        "values": ["203.0.113.80"],
        "ttl": 60,
        "policy": "failover",
        "failover": "secondary",
        "set_id": "secondary",
    }


def unserved_health_path(data: Data) -> None:
    """The health check asks for a path that the servers answer with 404."""
    data["components"]["web"]["health_check"]["path"] = "/status"
    for name in ("web-1", "web-2"):
        data["components"][name]["listens"][0]["paths"] = {"/": 200, "/healthz": 200}


FAULTS = (
    Fault(
        "acl_without_replies",
        acl_without_replies,
        {"NET018": "edge-acl"},
        True,
        SHOP,
        "edge-acl",
        "SUBNET_ACL_RESTRICTION",
    ),
    Fault("wrong_group", wrong_group, {"SEC007": "web-sg"}, True, SHOP, "web-sg", "ENI_SG_RULES_MISMATCH"),
    Fault("other_target_port", other_target_port, {"ELB007": "web"}, True, SHOP, "web-sg", "ENI_SG_RULES_MISMATCH"),
    Fault(
        "no_default_route",
        no_default_route,
        {"NET002": "private-a"},
        True,
        FIRST,
        "private-a",
        "NO_ROUTE_TO_DESTINATION",
    ),
    Fault("private_nat", private_nat, {"NET004": "nat-a"}, True, FIRST, "nat-a", "NO_ROUTE_TO_DESTINATION"),
    Fault(
        "no_public_address",
        no_public_address,
        {"NET049": "web-1"},
        True,
        FIRST,
        "web-1",
        "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
    ),
    Fault(
        "balancer_in_one_zone",
        balancer_in_one_zone,
        {"ELB002": "lb"},
        True,
        SHOP,
        "lb",
        "DNS_NO_NODES",
        down=("az:eu-west-1a",),
    ),
    Fault("shared_nat", shared_nat, {"NET003": "nat-a"}, True, SECOND, "nat-a", "BAD_STATE", down=("az:eu-west-1a",)),
    Fault("open_database", open_database, {"SEC003": "db-sg", "RDS002": "db", "RDS003": "db"}, True, CLOSED, "db", ""),
    Fault("overlapping_peer", overlapping_peer, {"NET024": "pcx"}, False, "Partner", "vpc", "NO_POSSIBLE_DESTINATION"),
    Fault(
        "transit_through_peer",
        transit_through_peer,
        {"NET026": "pcx-1"},
        False,
        "Far",
        "pcx-1",
        "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
    ),
    Fault("apex_cname", apex_cname, {"DNS001": "shop"}, True, SHOP, "shop", "DNS_CNAME_AT_APEX"),
    Fault(
        "blind_failover",
        blind_failover,
        {"DNS002": "shop"},
        True,
        SHOP,
        "shop",
        "DNS_FAILOVER_WITHOUT_HEALTH_CHECK",
        down=("lb",),
    ),
    Fault(
        "unserved_health_path",
        unserved_health_path,
        {"ELB006": "web"},
        True,
        SHOP,
        "web",
        "TARGET_HEALTH_CHECK_FAILED",
        blocks=False,
    ),
)


@cache
def three_tier() -> Data:
    """Return the plain data of the reference design; copy it before changing it."""
    data: Data = read_yaml(THREE_TIER.read_text(encoding="utf-8"))
    return data


def planted(fault: Fault) -> World:
    """Return the world of the reference design with ``fault`` in it."""
    data = deepcopy(three_tier())
    fault.plant(data)
    return compile_world(Blueprint.build(data, registry()))
