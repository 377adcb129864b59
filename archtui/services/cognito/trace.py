"""What Cognito does with a request: it signs a user in, or swaps a token for credentials."""

from __future__ import annotations

from urllib.parse import parse_qsl

from archtui.failure.interface import Managed, properties_as
from archtui.model.component import Component
from archtui.services.acm.properties import CertificateProperties
from archtui.services.cognito.properties import CognitoIdentityPoolProperties, CognitoUserPoolProperties
from archtui.services.events import API, accepted, carried, refused
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.lookups import as_kind
from archtui.services.regional import RegionalApi
from archtui.services.screening import screened
from archtui.trace import codes
from archtui.trace.interface import Arrival, Receives, Reception, Walk, hop
from archtui.world.faults import Refusal, Throttled
from archtui.world.world import World


class CognitoFails(Managed, Throttled):
    """Cognito runs over several zones of a region (Amazon Cognito Developer Guide, "Resilience")."""

    refusal = Refusal(
        "TooManyRequestsException",
        400,
        "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html",
    )


class UserPoolApi(RegionalApi):
    """A user pool answers behind the ``cognito-idp`` API and, with a domain, under its managed login's name."""

    def __init__(self) -> None:
        super().__init__("cognito-idp")

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        domain = properties_as(component, CognitoUserPoolProperties).domain
        region = world.placement(component.id).region
        return (f"{domain}.auth.{region}.amazoncognito.com".lower(),) if domain else ()


TRIGGER_S = 5.0
"""Seconds that Cognito waits for a trigger (Cognito Developer Guide, "Customizing user pool workflows with Lambda
triggers")."""
CERTIFICATES = "us-east-1"
"""Where the certificate of a custom domain has to be (same guide, "Using your own domain for managed login")."""


def _takes(function: str, walk: Walk) -> float:
    settings = as_kind(walk.world, function, LambdaFunctionProperties)
    return settings.duration or 0.0 if settings else 0.0


def _unfit(component: Component, pool: CognitoUserPoolProperties, arrival: Arrival, walk: Walk) -> Reception | None:
    """Return how a request of a browser ends that the managed login does not take; None: it takes it."""
    http = arrival.message.http
    if http is None:
        return None
    if pool.custom_domain and http.host == pool.custom_domain.lower():
        shown = as_kind(walk.world, pool.certificate, CertificateProperties)
        region = (shown.region or walk.world.blueprint.region) if shown else ""
        if shown is None or region != CERTIFICATES or not shown.covers(http.host):
            text = f"{http.host} needs a certificate of its name in {CERTIFICATES}."
            step = refused(component, codes.TLS_CERTIFICATE_INVALID, text, "certificate")
            return Reception((hop(component, step),))
        if shown.state != "issued" or (pool.certificate and walk.is_down(pool.certificate)):
            state = shown.state.replace("_", " ") if shown.state != "issued" else "not valid"
            text = f"The certificate {pool.certificate} is {state}."
            step = refused(component, codes.TLS_CERTIFICATE_INVALID, text, "certificate")
            return Reception((hop(component, step),))
    asked = dict(parse_qsl(http.query)).get("client_id")
    if asked is not None and asked not in pool.clients:
        text = f"{component.id} has no app client {asked} (HTTP 400)."
        return Reception((hop(component, refused(component, codes.COGNITO_NO_CLIENT, text, "clients")),), status=400)
    return None


class UserPoolReceives(Receives):
    """A user pool signs users in by an app client; its triggers run meanwhile."""

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        properties = properties_as(component, CognitoUserPoolProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        screening = screened(arrival, walk)
        if screening.stops:
            return screening.reception()
        unfit = _unfit(component, properties, arrival, walk)
        if unfit is not None:
            return unfit
        if not properties.clients:
            text = f"{component.id} has no app client, so no application can sign users in (HTTP 400)."
            return Reception(
                (hop(component, refused(component, codes.COGNITO_NO_CLIENT, text, "clients")),), status=400
            )
        second = " with a second factor" if properties.mfa else ""
        text = f"{component.id} signs the user in{second} and issues a token (JWT)."
        step = accepted(component, text, "clients", facts=("cognito_user_pool-jwt-01",))
        late = next((name for name in properties.triggers if _takes(name, walk) > TRIGGER_S), None)
        if late is not None:
            takes = _takes(late, walk)
            text = f"The trigger {late} takes {takes:g} s, and {component.id} waits {TRIGGER_S:g} s (HTTP 400)."
            slow = refused(component, codes.COGNITO_TRIGGER_TIMEOUT, text, "triggers")
            return Reception((hop(component, slow),), status=400)
        calls = tuple(
            carried(
                component,
                trigger,
                f"{component.id} calls its trigger {trigger} and waits for it, at most 5 s.",
                walk,
                message=API,
                bond="hard",
                statuses=(400, 400),
            )
            for trigger in properties.triggers
        )
        return Reception((*screening.hops, hop(component, step)), calls, 200)


class IdentityPoolReceives(Receives):
    """An identity pool gives a signed-in user, or a guest, the credentials of a role."""

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, http = arrival.component, arrival.message.http
        properties = properties_as(component, CognitoIdentityPoolProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        signed_in = http is None or http.header("Authorization") is not None
        if signed_in and http is not None and not properties.user_pools:
            text = f"{component.id} takes the tokens of no user pool (HTTP 400)."
            step = refused(component, codes.COGNITO_NO_PROVIDER, text, "user_pools")
            return Reception((hop(component, step),), status=400)
        key = "authenticated_role" if signed_in else "unauthenticated_role"
        role = properties.authenticated_role if signed_in else properties.unauthenticated_role
        who = "a user who has signed in" if signed_in else "a guest"
        if role is None:
            text = f"{component.id} has no role for {who} (HTTP 400)."
            return Reception((hop(component, refused(component, codes.COGNITO_NO_ROLE, text, key)),), status=400)
        text = f"{component.id} gives {who} temporary credentials of {role}."
        facts = ("cognito_identity_pool-swap-01",)
        return Reception((hop(component, accepted(component, text, key, facts=facts)),), status=200)
