"""ELB020, ELB026: state on the targets, and applications that take the balancer for the client."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import LINKS, ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, set_property
from archtui.services.ec2.lookups import listens_of, service_on
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.elb.lookups import BALANCERS, balancers_of, registered
from archtui.services.elb.properties import ApplicationLoadBalancerProperties, TargetGroupProperties
from archtui.services.lookups import as_kind
from archtui.world.world import World

_STICKY = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html"
_FORWARDED = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html"
_STORES = ("elasticache_cluster", "memorydb_cluster", "dynamodb_table")


class StickyState(ComponentRule):
    """Sticky sessions before servers that keep the session themselves."""

    id = "ELB020"
    title = "Sticky sessions with state on the targets"
    severity = "warning"
    class_ = "resilience"
    kinds = ("target_group",)
    reads = (*BALANCERS, *_STORES, "ec2_instance", "auto_scaling_group", "ecs_service", LINKS)
    why = "A session that lives on one target is lost with it, and new targets take no load from those who are held."
    fix = "Keep sessions in ElastiCache or DynamoDB, so that any target can answer anybody."
    sources = (_STICKY,)
    facts = ("elb-sticky-01", "elb-sticky-02")
    example_bad = """\
components:
  lb: {kind: alb, listeners: [{port: 80, forward: web}]}
  web: {kind: target_group, port: 80, targets: [web-1, web-2], stickiness: true}
  web-1: {kind: ec2}
  web-2: {kind: ec2, az: b}
  sessions: {kind: dynamodb}
"""
    example_good = example_bad + "links: [{from: web-1, to: sessions}, {from: web-2, to: sessions}]\n"
    example_finds = ("web",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a store that the targets share."""
        group = properties(component, TargetGroupProperties)
        members = [item.name for item in registered(world, component.id)]
        if not group.stickiness or len(members) < 2 or not _by_cookie(world, component.id):
            return
        shared = [
            link.target
            for name in members
            for link in world.links_from(name)
            if link.target in world.components and world.kind(link.target).name in _STORES
        ]
        if not shared:
            message = f"{component.id} holds clients at their target, and its targets ask no store for sessions."
            yield self.finding(component.id, message=message, path=("stickiness",))


def _by_cookie(world: World, group: str) -> bool:
    return any(as_kind(world, name, ApplicationLoadBalancerProperties) for name in balancers_of(world, group))


class TakesBalancerForClient(ComponentRule):
    """A program behind an Application Load Balancer that reads the client's address from its connection."""

    id = "ELB026"
    title = "Application reads the client's address from the connection"
    severity = "warning"
    class_ = "reachability"
    kinds = ("ec2_instance",)
    reads = (*BALANCERS, "target_group")
    why = "The other end of its connection is the balancer; the client's address stands in X-Forwarded-For."
    fix = "Read the header X-Forwarded-For."
    sources = (_FORWARDED,)
    facts = ("alb-xff-01",)
    example_bad = """\
components:
  lb: {kind: alb, listeners: [{port: 80, forward: web}]}
  web: {kind: target_group, port: 80, targets: [web-1]}
  web-1: {kind: ec2, listens: [{port: 80, client_from: connection}]}
"""
    example_good = example_bad.replace("client_from: connection", "client_from: header")
    example_finds = ("web-1", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the program that each group asks."""
        services = listens_of(world, component.id)
        for edge in world.referrers(component.id) if services else ():
            group = as_kind(world, edge.source, TargetGroupProperties)
            if group is None or not _by_cookie(world, edge.source):
                continue
            for item in registered(world, edge.source):
                service = service_on(services or (), item.port) if item.name == component.id and item.port else None
                if service is not None and service.client_from == "connection":
                    message = (
                        f"{component.id} takes the other end of its connection on {service.port} for the client, "
                        f"which is the balancer before {edge.source}."
                    )
                    place = (services or ()).index(service)
                    path = ("listens", place, "client_from") if _writes(world, component.id) else ()
                    yield self.finding(
                        component.id, edge.source, message=message, path=path, fixable=bool(path), detail=(place,)
                    )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Read the header."""
        value: Json = "header"
        path = ("listens", int(finding.detail[0]), "client_from")
        return (set_property(finding.subject, path, value),) if finding.fixable else ()


def _writes(world: World, name: str) -> bool:
    """Whether the instance states its programs itself, and not its launch template."""
    machine = as_kind(world, name, Ec2InstanceProperties)
    return machine is not None and machine.listens is not None
