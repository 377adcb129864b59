"""Reading Classic Load Balancers from ``aws elb describe-load-balancers``.

Health and attributes are asked for one balancer at a time and do not name it; they are read where the input puts
them into lists that do: ``ClassicLoadBalancerHealth`` and ``ClassicLoadBalancerAttributes``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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

_STATES = ("InService", "OutOfService")


def _health(inventory: Inventory) -> Mapping[str, Mapping[str, str]]:
    return {
        text(record.data, "LoadBalancerName"): {
            text(item, "InstanceId"): text(item, "State") for item in items(record.data, "InstanceStates")
        }
        for record in inventory.of("ClassicLoadBalancerHealth")
    }


def _attributes(inventory: Inventory) -> Mapping[str, Data]:
    return {
        text(record.data, "LoadBalancerName"): record.data for record in inventory.of("ClassicLoadBalancerAttributes")
    }


class DescribesClassic(Describes):
    """``elb describe-load-balancers``."""

    keys = ("LoadBalancerDescriptions",)
    details = ("ClassicLoadBalancerHealth", "ClassicLoadBalancerAttributes")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "LoadBalancerName")
        groups = texts(data, "SecurityGroups")
        outside: dict[str, str] = dict.fromkeys(groups, "security group")
        notes: list[str] = []
        listeners: list[Json] = []
        for item in items(data, "ListenerDescriptions"):
            listener = self._listener(item)
            if isinstance(listener.get("certificate"), str):
                outside[str(listener["certificate"])] = "certificate"
            listeners.append(listener)
        states = inventory.part(_health).get(name, {})
        instances: list[Json] = []
        for item in items(data, "Instances"):
            member = need(item, "InstanceId")
            outside[member] = "instance"
            state = states.get(member)
            instances.append({"id": member, "state": state} if state in _STATES else member)
        attributes = inventory.part(_attributes).get(name)
        if attributes is None:
            notes.append("its attributes are not in the input, so cross-zone balancing is taken to be off")
        properties: dict[str, Json] = {
            **given(
                label=text(data, "LoadBalancerName"),
                scheme="internal" if text(data, "Scheme") == "internal" else "internet-facing",
                health_check=self._check(data),
            ),
            "subnets": listed(texts(data, "Subnets")),
            "security_groups": listed(groups),
            "listeners": listeners,
            "instances": instances,
            **self._settings(attributes or {}),
        }
        yield Described(name, properties, notes=tuple(notes), outside=outside)

    @staticmethod
    def _listener(item: Data) -> dict[str, Json]:
        certificate = text(item, "Listener.SSLCertificateId")
        policies = " ".join(texts(item, "PolicyNames"))
        return given(
            port=number(item, "Listener.LoadBalancerPort"),
            protocol=text(item, "Listener.Protocol"),
            instance_port=number(item, "Listener.InstancePort"),
            instance_protocol=text(item, "Listener.InstanceProtocol"),
            certificate=arn_name(certificate) if certificate else None,
            stickiness="duration" if "LBCookieStickiness" in policies else None,
        )

    @staticmethod
    def _check(data: Data) -> Json:
        """Return the health check; its target is written ``HTTP:80/path``."""
        protocol, _, rest = text(data, "HealthCheck.Target").partition(":")
        port, slash, path = rest.partition("/")
        return given(
            protocol=protocol or None,
            port=int(port) if port.isdigit() else None,
            path=f"/{path}" if slash else None,
            interval=number(data, "HealthCheck.Interval"),
            timeout=number(data, "HealthCheck.Timeout"),
            healthy_threshold=number(data, "HealthCheck.HealthyThreshold"),
            unhealthy_threshold=number(data, "HealthCheck.UnhealthyThreshold"),
        )

    @staticmethod
    def _settings(attributes: Data) -> dict[str, Json]:
        base = "LoadBalancerAttributes." if "LoadBalancerAttributes" in attributes else ""
        drains = flag(attributes, f"{base}ConnectionDraining.Enabled")
        return given(
            cross_zone=flag(attributes, f"{base}CrossZoneLoadBalancing.Enabled") or None,
            draining=number(attributes, f"{base}ConnectionDraining.Timeout") if drains else None,
            idle_timeout=number(attributes, f"{base}ConnectionSettings.IdleTimeout"),
            access_logs=flag(attributes, f"{base}AccessLog.Enabled") or None,
        )
