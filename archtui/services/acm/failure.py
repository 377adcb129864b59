"""A certificate can expire or be revoked: listeners that use it then offer nothing a client trusts."""

from __future__ import annotations

from archtui.failure.interface import Zonal
from archtui.world.faults import Expires


class CertificateFails(Zonal, Expires):
    """An expired certificate comes back only when a person renews or replaces it."""


__all__ = ["CertificateFails"]
