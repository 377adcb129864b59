"""Where viewers find a distribution, and where its requests to origins come from."""

from __future__ import annotations

import zlib
from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.network.addresses import parse_block
from archtui.network.builder import NetworkBuilder
from archtui.network.flow import TCP
from archtui.network.interface import NetworkPart
from archtui.network.model import PublicService
from archtui.services.cloudfront import vpc_origins
from archtui.services.cloudfront.properties import CloudFrontDistributionProperties
from archtui.services.managed_lists import CLOUDFRONT_LIST, SendsByList
from archtui.trace.interface import HasHealth, HasName, Health, NameAnswer, NameWay, Question, Walk, hop
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

VIEWER = "18.64.0.10"
"""An address of the edge locations that viewers come to (18.64.0.0/14 of ip-ranges.json, service CLOUDFRONT)."""
VIEWER_6 = "2600:9000::10"
"""The same locations' IPv6 address (2600:9000::/28 of ip-ranges.json, service CLOUDFRONT)."""
ORIGIN_FACING = "130.176.0.10"
"""An address that asks origins (130.176.0.0/16 of ip-ranges.json, service CLOUDFRONT_ORIGIN_FACING)."""
TTL = 60.0
"""Seconds a resolver keeps the address of a distribution (Route 53 Developer Guide, "Choosing between alias and
non-alias records": an alias to CloudFront is answered with 60 s)."""


def domain_name(component: Component) -> str:
    """Return the name that CloudFront gives the distribution, made from its id."""
    return f"d{zlib.crc32(component.id.encode()):08x}.cloudfront.net"


class DistributionName(HasName, HasHealth, NetworkPart, SendsByList):
    """The name of a distribution gives the addresses of the edge location nearest to who asks."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        ports = frozenset({(TCP, 80), (TCP, 443)})
        blocks = (parse_block(f"{VIEWER}/32"), parse_block(f"{VIEWER_6}/128"))
        builder.service(PublicService("cloudfront.net", blocks, ports))
        vpc_origins.contribute(component, world, builder)

    def list_name(self, component: Component) -> str:
        return CLOUDFRONT_LIST if vpc_origins.private_origins(component) else ""

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        return (domain_name(component),)

    def answers_ipv6(self, component: Component) -> bool:
        return properties_as(component, CloudFrontDistributionProperties).ipv6

    def ipv6_end(self, component: Component, end: Endpoint, question: Question, walk: Walk) -> Endpoint | None:
        return replace(end, address=VIEWER_6)

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        name = domain_name(component)
        text = f"{name} gives the addresses of the edge location nearest to {question.asker.component}."
        rule = RuleRef(component.id, name)
        facts = ("cloudfront-name-01", "cloudfront-role-01")
        step = Step("dns", Action.ANSWER, "", text, rule, facts=facts)
        edge = Endpoint(component.id, VIEWER, serves=component.id)
        return NameAnswer((hop(component, step),), (NameWay(1.0, edge, ttl=TTL),))

    def health(self, component: Component, walk: Walk) -> Health:
        """Route 53 cannot see whether a distribution works (Route 53 Developer Guide, "Values specific for alias
        records", Evaluate target health: not for CloudFront)."""
        down = walk.is_down(component.id) or not properties_as(component, CloudFrontDistributionProperties).enabled
        return Health(True, f"the health of {component.id} is not evaluated{', although it is down' if down else ''}")
