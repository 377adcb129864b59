"""The question of permission where a message comes to a guarded component: its steps and its status."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archtui.model.component import Component, Json
from archtui.trace import codes
from archtui.trace.access.asking import Comes, caller_of, context_of, policies_of, read
from archtui.trace.access.matching import Caller
from archtui.trace.access.ruling import Asked, Found, Policies, Ruling, rule
from archtui.trace.interface import hop
from archtui.trace.permission import ActsAs, Guarded, Identifies, Opens, Stated
from archtui.world.steps import Action, Hop, RuleRef, Step
from archtui.world.world import World

_LOST = 6
"""So many statements that did not fit are shown."""
FORBIDDEN = 403
_ACTIONS = {"allowed": Action.ACCEPT, "denied": Action.DENY, "undecided": Action.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Passed:
    """What the policies made of a message; no hops: they say nothing."""

    hops: tuple[Hop, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def denied(self) -> bool:
        """Whether the call is refused."""
        return any(each.denied for each in self.hops)


def passed(comes: Comes, world: World) -> Passed:
    """Ask every policy that the message meets."""
    component = comes.component
    guarded = component.kind.behaviour(Guarded)
    if guarded is None or comes.sender.component == component.id:
        return Passed()
    actions = guarded.actions(component, comes.message)
    if not actions:
        return Passed()
    caller, role = caller_of(comes, guarded, world)
    steps: list[Step] = []
    missing: list[str] = []
    distrust = _distrust(comes, role, world)
    if distrust is not None:
        return Passed((hop(component, distrust),))
    context = context_of(comes, caller, world)
    policies = policies_of(comes, caller, role, world)
    place = world.placement(component.id)
    arn = guarded.resource(component, comes.message, world)
    for action in actions:
        asked = Asked(action, arn, component.id, caller, place.account, context)
        ruling = rule(asked, policies)
        steps += _steps(ruling, asked, role, world)
        missing += ruling.missing
        for ruled, use in _of_key(guarded, asked, comes, world, policies):
            steps += _steps(ruled, use, role, world)
            missing += ruled.missing
    denied = next((step for step in steps if step.action is Action.DENY), None)
    if denied is not None:
        return Passed((hop(component, *(s for s in steps if s is denied or s.action is Action.ACCEPT)),))
    return Passed((hop(component, *steps),) if steps else (), tuple(dict.fromkeys(missing)))


def _steps(ruling: Ruling, asked: Asked, role: Component | None, world: World) -> Iterator[Step]:
    if ruling.outcome == "silent":
        return
    before: dict[str, Json] = {"action": asked.action, "resource": asked.arn, "name": asked.name}
    before["caller"] = role.id if role else asked.caller.title
    if asked.caller.kind == "service":
        before["service"] = asked.caller.service
        before["source"] = asked.context.known["aws:sourcearn"][-1]
    yield Step(
        "permission",
        _ACTIONS[ruling.outcome],
        ruling.code,
        ruling.text,
        _decided(ruling, asked, role, world),
        tuple(_rule(found, world, found.fit.why) for found in ruling.lost[:_LOST] if found.statement),
        before=before,
    )


def _decided(ruling: Ruling, asked: Asked, role: Component | None, world: World) -> RuleRef:
    if ruling.decided is not None:
        return _rule(ruling.decided, world)
    if ruling.asker is not None and ruling.code == codes.KMS_KEY_UNUSABLE:
        return RuleRef(ruling.asker.component, ruling.asker.name, ruling.asker.path)
    if ruling.asker is not None:
        text = f"{ruling.asker.name}: no statement allows {asked.action}"
        return RuleRef(ruling.asker.component, text, ruling.asker.path)
    if asked.caller.kind == "role" and role is not None and ruling.code == codes.IAM_IMPLICIT_DENY:
        return RuleRef(role.id, f"{role.id} has no policies", ("policies",))
    return RuleRef(asked.name, f"{asked.name} has no policy", ("policy",))


def _rule(found: Found, world: World, why: str = "") -> RuleRef:
    stated = found.policy.stated
    if found.statement is None:
        return RuleRef(stated.component, stated.name, stated.path, why)
    path = (*stated.path, *_within(stated, found.statement.index, world))
    return RuleRef(stated.component, f"{stated.name}: {found.statement.text}", path, why)


def _within(stated: Stated, index: int, world: World) -> tuple[str | int, ...]:
    """Return the place of a statement in a policy that is written as an object."""
    value: Json = dict(world.components[stated.component].raw)
    for step in stated.path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return ()
    statements = value.get("Statement") if isinstance(value, dict) else None
    if isinstance(statements, list):
        return ("Statement", index)
    return ("Statement",) if isinstance(statements, dict) else ()


def _distrust(comes: Comes, role: Component | None, world: World) -> Step | None:
    """Say that the service that acts as a role may not assume it; a trust policy that depends on more is left."""
    sender = world.components.get(comes.sender.component)
    acts = sender.kind.behaviour(ActsAs) if sender else None
    identity = role.kind.behaviour(Identifies) if role else None
    trust = identity.trust(role) if role and identity else None
    service = acts.service(sender) if acts and sender else ""
    if role is None or trust is None or not service or sender is None:
        return None
    caller = Caller("service", service, (), world.placement(sender.id).account, service)
    asked = Asked("sts:AssumeRole", "*", role.id, caller, caller.account)
    ruling = rule(asked, Policies(resource=read(trust)))
    if ruling.outcome != "denied":
        return None
    text = f"{role.id} does not trust {service}, so {sender.id} gets no credentials and cannot sign the call."
    before: dict[str, Json] = {"action": "sts:AssumeRole", "name": role.id, "caller": service}
    where = _rule(ruling.decided, world) if ruling.decided else RuleRef(role.id, trust.name, trust.path)
    return Step("permission", Action.DENY, codes.IAM_ROLE_NOT_TRUSTED, text, where, before=before)


def _of_key(
    guarded: Guarded, asked: Asked, comes: Comes, world: World, policies: Policies
) -> Iterator[tuple[Ruling, Asked]]:
    """Ask the key that encrypts what is asked for: its state, its region, and whether the caller may use it.

    A key is used in its own region alone (KMS Developer Guide, "AWS KMS keys": "KMS keys are Regional resources"; S3
    User Guide, "Specifying server-side encryption with AWS KMS (SSE-KMS)": bucket and key in the same Region).
    """
    key = world.components.get(guarded.key(comes.component) or "")
    opens = key.kind.behaviour(Opens) if key else None
    guards = key.kind.behaviour(Guarded) if key else None
    if key is None or opens is None or guards is None:
        return
    place = world.placement(key.id)
    arn = guards.resource(key, comes.message, world)
    state, here, setting = opens.refusal(key), world.placement(comes.component.id).region, "state"
    if not state and here and place.region and place.region != here:
        state, setting = f"in {place.region}, where {comes.component.id} of {here} cannot use it", "region"
    if state:
        text = f"{comes.component.id} is encrypted with {key.id}, which is {state}: nothing of it can be used."
        where = Stated(key.id, (setting,), "", f"{key.id} is {state}")
        yield Ruling("denied", codes.KMS_KEY_UNUSABLE, text, asker=where), replace(asked, name=key.id, arn=arn)
        return
    text = guards.policy(key)
    resource = read(Stated(key.id, ("policy",), text, f"the key policy of {key.id}")) if text else None
    for action in guarded.key_actions(comes.component, asked.action):
        use = replace(asked, action=action, arn=arn, name=key.id, account=place.account)
        granted = any(who in asked.caller.names and action in what for who, what in opens.grants(key))
        met = replace(policies, resource=resource, ways=(), guards_itself=True, granted=granted, blocks_public=False)
        ruling = rule(use, met)
        if ruling.outcome == "denied":
            why = f"{comes.component.id} is encrypted with {key.id}: {ruling.text[:1].lower()}{ruling.text[1:]}"
            ruling = replace(ruling, code=codes.KMS_ACCESS_DENIED, text=why)
        yield ruling, use


__all__ = ["FORBIDDEN", "Comes", "Passed", "passed"]
