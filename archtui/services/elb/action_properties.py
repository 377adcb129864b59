"""What listeners and rules do with a request, named as the ELBv2 API names it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from archtui.model.fields import Cidr, Duration, Part, Port, Reference
from archtui.services.references import TargetGroupTarget


class WeightedGroup(Part):
    """One target group of a forward action, with its share."""

    target_group: TargetGroupTarget
    """The target group."""
    weight: Annotated[int, Field(ge=0, le=999)] = 1
    """Its share among the groups of the action."""


def _forward(value: object) -> object:
    if isinstance(value, str):
        return ({"target_group": value},)
    if isinstance(value, list | tuple):
        return tuple({"target_group": item} if isinstance(item, str) else item for item in value)
    return value


Forward = Annotated[
    tuple[WeightedGroup, ...],
    BeforeValidator(_forward, json_schema_input_type=str | tuple[str | WeightedGroup, ...]),
]
"""A target group, or a list of ``{target_group, weight}``."""


class Redirect(Part):
    """Answers with a redirect; what is left out stays as in the request.

    ``#{protocol}``, ``#{host}``, ``#{port}``, ``#{path}`` and ``#{query}`` stand for the parts of the request.
    """

    protocol: Literal["HTTP", "HTTPS"] | None = None
    port: Port | None = None
    host: str | None = None
    path: str | None = None
    query: str | None = None
    status: Literal[301, 302] = 301
    """301 moved permanently or 302 found."""


class FixedResponse(Part):
    """Answers without asking a target."""

    status: Annotated[int, Field(ge=200, le=599)]
    """The HTTP status, 2xx, 4xx or 5xx."""
    body: str = ""
    content_type: str = "text/plain"


OnUnauthenticated = Literal["authenticate", "allow", "deny"]
"""What becomes of a request without a session: sent to sign in (302), let through without claims, or refused (401)."""


class SignIn(Part):
    """What both kinds of authentication have in common (HTTPS listeners alone)."""

    scope: str = "openid"
    """The claims asked for."""
    session_cookie: str = "AWSELBAuthSessionCookie"
    """The name of the cookie that holds the session; ``-0`` and so on are put behind it."""
    session_timeout: Annotated[Duration, Field(ge=1, le=604800)] = 604800.0
    """Seconds until the user has to sign in again; 7 days at most."""
    on_unauthenticated: OnUnauthenticated = "authenticate"
    """What becomes of a request without a session."""


class AuthenticateOidc(SignIn):
    """Signs users in at an identity provider that speaks OpenID Connect."""

    issuer: str = ""
    """The issuer: ``https://idp.example.com``."""
    authorization_endpoint: str
    """The URL that users are sent to."""
    token_endpoint: str
    """The URL at which the balancer changes the code for tokens; it needs a way there."""
    user_info_endpoint: str
    """The URL at which the balancer asks who the user is; it needs a way there."""
    client_id: str = ""
    """The application's id at the provider."""


class AuthenticateCognito(SignIn):
    """Signs users in at a Cognito user pool."""

    user_pool: Annotated[str, Reference(("cognito_user_pool",), "uses")]
    """The user pool."""
    client: str = ""
    """Its app client; it must have a secret and use the code grant."""
    domain: str = ""
    """The pool's domain: a prefix, or a name of one's own; left out: the one the pool states."""


class ActionPart(Part):
    """What a listener or a rule does with a request: signs the user in first where it says so, then exactly one of
    forward, redirect and fixed response."""

    forward: Forward = ()
    """Send it to a target group."""
    redirect: Redirect | None = None
    """Send the client elsewhere."""
    fixed_response: FixedResponse | None = None
    """Answer at once."""
    authenticate_oidc: AuthenticateOidc | None = None
    """First sign the user in at an OpenID Connect provider."""
    authenticate_cognito: AuthenticateCognito | None = None
    """First sign the user in at a Cognito user pool."""
    group_stickiness: Annotated[Duration, Field(ge=1, le=604800)] | None = None
    """For a forward with weights: seconds for which a client keeps its target group; left out: it does not."""


class ListenerRule(ActionPart):
    """A rule of a listener; the lowest priority that matches decides."""

    priority: Annotated[int, Field(ge=1, le=50000)]
    """Its place in the order; unique in the listener."""
    host: tuple[str, ...] = ()
    """Host names with ``*`` and ``?``; any of them."""
    path: tuple[str, ...] = ()
    """Paths with ``*`` and ``?``, case matters; any of them."""
    method: tuple[str, ...] = ()
    """HTTP methods; any of them."""
    header: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Header names with the values that match."""
    query: dict[str, str] = Field(default_factory=dict)
    """Query parameters with the value that matches."""
    source_ip: tuple[Cidr, ...] = ()
    """Source blocks; any of them."""
