"""AWS Certificate Manager."""

from archtui.model.kinds import Kind
from archtui.services.acm import describe, failure, layout
from archtui.services.acm.properties import CertificateProperties
from archtui.services.connecting import Connections

KINDS = (
    Kind(
        name="certificate",
        title="Certificate",
        slug="acm",
        family="acm",
        code="ce",
        glyph="✎",
        summary="A TLS certificate for listeners and distributions.",
        properties=CertificateProperties,
        aliases=("acm_certificate",),
        behaviours=(
            failure.CertificateFails(),
            describe.DescribesCertificate(),
            layout.SETTING,
            Connections("archtui.services.elb", "CERTIFICATE"),
        ),
        traces=("request",),
    ),
)
