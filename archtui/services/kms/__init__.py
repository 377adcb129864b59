"""KMS: keys that encrypt what other services keep."""

from archtui.layout.depict import Always, Depiction
from archtui.model.kinds import Kind
from archtui.services.kms import key
from archtui.services.kms.properties import KmsKeyProperties
from archtui.services.policy_edits import PolicyRemedies
from archtui.services.regional import RegionalApi

KINDS = (
    Kind(
        name="kms_key",
        title="KMS key",
        slug="kms",
        family="kms",
        code="km",
        glyph="⚷",
        summary="A key without which what it encrypts cannot be read.",
        properties=KmsKeyProperties,
        scope="region",
        aliases=("key",),
        behaviours=(
            RegionalApi("kms"),
            key.KeyGuards(),
            key.KeyOpens(),
            PolicyRemedies(),
            key.KeyReceives(),
            key.KeyFails(),
            Always(Depiction("setting")),
        ),
        failure_modes=("region",),
        traces=("request",),
    ),
)
