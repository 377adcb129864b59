"""Lambda: functions that run when they are called."""

from archtui.layout.depict import Line, Lines
from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.lambda_ import describe, failure, gate, trace
from archtui.services.lambda_.network import FunctionNetwork
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.permissions import ActsByRole
from archtui.services.policy_edits import PolicyRemedies

KINDS = (
    Kind(
        name="lambda_function",
        title="Lambda function",
        slug="lambda",
        family="lambda",
        code="la",
        glyph="λ",
        summary="Code that runs for each call, for at most 15 minutes, without a server to keep.",
        properties=LambdaFunctionProperties,
        scope="region",
        aliases=("function", "lambda_version", "lambda_alias", "lambda_layer"),
        behaviours=(
            trace.FunctionReceives(),
            Connections(__name__, "FUNCTION"),
            describe.DescribesFunction(),
            FunctionNetwork(),
            PolicyRemedies(),
            failure.FunctionFails(),
            ActsByRole("lambda.amazonaws.com"),
            gate.FunctionGuards(),
            Lines(
                (
                    Line("event_sources.source", back=True),
                    Line("event_sources.on_failure"),
                    Line("on_success"),
                    Line("on_failure"),
                    Line("dead_letter"),
                )
            ),
        ),
        failure_modes=("throttled", "timeout", "region"),
        traces=("request", "event"),
    ),
)
