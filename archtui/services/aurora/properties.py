"""Properties of Aurora and Multi-AZ database clusters, their endpoints and RDS proxies."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from archtui.model.fields import Part, Percent, Port, Properties, Reference
from archtui.services.nodes import Node, NodeProperties
from archtui.services.permissions import RoleRef
from archtui.services.rds.properties import DEFAULT_PORTS

ClusterEngine = Literal["aurora-mysql", "aurora-postgresql", "mysql", "postgres"]


class Serverless(Part):
    """The range of Aurora capacity units that Aurora Serverless v2 scales in."""

    min: Annotated[float, Field(ge=0, le=256)] = 0.5
    """The fewest; 0 pauses it, and the first connection after that waits about 15 seconds."""
    max: Annotated[float, Field(ge=1, le=256)] = 16.0
    """The most."""


class DbClusterProperties(NodeProperties):
    """A database cluster: one writer, readers, and for Aurora a volume of six copies in three zones."""

    engine: ClusterEngine = "aurora-postgresql"
    """The engine: Aurora's, or that of an RDS Multi-AZ cluster (one writer and two readable standbys)."""
    instances: Annotated[int, Field(ge=1, le=16)] = 2
    """Its instances, the writer first; they stand in the subnets in turn. A Multi-AZ cluster has three."""
    serverless: Serverless | None = None
    """Its capacity range; left out: instances of fixed size."""
    replica_of: Annotated[str, Reference(("db_cluster",), "uses")] | None = None
    """The primary cluster of the global database whose secondary it is."""
    backup_retention: Annotated[int, Field(ge=1, le=35)] = 1
    """Days that backups are kept."""
    storage_encrypted: bool = False
    """Whether its storage is encrypted."""
    deletion_protection: bool = False
    """Whether it is guarded against deletion."""

    @property
    def is_aurora(self) -> bool:
        """Whether its engine is Aurora."""
        return self.engine.startswith("aurora")

    @property
    def ports(self) -> tuple[int, ...]:
        """The port it answers on."""
        return (self.port or DEFAULT_PORTS["postgres" if "postgres" in self.engine else "mysql"],)

    def count(self) -> int:
        """Return how many instances it has."""
        return self.instances if self.is_aurora else 3

    def nodes(self) -> tuple[Node, ...]:
        """Return its instances; Aurora can start a new one in any subnet where the only one is lost."""
        found = super().nodes()
        if not self.is_aurora or len(found) != 1:
            return found
        return (
            *found,
            *(
                Node(f"new-{at}", subnet, waits="aurora.cluster_no_replica")
                for at, subnet in enumerate(self.subnets[1:], 2)
            ),
        )


class DbClusterEndpointProperties(Properties):
    """A name of a cluster that leads to its writer, to its readers or to chosen instances."""

    cluster: Annotated[str, Reference(("db_cluster",), "uses")]
    """The cluster."""
    type: Literal["writer", "reader", "custom"] = "reader"
    """Writer: follows the failover; reader: one of the readers; custom: one of ``members``."""
    members: tuple[Annotated[int, Field(ge=1, le=16)], ...] = ()
    """The instances of a custom endpoint, by number; 1 is the writer at first."""
    port: Port | None = None
    """The port; left out: the cluster's."""


class DbProxyProperties(NodeProperties):
    """A pool of connections before a database; clients keep theirs while the database fails over."""

    target: Annotated[str, Reference(("db_cluster", "db_instance"), "targets")]
    """The database behind it."""
    engine_family: Literal["MYSQL", "POSTGRESQL", "SQLSERVER"] = "POSTGRESQL"
    """What it speaks."""
    pinned: Percent | None = None
    """The share of sessions that are pinned to one database connection; left out: none."""
    secrets: tuple[Annotated[str, Reference(("secret",), "uses")], ...] = ()
    """The secrets with the names and passwords by which it signs in to the database; left out: not stated."""
    role: RoleRef | None = None
    """The role as which it reads its secrets; left out: not stated."""

    family_ports: ClassVar[dict[str, int]] = {"MYSQL": 3306, "POSTGRESQL": 5432, "SQLSERVER": 1433}

    @property
    def ports(self) -> tuple[int, ...]:
        """The port of its engine family."""
        return (self.port or self.family_ports[self.engine_family],)


__all__ = ["DbClusterEndpointProperties", "DbClusterProperties", "DbProxyProperties", "Serverless"]
