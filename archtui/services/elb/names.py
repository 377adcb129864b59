"""A load balancer's own DNS name, and whether it is healthy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archtui.model.component import Component
from archtui.services.elb.members import group_properties, members
from archtui.services.elb.properties import ApplicationLoadBalancerProperties, LoadBalancerProperties
from archtui.services.elb.targets import enough, member_health
from archtui.trace import codes
from archtui.trace.interface import HasHealth, HasName, Health, NameAnswer, NameWay, Question, Walk, hop
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World


def common_properties(balancer: Component) -> LoadBalancerProperties:
    """Return the properties of a load balancer of any kind."""
    if not isinstance(balancer.properties, LoadBalancerProperties):
        raise TypeError(f"{balancer.id} is no load balancer")
    return balancer.properties


def crosses_zones(balancer: Component) -> bool:
    """Whether a node sends to targets of all zones: on for an ALB, off for an NLB (fact elb-cross-zone-02)."""
    properties = common_properties(balancer)
    if properties.cross_zone is not None:
        return properties.cross_zone
    return isinstance(properties, ApplicationLoadBalancerProperties)


def nodes_of(balancer: Component, walk: Walk) -> tuple[Endpoint, ...]:
    """Return the nodes that work: one in each enabled zone that is not lost."""
    return tuple(
        node
        for node in walk.interfaces(balancer.id)
        if not walk.condition.part_down(node.component, node.zone) and not (node.subnet and walk.is_down(node.subnet))
    )


def groups_of(balancer: Component) -> tuple[str, ...]:
    """Return the target groups that the balancer's listeners and rules forward to, once each."""
    found: dict[str, None] = {}
    for listener in common_properties(balancer).listeners:
        for action in (listener, *listener.rules):
            found.update((weighted.target_group, None) for weighted in action.forward)
    return tuple(found)


def _zones(subnet: str, world: World) -> tuple[str, ...]:
    return world.placement(subnet).zones if subnet in world.components else ()


def _serves(balancer: Component, node: Endpoint, name: str, walk: Walk) -> bool:
    """Whether a target group has as many healthy targets as the node's place in the balancer's name asks for."""
    group = walk.world.components[name]
    if group.kind.stands_in:
        return True
    own, wanted = group_properties(group).cross_zone, group_properties(group).dns_failover
    crosses = crosses_zones(balancer) if own is None else own
    if crosses and wanted.count == 1 and wanted.percentage is None:
        return True
    seen = walk.perceived(f"alb.target:{name}")
    counted = [m for m in members(group, node, seen) if crosses or m.endpoint.zone in ("", node.zone)]
    healthy = sum(member_health(group, m, node, balancer.id, seen).healthy is not False for m in counted)
    return healthy >= enough(wanted, len(counted))


class BalancerName(HasName, HasHealth):
    """A balancer's own DNS name gives the addresses of its nodes; a Network Load Balancer has one more name for
    each of its zones (NLB guide, 'DNS name')."""

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        internal = "internal-" if common_properties(component).scheme == "internal" else ""
        region = world.placement(component.id).region
        if isinstance(component.properties, ApplicationLoadBalancerProperties):
            return (f"{internal}{component.id}.{region}.elb.amazonaws.com".lower(),)
        regional = f"{component.id}.elb.{region}.amazonaws.com".lower()
        zones = sorted({zone for subnet in common_properties(component).subnets for zone in _zones(subnet, world)})
        return (regional, *(f"{zone}.{regional}" for zone in zones))

    def answers_ipv6(self, component: Component) -> bool:
        return common_properties(component).ip_address_type == "dualstack"

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        internal = common_properties(component).scheme == "internal"
        every = walk.interfaces(component.id)
        zonal = [node for node in every if question.name.startswith(f"{node.zone}.")] if question.name else []
        every = tuple(zonal) or every
        if not every:
            return NameAnswer((), (), (f"the subnets of {component.id}",))
        known = nodes_of(component, walk) if walk.acts(f"alb.node:{component.id}") else every
        known = tuple(node for node in known if node in every)
        nodes = self._healthy_nodes(component, known, walk)
        lost = tuple(
            RuleRef(component.id, f"node in {node.zone}", ("subnets",), "its zone has no working node or target")
            for node in every
            if node not in nodes
        )
        if not nodes:
            step = Step(
                "dns",
                Action.DENY,
                codes.DNS_NO_NODES,
                f"No zone of {component.id} works: its name has no address.",
                RuleRef(component.id, "nodes", ("subnets",)),
                lost,
            )
            return NameAnswer((hop(component, step),))
        zones = sorted({node.zone for node in nodes})
        what = "private" if internal else "public"
        text = f"The name of {component.id} gives the {what} addresses of its nodes in {', '.join(zones)}."
        single = len({node.zone for node in every}) == 1 and not zonal
        if single:
            text += " All of it stands in one zone."
        step = Step(
            "dns",
            Action.ANSWER,
            codes.ELBV2_SINGLE_ZONE if single else "",
            text,
            RuleRef(component.id, f"nodes in {', '.join(zones)}", ("subnets",)),
            lost,
            facts=("elb-nodes-01",),
        )
        share = 1 / len(nodes)
        ways = []
        for node in nodes:
            public = "" if internal else walk.public_address(node)
            ways.append(NameWay(share, replace(node, address=public or node.address), ttl=60.0))
        return NameAnswer((hop(component, step),), tuple(ways))

    @staticmethod
    def _healthy_nodes(component: Component, nodes: Sequence[Endpoint], walk: Walk) -> tuple[Endpoint, ...]:
        """Leave out the nodes of zones in which a target group has too few healthy targets; if no zone is left, all
        stay. With cross-zone balancing the targets of all zones count, so only a stated minimum leaves a node out.

        Sources: NLB guide, 'Health checks for your target groups' ("If one or more target groups does not have a
        healthy target in an enabled Availability Zone"), ALB guide, 'Target group health' (DNS failover).
        """
        good = tuple(
            node for node in nodes if all(_serves(component, node, name, walk) for name in groups_of(component))
        )
        return good or tuple(nodes)

    def health(self, component: Component, walk: Walk) -> Health:
        """Every target group needs a healthy target (Route 53 guide, "Evaluate target health", for ELB)."""
        nodes = nodes_of(component, walk)
        if walk.is_down(component.id) or not nodes:
            return Health(False, f"{component.id} does not work", codes.BAD_STATE)
        for name in groups_of(component):
            group = walk.world.components[name]
            if group.kind.stands_in:
                return Health(None, f"whether {name} has a healthy target is not known")
            found = [
                member_health(group, member, node, component.id, walk)
                for node in nodes
                for member in members(group, node, walk)
            ]
            if not any(health.healthy for health in found):
                if any(health.healthy is None for health in found):
                    return Health(None, f"whether {name} has a healthy target is not known")
                return Health(False, f"no target of {name} is healthy", codes.TARGET_UNHEALTHY)
        return Health(True, f"every target group of {component.id} has a healthy target")
