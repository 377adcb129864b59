"""Secrets Manager and Parameter Store: what programs must know and code must not hold."""

from archtui.model.kinds import Kind
from archtui.services.regional import RegionalApi
from archtui.services.secrets import trace
from archtui.services.secrets.properties import SecretProperties, SsmParameterProperties

KINDS = (
    Kind(
        name="secret",
        title="Secret",
        slug="secrets_manager",
        family="secrets",
        code="sm",
        glyph="✱",
        summary="A password or key that Secrets Manager keeps encrypted and can rotate.",
        properties=SecretProperties,
        scope="region",
        aliases=("secretsmanager_secret",),
        behaviours=(RegionalApi("secretsmanager"), trace.SECRET, trace.GivesValue(), trace.ValueFails()),
        failure_modes=("region",),
        traces=("request",),
    ),
    Kind(
        name="ssm_parameter",
        title="SSM parameter",
        slug="ssm_parameter_store",
        family="secrets",
        code="pa",
        glyph="¶",
        summary="A value of the configuration, plain or encrypted, kept by Parameter Store.",
        properties=SsmParameterProperties,
        scope="region",
        aliases=("parameter",),
        behaviours=(
            RegionalApi("ssm"),
            trace.ParameterGuards(),
            trace.GivesValue(),
            trace.ValueFails(),
        ),
        failure_modes=("region",),
        traces=("request",),
    ),
)
