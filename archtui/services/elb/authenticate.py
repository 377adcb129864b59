"""Signing users in before a rule's action is done: the session cookie, the way to the identity provider and back.

Source: ALB guide, 'Authenticate users using an Application Load Balancer' and 'Troubleshoot your Application Load
Balancers' (HTTP 401, 500, 561). Whether a session cookie is a valid one is not in a request: it is taken to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from archtui.model.blueprint import INTERNET
from archtui.model.component import Component, Json
from archtui.network.addresses import SOMEWHERE, address_text
from archtui.services.cognito.properties import CognitoUserPoolProperties
from archtui.services.elb.properties import ActionPart, AuthenticateCognito, AuthenticateOidc, Listener, SignIn
from archtui.trace import codes
from archtui.trace.interface import Call, Question, Reception, Walk, Way, hop
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Action, RuleRef, Step

CALLBACK = "/oauth2/idpresponse"
"""The path to which the identity provider sends users back."""
CLAIMS: Mapping[str, str] = {
    "x-amzn-oidc-accesstoken": "{access token}",
    "x-amzn-oidc-identity": "{subject}",
    "x-amzn-oidc-data": "{claims, signed}",
}
"""The headers by which targets get to know the user (ALB guide, 'User claims encoding and signature verification')."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What came of asking for a session: steps and headers for the targets, or the answer."""

    steps: tuple[Step, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    """The status the client gets; None: the request goes on, or whether it does is not known."""
    missing: tuple[str, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether the request ends here."""
        return self.status is not None or bool(self.missing)


def sign_in_of(action: ActionPart) -> SignIn | None:
    """Return how an action authenticates; None: it does not."""
    return action.authenticate_oidc or action.authenticate_cognito


def signed_in(balancer: Component, action: ActionPart, rule: RuleRef, http: Http, walk: Walk) -> SignedIn:
    """Return what the authenticate action of a rule makes of a request."""
    asked = sign_in_of(action)
    if asked is None:
        return SignedIn()
    if http.scheme != "https":
        text = f"{balancer.id} authenticates on HTTPS listeners alone; AWS takes no such rule on this one."
        return SignedIn((Step("listener", Action.DENY, codes.ELBV2_AUTHENTICATE_NEEDS_HTTPS, text, rule),), status=500)
    cookie = next((name for name in http.cookies if name.partition("-")[0] == asked.session_cookie), None)
    if cookie is not None:
        text = f"The cookie {cookie} holds a session (taken to be valid): {balancer.id} adds the user's claims."
        return SignedIn((Step("listener", Action.ACCEPT, "", text, rule),), CLAIMS)
    if asked.on_unauthenticated == "allow":
        text = f"There is no session (cookie {asked.session_cookie}); {balancer.id} lets the request on without claims."
        return SignedIn((Step("listener", Action.ACCEPT, "", text, rule),))
    if asked.on_unauthenticated == "deny":
        text = f"There is no session (cookie {asked.session_cookie}), and such requests are denied: HTTP 401."
        return SignedIn((Step("listener", Action.DENY, codes.ELBV2_UNAUTHENTICATED, text, rule),), status=401)
    provider, missing = _provider(asked, walk)
    if provider is None:
        step = Step("listener", Action.UNKNOWN, "", f"Not decided: {missing}.", rule)
        return SignedIn((step,), missing=(missing,))
    url = _sign_in_url(provider, asked, http.host)
    text = (
        f"There is no session (cookie {asked.session_cookie}): the client is sent to {provider.authorize} to sign in "
        f"(302). With the cookie the request goes on."
    )
    after: dict[str, Json] = {"status": 302, "location": url}
    return SignedIn((Step("listener", Action.ANSWER, codes.ELBV2_SIGN_IN, text, rule, after=after),), status=302)


def is_callback(listener: Listener, http: Http) -> ActionPart | None:
    """Return the action whose sign-in a request comes back from; None: it is no such request.

    Which of several it is stands in a state that a request does not show; it is the first one's.
    """
    if http.path != CALLBACK:
        return None
    return next((action for action in (*listener.rules, listener) if sign_in_of(action)), None)


def came_back(
    balancer: Component, action: ActionPart, rule: RuleRef, http: Http, node: Endpoint, walk: Walk
) -> Reception:
    """Return what becomes of a user who comes back from the identity provider with a code, or with an error."""
    asked = sign_in_of(action)
    given = parse_qs(http.query)
    if asked is None or not ({"code", "error"} & set(given)):
        missing = f"whether the user has signed in: the request to {CALLBACK} has neither code nor error"
        step = Step("listener", Action.UNKNOWN, "", f"Not decided: {missing}.", rule)
        return Reception((hop(balancer, step),), missing=(missing,))
    if "error" in given:
        refused = given["error"][0] == "access_denied"
        status = 401 if refused else 561
        code = codes.ELBV2_UNAUTHENTICATED if refused else codes.ELBV2_IDP_ERROR
        text = f"The identity provider sends the user back with the error {given['error'][0]}: HTTP {status}."
        return Reception((hop(balancer, Step("listener", Action.DENY, code, text, rule)),), status=status)
    provider, missing = _provider(asked, walk)
    if provider is None:
        step = Step("listener", Action.UNKNOWN, "", f"Not decided: {missing}.", rule)
        return Reception((hop(balancer, step),), missing=(missing,))
    text = f"{balancer.id} changes the code for tokens, asks who the user is, sets the session cookie and sends the "
    text += "client back to what it asked for first (302)."
    step = Step("listener", Action.ANSWER, codes.ELBV2_SIGN_IN, text, rule, after={"status": 302})
    calls = tuple(
        _asks(balancer, what, url, node, rule, walk)
        for what, url in (("token endpoint", provider.token), ("user info endpoint", provider.user_info))
    )
    return Reception((hop(balancer, step),), calls, 302)


@dataclass(frozen=True, slots=True)
class _Provider:
    authorize: str
    token: str
    user_info: str
    client: str


def _provider(asked: SignIn, walk: Walk) -> tuple[_Provider | None, str]:
    """Return the URLs of the identity provider, or what is missing of them."""
    if isinstance(asked, AuthenticateOidc):
        return (
            _Provider(asked.authorization_endpoint, asked.token_endpoint, asked.user_info_endpoint, asked.client_id),
            "",
        )
    assert isinstance(asked, AuthenticateCognito)
    pool = walk.world.components[asked.user_pool]
    known = pool.properties if isinstance(pool.properties, CognitoUserPoolProperties) else None
    domain = asked.domain or (known.domain if known else "")
    if not domain:
        return None, f"the domain of {pool.id}, at which users sign in"
    region = walk.world.placement(pool.id).region
    host = domain if "." in domain else f"{domain}.auth.{region}.amazoncognito.com"
    at = f"https://{host}/oauth2"
    return _Provider(f"{at}/authorize", f"{at}/token", f"{at}/userInfo", asked.client), ""


def _sign_in_url(provider: _Provider, asked: SignIn, host: str) -> str:
    query = {
        "client_id": provider.client or "{client id}",
        "redirect_uri": f"https://{host}{CALLBACK}",
        "response_type": "code",
        "scope": asked.scope,
        "state": "{state}",
    }
    return f"{provider.authorize}?{urlencode(query, safe='{}:/', quote_via=quote)}"


def _asks(balancer: Component, what: str, url: str, node: Endpoint, rule: RuleRef, walk: Walk) -> Call:
    """Return the call by which the balancer asks the identity provider; without an answer the client gets 500."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    http = Http("POST" if "token" in what else "GET", "https", host, parts.path or "/")
    message = Message("tcp", port, http, called=True)
    found = walk.resolve(Question(host, node))
    target: str | Endpoint = host
    note = ""
    if not found.answers and found.missing:
        target, note = Endpoint(INTERNET, address_text(SOMEWHERE)), " It is outside the design: taken to answer."
    text = f"{balancer.id} asks the {what} {host} on port {port}.{note}"
    step = Step("application", Action.ORIGINATE, "", text, rule, after=message.to_json())
    way = Way(1.0, host, node, target, message, (hop(balancer, step),))
    return Call(f"{balancer.id} > {what}", (way,), refused_status=500, timeout_status=500)


__all__ = ["CALLBACK", "SignedIn", "came_back", "is_callback", "sign_in_of", "signed_in"]
