"""NET006, NET034-NET039: endpoints and those in the VPC who call the APIs behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtui.check.finding import Finding
from archtui.check.rule import EVERYTHING, Rule
from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, append_to, join, set_property, unused_id
from archtui.services.admission import admit
from archtui.services.ec2.lookups import ends_of
from archtui.services.examples import NETWORK
from archtui.services.lookups import admits, as_kind, route_table_of, zones_of
from archtui.services.regional import RegionalApi, region_of, short_name
from archtui.services.vpc.lookups import default_row
from archtui.services.vpc.properties import NatGatewayProperties, RouteTableProperties, VpcProperties
from archtui.services.vpc_endpoints.lookups import dns_hindrance, provider_of, service_region
from archtui.services.vpc_endpoints.properties import GatewayEndpointProperties, InterfaceEndpointProperties
from archtui.world.world import World

_GATEWAY = "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"
_INTERFACE = "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html"
_FREE = ("s3", "dynamodb")
"""The services with gateway endpoints (PrivateLink guide, 'Gateway endpoints')."""


@dataclass(frozen=True, slots=True)
class _Caller:
    """Someone in a VPC who calls the API of an AWS service."""

    name: str
    vpc: str
    subnets: tuple[str, ...]
    target: str
    region: str
    service: str


def _callers(world: World) -> tuple[_Caller, ...]:
    found = []
    for link in world.links:
        source, target = world.components.get(link.source), world.components.get(link.target)
        api = target.kind.behaviour(RegionalApi) if target else None
        place = world.placement(link.source) if source else None
        if target is None or api is None or place is None or place.vpc is None or not place.subnets:
            continue
        region = region_of(target, world)
        found.append(_Caller(link.source, place.vpc, tuple(place.subnets), link.target, region, api.service))
    return tuple(found)


def _interfaces_for(world: World, service: str, vpc: str) -> Iterator[tuple[Component, InterfaceEndpointProperties]]:
    for endpoint in world.of_kind("interface_vpc_endpoint"):
        settings = endpoint.properties
        if not isinstance(settings, InterfaceEndpointProperties) or settings.vpc != vpc:
            continue
        if provider_of(endpoint, world) is None and short_name(settings.service) == service:
            yield endpoint, settings


def _gateways_for(world: World, service: str, vpc: str) -> Iterator[tuple[Component, GatewayEndpointProperties]]:
    for endpoint in world.of_kind("gateway_vpc_endpoint"):
        settings = endpoint.properties
        if not isinstance(settings, GatewayEndpointProperties) or settings.vpc != vpc:
            continue
        if short_name(settings.service) == service:
            yield endpoint, settings


def _goes_private(world: World, caller: _Caller) -> bool:
    """Say whether the API's name leads the caller to an interface endpoint."""
    return any(
        settings.private_dns and not dns_hindrance(settings.vpc, world)
        for _, settings in _interfaces_for(world, caller.service, caller.vpc)
    )


def _tables(world: World, caller: _Caller) -> dict[str, str]:
    """Return the caller's written route tables, each with one of its subnets."""
    found: dict[str, str] = {}
    for subnet in caller.subnets:
        table = route_table_of(world, subnet)
        if table is not None and not table.implicit:
            found.setdefault(table.id, subnet)
    return found


def _leads(world: World, table: str, endpoint: str, settings: GatewayEndpointProperties) -> bool:
    rows = as_kind(world, table, RouteTableProperties)
    return table in settings.route_tables or any(row.via == endpoint for row in (rows.routes if rows else ()))


_DESIGN = NETWORK.replace("inside: {kind: route_table, vpc: vpc}", "{inside}") + (
    "  eip: {kind: elastic_ip}\n"
    "  nat: {kind: nat_gateway, subnet: public-a, elastic_ip: eip}\n"
    "  app: {kind: ec2, subnet: app-a, security_groups: [app-sg]}\n"
    "  app-sg: {kind: security_group, vpc: vpc}\n"
    "  photos: {kind: s3_bucket}\n"
)
_VIA_NAT = _DESIGN.replace("{inside}", "inside: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: nat}]}")
_LINKS = "links:\n  - {from: app, to: photos, port: 443}\n"
_TO_S3 = "  to-s3: {kind: gateway_endpoint, vpc: vpc, service: s3, route_tables: [inside]}\n"


class NatPaysForS3(Rule):
    """Calls to S3 or DynamoDB that leave through a NAT gateway."""

    id = "NET006"
    title = "S3 or DynamoDB traffic pays for NAT although a gateway endpoint is free"
    severity = "warning"
    class_ = "cost"
    kinds = ("nat_gateway",)
    reads = EVERYTHING
    why = "A NAT gateway bills every byte; a gateway endpoint carries the same calls without a charge."
    fix = "Add a gateway endpoint to the route table."
    sources = (_GATEWAY, "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-pricing.html")
    example_bad = _VIA_NAT + _LINKS
    example_good = _VIA_NAT + _TO_S3 + _LINKS
    example_finds = ("nat", "inside", "app", "photos")

    def check(self, world: World) -> Iterator[Finding]:
        """Follow the default route of those who call S3 and DynamoDB."""
        seen: set[tuple[str, str]] = set()
        for caller in _callers(world):
            if caller.service not in _FREE or caller.region != world.placement(caller.vpc).region:
                continue
            if any(_gateways_for(world, caller.service, caller.vpc)) or _goes_private(world, caller):
                continue
            for table, subnet in _tables(world, caller).items():
                row = default_row(world, subnet)
                nat = row.route.via if row else ""
                if row is None or as_kind(world, nat, NatGatewayProperties) is None or (table, caller.service) in seen:
                    continue
                seen.add((table, caller.service))
                yield self.finding(
                    nat,
                    table,
                    caller.name,
                    caller.target,
                    message=f"{caller.name} calls {caller.target} through {nat}, which bills every byte.",
                    fixable=True,
                    detail=(table, caller.service, caller.vpc),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add the gateway endpoint."""
        table, service, vpc = map(str, finding.detail)
        name = unused_id(world.blueprint.components, f"to-{service}")
        return (add_component(name, "gateway_vpc_endpoint", {"vpc": vpc, "service": service, "route_tables": [table]}),)


class TableWithoutEndpoint(Rule):
    """A gateway endpoint that the callers' route table does not know."""

    id = "NET035"
    title = "Gateway endpoint not associated with the route table of the subnets that need it"
    severity = "error"
    class_ = "reachability"
    kinds = ("gateway_vpc_endpoint",)
    reads = EVERYTHING
    why = "A gateway endpoint works through the routes to its prefix list, in the tables it is associated with alone."
    fix = "Associate the callers' route tables with it."
    sources = (_GATEWAY,)
    example_bad = _VIA_NAT + _TO_S3.replace(", route_tables: [inside]", "") + _LINKS
    example_good = _VIA_NAT + _TO_S3 + _LINKS
    example_finds = ("to-s3", "inside", "app")

    def check(self, world: World) -> Iterator[Finding]:
        """Compare the endpoint's tables with those of its callers."""
        seen: set[tuple[str, str]] = set()
        for caller in _callers(world):
            if _goes_private(world, caller) or caller.region != world.placement(caller.vpc).region:
                continue
            endpoints = tuple(_gateways_for(world, caller.service, caller.vpc))
            for table in _tables(world, caller) if endpoints else ():
                first = endpoints[0][0]
                known = any(_leads(world, table, endpoint.id, settings) for endpoint, settings in endpoints)
                if not known and not first.implicit and (first.id, table) not in seen:
                    seen.add((first.id, table))
                    yield self.finding(
                        first.id,
                        table,
                        caller.name,
                        message=f"{table} has no route to {first.id}, which {caller.name} needs for {caller.target}.",
                        fixable=True,
                        detail=(table,),
                    )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Associate the table."""
        return (append_to(world.blueprint, finding.subject, ("route_tables",), str(finding.detail[0])),)


class OtherRegion(Rule):
    """A gateway endpoint for what is in another region."""

    id = "NET037"
    title = "Gateway endpoint used for a bucket or table of another Region"
    severity = "warning"
    class_ = "reachability"
    kinds = ("gateway_vpc_endpoint",)
    reads = EVERYTHING
    why = "A gateway endpoint serves its own Region alone: calls to another Region need a way to the internet."
    fix = "Give the callers a NAT gateway, or keep a copy in their own Region."
    sources = (_GATEWAY,)
    example_bad = (
        _VIA_NAT.replace("photos: {kind: s3_bucket}", "photos: {kind: s3_bucket, region: ap-southeast-2}")
        + _TO_S3
        + _LINKS
    )
    example_good = _VIA_NAT + _TO_S3 + _LINKS
    example_finds = ("to-s3", "app", "photos")

    def check(self, world: World) -> Iterator[Finding]:
        """Compare the regions of endpoint and called resource."""
        for caller in _callers(world):
            for endpoint, settings in _gateways_for(world, caller.service, caller.vpc):
                here = world.placement(settings.vpc).region
                serves = service_region(settings.service) or here
                if serves != caller.region and not endpoint.implicit:
                    yield self.finding(
                        endpoint.id,
                        caller.name,
                        caller.target,
                        message=f"{endpoint.id} serves {serves} alone; {caller.name} calls {caller.target} "
                        f"in {caller.region}.",
                    )


class GatewayEndpointFromOutside(Rule):
    """A customer's site that calls a service for which the VPC has a gateway endpoint alone."""

    id = "NET038"
    title = "Gateway endpoint expected from on-premises, peering or VPN"
    severity = "warning"
    class_ = "reachability"
    kinds = ("gateway_vpc_endpoint",)
    reads = EVERYTHING
    why = "A gateway endpoint serves resources of its own VPC alone, nothing that comes over a VPN, Direct Connect, a "
    why += "peering or a transit gateway."
    fix = "Give the VPC an interface endpoint of the service."
    sources = (_GATEWAY,)
    example_bad = (
        _VIA_NAT
        + _TO_S3
        + "  hq: {kind: on_prem_site, networks: [192.168.0.0/16]}\n"
        + _LINKS
        + "  - {from: hq, to: photos, port: 443}\n"
    )
    example_good = example_bad.replace(
        "  hq:", "  if-s3: {kind: interface_endpoint, vpc: vpc, service: s3, subnets: [app-a]}\n  hq:"
    )
    example_finds = ("to-s3", "hq", "photos")

    def check(self, world: World) -> Iterator[Finding]:
        """Look for callers outside AWS."""
        for link in world.links:
            source, target = world.components.get(link.source), world.components.get(link.target)
            api = target.kind.behaviour(RegionalApi) if target else None
            if source is None or target is None or api is None or source.kind.family != "on_prem":
                continue
            for endpoint in world.of_kind("gateway_vpc_endpoint"):
                settings = endpoint.properties
                if (
                    isinstance(settings, GatewayEndpointProperties)
                    and not endpoint.implicit
                    and short_name(settings.service) == api.service
                    and world.placement(settings.vpc).region == region_of(target, world)
                    and not any(_interfaces_for(world, api.service, settings.vpc))
                ):
                    yield self.finding(
                        endpoint.id,
                        source.id,
                        target.id,
                        message=f"{source.id} calls {target.id}; {endpoint.id} serves {settings.vpc} alone.",
                    )


_QUEUE = (
    NETWORK.replace("vpc: {kind: vpc, cidr: 10.0.0.0/16}", "vpc: {kind: vpc, cidr: 10.0.0.0/16, dns_hostnames: true}")
    + "  app: {kind: ec2, subnet: app-a, security_groups: [app-sg]}\n"
    "  app-2: {kind: ec2, subnet: app-b, security_groups: [app-sg]}\n"
    "  app-sg: {kind: security_group, vpc: vpc}\n"
    "  ep-sg: {kind: security_group, vpc: vpc, ingress: [{port: 443, from: app-sg}]}\n"
    "  jobs: {kind: sqs_queue}\n"
    "  to-sqs: {kind: interface_endpoint, vpc: vpc, service: sqs, subnets: [app-a, app-b], security_groups: [ep-sg]}\n"
    "links:\n  - {from: app, to: jobs, port: 443}\n  - {from: app-2, to: jobs, port: 443}\n"
)


class _EndpointRule(Rule):
    """A rule about an interface endpoint and its callers."""

    kinds = ("interface_vpc_endpoint",)
    reads = EVERYTHING
    sources = (_INTERFACE,)

    def served(self, world: World) -> Iterator[tuple[Component, InterfaceEndpointProperties, list[_Caller]]]:
        """Yield each endpoint that the author wrote with those in its VPC who call its service."""
        callers = _callers(world)
        for endpoint in world.of_kind("interface_vpc_endpoint"):
            settings = endpoint.properties
            if endpoint.implicit or not isinstance(settings, InterfaceEndpointProperties):
                continue
            if provider_of(endpoint, world) is not None:
                continue
            wanted = (settings.vpc, world.placement(settings.vpc).region, short_name(settings.service))
            mine = [caller for caller in callers if (caller.vpc, caller.region, caller.service) == wanted]
            if mine:
                yield endpoint, settings, mine


class FewerZones(_EndpointRule):
    """An interface endpoint without an interface in a zone of its callers."""

    id = "NET034"
    title = "Interface endpoint in fewer AZs than its clients"
    severity = "warning"
    class_ = "resilience"
    why = "Each interface of an endpoint stands in one zone; callers of other zones fail with it, and pay to cross."
    fix = "Give the endpoint a subnet in every zone of its callers."
    example_bad = _QUEUE.replace("subnets: [app-a, app-b]", "subnets: [app-a]")
    example_good = _QUEUE
    example_finds = ("to-sqs", "app-2")

    def check(self, world: World) -> Iterator[Finding]:
        """Compare the zones of endpoint and callers."""
        for endpoint, settings, callers in self.served(world):
            zones = set(zones_of(world, settings.subnets))
            lacking: dict[str, tuple[str, str]] = {}
            for caller in callers:
                for subnet in caller.subnets:
                    for zone in zones_of(world, (subnet,)):
                        if zone not in zones:
                            lacking.setdefault(zone, (caller.name, subnet))
            if zones and lacking:
                names = dict.fromkeys(name for name, _ in lacking.values())
                yield self.finding(
                    endpoint.id,
                    *names,
                    message=f"{endpoint.id} has no interface in {', '.join(sorted(lacking))}, "
                    f"where {', '.join(names)} calls it from.",
                    fixable=True,
                    detail=tuple(subnet for _, (_, subnet) in sorted(lacking.items())),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add the callers' subnets."""
        settings = as_kind(world, finding.subject, InterfaceEndpointProperties)
        if settings is None:
            return ()
        return (set_property(finding.subject, ("subnets",), [*settings.subnets, *finding.detail]),)


class EndpointRefuses(_EndpointRule):
    """An interface endpoint whose security groups do not admit its callers."""

    id = "NET036"
    title = "Interface endpoint security group blocks clients on 443"
    severity = "error"
    class_ = "reachability"
    why = "An interface endpoint is a network interface with security groups of its own: what they refuse is lost."
    fix = "Admit the callers' group on port 443."
    example_bad = _QUEUE.replace("{port: 443, from: app-sg}", "{port: 80, from: app-sg}")
    example_good = _QUEUE
    example_finds = ("to-sqs", "ep-sg", "app")

    def check(self, world: World) -> Iterator[Finding]:
        """Ask the endpoint's groups about each caller."""
        for endpoint, settings, callers in self.served(world):
            if not settings.private_dns or not settings.security_groups:
                continue
            seen = set()
            for caller in callers:
                peer = ends_of(world, caller.name).peer
                if peer in seen or admits(world, settings.security_groups, peer, 443):
                    continue
                seen.add(peer)
                yield self.finding(
                    endpoint.id,
                    settings.security_groups[0],
                    caller.name,
                    message=f"{', '.join(settings.security_groups)} of {endpoint.id} does not admit {caller.name} "
                    "on port 443.",
                    fixable=bool(self._edits(world, endpoint.id, caller.name)),
                    detail=(caller.name,),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Admit the caller."""
        return self._edits(world, finding.subject, str(finding.detail[0]))

    @staticmethod
    def _edits(world: World, name: str, caller: str) -> tuple[Edit, ...]:
        settings = as_kind(world, name, InterfaceEndpointProperties)
        if settings is None:
            return ()
        return admit(world, settings.security_groups, ends_of(world, caller).peer, 443, f"{caller} to {name}")


class PrivateDnsOff(_EndpointRule):
    """An interface endpoint past which its callers go, because the service's name does not lead to it."""

    id = "NET039"
    title = "Private DNS of an interface endpoint off while clients use the default name"
    severity = "warning"
    class_ = "correctness"
    why = "Without private DNS the service's own name gives public addresses, and callers go past the endpoint. "
    why += "It needs DNS support and DNS host names of the VPC."
    fix = "Turn private DNS on, and the VPC's DNS support and DNS host names with it."
    example_bad = _QUEUE.replace("service: sqs,", "service: sqs, private_dns: false,")
    example_good = _QUEUE
    example_finds = ("to-sqs", "app")

    def check(self, world: World) -> Iterator[Finding]:
        """Look at the settings of endpoint and VPC."""
        for endpoint, settings, callers in self.served(world):
            hindrance = dns_hindrance(settings.vpc, world)
            others = (
                item
                for item, also in _interfaces_for(world, callers[0].service, settings.vpc)
                if also.private_dns and item.id != endpoint.id
            )
            if (settings.private_dns and not hindrance) or any(others):
                continue
            what = f"{endpoint.id} has private DNS off" if not settings.private_dns else ""
            what = what or f"{hindrance} of {settings.vpc} is off, which private DNS of {endpoint.id} needs"
            yield self.finding(
                endpoint.id,
                callers[0].name,
                message=f"{what}; {callers[0].name} calls {callers[0].target} by its public address.",
                fixable=bool(self._edits(world, endpoint.id)),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn on what is off."""
        return self._edits(world, finding.subject)

    @staticmethod
    def _edits(world: World, name: str) -> tuple[Edit, ...]:
        settings = as_kind(world, name, InterfaceEndpointProperties)
        if settings is None or settings.vpc not in world.blueprint.components:
            return ()
        edits = [] if settings.private_dns else [set_property(name, ("private_dns",), True)]
        vpc = as_kind(world, settings.vpc, VpcProperties)
        stated = {"dns_support": vpc.dns_support, "dns_hostnames": vpc.dns_hostnames} if vpc else {}
        edits.extend(set_property(settings.vpc, (key,), True) for key, on in stated.items() if not on)
        return (join(f"let the service's name lead to {name}", edits),)
