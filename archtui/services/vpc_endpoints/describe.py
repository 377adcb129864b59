"""Reading VPC endpoints from ``aws ec2 describe-vpc-endpoints``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from archtui.formats.describe import (
    Described,
    Describes,
    Inventory,
    Record,
    arn_name,
    flag,
    given,
    items,
    label,
    listed,
    need,
    text,
    texts,
)
from archtui.model.component import Json

STATES = {
    state.lower(): state
    for state in (
        "available",
        "pendingAcceptance",
        "pending",
        "deleting",
        "deleted",
        "rejected",
        "failed",
        "expired",
        "partial",
    )
}
GONE = frozenset({"deleted", "rejected", "failed", "expired"})


def policy_of(document: str) -> str:
    """Return an endpoint policy, empty where it allows everything (the default)."""
    try:
        policy = json.loads(document)
    except ValueError:
        return document
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    everything = {"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}
    return "" if statements == [everything] else json.dumps(policy, sort_keys=True)


def _prefix_lists(inventory: Inventory) -> Mapping[str, str]:
    return {
        text(record.data, "PrefixListName"): text(record.data, "PrefixListId") for record in inventory.of("PrefixLists")
    }


def _addresses(inventory: Inventory) -> Mapping[str, tuple[str, str]]:
    """Return subnet and address of each interface."""
    return {
        text(record.data, "NetworkInterfaceId"): (
            text(record.data, "SubnetId"),
            text(record.data, "PrivateIpAddress"),
        )
        for record in inventory.of("NetworkInterfaces")
    }


class _DescribesEndpoint(Describes):
    keys = ("VpcEndpoints",)
    type = ""

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and text(record.data, "VpcEndpointType", "Gateway") == self.type

    def common(self, record: Record) -> tuple[dict[str, Json], str]:
        """Return the properties both types have, and the state of one that is gone."""
        data = record.data
        state = STATES.get(text(data, "State", "available").lower(), text(data, "State"))
        properties = {
            **label(data),
            **given(
                vpc=need(data, "VpcId"),
                service=need(data, "ServiceName"),
                policy=policy_of(text(data, "PolicyDocument")) if text(data, "PolicyDocument") else None,
                state=state if state != "available" else None,
            ),
        }
        return properties, state if state in GONE else ""


class DescribesGatewayEndpoint(_DescribesEndpoint):
    """A gateway endpoint: S3 or DynamoDB."""

    type = "Gateway"

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        properties, dead = self.common(record)
        known = inventory.part(_prefix_lists).get(text(record.data, "ServiceName"))
        properties.update(given(prefix_list=known))
        tables = texts(record.data, "RouteTableIds")
        if tables:
            properties["route_tables"] = listed(tables)
        yield Described(need(record.data, "VpcEndpointId"), properties, dead=dead)


class DescribesInterfaceEndpoint(_DescribesEndpoint):
    """An interface endpoint (AWS PrivateLink)."""

    type = "Interface"

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        properties, dead = self.common(record)
        subnets = texts(data, "SubnetIds")
        known = inventory.part(_addresses)
        by_subnet = dict(known[name] for name in texts(data, "NetworkInterfaceIds") if name in known)
        addresses = [by_subnet.get(subnet, "") for subnet in subnets]
        groups = [text(item, "GroupId") for item in items(data, "Groups") if text(item, "GroupId")]
        properties["subnets"] = listed(subnets)
        properties["security_groups"] = listed(groups)
        properties["private_dns"] = flag(data, "PrivateDnsEnabled")
        if addresses and all(addresses):
            properties["private_ips"] = listed(addresses)
        yield Described(
            need(data, "VpcEndpointId"), properties, dead=dead, outside=dict.fromkeys(groups, "security group")
        )


def _permissions(inventory: Inventory) -> Mapping[str, tuple[str, ...]]:
    """Return the principals that may make endpoints, by the service's id."""
    found: dict[str, list[str]] = {}
    for record in inventory.of("AllowedPrincipals"):
        found.setdefault(text(record.data, "ServiceId"), []).append(text(record.data, "Principal"))
    return {name: tuple(sorted(principals)) for name, principals in found.items()}


def _connections(inventory: Inventory) -> Mapping[str, tuple[str, ...]]:
    """Return the endpoints each service has accepted, by the service's id."""
    found: dict[str, list[str]] = {}
    for record in inventory.of("VpcEndpointConnections"):
        if text(record.data, "VpcEndpointState").lower() == "available":
            found.setdefault(text(record.data, "ServiceId"), []).append(text(record.data, "VpcEndpointId"))
    return {name: tuple(sorted(endpoints)) for name, endpoints in found.items()}


class DescribesEndpointService(Describes):
    """``ec2 describe-vpc-endpoint-service-configurations`` with its permissions and connections."""

    keys = ("ServiceConfigurations",)
    details = ("AllowedPrincipals", "VpcEndpointConnections")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "ServiceId")
        state = text(data, "ServiceState", "Available").lower()
        held = {text(item.data, "VpcEndpointId") for item in inventory.of("VpcEndpoints")}
        accepted = [item for item in inventory.part(_connections).get(name, ()) if item in held]
        properties: dict[str, Json] = {
            **label(data),
            **given(
                name=text(data, "ServiceName"),
                acceptance_required=False if not flag(data, "AcceptanceRequired", True) else None,
                private_dns_name=text(data, "PrivateDnsName"),
                state=state if state != "available" else None,
            ),
            "balancers": listed(arn_name(arn) for arn in texts(data, "NetworkLoadBalancerArns")),
            "allowed_principals": listed(inventory.part(_permissions).get(name, ())),
        }
        if inventory.part(_connections):
            properties["accepted"] = listed(accepted)
        proved = text(data, "PrivateDnsNameConfiguration.State", "verified")
        if proved != "verified":
            properties["private_dns_verified"] = False
        yield Described(name, properties, dead=state if state in {"deleted", "failed"} else "")
