"""Reading certificates from ``aws acm describe-certificate`` and ``list-certificates``."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.formats.describe import Described, Describes, Inventory, Record, arn_name, given, listed, need, text, texts

_STATES = {
    "ISSUED": "issued",
    "PENDING_VALIDATION": "pending_validation",
    "EXPIRED": "expired",
    "REVOKED": "revoked",
    "INACTIVE": "failed",
    "FAILED": "failed",
    "VALIDATION_TIMED_OUT": "failed",
}


class DescribesCertificate(Describes):
    """``acm describe-certificate`` (all names) and ``list-certificates`` (the first hundred)."""

    keys = ("Certificate", "CertificateSummaryList")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        domain = need(data, "DomainName")
        names = texts(data, "SubjectAlternativeNames") or texts(data, "SubjectAlternativeNameSummaries")
        properties = given(
            domain=domain,
            region=record.region,
            imported=text(data, "Type") == "IMPORTED" or None,
            state=_STATES.get(text(data, "Status", "ISSUED"), text(data, "Status").lower()),
        )
        further = [name for name in names if name != domain]
        if further:
            properties["alternative_names"] = listed(further)
        weight = 1 if record.key == "Certificate" else 0
        yield Described(arn_name(need(data, "CertificateArn")), properties, weight=weight)
