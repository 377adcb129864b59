"""DNS009, DNS011: private zones and health checks of private things."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, append_to
from archtui.services.ec2.lookups import public_address_of
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.lookups import as_kind, each
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.route53.lookups import bare, is_inside
from archtui.services.route53.properties import HealthCheckProperties, HostedZoneProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"


class UnassociatedZone(ComponentRule):
    """A private zone that does not answer in the VPC that asks."""

    id = "DNS009"
    title = "Private zone not associated with the asking VPC"
    severity = "error"
    class_ = "reachability"
    kinds = ("hosted_zone",)
    why = "A private zone answers in the VPCs it is associated with; everywhere else the name does not exist."
    fix = "Associate the zone with the VPC."
    sources = (f"{_GUIDE}hosted-zones-private.html", f"{_GUIDE}hosted-zone-private-associate-vpcs.html")
    facts = ("r53_private_zone-access-01", "r53_private_zone-assoc-01")
    example_bad = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  other: {kind: vpc, cidr: 10.1.0.0/16}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}
  app: {kind: ec2, subnet: app-a, metadata_tokens: required}
  zone: {kind: hosted_zone, name: corp.internal, private: true, vpcs: [other]}
  name: {kind: record, zone: zone, name: api, values: [10.0.0.10]}
journeys: [{name: A call, from: app, request: GET http://api.corp.internal/, reaches: app}]
"""
    example_good = example_bad.replace("vpcs: [other]", "vpcs: [vpc]")
    example_finds = ("zone", "vpc")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Follow the journeys that ask for a name in it; a zone without any VPC is none at all."""
        zone = properties(component, HostedZoneProperties)
        if not zone.private:
            return
        if not zone.vpcs:
            message = f"The private zone {component.id} is associated with no VPC."
            yield self.finding(component.id, message=message, fixable=len(self._authored(world)) == 1)
            return
        missing: dict[str, str] = {}
        for journey in world.blueprint.journeys:
            host = urlsplit((journey.request or "").split(" ")[-1]).hostname or journey.to or ""
            vpc = world.placement(journey.source).vpc if journey.source in world.components else None
            if vpc and vpc not in zone.vpcs and is_inside(host, zone.name) and not self._answered(world, vpc, host):
                missing.setdefault(vpc, bare(host))
        for vpc, host in missing.items():
            message = f"{vpc} asks for {host}, but {component.id} does not answer there."
            yield self.finding(component.id, vpc, message=message, fixable=vpc in world.blueprint.components)

    @staticmethod
    def _answered(world: World, vpc: str, host: str) -> bool:
        """Say whether another zone, public or associated with ``vpc``, holds ``host``."""
        return any(
            is_inside(host, zone.name) and (not zone.private or vpc in zone.vpcs)
            for _, zone in each(world, HostedZoneProperties)
        )

    @staticmethod
    def _authored(world: World) -> list[str]:
        return [component.id for component in world.of_kind("vpc") if not component.implicit]

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Associate the VPC."""
        vpcs = finding.components[1:] or tuple(self._authored(world))
        if not finding.fixable or len(vpcs) != 1:
            return ()
        edit = append_to(world.blueprint, finding.subject, ("vpcs",), vpcs[0])
        return (Edit(f"associate {finding.subject} with {vpcs[0]}", edit.operations),)


class CheckOfPrivateThing(ComponentRule):
    """A health check of something that the checkers cannot reach."""

    id = "DNS011"
    title = "Health check of a private address"
    severity = "warning"
    class_ = "reachability"
    kinds = ("health_check",)
    why = "Route 53's checkers ask from the internet; what has no public address always looks dead to them."
    fix = "Check the public entrance, or let the health check follow a CloudWatch alarm."
    sources = (f"{_GUIDE}dns-failover-private-hosted-zones.html", f"{_GUIDE}dns-failover-router-firewall-rules.html")
    facts = ("r53_health_check-public-01", "r53_health_check-private-01")
    example_bad = "components:\n  probe: {kind: health_check, type: HTTP, address: 10.0.0.10}\n"
    example_good = "components:\n  probe: {kind: health_check, type: HTTP, address: 192.0.2.10}\n"
    example_finds = ("probe",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the address, or at the component that is asked."""
        check = properties(component, HealthCheckProperties)
        if check.type in ("CALCULATED", "CLOUDWATCH_METRIC"):
            return
        if check.address and _is_private(check.address):
            message = f"{component.id} asks {check.address}, a private address."
            yield self.finding(component.id, message=message, path=("address",))
        elif check.target and self._hidden(world, check.target):
            message = f"{component.id} asks {check.target}, which has no public address."
            yield self.finding(component.id, check.target, message=message, path=("target",))

    @staticmethod
    def _hidden(world: World, name: str) -> bool:
        balancer = as_kind(world, name, LoadBalancerProperties)
        if balancer:
            return balancer.scheme == "internal"
        database = as_kind(world, name, DbInstanceProperties)
        if database:
            return not database.publicly_accessible
        return as_kind(world, name, Ec2InstanceProperties) is not None and public_address_of(world, name) is None


_PRIVATE = tuple(ipaddress.ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))


def _is_private(address: str) -> bool:
    return any(ipaddress.ip_address(address) in block for block in _PRIVATE)
