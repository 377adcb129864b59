"""The ruling of AWS on one call: explicit denials first, then every kind of policy that has to allow.

Source: IAM User Guide, "Policy evaluation logic" (within one account, across accounts), "Permissions boundaries",
"Service control policies", and KMS Developer Guide, "Key policies in AWS KMS" (a key policy always has to allow).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from archtui.trace import codes
from archtui.trace.access.conditions import Context, condition_fits
from archtui.trace.access.documents import Document, Statement
from archtui.trace.access.fit import YES, Fit, all_of, any_of, unknown
from archtui.trace.access.matching import Caller, action_fits, names_account_only, principal_fits, resource_fits
from archtui.trace.permission import Stated

Outcome = Literal["allowed", "denied", "undecided", "silent"]
"""``silent``: nothing that the design states decides, and nothing speaks against it."""

_LIMITING = frozenset(
    {
        *("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:sourcearn", "aws:sourceaccount"),
        *("aws:principalorgid", "aws:principalarn", "aws:principalaccount", "aws:vpcsourceip", "aws:sourceowner"),
    }
)
"""Conditions that make a policy not public (S3 User Guide, 'The meaning of "public"')."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One action asked of one resource."""

    action: str
    arn: str
    name: str
    """The resource's id in the design."""
    caller: Caller
    account: str = ""
    """The resource's account; empty: not stated."""
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that was read; ``document`` is None where its text is not known."""

    stated: Stated
    document: Document | None


@dataclass(frozen=True, slots=True)
class Policies:
    """All policies that a call meets; what is None is not stated."""

    identity: tuple[Policy, ...] | None = None
    boundary: Policy | None = None
    levels: tuple[tuple[Policy, ...], ...] = ()
    """Service control policies, level by level."""
    resource: Policy | None = None
    ways: tuple[Policy, ...] = ()
    """Policies of VPC endpoints in the way."""
    guards_itself: bool = False
    """Whether the resource policy has to allow even within its account (a key)."""
    granted: bool = False
    """Whether a grant lets the caller use the key, whatever else is stated."""
    blocks_public: bool = False
    """Whether the resource policy cannot open it to strangers."""
    names_accounts: bool = False
    """Whether the resource decides by itself about callers of other accounts, where no policy is stated."""


@dataclass(frozen=True, slots=True)
class Found:
    """A statement as it met the call."""

    policy: Policy
    statement: Statement | None
    """None: the whole policy, its text is not known."""
    fit: Fit


@dataclass(frozen=True, slots=True)
class Ruling:
    """The outcome and what decided it."""

    outcome: Outcome
    code: str = ""
    text: str = ""
    decided: Found | None = None
    lost: tuple[Found, ...] = ()
    missing: tuple[str, ...] = ()
    asker: Stated | None = None
    """The policy that says nothing of the call, where that is why it is denied."""


@dataclass(frozen=True, slots=True)
class _Gate:
    """One kind of policy that has to allow, and whether it does."""

    fit: Fit
    code: str
    text: str
    found: Found | None = None
    asker: Stated | None = None


def rule(asked: Asked, policies: Policies) -> Ruling:
    """Return what AWS decides; see the module's text for the order."""
    denials = list(_statements(_all(policies), asked, "Deny"))
    for found in denials:
        if found.fit.value:
            code = codes.ENDPOINT_POLICY_DENY if found.policy in policies.ways else codes.IAM_EXPLICIT_DENY
            text = f"{found.policy.stated.name} denies {asked.caller.title} {asked.action} on {asked.name}."
            return Ruling("denied", code, _sentence(text), found)
    gates = list(_gates(asked, policies))
    lost = tuple(found for found in _statements(_all(policies), asked, "Allow") if found.fit.value is False)
    for gate in gates:
        if gate.fit.value is False:
            return Ruling("denied", gate.code, _sentence(gate.text), None, lost, asker=gate.asker)
    open_ends = [*(found.fit for found in denials), *(gate.fit for gate in gates)]
    missing = tuple(dict.fromkeys(text for fit in open_ends if fit.value is None for text in fit.missing))
    if missing:
        maybe = next((f for f in denials if f.fit.value is None), None) or next(
            (g.found for g in gates if g.found), None
        )
        text = f"Whether {asked.caller.title} may {asked.action} on {asked.name} is open: {missing[0]} is not stated."
        return Ruling("undecided", codes.IAM_POLICY_UNDECIDED, _sentence(text), maybe, missing=missing)
    granted = next((gate.found for gate in reversed(gates) if gate.found is not None), None)
    if granted is None:
        return Ruling("silent")
    text = f"{granted.policy.stated.name} allows {asked.caller.title} {asked.action} on {asked.name}."
    return Ruling("allowed", "", _sentence(text), granted, lost)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _all(policies: Policies) -> Iterator[Policy]:
    yield from policies.identity or ()
    if policies.boundary:
        yield policies.boundary
    for level in policies.levels:
        yield from level
    if policies.resource:
        yield policies.resource
    yield from policies.ways


def _statements(policies: Iterable[Policy], asked: Asked, effect: Literal["Allow", "Deny"]) -> Iterator[Found]:
    """Yield the statements with ``effect`` and how they fit; denials only where they fit or may fit."""
    for policy in policies:
        if policy.document is None:
            yield Found(policy, None, unknown(f"the text of {policy.stated.name}"))
            continue
        for statement in policy.document.statements:
            if statement.effect == effect:
                fit = statement_fits(statement, asked)
                if effect == "Allow" or fit.value is not False:
                    yield Found(policy, statement, fit)


def statement_fits(statement: Statement, asked: Asked) -> Fit:
    """Say whether a statement is about the call."""
    return all_of(
        (
            action_fits(statement, asked.action),
            resource_fits(statement, asked.arn, asked.name),
            principal_fits(statement, asked.caller),
            *(condition_fits(line, asked.context) for line in statement.tests),
        )
    )


def _allowing(policies: Iterable[Policy], asked: Asked) -> tuple[Fit, Found | None]:
    """Say whether one of the policies allows, and by which statement."""
    found = list(_statements(policies, asked, "Allow"))
    best = next((f for f in found if f.fit.value), None) or next((f for f in found if f.fit.value is None), None)
    return any_of((f.fit for f in found), "no statement allows it"), best


def _gates(asked: Asked, policies: Policies) -> Iterator[_Gate]:
    who, what = asked.caller.title, f"{asked.action} on {asked.name}"
    for way in policies.ways:
        fit, found = _allowing((way,), asked)
        text = f"No statement of {way.stated.name} allows {who} {what}."
        yield _Gate(fit, codes.ENDPOINT_POLICY_DENY, text, found, way.stated)
    if asked.caller.kind in ("role", "unstated"):
        for level in policies.levels:
            fit, found = _allowing(level, asked)
            text = f"No service control policy of one level above {who} allows {what}."
            yield _Gate(fit, codes.IAM_SCP_DENY, text, found, level[0].stated if level else None)
        if policies.boundary:
            fit, found = _allowing((policies.boundary,), asked)
            text = f"{policies.boundary.stated.name} does not allow {who} {what}."
            yield _Gate(fit, codes.IAM_BOUNDARY_DENY, text, found, policies.boundary.stated)
        yield from _granted(asked, policies)
    elif asked.caller.kind == "service":
        if policies.resource is not None:
            fit, found = _allowing((policies.resource,), asked)
            text = f"No statement of {policies.resource.stated.name} allows {who} {what}."
            yield _Gate(fit, codes.IAM_IMPLICIT_DENY, text, found, policies.resource.stated)
        elif policies.guards_itself:
            text = f"{asked.name} has the default key policy, which lets no AWS service {asked.action}."
            yield _Gate(Fit(False), codes.IAM_IMPLICIT_DENY, text)
        elif not _one_account(asked) and not policies.names_accounts:
            yield _not_stated(asked)
    else:
        yield _stranger(asked, policies)


def _stranger(asked: Asked, policies: Policies) -> _Gate:
    """Somebody who signs nothing gets only what the resource policy opens to all."""
    what = f"{asked.action} on {asked.name}"
    if policies.resource is None:
        text = f"Nobody signed the request, and no policy opens {asked.name} to strangers: AWS denies {what}."
        return _Gate(Fit(False), codes.IAM_ANONYMOUS_DENY, text)
    stated = policies.resource.stated
    found = [f for f in _statements((policies.resource,), asked, "Allow") if not policies.blocks_public or _limited(f)]
    fit = any_of((f.fit for f in found), "no statement allows it")
    blocked = policies.blocks_public and _allowing((policies.resource,), asked)[0].value
    why = f"Block Public Access of {asked.name} is on" if blocked else f"no statement of {stated.name} allows strangers"
    best = next((f for f in found if f.fit.value is not False), None)
    return _Gate(
        fit, codes.IAM_ANONYMOUS_DENY, f"Nobody signed the request, and {why}: {what} is denied.", best, stated
    )


def _limited(found: Found) -> bool:
    return found.statement is not None and any(line.key.lower() in _LIMITING for line in found.statement.tests)


def _granted(asked: Asked, policies: Policies) -> Iterator[_Gate]:
    """Ask identity and resource policy: one of them within an account, both across accounts."""
    who, what, resource = asked.caller.title, f"{asked.action} on {asked.name}", policies.resource
    same = _one_account(asked)
    identity = _allowing(policies.identity, asked) if policies.identity is not None else None
    direct, account = _by_resource(asked, resource)
    own = policies.identity[0].stated if policies.identity else None
    if same and not policies.guards_itself:
        if identity is None and (resource is None or direct[0].value is not True):
            return
        fit = any_of((direct[0], identity[0])) if identity else direct[0]
        found = direct[1] if direct[0].value or identity is None else identity[1] or direct[1]
        text = f"No statement that the design states allows {who} {what}."
        yield _Gate(fit, codes.IAM_IMPLICIT_DENY, text, found, own)
        return
    if policies.granted:
        yield _Gate(YES, "", "")
        return
    if resource is None:
        yield from _by_default(asked, policies, same, identity)
        return
    either = any_of((direct[0], account[0]))
    if same and direct[0].value:
        yield _Gate(YES, "", "", direct[1])
        return
    text = f"No statement of {resource.stated.name} allows {who} {what}, and it has to."
    yield _Gate(either, codes.IAM_IMPLICIT_DENY, text, account[1] or direct[1], resource.stated)
    if identity is not None:
        decides = any_of((identity[0], direct[0])) if same else identity[0]
        yield _Gate(decides, codes.IAM_IMPLICIT_DENY, _nothing(who, what), identity[1], own)


def _by_default(
    asked: Asked, policies: Policies, same: bool, identity: tuple[Fit, Found | None] | None
) -> Iterator[_Gate]:
    """Decide where no resource policy is stated but one has to allow: a key's default one leaves it to its account."""
    who, what = asked.caller.title, f"{asked.action} on {asked.name}"
    own = policies.identity[0].stated if policies.identity else None
    if policies.guards_itself and not same:
        text = f"{asked.name} has the default key policy, which lets nobody of another account {asked.action}."
        yield _Gate(Fit(False), codes.IAM_IMPLICIT_DENY, text)
    elif identity is not None and same:
        yield _Gate(identity[0], codes.IAM_IMPLICIT_DENY, _nothing(who, what), identity[1], own)
    elif not same:
        if identity is not None:
            yield _Gate(identity[0], codes.IAM_IMPLICIT_DENY, _nothing(who, what), identity[1], own)
        if not policies.names_accounts:
            yield _not_stated(asked)


def _one_account(asked: Asked) -> bool:
    """Whether caller and resource are in one account, as far as the design says."""
    return asked.caller.account == asked.account or not (asked.caller.account and asked.account)


def _not_stated(asked: Asked) -> _Gate:
    """Leave a call from another account open: only a resource policy can allow it (IAM User Guide, "Cross-account
    policy evaluation logic"), and none is stated."""
    missing = f"the policy of {asked.name}, whose account is another one than that of {asked.caller.title}"
    return _Gate(unknown(missing), codes.IAM_IMPLICIT_DENY, "")


def _nothing(who: str, what: str) -> str:
    return f"No identity policy of {who} allows {what}."


def _by_resource(asked: Asked, resource: Policy | None) -> tuple[tuple[Fit, Found | None], tuple[Fit, Found | None]]:
    """Return what the resource policy grants to the caller itself, and to its account as a whole."""
    none = Fit(False, "no statement allows it"), None
    if resource is None:
        return none, none
    found = list(_statements((resource,), asked, "Allow"))
    by_account = [f for f in found if f.statement and f.fit.value and names_account_only(f.statement, asked.caller)]
    itself = [f for f in found if f not in by_account]
    return _best(itself), _best(by_account)


def _best(found: list[Found]) -> tuple[Fit, Found | None]:
    best = next((f for f in found if f.fit.value), None) or next((f for f in found if f.fit.value is None), None)
    return any_of((f.fit for f in found), "no statement allows it"), best
