"""GRA008-GRA010: links whose caller gives up too early, asks again too hard, or talks across zones."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import Rule
from archtui.model.component import Link
from archtui.model.edits import Edit
from archtui.model.operations import Set
from archtui.services.ec2.lookups import listens_of, service_on
from archtui.services.graph.paths import home_zones
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.lookups import as_kind
from archtui.world.world import World

_RELIABILITY = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/"
_TIMEOUTS = f"{_RELIABILITY}rel_mitigate_interaction_failure_client_timeouts.html"
_RETRIES = f"{_RELIABILITY}rel_mitigate_interaction_failure_limit_retries.html"
_TRANSFER = "https://docs.aws.amazon.com/cur/latest/userguide/cur-data-transfers-charges.html"
_MUCH = 100.0
"""GB a month from which traffic between zones is worth a look: an editorial figure."""

_CALLS = """\
components:
  front: {kind: ec2, listens: [{port: 80}]}
  twin: {kind: ec2, az: b, listens: [{port: 80}]}
  orders: {kind: ec2, az: b, listens: [{port: 8080, takes: 3s}]}
  stock: {kind: ec2, listens: [{port: 8080, takes: 4s}]}
links:
  - {from: front, to: orders, port: 8080SETTINGS}
  - {from: twin, to: orders, port: 8080}
  - {from: orders, to: stock, port: 8080}
"""


def seconds_of(world: World, name: str, port: int | None, asked: tuple[str, ...] = ()) -> float:
    """Return the seconds of work stated for ``name`` and for what it asks and waits for in its turn."""
    if name in asked or name not in world.components:
        return 0.0
    function = as_kind(world, name, LambdaFunctionProperties)
    own = function.duration if function else None
    services = listens_of(world, name)
    service = service_on(services, port) if services and port is not None else None
    own = service.takes if service else own
    below = (seconds_of(world, link.target, link.port, (*asked, name)) for link in world.links_from(name))
    return (own or 0.0) + sum(below)


class GivesUpFirst(Rule):
    """A caller whose timeout is shorter than what it calls takes."""

    id = "GRA008"
    title = "Caller gives up before the answer comes"
    severity = "warning"
    class_ = "performance"
    kinds = ("ec2_instance", "lambda_function", "ecs_service")
    why = "A synchronous chain takes as long as all its parts together; a caller that waits less gets none of it."
    fix = "Put a queue between them, shorten the chain, or wait longer."
    sources = (_TIMEOUTS,)
    example_bad = _CALLS.replace("SETTINGS", ", timeout: 5s")
    example_good = _CALLS.replace("SETTINGS", ", timeout: 8s")
    example_finds = ("front", "orders")

    def check(self, world: World) -> Iterator[Finding]:
        """Add up the stated seconds behind each link with a timeout."""
        for link in world.links:
            takes = seconds_of(world, link.target, link.port, (link.source,)) if link.timeout is not None else 0.0
            if link.timeout is not None and takes > link.timeout:
                slow = f"{link.target}, which takes {takes:g} s with all it asks"
                message = f"{link.source} waits {link.timeout:g} s for {slow}."
                yield self.finding(link.source, link.target, message=message)


class RetriesAtOnce(Rule):
    """A caller that asks a shared dependency again without waiting."""

    id = "GRA009"
    title = "Retries without backoff on a shared dependency"
    severity = "warning"
    class_ = "resilience"
    kinds = ("ec2_instance", "lambda_function", "ecs_service")
    why = "When the dependency slows down, every caller multiplies its load by its retries just then."
    fix = "Wait between tries, longer each time and with jitter, and do not retry what is refused (4xx)."
    sources = (_RETRIES,)
    example_bad = _CALLS.replace("SETTINGS", ", retries: 3")
    example_good = _CALLS.replace("SETTINGS", ", retries: 3, backoff: true")
    example_finds = ("front", "orders")

    def check(self, world: World) -> Iterator[Finding]:
        """Look at links with retries to what others ask too."""
        for index, link in enumerate(world.blueprint.links):
            callers = {other.source for other in world.links if other.target == link.target}
            if link.retries and not link.backoff and len(callers) > 1:
                message = (
                    f"{link.source} asks {link.target} up to {link.retries} times again at once, as one of "
                    f"{len(callers)} callers."
                )
                yield self.finding(link.source, link.target, message=message, detail=(index,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Wait between the tries."""
        path = ("links", int(finding.detail[0]), "backoff")
        return (Edit(f"let {finding.components[0]} wait longer before each retry", (Set(path, True),)),)


class TalksAcross(Rule):
    """Much traffic between two parts that stand in different zones or regions."""

    id = "GRA010"
    title = "Much traffic crosses zones or regions"
    severity = "warning"
    class_ = "cost"
    kinds = ("ec2_instance", "db_instance", "elasticache_cluster")
    why = "Data that crosses a zone is billed in both directions, data that crosses a region more."
    fix = "Keep callers and what they talk to in one zone, with a copy in each, or compress and cache."
    sources = (_TRANSFER,)
    example_bad = _CALLS.replace("SETTINGS", ", volume: 5000")
    example_good = _CALLS.replace("SETTINGS", ", volume: 5")
    example_finds = ("front", "orders")

    def check(self, world: World) -> Iterator[Finding]:
        """Look at links with a stated volume."""
        for link in world.links:
            where = _apart(world, link) if link.volume is not None and link.volume >= _MUCH else ""
            if where:
                message = f"{link.source} and {link.target} exchange {link.volume:g} GB a month across {where}."
                yield self.finding(link.source, link.target, message=message)


def _apart(world: World, link: Link) -> str:
    """Say which boundary lies between the two ends; empty: none for certain."""
    if link.source not in world.components or link.target not in world.components:
        return ""
    here, there = world.placement(link.source), world.placement(link.target)
    if here.region and there.region and here.region != there.region:
        return f"regions ({here.region}, {there.region})"
    ours, theirs = (set(home_zones(world, world.components[name])) for name in (link.source, link.target))
    if ours and theirs and not ours & theirs:
        return f"zones ({', '.join(sorted(ours | theirs))})"
    return ""
