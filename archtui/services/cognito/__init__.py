"""Cognito: users of an application, their tokens and their AWS credentials."""

from archtui.model.kinds import Kind
from archtui.services.cognito import describe, trace
from archtui.services.cognito.properties import CognitoIdentityPoolProperties, CognitoUserPoolProperties
from archtui.services.connecting import Connections
from archtui.services.permissions import ServiceCalls
from archtui.services.regional import RegionalApi

KINDS = (
    Kind(
        name="cognito_user_pool",
        title="Cognito user pool",
        slug="cognito_user_pool",
        family="cognito",
        code="up",
        glyph="☻",
        summary="A directory of an application's users that signs them in and issues tokens.",
        properties=CognitoUserPoolProperties,
        scope="region",
        aliases=("cognito", "user_pool"),
        behaviours=(
            trace.UserPoolApi(),
            trace.UserPoolReceives(),
            Connections(__name__, "POOL"),
            describe.DescribesUserPool(),
            trace.CognitoFails(),
            ServiceCalls("cognito-idp.amazonaws.com"),
        ),
        failure_modes=("region",),
        traces=("request",),
    ),
    Kind(
        name="cognito_identity_pool",
        title="Cognito identity pool",
        slug="cognito_identity_pool",
        family="cognito",
        code="ip",
        glyph="☺",
        summary="Swaps a user's token for temporary AWS credentials.",
        properties=CognitoIdentityPoolProperties,
        scope="region",
        aliases=("identity_pool",),
        behaviours=(
            RegionalApi("cognito-identity"),
            trace.IdentityPoolReceives(),
            trace.CognitoFails(),
            describe.DescribesIdentityPool(),
        ),
        failure_modes=("region",),
        traces=("request",),
    ),
)
