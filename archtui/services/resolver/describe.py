"""Reading ``aws route53resolver list-resolver-endpoints``, ``list-resolver-rules`` and their associations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from archtui.formats.describe import (
    Described,
    Describes,
    Inventory,
    Record,
    UnusableError,
    given,
    items,
    label,
    listed,
    need,
    number,
    text,
    texts,
)
from archtui.model.component import Json

_STATES = {"OPERATIONAL": None, "ACTION_NEEDED": "action_needed", "CREATING": "creating", "DELETING": "deleting"}
_OWNER = re.compile(r"Route 53 Resolver: (rslvr-(?:in|out)-[0-9a-z]+)")


def _interfaces(inventory: Inventory) -> Mapping[str, list[tuple[str, str]]]:
    """Return subnet and address of each endpoint's interfaces, which their descriptions tell."""
    found: dict[str, list[tuple[str, str]]] = {}
    for record in inventory.of("NetworkInterfaces"):
        owner = _OWNER.match(text(record.data, "Description"))
        if owner:
            pair = (text(record.data, "SubnetId"), text(record.data, "PrivateIpAddress"))
            found.setdefault(owner[1], []).append(pair)
    return {name: sorted(pairs) for name, pairs in found.items()}


class DescribesResolverEndpoint(Describes):
    """``list-resolver-endpoints``; its addresses stand in ``describe-network-interfaces``."""

    keys = ("ResolverEndpoints",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "Id")
        pairs = inventory.part(_interfaces).get(name, [])
        if not pairs:
            raise UnusableError("its subnets are not in the input; add 'describe-network-interfaces'")
        groups = texts(data, "SecurityGroupIds")
        properties = {
            **label(data),
            **given(
                vpc=need(data, "HostVPCId"),
                direction=need(data, "Direction").lower(),
                state=_STATES.get(text(data, "Status", "OPERATIONAL")),
            ),
            "subnets": listed(subnet for subnet, _ in pairs),
            "private_ips": listed(address for _, address in pairs),
            "security_groups": listed(groups),
        }
        yield Described(name, properties, outside=dict.fromkeys(groups, "security group"))


def _associated(inventory: Inventory) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for record in inventory.of("ResolverRuleAssociations"):
        found.setdefault(text(record.data, "ResolverRuleId"), []).append(text(record.data, "VPCId"))
    return {name: sorted(vpcs) for name, vpcs in found.items()}


class DescribesResolverRule(Describes):
    """``list-resolver-rules`` with ``list-resolver-rule-associations``; the rule that AWS makes itself is left out."""

    keys = ("ResolverRules",)
    details = ("ResolverRuleAssociations",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        kind = text(data, "RuleType", "FORWARD")
        if kind == "RECURSIVE":
            return
        name, vpcs = need(data, "Id"), inventory.part(_associated).get(need(data, "Id"), [])
        targets: list[Json] = [
            given(address=text(item, "Ip") or text(item, "Ipv6"), port=number(item, "Port"))
            for item in items(data, "TargetIps")
        ]
        domain = need(data, "DomainName")
        properties = {
            **label(data),
            **given(
                domain=domain.rstrip(".") or ".",
                type="system" if kind == "SYSTEM" else None,
                endpoint=text(data, "ResolverEndpointId"),
                targets=targets or None,
                vpcs=listed(vpcs) if vpcs else None,
            ),
        }
        outside = dict.fromkeys(vpcs, "VPC")
        endpoint = text(data, "ResolverEndpointId")
        yield Described(name, properties, outside=outside | ({endpoint: "resolver endpoint"} if endpoint else {}))
