"""Random small designs: servers behind balancers, databases, groups, two regions, workers behind a queue, ways out."""

from __future__ import annotations

import random
from collections.abc import Callable

from archtui.world.world import World
from tests.failure.designs import balancer, network, scaling_group, server, two_regions, world_of

JOURNEY = "journeys:\n  - {name: j, from: internet, to: lb, port: 80, protocol: http, reaches: %s}\n"


def random_design(seed: int) -> World:
    """Return the design of ``seed``."""
    rng = random.Random(seed)
    return rng.choice(SHAPES)(rng)


def _figure(rng: random.Random) -> str:
    """Return an availability of the blueprint's own, now and then."""
    return f"availability: {100 - 10 ** rng.uniform(-4, 1):.6f}%" if rng.random() < 0.6 else ""


def _text(lines: list[str], links: str, journey: str) -> World:
    body = "\n".join(lines)
    return world_of(f"blueprint: r\nregion: eu-west-1\ncomponents:\n{body}\n{links}{journey}")


def _servers(rng: random.Random) -> World:
    """Servers in some zones, some of which need a database."""
    zones = "abc"[: rng.randint(2, 3)]
    names = [f"s{n}" for n in range(rng.randint(1, 5))]
    lines = [network(zones=zones), balancer(zones=zones, targets=", ".join(names))]
    lines += [server(name, f"net-{rng.choice(zones)}", more=_figure(rng)) for name in names]
    multi = rng.choice(("true", "false"))
    lines.append(
        "  db: {kind: rds, engine: postgres, subnets: [net-a, net-b], security_groups: [db-sg],"
        f" multi_az: {multi}{', ' + figure if (figure := _figure(rng)) else ''}}}"
    )
    links = [
        f"  - {{from: {name}, to: db, port: 5432, dependency: {rng.choice(('hard', 'hard', 'soft'))}}}"
        for name in names
        if rng.random() < 0.7
    ]
    told = "links:\n" + "\n".join(links) + "\n" if links else ""
    return _text(lines, told, JOURNEY % names[0])


def _group(rng: random.Random) -> World:
    lines = [network(), balancer(), scaling_group(rng.choice(("", ", desired: 1", ", desired: 3")))]
    return _text(lines, "", JOURNEY % "asg")


def _chain(rng: random.Random) -> World:
    """Servers that ask others behind a second balancer."""
    front = [f"f{n}" for n in range(rng.randint(1, 3))]
    back = [f"b{n}" for n in range(rng.randint(1, 3))]
    inner = balancer(targets=", ".join(back)).replace("  lb:", "  inner:").replace("  web:", "  pool:")
    inner = inner.replace("forward: web", "forward: pool")
    lines = [network(), balancer(targets=", ".join(front)), inner]
    lines += [server(name, f"net-{rng.choice('ab')}", more=_figure(rng)) for name in (*front, *back)]
    links = "links:\n" + "".join(f"  - {{from: {name}, to: inner, port: 80}}\n" for name in front)
    return _text(lines, links, JOURNEY % rng.choice((front[0], back[0])))


def _regions(rng: random.Random) -> World:
    health = rng.choice(("health_check: hc", "health_check: hc", "", "evaluate_target_health: true"))
    return two_regions(health=health)


def _workers(rng: random.Random) -> World:
    """A server puts work into a queue; workers take it and write a row."""
    workers = [f"w{n}" for n in range(rng.randint(1, 3))]
    lines = [network(), balancer(targets="s"), server("s", "net-a")]
    lines += [server(name, f"net-{rng.choice('ab')}", more=_figure(rng)) for name in workers]
    lines += ["  jobs: {kind: sqs_queue}", "  rows: {kind: dynamodb_table}"]
    links = ['  - {from: s, to: jobs, action: "sqs:SendMessage"}']
    for name in workers:
        links.append(f'  - {{from: {name}, to: jobs, action: "sqs:ReceiveMessage"}}')
        links.append(f'  - {{from: {name}, to: rows, action: "dynamodb:PutItem"}}')
    return _text(lines, "links:\n" + "\n".join(links) + "\n", JOURNEY % rng.choice(("jobs", "rows")))


def _alone(rng: random.Random) -> World:
    """One server with a database in another zone."""
    lines = [network(zones="abc"), server("app", "net-c", more=_figure(rng))]
    more = rng.choice(("multi_az: true", "multi_az: false", "az: a"))
    lines.append(f"  db: {{kind: rds, engine: postgres, subnets: [net-a, net-b], security_groups: [db-sg], {more}}}")
    journey = "journeys:\n  - {name: j, from: app, to: db, protocol: tcp, port: 5432, reaches: db}\n"
    return _text(lines, "links:\n  - {from: app, to: db, port: 5432}\n", journey)


SHAPES: tuple[Callable[[random.Random], World], ...] = (
    _servers, _servers, _servers, _chain, _chain, _group, _workers, _workers, _alone, _regions,
)  # fmt: skip
