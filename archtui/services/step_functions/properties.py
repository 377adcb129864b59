"""Properties of Step Functions state machines, after the Amazon States Language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from archtui.model.fields import Duration, Part, Percent, Properties, Reference, Region
from archtui.services.permissions import RoleRef


class ChoiceRule(Part):
    """One of the ways of a Choice state."""

    next: str
    """The state that follows."""
    condition: Mapping[str, JsonValue] = Field(default_factory=dict)
    """Its condition in the Amazon States Language: ``{Variable: $.total, NumericGreaterThan: 100}``."""
    share: Percent | None = None
    """The share of the runs that go this way, where what the condition looks at is not stated."""
    when: str = ""
    """Its condition, in words: ``$.total > 100``."""


class State(Part):
    """A step of a workflow."""

    type: Literal["Task", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed", "Fail"] = "Task"
    """What it does."""
    to: Annotated[str, Reference((), "targets")] | None = None
    """What a Task asks."""
    action: str = ""
    """What it asks of it, as IAM names it; left out: the usual one of the target's kind."""
    next: str = ""
    """The state that follows; left out: the run ends after it."""
    choices: tuple[ChoiceRule, ...] = ()
    """The ways of a Choice."""
    default: str = ""
    """The state for the rest of a Choice's runs."""
    branches: tuple[str, ...] = ()
    """The first states of a Parallel's branches, or of what a Map runs for each item."""
    seconds: Duration = 0.0
    """How long a Wait waits."""
    result: JsonValue = None
    """What a Task or Pass returns, where a Choice looks at it; left out: a Task's is not known, a Pass has none."""
    result_path: str = "$"
    """Where in the run's data that goes; ``$``: it takes their place; empty: it is dropped."""
    callback: Literal["returns", "never"] | None = None
    """Whether the task token that a Task hands out comes back; left out: it hands out none."""
    retries: Annotated[int, Field(ge=0)] = 0
    """How often a failing Task is tried again (MaxAttempts)."""
    interval: Duration = 1.0
    """Seconds before the first retry."""
    backoff: Annotated[float, Field(ge=1)] = 2.0
    """By how much the wait grows with each retry."""
    catch: str = ""
    """The state that follows where it fails in every try."""


class StateMachineProperties(Properties):
    """A workflow of states."""

    type: Literal["STANDARD", "EXPRESS"] = "STANDARD"
    """Runs of up to a year, each step once; or of up to 5 minutes, at high volume."""
    states: Mapping[str, State] = Field(default_factory=dict)
    """Its states by their names."""
    start_at: str = ""
    """The first state; left out: the first one written."""
    timeout: Duration | None = None
    """Seconds after which a run is stopped; left out: a year, or 5 minutes."""
    input: JsonValue = None
    """What a run begins with where its caller does not say; left out: not stated."""
    role: RoleRef | None = None
    """The role with which it calls services."""
    region: Region | None = None
    """The region; left out: the design's."""

    @model_validator(mode="after")
    def _known_states(self) -> StateMachineProperties:
        for name, state in self.states.items():
            named = (state.next, state.default, state.catch, *state.branches, *(c.next for c in state.choices))
            for other in named:
                if other and other not in self.states:
                    raise ValueError(f"the state {name} goes on to {other!r}, which is none; add it or mend the name")
        if self.start_at and self.start_at not in self.states:
            raise ValueError(f"start_at names {self.start_at!r}, which is no state; add it or mend the name")
        return self


__all__ = ["ChoiceRule", "State", "StateMachineProperties"]
