"""LAM003 to LAM006: functions in VPCs and outside, and what they call from there."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import EVERYTHING, ComponentRule, properties
from archtui.model.blueprint import INTERNET
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, add_component, append_to, join, set_property, unused_id
from archtui.services.ec2.lookups import ends_of, public_address_of
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.examples import NETWORK
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.lookups import as_kind, character_of, each, route_table_of, zones_of
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.regional import LeadsToApi, RegionalApi, region_of
from archtui.services.vpc.edits import own_nat
from archtui.services.vpc.properties import SubnetProperties
from archtui.services.vpc_endpoints.properties import GatewayEndpointProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/"
_VPC = (f"{_GUIDE}configuration-vpc-internet.html", f"{_GUIDE}configuration-vpc.html")
_BY_GATEWAY = ("s3", "dynamodb")
_CALLING = (
    NETWORK
    + "  fn-sg: {kind: security_group, vpc: vpc}\n"
    + "  files: {kind: s3_bucket}\n"
    + "  fn: {kind: lambda_function, subnets: [%s], security_groups: [fn-sg]}\n"
    + "%slinks:\n  - {from: fn, to: files}\n"
)
_ENDPOINT = "  to-s3: {kind: gateway_endpoint, vpc: vpc, service: s3, route_tables: [inside]}\n"


def _settings(component: Component) -> LambdaFunctionProperties:
    return properties(component, LambdaFunctionProperties)


def _public_calls(world: World, function: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a function calls outside its VPC: the target, its service and region (empty: the internet)."""
    for link in world.links_from(function):
        target = world.components.get(link.target)
        api = target.kind.behaviour(RegionalApi) if target else None
        if target is None or target.id == INTERNET or target.kind.name == "client":
            yield link.target, "", ""
        elif api is not None:
            yield target.id, api.service, region_of(target, world)


def _served(world: World, subnet: str, service: str, region: str) -> bool:
    """Say whether an endpoint of the VPC leads from ``subnet`` to the API of a service."""
    home = as_kind(world, subnet, SubnetProperties)
    table = route_table_of(world, subnet)
    for kind, leads in world.with_behaviour(LeadsToApi):
        for endpoint in world.of_kind(kind.name):
            if home is None or leads.leads_to(endpoint, world) != (region, service):
                continue
            gateway = endpoint.properties
            if isinstance(gateway, GatewayEndpointProperties):
                routed = any(
                    getattr(route, "via", "") == endpoint.id
                    for route in (getattr(table.properties, "routes", ()) if table else ())
                )
                if routed or (table is not None and table.id in gateway.route_tables):
                    return True
            elif leads.named_in(endpoint, world) == home.vpc:
                return True
    return False


class _Stuck(ComponentRule):
    """A function in subnets of one character that calls what these give no way to."""

    severity = "error"
    class_ = "reachability"
    kinds = ("lambda_function",)
    reads = EVERYTHING
    sources = _VPC
    character = ""
    says = ""

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare what it calls with its subnets' routes and endpoints."""
        subnets = [name for name in _settings(component).subnets if character_of(world, name) == self.character]
        for target, service, region in _public_calls(world, component.id) if subnets else ():
            stuck = tuple(name for name in subnets if not (service and _served(world, name, service, region)))
            if stuck:
                text = f"{component.id} calls {target} from {', '.join(stuck)}, {self.says}."
                edits = self.edits(world, component, stuck, service)
                yield self.finding(component.id, *stuck, message=text, fixable=bool(edits), detail=(service,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give it a way out."""
        component, *stuck = finding.components
        return self.edits(world, world.components[component], tuple(stuck), str(finding.detail[0]))

    def edits(self, world: World, component: Component, stuck: tuple[str, ...], service: str) -> tuple[Edit, ...]:
        """Return what gives it a way out."""
        raise NotImplementedError


class NoWayOut(_Stuck):
    """A function in closed subnets that calls the internet or an AWS API."""

    id = "LAM003"
    title = "VPC function calls the internet without NAT or endpoint"
    why = "A function in a VPC sends from an interface without a public address: it needs a NAT gateway or an endpoint."
    fix = "Send its subnets out by a NAT gateway, or add an endpoint of the service."
    facts = ("lambda-vpc-attach-01",)
    example_bad = _CALLING % ("app-a", "")
    example_good = _CALLING % ("app-a", _ENDPOINT)
    example_finds = ("fn", "app-a")
    character = "isolated"
    says = "whose routes lead neither to a NAT gateway nor to an endpoint"

    def edits(self, world: World, component: Component, stuck: tuple[str, ...], service: str) -> tuple[Edit, ...]:
        """Add a gateway endpoint where there is one of the service, else NAT gateways."""
        found: list[Edit] = []
        tables = [table for name in stuck if (table := route_table_of(world, name)) and not table.implicit]
        vpc = world.placement(component.id).vpc
        if service in _BY_GATEWAY and vpc and len(tables) == len(stuck):
            name = unused_id(world.components, f"to-{service}")
            listed: list[Json] = list(dict.fromkeys(table.id for table in tables))
            found.append(
                add_component(name, "gateway_vpc_endpoint", {"vpc": vpc, "service": service, "route_tables": listed})
            )
        zones = zones_of(world, stuck)
        if len(zones) == 1:
            nat = own_nat(world, zones[0], stuck)
            found += [nat] if nat else []
        return tuple(found)


class InPublicSubnet(_Stuck):
    """A function in public subnets that calls the internet."""

    id = "LAM004"
    title = "VPC function in public subnets expecting internet"
    why = "An internet gateway serves interfaces with a public address alone, and those of a function never get one."
    fix = "Move it to private subnets with a NAT gateway."
    facts = ("lambda-vpc-attach-01",)
    example_bad = _CALLING.replace("inside: {kind: route_table, vpc: vpc}", "{inside}").replace(
        "{inside}", "inside: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: nat}]}"
    ) % ("public-a", "  eip: {kind: elastic_ip}\n  nat: {kind: nat_gateway, subnet: public-a, elastic_ip: eip}\n")
    example_good = example_bad.replace("subnets: [public-a]", "subnets: [app-a]")
    example_finds = ("fn", "public-a")
    character = "public"
    says = "which is public: its interface there has no public address, so the internet gateway drops what it sends"

    def edits(self, world: World, component: Component, stuck: tuple[str, ...], service: str) -> tuple[Edit, ...]:
        """Move it to the VPC's subnets with a NAT gateway, of the same zones where there are any."""
        vpc = world.placement(component.id).vpc
        wanted = set(zones_of(world, stuck))
        private = [
            subnet.id
            for subnet, settings in each(world, SubnetProperties)
            if settings.vpc == vpc and not subnet.implicit and character_of(world, subnet.id) == "private"
        ]
        near = [name for name in private if set(zones_of(world, (name,))) & wanted]
        kept = [name for name in _settings(component).subnets if name not in stuck]
        moved: list[Json] = list(dict.fromkeys([*kept, *(near or private)]))
        if not private:
            return ()
        return (join(f"move {component.id} to private subnets", (set_property(component.id, ("subnets",), moved),)),)


def _is_private(world: World, name: str) -> bool:
    """Say whether a component stands in a VPC and is known to have no public address."""
    component = world.components[name]
    settings, place = component.properties, world.placement(name)
    if place.vpc is None or component.kind.behaviour(RegionalApi) is not None:
        return False
    if isinstance(settings, LoadBalancerProperties):
        return settings.scheme == "internal"
    if isinstance(settings, DbInstanceProperties):
        return not settings.publicly_accessible
    if component.kind.name == "ec2_instance":
        return public_address_of(world, name) is None
    return component.kind.family in ("caches", "aurora", "ecs")


def _own_subnets(world: World, target: str) -> tuple[str, ...]:
    """Return the target's subnets that the document holds: those of a default VPC cannot be named in it."""
    subnets = ends_of(world, target).subnets
    return () if any(world.components[subnet].implicit for subnet in subnets) else tuple(subnets)


class OutsideTheVpc(ComponentRule):
    """A function outside every VPC that calls something inside one."""

    id = "LAM005"
    title = "Function outside the VPC calls a private resource"
    severity = "error"
    class_ = "reachability"
    kinds = ("lambda_function",)
    reads = EVERYTHING
    why = (
        "A function without a VPC configuration sends from AWS's own network, from which private addresses are out of "
    )
    why += "reach."
    fix = "Give it subnets of that VPC and a security group that the target admits."
    sources = _VPC
    facts = ("lambda-vpc-attach-01",)
    example_bad = (
        NETWORK
        + "  fn-sg: {kind: security_group, vpc: vpc}\n"
        + "  db-sg: {kind: security_group, vpc: vpc, ingress: [{port: 5432, from: fn-sg}]}\n"
        + "  db: {kind: rds, engine: postgres, subnets: [app-a, app-b], security_groups: [db-sg]}\n"
        + "  fn: {kind: lambda_function}\n"
        + "links:\n  - {from: fn, to: db}\n"
    )
    example_good = example_bad.replace(
        "{kind: lambda_function}", "{kind: lambda_function, subnets: [app-a, app-b], security_groups: [fn-sg]}"
    )
    example_finds = ("fn", "db")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at what a function without subnets is linked to."""
        if _settings(component).subnets:
            return
        for link in world.links_from(component.id):
            if link.target in world.components and _is_private(world, link.target):
                vpc = world.placement(link.target).vpc
                text = (
                    f"{component.id} is in no VPC and calls {link.target}, which has private addresses in {vpc} alone."
                )
                fixable = bool(_own_subnets(world, link.target))
                yield self.finding(component.id, link.target, message=text, fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give it the target's subnets."""
        function, target = finding.components
        subnets: list[Json] = list(_own_subnets(world, target))
        if not subnets:
            return ()
        return (join(f"put {function} into the VPC of {target}", (set_property(function, ("subnets",), subnets),)),)


class OneZone(ComponentRule):
    """A function whose subnets stand in one zone."""

    id = "LAM006"
    title = "VPC function in one AZ"
    severity = "warning"
    class_ = "resilience"
    kinds = ("lambda_function",)
    reads = ("subnet", "route_table")
    why = "Lambda runs a function in the zones of its subnets: with the one zone it is lost as a whole."
    fix = "Give it a subnet in a second zone."
    sources = (f"{_GUIDE}configuration-vpc.html", f"{_GUIDE}security-resilience.html")
    example_bad = NETWORK + "  fn: {kind: lambda_function, subnets: [app-a]}\n"
    example_good = NETWORK + "  fn: {kind: lambda_function, subnets: [app-a, app-b]}\n"
    example_finds = ("fn", "app-a")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the zones."""
        subnets = _settings(component).subnets
        zones = zones_of(world, subnets)
        if subnets and len(zones) == 1:
            text = f"All subnets of {component.id} are in {zones[0]}."
            fixable = bool(self._edits(world, component.id, subnets))
            yield self.finding(component.id, *subnets, message=text, path=("subnets",), fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a subnet of another zone whose routes are like those it has."""
        return self._edits(world, finding.subject, finding.components[1:])

    @staticmethod
    def _edits(world: World, function: str, subnets: tuple[str, ...]) -> tuple[Edit, ...]:
        here, vpc = zones_of(world, subnets), world.placement(subnets[0]).vpc
        for subnet, settings in each(world, SubnetProperties):
            alike = character_of(world, subnet.id) == character_of(world, subnets[0])
            if settings.vpc == vpc and alike and not subnet.implicit and zones_of(world, (subnet.id,)) != here:
                added = append_to(world.blueprint, function, ("subnets",), subnet.id)
                return (join(f"let {function} run in {subnet.id} too", (added,)),)
        return ()
