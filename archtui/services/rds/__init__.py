"""RDS: managed relational databases."""

from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.hardening import Hardening
from archtui.services.rds import describe, expand, failure, layout, trace
from archtui.services.rds.network import DatabaseNetwork
from archtui.services.rds.properties import DbInstanceProperties

KINDS = (
    Kind(
        name="db_instance",
        title="RDS DB instance",
        slug="rds",
        family="rds",
        code="rd",
        glyph="⛁",
        summary="A managed relational database: one instance, a Multi-AZ pair or a read replica.",
        properties=DbInstanceProperties,
        scope="az",
        aliases=("database", "rds_multi_az_instance", "rds_read_replica"),
        behaviours=(
            trace.DatabaseBehaviour(),
            DatabaseNetwork(),
            failure.DatabaseFails(),
            Hardening(__name__, "DatabaseHardens"),
            expand.DB_STARTS,
            expand.ExpandsDbInstance(),
            describe.DescribesDbInstance(),
            layout.DepictsDatabase(),
            Connections(__name__, "DATABASE"),
        ),
        traces=("packet", "request", "replication"),
    ),
)
