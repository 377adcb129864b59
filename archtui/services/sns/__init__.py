"""SNS: topics that deliver each message to many."""

from archtui.layout.depict import Line, Lines
from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.permissions import GuardedApi, ServiceCalls
from archtui.services.regional import RegionalApi
from archtui.services.sns import describe, failure, trace
from archtui.services.sns.properties import SnsTopicProperties

KINDS = (
    Kind(
        name="sns_topic",
        title="SNS topic",
        slug="sns",
        family="sns",
        code="sn",
        glyph="⋔",
        summary="Delivers each message to every subscriber: queues, functions, web servers, people.",
        properties=SnsTopicProperties,
        scope="region",
        aliases=("topic",),
        behaviours=(
            RegionalApi("sns"),
            trace.TopicReceives(),
            failure.TopicFails(),
            describe.DescribesTopic(),
            Connections(__name__, "TOPIC"),
            # SNS Developer Guide, "Configure AWS KMS permissions": a publisher needs both.
            GuardedApi(
                "arn:aws:sns:{region}:{account}:{id}", "sns:Publish", {"*": ("kms:GenerateDataKey", "kms:Decrypt")}
            ),
            ServiceCalls("sns.amazonaws.com", "arn:aws:sns:{region}:{account}:{id}"),
            Lines((Line("subscriptions.to"), Line("subscriptions.dead_letter"))),
        ),
        failure_modes=("region",),
        traces=("request", "event"),
    ),
)
