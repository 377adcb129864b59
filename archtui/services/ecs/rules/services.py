"""ECS001, ECS002, ECS004, ECS006: services and where their tasks run."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, append_to, join, set_property
from archtui.services.containers import DYNAMIC_PORTS, FleetProperties
from archtui.services.ec2.lookups import ends_of
from archtui.services.ecs.properties import EcsServiceProperties, EcsTaskDefinitionProperties
from archtui.services.elb.lookups import balancers_of
from archtui.services.lookups import admits, as_kind, character_of, each, route_table_of
from archtui.services.members import MemberProperties
from archtui.services.vpc.properties import SubnetProperties
from archtui.services.vpc_endpoints.lookups import aws_name
from archtui.services.vpc_endpoints.properties import GatewayEndpointProperties, InterfaceEndpointProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
_PORTS = (DYNAMIC_PORTS.start, DYNAMIC_PORTS.stop - 1)
_NETWORK = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  inside: {kind: route_table, vpc: vpc}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24, route_table: inside}
  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24, route_table: inside}
  lb-sg: {kind: security_group, vpc: vpc, ingress: [{port: 443, from: 0.0.0.0/0}]}
"""
_ENDPOINTS = """\
  sg: {kind: security_group, vpc: vpc, ingress: [{port: 443, from: 10.0.0.0/16}]}
  api: {kind: interface_endpoint, vpc: vpc, service: ecr.api, subnets: [app-a, app-b], security_groups: [sg]}
  dkr: {kind: interface_endpoint, vpc: vpc, service: ecr.dkr, subnets: [app-a, app-b], security_groups: [sg]}
  s3: {kind: gateway_endpoint, vpc: vpc, service: s3, route_tables: [inside]}
"""


def _recipe(world: World, service: EcsServiceProperties) -> EcsTaskDefinitionProperties | None:
    return as_kind(world, service.task_definition, EcsTaskDefinitionProperties)


class OneTask(ComponentRule):
    """A service behind a balancer that runs one task."""

    id = "ECS001"
    title = "Service runs one task"
    severity = "warning"
    class_ = "resilience"
    kinds = ("ecs_service",)
    why = "Whenever the task is replaced, and when its zone is lost, nobody answers until another one has started."
    fix = "Run two at least, in two zones."
    sources = (f"{_GUIDE}ecs_services.html",)
    example_bad = """\
components:
  web: {kind: target_group, port: 80, target_type: ip}
  shop: {kind: ecs_service, desired: 1, load_balancers: web}
"""
    example_good = example_bad.replace("desired: 1", "desired: 2")
    example_finds = ("shop", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the number of a service that somebody waits for."""
        service = properties(component, EcsServiceProperties)
        if service.desired == 1 and service.load_balancers:
            groups = tuple(item.target_group for item in service.load_balancers)
            yield self.finding(component.id, *groups, message=f"{component.id} runs one task.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Run two."""
        edit = set_property(finding.subject, ("desired",), 2)
        return (join(f"run two tasks of {finding.subject}", (edit,)),)


class DynamicPortsClosed(ComponentRule):
    """Hosts whose security groups do not admit the ports that Docker chooses."""

    id = "ECS002"
    title = "Dynamic host ports are closed to the balancer"
    severity = "error"
    class_ = "reachability"
    kinds = ("ecs_service",)
    why = "Docker takes any port among 32768-60999 for each task; the balancer gets no answer on those."
    fix = "Admit 32768-60999 from the balancer's security group at the hosts."
    sources = ("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html",)
    example_bad = (
        _NETWORK
        + """\
  host-sg: {kind: security_group, vpc: vpc, ingress: [{port: 80, from: lb-sg}]}
  host: {kind: ec2_instance, subnet: app-a, security_groups: [host-sg]}
  cluster: {kind: ecs_cluster, capacity: [host]}
  recipe: {kind: ecs_task_definition, network_mode: bridge, listens: [{port: 80}]}
  shop: {kind: ecs_service, cluster: cluster, task_definition: recipe, launch_type: EC2, load_balancers: web}
  web: {kind: target_group, port: 80}
  lb: {kind: alb, subnets: [app-a, app-b], security_groups: [lb-sg], listeners: [{port: 443, forward: web}]}
"""
    )
    example_good = example_bad.replace("port: 80, from: lb-sg", "port: 32768-60999, from: lb-sg")
    example_finds = ("shop", "host", "lb")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Ask the groups of each host about both ends of the range."""
        service = properties(component, EcsServiceProperties)
        recipe = _recipe(world, service)
        if recipe is None or recipe.network_mode != "bridge" or not any(not p.host_port for p in recipe.listens or ()):
            return
        for balancer in _balancers(world, service):
            peer = ends_of(world, balancer).peer
            for host in _hosts(world, service):
                groups = ends_of(world, host).groups
                if not all(admits(world, groups, peer, port) for port in _PORTS):
                    message = f"{host} does not admit {_PORTS[0]}-{_PORTS[1]} from {balancer}."
                    fixable = bool(self._edits(world, host, balancer))
                    yield self.finding(component.id, host, balancer, message=message, fixable=fixable)
                    break

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Admit the range from the balancer's first group."""
        return self._edits(world, *finding.components[1:])

    @staticmethod
    def _edits(world: World, host: str, balancer: str) -> tuple[Edit, ...]:
        own = next((name for name in ends_of(world, host).groups if name in world.blueprint.components), None)
        source = next(iter(ends_of(world, balancer).groups), None)
        if own is None or source is None:
            return ()
        rule = append_to(world.blueprint, own, ("ingress",), {"port": f"{_PORTS[0]}-{_PORTS[1]}", "from": source})
        return (join(f"admit dynamic ports at {own}", (rule,)),)


def _balancers(world: World, service: FleetProperties) -> tuple[str, ...]:
    found = (name for item in service.load_balancers for name in balancers_of(world, item.target_group))
    return tuple(dict.fromkeys(found))


def _hosts(world: World, service: FleetProperties) -> tuple[str, ...]:
    members = (as_kind(world, name, MemberProperties) for name in service.members)
    return tuple(dict.fromkeys(member.host for member in members if member and member.host))


class CannotPull(ComponentRule):
    """Tasks in subnets from which no registry can be reached."""

    id = "ECS004"
    title = "Private task cannot pull its image"
    severity = "error"
    class_ = "reachability"
    kinds = ("ecs_service",)
    why = "The image and its layers come over the network of the task: without a way to the registry no task starts."
    fix = "Add a NAT gateway, or endpoints for ecr.api, ecr.dkr and S3."
    sources = ("https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",)
    example_bad = (
        _NETWORK + "  shop: {kind: ecs_service, desired: 2, subnets: [app-a, app-b], security_groups: [lb-sg]}\n"
    )
    example_good = _NETWORK + _ENDPOINTS + example_bad.removeprefix(_NETWORK)
    example_finds = ("shop", "app-a", "app-b")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a way to a registry from each subnet of a Fargate service."""
        service = properties(component, EcsServiceProperties)
        if service.launch_type != "FARGATE":
            return
        recipe = _recipe(world, service)
        image = recipe.image if recipe else ""
        stuck = tuple(name for name in service.subnets if self._is_stuck(world, name, service.public_ip, image))
        if stuck:
            message = f"From {', '.join(stuck)} no registry can be reached, so no task of {component.id} starts there."
            yield self.finding(component.id, *stuck, message=message)

    @staticmethod
    def _is_stuck(world: World, subnet: str, public_ip: bool, image: str) -> bool:
        """Whether there is neither a way to the internet nor, for an image of Amazon ECR, to its endpoints."""
        character = character_of(world, subnet)
        if character is None or character == "private" or (character == "public" and public_ip):
            return False
        home = as_kind(world, subnet, SubnetProperties)
        table = route_table_of(world, subnet)
        if home is None or (image and ".dkr.ecr." not in image):
            return True
        interfaces = {
            aws_name(item.service) or item.service
            for _, item in each(world, InterfaceEndpointProperties)
            if item.vpc == home.vpc and item.private_dns
        }
        gateways = {
            aws_name(item.service) or item.service
            for _, item in each(world, GatewayEndpointProperties)
            if table and table.id in item.route_tables
        }
        return not ({"ecr.api", "ecr.dkr"} <= interfaces and "s3" in gateways | interfaces)


class NothingDuringDeployment(ComponentRule):
    """A deployment that may stop every task first."""

    id = "ECS006"
    title = "Minimum healthy percent 0"
    severity = "warning"
    class_ = "resilience"
    kinds = ("ecs_service",)
    reads = ()
    why = "A deployment may stop all tasks before the new ones run: nobody answers in between."
    fix = "Keep 100 percent healthy and allow 200."
    sources = (f"{_GUIDE}deployment-type-ecs.html",)
    example_bad = "components:\n  shop: {kind: ecs_service, desired: 2, min_healthy_percent: 0}\n"
    example_good = example_bad.replace("percent: 0", "percent: 100")
    example_finds = ("shop",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the percentage."""
        if properties(component, EcsServiceProperties).min_healthy_percent == 0:
            message = f"A deployment of {component.id} may stop every task at once."
            yield self.finding(component.id, message=message, path=("min_healthy_percent",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep all of them."""
        service = as_kind(world, finding.subject, EcsServiceProperties)
        edits = [set_property(finding.subject, ("min_healthy_percent",), 100)]
        if service and service.max_percent < 200:
            edits.append(set_property(finding.subject, ("max_percent",), 200))
        return (join(f"keep {finding.subject} serving during deployments", edits),)
