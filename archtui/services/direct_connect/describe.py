"""Reading Direct Connect from ``aws directconnect describe-*``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    block,
    given,
    items,
    listed,
    need,
    number,
    text,
)
from archtui.model.component import Json

_DEAD = frozenset({"deleted", "rejected"})
_STATES = {"available": None, "up": None, "down": "down", "deleting": "deleting", "deleted": "deleted"}


def _state(data: Data, path: str) -> str | None:
    return _STATES.get(text(data, path, "available"), "pending")


def _known(inventory: Inventory, *keys: str, field: str) -> frozenset[str]:
    return frozenset(text(record.data, field) for record in inventory.of(*keys))


def _locations(inventory: Inventory) -> frozenset[str]:
    return _known(inventory, "locations", field="locationCode")


class DescribesLocation(Describes):
    """``describe-locations``; only those that something is made at."""

    keys = ("locations",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        code = need(record.data, "locationCode")
        if code in {text(item.data, "location") for item in inventory.of("connections", "lags", "virtualInterfaces")}:
            yield Described(code, given(location_code=code, label=text(record.data, "locationName")))


class DescribesConnection(Describes):
    """``describe-connections``; which site is at the other end AWS does not know."""

    keys = ("connections",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        location = text(data, "location")
        lag = text(data, "lagId")
        state = _state(data, "connectionState")
        yield Described(
            need(data, "connectionId"),
            given(
                label=text(data, "connectionName"),
                bandwidth=text(data, "bandwidth"),
                location=location if location in inventory.part(_locations) else None,
                lag=lag,
                state=state,
            ),
            dead=text(data, "connectionState") if text(data, "connectionState") in _DEAD else "",
            outside={lag: "link aggregation group"} if lag else {},
        )


class DescribesLag(Describes):
    """``describe-lags``."""

    keys = ("lags",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        location = text(data, "location")
        yield Described(
            need(data, "lagId"),
            given(
                label=text(data, "lagName"),
                minimum_links=number(data, "minimumLinks") or None,
                location=location if location in inventory.part(_locations) else None,
                state=_state(data, "lagState"),
            ),
            dead=text(data, "lagState") if text(data, "lagState") in _DEAD else "",
        )


class DescribesVirtualInterface(Describes):
    """``describe-virtual-interfaces``; the routes of BGP are not in the output."""

    keys = ("virtualInterfaces",)
    kind: ClassVar[str] = ""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and text(record.data, "virtualInterfaceType") == self._kind

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        line = need(data, "connectionId")
        end = text(data, "directConnectGatewayId") or text(data, "virtualGatewayId")
        peers = items(data, "bgpPeers")
        properties: dict[str, Json] = given(
            label=text(data, "virtualInterfaceName"),
            connection=line,
            vlan=number(data, "vlan"),
            asn=number(data, "asn"),
            bgp="down" if peers and all(text(peer, "bgpStatus") == "down" for peer in peers) else None,
            state=_state(data, "virtualInterfaceState"),
        )
        outside = {line: "Direct Connect connection"}
        if self._kind == "public":
            told = [block(need(item, "cidr")) for item in items(data, "routeFilterPrefixes")]
            if told:
                properties["learnt_routes"] = listed(told)
        elif end:
            properties["gateway"] = end
            outside[end] = "gateway"
        state = text(data, "virtualInterfaceState")
        yield Described(
            need(data, "virtualInterfaceId"), properties, dead=state if state in _DEAD else "", outside=outside
        )


def _associations(inventory: Inventory) -> Mapping[str, list[Data]]:
    found: dict[str, list[Data]] = {}
    for record in inventory.of("directConnectGatewayAssociations"):
        if text(record.data, "associationState", "associated") in {"associated", "associating", "updating"}:
            found.setdefault(text(record.data, "directConnectGatewayId"), []).append(record.data)
    return found


class DescribesDirectConnectGateway(Describes):
    """``describe-direct-connect-gateways`` with ``describe-direct-connect-gateway-associations``."""

    keys = ("directConnectGateways",)
    details = ("directConnectGatewayAssociations",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "directConnectGatewayId")
        associations: list[Json] = []
        outside: dict[str, str] = {}
        for item in inventory.part(_associations).get(name, []):
            gateway = text(item, "associatedGateway.id") or text(item, "virtualGatewayId")
            prefixes = [block(need(p, "cidr")) for p in items(item, "allowedPrefixesToDirectConnectGateway")]
            associations.append(given(gateway=gateway, allowed_prefixes=listed(prefixes) if prefixes else None))
            outside[gateway] = "gateway"
        state = text(data, "directConnectGatewayState", "available")
        yield Described(
            name,
            {
                **given(label=text(data, "directConnectGatewayName"), asn=number(data, "amazonSideAsn")),
                **({"associations": associations} if associations else {}),
                **given(state=state if state != "available" else None),
            },
            dead=state if state in _DEAD else "",
            outside=outside,
        )
