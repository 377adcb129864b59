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


class DescribesHostedZone(Describes):
    """``list-hosted-zones``; a single ``get-hosted-zone`` names the VPCs of a private zone."""

    keys = ("HostedZones", "HostedZone")
    details = ("VPCs",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        private = flag(data, "Config.PrivateZone")
        vpcs = [text(item, "VPCId") for item in items(data, "VPCs")]
        properties = given(name=_bare(need(data, "Name")), private=private or None)
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
        country = text(data, "GeoLocation.CountryCode")
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
            region=text(data, "Region"),
            country=country,
            health_check=text(data, "HealthCheckId"),
            evaluate_target_health=flag(data, "AliasTarget.EvaluateTargetHealth") or None,
        )
        values = texts({"values": [text(item, "Value") for item in items(data, "ResourceRecords")]}, "values")
        if values:
            properties["values"] = listed(values)
        parts = [zones[domain][0], name.replace("*", "wildcard"), kind, text(data, "SetIdentifier")]
        notes = (f"its {own} are not all modelled",) if own else ()
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
        ("GeoProximityLocation", "geoproximity", "geoproximity settings"),
        ("MultiValueAnswer", "multivalue", ""),
        ("CidrRoutingConfig", "ip_based", "CIDR collections"),
    ):
        if key in data:
            return policy, own
    return None, ""


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
        )
        if children:
            properties["children"] = listed(children)
        yield Described(need(data, "Id"), properties)
