"""What a state machine does with an execution: it walks its states, one by one."""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import Managed, properties_as
from archtui.model.component import Component
from archtui.services.events import API, EVENT, accepted, carried, choice, refused
from archtui.services.step_functions.properties import State, StateMachineProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.world.faults import Refusal, Throttled
from archtui.world.steps import RuleRef

SYNC = "states:StartSyncExecution"
LONGEST = {"STANDARD": 31_536_000.0, "EXPRESS": 300.0}
"""Seconds a run may take (facts step_functions-standard-01, step_functions-express-01)."""


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
        properties = properties_as(component, StateMachineProperties)
        if walk.is_down(component.id):
            return Reception((hop(component, refused(component, codes.BAD_STATE, f"{component.id} is down.")),))
        if arrival.message.purpose == "health_check":
            return Reception((hop(component, accepted(component, f"{component.id} answers.")),), status=200)
        waits = arrival.message.action == SYNC
        if waits and properties.type == "STANDARD":
            text = f"{component.id} is a Standard workflow, which cannot be started synchronously."
            return Reception(
                (hop(component, refused(component, codes.STATES_SYNC_STANDARD, text, "type")),), status=400
            )
        run = _run(arrival, properties, walk)
        if waits or arrival.message.purpose == "event":
            return run
        step = accepted(component, f"{component.id} starts a run and answers at once.", "type")
        way = Way(1.0, component.id, arrival.at, None, EVENT, reception=run)
        return Reception((hop(component, step),), (Call(f"the run of {component.id}", (way,), "after"),), 200)


def _run(arrival: Arrival, properties: StateMachineProperties, walk: Walk) -> Reception:
    first = properties.start_at or next(iter(properties.states), "")
    if not first:
        text = f"{arrival.component.id} has no states: a run ends at once."
        return Reception((hop(arrival.component, accepted(arrival.component, text, "states")),), status=200)
    longest = min(properties.timeout or LONGEST[properties.type], LONGEST[properties.type])
    waits = sum(state.seconds for state in properties.states.values() if state.type == "Wait")
    if waits > longest:
        text = f"The waits of {arrival.component.id} take {waits:g} s, and a run is stopped after {longest:g} s."
        step = refused(arrival.component, codes.STATES_TIMEOUT, text, "timeout")
        return Reception((hop(arrival.component, step),), status=500)
    return _from(first, arrival, properties, walk, ())


def _from(
    name: str, arrival: Arrival, properties: StateMachineProperties, walk: Walk, seen: tuple[str, ...]
) -> Reception:
    """Return what comes of a run from the state ``name`` on; a state that has been passed is not walked again."""
    component, state = arrival.component, properties.states[name]
    where = ("states", name)
    if name in seen:
        text = f"The state {name} comes round again: one round is shown."
        return Reception((hop(component, accepted(component, text, *where)),), status=200)
    seen = (*seen, name)
    if state.type == "Fail":
        text = f"The state {name} ends the run of {component.id} as failed."
        return Reception((hop(component, refused(component, codes.STATES_TASK_FAILED, text, *where)),), status=500)
    text = f"{component.id} comes to the state {name} ({state.type})."
    here = Reception((hop(component, accepted(component, text, *where)),), status=200)
    after = _from(state.next, arrival, properties, walk, seen) if state.next and state.type != "Choice" else None
    if state.type == "Choice":
        return replace(here, calls=(_chosen(name, state, arrival, properties, walk, seen),))
    if state.type in ("Parallel", "Map"):
        each = tuple(
            Call(f"{name}: {first}", (_itself(first, _from(first, arrival, properties, walk, seen), arrival),))
            for first in state.branches
        )
        return _then(replace(here, calls=each), after)
    if state.type == "Wait" and state.seconds:
        here = replace(
            here, takes=Latency(component.id, state.seconds * 1000, f"the state {name} waits {state.seconds:g} s")
        )
    if state.type != "Task" or state.to is None:
        return _then(here, after)
    return _task(name, state, here, after, arrival, properties, walk, seen)


def _itself(label: str, reception: Reception, arrival: Arrival) -> Way:
    return Way(1.0, label, arrival.at, None, arrival.message, reception=reception)


def _then(here: Reception, after: Reception | None) -> Reception:
    """Return ``here`` followed by ``after``."""
    if after is None:
        return here
    return replace(
        here, hops=(*here.hops, *after.hops), calls=(*here.calls, *after.calls), takes=here.takes or after.takes
    )


def _chosen(
    name: str,
    state: State,
    arrival: Arrival,
    properties: StateMachineProperties,
    walk: Walk,
    seen: tuple[str, ...],
) -> Call:
    """Return the ways of a Choice: its rules' shares, and the default for the rest."""
    ways = [(rule.share, rule.next, _from(rule.next, arrival, properties, walk, seen)) for rule in state.choices]
    rest = 1.0 - sum(rule.share for rule in state.choices)
    if rest > 1e-9:
        if state.default:
            ways.append((rest, state.default, _from(state.default, arrival, properties, walk, seen)))
        else:
            text = f"No choice of the state {name} holds and it has no default (States.NoChoiceMatched)."
            step = refused(arrival.component, codes.STATES_TASK_FAILED, text, "states", name)
            ways.append((rest, "no choice", Reception((hop(arrival.component, step),), status=500)))
    return choice(arrival, f"the choice {name}", ways)


def _task(
    name: str,
    state: State,
    here: Reception,
    after: Reception | None,
    arrival: Arrival,
    properties: StateMachineProperties,
    walk: Walk,
    seen: tuple[str, ...],
) -> Reception:
    """Ask a service; where it fails in every try the Catch leads on, without one the run fails."""
    component, target = arrival.component, state.to or ""
    tries = f", up to {state.retries} times again after failures" if state.retries else ""
    text = f"{component.id} asks {target} in the state {name}{tries}."
    rule = RuleRef(component.id, f"state {name}", ("states", name))
    call = carried(component, target, text, walk, message=replace(API, action=state.action), bond="hard", rule=rule)
    call = replace(call, label=f"state {name}")
    if not state.catch:
        return _then(replace(here, calls=(call,)), after)
    caught = _from(state.catch, arrival, properties, walk, seen)
    waited = sum(state.interval * state.backoff**i for i in range(state.retries))
    if waited:
        said = f"{state.retries} retries of the state {name} from {state.interval:g} s on, times {state.backoff:g} each"
        caught = replace(caught, takes=Latency(component.id, waited * 1000, said))
    calls: list[Call] = [replace(call, dependency="soft")]
    calls.append(Call(f"catch of {name}", (_itself(state.catch, caught, arrival),), on="failure", of=call.label))
    if after is not None:
        calls.append(Call(f"after {name}", (_itself(state.next, after, arrival),), on="success", of=call.label))
    return replace(here, calls=tuple(calls))


__all__ = ["LONGEST", "SYNC", "StateMachineFails", "StateMachineReceives"]
