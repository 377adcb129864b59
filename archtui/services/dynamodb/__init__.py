"""DynamoDB: tables of items by key, in a region or in several."""

from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.dynamodb import describe, failure, trace
from archtui.services.dynamodb.properties import DynamoDbTableProperties
from archtui.services.permissions import GuardedApi

KINDS = (
    Kind(
        name="dynamodb_table",
        title="DynamoDB table",
        slug="dynamodb",
        family="dynamodb",
        code="dt",
        glyph="▩",
        summary="Keeps items by key, in three zones of a region; as a global table in several regions.",
        properties=DynamoDbTableProperties,
        scope="region",
        aliases=("table", "dynamodb_gsi", "dynamodb_lsi", "dynamodb_streams", "dynamodb_global_tables"),
        behaviours=(
            trace.TABLE_API,
            trace.TableReceives(),
            failure.TableFails(),
            describe.DescribesTable(),
            Connections(__name__, "TABLE"),
            GuardedApi("arn:aws:dynamodb:{region}:{account}:table/{id}", "dynamodb:GetItem"),
        ),
        failure_modes=("region", "throttled"),
        traces=("request", "event", "replication"),
    ),
)
