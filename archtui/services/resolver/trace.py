"""How questions leave a VPC's resolver by its rules, and how they come into one by an inbound endpoint.

Source: Route 53 Developer Guide, "How DNS resolvers on your network forward DNS queries to Route 53 VPC Resolver
endpoints", "How VPC Resolver endpoint forwards DNS queries from your VPCs to your network" and "How VPC Resolver
determines which domain name in a query matches any rules": the most specific domain decides, and where a rule and a
private hosted zone are for the same domain, the rule does.
"""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.resolver.network import DNS
from archtui.services.resolver.properties import NameServer, ResolverEndpointProperties, ResolverRuleProperties
from archtui.services.route53.lookups import bare, is_inside
from archtui.trace import codes
from archtui.trace.interface import Leg, NameAnswer, NameWay, PassesQuestions, Question, ServesNames, Walk, hop
from archtui.trace.message import Endpoint, Message
from archtui.world.steps import Action, Hop, RuleRef, Step, Verdict
from archtui.world.world import World


def alive(endpoint: Component, walk: Walk) -> tuple[Endpoint, ...]:
    """Return the interfaces of an endpoint that work."""
    properties = properties_as(endpoint, ResolverEndpointProperties)
    if walk.is_down(endpoint.id) or properties.state != "operational":
        return ()
    return tuple(nic for nic in walk.interfaces(endpoint.id) if not walk.condition.zone_down(nic.zone))


class EndpointServes(ServesNames):
    """Who asks an inbound endpoint is answered as those in its VPC are."""

    def answers_at(self, component: Component, address: str, world: World) -> bool:
        return properties_as(component, ResolverEndpointProperties).direction == "inbound"

    def serve(self, component: Component, question: Question, at: Endpoint, walk: Walk) -> NameAnswer:
        properties = properties_as(component, ResolverEndpointProperties)
        text = f"{component.id} hands the question to the resolver of {properties.vpc}."
        rule = RuleRef(component.id, f"inbound endpoint of {properties.vpc}", ("vpc",))
        step = Step("dns", Action.FORWARD, "", text, rule)
        return NameAnswer((hop(component, step),), (NameWay(1.0, name=question.name, asker=at),))


class RulePasses(PassesQuestions):
    """A rule takes the questions of its VPCs for one domain."""

    def domain_for(self, component: Component, question: Question, walk: Walk) -> str | None:
        properties, asker = properties_as(component, ResolverRuleProperties), question.asker.component
        vpc = walk.world.placement(asker).vpc if asker in walk.world.components else None
        domain = bare(properties.domain)
        if vpc not in properties.vpcs or (domain and not is_inside(question.name, domain)):
            return None
        return domain

    def pass_on(self, component: Component, question: Question, walk: Walk) -> NameAnswer | None:
        properties = properties_as(component, ResolverRuleProperties)
        if properties.type == "system":
            return None
        rule = RuleRef(component.id, f"forward {properties.domain}", ("domain",))
        endpoint = walk.world.components.get(properties.endpoint or "")
        if endpoint is None or not properties.targets:
            text = f"The rule {component.id} names no {'outbound endpoint' if endpoint is None else 'target'}."
            step = Step("dns", Action.DENY, codes.DNS_RESOLVER_ENDPOINT_UNUSABLE, text, rule)
            return NameAnswer((hop(component, step),))
        text = f"The rule {component.id} forwards {properties.domain} through {endpoint.id}."
        first = hop(component, Step("dns", Action.FORWARD, "", text, rule))
        nics = alive(endpoint, walk)
        outbound = isinstance(endpoint.properties, ResolverEndpointProperties) and (
            endpoint.properties.direction == "outbound"
        )
        if not nics or not outbound:
            why = "is no outbound endpoint" if not outbound else "has no interface that works"
            refused = Step("dns", Action.DENY, codes.DNS_RESOLVER_ENDPOINT_UNUSABLE, f"{endpoint.id} {why}.", rule)
            return NameAnswer((first, hop(endpoint, refused)))
        return _asked(component, properties, question, first, nics[0], walk)


def _asked(
    rule: Component, properties: ResolverRuleProperties, question: Question, first: Hop, nic: Endpoint, walk: Walk
) -> NameAnswer:
    """Ask the targets one after the other, until a packet gets to one."""
    legs: list[tuple[NameServer, Leg]] = []
    for target in properties.targets:
        leg = walk.packet(nic, walk.owner(target.address, nic), Message("udp", target.port))
        legs.append((target, leg))
        if leg.verdict is not Verdict.BLOCKED:
            break
    target, leg = legs[-1] if legs[-1][1].verdict is not Verdict.BLOCKED else legs[0]
    way = (first, *leg.forward, *leg.back)
    if leg.verdict is not Verdict.REACHABLE:
        return NameAnswer(way, (), leg.missing)
    end = leg.received or walk.owner(target.address, nic)
    end = Endpoint(end.component, target.address, end.zone, end.subnet, end.interface)
    return served(rule, question, end, way, walk)


def served(asked_by: Component, question: Question, end: Endpoint, before: tuple[Hop, ...], walk: Walk) -> NameAnswer:
    """Return what the name server at ``end`` answers; unknown where the design does not say."""
    for kind, serves in walk.world.with_behaviour(ServesNames):
        for component in walk.world.of_kind(kind.name):
            inbound = component.id == end.component
            if (inbound or not end.interface) and serves.answers_at(component, end.address, walk.world):
                found = serves.serve(component, question, end, walk)
                return NameAnswer((*before, *found.hops), found.ways, found.missing)
    missing = f"what the name server {end.address} answers for {question.name}"
    step = Step("dns", Action.UNKNOWN, codes.DNS_NAME_OUTSIDE, f"Not known: {missing}.", RuleRef(asked_by.id, ""))
    return NameAnswer((*before, hop(asked_by, step)), (), (missing,))


__all__ = ["DNS", "EndpointServes", "RulePasses", "alive", "served"]
