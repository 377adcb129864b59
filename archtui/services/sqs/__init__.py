"""SQS: queues between those who send and those who work."""

from archtui.layout.depict import Line, Lines
from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.regional import RegionalApi
from archtui.services.sqs import describe, failure, trace
from archtui.services.sqs.permission import QUEUE_GUARDS
from archtui.services.sqs.properties import SqsQueueProperties

KINDS = (
    Kind(
        name="sqs_queue",
        title="SQS queue",
        slug="sqs",
        family="sqs",
        code="sq",
        glyph="≡",
        summary="Keeps messages until a consumer has worked on them.",
        properties=SqsQueueProperties,
        scope="region",
        aliases=("queue", "sqs_fifo", "sqs_dlq"),
        behaviours=(
            RegionalApi("sqs"),
            trace.QueueReceives(),
            failure.QueueFails(),
            QUEUE_GUARDS,
            describe.DescribesQueue(),
            Connections(__name__, "QUEUE"),
            Lines((Line("dead_letter.queue"),)),
        ),
        failure_modes=("region",),
        traces=("request", "event"),
    ),
)
