"""A blueprint's text traced in one call, for the tests of single services."""

from __future__ import annotations

from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition
from archtui.world.world import World

NETWORK = """
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}
  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24}
  app-c: {kind: subnet, vpc: vpc, az: c, cidr: 10.0.12.0/24}
  private: {kind: route_table, vpc: vpc, main: true}
  sg: {kind: security_group, vpc: vpc, ingress: [{port: 80, from: any}]}
  app: {kind: ec2_instance, subnet: app-a, security_groups: [sg], listens: [{port: 80, protocol: http}]}
  caller: {kind: ec2_instance, subnet: app-b, security_groups: [sg]}
"""
"""Three closed subnets with an application and one that asks it."""


def world_of(components: str, *links: str) -> World:
    """Return the world of ``components`` (YAML lines) with ``links`` (``from, to, more``)."""
    listed = "".join(f"\n  - {{from: {a}, to: {b}{more}}}" for a, b, more in map(_parts, links)) or " []"
    text = f"blueprint: test\nregion: eu-west-1\ncomponents:\n{components}\nlinks:{listed}\njourneys: []\n"
    return compile_world(loads(text, registry()).blueprint)


def _parts(link: str) -> tuple[str, str, str]:
    source, target, *more = link.split(" ", 2)
    return source, target, f", {more[0]}" if more else ""


def asked(world: World, target: str = "app", condition: Condition = HEALTHY, **more: object) -> Trace:
    """Return the trace of a request to ``target``, from inside the network."""
    settings = {"protocol": "http", "port": 80} | more
    return trace(world, Request.make("caller", target, **settings), condition)  # type: ignore[arg-type]


def codes_of(found: Trace) -> list[str]:
    """Return the codes of what blocks a trace."""
    return [blocker.code for blocker in found.blockers]


def later(found: Trace) -> list[tuple[str, float]]:
    """Return what a trace sets off, with the shares."""
    return [(each.label, round(each.weight, 6)) for each in found.afterwards]
