"""Reading VPN gateways and connections from ``aws ec2 describe-*``."""

from __future__ import annotations

from collections.abc import Iterator

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
)


class DescribesVpnGateway(Describes):
    """``describe-vpn-gateways``."""

    keys = ("VpnGateways",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        attached = [
            text(item, "VpcId")
            for item in items(data, "VpcAttachments")
            if text(item, "State", "attached") == "attached"
        ]
        state = text(data, "State", "available")
        yield Described(
            need(data, "VpnGatewayId"),
            {
                **label(data),
                **given(
                    vpc=attached[0] if attached else None,
                    asn=number(data, "AmazonSideAsn"),
                    state=state if state != "available" else None,
                ),
            },
            dead=state if state == "deleted" else "",
        )


class DescribesCustomerGateway(Describes):
    """``describe-customer-gateways``; what lies behind it AWS does not know."""

    keys = ("CustomerGateways",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        state = text(data, "State", "available")
        yield Described(
            need(data, "CustomerGatewayId"),
            {
                **label(data),
                **given(
                    address=text(data, "IpAddress"),
                    asn=number(data, "BgpAsn") or number(data, "BgpAsnExtended"),
                    state=state if state != "available" else None,
                ),
            },
            dead=state if state == "deleted" else "",
        )


class DescribesVpnConnection(Describes):
    """``describe-vpn-connections``; BGP's routes are not in the output, only how many there are."""

    keys = ("VpnConnections",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        state = text(data, "State", "available")
        static = flag(data, "Options.StaticRoutesOnly")
        tunnels = items(data, "VgwTelemetry")
        gateway = text(data, "VpnGatewayId") or text(data, "TransitGatewayId")
        customer = text(data, "CustomerGatewayId")
        properties = {
            **label(data),
            **given(
                gateway=gateway,
                customer_gateway=customer,
                static_routes_only=static or None,
                state=state if state != "available" else None,
            ),
        }
        routes = [
            block(need(item, "DestinationCidrBlock"))
            for item in items(data, "Routes")
            if text(item, "State", "available") == "available"
        ]
        if static:
            properties["static_routes"] = listed(routes)
        elif tunnels and not any(number(tunnel, "AcceptedRouteCount") for tunnel in tunnels):
            properties["learnt_routes"] = []
        if tunnels:
            properties["tunnels"] = listed("up" if text(item, "Status") == "UP" else "down" for item in tunnels[:2])
        outside = [text(item, "OutsideIpAddress") for item in tunnels or items(data, "Options.TunnelOptions")]
        if any(outside):
            properties["outside_addresses"] = listed(sorted(address for address in outside if address))
        yield Described(
            need(data, "VpnConnectionId"),
            properties,
            dead=state if state == "deleted" else "",
            outside={gateway: "VPN's AWS side", customer: "customer gateway"},
        )
