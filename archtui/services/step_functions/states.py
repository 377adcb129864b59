"""A run of a workflow: its states, one by one, with what the run knows at each."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from pydantic import JsonValue

from archtui.model.component import Component
from archtui.services.events import API, accepted, carried, choice, refused
from archtui.services.step_functions.data import UNKNOWN, after, holds
from archtui.services.step_functions.properties import State, StateMachineProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Reception, Walk, Way, hop
from archtui.trace.latency import Latency
from archtui.world.steps import Action, RuleRef, Step

LONGEST = {"STANDARD": 31_536_000.0, "EXPRESS": 300.0}
"""Seconds a run may take (facts step_functions-standard-01, step_functions-express-01)."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run, on its way through the states."""

    arrival: Arrival
    machine: StateMachineProperties
    walk: Walk
    data: JsonValue
    """What it knows; :data:`UNKNOWN` where nothing is stated."""
    seen: tuple[str, ...] = ()
    """The states it has passed."""

    @property
    def component(self) -> Component:
        """The state machine."""
        return self.arrival.component


def run_of(arrival: Arrival, machine: StateMachineProperties, walk: Walk) -> Reception:
    """Return what comes of a run."""
    component = arrival.component
    first = machine.start_at or next(iter(machine.states), "")
    if not first:
        text = f"{component.id} has no states: a run ends at once."
        return Reception((hop(component, accepted(component, text, "states")),), status=200)
    longest = min(machine.timeout or LONGEST[machine.type], LONGEST[machine.type])
    waits = sum(state.seconds for state in machine.states.values() if state.type == "Wait")
    if waits > longest:
        text = f"The waits of {component.id} take {waits:g} s, and a run is stopped after {longest:g} s."
        return Reception((hop(component, refused(component, codes.STATES_TIMEOUT, text, "timeout")),), status=500)
    return _from(first, Run(arrival, machine, walk, _begun_with(arrival, machine)))


def _begun_with(arrival: Arrival, machine: StateMachineProperties) -> JsonValue:
    if arrival.message.body:
        found: JsonValue = json.loads(arrival.message.body)
        return found
    return UNKNOWN if machine.input is None else machine.input


def _from(name: str, run: Run) -> Reception:
    """Return what comes of a run from the state ``name`` on; a state that has been passed is not walked again."""
    component, state = run.component, run.machine.states[name]
    where = ("states", name)
    if name in run.seen:
        text = f"The state {name} comes round again: one round is shown."
        return Reception((hop(component, accepted(component, text, *where)),), status=200)
    run = replace(run, seen=(*run.seen, name))
    if state.type == "Fail":
        text = f"The state {name} ends the run of {component.id} as failed."
        return Reception((hop(component, refused(component, codes.STATES_TASK_FAILED, text, *where)),), status=500)
    text = f"{component.id} comes to the state {name} ({state.type})."
    here = Reception((hop(component, accepted(component, text, *where)),), status=200)
    if state.type == "Choice":
        return _chosen(name, state, here, run)
    if state.type in ("Parallel", "Map"):
        inner = replace(run, data=run.data if state.type == "Parallel" else UNKNOWN)
        each = tuple(
            Call(f"{name}: {first}", (_itself(first, _from(first, inner), run.arrival),)) for first in state.branches
        )
        return _then(replace(here, calls=each), _next(state, replace(run, data=_changed(state, run))))
    if state.type == "Wait" and state.seconds:
        here = replace(
            here, takes=Latency(component.id, state.seconds * 1000, f"the state {name} waits {state.seconds:g} s")
        )
    if state.type != "Task" or state.to is None:
        known = run.data if state.type != "Pass" or state.result is None else _changed(state, run)
        return _then(here, _next(state, replace(run, data=known)))
    return _task(name, state, here, run)


def _changed(state: State, run: Run) -> JsonValue:
    """Return the run's data after a state that returns something."""
    result: JsonValue = UNKNOWN if state.result is None else state.result
    return after(run.data, result, state.result_path)


def _next(state: State, run: Run) -> Reception | None:
    return _from(state.next, run) if state.next else None


def _itself(label: str, reception: Reception, arrival: Arrival) -> Way:
    return Way(1.0, label, arrival.at, None, arrival.message, reception=reception)


def _then(here: Reception, later: Reception | None) -> Reception:
    """Return ``here`` followed by ``later``."""
    if later is None:
        return here
    return replace(
        here,
        hops=(*here.hops, *later.hops),
        calls=(*here.calls, *later.calls),
        takes=here.takes or later.takes,
        missing=(*here.missing, *later.missing),
    )


def _chosen(name: str, state: State, here: Reception, run: Run) -> Reception:
    """Go the first way whose condition holds; where that cannot be told, part the runs by the stated shares."""
    component = run.component
    refs = [
        RuleRef(component.id, _told(name, i, state), ("states", name, "choices", i)) for i in range(len(state.choices))
    ]
    lost: list[RuleRef] = []
    for index, rule in enumerate(state.choices):
        found = holds(rule.condition, run.data) if rule.condition else None
        if found is None:
            return _parted(name, state, here, run)
        if found:
            text = f"The data of the run meet {refs[index].text}: {rule.next} follows."
            others = tuple(lost) + tuple(replace(ref, why="asked later") for ref in refs[index + 1 :])
            step = Step("service", Action.CHOOSE, "", text, refs[index], others, facts=_FACTS)
            return _then(_with(here, step), _from(rule.next, run))
        lost.append(replace(refs[index], why="its condition does not hold"))
    if not state.default:
        return _then(here, _nothing(name, run))
    text = f"No condition of {name} holds: the default {state.default} follows."
    step = Step(
        "service", Action.CHOOSE, "", text, RuleRef(component.id, "default", ("states", name, "default")), tuple(lost)
    )
    return _then(_with(here, step), _from(state.default, run))


_FACTS = ("step_functions-choice-01",)


def _told(name: str, index: int, state: State) -> str:
    rule = state.choices[index]
    return rule.when or (json.dumps(dict(rule.condition)) if rule.condition else f"choice {index + 1} of {name}")


def _with(here: Reception, step: Step) -> Reception:
    last = here.hops[-1]
    return replace(here, hops=(*here.hops[:-1], replace(last, steps=(*last.steps, step))))


def _nothing(name: str, run: Run) -> Reception:
    text = f"No choice of the state {name} holds and it has no default (States.NoChoiceMatched)."
    step = refused(run.component, codes.STATES_TASK_FAILED, text, "states", name)
    return Reception((hop(run.component, step),), status=500)


def _parted(name: str, state: State, here: Reception, run: Run) -> Reception:
    """Return the ways of a Choice with their stated shares, the default for the rest."""
    component = run.component
    shares = [rule.share for rule in state.choices]
    if any(share is None for share in shares):
        text = f"Not decided: which way the state {name} goes; what its conditions look at is not stated."
        rule = RuleRef(component.id, f"state {name}", ("states", name, "choices"))
        step = Step("service", Action.UNKNOWN, codes.STATES_CHOICE_UNDECIDED, text, rule)
        missing = (f"the input of {component.id} that the state {name} looks at, or the share of each choice",)
        return replace(_with(here, step), missing=missing)
    ways = [(rule.share or 0.0, rule.next, _from(rule.next, run)) for rule in state.choices]
    rest = 1.0 - sum(share or 0.0 for share in shares)
    if rest > 1e-9:
        default = (rest, state.default, _from(state.default, run)) if state.default else None
        ways.append(default or (rest, "no choice", _nothing(name, run)))
    return replace(here, calls=(choice(run.arrival, f"the choice {name}", ways),))


def _task(name: str, state: State, here: Reception, run: Run) -> Reception:
    """Ask a service; where it fails in every try the Catch leads on, without one the run fails."""
    component, target = run.component, state.to or ""
    tries = f", up to {state.retries} times again after failures" if state.retries else ""
    text = f"{component.id} asks {target} in the state {name}{tries}."
    rule = RuleRef(component.id, f"state {name}", ("states", name))
    body = "" if run.data == UNKNOWN or UNKNOWN in json.dumps(run.data) else json.dumps(run.data)
    message = replace(API, action=state.action, body=body)
    call = carried(component, target, text, run.walk, message=message, bond="hard", rule=rule)
    call = replace(call, label=f"state {name}")
    never = _never_returns(name, state, run)
    later = never or _next(state, replace(run, data=_changed(state, run)))
    if not state.catch:
        return _then(replace(here, calls=(call,)), later)
    caught = _from(state.catch, replace(run, data=UNKNOWN))
    waited = sum(state.interval * state.backoff**i for i in range(state.retries))
    if waited:
        said = f"{state.retries} retries of the state {name} from {state.interval:g} s on, times {state.backoff:g} each"
        caught = replace(caught, takes=Latency(component.id, waited * 1000, said))
    calls: list[Call] = [replace(call, dependency="soft")]
    calls.append(Call(f"catch of {name}", (_itself(state.catch, caught, run.arrival),), on="failure", of=call.label))
    if later is not None:
        on = Call(f"after {name}", (_itself(state.next or name, later, run.arrival),), on="success", of=call.label)
        calls.append(on)
    return replace(here, calls=tuple(calls))


def _never_returns(name: str, state: State, run: Run) -> Reception | None:
    """Return how a run ends whose task token nobody sends back (Step Functions Developer Guide, "Wait for a Callback
    with Task Token"; Express workflows do not have it); None: there is none, or it comes back."""
    component = run.component
    if state.callback is None or (state.callback == "returns" and run.machine.type == "STANDARD"):
        return None
    longest = min(run.machine.timeout or LONGEST[run.machine.type], LONGEST[run.machine.type])
    text = f"The task token of the state {name} never comes back: the run is stopped after {longest:g} s."
    if run.machine.type == "EXPRESS":
        text = f"{component.id} is an Express workflow, which cannot wait for a task token in the state {name}."
    step = refused(
        component, codes.STATES_TIMEOUT, text, "states", name, "callback", facts=("step_functions-token-01",)
    )
    return Reception((hop(component, step),), status=500)
