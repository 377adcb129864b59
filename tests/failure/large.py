"""A design of some two hundred components, as a company's first year leaves it behind."""

from __future__ import annotations

from archtui.world.world import World
from tests.failure.designs import world_of

SERVICES = 8
"""Each with a balancer, six servers over three zones and a database; every second asks the one before it."""


def company(services: int = SERVICES) -> World:
    """Return the design, one journey for each service."""
    lines = [
        "blueprint: company",
        "region: eu-west-1",
        "components:",
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}",
        "  igw: {kind: igw, vpc: vpc}",
        "  zone: {kind: hosted_zone, name: example.com}",
        "  cert: {kind: certificate, domain: '*.example.com', region: eu-west-1}",
        "  public: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: igw}]}",
        "  inside: {kind: route_table, vpc: vpc}",
    ]
    for index, az in enumerate("abc"):
        lines += [
            f"  public-{az}: {{kind: subnet, vpc: vpc, az: {az}, cidr: 10.0.{index}.0/24, route_table: public}}",
            f"  app-{az}: {{kind: subnet, vpc: vpc, az: {az}, cidr: 10.0.{10 + index}.0/24,"
            f" route_table: private-{az}}}",
            f"  data-{az}: {{kind: subnet, vpc: vpc, az: {az}, cidr: 10.0.{20 + index}.0/24, route_table: inside}}",
            f"  eip-{az}: {{kind: elastic_ip}}",
            f"  nat-{az}: {{kind: nat_gateway, subnet: public-{az}, elastic_ip: eip-{az}}}",
            f"  private-{az}: {{kind: route_table, vpc: vpc, routes: [{{to: 0.0.0.0/0, via: nat-{az}}}]}}",
        ]
    links, journeys = [], []
    for n in range(services):
        names = [f"s{n}-{az}{i}" for az in "abc" for i in (1, 2)]
        lines += [
            f"  s{n}-lb-sg: {{kind: security_group, vpc: vpc, ingress: [{{port: 443, from: any}}]}}",
            f"  s{n}-sg: {{kind: security_group, vpc: vpc, ingress: [{{port: 8080, from: s{n}-lb-sg}}]}}",
            f"  s{n}-db-sg: {{kind: security_group, vpc: vpc, ingress: [{{port: 5432, from: s{n}-sg}}]}}",
            f"  s{n}-name: {{kind: record, zone: zone, name: s{n}, alias: s{n}-lb, evaluate_target_health: true}}",
            f"  s{n}-lb: {{kind: alb, subnets: [public-a, public-b, public-c], security_groups: [s{n}-lb-sg],"
            f" listeners: [{{port: 443, certificate: cert, forward: s{n}-web}}]}}",
            f"  s{n}-web: {{kind: target_group, vpc: vpc, port: 8080, targets: [{', '.join(names)}],"
            " health_check: {path: /}}",
            f"  s{n}-db: {{kind: rds, engine: postgres, subnets: [data-a, data-b, data-c], multi_az: true,"
            f" security_groups: [s{n}-db-sg]}}",
            f"  s{n}-files: {{kind: s3_bucket}}",
            f"  s{n}-jobs: {{kind: sqs_queue}}",
        ]
        for name in names:
            lines.append(
                f"  {name}: {{kind: ec2, subnet: app-{name[-2]}, security_groups: [s{n}-sg],"
                " listens: [{port: 8080}]}"
            )
            links.append(f"  - {{from: {name}, to: s{n}-db, port: 5432}}")
            if n % 2:
                links.append(f"  - {{from: {name}, to: s{n - 1}-lb, port: 443}}")
        journeys.append(
            f"  - {{name: Service {n}, from: internet, request: GET https://s{n}.example.com/, reaches: s{n}-db,"
            " slo: 99.9%}"
        )
    return world_of("\n".join([*lines, "links:", *links, "journeys:", *journeys, ""]))
