"""Small designs for the failure tests, written as a user writes them."""

from __future__ import annotations

from pathlib import Path

from archtui.formats.yaml_text import read_yaml
from archtui.model.blueprint import Blueprint
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.world import World

ROOT = Path(__file__).resolve().parents[2]
SHOP = "A customer opens the shop"


def world_of(text: str) -> World:
    """Compile a blueprint text."""
    return compile_world(Blueprint.build(read_yaml(text), registry()))


def three_tier() -> World:
    """Return the reference design."""
    return world_of((ROOT / "blueprints" / "three-tier.yaml").read_text(encoding="utf-8"))


def network(stem: str = "", cidr: str = "10.0", zones: str = "ab", region: str = "") -> str:
    """Return a VPC with a public subnet in each zone, as lines of ``components``."""
    own = f", region: {region}" if region else ""
    lines = [
        f"  {stem}vpc: {{kind: vpc, cidr: {cidr}.0.0/16{own}}}",
        f"  {stem}igw: {{kind: igw, vpc: {stem}vpc}}",
        f"  {stem}rt: {{kind: route_table, vpc: {stem}vpc, routes: [{{to: 0.0.0.0/0, via: {stem}igw}}]}}",
        f"  {stem}lb-sg: {{kind: security_group, vpc: {stem}vpc, ingress: [{{port: 80, from: 0.0.0.0/0}}]}}",
        f"  {stem}app-sg: {{kind: security_group, vpc: {stem}vpc, ingress: [{{port: 8080, from: {stem}lb-sg}}]}}",
        f"  {stem}db-sg: {{kind: security_group, vpc: {stem}vpc, ingress: [{{port: 5432, from: {stem}app-sg}}]}}",
    ]
    for index, zone in enumerate(zones):
        lines.append(
            f"  {stem}net-{zone}: {{kind: subnet, vpc: {stem}vpc, az: {zone}, cidr: {cidr}.{index}.0/24,"
            f" route_table: {stem}rt, map_public_ip: true}}"
        )
    return "\n".join(lines)


def balancer(stem: str = "", zones: str = "ab", targets: str = "", check: str = "") -> str:
    """Return a balancer on port 80 before a target group."""
    nets = ", ".join(f"{stem}net-{zone}" for zone in zones)
    checked = f", health_check: {{{check}}}" if check else ""
    return (
        f"  {stem}lb: {{kind: alb, subnets: [{nets}], security_groups: [{stem}lb-sg],"
        f" listeners: [{{port: 80, forward: {stem}web}}]}}\n"
        f"  {stem}web: {{kind: target_group, vpc: {stem}vpc, port: 8080, targets: [{targets}]{checked}}}"
    )


def server(name: str, net: str, stem: str = "", more: str = "") -> str:
    """Return an instance that serves on 8080."""
    return (
        f"  {name}: {{kind: ec2, subnet: {net}, security_groups: [{stem}app-sg],"
        f" listens: [{{port: 8080}}]{', ' + more if more else ''}}}"
    )


def scaling_group(more: str = "", boot: str = "90s") -> str:
    """Return a launch template and an Auto Scaling group over both zones."""
    return (
        "  lt: {kind: launch_template, security_groups: [app-sg], "
        f"boot_time: {boot}, listens: [{{port: 8080}}]}}\n"
        "  asg: {kind: asg, subnets: [net-a, net-b], launch_template: lt, min: 2, max: 4,"
        f" target_groups: [web]{more}}}"
    )


def with_group(more: str = "", boot: str = "90s", check: str = "") -> World:
    """Return a balancer before an Auto Scaling group in two zones."""
    return world_of(
        f"blueprint: group\nregion: eu-west-1\ncomponents:\n{network()}\n{balancer(check=check)}\n"
        f"{scaling_group(more, boot)}\n"
        "journeys:\n  - {name: " + SHOP + ", from: internet, to: lb, protocol: http, port: 80, reaches: asg}\n"
    )


def with_database(database: str, more: str = "") -> World:
    """Return one server with a database; ``database`` are the database's own settings."""
    return world_of(
        f"blueprint: database\nregion: eu-west-1\ncomponents:\n{network(zones='abc')}\n{server('app', 'net-c')}\n"
        f"  db: {{kind: rds, engine: postgres, subnets: [net-a, net-b], security_groups: [db-sg], {database}}}\n{more}"
        "links:\n  - {from: app, to: db, port: 5432}\n"
        "journeys:\n  - {name: " + SHOP + ", from: app, to: db, protocol: tcp, port: 5432, reaches: db}\n"
    )


def two_regions(health: str = "health_check: hc", interval: int = 30, threshold: int = 3, ttl: int = 60) -> World:
    """Return two regions behind a failover pair of records."""

    def site(stem: str, cidr: str, region: str) -> str:
        return "\n".join(
            [
                network(stem, cidr, "ab", region),
                balancer(stem, "ab", f"{stem}app-a, {stem}app-b"),
                server(f"{stem}app-a", f"{stem}net-a", stem),
                server(f"{stem}app-b", f"{stem}net-b", stem),
            ]
        )

    return world_of(
        f"blueprint: regions\nregion: eu-west-1\ncomponents:\n{site('p-', '10.0', 'eu-west-1')}\n"
        f"{site('s-', '10.1', 'eu-central-1')}\n"
        "  zone: {kind: hosted_zone, name: example.com}\n"
        f"  hc: {{kind: health_check, type: HTTP, target: p-lb, interval: {interval},"
        f" failure_threshold: {threshold}}}\n"
        f"  first: {{kind: record, zone: zone, name: www, alias: p-lb, ttl: {ttl}, policy: failover, set_id: p,"
        f" failover: primary, {health}}}\n"
        "  second: {kind: record, zone: zone, name: www, alias: s-lb, policy: failover, set_id: s,"
        " failover: secondary}\n"
        "journeys:\n  - {name: "
        + SHOP
        + ", from: internet, request: 'GET http://www.example.com/', reaches: p-app-a}\n"
    )
