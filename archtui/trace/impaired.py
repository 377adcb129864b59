"""What works, but badly: components that answer late, calls that AWS throttles, callers that wait no longer."""

from __future__ import annotations

from dataclasses import replace

from archtui.model.component import Component
from archtui.trace import codes
from archtui.trace.interface import Waits, hop
from archtui.trace.latency import Latency
from archtui.trace.message import Message
from archtui.trace.stages import Stage, Way, among
from archtui.world.condition import Condition
from archtui.world.faults import HasQuotas, Throttled
from archtui.world.steps import Action, Step, Verdict
from archtui.world.world import World


def impaired(stage: Stage, message: Message, condition: Condition, world: World) -> Stage:
    """Return ``stage`` as it is where the component it leads to answers late or is throttled.

    A health check is never throttled: it is no call of an API.
    """
    late = condition.slowness(stage.at)
    if late > 0 and stage.own is not Verdict.BLOCKED:
        own = stage.takes.milliseconds if stage.takes else 0.0
        takes = Latency(stage.at, own + late * 1000, f"{stage.at} answers {late:g} s later than usual")
        stage = replace(stage, takes=takes)
    if not (condition.throttled or condition.quotas) or message.purpose == "health_check":
        return stage
    component = world.components.get(stage.at)
    throttled = component.kind.behaviour(Throttled) if component else None
    if component is None or throttled is None or stage.own is Verdict.BLOCKED:
        return stage
    used = used_up(component, condition)
    share = 1.0 if used else condition.refused_share(component.id)
    if not share:
        return stage
    refusal = throttled.refusal
    why = f"the quota {used} is used up" if used else f"{share * 100:.3g} % of its calls are throttled"
    text = f"AWS refuses the call of {component.id}, {why}: {refusal.error} (HTTP {refusal.status}), not tried again."
    denied = hop(component, Step("service", Action.DENY, codes.CALL_THROTTLED, text))
    refused = Stage(stage.at, (denied,), own=Verdict.BLOCKED, own_status=refusal.status, refused=True)
    if share >= 1:
        return refused
    ways = [Way(share, "throttled", refused), Way(1 - share, "taken", stage)]
    return Stage("", (), calls=(among(f"what AWS takes of the calls of {component.id}", ways),))


def used_up(component: Component, condition: Condition) -> str:
    """Return the quota that is used up and lets AWS refuse the requests of ``component``; empty: none is."""
    counts = component.kind.behaviour(HasQuotas)
    for quota in counts.quotas if counts else ():
        if quota.name in condition.quotas and quota.refuses and not (counts and counts.exempt(component, quota)):
            return quota.name
    return ""


def waited_for(stage: Stage, caller: str, condition: Condition, world: World) -> Stage:
    """Return what becomes of a call whose answer the component ``caller`` waits for: it may give up before."""
    component = world.components.get(caller) if condition.slow else None
    waits = component.kind.behaviour(Waits) if component else None
    patience = waits.patience(component) if component and waits else None
    if component is None or patience is None or stage.verdict is Verdict.BLOCKED:
        return stage
    takes = stage.works
    if takes <= patience:
        return stage
    text = f"{caller} waits {patience:g} s for the answer, which would take {takes:.3g} s: it gives up."
    step = Step("application", Action.DENY, codes.ANSWER_TOO_LATE, text)
    return replace(stage, forward=(*stage.forward, hop(component, step)), own=Verdict.BLOCKED, own_status=None)


__all__ = ["impaired", "used_up", "waited_for"]
