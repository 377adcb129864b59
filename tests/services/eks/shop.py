"""A shop on Kubernetes: an Ingress, two Services, nodes in two zones."""

from __future__ import annotations

from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition
from archtui.world.world import World

DESIGN = """
blueprint: Shop
region: eu-west-1
components:
  zone: {kind: hosted_zone, name: shop.example}
  apex: {kind: record, zone: zone, name: "@", type: A, alias: entry}
  vpc: {kind: vpc, cidr: 10.0.0.0/16, dns_hostnames: true}
  igw: {kind: internet_gateway, vpc: vpc}
  public: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: igw}]}
  public-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: public}
  public-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24, route_table: public}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}
  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24}
  cluster: {kind: eks_cluster, subnets: [app-a, app-b], endpoint_private: true}
  workers: {kind: eks_node_group, cluster: cluster, desired: 2, max: 4}
  web:
    kind: k8s_deployment
    cluster: cluster
    desired: 2
    listens: [{port: 8080, paths: {"/*": 200}}]
  api:
    kind: k8s_deployment
    cluster: cluster
    desired: 3
    listens: [{port: 3000, paths: {"/*": 200}}]
  web-svc: {kind: k8s_service, selects: [web], ports: [{port: 80, target_port: 8080}]}
  api-svc: {kind: k8s_service, selects: [api], type: NodePort, ports: [{port: 80, target_port: 3000}]}
  entry:
    kind: k8s_ingress
    cluster: cluster
    scheme: internet-facing
    target_type: ip
    rules:
      - {host: shop.example, path: /api, service: api-svc}
      - {host: shop.example, path: /, service: web-svc}
links:
  - {from: web, to: api-svc, port: 80}
journeys: []
"""
SHOP = Request.make("internet", "http://shop.example/basket")
API = Request.make("internet", "http://shop.example/api/orders")


def world_of(*changes: tuple[str, str]) -> World:
    """Compile the shop with each first text replaced by the second."""
    text = DESIGN
    for was, becomes in changes:
        assert was in text
        text = text.replace(was, becomes)
    return compile_world(loads(text, registry()).blueprint)


def ask(request: Request, *changes: tuple[str, str], condition: Condition = HEALTHY) -> Trace:
    """Trace a request through the shop."""
    return trace(world_of(*changes), request, condition)


def codes_of(found: Trace) -> list[str]:
    """Return the codes of the blockers."""
    return [blocker.code for blocker in found.blockers]
