"""SFN001, SFN002: how long runs take, and what one failing task does to them."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.lookups import as_kind
from archtui.services.step_functions.properties import StateMachineProperties
from archtui.services.step_functions.states import LONGEST
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/step-functions/latest/dg/"
_RETRIES = 3


class RunsTooLong(ComponentRule):
    """A workflow that takes longer than its type may."""

    id = "SFN001"
    title = "Express workflow over 5 min or standard over 1 year"
    severity = "error"
    class_ = "limits"
    kinds = ("state_machine",)
    reads = ("lambda_function",)
    why = "A run is stopped when its type's time is over, whatever it has done by then."
    fix = "Make it a Standard workflow; split what takes longer than a year."
    sources = (f"{_GUIDE}choosing-workflow-type.html",)
    facts = ("step_functions-standard-01", "step_functions-express-01")
    example_bad = """\
components:
  flow: {kind: state_machine, type: EXPRESS, states: {rest: {type: Wait, seconds: 10m}}}
"""
    example_good = example_bad.replace("EXPRESS", "STANDARD")
    example_finds = ("flow",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Add up waits and what functions usually take, and look at the timeout."""
        machine = properties(component, StateMachineProperties)
        takes = sum(_seconds(machine, name, world) for name in machine.states)
        longest = LONGEST[machine.type]
        for what, seconds in (("may take", machine.timeout or 0.0), ("takes", takes)):
            if seconds > longest:
                text = f"{component.id} is {machine.type} and {what} {seconds:g} s, more than {longest:g} s."
                fixable = machine.type == "EXPRESS" and seconds <= LONGEST["STANDARD"]
                yield self.finding(component.id, message=text, path=("type",), fixable=fixable)
                return

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Make it a Standard workflow."""
        return (set_property(finding.subject, ("type",), "STANDARD"),) if finding.fixable else ()


def _seconds(machine: StateMachineProperties, name: str, world: World) -> float:
    state = machine.states[name]
    if state.type == "Wait":
        return state.seconds
    function = as_kind(world, state.to, LambdaFunctionProperties) if state.type == "Task" else None
    return min(function.duration, function.timeout) if function and function.duration is not None else 0.0


class OneBlipFails(ComponentRule):
    """A task that is neither tried again nor caught."""

    id = "SFN002"
    title = "Task without retry and catch"
    severity = "warning"
    class_ = "resilience"
    kinds = ("state_machine",)
    reads = ()
    why = "One error of the service it asks, however short, ends the whole run."
    fix = "Try it again with growing waits, and catch what still fails."
    sources = (f"{_GUIDE}concepts-error-handling.html",)
    facts = ("step_functions-errors-01",)
    example_bad = """\
components:
  fn: {kind: lambda_function}
  flow: {kind: state_machine, states: {work: {to: fn}}}
"""
    example_good = example_bad.replace("{to: fn}", "{to: fn, retries: 3}")
    example_finds = ("flow", "fn")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at each task."""
        for name, state in properties(component, StateMachineProperties).states.items():
            if state.type == "Task" and state.to and not state.retries and not state.catch:
                text = f"When {state.to} fails once in the state {name}, the run of {component.id} fails."
                yield self.finding(component.id, state.to, message=text, path=("states", name), detail=(name,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Try it again."""
        state = finding.detail[0]
        edit = set_property(finding.subject, ("states", state, "retries"), _RETRIES)
        return (join(f"try the state {state} of {finding.subject} again", (edit,)),)
