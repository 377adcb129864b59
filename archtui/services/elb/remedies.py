"""Edits against blockers of load balancers: listeners, certificates, registrations, ports, health checks."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.model.component import Component, Json
from archtui.model.edits import Edit, append_to, set_property
from archtui.services.acm.properties import CertificateProperties
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.elb.matching import covers
from archtui.services.elb.properties import ApplicationLoadBalancerProperties, TargetGroupProperties
from archtui.services.vpc.properties import SecurityGroupProperties
from archtui.trace import codes
from archtui.trace.interface import Plea, Remedies
from archtui.world.world import World


def _balancer(world: World, name: str) -> tuple[Component, ApplicationLoadBalancerProperties] | None:
    component = world.blueprint.components.get(name)
    if component is None or not isinstance(component.properties, ApplicationLoadBalancerProperties):
        return None
    return component, component.properties


class ListenerRemedies(Remedies):
    """Add the listener that is asked for, or the certificate it needs."""

    def remedies(self, plea: Plea) -> Iterator[Edit]:
        code = plea.blocker.code
        found = _balancer(plea.world, plea.hop.component)
        if found is None:
            return
        balancer, properties = found
        if code == codes.ELBV2_LISTENERS_MISMATCH:
            yield from self._listener(plea, balancer, properties)
        elif code == codes.TLS_NO_CERTIFICATE:
            path = plea.step.decided_by.path if plea.step.decided_by else ()
            for certificate in self._certificates(plea):
                yield set_property(balancer.id, (*path[:2], "certificate"), certificate.id)
        elif code == codes.TLS_NAME_MISMATCH:
            yield from self._covering(plea)

    def _listener(
        self, plea: Plea, balancer: Component, properties: ApplicationLoadBalancerProperties
    ) -> Iterator[Edit]:
        request = plea.request
        port = request.port or (443 if request.protocol == "https" else 80)
        forward = next((each.forward for each in properties.listeners if each.forward), ())
        if len(forward) != 1:
            return
        listener: dict[str, Json] = {"port": port, "forward": forward[0].target_group}
        if request.protocol != "https":
            listener["protocol"] = "HTTP"
            yield append_to(plea.world.blueprint, balancer.id, ("listeners",), listener)
            return
        for certificate in self._certificates(plea):
            full: Json = {**listener, "protocol": "HTTPS", "certificate": certificate.id}
            yield append_to(plea.world.blueprint, balancer.id, ("listeners",), full)

    @staticmethod
    def _certificates(plea: Plea) -> Iterator[Component]:
        for certificate in plea.world.of_kind("certificate"):
            properties = certificate.properties
            if isinstance(properties, CertificateProperties) and covers(
                (properties.domain, *properties.alternative_names), plea.request.target
            ):
                yield certificate

    def _covering(self, plea: Plea) -> Iterator[Edit]:
        shown = plea.world.blueprint.components.get(plea.blocker.component)
        path: tuple[str | int, ...] = ("listeners",)
        found = _balancer(plea.world, plea.hop.component)
        if found:
            index = next(
                (i for i, each in enumerate(found[1].listeners) if shown and each.certificate == shown.id), None
            )
            path = ("listeners", index if index is not None else 0)
            for certificate in self._certificates(plea):
                yield set_property(found[0].id, (*path, "certificate"), certificate.id)
        if shown is not None and isinstance(shown.properties, CertificateProperties):
            yield append_to(plea.world.blueprint, shown.id, ("alternative_names",), plea.request.target)


class TargetRemedies(Remedies):
    """Register targets, or send to the port that the targets serve."""

    def remedies(self, plea: Plea) -> Iterator[Edit]:
        code = plea.blocker.code
        if code == codes.ELBV2_LISTENER_HAS_NO_TG:
            yield from self._registration(plea)
        elif code in (codes.CONNECTION_REFUSED, "ENI_SG_RULES_MISMATCH"):
            yield from self._port(plea)

    @staticmethod
    def _registration(plea: Plea) -> Iterator[Edit]:
        group = plea.world.blueprint.components.get(plea.blocker.component)
        if group is None or not isinstance(group.properties, TargetGroupProperties):
            return
        port = group.properties.port
        for instance in plea.world.of_kind("ec2_instance"):
            properties = instance.properties
            stated = properties.listens if isinstance(properties, Ec2InstanceProperties) else None
            if stated is None or any(service.port == port for service in stated):
                yield append_to(plea.world.blueprint, group.id, ("targets",), instance.id)

    def _port(self, plea: Plea) -> Iterator[Edit]:
        """Set a target group's port to what its targets listen on or what their group opens."""
        asked = plea.step.before.get("destination_port", plea.step.before.get("port"))
        for hop in reversed(plea.before):
            group = plea.world.blueprint.components.get(hop.component)
            if group is None or not isinstance(group.properties, TargetGroupProperties):
                continue
            for port in self._served(plea):
                if str(port) != str(asked) and port != group.properties.port:
                    yield set_property(group.id, ("port",), port)
            return

    @staticmethod
    def _served(plea: Plea) -> Iterator[int]:
        target = plea.world.components.get(plea.hop.component)
        if target and isinstance(target.properties, Ec2InstanceProperties):
            for service in target.properties.listens or ():
                yield service.port
        group = plea.world.components.get(plea.blocker.component)
        if group and isinstance(group.properties, SecurityGroupProperties):
            for rule in group.properties.ingress:
                if rule.ports and rule.ports.isdigit():
                    yield int(rule.ports)
