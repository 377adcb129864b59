"""GRA007, GRA011: what nobody uses, and links that nothing in the design carries."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import Rule
from archtui.model.blueprint import INTERNET
from archtui.model.component import Component, Link
from archtui.model.edits import Edit, remove_component
from archtui.services.acm.properties import CertificateProperties
from archtui.services.ec2.lookups import written_as
from archtui.services.ec2.properties import (
    AutoScalingGroupProperties,
    Ec2InstanceProperties,
    LaunchTemplateProperties,
)
from archtui.services.elb.lookups import groups_behind, registered
from archtui.services.elb.properties import LoadBalancerProperties, TargetGroupProperties
from archtui.services.graph.wire import onward, wired
from archtui.services.lookups import as_kind, each
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.route53.lookups import targets_of
from archtui.services.route53.properties import HealthCheckProperties, HostedZoneProperties, RecordProperties
from archtui.world.world import World

_COSTS = "https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/decommission-resources.html"
_BALANCING = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html"
_ROUTING = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-elb-load-balancer.html"

_HELPERS = (TargetGroupProperties, LaunchTemplateProperties, CertificateProperties, HealthCheckProperties)
"""Kinds that are there to be named by something else."""
_MACHINES = (Ec2InstanceProperties, DbInstanceProperties)


class Unused(Rule):
    """A component that nothing leads to and that leads to nothing."""

    id = "GRA007"
    title = "Component unreachable and unused"
    severity = "warning"
    class_ = "operations"
    kinds = ("target_group", "launch_template", "certificate", "health_check", "ec2_instance", "db_instance")
    why = "It costs money or attention, and readers wonder what it is for."
    fix = "Connect it, or delete it."
    sources = (_COSTS,)
    facts = ("target_group-role-01",)
    example_bad = """\
components:
  lb: {kind: alb, listeners: [{port: 80, fixed_response: {status: 200}}]}
  old: {kind: target_group, port: 80, targets: [web-1]}
  web-1: {kind: ec2}
"""
    example_good = example_bad.replace("fixed_response: {status: 200}", "forward: old")
    example_finds = ("old",)

    def check(self, world: World) -> Iterator[Finding]:
        """Look for helpers that nobody names, and machines beside the design's links and journeys."""
        stated = self._stated(world)
        for component in world.components.values():
            if component.implicit or component.id in stated:
                continue
            if isinstance(component.properties, _HELPERS):
                if not self._named(world, component):
                    message = f"Nothing uses the {component.kind.title.lower()} {component.id}."
                    yield self.finding(component.id, message=message)
            elif isinstance(component.properties, _MACHINES) and stated and self._alone(world, component):
                message = f"No link, journey, record or target group has to do with {component.id}."
                yield self.finding(component.id, message=message)

    @staticmethod
    def _stated(world: World) -> frozenset[str]:
        """Return what the author's links and journeys name."""
        ends = {name for link in world.links for name in (link.source, link.target)}
        for journey in world.blueprint.journeys:
            ends |= {name for name in (journey.source, journey.to, journey.reaches) if name}
        return frozenset(ends)

    @staticmethod
    def _named(world: World, component: Component) -> bool:
        """Say whether something uses ``component``; a group that registers itself in it does not count."""
        users = [edge.source for edge in world.referrers(component.id) if edge.source != component.id]
        if isinstance(component.properties, TargetGroupProperties):
            return any(as_kind(world, user, LoadBalancerProperties) for user in users)
        return bool(users)

    @staticmethod
    def _alone(world: World, component: Component) -> bool:
        properties = component.properties
        if isinstance(properties, Ec2InstanceProperties) and properties.runs == "nat":
            return False
        fed = isinstance(properties, DbInstanceProperties) and properties.replica_of is not None
        return not fed and not any(edge.role == "targets" for edge in world.referrers(component.id))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Delete it."""
        return (remove_component(world.blueprint, finding.subject),)


class UncarriedLink(Rule):
    """A link that says what should be, with no record, listener or registration that makes it so."""

    id = "GRA011"
    title = "Nothing carries the link"
    severity = "error"
    class_ = "reachability"
    kinds = ("hosted_zone", "record", "application_load_balancer", "network_load_balancer", "target_group")
    why = "AWS hands on a request only by a record, a listener and a registered target; an arrow alone does nothing."
    fix = "Make the connection: the record, or the listener, target group, registration and security-group rules."
    sources = (_BALANCING, _ROUTING)
    facts = ("listener-role-01", "target_group-role-01", "route53-alias-02", "elb-sg-01")
    example_bad = """\
components:
  lb: {kind: alb}
  web: {kind: ec2}
links: [{from: lb, to: web}]
"""
    example_good = """\
components:
  lb: {kind: alb, listeners: [{port: 80, forward: group}]}
  group: {kind: target_group, targets: [web]}
  web: {kind: ec2}
links: [{from: lb, to: web}]
"""
    example_finds = ("lb", "web")

    def check(self, world: World) -> Iterator[Finding]:
        """Look for each link that begins at something that hands requests on by its configuration."""
        for index, link in enumerate(world.links):
            reason = self._reason(world, link)
            if reason:
                message = f"{link.source} is linked to {link.target}, but {reason}."
                edits = self._edits(world, link.source, link.target)
                found = self.finding(link.source, link.target, message=message, fixable=bool(edits), detail=(index,))
                yield found

    @staticmethod
    def _reason(world: World, link: Link) -> str:
        """Return what is missing for ``link``; empty where it is carried, or is not for AWS to carry."""
        source, target = link.source, link.target
        if target not in world.components:
            return ""
        if as_kind(world, source, HostedZoneProperties):
            records = [record for _, record in each(world, RecordProperties) if record.zone == source]
            leads = any(target in targets_of(world, record) for record in records)
            return "" if leads or as_kind(world, target, RecordProperties) else "no record of the zone points at it"
        record = as_kind(world, source, RecordProperties)
        if record:
            return "" if target in targets_of(world, record) else "the record does not point at it"
        groups: tuple[str, ...] = ()
        if as_kind(world, source, LoadBalancerProperties):
            groups = groups_behind(world, source)
            missing = "no listener forwards to a target group that it is in"
        elif as_kind(world, source, TargetGroupProperties):
            groups = (source,)
            missing = "it is not registered there"
        else:
            return ""
        members = [item.name for group in groups for item in registered(world, group)]
        return "" if target in (*groups, *members, *written_as(world, members)) else missing

    @staticmethod
    def _edits(world: World, source: str, target: str) -> tuple[Edit, ...]:
        """Connect the two, and again what has to do with them and would be shut out by their new groups."""
        pairs = [(source, target)]
        balancer = as_kind(world, source, LoadBalancerProperties)
        if balancer:
            pairs += [(INTERNET, source)] if balancer.scheme == "internet-facing" else []
            pairs += [(source, target), *onward(world, source)]
        if isinstance(world.components[target].properties, Ec2InstanceProperties | AutoScalingGroupProperties):
            pairs += onward(world, target)
        return wired(world, f"connect {source} to {target}", pairs)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Make the connection."""
        return self._edits(world, *finding.components[:2]) if finding.fixable else ()
