"""Reading ``aws globalaccelerator list-accelerators``, ``list-listeners`` and ``list-endpoint-groups``."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    arn_name,
    flag,
    given,
    items,
    listed,
    need,
    number,
    text,
    texts,
    value,
)
from archtui.model.component import Json


class DescribesAccelerator(Describes):
    """``list-accelerators``; its listeners and groups name it in their ARNs."""

    keys = ("Accelerators", "Accelerator")
    details = ("EndpointGroups",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        arn = need(data, "AcceleratorArn")
        listeners: list[Json] = []
        outside: dict[str, str] = {}
        for listener in inventory.of("Listeners"):
            name = text(listener.data, "ListenerArn")
            if not name.startswith(f"{arn}/"):
                continue
            groups = [_group(group.data, outside) for group in inventory.of("EndpointGroups")
                      if text(group.data, "EndpointGroupArn").startswith(f"{name}/")]  # fmt: skip
            listeners += [_listener(listener.data, ports, groups) for ports in items(listener.data, "PortRanges")]
        addresses = [address for each in items(data, "IpSets") for address in texts(each, "IpAddresses")]
        properties = given(
            label=text(data, "Name"),
            addresses=listed(address for address in addresses if ":" not in address) or None,
            ipv6_addresses=listed(address for address in addresses if ":" in address) or None,
            ip_address_type="dualstack" if text(data, "IpAddressType") == "DUAL_STACK" else None,
            listeners=listeners or None,
            enabled=None if flag(data, "Enabled", True) else False,
        )
        notes = () if listeners else ("its listeners are not in the input; add 'list-listeners'",)
        yield Described(arn.rpartition("/")[2], properties, notes=notes, outside=outside)


def _listener(data: Data, ports: Data, groups: list[Json]) -> Json:
    low, high = number(ports, "FromPort"), number(ports, "ToPort")
    return given(
        ports=f"{low}-{high}" if low != high else f"{low}",
        protocol="udp" if text(data, "Protocol") == "UDP" else None,
        affinity="source_ip" if text(data, "ClientAffinity") == "SOURCE_IP" else None,
        groups=groups or None,
    )


def _group(data: Data, outside: dict[str, str]) -> Json:
    endpoints: list[Json] = []
    for item in items(data, "EndpointDescriptions"):
        target = arn_name(text(item, "EndpointId"))
        outside[target] = "endpoint"
        kept = value(item, "ClientIPPreservationEnabled")
        endpoints.append(given(to=target, weight=number(item, "Weight"), preserve_client_ip=kept))
    dial = number(data, "TrafficDialPercentage")
    shown = value(data, "TrafficDialPercentage")
    overrides: list[Json] = [
        given(listener=number(item, "ListenerPort"), endpoint=number(item, "EndpointPort"))
        for item in items(data, "PortOverrides")
    ]
    return given(
        region=need(data, "EndpointGroupRegion"),
        dial=int(shown) if isinstance(shown, float) else dial,
        interval=number(data, "HealthCheckIntervalSeconds"),
        threshold=number(data, "ThresholdCount"),
        health_check_port=number(data, "HealthCheckPort"),
        port_overrides=overrides or None,
        endpoints=endpoints or None,
    )
