"""How an RDS database answers its endpoint's name and the connections that come to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from archtui.model.component import Component
from archtui.services.database_access import CURRENT, READ, WRITE
from archtui.services.events import accepted
from archtui.services.rds.lookups import replicas_of
from archtui.services.rds.network import FAILOVER
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.replication import promoted, read_only, replicated
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
from archtui.trace.message import Endpoint, Message
from archtui.world.condition import Condition
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

PROMOTION = "rds.read_replica"
"""What a person does to a replica when its primary is gone: the failover table's name for it."""
ENDPOINT_TTL = 5.0
"""Seconds a client may keep an endpoint's address (RDS endpoints are published with a TTL of 5 s)."""


def properties_of(database: Component) -> DbInstanceProperties:
    """Return the properties of a database instance."""
    if not isinstance(database.properties, DbInstanceProperties):
        raise TypeError(f"{database.id} is no DB instance")
    return database.properties


def serving(database: Component, walk: Walk) -> tuple[Endpoint | None, bool]:
    """Return the interface the endpoint's name gives, and whether it is the standby's.

    The standby serves when the primary or its zone is lost and the failover has taken effect.
    """
    nics = walk.interfaces(database.id)
    if not nics:
        return None, False
    primary, standby = nics[0], next((nic for nic in nics[1:] if nic.zone != nics[0].zone), None)
    lost = (
        walk.is_stood_in(database.id)
        or walk.condition.part_down(database.id, primary.zone)
        or walk.is_down(primary.subnet)
    )
    if properties_of(database).multi_az and standby and lost and walk.acts(f"{FAILOVER}:{database.id}"):
        return standby, True
    return primary, False


class DatabaseBehaviour(HasName, Receives, StandsIn):
    """One name that always leads to the primary, which answers on the engine's port."""

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        return (f"{component.id}.{world.placement(component.id).region}.rds.amazonaws.com".lower(),)

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        nic, promoted = serving(component, walk)
        if nic is None:
            return NameAnswer((), (), (f"the subnets of {component.id}",))
        address = nic.address
        asker = question.asker
        vpc = walk.world.placement(component.id).vpc
        asking = walk.world.placement(asker.component).vpc if asker.component in walk.world.components else None
        inside = resolves_privately(walk.world, asking, vpc)
        if properties_of(component).publicly_accessible and not inside:
            address = walk.public_address(nic) or address
        who = "the standby, which has been promoted" if promoted else "the primary"
        text = f"The endpoint of {component.id} gives {address}, {who} in {nic.zone or 'its zone'}."
        step = Step(
            "dns",
            Action.ANSWER,
            codes.RDS_STANDBY_PROMOTED if promoted else "",
            text,
            RuleRef(component.id, f"endpoint of {component.id}"),
            facts=("rds-one-endpoint-01",),
        )
        way = NameWay(1.0, replace(nic, address=address), ttl=ENDPOINT_TTL)
        return NameAnswer((hop(component, step),), (way,))

    def port(self, component: Component) -> int | None:
        return properties_of(component).listener_port

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, properties, message = arrival.component, properties_of(arrival.component), arrival.message
        if walk.is_down(component.id):
            return self._refuse(component, codes.BAD_STATE, f"{component.id} is down.", "state")
        if walk.condition.part_down(component.id, arrival.at.zone):
            rest = "the standby has not taken over yet" if properties.multi_az else "there is no standby"
            text = f"The zone {arrival.at.zone} of the primary of {component.id} is lost, and {rest}."
            return self._refuse(component, codes.RDS_PRIMARY_LOST, text, "multi_az")
        if properties.state != "available":
            return self._refuse(component, codes.BAD_STATE, f"{component.id} is {properties.state}.", "state")
        if message.protocol != "tcp" or message.port != properties.listener_port:
            asked = f"{message.protocol} {message.port}" if message.port is not None else message.protocol
            text = f"{component.id} answers on tcp {properties.listener_port} only, not on {asked}."
            return replace(self._refuse(component, codes.CONNECTION_REFUSED, text, "port"), refused=True)
        source = properties.replica_of
        if message.action == WRITE and source is not None and not promoted(f"{PROMOTION}:{component.id}", walk):
            return Reception((hop(component, read_only(component, f"a read replica of {source}")),))
        text = f"{component.id} ({properties.engine}) accepts the connection on {message.port}."
        steps = [Step("application", Action.ACCEPT, "", text, RuleRef(component.id, text, ("port",)))]
        if message.action == WRITE and properties.multi_az:
            text = f"The standby of {component.id} has the change before the answer."
            steps.append(accepted(component, text, "multi_az", facts=("rds_multi_az_instance-standby-01",)))
        if source is not None and message.action in (READ, CURRENT):
            text = f"{component.id} follows {source} with a lag: the rows may be older than those."
            steps.append(accepted(component, text, "replica_of", facts=("rds_read_replica-async-01",)))
        return Reception((hop(component, *steps),), tuple(self._copied(component, message, walk)))

    @staticmethod
    def _copied(component: Component, message: Message, walk: Walk) -> Iterator[Call]:
        """Yield what goes to the read replicas after the answer; AWS promises no time."""
        if message.action in (READ, CURRENT) or message.purpose == "health_check":
            return
        for replica in replicas_of(walk.world, component.id):
            text = f"{component.id} sends its changes to the read replica {replica}, some time after the answer."
            yield replicated(component, replica, text, walk, facts=("rds_read_replica-async-01",))

    @staticmethod
    def _refuse(component: Component, code: str, text: str, path: str) -> Reception:
        step = Step("application", Action.DENY, code, text, RuleRef(component.id, text, (path,)))
        return Reception((hop(component, step),))

    def stands_in(self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]) -> bool:
        return properties_of(component).multi_az and acts(f"{FAILOVER}:{component.id}")
