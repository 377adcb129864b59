"""What keys are to the question of permission, and to those who ask KMS itself."""

from __future__ import annotations

from archtui.failure.interface import Managed, properties_as
from archtui.model.component import Component
from archtui.services.events import accepted, refused
from archtui.services.kms.properties import KmsKeyProperties
from archtui.services.permissions import GuardedApi
from archtui.trace import codes
from archtui.trace.interface import Arrival, Receives, Reception, Walk, hop
from archtui.trace.permission import Opens
from archtui.world.faults import Refusal, Throttled

DIRECT_KB = 4.0
"""KB that KMS encrypts with a key itself (KMS API Reference, "Encrypt": 4,096 bytes)."""


class KeyGuards(GuardedApi):
    """A key's policy says who may use it."""

    def __init__(self) -> None:
        super().__init__("arn:aws:kms:{region}:{account}:key/{id}", "kms:Decrypt")


class KeyOpens(Opens):
    """A key that is not enabled fails every use (KMS Developer Guide, "Key states of AWS KMS keys")."""

    def refusal(self, component: Component) -> str:
        state = properties_as(component, KmsKeyProperties).state
        return "" if state == "Enabled" else state

    def grants(self, component: Component) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple(
            (grant.grantee, tuple(f"kms:{operation}" for operation in grant.operations))
            for grant in properties_as(component, KmsKeyProperties).grants
        )


class KeyReceives(Receives):
    """KMS answers at the API of its region."""

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        state = KeyOpens().refusal(component)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        if state:
            text = f"{component.id} is {state}: KMS refuses every use of it."
            return Reception((hop(component, refused(component, codes.KMS_KEY_UNUSABLE, text, "state")),), status=400)
        size = properties_as(component, KmsKeyProperties).direct_size
        if arrival.message.action == "kms:Encrypt" and size is not None and size > DIRECT_KB:
            text = f"{component.id} is to encrypt {size:g} KB itself, and KMS takes {DIRECT_KB:g} KB (HTTP 400)."
            step = refused(component, codes.KMS_TEXT_TOO_LONG, text, "direct_size")
            return Reception((hop(component, step),), status=400)
        return Reception((hop(component, accepted(component, f"KMS uses {component.id} and answers.")),), status=200)


class KeyFails(Managed, Throttled):
    """KMS runs in several zones of a region (KMS Developer Guide, "Resilience in AWS Key Management Service")."""

    refusal = Refusal(
        "ThrottlingException", 400, "https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html"
    )
