"""The moments of a failure: the condition at each, and every event in its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from archtui.failure.interface import Mechanism, Situation
from archtui.failure.report import Event, Sight
from archtui.failure.schedule import IN_THE_END, Schedule, schedule
from archtui.failure.timed import is_timed
from archtui.failure.words import status_text, target_text
from archtui.model.component import Journey
from archtui.world.condition import Condition, condition_for
from archtui.world.world import World

if TYPE_CHECKING:
    from archtui.failure.analysis import Course


def at_moment(condition: Condition, recovered: frozenset[str]) -> Condition:
    """Return ``condition`` at a moment by which exactly ``recovered`` has taken effect.

    Services act on what has recovered and not on the clock, so moments that differ in nothing else
    are one condition, traced once.
    """
    return replace(condition, recovered=recovered, time=0.0)


def condition_at(world: World, targets: Sequence[str], seconds: float) -> Condition:
    """Return what is true ``seconds`` after ``targets`` fail: what is broken and what has recovered by then.

    Where the table gives a range, its latest figure counts. Targets may carry a start and an end. Raises
    :class:`archtui.world.condition.TargetError` where a target names nothing in the design.
    """
    if is_timed(targets):
        from archtui.failure.course import play_of

        return replace(play_of(world, targets).at(seconds), time=seconds)
    condition = condition_for(world, tuple(targets))
    plan = schedule(Situation(world, condition))
    return replace(condition, recovered=plan.done_by(seconds, latest=True), time=seconds)


ORDER: Mapping[str, int] = {
    "failure": 0,
    "returned": 0,
    "lost": 1,
    "noticed": 2,
    "begun": 2,
    "recovered": 3,
    "hindered": 4,
    "journey": 5,
}


def timeline(
    world: World,
    targets: tuple[str, ...],
    lost: tuple[str, ...],
    plan: Schedule,
    courses: Sequence[tuple[Journey, Course]],
) -> tuple[Event, ...]:
    """Return the events in their order: by second, then cause before effect, then the document's order.

    Where the seconds are a range the event stands at the latest moment, with the earliest beside it.
    """
    events = [Event(0.0, "failure", target_text(target), target) for target in targets]
    events += [
        Event(0.0, "lost", f"{name} ({world.components[name].kind.title}) does not work.", name)
        for name in lost
        if name not in targets
    ]
    for mechanism in plan.mechanisms:
        start, end = plan.starts.get(mechanism.id), plan.ends.get(mechanism.id)
        if end is None and mechanism.automatic and not mechanism.hindered and start is not None:
            text = f"{mechanism.done} AWS publishes no figure for when{_said(mechanism)}."
            events.append(Event(start.max, "begun", text, mechanism.component))
            continue
        if end is None:
            why = f"{mechanism.name} does not help: {mechanism.hindered}." if mechanism.hindered else mechanism.done
            at = start.max if start else 0.0
            events.append(Event(at, "hindered", why, mechanism.component))
            continue
        if mechanism.noticed and start is not None and mechanism.detect is not None:
            noticed = start + mechanism.detect
            events.append(Event(noticed.max, "noticed", mechanism.noticed, mechanism.component, earliest=noticed.min))
        if mechanism.each_request:
            events.append(
                Event(end.min if start is None else start.max, "noticed", mechanism.done, mechanism.component)
            )
            continue
        kind: Literal["recovered", "noticed"] = "recovered" if mechanism.restores else "noticed"
        events.append(Event(end.max, kind, mechanism.done, mechanism.component, earliest=end.min))
    for journey, course in courses:
        events.extend(journey_events(journey, course))
    return tuple(sorted(events, key=lambda event: (event.t, ORDER[event.kind])))


def _said(mechanism: Mechanism) -> str:
    """Return what the table says in words of a time that it has no figure for."""
    note = mechanism.entry.switch_note or mechanism.entry.detect_note
    return f" ({note})" if note and "no figure" not in note else ""


def journey_events(journey: Journey, course: Course) -> list[Event]:
    """Return an event for each moment at which ``journey`` changes."""
    events: list[Event] = []
    last: Sight | None = None
    for t, sight in course:
        if t == IN_THE_END:
            continue
        changed = last is None or (sight.status, sight.share, sight.late) != (last.status, last.share, last.late)
        if changed and not (last is None and sight.status == "up"):
            why = f": {sight.why}" if sight.why else "."
            text = f"{journey.name}: {status_text(sight)}{why}"
            events.append(Event(t, "journey", text, "", journey=journey.name))
        last = sight
    return events
