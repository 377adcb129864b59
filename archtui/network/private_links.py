"""AWS PrivateLink: from an endpoint's interface to a service's balancer in another VPC, and the reply.

Source: AWS PrivateLink guide, 'Concepts' and 'Share your services': connections are opened by the consumer alone,
an endpoint's interface is served by the balancer's node of its own zone, and the targets see the balancer's address.
"""

from __future__ import annotations

from archtui.network.flow import Packet
from archtui.network.model import Interface
from archtui.network.walk import Walk

_BY_LINK = "endpoint:"


def came_by_link(packet: Packet) -> bool:
    """Whether a packet at a balancer's node came through an endpoint."""
    return packet.carried.startswith(_BY_LINK)


def through_link(walk: Walk, endpoint: Interface, service: str, packet: Packet) -> None:
    """Hand a connection that came to an endpoint's interface to the service's balancer."""
    if walk.returning:
        walk.block(endpoint.component, "NO_POSSIBLE_DESTINATION")
        if walk.recorder:
            walk.recorder.stray(endpoint.component, packet)
        return
    link = walk.network.links.get(service)
    if link is None:
        missing = f"what answers behind {service}: the service is not in the design"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(endpoint.component, "interface", missing, packet)
        return
    why = link.state or walk.failed(service)
    if why:
        walk.block(service, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(service, "gateway", why)
    refusal = link.refusals.get(endpoint.component, "")
    if refusal:
        walk.block(endpoint.component, "BAD_STATE_ATTACHMENT")
        if walk.recorder:
            walk.recorder.not_served(endpoint.component, service, refusal)
    zone = walk.network.subnets[endpoint.subnet].zone
    nodes = [
        (name, walk.network.interfaces[node])
        for name in link.balancers
        for node in walk.network.of_component.get(name, ())
    ]
    near = [(name, node) for name, node in nodes if node.addresses and walk.network.subnets[node.subnet].zone == zone]
    if not near:
        walk.block(service, "VPCE_SERVICE_NOT_INSTALLED_IN_AZ")
        if walk.recorder:
            walk.recorder.not_in_zone(service, endpoint, zone, packet)
        return
    walk.spread([(name, _ToNode(endpoint, service, name, node, packet)) for name, node in near])


class _ToNode:
    """Go on at one balancer's node."""

    def __init__(self, endpoint: Interface, service: str, balancer: str, node: Interface, packet: Packet) -> None:
        self.endpoint, self.service, self.balancer, self.node, self.packet = endpoint, service, balancer, node, packet

    def __call__(self, walk: Walk) -> None:
        inner = self.packet._replace(destination=self.node.addresses[0], carried=f"{_BY_LINK}{self.endpoint.id}")
        walk.sessions[self.endpoint.id] = (self.packet, inner)
        if walk.recorder:
            walk.recorder.linked(self.endpoint.component, self.service, self.balancer, self.packet, inner)
        walk.works(self.node)
        if walk.network.balancers[self.balancer].guards_links:
            walk.filter_group(self.node, inner, "ingress")
        walk.ways.balancer(walk, self.node, self.balancer, inner)


def link_reply(walk: Walk, before: Packet, packet: Packet) -> None:
    """Send a service's answer on from the endpoint that took the connection ``before``."""
    endpoint = walk.network.interfaces[before.carried.removeprefix(_BY_LINK)]
    asked, _ = walk.sessions[endpoint.id]
    after = packet._replace(source=asked.destination, destination=asked.source, carried="vpc")
    if walk.recorder:
        walk.recorder.link_reply(endpoint.component, packet, after)
    walk.filter_group(endpoint, after, "egress")
    walk.emerge(walk.network.subnets[endpoint.subnet], after)
