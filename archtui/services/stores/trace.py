"""How callers find the node of a file system, broker, warehouse or search domain."""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.consumers import consumers, handed_to
from archtui.services.database_access import READ
from archtui.services.events import refused
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.node_trace import ClusterBehaviour
from archtui.services.stores.properties import EfsProperties, FsxProperties, MqBrokerProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, HandsOut, NameAnswer, Question, Walk
from archtui.world.steps import Step

CONSUMING = (READ, "kafka-cluster:ReadData")
"""Actions of links by which consumers come for messages."""


class EfsBehaviour(ClusterBehaviour):
    """The file system's name gives a client the mount target of its own zone.

    Source: EFS User Guide, 'Mounting EFS file systems': the DNS name resolves to the mount target in the zone of
    the instance that asks; without one there it does not resolve, so the first that works is taken by its address.
    """

    host = "{id}.efs.{region}.amazonaws.com"

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        found = super().answer(component, question, walk)
        here = tuple(way for way in found.ways if way.endpoint and way.endpoint.zone == question.asker.zone)
        return replace(found, ways=(replace(here[0], weight=1.0),)) if here else found

    def refusal(self, arrival: Arrival, walk: Walk) -> Step | None:
        """A function mounts by an access point (Lambda Developer Guide, 'Configuring file system access')."""
        component = arrival.component
        caller = walk.world.components.get(arrival.sender.component)
        if caller is None or not isinstance(caller.properties, LambdaFunctionProperties):
            return None
        if properties_as(component, EfsProperties).access_points:
            return None
        text = f"{component.id} has no access point, and the function {caller.id} can mount by one alone."
        return refused(component, codes.EFS_ACCESS_POINT_NEEDED, text, "access_points")

    def text(self, component: Component, arrival: Arrival, walk: Walk) -> str:
        caller = arrival.sender.component
        points = properties_as(component, EfsProperties).access_points
        root = next(
            (f", with {point.path} of {point.name} as its root" for point in points if caller in point.clients), ""
        )
        where = arrival.at.zone or "its zone"
        return f"The mount target of {component.id} in {where} accepts the connection on {arrival.message.port}{root}."

    def spread(self, component: Component) -> bool:
        return True


class Brokers(ClusterBehaviour, HandsOut):
    """Brokers keep messages that consumers come for: functions by Lambda's pollers, applications by themselves.

    Sources: Lambda Developer Guide, 'Using Lambda with Amazon MSK', 'Using Lambda with Amazon MQ': Lambda polls as any
    consumer does; MSK Developer Guide, 'IAM access control', actions.
    """

    def takes(self, action: str) -> bool:
        return action in CONSUMING

    def text(self, component: Component, arrival: Arrival, walk: Walk) -> str:
        what = "hands a message out" if self.takes(arrival.message.action) else "takes the message"
        return f"A broker of {component.id} in {arrival.at.zone or 'its zone'} {what}."

    def calls(self, arrival: Arrival, walk: Walk) -> tuple[Call, ...]:
        component, worker = arrival.component, arrival.sender
        if self.takes(arrival.message.action):
            ways = handed_to(component, worker, f"{worker.component} works on the message.", walk)
            return (Call(f"{component.id} > {worker.component}", ways),) if ways else ()
        found = [one for action in CONSUMING for one in consumers(component, action, codes.STREAM_NO_CONSUMER, walk)]
        events = {one.component: one for one in found}
        return tuple(
            Call(f"{component.id} > {name}", one.ways, "after", otherwise=one.otherwise) for name, one in events.items()
        )


class SpreadBehaviour(ClusterBehaviour):
    """Data nodes of which any takes requests."""

    def spread(self, component: Component) -> bool:
        return True


class PairBehaviour(ClusterBehaviour):
    """A pair of which the standby takes over: FSx Multi-AZ file servers."""

    def spread(self, component: Component) -> bool:
        return properties_as(component, FsxProperties).deployment == "multi_az"


class KafkaBehaviour(Brokers):
    """Any broker of the bootstrap list takes a connection; a topic's partitions are spread over all."""

    def spread(self, component: Component) -> bool:
        return True


class MqBehaviour(Brokers):
    """One broker, an active and a standby one, or a cluster of three."""

    def spread(self, component: Component) -> bool:
        return properties_as(component, MqBrokerProperties).deployment != "single_instance"


def _host(behaviour: ClusterBehaviour, host: str) -> ClusterBehaviour:
    behaviour.host = host
    return behaviour


EFS = EfsBehaviour()
FSX = _host(PairBehaviour(), "{id}.fsx.{region}.amazonaws.com")
MQ = _host(MqBehaviour(), "{id}.mq.{region}.on.aws")
MSK = _host(KafkaBehaviour(), "{id}.kafka.{region}.amazonaws.com")
OPENSEARCH = _host(SpreadBehaviour(), "vpc-{id}.{region}.es.amazonaws.com")
REDSHIFT = _host(ClusterBehaviour(), "{id}.redshift.{region}.amazonaws.com")

__all__ = ["EFS", "FSX", "MQ", "MSK", "OPENSEARCH", "REDSHIFT"]
