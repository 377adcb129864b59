"""Routing policies: which records of a set Route 53 answers with, in which shares."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from archtui.model.component import Component
from archtui.services.route53.places import REGIONS, Position, biased, continent_of, distance
from archtui.services.route53.properties import RecordProperties
from archtui.trace import codes
from archtui.trace.interface import Health, NameAnswer, NameWay, Question, hop
from archtui.world.steps import Action, Hop, RuleRef, Step

MULTIVALUE_LIMIT = 8
"""Multivalue answers hold at most eight records (fact route53-multivalue-01)."""


@dataclass(frozen=True)
class Candidate:
    """A record of the set, its health and what it would answer."""

    record: Component
    properties: RecordProperties
    health: Health
    content: Callable[[Question], NameAnswer]

    @property
    def label(self) -> str:
        """The record as a person tells it from the others of its set."""
        p = self.properties
        place = (
            p.region
            or p.subdivision
            or p.country
            or p.continent
            or (f"weight {p.weight}" if p.weight is not None else "")
        )
        part = p.failover or p.set_id or place
        return f"{self.record.id} ({part})" if part else self.record.id

    @property
    def checked(self) -> bool:
        """Whether anything tells Route 53 of its health."""
        return bool(self.properties.health_check or (self.properties.alias and self.properties.evaluate_target_health))


def choose(question: Question, candidates: Sequence[Candidate]) -> NameAnswer:
    """Answer ``question`` from the records of one name and type."""
    policies = {candidate.properties.policy for candidate in candidates}
    failover = {candidate.properties.failover for candidate in candidates} - {None}
    policy = "failover" if failover else next(iter(sorted(policies)))
    if len(policies | ({"failover"} if failover else set())) > 1 and len(policies) > 1:
        return _undecided(question, candidates, f"records of {question.name} with several routing policies")
    match policy:
        case "failover":
            return _failover(question, candidates)
        case "weighted":
            return _weighted(question, candidates)
        case "multivalue":
            return _shares(question, candidates, lambda _: 1.0, "one of up to eight healthy records")
        case "latency":
            return _latency(question, candidates)
        case "geolocation":
            return _geolocation(question, candidates)
        case "simple":
            return _simple(question, candidates)
        case "geoproximity":
            return _geoproximity(question, candidates)
        case _:
            return _ip_based(question, candidates)


def _simple(question: Question, candidates: Sequence[Candidate]) -> NameAnswer:
    if len(candidates) == 1:
        return candidates[0].content(question)
    names = ", ".join(candidate.record.id for candidate in candidates)
    step = Step(
        "dns",
        Action.UNKNOWN,
        codes.DNS_RECORD_CONFLICT,
        f"{names} are all simple records of {question.name}; Route 53 keeps only one of a name and type.",
        RuleRef(candidates[0].record.id, question.name, ("policy",)),
    )
    return NameAnswer((hop(candidates[0].record, step),), (), (f"which of {names} answers for {question.name}",))


def _failover(question: Question, candidates: Sequence[Candidate]) -> NameAnswer:
    """Answer with the primary while it is healthy (fact route53-failover-01); with it again if nothing is."""
    primary = next((c for c in candidates if c.properties.failover == "primary"), None)
    second = next((c for c in candidates if c.properties.failover == "secondary"), None)
    if primary is None or second is None:
        only = primary or second or candidates[0]
        if primary is None:
            text = f"{question.name} has a secondary record but no primary one."
            step = Step("dns", Action.CHOOSE, codes.DNS_FAILOVER_WITHOUT_PRIMARY, text, RuleRef(only.record.id, text))
            return _before(hop(only.record, step), only.content(question))
        return only.content(question)
    if not primary.checked:
        text = (
            f"{primary.record.id} has no health check, so it is answered whatever its state; "
            f"{second.record.id} never takes over."
        )
        step = Step(
            "dns",
            Action.CHOOSE,
            codes.DNS_FAILOVER_WITHOUT_HEALTH_CHECK,
            text,
            RuleRef(primary.record.id, primary.label, ("health_check",)),
            (RuleRef(second.record.id, second.label, ("failover",), "the primary always counts as healthy"),),
            facts=("route53-failover-02",),
        )
        return _before(hop(primary.record, step), primary.content(question))
    if primary.health.healthy is None:
        return _undecided(question, candidates, primary.health.why)
    winner, loser, code = primary, second, ""
    if primary.health.healthy:
        text, why = f"The primary {primary.record.id} is healthy: {primary.health.why}.", "the primary is healthy"
    elif second.health.healthy is False:
        code = codes.DNS_ALL_UNHEALTHY
        text, why = f"Both records of {question.name} are unhealthy, so the primary is answered.", second.health.why
    else:
        winner, loser, code = second, primary, codes.DNS_ANSWER_UNHEALTHY
        text = f"The primary {primary.record.id} is unhealthy ({primary.health.why}): the secondary is answered."
        why = f"unhealthy: {primary.health.why}"
    rule = RuleRef(winner.record.id, winner.label, ("failover",))
    lost = (RuleRef(loser.record.id, loser.label, ("failover",), why),)
    step = Step("dns", Action.CHOOSE, code, text, rule, lost, facts=("route53-failover-01",))
    return _before(hop(winner.record, step), winner.content(question))


def _weighted(question: Question, candidates: Sequence[Candidate]) -> NameAnswer:
    """Share by weight; zero means never, unless all are zero (fact route53-weighted-02), or all others are unhealthy
    (Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured")."""
    if all(not candidate.properties.weight for candidate in candidates):
        return _shares(question, candidates, lambda _: 1.0, "all weights are 0, so all count alike")
    last = [c for c in candidates if not c.properties.weight]
    if all(c.health.healthy is False for c in candidates if c.properties.weight) and any(
        c.health.healthy is not False for c in last
    ):
        return _shares(question, last, lambda _: 1.0, "all records with a weight are unhealthy")
    return _shares(question, candidates, lambda c: float(c.properties.weight or 0), "by weight")


def _latency(question: Question, candidates: Sequence[Candidate]) -> NameAnswer:
    """Answer with the region of the lowest latency, as far as the design says which that is.

    Source: facts route53-latency-01, route53-latency-02; AWS's own measurements are not published.
    """
    if len(candidates) == 1:
        return candidates[0].content(question)
    known = question.origin.latencies if question.origin else {}
    if known and all((c.properties.region or "") in known for c in candidates):
        ordered = sorted(candidates, key=lambda c: known[c.properties.region or ""])
        first = ordered[0].properties.region
        return _in_order(question, ordered, f"{first} has the lowest latency ({known[first or ''] * 1000:g} ms)")
    here = [c for c in candidates if c.properties.region == question.region and question.region]
    if not here:
        return _undecided(question, candidates, f"the AWS region nearest to {question.asker.component}")
    return _preferred(question, candidates, here[0], f"{question.region} has the lowest latency")


def _geolocation(question: Question, candidates: Sequence[Candidate]) -> NameAnswer:
    """Match state, country, continent, then the default record; an unhealthy one leaves the next larger place.

    Source: facts route53-geolocation-01 and -02; Route 53 Developer Guide, "How Amazon Route 53 chooses records when
    health checking is configured".
    """
    country = question.country
    placed = [c for c in candidates if c.properties.country != "*"]
    if country is None and placed:
        return _undecided(question, candidates, f"the country of {question.asker.component}")
    continent = continent_of(country) if country else None
    if country and continent is None and any(c.properties.continent for c in candidates):
        return _undecided(question, candidates, f"the continent of {country}")
    state = question.origin.subdivision if question.origin else ""
    if not state and any(c.properties.subdivision and c.properties.country == country for c in candidates):
        return _undecided(question, candidates, f"the state of {question.asker.component} within {country}")
    ordered = [c for c in placed if c.properties.subdivision == state and state and c.properties.country == country]
    ordered += [c for c in placed if c.properties.country == country and not c.properties.subdivision]
    ordered += [c for c in placed if c.properties.continent == continent and continent]
    ordered += [c for c in candidates if c.properties.country == "*"]
    if not ordered:
        return _nowhere(question, candidates, f"is for {country}", "country", "another place")
    return _in_order(question, ordered, f"the client is in {country or 'no known place'}", candidates)


def _geoproximity(question: Question, candidates: Sequence[Candidate]) -> NameAnswer:
    """Answer with the nearest resource that is available, distances changed by each record's bias."""
    if len(candidates) == 1:
        return candidates[0].content(question)
    client = question.origin.position if question.origin else None
    client = client or REGIONS.get(question.region or "")
    places = [_place(candidate) for candidate in candidates]
    if client is None or None in places:
        lacks = next((c.record.id for c, place in zip(candidates, places, strict=True) if place is None), "")
        return _undecided(question, candidates, f"the place of {lacks or question.asker.component}")
    far = {
        candidate.record.id: biased(distance(client, place), candidate.properties.bias)
        for candidate, place in zip(candidates, places, strict=True)
        if place is not None
    }
    ordered = sorted(candidates, key=lambda c: far[c.record.id])
    first = ordered[0]
    bias = f" with a bias of {first.properties.bias:+d}" if first.properties.bias else ""
    return _in_order(question, ordered, f"it is the nearest{bias} ({far[first.record.id]:.0f} km)")


def _place(candidate: Candidate) -> Position | None:
    properties = candidate.properties
    if properties.latitude is not None and properties.longitude is not None:
        return properties.latitude, properties.longitude
    return REGIONS.get(properties.region or "")


def _ip_based(question: Question, candidates: Sequence[Candidate]) -> NameAnswer:
    """Answer by the block the asking address is in, the longest first, then the default.

    Source: fact route53-ip-01; Route 53 Developer Guide, "IP-based routing": the most specific CIDR block counts.
    """
    origin = question.origin
    seen = origin.asks_from if origin and origin.hidden else question.asker.address
    if not seen:
        return _undecided(question, candidates, f"the address that {question.asker.component} asks from")
    address = ipaddress.ip_address(seen)
    found: list[tuple[int, int, Candidate]] = []
    for index, candidate in enumerate(candidates):
        fits = [
            ipaddress.ip_network(block).prefixlen
            for block in candidate.properties.cidrs
            if block != "*" and address in ipaddress.ip_network(block)
        ]
        if "*" in candidate.properties.cidrs:
            fits.append(-1)
        if fits:
            found.append((-max(fits), index, candidate))
    if not found:
        return _nowhere(question, candidates, f"has a block with {seen}", "cidrs", "another block")
    first = min(found, key=lambda item: item[:2])[2]
    if first.health.healthy is False and len(candidates) > 1:
        return _undecided(question, candidates, f"what is answered where {first.record.id} is unhealthy")
    return _preferred(question, candidates, first, f"the question comes from {seen}")


def _nowhere(question: Question, candidates: Sequence[Candidate], what: str, key: str, why: str) -> NameAnswer:
    text = f"No record of {question.name} {what}, and there is no default record."
    lost = tuple(RuleRef(c.record.id, c.label, (key,), why) for c in candidates)
    first = candidates[0].record
    step = Step("dns", Action.DENY, codes.DNS_NO_LOCATION_MATCH, text, RuleRef(first.id, text, (key,)), lost)
    return NameAnswer((hop(first, step),))


def _in_order(
    question: Question, ordered: Sequence[Candidate], why: str, every: Sequence[Candidate] = ()
) -> NameAnswer:
    """Answer with the first healthy record of ``ordered``; with the first where none is healthy."""
    unsure = next((c for c in ordered if c.health.healthy is not False), None)
    if unsure is not None and unsure.health.healthy is None:
        return _undecided(question, ordered, unsure.health.why)
    first, winner = ordered[0], unsure or ordered[0]
    passed = ordered[: ordered.index(winner)] if unsure else ordered[1:]
    lost = [RuleRef(c.record.id, c.label, (), c.health.why) for c in passed]
    lost += [
        RuleRef(c.record.id, c.label, (), "another place")
        for c in (every or ordered)
        if c is not winner and c not in passed
    ]
    code, text = "", f"{winner.label} is answered: {why}."
    if unsure is None:
        code, text = codes.DNS_ALL_UNHEALTHY, f"No record of {question.name} is healthy: {first.label} is answered."
    elif winner is not first:
        code = codes.DNS_ANSWER_UNHEALTHY
        text = f"{first.label} would be answered ({why}), but is unhealthy: {winner.label} comes next."
    step = Step("dns", Action.CHOOSE, code, text, RuleRef(winner.record.id, winner.label), tuple(lost))
    return _before(hop(winner.record, step), winner.content(question))


def _preferred(question: Question, candidates: Sequence[Candidate], first: Candidate, why: str) -> NameAnswer:
    """Answer with ``first`` if it is healthy, with another healthy record otherwise."""
    if first.health.healthy is None:
        return _undecided(question, candidates, first.health.why)
    healthy = [c for c in candidates if c.health.healthy]
    if first.health.healthy or not healthy:
        lost = tuple(RuleRef(c.record.id, c.label, (), "another place") for c in candidates if c is not first)
        step = Step(
            "dns", Action.CHOOSE, "", f"{first.label} is answered: {why}.", RuleRef(first.record.id, first.label), lost
        )
        return _before(hop(first.record, step), first.content(question))
    if len(healthy) > 1:
        return _undecided(question, candidates, f"which of the healthy records comes after {first.record.id}")
    text = f"{first.label} would be answered ({why}), but is unhealthy: {first.health.why}."
    lost = (RuleRef(first.record.id, first.label, (), first.health.why),)
    winner = healthy[0]
    step = Step("dns", Action.CHOOSE, codes.DNS_ANSWER_UNHEALTHY, text, RuleRef(winner.record.id, winner.label), lost)
    return _before(hop(winner.record, step), winner.content(question))


def _shares(
    question: Question, candidates: Sequence[Candidate], weigh: Callable[[Candidate], float], why: str
) -> NameAnswer:
    """Answer with each healthy record by its weight; with all of them where none is healthy."""
    undecided = next((c for c in candidates if c.health.healthy is None), None)
    if undecided:
        return _undecided(question, candidates, undecided.health.why)
    healthy = [c for c in candidates if c.health.healthy and weigh(c) > 0]
    code = "" if len([c for c in candidates if c.health.healthy]) == len(candidates) else codes.DNS_ANSWER_UNHEALTHY
    if not healthy:
        healthy, code = [c for c in candidates if weigh(c) > 0], codes.DNS_ALL_UNHEALTHY
    lost = tuple(
        RuleRef(c.record.id, c.label, (), c.health.why if not c.health.healthy else "its weight is 0")
        for c in candidates
        if c not in healthy
    )
    total = sum(weigh(c) for c in healthy)
    hops: dict[Hop, None] = {}
    ways: list[NameWay] = []
    missing: list[str] = []
    for candidate in healthy:
        share = weigh(candidate) / total
        text = f"{candidate.label} is answered to {share * 100:.4g} % of the questions: {why}."
        step = Step("dns", Action.CHOOSE, code, text, RuleRef(candidate.record.id, candidate.label), lost)
        content = candidate.content(question)
        lead = (hop(candidate.record, step), *content.hops)
        missing.extend(content.missing)
        if not content.ways:
            hops.update(dict.fromkeys(lead))
        ways += [replace(way, weight=share * way.weight, hops=(*lead, *way.hops)) for way in content.ways]
    return NameAnswer(tuple(hops), tuple(ways), tuple(missing))


def _before(first: Hop, answer: NameAnswer) -> NameAnswer:
    return replace(answer, hops=(first, *answer.hops))


def _undecided(question: Question, candidates: Sequence[Candidate], missing: str) -> NameAnswer:
    first = candidates[0].record
    text = f"Which record of {question.name} is answered cannot be decided, missing: {missing}."
    lost = tuple(RuleRef(c.record.id, c.label, (), "may be answered") for c in candidates)
    step = Step("dns", Action.UNKNOWN, codes.DNS_POLICY_UNDECIDED, text, RuleRef(first.id, text), lost)
    return NameAnswer((hop(first, step),), (), (missing,))
