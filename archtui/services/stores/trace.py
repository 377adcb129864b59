"""How callers find the node of a file system, broker, warehouse or search domain."""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.node_trace import ClusterBehaviour
from archtui.services.stores.properties import FsxProperties, MqBrokerProperties
from archtui.trace.interface import NameAnswer, Question, Walk


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

    def spread(self, component: Component) -> bool:
        return True


class SpreadBehaviour(ClusterBehaviour):
    """Brokers and data nodes of which any takes requests."""

    def spread(self, component: Component) -> bool:
        return True


class PairBehaviour(ClusterBehaviour):
    """A pair of which the standby takes over: FSx Multi-AZ file servers, active and standby brokers."""

    def mechanism(self, component: Component) -> str:
        return ""

    def spread(self, component: Component) -> bool:
        properties = component.properties
        if isinstance(properties, MqBrokerProperties):
            return properties.deployment != "single_instance"
        return properties_as(component, FsxProperties).deployment == "multi_az"


def _host(behaviour: ClusterBehaviour, host: str) -> ClusterBehaviour:
    behaviour.host = host
    return behaviour


EFS = EfsBehaviour()
FSX = _host(PairBehaviour(), "{id}.fsx.{region}.amazonaws.com")
MQ = _host(PairBehaviour(), "{id}.mq.{region}.on.aws")
MSK = _host(SpreadBehaviour(), "{id}.kafka.{region}.amazonaws.com")
OPENSEARCH = _host(SpreadBehaviour(), "vpc-{id}.{region}.es.amazonaws.com")
REDSHIFT = _host(ClusterBehaviour(), "{id}.redshift.{region}.amazonaws.com")

__all__ = ["EFS", "FSX", "MQ", "MSK", "OPENSEARCH", "REDSHIFT"]
