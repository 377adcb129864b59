"""Reading transit gateways from ``aws ec2 describe-transit-gateway-*``.

What belongs to one table stands in lists that name the table: ``TransitGatewayPropagations`` holds
``get-transit-gateway-route-table-propagations``, ``TransitGatewayStaticRoutes`` holds
``search-transit-gateway-routes``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from archtui.formats.describe import (
    Described,
    Describes,
    Inventory,
    Record,
    block,
    flag,
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

GONE = frozenset({"deleted", "failed", "rejected"})


class DescribesTransitGateway(Describes):
    """``describe-transit-gateways``; the accounts it is shared with list it too."""

    keys = ("TransitGateways",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        state = text(data, "State", "available")
        owner = text(data, "OwnerId")
        properties = {
            **label(data),
            **given(
                region=record.region,
                account=owner or record.account,
                asn=number(data, "Options.AmazonSideAsn"),
                default_association=None if flag(data, "Options.DefaultRouteTableAssociation", True) else False,
                default_propagation=None if flag(data, "Options.DefaultRouteTablePropagation", True) else False,
                vpn_ecmp=None if flag(data, "Options.VpnEcmpSupport", True) else False,
                auto_accept_shared_attachments=text(data, "Options.AutoAcceptSharedAttachments") == "enable" or None,
                security_group_referencing=flag(data, "Options.SecurityGroupReferencingSupport") or None,
                state=state if state != "available" else None,
            ),
        }
        yield Described(
            need(data, "TransitGatewayId"),
            properties,
            dead=state if state in GONE else "",
            weight=int(owner == record.account),
        )


def _attachments(inventory: Inventory) -> Mapping[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in inventory.of("TransitGatewayAttachments"):
        found[text(record.data, "TransitGatewayAttachmentId")].append(record)
    for records in found.values():
        records.sort(key=lambda record: (text(record.data, "TransitGatewayId"), record.file))
    return found


def _vpc_attachments(inventory: Inventory) -> Mapping[str, Record]:
    return {
        text(record.data, "TransitGatewayAttachmentId"): record
        for record in inventory.of("TransitGatewayVpcAttachments")
    }


def _requesters(inventory: Inventory) -> Mapping[str, str]:
    """Return the transit gateway that asked for each peering."""
    return {
        text(record.data, "TransitGatewayAttachmentId"): text(record.data, "RequesterTgwInfo.TransitGatewayId")
        for record in inventory.of("TransitGatewayPeeringAttachments")
    }


def _ids(inventory: Inventory) -> set[str]:
    return {
        text(record.data, name)
        for key, name in (
            ("Vpcs", "VpcId"),
            ("TransitGateways", "TransitGatewayId"),
            ("VpnConnections", "VpnConnectionId"),
            ("directConnectGateways", "directConnectGatewayId"),
        )
        for record in inventory.of(key)
    }


def _association(records: list[Record], gateway: str) -> Json:
    """Return the table an attachment is associated with at ``gateway``, as anyone who sees it says."""
    for record in records:
        if text(record.data, "TransitGatewayId") == gateway:
            table = text(record.data, "Association.TransitGatewayRouteTableId")
            if table and text(record.data, "Association.State", "associated") in {"associated", "associating"}:
                return table
    return "none"


_HELD = {
    "vpc": "vpc",
    "vpn": "vpn_connection",
    "direct-connect-gateway": "direct_connect_gateway",
    "peering": "peer",
    "tgw-peering": "peer",
}


class DescribesAttachment(Describes):
    """``describe-transit-gateway-attachments``; both ends of a peering list it under one id."""

    keys = ("TransitGatewayAttachments", "TransitGatewayVpcAttachments")
    details = ("TransitGatewayPeeringAttachments",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        name = need(record.data, "TransitGatewayAttachmentId")
        records = inventory.part(_attachments).get(name, [record])
        detail = inventory.part(_vpc_attachments).get(name)
        requester = inventory.part(_requesters).get(name, "")
        main = next((item for item in records if text(item.data, "TransitGatewayId") == requester), records[0])
        gateway = need(main.data, "TransitGatewayId")
        kind = text(main.data, "ResourceType") or ("vpc" if detail else "")
        resource = text(main.data, "ResourceId") or (text(detail.data, "VpcId") if detail else "")
        state = text(main.data, "State", "available")
        properties = {**label(main.data), **given(transit_gateway=gateway)}
        field = _HELD.get(kind, "resource")
        notes: list[str] = []
        if field != "resource" and resource not in inventory.part(_ids):
            notes.append(f"it attaches {resource}, which is not in the input; what lies behind it is unknown")
            field = "resource"
        elif field == "resource":
            notes.append(f"it attaches a {kind or 'thing of unknown type'}; what lies behind it is unknown")
        properties[field] = resource or name
        if record.key in {entry.key for entry in records} or main.key == "TransitGatewayAttachments":
            properties["route_table"] = _association(records, gateway)
        if field == "peer" and any(text(item.data, "TransitGatewayId") == resource for item in records):
            properties["peer_route_table"] = _association(records, resource)
        if detail and field == "vpc":
            properties["subnets"] = listed(texts(detail.data, "SubnetIds"))
            if flag(detail.data, "Options.ApplianceModeSupport"):
                properties["appliance_mode"] = True
            if flag(detail.data, "Options.Ipv6Support"):
                properties["ipv6_support"] = True
            if not flag(detail.data, "Options.SecurityGroupReferencingSupport", True):
                properties["security_group_referencing"] = False
        elif field == "vpc":
            notes.append("its subnets are not in the input; add 'describe-transit-gateway-vpc-attachments'")
        if state != "available":
            properties["state"] = state
        tables = [text(properties, key) for key in ("route_table", "peer_route_table")]
        yield Described(
            name,
            properties,
            dead=state if state in GONE else "",
            notes=tuple(notes),
            outside={table: "transit gateway route table" for table in tables if table not in {"", "none"}},
            weight=2 if record.key == "TransitGatewayAttachments" else 1,
        )


def _propagations(inventory: Inventory) -> Mapping[str, list[str]]:
    return {
        text(record.data, "TransitGatewayRouteTableId"): [
            text(item, "TransitGatewayAttachmentId")
            for item in items(record.data, "TransitGatewayRouteTablePropagations")
            if text(item, "State", "enabled") in {"enabled", "enabling"}
        ]
        for record in inventory.of("TransitGatewayPropagations")
    }


def _routes(inventory: Inventory) -> Mapping[str, Record]:
    return {
        text(record.data, "TransitGatewayRouteTableId"): record for record in inventory.of("TransitGatewayStaticRoutes")
    }


class DescribesTransitRouteTable(Describes):
    """``describe-transit-gateway-route-tables``."""

    keys = ("TransitGatewayRouteTables",)
    details = ("TransitGatewayPropagations", "TransitGatewayStaticRoutes")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "TransitGatewayRouteTableId")
        state = text(data, "State", "available")
        outside: dict[str, str] = {}
        properties = {
            **label(data),
            **given(
                transit_gateway=need(data, "TransitGatewayId"),
                default_association=flag(data, "DefaultAssociationRouteTable") or None,
                default_propagation=flag(data, "DefaultPropagationRouteTable") or None,
                state=state if state != "available" else None,
            ),
        }
        notes: list[str] = []
        propagations = inventory.part(_propagations).get(name)
        if propagations is None:
            notes.append("its propagations are not in the input; AWS's default is assumed")
        else:
            properties["propagations"] = listed(propagations)
        found = inventory.part(_routes).get(name)
        if found is None:
            notes.append("its static routes are not in the input; none are assumed")
        else:
            routes = [_route(item, outside) for item in items(found.data, "Routes")]
            properties["routes"] = [route for route in routes if route]
            if flag(found.data, "AdditionalRoutesAvailable"):
                notes.append("it has more routes than the input holds")
        yield Described(name, properties, dead=state if state in GONE else "", notes=tuple(notes), outside=outside)


def _route(item: Mapping[str, Json], outside: dict[str, str]) -> dict[str, Json]:
    to = text(item, "DestinationCidrBlock") or text(item, "DestinationIpv6CidrBlock")
    to = block(to) if to else text(item, "PrefixListId")
    if "/" not in to:
        outside[to] = "prefix list"
    names = [text(entry, "TransitGatewayAttachmentId") for entry in items(item, "TransitGatewayAttachments")]
    outside.update(dict.fromkeys(names, "transit gateway attachment"))
    state = text(item, "State", "active")
    if state not in {"active", "blackhole"}:
        return {}
    via: Json = names[0] if len(names) == 1 else listed(names)
    return given(
        to=to,
        via=via if names else "blackhole",
        origin="propagated" if text(item, "Type") == "propagated" else None,
        state="blackhole" if state == "blackhole" else None,
    )
