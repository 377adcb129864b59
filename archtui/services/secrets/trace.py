"""What Secrets Manager and Parameter Store do with a request: they give a value, decrypted."""

from __future__ import annotations

from archtui.failure.interface import Managed
from archtui.model.component import Component
from archtui.services.events import accepted, refused
from archtui.services.permissions import GuardedApi
from archtui.services.secrets.properties import SsmParameterProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Receives, Reception, Walk, hop
from archtui.world.faults import Refusal, Throttled

SECRET = GuardedApi(
    "arn:aws:secretsmanager:{region}:{account}:secret:{id}-*",
    "secretsmanager:GetSecretValue",
    {
        "secretsmanager:GetSecretValue": ("kms:Decrypt",),
        "secretsmanager:PutSecretValue": ("kms:GenerateDataKey", "kms:Decrypt"),
    },
)
"""Its ARN ends in six random characters. Key use: Secrets Manager User Guide, "Secret encryption and decryption"."""


class ParameterGuards(GuardedApi):
    """Reading a SecureString in clear needs the key too (fact ssm_parameter_store-decrypt-01)."""

    def __init__(self) -> None:
        uses = {"ssm:GetParameter": ("kms:Decrypt",), "ssm:GetParameters": ("kms:Decrypt",)}
        uses |= {"ssm:GetParametersByPath": ("kms:Decrypt",), "ssm:PutParameter": ("kms:Encrypt",)}
        super().__init__("arn:aws:ssm:{region}:{account}:parameter/{id}", "ssm:GetParameter", uses)

    def key(self, component: Component) -> str | None:
        properties = component.properties
        secure = isinstance(properties, SsmParameterProperties) and properties.type == "SecureString"
        return super().key(component) if secure else None


class GivesValue(Receives):
    """A value is asked for at the API of its region."""

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        return Reception((hop(component, accepted(component, f"{component.id} gives its value.")),), status=200)


class ValueFails(Managed, Throttled):
    """Both services keep values in several zones of a region (their user guides, "Resilience")."""

    refusal = Refusal(
        "ThrottlingException", 400, "https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html"
    )
