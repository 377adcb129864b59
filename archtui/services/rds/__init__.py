"""RDS: managed relational databases."""

from archtui.model.kinds import Kind
from archtui.services.rds import describe, layout
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
            describe.DescribesDbInstance(),
            layout.DepictsDatabase(),
        ),
        traces=("packet", "request", "replication"),
    ),
)
