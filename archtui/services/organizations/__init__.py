"""AWS Organizations: accounts under common rules."""

from archtui.layout.depict import Always, Depiction
from archtui.model.kinds import Kind
from archtui.services.organizations.limits import OrganizationLimits
from archtui.services.organizations.properties import OrganizationProperties

KINDS = (
    Kind(
        name="organization",
        title="Organization",
        slug="organizations",
        family="organizations",
        code="og",
        glyph="⌬",
        summary="Accounts under common rules: service control policies limit what anybody in them can do.",
        properties=OrganizationProperties,
        scope="global",
        behaviours=(OrganizationLimits(), Always(Depiction("setting"))),
        traces=("request",),
    ),
)
