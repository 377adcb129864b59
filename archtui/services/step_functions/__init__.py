"""Step Functions: workflows of states."""

from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.handing import HandsOn
from archtui.services.permissions import ActsByRole, GuardedApi
from archtui.services.regional import RegionalApi
from archtui.services.step_functions import describe, trace
from archtui.services.step_functions.properties import StateMachineProperties

KINDS = (
    Kind(
        name="state_machine",
        title="Step Functions state machine",
        slug="step_functions",
        family="step_functions",
        code="sm",
        glyph="⇶",
        summary="A workflow that asks services state by state, with retries, branches and waits.",
        properties=StateMachineProperties,
        scope="region",
        aliases=("stepfunctions", "workflow"),
        behaviours=(
            RegionalApi("states"),
            trace.StateMachineReceives(),
            Connections(__name__, "MACHINE"),
            describe.DescribesStateMachine(),
            trace.StateMachineFails(),
            HandsOn(),
            ActsByRole("states.amazonaws.com"),
            GuardedApi("arn:aws:states:{region}:{account}:stateMachine:{id}", "states:StartExecution"),
        ),
        failure_modes=("region",),
        traces=("request", "event"),
    ),
)
