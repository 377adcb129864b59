"""IAM005: access between accounts that only one of them grants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from archtui.check.finding import Finding
from archtui.check.rule import EVERYTHING, Rule
from archtui.model.component import Json, Link
from archtui.model.edits import Edit, append_to, join, set_property
from archtui.services.policy_edits import with_statement
from archtui.trace.access.asking import Comes, caller_of, context_of, policies_of
from archtui.trace.access.ruling import Asked, Policies, rule
from archtui.trace.message import Endpoint, Message
from archtui.trace.permission import Guarded
from archtui.world.world import World

Side = Literal["role", "resource"]
"""Which side does not allow."""
_DESIGN = """\
account: '111111111111'
components:
  files: {kind: s3_bucket, account: '222222222222', policy: {Statement: [%s]}}
  app: {kind: iam_role, policies: [{Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}]}
  fn: {kind: lambda_function, role: app}
links:
  - {from: fn, to: files, action: 's3:GetObject'}
"""
_STATEMENT = "{Effect: Allow, Principal: {AWS: %s}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*'}"


class OneSided(Rule):
    """A call from one account into another that the policies of one side alone allow."""

    id = "IAM005"
    title = "Cross-account access granted on one side only"
    severity = "warning"
    class_ = "correctness"
    kinds = ("iam_role",)
    reads = EVERYTHING
    why = "Between accounts both sides have to allow: the role's policies, and the policy of what is called."
    fix = "Add the statement on the other side too."
    sources = (
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html",
    )
    example_bad = _DESIGN % (_STATEMENT % "'333333333333'")
    example_good = _DESIGN % (_STATEMENT % "'111111111111'")
    example_finds = ("files", "app", "fn")

    def check(self, world: World) -> Iterator[Finding]:
        """Ask both sides of every link between accounts."""
        for link in world.links:
            found = one_sided(link, world)
            if found is None:
                continue
            side, role, action = found
            if side == "resource":
                text = f"{role} may {action} on {link.target}, but {link.target} does not let the other account's role."
                yield self.finding(link.target, role, link.source, message=text, detail=(side, action))
            else:
                text = f"{link.target} lets {role} {action}, but the policies of {role} do not allow it."
                yield self.finding(role, link.target, link.source, message=text, detail=(side, action))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add what the other side lacks."""
        side, action = finding.detail
        role = finding.components[0 if side == "role" else 1]
        target = world.blueprint.components.get(finding.components[1 if side == "role" else 0])
        guarded = target.kind.behaviour(Guarded) if target else None
        if target is None or guarded is None:
            return ()
        arn = guarded.resource(world.components[target.id], Message("tcp", 443, action=str(action)), world)
        statement: dict[str, Json] = {"Effect": "Allow", "Action": action, "Resource": arn}
        if side == "role":
            added = append_to(world.blueprint, role, ("policies",), {"Statement": [statement]})
            return (join(f"let {role} {action} on {target.id}", (added,)),)
        statement = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": action, "Resource": arn}
        changed = set_property(target.id, ("policy",), with_statement(target.raw.get("policy"), statement))
        return (join(f"let {target.id} admit {role}", (changed,)),)


def one_sided(link: Link, world: World) -> tuple[Side, str, str] | None:
    """Return which side of a call between two known accounts does not allow what the other does, with the role and
    the action; None: both do, neither does, or it cannot be told."""
    target = world.components.get(link.target)
    guarded = target.kind.behaviour(Guarded) if target else None
    if target is None or guarded is None or link.source not in world.components:
        return None
    message = Message(link.protocol, 443, called=True, action=link.action)
    comes = Comes(target, message, Endpoint(link.source), "", (), carried=False)
    caller, role = caller_of(comes, guarded, world)
    account = world.placement(target.id).account
    if role is None or caller.kind != "role" or not caller.account or not account or caller.account == account:
        return None
    stated = policies_of(comes, caller, role, world)
    for action in guarded.actions(target, message):
        arn = guarded.resource(target, message, world)
        asked = Asked(action, arn, target.id, caller, caller.account, context_of(comes, caller, world))
        mine = rule(asked, Policies(identity=stated.identity)).outcome
        theirs = rule(asked, Policies(identity=(), resource=stated.resource)).outcome
        if stated.identity is None or "undecided" in (mine, theirs):
            continue
        if mine == "allowed" and theirs != "allowed":
            whole = rule(replace(asked, account=account), stated)
            if whole.outcome == "denied":
                return "resource", role.id, action
        if mine == "denied" and theirs == "allowed":
            return "role", role.id, action
    return None
