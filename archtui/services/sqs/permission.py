"""What permission means to a queue."""

from archtui.services.permissions import GuardedApi

QUEUE_GUARDS = GuardedApi(
    "arn:aws:sqs:{region}:{account}:{id}",
    "sqs:SendMessage",
    {"sqs:SendMessage": ("kms:GenerateDataKey", "kms:Decrypt"), "sqs:ReceiveMessage": ("kms:Decrypt",)},
)
"""Key use: SQS Developer Guide, "Key management", permissions of producers and consumers."""
