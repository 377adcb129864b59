"""Reading load balancers and target groups from ``aws elbv2 describe-*``.

What belongs to one balancer or group stands in lists that name it: ``LoadBalancerListeners``,
``LoadBalancerAttributes``, ``LoadBalancerTargetHealth``; the plain output of ``describe-listeners``
and ``describe-rules`` names it by its ARN.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

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
)
from archtui.model.component import Json
from archtui.services.elb.describe_rules import action_of, rule_of

Attributes = Mapping[str, str]


def _attributes(key: str, arn: str) -> Callable[[Inventory], Mapping[str, Attributes]]:
    def found(inventory: Inventory) -> Mapping[str, Attributes]:
        return {
            text(record.data, arn): {
                text(item, "Key"): text(item, "Value") for item in items(record.data, "Attributes")
            }
            for record in inventory.of(key)
        }

    return found


_of_balancer = _attributes("LoadBalancerAttributes", "LoadBalancerArn")
_of_group = _attributes("TargetGroupAttributes", "TargetGroupArn")


def _listeners(inventory: Inventory) -> Mapping[str, list[Data]]:
    found: dict[str, dict[str, Data]] = defaultdict(dict)
    nested = [item for record in inventory.of("LoadBalancerListeners") for item in items(record.data, "Listeners")]
    for data in (*nested, *(record.data for record in inventory.of("Listeners"))):
        found[text(data, "LoadBalancerArn")][text(data, "ListenerArn")] = data
    return {arn: sorted(known.values(), key=lambda data: number(data, "Port") or 0) for arn, known in found.items()}


def _rules(inventory: Inventory) -> Mapping[str, list[Data]]:
    """Return the rules of each listener; a rule's ARN holds its listener's."""
    found: dict[str, list[Data]] = defaultdict(list)
    nested = [item for record in inventory.of("LoadBalancerListenerRules") for item in items(record.data, "Rules")]
    for data in (*nested, *(record.data for record in inventory.of("Rules"))):
        listener = text(data, "RuleArn").replace(":listener-rule/", ":listener/").rpartition("/")[0]
        if number(data, "Priority") is not None:
            found[listener].append(data)
    for rules in found.values():
        rules.sort(key=lambda data: number(data, "Priority") or 0)
    return found


def _node_addresses(inventory: Inventory) -> Mapping[tuple[str, str], str]:
    """Return the private address of each balancer's interface, by description and subnet."""
    return {
        (text(record.data, "Description"), text(record.data, "SubnetId")): text(record.data, "PrivateIpAddress")
        for record in inventory.of("NetworkInterfaces")
        if text(record.data, "Description").startswith("ELB ")
    }


class _DescribesBalancer(Describes):
    keys = ("LoadBalancers",)
    details = (
        "LoadBalancerListeners",
        "LoadBalancerAttributes",
        "LoadBalancerListenerRules",
        "Listeners",
        "Rules",
    )
    type = ""

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and text(record.data, "Type", "application") == self.type

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        arn = need(data, "LoadBalancerArn")
        attributes = inventory.part(_of_balancer).get(arn, {})
        zones = items(data, "AvailabilityZones")
        groups = texts(data, "SecurityGroups")
        outside: dict[str, str] = dict.fromkeys(groups, "security group")
        notes: list[str] = []
        state = text(data, "State.Code", "active")
        stack = text(data, "IpAddressType", "ipv4")
        properties: dict[str, Json] = {
            **given(
                label=text(data, "LoadBalancerName"),
                scheme="internal" if text(data, "Scheme") == "internal" else "internet-facing",
                cross_zone=_switch(attributes, "load_balancing.cross_zone.enabled"),
                deletion_protection=_switch(attributes, "deletion_protection.enabled") or None,
                access_logs=_switch(attributes, "access_logs.s3.enabled") or None,
                ip_address_type="dualstack" if stack.startswith("dualstack") else None,
                state=state if state != "active" else None,
            ),
            "subnets": listed(need(zone, "SubnetId") for zone in zones),
            "security_groups": listed(groups),
        }
        rules = inventory.part(_rules)
        listeners: list[Json] = []
        for listener in inventory.part(_listeners).get(arn, []):
            certificates = [arn_name(text(item, "CertificateArn")) for item in items(listener, "Certificates")]
            outside.update(dict.fromkeys(certificates, "certificate"))
            shown: dict[str, Json] = {
                **given(
                    port=number(listener, "Port"),
                    protocol=text(listener, "Protocol"),
                    ssl_policy=text(listener, "SslPolicy"),
                    certificate=certificates[0] if certificates else None,
                    alpn=next(iter(texts(listener, "AlpnPolicy")), None),
                    mutual_tls=_mutual(listener),
                ),
                **action_of(items(listener, "DefaultActions"), notes),
            }
            known = [rule_of(rule, notes) for rule in rules.get(text(listener, "ListenerArn"), [])]
            if known:
                shown["rules"] = listed_json(known)
            listeners.append(shown)
        properties["listeners"] = listeners
        properties.update(self.further(record, inventory, attributes))
        yield Described(arn_name(arn), properties, notes=tuple(dict.fromkeys(notes)), outside=outside)

    def further(self, record: Record, inventory: Inventory, attributes: Attributes) -> dict[str, Json]:
        """Return the properties only this type of balancer has."""
        raise NotImplementedError


def _mutual(listener: Data) -> dict[str, Json] | None:
    """Return how a listener asks clients for a certificate; None: it does not."""
    mode = text(listener, "MutualAuthentication.Mode")
    if mode not in ("verify", "passthrough"):
        return None
    store = text(listener, "MutualAuthentication.TrustStoreArn")
    return given(
        mode=mode if mode != "verify" else None,
        trust=[arn_name(store)] if store else None,
        ignore_expired=flag(listener, "MutualAuthentication.IgnoreClientCertificateExpiry", False) or None,
    )


def listed_json(values: list[dict[str, Json]]) -> list[Json]:
    """Return mappings as a list of plain data."""
    return list(values)


def _switch(attributes: Attributes, name: str) -> bool | None:
    return attributes[name] == "true" if attributes.get(name) in {"true", "false"} else None


class DescribesAlb(_DescribesBalancer):
    """``elbv2 describe-load-balancers``, type application."""

    type = "application"

    def further(self, record: Record, inventory: Inventory, attributes: Attributes) -> dict[str, Json]:
        forwarded = attributes.get("routing.http.xff_header_processing.mode", "append")
        desync = attributes.get("routing.http.desync_mitigation_mode", "defensive")
        return given(
            idle_timeout=_seconds(attributes, "idle_timeout.timeout_seconds"),
            http2=False if _switch(attributes, "routing.http2.enabled") is False else None,
            desync=desync if desync != "defensive" else None,
            drop_invalid_headers=_switch(attributes, "routing.http.drop_invalid_header_fields.enabled") or None,
            forwarded_for=forwarded if forwarded != "append" else None,
            forwarded_port=_switch(attributes, "routing.http.xff_client_port.enabled") or None,
            waf_fail_open=_switch(attributes, "waf.fail_open.enabled") or None,
        )


class DescribesNlb(_DescribesBalancer):
    """``elbv2 describe-load-balancers``, type network; its nodes' addresses are those of its interfaces."""

    type = "network"

    def further(self, record: Record, inventory: Inventory, attributes: Attributes) -> dict[str, Json]:
        zones = items(record.data, "AvailabilityZones")
        known = inventory.part(_node_addresses)
        title = f"ELB {text(record.data, 'LoadBalancerArn').partition(':loadbalancer/')[2]}"
        private = [known.get((title, text(zone, "SubnetId")), "") for zone in zones]
        allocations = [
            next((text(item, "AllocationId") for item in items(zone, "LoadBalancerAddresses")), "") for zone in zones
        ]
        found: dict[str, Json] = {}
        if text(record.data, "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic") == "off":
            found["filter_private_link"] = False
        if private and all(private):
            found["private_ips"] = listed(private)
        if allocations and all(allocations):
            found["elastic_ips"] = listed(allocations)
        return found


def _health(inventory: Inventory) -> Mapping[str, list[Data]]:
    return {
        text(record.data, "TargetGroupArn"): list(items(record.data, "TargetHealthDescriptions"))
        for record in inventory.of("LoadBalancerTargetHealth")
    }


_STATES = {"unhealthy.draining": "draining"}


class DescribesTargetGroup(Describes):
    """``elbv2 describe-target-groups`` and ``describe-target-health``."""

    keys = ("TargetGroups",)
    details = ("LoadBalancerTargetHealth", "TargetGroupAttributes")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        arn = need(data, "TargetGroupArn")
        attributes = inventory.part(_of_group).get(arn, {})
        notes: list[str] = []
        described = inventory.part(_health).get(arn)
        if described is None:
            notes.append("its targets are not in the input; add 'describe-target-health' with the group's ARN")
        targets: list[Json] = []
        for item in described or []:
            name = need(item, "Target.Id")
            state = text(item, "TargetHealth.State")
            targets.append(
                given(
                    id=arn_name(name) if name.startswith("arn:") else name,
                    port=number(item, "Target.Port"),
                    az=text(item, "Target.AvailabilityZone"),
                    health=_STATES.get(state, state),
                )
            )
        algorithm = attributes.get("load_balancing.algorithm.type")
        properties: dict[str, Json] = {
            **given(
                label=text(data, "TargetGroupName"),
                vpc=text(data, "VpcId"),
                port=number(data, "Port"),
                protocol=text(data, "Protocol"),
                target_type=text(data, "TargetType"),
                deregistration_delay=_seconds(attributes, "deregistration_delay.timeout_seconds"),
                slow_start=_seconds(attributes, "slow_start.duration_seconds"),
                stickiness=_switch(attributes, "stickiness.enabled"),
                **_sticky(attributes),
                protocol_version=text(data, "ProtocolVersion") or None,
                multi_value_headers=_switch(attributes, "lambda.multi_value_headers.enabled") or None,
                dns_failover=_enough(attributes, "dns_failover"),
                routing_failover=_enough(attributes, "unhealthy_state_routing"),
                algorithm=algorithm,
                preserve_client_ip=_switch(attributes, "preserve_client_ip.enabled"),
                cross_zone=_switch(attributes, "load_balancing.cross_zone.enabled"),
                attributes_missing=True if _lacks_attributes(inventory, arn) else None,
            ),
            "targets": targets,
            "health_check": given(
                enabled=None if flag(data, "HealthCheckEnabled", True) else False,
                protocol=text(data, "HealthCheckProtocol"),
                port=_port(text(data, "HealthCheckPort")),
                path=text(data, "HealthCheckPath"),
                matcher=text(data, "Matcher.HttpCode"),
                interval=number(data, "HealthCheckIntervalSeconds"),
                timeout=number(data, "HealthCheckTimeoutSeconds"),
                healthy_threshold=number(data, "HealthyThresholdCount"),
                unhealthy_threshold=number(data, "UnhealthyThresholdCount"),
            ),
        }
        yield Described(arn_name(arn), properties, notes=tuple(notes))


def _sticky(attributes: Attributes) -> dict[str, Json]:
    """Return how clients are held at their targets, where they are."""
    if not _switch(attributes, "stickiness.enabled"):
        return {}
    kind = attributes.get("stickiness.type", "")
    name = "app_cookie" if kind == "app_cookie" else "lb_cookie"
    return given(
        stickiness_type=kind if kind in ("lb_cookie", "app_cookie", "source_ip") else None,
        stickiness_duration=_seconds(attributes, f"stickiness.{name}.duration_seconds"),
        stickiness_cookie=attributes.get("stickiness.app_cookie.cookie_name") if name == "app_cookie" else None,
    )


def _enough(attributes: Attributes, what: str) -> dict[str, Json] | None:
    """Return how many targets must be healthy, where that is more than AWS's default of one."""
    stem = f"target_group_health.{what}.minimum_healthy_targets"
    count, share = _seconds(attributes, f"{stem}.count"), _seconds(attributes, f"{stem}.percentage")
    found = given(
        count=count if count not in (None, 1) else None, percentage=f"{share}%" if share is not None else None
    )
    return found or None


def _lacks_attributes(inventory: Inventory, arn: str) -> bool:
    """Whether attributes of other target groups were read and those of this one were not."""
    known = inventory.part(_of_group)
    return bool(known) and arn not in known


def _seconds(attributes: Attributes, name: str) -> int | None:
    value = attributes.get(name, "")
    return int(value) if value.isdigit() else None


def _port(value: str) -> Json:
    return int(value) if value.isdigit() else value
