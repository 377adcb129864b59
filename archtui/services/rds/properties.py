"""Properties of RDS database instances."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Address, Port, Properties, Reference, Region, Zone
from archtui.services.references import SecurityGroupRef, SubnetIn

Engine = Literal["mysql", "postgres", "mariadb", "oracle", "sqlserver", "db2"]

DEFAULT_PORTS: dict[str, int] = {
    "mysql": 3306,
    "mariadb": 3306,
    "postgres": 5432,
    "oracle": 1521,
    "sqlserver": 1433,
    "db2": 50000,
}
"""The port of each engine (RDS User Guide, 'Settings for DB instances')."""


class DbInstanceProperties(Properties):
    """A managed relational database: one instance, a Multi-AZ pair, or a read replica."""

    engine: Engine = "mysql"
    """The database engine."""
    port: Port | None = None
    """The port; left out: the engine's own."""
    instance_class: str = "db.t3.micro"
    """The size."""
    subnets: tuple[SubnetIn, ...] = ()
    """Its DB subnet group; left out: the default VPC's subnets."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Its security groups; left out: the VPC's default group."""
    az: Zone | None = None
    """The zone of the primary; left out: the first of the subnet group."""
    standby_az: Zone | None = None
    """The zone of the standby; left out: the next of the subnet group."""
    multi_az: bool = False
    """Whether a standby in another zone takes over."""
    private_ip: Address | None = None
    """The primary's address; left out: the next free one of its subnet."""
    publicly_accessible: bool = False
    """Whether it gets a public address and a public name."""
    replica_of: Annotated[str, Reference(("db_instance",), "uses")] | None = None
    """The primary this is an asynchronous read replica of."""
    storage_encrypted: bool = False
    """Whether its storage is encrypted."""
    backup_retention: Annotated[int, Field(ge=0)] = 1
    """Days that automatic backups are kept; 0: off. 1 by API, 7 by console; AWS takes at most 35."""
    deletion_protection: bool = False
    """Whether it is guarded against deletion."""
    max_connections: Annotated[int, Field(ge=1)] | None = None
    """Connections it takes at once; left out: as many as its engine's default gives for the memory of its class."""
    password_in_plain_text: bool = False
    """Whether its password stands in a configuration instead of Secrets Manager."""
    state: Literal["available", "stopped", "creating", "failed", "deleting", "rebooting"] = "available"
    """Its state; only an available one answers."""
    region: Region | None = None
    """The region of a replica elsewhere; left out: its subnets'."""

    @property
    def listener_port(self) -> int:
        """The port it answers on."""
        return self.port or DEFAULT_PORTS[self.engine]


__all__ = ["DEFAULT_PORTS", "DbInstanceProperties"]
