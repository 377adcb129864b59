"""Route 53: zones, records and health checks."""

from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.hardening import Hardening
from archtui.services.route53 import describe, expand, failure, layout, remedies, trace
from archtui.services.route53.properties import HealthCheckProperties, HostedZoneProperties, RecordProperties

KINDS = (
    Kind(
        name="hosted_zone",
        title="Hosted zone",
        slug="r53_public_zone",
        family="route53",
        code="hz",
        glyph="◈",
        summary="The records of one domain.",
        properties=HostedZoneProperties,
        scope="global",
        aliases=("route53", "zone", "r53_private_zone"),
        behaviours=(
            trace.ZoneAnswers(),
            failure.ZoneFails(),
            describe.DescribesHostedZone(),
            layout.DepictsZone(),
            Connections(__name__, "ZONE"),
        ),
        traces=("dns",),
    ),
    Kind(
        name="record",
        title="Record",
        slug="record",
        family="route53",
        code="rr",
        glyph="→",
        summary="One DNS record of a hosted zone.",
        properties=RecordProperties,
        scope="global",
        aliases=("record_set", "dns_record"),
        behaviours=(
            remedies.RecordRemedies(),
            trace.RecordBehaviour(),
            failure.RecordFails(),
            Hardening(__name__, "RecordHardens"),
            expand.ExpandsRecord(),
            describe.DescribesRecord(),
            layout.DepictsRecord(),
            Connections(__name__, "RECORD"),
        ),
        traces=("dns",),
    ),
    Kind(
        name="health_check",
        title="Health check",
        slug="r53_health_check",
        family="route53",
        code="hc",
        glyph="♥",
        summary="Route 53's own view of whether an endpoint works.",
        properties=HealthCheckProperties,
        scope="global",
        behaviours=(
            trace.HealthCheckBehaviour(),
            Hardening(__name__, "HealthCheckHardens"),
            describe.DescribesHealthCheck(),
            layout.HEALTH_CHECK,
            Connections(__name__, "HEALTH_CHECK"),
        ),
        traces=("dns",),
    ),
)
