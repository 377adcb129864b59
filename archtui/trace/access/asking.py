"""What a call looks like to the policies: who calls, what is known of the request, which policies it meets."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from archtui.model.component import Component
from archtui.network.addresses import SERVICE_POOL
from archtui.trace.access.conditions import Context
from archtui.trace.access.documents import PolicyError, parse
from archtui.trace.access.matching import Caller
from archtui.trace.access.ruling import Policies, Policy
from archtui.trace.interface import Originates
from archtui.trace.message import Endpoint, Message
from archtui.trace.permission import ActsAs, Guarded, GuardsWay, Identifies, Limits, Stated
from archtui.world.steps import Hop
from archtui.world.world import World

_OF_ENDPOINTS = ("aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip")
_OF_PRINCIPALS = ("aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:userid", "aws:username")


@dataclass(frozen=True, slots=True)
class Comes:
    """A message that comes to a guarded component."""

    component: Component
    message: Message
    sender: Endpoint
    """Who sends it, with its private address."""
    seen_source: str
    """The source address that arrives."""
    hops: tuple[Hop, ...]
    """The hops on its way."""
    carried: bool
    """Whether AWS itself carries it."""


def caller_of(comes: Comes, guarded: Guarded, world: World) -> tuple[Caller, Component | None]:
    """Return who calls, and the role it acts as where the design has it."""
    component = world.components.get(comes.sender.component)
    if component is None or component.kind.behaviour(Originates) is not None:
        if guarded.unsigned(comes.component, comes.message) or guarded.anonymous(comes.component, comes.message):
            return Caller("stranger", "a stranger"), None
        return Caller("unstated", comes.sender.component), None
    if comes.message.identity == "stranger" or guarded.anonymous(comes.component, comes.message):
        return Caller("stranger", "a stranger"), None
    account = world.placement(component.id).account
    acts = component.kind.behaviour(ActsAs)
    role = world.components.get(acts.role(component, world) or "") if acts else None
    identity = role.kind.behaviour(Identifies) if role else None
    if role is not None and identity is not None:
        names = (identity.arn(role, world), role.id)
        return Caller("role", f"the role {role.id}", names, world.placement(role.id).account), role
    if acts and comes.carried and (comes.message.identity == "service" or acts.calls_itself(component)):
        service = acts.service(component)
        return Caller("service", f"{service} for {component.id}", (), account, service), None
    return Caller("unstated", component.id, (), account), None


def context_of(comes: Comes, caller: Caller, world: World) -> Context:
    """Return what is known of the request (IAM User Guide, "AWS global condition context keys")."""
    known: dict[str, tuple[str, ...]] = {}
    absent: set[str] = set()
    tls = comes.carried or comes.message.tls or (comes.message.http is None and comes.message.port == 443)
    known["aws:securetransport"] = ("true" if tls else "false",)
    _of_way(comes, caller, world, known, absent)
    if caller.kind == "service":
        _of_service(comes, caller, world, known)
        absent |= set(_OF_PRINCIPALS)
    elif caller.kind == "role":
        known["aws:principalarn"] = caller.names
        known["aws:principaltype"] = ("AssumedRole",)
        if caller.account:
            known["aws:principalaccount"] = (caller.account,)
    elif caller.kind == "stranger":
        known["aws:principaltype"] = ("Anonymous",)
        absent |= set(_OF_PRINCIPALS)
    if caller.kind != "service":
        absent |= {"aws:sourcearn", "aws:sourceaccount", "aws:principalservicename"}
        known["aws:principalisawsservice"] = ("false",)
    place = world.placement(comes.component.id)
    if place.region:
        known["aws:requestedregion"] = (place.region,)
    if place.account:
        known["aws:resourceaccount"] = (place.account,)
    return Context(known, frozenset(absent))


def _of_way(comes: Comes, caller: Caller, world: World, known: dict[str, tuple[str, ...]], absent: set[str]) -> None:
    way = next((each for each, _ in ways_of(comes, world)), None)
    if way is not None:
        guards = way.kind.behaviour(GuardsWay)
        known["aws:sourcevpce"] = (way.id,)
        if guards:
            known["aws:sourcevpc"] = (guards.vpc(way),)
        if comes.sender.address:
            known["aws:vpcsourceip"] = (comes.sender.address,)
        absent.add("aws:sourceip")
        return
    if comes.carried and caller.kind != "service":
        return
    absent |= set(_OF_ENDPOINTS)
    if comes.carried:
        absent.add("aws:sourceip")
    elif comes.seen_source and not _is_aws(comes.seen_source):
        known["aws:sourceip"] = (comes.seen_source,)


def _is_aws(address: str) -> bool:
    """Whether an address only stands for one of AWS's own."""
    found = ipaddress.ip_address(address)
    return found.version == 4 and SERVICE_POOL.first <= int(found) <= SERVICE_POOL.last


def _of_service(comes: Comes, caller: Caller, world: World, known: dict[str, tuple[str, ...]]) -> None:
    source = world.components[comes.sender.component]
    acts = source.kind.behaviour(ActsAs)
    arn = acts.source_arn(source, world) if acts else ""
    known["aws:sourcearn"] = (arn, source.id) if arn else (source.id,)
    known["aws:principalisawsservice"] = ("true",)
    known["aws:principalservicename"] = (caller.service,)
    if caller.account:
        known["aws:sourceaccount"] = (caller.account,)


def ways_of(comes: Comes, world: World) -> Iterator[tuple[Component, GuardsWay]]:
    """Yield the VPC endpoints in the way, once each."""
    names = dict.fromkeys(each.component for each in comes.hops)
    for name in names:
        component = world.components.get(name)
        guards = component.kind.behaviour(GuardsWay) if component else None
        if component is not None and guards is not None:
            yield component, guards


def read(stated: Stated) -> Policy:
    """Return a policy with its document; None where its text is not known or no policy."""
    if not stated.text:
        return Policy(stated, None)
    try:
        return Policy(stated, parse(stated.text))
    except PolicyError:
        return Policy(stated, None)


def policies_of(comes: Comes, caller: Caller, role: Component | None, world: World) -> Policies:
    """Return the policies that a call meets."""
    component = comes.component
    guarded = component.kind.behaviour(Guarded)
    identity = role.kind.behaviour(Identifies) if role else None
    stated = identity.policies(role, world) if role and identity else None
    boundary = identity.boundary(role, world) if role and identity else None
    text = guarded.policy(component) if guarded else ""
    own = Stated(component.id, ("policy",), text, f"the policy of {component.id}")
    ways = (
        Stated(way.id, ("policy",), guards.policy(way), f"the endpoint policy of {way.id}")
        for way, guards in ways_of(comes, world)
        if guards.policy(way)
    )
    return Policies(
        tuple(read(each) for each in stated) if stated is not None else None,
        read(boundary) if boundary else None,
        _levels(caller.account, world),
        read(own) if text else None,
        tuple(read(way) for way in ways),
        blocks_public=guarded is not None and guarded.keeps_strangers_out(component),
        names_accounts=guarded is not None and guarded.names_accounts(component),
    )


def _levels(account: str, world: World) -> tuple[tuple[Policy, ...], ...]:
    found: list[tuple[Policy, ...]] = []
    for kind, limits in world.with_behaviour(Limits):
        for component in world.of_kind(kind.name):
            if account and limits.holds(component, account):
                found += [tuple(read(each) for each in level) for level in limits.limits(component, account)]
    return tuple(found)
