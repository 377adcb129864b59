"""Properties of KMS keys, named as the KMS API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Part, Properties, Region
from archtui.services.permissions import PolicyText, RoleRef

KeyState = Literal["Enabled", "Disabled", "PendingDeletion", "PendingImport", "Unavailable", "Creating"]


class Grant(Part):
    """A permission to use a key, beside its policy."""

    grantee: RoleRef
    """The role that may use the key."""
    operations: tuple[str, ...] = ("Decrypt",)
    """What it may do, as KMS names the operations."""


class KmsKeyProperties(Properties):
    """A customer managed key: what is encrypted with it can be read only by those who may use it."""

    policy: PolicyText = ""
    """The key policy; left out: AWS's default, by which the IAM policies of its own account decide."""
    grants: tuple[Grant, ...] = ()
    """Who may use it beside those whom the key policy names."""
    state: KeyState = "Enabled"
    """Its state; only ``Enabled`` encrypts and decrypts."""
    direct_size: Annotated[float, Field(gt=0)] | None = None
    """KB of the largest text that callers encrypt with the key itself (Encrypt), not with a data key; left out: not
    stated."""
    rotation: bool | None = None
    """Whether its material is replaced each year; left out: not stated (AWS: off)."""
    multi_region: bool = False
    """Whether it can have replicas in other regions."""
    primary: str = ""
    """The multi-Region key it is a replica of; left out: it is no replica."""
    region: Region | None = None
    """The region; left out: the design's."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""


__all__ = ["Grant", "KmsKeyProperties"]
