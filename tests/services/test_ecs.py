"""ECS: tasks behind balancers on Fargate and on hosts, their names, their failures."""

from __future__ import annotations

import pytest

from archtui import facts
from archtui.failure.interface import Fails, Situation
from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.services.containers import ContainerProperties, FleetProperties
from archtui.services.elb.properties import TargetGroupProperties
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition, condition_for
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves

DESIGN = """
blueprint: Containers
region: eu-west-1
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16, dns_hostnames: true}
  igw: {kind: internet_gateway, vpc: vpc}
  public: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: igw}]}
  public-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: public}
  public-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24, route_table: public}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}
  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24}
  lb-sg: {kind: security_group, vpc: vpc, ingress: [{port: 80, from: 0.0.0.0/0}]}
  task-sg: {kind: security_group, vpc: vpc, ingress: [{port: 8080, from: lb-sg}, {port: 8080, from: host-sg}]}
  host-sg: {kind: security_group, vpc: vpc, ingress: [{port: 32768-60999, from: lb-sg}]}
  names: {kind: cloud_map_namespace, name: shop.internal, vpc: vpc}
  cluster: {kind: ecs_cluster, capacity: [hosts]}
  template: {kind: launch_template, security_groups: [host-sg]}
  hosts: {kind: asg, subnets: [app-a, app-b], launch_template: template, min: 2, max: 4}
  web-task: {kind: ecs_task_definition, listens: [{port: 8080}]}
  api-task:
    kind: ecs_task_definition
    network_mode: bridge
    listens: [{port: 3000, host_port: 0, paths: {"/api/*": 200, /health: 200}}]
  web:
    kind: ecs_service
    cluster: cluster
    task_definition: web-task
    desired: 2
    subnets: [app-a, app-b]
    security_groups: [task-sg]
    load_balancers: web-tg
    namespace: names
  api:
    kind: ecs_service
    cluster: cluster
    launch_type: EC2
    task_definition: api-task
    desired: 3
    load_balancers: [{target_group: api-tg, container_port: 3000}]
  web-tg: {kind: target_group, port: 8080, target_type: ip}
  api-tg: {kind: target_group, port: 3000, target_type: instance, health_check: {path: /health}}
  lb:
    kind: alb
    subnets: [public-a, public-b]
    security_groups: [lb-sg]
    listeners: [{port: 80, forward: web-tg, rules: [{priority: 1, path: ["/api/*"], forward: api-tg}]}]
links:
  - {from: api, to: web, port: 8080}
journeys: []
"""
WEB = Request.make("internet", "lb", protocol="http")
API = Request.make("internet", "lb", protocol="http", path="/api/orders")


def world_of(*changes: tuple[str, str]) -> World:
    text = DESIGN
    for was, becomes in changes:
        assert was in text
        text = text.replace(was, becomes)
    return compile_world(loads(text, registry()).blueprint)


def ask(request: Request, *changes: tuple[str, str], condition: Condition = HEALTHY) -> Trace:
    return trace(world_of(*changes), request, condition)


def members(world: World, name: str) -> list[ContainerProperties]:
    fleet = world.components[name].properties
    assert isinstance(fleet, FleetProperties)
    found = [world.components[member].properties for member in fleet.members]
    return [item for item in found if isinstance(item, ContainerProperties)]


def targets(world: World, group: str) -> list[tuple[str, int | None]]:
    properties = world.components[group].properties
    assert isinstance(properties, TargetGroupProperties)
    return [(target.id, target.port) for target in properties.targets]


@proves(
    "A Fargate task has an interface and an address of its own and is registered by that address.",
    area="Containers",
    source="Amazon ECS Developer Guide, 'Amazon ECS task networking options for Fargate'",
)
def test_a_task_of_its_own_interface_is_registered_by_its_address() -> None:
    world = world_of()
    assert [item.subnet for item in members(world, "web")] == ["app-a", "app-b"]
    assert targets(world, "web-tg") == [("web:1", 8080), ("web:2", 8080)]
    found = trace(world, WEB)
    assert (found.status, found.reaches("web")) == (200, Verdict.REACHABLE)
    assert found.reaches("api") is Verdict.BLOCKED


@proves(
    "Tasks of the awsvpc mode cannot be registered in a target group of the type instance.",
    area="Containers",
    source="Amazon ECS Developer Guide, 'Use an Application Load Balancer for Amazon ECS'",
)
def test_a_target_group_of_instances_takes_no_task_with_an_address_of_its_own() -> None:
    found = ask(WEB, ("port: 8080, target_type: ip", "port: 8080, target_type: instance"))
    assert found.status == 503
    assert [blocker.code for blocker in found.blockers] == ["TARGET_ADDRESS_RESTRICTION"]


@proves(
    "With host port 0 Docker chooses a port among 32768-60999, and the task is registered with it.",
    area="Containers",
    source="Amazon ECS API, 'PortMapping'",
)
def test_bridge_tasks_share_their_hosts_and_get_ports_of_their_own() -> None:
    world = world_of()
    assert targets(world, "api-tg") == [("hosts:1", 32768), ("hosts:2", 32768), ("hosts:1", 32769)]
    found = trace(world, API)
    assert (found.status, found.reaches("api")) == (200, Verdict.REACHABLE)
    passed = next(
        step
        for hop in found.forward
        for step in hop.steps
        if step.action == "translate" and "publ" in str(step.decided_by.path if step.decided_by else "")
    )
    assert (passed.before["port"], passed.after["port"]) == (32768, 3000)


@proves(
    "The hosts' security group has to admit the dynamic ports from the balancer.",
    area="Containers",
    source="Amazon ECS API, 'PortMapping'",
)
def test_a_group_that_admits_one_port_keeps_the_balancer_from_dynamic_ports() -> None:
    found = ask(API, ("port: 32768-60999", "port: 3000"))
    assert found.status == 504
    assert "host-sg" in [blocker.component for blocker in found.blockers]
    assert ask(WEB, ("port: 32768-60999", "port: 3000")).status == 200


@proves(
    "A second task with the same host port is not placed on a host.",
    area="Containers",
    source="Amazon ECS Developer Guide, 'Service event messages'",
)
@pytest.mark.parametrize(
    ("mode", "port", "placed"),
    [("bridge", 0, 3), ("bridge", 8000, 2), ("host", 0, 2)],
)
def test_a_fixed_port_allows_one_task_for_each_host(mode: str, port: int, placed: int) -> None:
    world = world_of(("network_mode: bridge", f"network_mode: {mode}"), ("host_port: 0", f"host_port: {port}"))
    assert len(members(world, "api")) == placed
    wanted = {("bridge", 0): 32768, ("bridge", 8000): 8000, ("host", 0): 3000}[mode, port]
    assert targets(world, "api-tg")[0] == ("hosts:1", wanted)


def test_tasks_of_two_services_on_one_host_have_different_ports() -> None:
    other = "  other: {kind: ecs_service, cluster: cluster, launch_type: EC2, task_definition: api-task, desired: 2}\n"
    world = world_of(("  web-tg:", f"{other}  web-tg:"))
    ports = [
        (item.host, port.host_port)
        for name in ("api", "other")
        for item in members(world, name)
        for port in item.published
    ]
    assert len(ports) == len(set(ports)) == 5


def test_without_hosts_no_task_runs() -> None:
    found = ask(API, ("capacity: [hosts]", "capacity: []"))
    assert found.status == 503


@proves(
    "Cloud Map gives a service's name the addresses of its tasks that work, inside its VPC.",
    area="Containers",
    source="Amazon ECS Developer Guide, 'Use service discovery to connect Amazon ECS services with DNS names'",
)
def test_a_name_of_service_discovery_gives_the_tasks_that_work() -> None:
    request = Request.make("hosts", "http://web.shop.internal:8080/")
    found = ask(request)
    assert (found.verdict, found.reaches("web")) == (Verdict.REACHABLE, Verdict.REACHABLE)
    missing = ask(Request.make("hosts", "http://none.shop.internal:8080/"))
    assert [blocker.code for blocker in missing.blockers] == ["DNS_NAME_NOT_FOUND"]
    outside = ask(Request.make("internet", "http://web.shop.internal:8080/"))
    assert outside.verdict is not Verdict.REACHABLE


def test_a_links_of_a_service_is_a_link_of_each_task() -> None:
    found = ask(API)
    called = [hop.component for hop in found.forward]
    assert "web:1" in called


@pytest.mark.parametrize(("down", "lost"), [("web:1", ("web:1",)), ("az:eu-west-1a", ("web:1",)), ("web", ("web",))])
@proves(
    "A service replaces a task it has lost once its health check has failed: interval x threshold, then the start.",
    area="Containers",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html",
)
def test_a_lost_task_is_replaced_after_the_seconds_of_the_table(down: str, lost: tuple[str, ...]) -> None:
    world = world_of()
    fails = world.components["web"].kind.behaviour(Fails)
    assert fails is not None
    (found,) = fails.mechanisms(world.components["web"], Situation(world, condition_for(world, (down,))))
    entry = facts.failover("ecs.task")
    assert (found.name, found.lost) == ("ecs.task", lost)
    assert (found.detect, found.switch) == (
        entry.detect_seconds(detect=60.0, start_time=60.0),
        entry.switch_seconds(detect=60.0, start_time=60.0),
    )
    assert found.seconds is not None
    assert found.seconds.min == 120.0
    assert not fails.mechanisms(world.components["web"], Situation(world, HEALTHY))


def test_a_lost_host_takes_its_tasks_along() -> None:
    world = world_of()
    fails = world.components["api"].kind.behaviour(Fails)
    assert fails is not None
    situation = Situation(world, Condition(down=frozenset({"hosts:1"})))
    assert fails.health(world.components["api"], situation) == "reduced"
    (found,) = fails.mechanisms(world.components["api"], situation)
    assert found.lost == ("api:1", "api:3")


def test_a_task_that_is_down_answers_nothing_until_it_is_replaced() -> None:
    lost = Condition(down=frozenset({"web:1"}), time=0.0)
    assert ask(WEB, condition=lost).share == 0.5
    noticed = Condition(down=frozenset({"web:1"}), time=61.0, recovered=frozenset({"alb.target:web-tg"}))
    assert ask(WEB, condition=noticed).share == 1.0


def test_a_lost_zone_leaves_the_other_to_serve() -> None:
    found = ask(WEB, condition=Condition(zones=frozenset({"eu-west-1a"})))
    assert (found.verdict, found.share) == (Verdict.REACHABLE, 1.0)
