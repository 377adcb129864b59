"""Properties of certificates."""

from __future__ import annotations

from typing import Literal

from archtui.model.fields import Properties


class CertificateProperties(Properties):
    """A TLS certificate of AWS Certificate Manager, or one imported into it."""

    domain: str
    """The main name; ``*.example.com`` covers one label."""
    alternative_names: tuple[str, ...] = ()
    """Further names."""
    region: str | None = None
    """The region it is in; left out: the blueprint's. CloudFront wants us-east-1."""
    imported: bool = False
    """Whether it was issued elsewhere; an imported one is not renewed by AWS."""
    state: Literal["issued", "pending_validation", "expired", "revoked", "failed"] = "issued"
    """Its state."""
