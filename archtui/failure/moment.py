"""A moment of a failure in words: what has recovered by then, what has not, and when it will."""

from __future__ import annotations

from collections.abc import Sequence

from archtui.failure.course import play_of
from archtui.failure.interface import Mechanism
from archtui.failure.schedule import Schedule
from archtui.world.world import World


def moment_lines(world: World, targets: Sequence[str], seconds: float) -> tuple[str, ...]:
    """Say what is true ``seconds`` after ``targets`` fail: a headline, then each mechanism by its latest figure.

    These are the words for the condition of :func:`archtui.failure.condition_at`.
    """
    play = play_of(world, tuple(targets))
    epoch = next(each for each in reversed(play.epochs) if each.start <= seconds or each is play.epochs[0])
    done = epoch.plan.done_by(seconds, latest=True)
    found = [f"{seconds:g} s after the failure of {', '.join(targets)}"]
    found += [_line(mechanism, epoch.plan, done=True) for mechanism in epoch.plan.mechanisms if mechanism.id in done]
    found += [_line(each, epoch.plan, done=False) for each in epoch.plan.mechanisms if each.id not in done]
    if len(found) == 1:
        found.append("nothing recovers by itself")
    return tuple(found)


def _line(mechanism: Mechanism, plan: Schedule, *, done: bool) -> str:
    end = plan.ends.get(mechanism.id)
    if end is not None:
        when = f"done since {end.max:g} s" if done else f"not before {end.max:g} s"
    elif mechanism.hindered:
        when = f"never, {mechanism.hindered}"
    elif not mechanism.automatic:
        when = "not by itself"
    else:
        when = "not known when"
    return f"{when}: {mechanism.done.rstrip('.')}. [{mechanism.id}]"
