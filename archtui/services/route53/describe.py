"""Reading names from ``aws route53 list-hosted-zones``, ``list-resource-record-sets`` and ``list-health-checks``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    UnusableError,
    arn_name,
    flag,
    given,
    items,
    listed,
    need,
    number,
    text,
    texts,
)
from archtui.model.component import Json


def _zone_id(data: Data) -> str:
    return need(data, "Id").rsplit("/", 1)[-1]


def _bare(name: str) -> str:
    return name.rstrip(".").replace("\\052", "*").lower()


_INSUFFICIENT = {"Healthy": "healthy", "Unhealthy": "unhealthy", "LastKnownStatus": "last_known"}


class DescribesHostedZone(Describes):
    """``list-hosted-zones``; a single ``get-hosted-zone`` names the VPCs of a private zone and its name servers."""

    keys = ("HostedZones", "HostedZone")
    details = ("VPCs", "DelegationSet")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        private = flag(data, "Config.PrivateZone")
        vpcs = [text(item, "VPCId") for item in items(data, "VPCs")]
        properties = given(name=_bare(need(data, "Name")), private=private or None)
        servers = texts(data, "DelegationSet.NameServers")
        if servers:
            properties["name_servers"] = listed(servers)
        if vpcs:
            properties["vpcs"] = listed(vpcs)
        notes = ("its VPCs are not in the input",) if private and not vpcs else ()
        yield Described(_zone_id(data), properties, notes=notes, outside=dict.fromkeys(vpcs, "VPC"))


def _zones(inventory: Inventory) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for record in inventory.of("HostedZones", "HostedZone"):
        names = found.setdefault(_bare(text(record.data, "Name")), [])
        zone = text(record.data, "Id").rsplit("/", 1)[-1]
        if zone not in names:
            names.append(zone)
    return found


def _balancers(inventory: Inventory) -> Mapping[str, str]:
    return {
        text(record.data, "DNSName").lower(): arn_name(text(record.data, "LoadBalancerArn"))
        for record in inventory.of("LoadBalancers")
    }


class DescribesRecord(Describes):
    """``list-resource-record-sets``: which does not say its zone, so that the longest name that fits decides."""

    keys = ("ResourceRecordSets",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name, kind = _bare(need(data, "Name")), need(data, "Type")
        zones = inventory.part(_zones)
        domain = next((name[at:] for at in _starts(name) if name[at:] in zones), "")
        if not domain:
            raise UnusableError("its hosted zone is not in the input; add 'list-hosted-zones'")
        if len(zones[domain]) > 1:
            raise UnusableError(f"several hosted zones are named {domain}; which one it is in is not said")
        if name == domain and kind in {"NS", "SOA"}:
            return
        country, place = text(data, "GeoLocation.CountryCode"), _place(data)
        alias = _bare(text(data, "AliasTarget.DNSName")).removeprefix("dualstack.")
        target = inventory.part(_balancers).get(alias, alias)
        policy, own = _policy(data)
        properties = given(
            zone=zones[domain][0],
            name=name,
            type=kind,
            ttl=number(data, "TTL"),
            alias=target,
            policy=policy,
            set_id=text(data, "SetIdentifier"),
            failover=text(data, "Failover").lower(),
            weight=number(data, "Weight"),
            region=text(data, "Region") or place.pop("region", None),
            country=country,
            continent=text(data, "GeoLocation.ContinentCode"),
            subdivision=text(data, "GeoLocation.SubdivisionCode"),
            **place,
            health_check=text(data, "HealthCheckId"),
            evaluate_target_health=flag(data, "AliasTarget.EvaluateTargetHealth") or None,
        )
        values = texts({"values": [text(item, "Value") for item in items(data, "ResourceRecords")]}, "values")
        if values:
            properties["values"] = listed(values)
        parts = [zones[domain][0], name.replace("*", "wildcard"), kind, text(data, "SetIdentifier")]
        cidrs = inventory.part(_collections).get(text(data, "CidrRoutingConfig.CollectionId"), {})
        location = text(data, "CidrRoutingConfig.LocationName")
        if location == "*":
            properties["cidrs"], own = ["*"], ""
        elif location in cidrs:
            properties["cidrs"], own = listed(cidrs[location]), ""
        notes = (f"its {own} are not in the input; add 'list-cidr-blocks'",) if own else ()
        identity = "-".join("".join(c if c.isalnum() or c in "._-" else "-" for c in part) for part in parts if part)
        yield Described(identity, properties, notes=notes, outside={target: "alias target"} if target else {})


def _starts(name: str) -> Iterator[int]:
    """Yield where each suffix of labels of ``name`` begins, the longest first."""
    yield 0
    for index, letter in enumerate(name):
        if letter == ".":
            yield index + 1


def _policy(data: Data) -> tuple[Json, str]:
    for key, policy, own in (
        ("Failover", "failover", ""),
        ("Weight", "weighted", ""),
        ("Region", "latency", ""),
        ("GeoLocation", "geolocation", ""),
        ("GeoProximityLocation", "geoproximity", ""),
        ("MultiValueAnswer", "multivalue", ""),
        ("CidrRoutingConfig", "ip_based", "CIDR collections"),
    ):
        if key in data:
            return policy, own
    return None, ""


def _place(data: Data) -> dict[str, Json]:
    """Return where a geoproximity record is; a local zone group counts as the region it belongs to."""
    region = text(data, "GeoProximityLocation.AWSRegion") or text(data, "GeoProximityLocation.LocalZoneGroup")
    latitude = text(data, "GeoProximityLocation.Coordinates.Latitude")
    longitude = text(data, "GeoProximityLocation.Coordinates.Longitude")
    return given(
        region=region,
        bias=number(data, "GeoProximityLocation.Bias") or None,
        latitude=float(latitude) if latitude else None,
        longitude=float(longitude) if longitude else None,
    )


def _collections(inventory: Inventory) -> Mapping[str, dict[str, list[str]]]:
    """Return the blocks of each location by collection, from ``list-cidr-blocks --collection-id ID``."""
    found: dict[str, dict[str, list[str]]] = {}
    for record in inventory.of("CidrBlocks"):
        blocks = found.setdefault(text(record.data, "CollectionId"), {})
        blocks.setdefault(text(record.data, "LocationName"), []).append(text(record.data, "CidrBlock"))
    return found


class DescribesHealthCheck(Describes):
    """``list-health-checks``."""

    keys = ("HealthChecks",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        config = "HealthCheckConfig"
        kind = need(data, f"{config}.Type")
        children = texts(data, f"{config}.ChildHealthChecks")
        properties = given(
            type=kind,
            address=text(data, f"{config}.IPAddress"),
            host=text(data, f"{config}.FullyQualifiedDomainName"),
            port=number(data, f"{config}.Port"),
            path=text(data, f"{config}.ResourcePath"),
            interval=number(data, f"{config}.RequestInterval"),
            failure_threshold=number(data, f"{config}.FailureThreshold"),
            inverted=flag(data, f"{config}.Inverted") or None,
            disabled=flag(data, f"{config}.Disabled") or None,
            threshold=number(data, f"{config}.HealthThreshold") if kind == "CALCULATED" else None,
            measure_latency=flag(data, f"{config}.MeasureLatency") or None,
            search_string=text(data, f"{config}.SearchString"),
            insufficient_data=_INSUFFICIENT.get(text(data, f"{config}.InsufficientDataHealthStatus")),
        )
        if children:
            properties["children"] = listed(children)
        yield Described(need(data, "Id"), properties)
