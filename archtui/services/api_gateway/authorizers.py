"""Who may call: the authorizer of a route, and the tokens that callers send."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from pydantic import JsonValue

from archtui.model.component import Component
from archtui.services.api_gateway.properties import ApiGatewayProperties, ApiRoute, Authorizer
from archtui.services.cognito.properties import CognitoUserPoolProperties
from archtui.services.events import accepted, carried, choice, refused
from archtui.services.lookups import as_kind
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Reception, Walk, hop
from archtui.trace.message import Http, Message
from archtui.trace.permission import ActsAs
from archtui.world.steps import Step

Claims = Mapping[str, JsonValue]
Denial = tuple[Step, int | None]
"""Why a request ends here, and the status it is answered with (None: the TLS connection fails)."""

FITTING = {
    "REST": ("COGNITO", "LAMBDA", "IAM"),
    "HTTP": ("JWT", "LAMBDA", "IAM"),
    "WEBSOCKET": ("LAMBDA", "IAM"),
}
"""The types of authorizer that each kind of API knows (API Gateway Developer Guide, "Control and manage access")."""
ASKS = Message("tcp", 443, called=True)


@dataclass(frozen=True, slots=True)
class Authorized:
    """What an authorizer made of a caller."""

    steps: tuple[Step, ...] = ()
    calls: tuple[Call, ...] = ()
    """The function that is asked first."""
    denial: Denial | None = None


def authorizer_of(properties: ApiGatewayProperties, route: ApiRoute) -> tuple[int, Authorizer] | None:
    """Return the authorizer that a route names, with its place; None: it names none that is there."""
    return next(((i, a) for i, a in enumerate(properties.authorizers) if a.name == route.authorizer), None)


def authorized(arrival: Arrival, properties: ApiGatewayProperties, index: int, http: Http, walk: Walk) -> Authorized:
    """Let the route's authorizer decide; a token that cannot be read is taken to be valid.

    Sources: API Gateway Developer Guide, "Use API Gateway Lambda authorizers" (401 without the identity source, 403
    where the policy denies, 500 where the function fails), "Control access to HTTP APIs with JWT authorizers" (401
    for another audience, 403 for missing scopes), "Control access to REST APIs using Amazon Cognito user pools".
    """
    component, route = arrival.component, properties.routes[index]
    if route.authorizer is None:
        return Authorized()
    found = authorizer_of(properties, route)
    if found is None:
        text = f"The route names the authorizer {route.authorizer}, which {component.id} does not have (HTTP 500)."
        step = refused(component, codes.APIGW_AUTHORIZER_ERROR, text, "routes", index, "authorizer")
        return Authorized(denial=(step, 500))
    place, authorizer = found
    denial = _refusal(arrival, authorizer, place, route, http, walk)
    if denial is not None:
        return Authorized(denial=denial)
    fact = _FACTS[authorizer.type]
    text = f"The authorizer {authorizer.name} ({_who(authorizer)}) lets the caller pass{_taken(authorizer, http)}."
    said = accepted(component, text, "authorizers", place, facts=(fact,))
    if authorizer.type != "LAMBDA" or authorizer.function is None:
        return Authorized((said,))
    return Authorized((said,), (_asking(arrival, authorizer, place, walk),))


_FACTS = {
    "COGNITO": "api_gateway_authorizer-cognito-01",
    "JWT": "api_gateway_authorizer-cognito-01",
    "LAMBDA": "api_gateway_authorizer-lambda-01",
    "IAM": "api_gateway_authorizer-iam-01",
}


def _who(authorizer: Authorizer) -> str:
    return authorizer.user_pool or authorizer.function or authorizer.type


def _taken(authorizer: Authorizer, http: Http) -> str:
    if authorizer.type in ("IAM", "LAMBDA") or claims_of(http.header(authorizer.identity_header)) is not None:
        return ""
    return "; its token is taken to be valid"


def _asking(arrival: Arrival, authorizer: Authorizer, place: int, walk: Walk) -> Call:
    """Return the call of the function that decides; part of the callers is known from before."""
    component, function = arrival.component, authorizer.function or ""
    text = f"{component.id} asks {function} whether the caller may."
    call = carried(component, function, text, walk, message=ASKS, bond="hard")
    known = authorizer.cached or 0.0
    if known <= 0 or authorizer.cache_ttl <= 0:
        return call
    kept = f"{component.id} still knows what {function} decided on the caller, for {authorizer.cache_ttl:g} s."
    cached = Reception((hop(component, accepted(component, kept, "authorizers", place, "cached")),))
    options = [(known, "decision known", cached), (1 - known, "function asked", Reception((), (call,)))]
    return choice(arrival, f"the decision of {authorizer.name}", options)


def _refusal(
    arrival: Arrival, authorizer: Authorizer, place: int, route: ApiRoute, http: Http, walk: Walk
) -> Denial | None:
    component, where = arrival.component, ("authorizers", place)
    if authorizer.type == "IAM":
        if signed(arrival, http, walk):
            return None
        text = f"{authorizer.name} wants a request signed with IAM credentials (HTTP 403)."
        return refused(component, codes.APIGW_UNAUTHORIZED, text, *where), 403
    lacking = _lacking(authorizer, http)
    if lacking:
        text = f"{authorizer.name} wants {lacking} (HTTP 401)."
        return refused(component, codes.APIGW_UNAUTHORIZED, text, *where), 401
    if authorizer.type == "LAMBDA":
        if authorizer.decision == "allow":
            return None
        text = f"{authorizer.name}: {authorizer.function or 'the function'} returns a policy that denies (HTTP 403)."
        return refused(component, codes.APIGW_ACCESS_DENIED, text, *where, facts=("api_gateway-e403-01",)), 403
    claims = claims_of(http.header(authorizer.identity_header))
    return _of_claims(component, authorizer, place, route, claims, walk) if claims is not None else None


def _lacking(authorizer: Authorizer, http: Http) -> str:
    """Return the identity source that the request does not have; empty: it has all."""
    if authorizer.type != "LAMBDA" or not authorizer.sources:
        return "" if http.header(authorizer.identity_header) else f"a token in {authorizer.identity_header}"
    query = dict(parse_qsl(http.query))
    for source in authorizer.sources:
        kind, _, name = source.removeprefix("$request.").removeprefix("method.request.").partition(".")
        if kind == "header" and http.header(name) is None:
            return f"the header {name}"
        if kind in ("querystring", "query") and name not in query:
            return f"the query parameter {name}"
    return ""


def _of_claims(
    component: Component, authorizer: Authorizer, place: int, route: ApiRoute, claims: Claims, walk: Walk
) -> Denial | None:
    """Compare a token's audience and scopes with what is wanted."""
    pool = as_kind(walk.world, authorizer.user_pool, CognitoUserPoolProperties)
    wanted = authorizer.audience or (pool.clients if pool and authorizer.type == "JWT" else ())
    given = _listed(claims.get("aud")) | _listed(claims.get("client_id"))
    if wanted and given and not given & set(wanted):
        text = f"The token is for {', '.join(sorted(given))}; {authorizer.name} takes {', '.join(wanted)} (HTTP 401)."
        return refused(component, codes.APIGW_UNAUTHORIZED, text, "authorizers", place, "audience"), 401
    if route.scopes and not _listed(claims.get("scope")) & set(route.scopes):
        status = 403 if authorizer.type == "JWT" else 401
        text = f"The token has none of the scopes {', '.join(route.scopes)} (HTTP {status})."
        return refused(component, codes.APIGW_SCOPE_MISSING, text, "authorizers", place), status
    return None


def _listed(value: JsonValue) -> set[str]:
    words = value if isinstance(value, list) else str(value).split() if value is not None else []
    return {str(word) for word in words}


def claims_of(token: str | None) -> Claims | None:
    """Return what a JSON Web Token says (RFC 7519: the second of three base64url parts); None: it is none."""
    parts = (token or "").rpartition(" ")[2].split(".")
    if len(parts) != 3:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return None
    return found if isinstance(found, dict) else None


def signed(arrival: Arrival, http: Http, walk: Walk) -> bool:
    """Whether the request is signed with IAM credentials: by its header, or by a component that acts as a role."""
    if (http.header("Authorization") or "").startswith("AWS4-") or "X-Amz-Signature" in http.query:
        return True
    sender = walk.world.components.get(arrival.sender.component)
    acts = sender.kind.behaviour(ActsAs) if sender else None
    return bool(sender and acts and acts.role(sender, walk.world))


__all__ = ["FITTING", "Authorized", "Denial", "authorized", "authorizer_of", "claims_of", "signed"]
