"""How the names of clusters lead to their nodes, and what a node does with a connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from archtui.model.component import Component
from archtui.services.nodes import cluster_of
from archtui.services.vpc.trace import resolves_privately
from archtui.trace import codes
from archtui.trace.interface import (
    Arrival,
    Call,
    HasName,
    NameAnswer,
    NameWay,
    Question,
    Receives,
    Reception,
    StandsIn,
    Walk,
    hop,
)
from archtui.trace.message import Endpoint
from archtui.world.condition import Condition
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

TTL = 5.0
"""Seconds a client may keep the address of an endpoint (RDS endpoints are published with a TTL of 5 s)."""
READ_ONLY = "-ro."
"""What tells the name of a reader endpoint."""


def nodes_at_work(component: Component, walk: Walk) -> tuple[Endpoint, ...]:
    """Return the nodes that work now, in their order; those that wait for a failure too."""
    nics = walk.interfaces(component.id)
    behaviour = component.kind.behaviour(ClusterBehaviour)
    if walk.is_stood_in(component.id) and not (behaviour and behaviour.replaced(component)):
        nics = nics[1:]
    return tuple(
        nic for nic in nics if not (walk.condition.part_down(nic.component, nic.zone) or walk.is_down(nic.subnet))
    )


class ClusterBehaviour(HasName, Receives, StandsIn):
    """A name that leads to the first node, or to the next one once a failover has taken effect."""

    host = "{id}.{region}.amazonaws.com"

    def mechanism(self, component: Component) -> str:
        """Return the mechanism by which another node takes over; empty: none does."""
        return ""

    def readers(self, component: Component) -> bool:
        """Whether it has a reader endpoint."""
        return False

    def spread(self, component: Component) -> bool:
        """Whether requests go to all nodes in equal shares: brokers, shards."""
        return False

    def replaced(self, component: Component) -> bool:
        """Whether a node that is lost is replaced in its place, instead of another one taking over."""
        return False

    def calls(self, arrival: Arrival, walk: Walk) -> tuple[Call, ...]:
        """Return what a node asks for in its turn."""
        return ()

    def refusal(self, arrival: Arrival, walk: Walk) -> Step | None:
        """Return why a node that answers refuses what is asked of it; None: it does not."""
        return None

    def text(self, component: Component, arrival: Arrival, walk: Walk) -> str:
        """Say what a node does with a connection."""
        return f"{component.id} accepts the connection on {arrival.message.port}."

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        region = world.placement(component.id).region
        plain = self.host.format(id=component.id, region=region).lower()
        first, _, rest = plain.partition(".")
        return (plain, f"{first}{READ_ONLY}{rest}") if self.readers(component) else (plain,)

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        nics = walk.interfaces(component.id)
        if not nics:
            return NameAnswer((), (), (f"the subnets of {component.id}",))
        reading = READ_ONLY in question.name
        found, moved = self.chosen(component, walk, reading=reading)
        if cluster_of(component).public:
            found = tuple(self._public(component, nic, question, walk) for nic in found)
        share = 1 / len(found)
        which = "the reader endpoint" if reading else "the endpoint"
        where = ", ".join(dict.fromkeys(nic.zone for nic in found if nic.zone))
        text = f"{which} of {component.id} gives {', '.join(nic.address for nic in found)} in {where or 'its zone'}."
        if moved:
            text = f"{text[:-1]}, where a replica has taken over."
        rule = RuleRef(component.id, f"endpoint of {component.id}")
        code = codes.NODE_PROMOTED if moved else ""
        step = Step("dns", Action.ANSWER, code, text[0].upper() + text[1:], rule)
        return NameAnswer((hop(component, step),), tuple(NameWay(share, nic, ttl=TTL) for nic in found))

    @staticmethod
    def _public(component: Component, nic: Endpoint, question: Question, walk: Walk) -> Endpoint:
        """Return the node by its public address for who asks from outside its VPC."""
        world, asker = walk.world, question.asker.component
        asking = world.placement(asker).vpc if asker in world.components else None
        if resolves_privately(world, asking, world.placement(component.id).vpc):
            return nic
        return replace(nic, address=walk.public_address(nic) or nic.address)

    def chosen(self, component: Component, walk: Walk, *, reading: bool) -> tuple[tuple[Endpoint, ...], bool]:
        """Return the nodes that a name gives now, and whether another one has taken over."""
        nics, working = walk.interfaces(component.id), nodes_at_work(component, walk)
        cluster = cluster_of(component)
        waiting = {f"{component.id}:{node.name}" for node in cluster.nodes() if node.waits}
        if self.spread(component):
            return working or nics, False
        moved = bool(working) and working[0] != nics[0] and walk.acts(f"{self.mechanism(component)}:{component.id}")
        first = working[0] if moved and self.mechanism(component) else nics[0]
        if reading:
            readers = tuple(nic for nic in working if nic != first and nic.interface not in waiting)
            return readers or (first,), False
        return (first,), first != nics[0]

    def port(self, component: Component) -> int | None:
        return cluster_of(component).ports[0]

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, message = arrival.component, arrival.message
        ports = cluster_of(component).ports
        if walk.is_down(component.id):
            return _refuse(component, codes.BAD_STATE, f"{component.id} is down.")
        if walk.condition.part_down(component.id, arrival.at.zone):
            text = f"The zone {arrival.at.zone} of this node of {component.id} is lost, and nothing has taken over."
            return _refuse(component, codes.NODE_LOST, text)
        if message.protocol != "tcp" or message.port not in ports:
            asked = f"{message.protocol} {message.port}" if message.port is not None else message.protocol
            listed = ", ".join(str(port) for port in ports)
            text = f"{component.id} answers on tcp {listed} only, not on {asked}."
            return replace(_refuse(component, codes.CONNECTION_REFUSED, text, "port"), refused=True)
        denial = self.refusal(arrival, walk) if message.purpose != "health_check" else None
        if denial is not None:
            return Reception((hop(component, denial),))
        text = self.text(component, arrival, walk)
        step = Step("application", Action.ACCEPT, "", text, RuleRef(component.id, text, ("port",)))
        calls = self.calls(arrival, walk) if message.purpose != "health_check" else ()
        return Reception((hop(component, step),), calls)

    def stands_in(self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]) -> bool:
        name = self.mechanism(component)
        nodes = cluster_of(component).nodes()
        several = len(nodes) > 1 or self.replaced(component)
        return bool(name) and several and acts(f"{name}:{component.id}")


def _refuse(component: Component, code: str, text: str, path: str = "") -> Reception:
    rule = RuleRef(component.id, text, (path,) if path else ())
    return Reception((hop(component, Step("application", Action.DENY, code, text, rule)),))


__all__ = ["READ_ONLY", "TTL", "ClusterBehaviour", "nodes_at_work"]
