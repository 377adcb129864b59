"""Resolving a name as a client's resolver does: the zone, the records, the chain of names.

Private zones are seen only from the VPCs associated with them, and the most specific private zone
that holds the name decides even where it has no record for it (Route 53 Developer Guide,
"Considerations when working with a private hosted zone"); everyone else is answered by the most
specific public zone of the design. A name outside all of them is somebody else's: unknown.
A VPC without DNS host names does not see private zones at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from archtui.model.component import Component, Json
from archtui.trace import codes
from archtui.trace.interface import (
    AnswersNames,
    HasName,
    NameAnswer,
    NameWay,
    PassesQuestions,
    Question,
    Resolution,
    Resolved,
    Resolves,
    Walk,
    hop,
)
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, Hop, RuleRef, Step
from archtui.world.world import World

CHAIN_LIMIT = 16
"""A chain of more names is taken for a loop (resolvers give up after about as many)."""

_Dead: TypeAlias = tuple[float, tuple[Hop, ...]]
_Seen: TypeAlias = tuple[tuple[bool, int], Component, AnswersNames, str]
"""A zone that may answer: its rank (private before public, then by the length of its domain), itself, its domain."""


@dataclass(frozen=True)
class _Names:
    """Who answers for which name."""

    own: Mapping[str, tuple[Component, HasName]]
    zones: tuple[tuple[Component, AnswersNames, str, frozenset[str] | None], ...]
    passing: tuple[tuple[Component, PassesQuestions], ...]
    """What takes questions away from resolvers."""


def _names(world: World) -> _Names:
    own: dict[str, tuple[Component, HasName]] = {}
    for kind, named in world.with_behaviour(HasName):
        for component in world.of_kind(kind.name):
            for name in named.names(component, world):
                own.setdefault(name, (component, named))
    zones = tuple(
        (component, authority, authority.domain(component), authority.private_to(component, world))
        for kind, authority in world.with_behaviour(AnswersNames)
        for component in world.of_kind(kind.name)
    )
    passing = tuple(
        (component, passes)
        for kind, passes in world.with_behaviour(PassesQuestions)
        for component in world.of_kind(kind.name)
    )
    return _Names(own, zones, passing)


def owner_of_name(world: World, name: str) -> str | None:
    """Return the component whose own AWS name ``name`` is."""
    found = world.part(_names).own.get(name.lower().rstrip("."))
    return found[0].id if found else None


def resolve(walk: Walk, question: Question) -> Resolution:
    """Resolve ``question`` completely."""
    refusal = _refused(walk, question.asker)
    if refusal is not None:
        return Resolution((refusal,), (), ((1.0, ()),))
    name = question.name.lower().rstrip(".")
    return _kept(walk, replace(question, name=name)) or _resolve(walk, replace(question, name=name), ())


def _kept(walk: Walk, question: Question) -> Resolution | None:
    """Return what the client's resolver has in its cache, while its TTL lasts (facts dns_resolver-ttl-01, -02).

    The seconds left count from the failure; where time plays no part and something is broken they have passed.
    """
    origin, condition = question.origin, walk.condition
    time = condition.time if condition.time is not None else 0.0 if condition.is_healthy else math.inf
    kept = next((each for each in origin.kept if each.name == question.name), None) if origin else None
    if kept is None or time >= kept.seconds:
        return None
    left, facts = kept.seconds - time, ("dns_resolver-ttl-01",)
    resolver = walk.world.components[origin.resolver] if origin and origin.resolver in walk.world.components else None
    rule = RuleRef(resolver.id, f"cache of {resolver.id}", ("cache",)) if resolver else None
    values = [value for value in kept.values if (":" in value) == (question.type == "AAAA")]
    if not values:
        text = f"The resolver remembers that {question.name} has no such record, for {left:g} s more (RFC 2308)."
        step = Step("dns", Action.DENY, codes.DNS_CACHED_NEGATIVE, text, rule, facts=facts)
        return Resolution((_at_resolver(walk, resolver, question, step),), (), ((1.0, ()),))
    text = f"The resolver answers {question.name} with {', '.join(values)} from its cache, for {left:g} s more."
    after: dict[str, Json] = {"values": [*values], "ttl_left": left}
    step = Step("dns", Action.ANSWER, codes.DNS_CACHED, text, rule, after=after, facts=facts)
    ends = (walk.owner(value, question.asker) for value in values)
    answers = tuple(Resolved(1 / len(values), end, (), left) for end in ends)
    return Resolution((_at_resolver(walk, resolver, question, step),), answers)


def _at_resolver(walk: Walk, resolver: Component | None, question: Question, step: Step) -> Hop:
    return hop(resolver, step) if resolver else _at(walk, question, step)


def resolve_component(walk: Walk, component: Component, question: Question) -> Resolution:
    """Resolve the own name of ``component``, whatever it is called."""
    named = component.kind.behaviour(HasName)
    if named is None:
        return Resolution((), (), (), (f"the address of {component.id}",))
    refusal = _refused(walk, question.asker)
    if refusal is not None:
        return Resolution((refusal,), (), ((1.0, ()),))
    return _follow(walk, question, _own_answer(walk, component, named, question), ())


def _own_answer(walk: Walk, component: Component, named: HasName, question: Question) -> NameAnswer:
    """Return what the own name of ``component`` answers to a question for addresses of one family."""
    if question.type not in ("A", "AAAA"):
        return _without(component, question)
    answer = named.answer(component, question, walk)
    if not answer.ways:
        return answer
    if question.type == "A":
        kept = tuple(way for way in answer.ways if way.endpoint is None or ":" not in way.endpoint.address)
    elif not named.answers_ipv6(component):
        kept = tuple(way for way in answer.ways if way.endpoint and ":" in way.endpoint.address)
    else:
        found = ((way, named.ipv6_end(component, way.endpoint, question, walk)) for way in answer.ways if way.endpoint)
        kept = tuple(replace(way, endpoint=end) for way, end in found if end is not None)
    if not kept:
        return _without(component, question)
    total = math.fsum(way.weight for way in kept) / math.fsum(way.weight for way in answer.ways)
    return replace(answer, ways=tuple(replace(way, weight=way.weight / total) for way in kept))


def _without(component: Component, question: Question) -> NameAnswer:
    text = f"The name of {component.id} has no {question.type} record."
    rule = RuleRef(component.id, f"name of {component.id}")
    return NameAnswer((hop(component, Step("dns", Action.DENY, codes.DNS_NO_RECORD_OF_TYPE, text, rule)),))


def _refused(walk: Walk, asker: Endpoint) -> Hop | None:
    if asker.component not in walk.world.components:
        return None
    vpc = walk.world.placement(asker.component).vpc
    network = walk.world.components.get(vpc or "")
    resolver = network.kind.behaviour(Resolves) if network else None
    step = resolver.refusal(network) if network and resolver else None
    return hop(network, step) if network and step else None


def _resolve(walk: Walk, question: Question, chain: tuple[str, ...]) -> Resolution:
    if question.name in chain or len(chain) >= CHAIN_LIMIT:
        loop = " > ".join((*chain, question.name))
        step = Step("dns", Action.DENY, codes.DNS_CNAME_LOOP, f"The names go round in a circle: {loop}.")
        return Resolution((_at(walk, question, step),), (), ((1.0, ()),))
    chain = (*chain, question.name)
    taken = _passed_on(walk, question)
    if taken is not None:
        return _follow(walk, question, taken, chain)
    own = walk.world.part(_names).own.get(question.name)
    if own and own[1].known_to(own[0], question, walk):
        component, named = own
        return _follow(walk, question, _own_answer(walk, component, named, question), chain)
    seen, hidden = _zones_seen(walk, question)
    if not seen:
        missing = f"the address of {question.name}: no hosted zone of the design holds it"
        step = Step(
            "dns",
            Action.UNKNOWN,
            codes.DNS_NAME_OUTSIDE,
            f"No hosted zone of this design answers {question.name} here; who does is not known.",
            lost=tuple(hidden),
        )
        return Resolution((_at(walk, question, step),), (), ((1.0, ()),), (missing,))
    component, authority, chosen = _chosen(question, seen, hidden)
    answer = authority.answer(component, question, walk)
    lead = _asked_down(walk, question, authority.domain(component))
    return _follow(walk, question, replace(answer, hops=(*lead, hop(component, chosen), *answer.hops)), chain)


def _passed_on(walk: Walk, question: Question) -> NameAnswer | None:
    """Return what comes of a question that a rule takes away from the asker's resolver; None: none does.

    The most specific domain decides, a rule before a private zone of the same domain (Route 53 Developer Guide, "How
    VPC Resolver determines which domain name in a query matches any rules").
    """
    found = [
        (len(domain.split(".")) if domain else 0, component, passes)
        for component, passes in walk.world.part(_names).passing
        if (domain := passes.domain_for(component, question, walk)) is not None
    ]
    if not found:
        return None
    labels, component, passes = max(found, key=lambda each: each[0])
    seen, _ = _zones_seen(walk, question)
    if any(private and length > labels for (private, length), *_ in seen):
        return None
    return passes.pass_on(component, question, walk)


def _asked_down(walk: Walk, question: Question, domain: str) -> tuple[Hop, ...]:
    """Return the hop of a client's resolver that has nothing in its cache: from the root down to the zone
    (RFC 1034, 5.3.3)."""
    resolver = walk.world.components.get(question.origin.resolver) if question.origin else None
    if resolver is None or not domain:
        return ()
    labels = domain.split(".")
    below = [".".join(labels[at:]) for at in range(len(labels) - 1, -1, -1)]
    asked = ", then ".join(["the root's", *(f"{name}'s" for name in below)])
    text = f"{resolver.id} has no answer in its cache and asks name servers from above: {asked}."
    return (hop(resolver, Step("dns", Action.FORWARD, "", text, facts=("route53-tld-01",))),)


def _zones_seen(walk: Walk, question: Question) -> tuple[list[_Seen], list[RuleRef]]:
    """Return the zones that could answer the asker, and those that hold the name but are hidden from it."""
    asker = question.asker.component
    vpc = walk.world.placement(asker).vpc if asker in walk.world.components else None
    network = walk.world.components.get(vpc or "")
    resolver = network.kind.behaviour(Resolves) if network else None
    hidden = resolver.hides_private_zones(network) if network and resolver else ""
    seen: list[_Seen] = []
    lost: list[RuleRef] = []
    for component, authority, domain, private in walk.world.part(_names).zones:
        if question.name != domain and not question.name.endswith(f".{domain}"):
            continue
        if private is not None and (vpc not in private or hidden):
            where = f"not associated with {vpc}" if vpc else "private, and the question comes from outside its VPCs"
            where = hidden if vpc in private else where
            lost.append(RuleRef(component.id, f"private zone {domain}", ("vpcs",), where))
            continue
        seen.append(((private is not None, domain.count(".") + 1), component, authority, domain))
    seen.sort(key=lambda entry: entry[0], reverse=True)
    return seen, lost


def _chosen(question: Question, seen: list[_Seen], lost: list[RuleRef]) -> tuple[Component, AnswersNames, Step]:
    """Return the zone that answers, with the step that says why the others do not."""
    (private_zone, _), component, authority, domain = seen[0]
    for (other_private, _), other, _, other_domain in seen[1:]:
        why = f"{domain} is more specific" if other_private == private_zone else "a private zone goes first"
        lost.append(RuleRef(other.id, f"zone {other_domain}", ("name",), why))
    word = "private" if private_zone else "public"
    step = Step(
        "dns",
        Action.CHOOSE,
        "",
        f"The {word} zone {domain} answers for {question.name}.",
        RuleRef(component.id, f"{word} zone {domain}", ("name",)),
        tuple(lost),
        facts=("r53_private_zone-access-01",) if private_zone else ("r53_public_zone-definition-01",),
    )
    return component, authority, step


def _follow(walk: Walk, question: Question, answer: NameAnswer, chain: tuple[str, ...]) -> Resolution:
    """Follow each way of ``answer`` to its end."""
    found: list[Resolved] = []
    rest = 1.0 - math.fsum(way.weight for way in answer.ways)
    dead: list[_Dead] = [(rest, ())] if rest > 1e-9 else []
    missing: dict[str, None] = dict.fromkeys(answer.missing)
    for way in answer.ways:
        if way.endpoint is not None:
            found.append(Resolved(way.weight, way.endpoint, way.hops, way.ttl))
            continue
        further = _further(walk, question, way, chain)
        missing.update(dict.fromkeys(further.missing))
        for resolved in further.answers:
            hops = (*way.hops, *further.hops, *resolved.hops)
            ttls = [ttl for ttl in (way.ttl, resolved.ttl) if ttl is not None]
            found.append(Resolved(way.weight * resolved.weight, resolved.endpoint, hops, min(ttls, default=None)))
        dead += [(way.weight * weight, (*way.hops, *further.hops, *hops)) for weight, hops in further.dead]
    return _common(Resolution(answer.hops, tuple(found), tuple(dead), tuple(missing)))


def _further(walk: Walk, question: Question, way: NameWay, chain: tuple[str, ...]) -> Resolution:
    if way.name:
        on = replace(question, name=way.name.lower().rstrip("."))
        if way.asker is not None:
            on = replace(on, asker=way.asker, origin=None, country=None)
            passed = f"{on.name} by {way.asker.component}"
            return _resolve(walk, on, (*(name for name in chain if name != on.name), passed))
        return _resolve(walk, on, chain)
    component = walk.world.components[way.component]
    if component.kind.behaviour(HasName):
        return resolve_component(walk, component, question)
    interfaces = walk.interfaces(component.id)
    if not interfaces:
        return Resolution((), (), ((1.0, ()),), (f"the address of {component.id}",))
    nic = interfaces[0]
    if question.type == "AAAA":
        six = walk.over_ipv6(nic, public=not question.asker.interface)
        if six is not None:
            return Resolution((), (Resolved(1.0, six, (), way.ttl),))
        return Resolution(_without(component, question).hops, (), ((1.0, ()),))
    if ":" in nic.address:
        return Resolution(_without(component, question).hops, (), ((1.0, ()),))
    public = walk.public_address(nic)
    return Resolution((), (Resolved(1.0, replace(nic, address=public or nic.address), (), way.ttl),))


def _common(resolution: Resolution) -> Resolution:
    """Move the hops that all answers share to the front."""
    tails = [answer.hops for answer in resolution.answers] + [hops for _, hops in resolution.dead]
    shared = 0
    while tails and all(len(tail) > shared and tail[shared] == tails[0][shared] for tail in tails):
        shared += 1
    if not shared:
        return resolution
    return Resolution(
        (*resolution.hops, *tails[0][:shared]),
        tuple(replace(answer, hops=answer.hops[shared:]) for answer in resolution.answers),
        tuple((weight, hops[shared:]) for weight, hops in resolution.dead),
        resolution.missing,
    )


def _at(walk: Walk, question: Question, step: Step) -> Hop:
    """Return a hop at the asker, for steps of no zone."""
    component = walk.world.components.get(question.asker.component)
    return Hop(question.asker.component, component.kind.name if component else "internet", (step,))
