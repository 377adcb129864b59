"""Properties of secrets and parameters, named as the APIs of Secrets Manager and Systems Manager name them."""

from __future__ import annotations

from typing import Annotated, Literal

from archtui.model.fields import Properties, Reference, Region
from archtui.services.permissions import KeyRef, PolicyText


class SecretProperties(Properties):
    """A secret that AWS keeps encrypted and can replace by itself."""

    policy: PolicyText = ""
    """Its resource policy; left out: not stated."""
    kms_key: KeyRef | None = None
    """The customer managed key that encrypts it; left out: the AWS managed key aws/secretsmanager."""
    rotation_days: int | None = None
    """After how many days it is replaced; left out: it is not rotated."""
    rotation_function: Annotated[str, Reference(("lambda_function",), "uses")] | None = None
    """The function that replaces it; left out: Secrets Manager itself does (managed rotation)."""
    region: Region | None = None
    """The region; left out: the design's."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""


class SsmParameterProperties(Properties):
    """A parameter of Systems Manager Parameter Store."""

    type: Literal["String", "StringList", "SecureString"] = "String"
    """What it holds; only a SecureString is encrypted."""
    kms_key: KeyRef | None = None
    """The customer managed key of a SecureString; left out: the AWS managed key aws/ssm."""
    region: Region | None = None
    """The region; left out: the design's."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""


__all__ = ["SecretProperties", "SsmParameterProperties"]
