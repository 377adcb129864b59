"""Properties of organizations."""

from __future__ import annotations

from archtui.model.fields import Part, Properties
from archtui.services.permissions import PolicyText


class ControlLevel(Part):
    """The service control policies attached at one level: the root, an organizational unit or an account."""

    policies: tuple[PolicyText, ...]
    """The policies; at each level one of them has to allow a call."""
    accounts: tuple[str, ...] = ()
    """The accounts below; left out: all members."""
    full_access: bool = True
    """Whether FullAWSAccess is still attached there, as AWS does by itself, so that the others only deny."""


class OrganizationProperties(Properties):
    """Accounts under common rules."""

    accounts: tuple[str, ...] = ()
    """The member accounts, without the management account, which service control policies do not bind."""
    controls: tuple[ControlLevel, ...] = ()
    """The service control policies, level by level."""


__all__ = ["ControlLevel", "OrganizationProperties"]
