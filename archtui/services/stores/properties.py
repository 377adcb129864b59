"""Properties of file systems, brokers, warehouses and search domains in a VPC."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from archtui.model.fields import Part, Reference
from archtui.services.nodes import NodeProperties


class AccessPoint(Part):
    """A way into a file system with a root and a user of its own."""

    name: str
    """Its name."""
    path: str = "/"
    """The folder that its clients see as the root."""
    uid: Annotated[int, Field(ge=0)] | None = None
    """The user that all its clients act as; left out: their own."""
    clients: tuple[Annotated[str, Reference((), "uses")], ...] = ()
    """Who mounts by it; left out: not stated."""


class EfsProperties(NodeProperties):
    """An EFS file system with a mount target in each of its subnets."""

    usual_ports: ClassVar[tuple[int, ...]] = (2049,)

    one_zone: bool = False
    """Whether its data is kept in one zone only, that of its first subnet."""
    performance_mode: Literal["generalPurpose", "maxIO"] = "generalPurpose"
    """General purpose, or more operations at once with more delay."""
    throughput_mode: Literal["elastic", "bursting", "provisioned"] = "elastic"
    """How its throughput is had."""
    encrypted: bool = True
    """Whether it is encrypted."""
    access_points: tuple[AccessPoint, ...] = ()
    """Its access points; a Lambda function can mount by one alone."""

    def count(self) -> int:
        """One mount target for each subnet; One Zone has one alone."""
        return 1 if self.one_zone else super().count()


class FsxProperties(NodeProperties):
    """An FSx file system."""

    type: Literal["windows", "lustre", "ontap", "openzfs"] = "windows"
    """What it speaks."""
    deployment: Literal["single_az", "multi_az", "scratch"] = "single_az"
    """One file server, a pair in two zones, or Lustre without copies."""

    type_ports: ClassVar[dict[str, int]] = {"windows": 445, "lustre": 988, "ontap": 2049, "openzfs": 2049}

    @property
    def ports(self) -> tuple[int, ...]:
        """SMB 445, Lustre 988, NFS 2049."""
        return (self.port or self.type_ports[self.type],)

    def count(self) -> int:
        """Return its file servers."""
        return 2 if self.deployment == "multi_az" else 1


class MqBrokerProperties(NodeProperties):
    """An Amazon MQ broker."""

    engine: Literal["activemq", "rabbitmq"] = "activemq"
    """The broker."""
    deployment: Literal["single_instance", "active_standby", "cluster"] = "single_instance"
    """One broker, a pair in two zones, or a RabbitMQ cluster of three."""
    publicly_accessible: bool = False
    """Whether its brokers have public addresses."""

    @property
    def ports(self) -> tuple[int, ...]:
        """OpenWire over TLS 61617 or AMQP over TLS 5671, then ActiveMQ's others."""
        if self.port:
            return (self.port,)
        return (5671,) if self.engine == "rabbitmq" else (61617, 5671, 8883, 61614, 61619)

    @property
    def public(self) -> bool:
        """Whether its brokers have public addresses."""
        return self.publicly_accessible

    def count(self) -> int:
        """Return its brokers."""
        return {"single_instance": 1, "active_standby": 2, "cluster": 3}[self.deployment]


class MskProperties(NodeProperties):
    """An MSK cluster of Kafka brokers."""

    brokers: Annotated[int, Field(ge=1, le=90)] = 3
    """Its brokers, spread over its subnets."""
    replication_factor: Annotated[int, Field(ge=1)] = 3
    """Copies of each partition."""

    usual_ports: ClassVar[tuple[int, ...]] = (9094, 9098, 9092, 9096)

    def count(self) -> int:
        """Return its brokers."""
        return self.brokers


class RedshiftProperties(NodeProperties):
    """A Redshift cluster: a warehouse in one zone."""

    usual_ports: ClassVar[tuple[int, ...]] = (5439,)

    snapshot_retention: Annotated[int, Field(ge=0, le=35)] = 1
    """Days that automatic snapshots are kept; 0: none are made."""
    copy_region: str = ""
    """The region that snapshots are copied to; left out: none."""

    def count(self) -> int:
        """Its leader, which callers talk to."""
        return 1


class OpenSearchProperties(NodeProperties):
    """An OpenSearch domain."""

    usual_ports: ClassVar[tuple[int, ...]] = (443,)

    data_nodes: Annotated[int, Field(ge=1)] = 2
    """Its data nodes, spread over its subnets."""
    master_nodes: Annotated[int, Field(ge=0, le=5)] = 0
    """Its dedicated master nodes; 0: the data nodes choose a master among themselves."""

    def count(self) -> int:
        """Return its data nodes."""
        return self.data_nodes


__all__ = [
    "EfsProperties",
    "FsxProperties",
    "MqBrokerProperties",
    "MskProperties",
    "OpenSearchProperties",
    "RedshiftProperties",
]
