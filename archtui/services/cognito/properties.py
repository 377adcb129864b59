"""Properties of Cognito user pools and identity pools, named as the Cognito APIs name them."""

from __future__ import annotations

from typing import Annotated

from archtui.model.fields import Properties, Reference, Region
from archtui.services.permissions import RoleRef
from archtui.services.references import CertificateRef


class CognitoUserPoolProperties(Properties):
    """A directory of an application's users that issues tokens."""

    clients: tuple[str, ...] = ()
    """Its app clients; an application signs users in by one of them."""
    domain: str = ""
    """The prefix of its managed login's name; left out: it has none."""
    custom_domain: str = ""
    """A name of one's own for the managed login; a record must point at the pool."""
    certificate: CertificateRef | None = None
    """The certificate of that name, in us-east-1."""
    mfa: bool = False
    """Whether a second factor is asked for."""
    triggers: tuple[Annotated[str, Reference(("lambda_function",), "targets")], ...] = ()
    """Functions that Cognito calls at a sign-in and waits for, at most 5 seconds each."""
    region: Region | None = None
    """The region; left out: the design's."""


class CognitoIdentityPoolProperties(Properties):
    """Swaps a token for temporary AWS credentials."""

    user_pools: tuple[Annotated[str, Reference(("cognito_user_pool",), "uses")], ...] = ()
    """The user pools whose tokens it takes; left out: none, so it knows guests alone."""
    authenticated_role: RoleRef | None = None
    """The role of users who have signed in."""
    unauthenticated_role: RoleRef | None = None
    """The role of guests; left out: guests get no credentials."""
    region: Region | None = None
    """The region; left out: the design's."""


__all__ = ["CognitoIdentityPoolProperties", "CognitoUserPoolProperties"]
