"""Properties of certificates."""

from __future__ import annotations

from typing import Literal

from archtui.model.fields import Properties, Region


class CertificateProperties(Properties):
    """A TLS certificate of AWS Certificate Manager, or one imported into it."""

    domain: str
    """The main name; ``*.example.com`` covers one label."""
    alternative_names: tuple[str, ...] = ()
    """Further names."""
    region: Region | None = None
    """The region it is in; left out: the blueprint's. CloudFront wants us-east-1."""
    imported: bool = False
    """Whether it was issued elsewhere; an imported one is not renewed by AWS."""
    exportable: bool = False
    """Whether it may be exported with its key, to be installed anywhere by hand."""
    state: Literal["issued", "pending_validation", "expired", "revoked", "failed"] = "issued"
    """Its state."""

    def covers(self, host: str) -> bool:
        """Say whether the certificate is valid for ``host``; ``*`` stands for exactly one label (RFC 6125, 6.4.3)."""
        asked = host.lower().rstrip(".")
        for name in (self.domain, *self.alternative_names):
            known = name.lower().rstrip(".")
            if known == asked or (known.startswith("*.") and asked.partition(".")[2] == known[2:]):
                return True
        return False
