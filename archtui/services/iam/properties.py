"""Properties of roles, policies and instance profiles, named as the IAM API names them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, JsonValue

from archtui.model.fields import Properties, Reference
from archtui.services.permissions import PolicyText, RoleRef, policy_text


def _policy_or_name(value: object) -> object:
    written = isinstance(value, dict) or (isinstance(value, str) and value.lstrip().startswith("{"))
    return policy_text(value) if written else value


PolicyOrName = Annotated[
    str,
    Reference(("iam_policy",), "uses", pattern=r"\{.*|arn:.*|[A-Z].*"),
    BeforeValidator(_policy_or_name, json_schema_input_type=str | dict[str, JsonValue]),
]
"""A policy: written here as an object or JSON text, an ``iam_policy`` of the design, or one that AWS manages, by its
name or ARN (``AmazonS3ReadOnlyAccess``)."""


class IamRoleProperties(Properties):
    """A role: an identity with permissions that whoever it trusts can take on."""

    trust: PolicyText = ""
    """Its trust policy, which says who may assume it; left out: not stated."""
    policies: tuple[PolicyOrName, ...] | None = None
    """What it may do; an empty list: nothing; left out: not stated, so no call is refused for it."""
    boundary: PolicyOrName | None = None
    """Its permissions boundary: the most that its policies can give; left out: none."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""


class IamPolicyProperties(Properties):
    """A customer managed policy: a document that roles name."""

    document: PolicyText
    """The policy as JSON text or as an object with Statement."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""


class InstanceProfileProperties(Properties):
    """What hands a role to an EC2 instance."""

    role: RoleRef
    """The one role it holds."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""


__all__ = ["IamPolicyProperties", "IamRoleProperties", "InstanceProfileProperties"]
