"""How a state machine is started: answered at once, or waited for."""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import Managed, properties_as
from archtui.model.component import Component
from archtui.services.events import EVENT, accepted, refused
from archtui.services.step_functions.properties import StateMachineProperties
from archtui.services.step_functions.states import run_of
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, Way, hop
from archtui.world.faults import Refusal, Throttled

SYNC = "states:StartSyncExecution"


class StateMachineFails(Managed, Throttled):
    """Step Functions runs over several zones of a region (Step Functions Developer Guide, "Resilience")."""

    refusal = Refusal(
        "ThrottlingException", 400, "https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html"
    )


class StateMachineReceives(Receives):
    """A start is answered at once and the run comes after; a synchronous start of an Express workflow waits."""

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        machine = properties_as(component, StateMachineProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        if arrival.message.purpose == "health_check":
            return Reception((hop(component, accepted(component, f"{component.id} answers.")),), status=200)
        waits = arrival.message.action == SYNC
        if waits and machine.type == "STANDARD":
            text = f"{component.id} is a Standard workflow, which cannot be started synchronously."
            step = refused(component, codes.STATES_SYNC_STANDARD, text, "type")
            return Reception((hop(component, step),), status=400)
        run = run_of(arrival, machine, walk)
        if waits or arrival.message.purpose == "event":
            return run
        step = accepted(component, f"{component.id} starts a run and answers at once.", "type")
        way = Way(1.0, component.id, arrival.at, None, replace(EVENT, body=arrival.message.body), reception=run)
        return Reception((hop(component, step),), (Call(f"the run of {component.id}", (way,), "after"),), 200)
