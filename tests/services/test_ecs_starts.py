"""ECS tasks: how they get their images, as whom they act, on whose capacity they run, by which names they are known."""

from __future__ import annotations

import pytest

from archtui.failure.interface import Fails, Situation
from archtui.services.ecs.expand import on_spot
from archtui.services.ecs.properties import EcsServiceProperties
from archtui.trace.permission import ActsAs
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.condition import condition_for
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.test_ecs import WEB, world_of

ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1"
IMAGE = ("web-task: {kind: ecs_task_definition,", f"web-task: {{kind: ecs_task_definition, image: '{ECR}',")
PUBLIC = (IMAGE[0], IMAGE[1].replace(ECR, "docker.io/library/nginx"))
NAT = (
    "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}\n",
    "  nat: {kind: nat_gateway, subnet: public-a, elastic_ip: eip}\n  eip: {kind: elastic_ip}\n"
    "  out: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: nat}]}\n"
    "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24, route_table: out}\n",
)
NAT_B = (
    "app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24}",
    "app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24, route_table: out}",
)


def endpoints(*services: str, open_to: str = "10.0.0.0/16") -> tuple[str, str]:
    lines = "".join(
        f"  {name.replace('.', '-')}: {{kind: interface_endpoint, vpc: vpc, service: {name}, subnets: [app-a, app-b],"
        " security_groups: [ep-sg]}\n"
        for name in services
        if name != "s3"
    )
    lines += "  main: {kind: route_table, vpc: vpc, main: true}\n"
    if "s3" in services:
        lines += "  s3: {kind: gateway_endpoint, vpc: vpc, service: s3, route_tables: [main]}\n"
    group = f"  ep-sg: {{kind: security_group, vpc: vpc, ingress: [{{port: 443, from: {open_to}}}]}}\n"
    return ("  cluster: {kind: ecs_cluster", f"{group}{lines}  cluster: {{kind: ecs_cluster")


@proves(
    "A task that cannot pull its image does not start (CannotPullContainerError).",
    area="Containers",
    source="Amazon ECS Developer Guide, 'CannotPullContainer task errors in Amazon ECS'; Amazon ECR User Guide, "
    "'Amazon ECR interface VPC endpoints'",
)
@pytest.mark.parametrize(
    ("changes", "starts"),
    [
        ((), True),
        ((IMAGE,), False),
        ((PUBLIC,), False),
        ((IMAGE, NAT, NAT_B), True),
        ((PUBLIC, NAT, NAT_B), True),
        ((IMAGE, endpoints("ecr.api", "ecr.dkr", "s3")), True),
        ((PUBLIC, endpoints("ecr.api", "ecr.dkr", "s3")), False),
        ((IMAGE, endpoints("ecr.api", "ecr.dkr")), False),
        ((IMAGE, endpoints("ecr.dkr", "s3")), False),
        ((IMAGE, endpoints("ecr.api", "ecr.dkr", "s3", open_to="192.0.2.0/24")), False),
    ],
)
def test_a_task_needs_a_way_to_its_image(changes: tuple[tuple[str, str], ...], starts: bool) -> None:
    found = trace(world_of(*changes), WEB)
    assert (found.status == 200) is starts
    codes = {step.code for stage in found.root.all_stages() for hop in stage.forward for step in hop.steps}
    assert ("CANNOT_PULL_CONTAINER" in codes) is not starts


def test_running_tasks_need_no_registry_and_new_ones_do() -> None:
    world = world_of(IMAGE, NAT, NAT_B)
    without = condition_for(world, ("nat",))
    assert trace(world, WEB, without).status == 200
    component = world.components["web"]
    fails = component.kind.behaviour(Fails)
    assert fails is not None
    (alone,) = fails.mechanisms(component, Situation(world, condition_for(world, ("web:1",))))
    assert not alone.hindered
    (both,) = fails.mechanisms(component, Situation(world, condition_for(world, ("web:1", "nat"))))
    assert both.hindered.startswith("CannotPullContainerError: ecr.api is out of reach")


def test_a_task_acts_as_its_task_role() -> None:
    role = ("  cluster: {kind: ecs_cluster", "  worker: {kind: iam_role}\n  cluster: {kind: ecs_cluster")
    world = world_of(role, (IMAGE[0], f"{IMAGE[0]} task_role: worker,"))
    for name, expected in (("web:1", "worker"), ("web", "worker"), ("api:1", None)):
        component = world.components[name]
        acts = component.kind.behaviour(ActsAs)
        assert acts is not None
        assert acts.role(component, world) == expected


@proves(
    "A capacity provider strategy fills its base first and shares the other tasks out by weight.",
    area="Containers",
    source="Amazon ECS Developer Guide, 'Amazon ECS capacity providers for Fargate'",
)
@pytest.mark.parametrize(
    ("shares", "spot"),
    [
        ([("FARGATE", 1, 1), ("FARGATE_SPOT", 0, 1)], 1),
        ([("FARGATE", 0, 1), ("FARGATE_SPOT", 0, 1)], 2),
        ([("FARGATE", 2, 1), ("FARGATE_SPOT", 0, 3)], 2),
        ([("FARGATE", 0, 0), ("FARGATE_SPOT", 0, 1)], 4),
        ([("FARGATE", 0, 1)], 0),
    ],
)
def test_a_strategy_shares_tasks_out(shares: list[tuple[str, int, int]], spot: int) -> None:
    given = [{"provider": name, "base": base, "weight": weight} for name, base, weight in shares]
    service = EcsServiceProperties.model_validate({"desired": 4, "capacity_providers": given})
    assert len(on_spot(service)) == spot


def test_fargate_spot_takes_its_tasks_away() -> None:
    given = "capacity_providers: [{provider: FARGATE, base: 1, weight: 0}, {provider: FARGATE_SPOT}]"
    world = world_of(("    task_definition: web-task\n", f"    task_definition: web-task\n    {given}\n"))
    taken = condition_for(world, ("interrupted:web",))
    assert taken.down == {"web:2"}
    assert trace(world, WEB, taken).status == 200


@proves(
    "A Service Connect name is known to tasks that use Service Connect in the namespace, and to nobody else.",
    area="Containers",
    source="Amazon ECS Developer Guide, 'Use Service Connect to connect Amazon ECS services with short names'",
)
@pytest.mark.parametrize(
    ("client", "known"), [("namespace: names, service_connect: true", True), ("desired: 1", False)]
)
def test_service_connect_names_are_for_its_clients(client: str, known: bool) -> None:
    other = f"  other: {{kind: ecs_service, subnets: [app-b], security_groups: [host-sg], {client}}}\n"
    world = world_of(
        ("    namespace: names\n", "    namespace: names\n    service_connect: true\n"),
        ("  web-tg: {kind", f"{other}  web-tg: {{kind"),
    )
    asked = trace(world, Request.make("other", "http://web.shop.internal:8080/"))
    assert (asked.verdict is Verdict.REACHABLE) is known
    host = trace(world, Request.make("hosts:1", "http://web.shop.internal:8080/"))
    assert [blocker.code for blocker in host.blockers] == ["DNS_NAME_NOT_FOUND"]


def test_a_task_on_a_shared_host_uses_service_connect_too() -> None:
    connect = "namespace: names\n    service_connect: true\n"
    world = world_of(
        ("    namespace: names\n", f"    {connect}"),
        ("    task_definition: api-task\n", f"    task_definition: api-task\n    {connect}"),
    )
    asked = trace(world, Request.make("api", "http://web.shop.internal:8080/"))
    assert (asked.verdict, asked.status) == (Verdict.REACHABLE, 200)
