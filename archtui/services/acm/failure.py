"""A certificate can expire or be revoked: listeners that use it then offer nothing a client trusts."""

from __future__ import annotations

from archtui.failure.interface import Zonal


class CertificateFails(Zonal):
    """An expired certificate comes back only when a person renews or replaces it."""


__all__ = ["CertificateFails"]
