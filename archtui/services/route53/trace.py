"""How Route 53 answers: zones, records, routing policies, health checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel

from archtui.model.component import Component, Json
from archtui.model.errors import did_you_mean
from archtui.network.addresses import is_address
from archtui.services.route53.delegation import refusal
from archtui.services.route53.expand import full_name as whole_name
from archtui.services.route53.health import record_health
from archtui.services.route53.policies import Candidate, choose
from archtui.services.route53.properties import HostedZoneProperties, RecordProperties, TrafficPolicyProperties
from archtui.services.route53.tree import tree_answer
from archtui.trace import codes
from archtui.trace.interface import (
    AnswersNames,
    HasHealth,
    HasName,
    Health,
    NameAnswer,
    NameWay,
    Question,
    StandsForName,
    Walk,
    hop,
)
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

NS_TTL = 172800.0
"""The TTL of the NS record that Route 53 makes for a zone."""
DEFAULT_TTL = 300.0
ALIAS_TTL = 60.0
"""An alias to a load balancer answers with its TTL (Route 53 Developer Guide, "Choosing between alias and
non-alias records")."""
P = TypeVar("P", bound=BaseModel)


def _properties(component: Component, model: type[P]) -> P:
    properties = component.properties
    if not isinstance(properties, model):
        raise TypeError(f"{component.id} is no {model.__name__}")
    return properties


def domain_of(zone: Component) -> str:
    """Return the domain of a hosted zone, lower case, without the final dot."""
    return _properties(zone, HostedZoneProperties).name.lower().rstrip(".")


def full_name(record: Component, world: World) -> str:
    """Return the full name of a record or traffic policy, lower case, without the final dot."""
    properties = record.properties
    if not isinstance(properties, RecordProperties | TrafficPolicyProperties):
        raise TypeError(f"{record.id} is no record")
    return whole_name(properties.name, domain_of(world.components[properties.zone]))


def records_of(zone: Component, world: World) -> tuple[Component, ...]:
    """Return the records and traffic policies of a zone in the document's order."""
    found = {edge.source for edge in world.referrers(zone.id) if edge.path == ("zone",)}
    return tuple(component for name, component in world.components.items() if name in found)


def _type(record: Component) -> str:
    properties = record.properties
    return properties.type if isinstance(properties, RecordProperties | TrafficPolicyProperties) else ""


class ZoneAnswers(AnswersNames, StandsForName):
    """A hosted zone answers from its records."""

    def domain(self, component: Component) -> str:
        return domain_of(component)

    def host_name(self, component: Component, world: World) -> str:
        return domain_of(component)

    def private_to(self, component: Component, world: World) -> frozenset[str] | None:
        """A VPC of another account needs the authorization of the zone's owner (Route 53 Developer Guide,
        "Associating an Amazon VPC and a private hosted zone that you created with different AWS accounts")."""
        properties = _properties(component, HostedZoneProperties)
        if not properties.private:
            return None
        own = properties.account or world.blueprint.account
        granted = properties.vpcs if properties.authorized is None else properties.authorized
        return frozenset(vpc for vpc in properties.vpcs if vpc in granted or world.placement(vpc).account == own)

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        if walk.is_down(component.id):
            step = Step(
                "dns", Action.DENY, codes.BAD_STATE, f"{component.id} does not answer.", RuleRef(component.id, "")
            )
            return NameAnswer((hop(component, step),))
        refused = refusal(component, question, walk.world)
        if refused is not None:
            return refused
        records = [
            (full_name(record, walk.world), record)
            for record in records_of(component, walk.world)
            if not walk.is_down(record.id)
        ]
        named = [record for name, record in records if name == question.name]
        if not named:
            named = _wildcard(question.name, domain_of(component), records)
        own = _of_zone(component, question) if question.name == domain_of(component) else None
        if not named and own is None:
            return _missing(component, question, records)
        typed = [r for r in named if _type(r) == question.type]
        alias_names = [r for r in named if _type(r) == "CNAME"]
        if alias_names and len(alias_names) < len(named) and question.name != domain_of(component):
            return _conflict(alias_names[0], named, question)
        if not typed and alias_names:
            return _cname(component, alias_names, question, walk)
        if not typed and own is not None:
            return own
        if not typed:
            return _other_types(component, named, question)
        policy = next((record for record in typed if isinstance(record.properties, TrafficPolicyProperties)), None)
        if policy is not None:
            return tree_answer(policy, question, walk)
        return choose(question, [_candidate(record, walk) for record in typed])


def negative_ttl(zone: Component) -> int:
    """Return the seconds a resolver keeps that a name or type is missing (RFC 2308, 5: the lesser of the SOA
    record's TTL and its minimum)."""
    properties = _properties(zone, HostedZoneProperties)
    return min(properties.soa_ttl, properties.soa_minimum)


def _missing(zone: Component, question: Question, records: Sequence[tuple[str, Component]]) -> NameAnswer:
    near = did_you_mean(question.name, [name for name, _ in records])
    domain = domain_of(zone)
    text = f"The zone {domain} has no record {question.name}{'; ' + near if near else '.'}"
    step = Step(
        "dns",
        Action.DENY,
        codes.DNS_NAME_NOT_FOUND,
        text,
        RuleRef(zone.id, "no record of this name"),
        tuple(RuleRef(record.id, name, ("name",), "another name") for name, record in records),
        after={"rcode": "NXDOMAIN", "negative_ttl": negative_ttl(zone)},
    )
    return NameAnswer((hop(zone, step),))


def _other_types(zone: Component, named: Sequence[Component], question: Question) -> NameAnswer:
    types = ", ".join(sorted({_type(record) for record in named}))
    text = f"{question.name} has no {question.type} record, only {types}."
    rule = RuleRef(named[0].id, text, ("type",))
    after: dict[str, Json] = {"rcode": "NOERROR", "negative_ttl": negative_ttl(zone)}
    step = Step("dns", Action.DENY, codes.DNS_NO_RECORD_OF_TYPE, text, rule, after=after)
    return NameAnswer((hop(named[0], step),))


def _of_zone(zone: Component, question: Question) -> NameAnswer | None:
    """Return what a zone answers at its apex without a record of the design: its name servers, its SOA record.

    Source: Route 53 Developer Guide, "NS and SOA records that Amazon Route 53 creates for a public hosted zone".
    """
    properties = _properties(zone, HostedZoneProperties)
    servers = tuple(f"{server.rstrip('.')}." for server in properties.name_servers)
    first = servers[0] if servers else "ns-0.awsdns-00.com."
    if question.type == "SOA":
        values: tuple[str, ...] = (
            f"{first} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 {properties.soa_minimum}",
        )
        ttl = float(properties.soa_ttl)
    elif question.type == "NS" and servers:
        values, ttl = servers, NS_TTL
    else:
        return None
    text = f"{question.name} is {question.type} {', '.join(values)}, kept for {ttl:g} s."
    after: dict[str, Json] = {"name": question.name, "type": question.type, "values": list(values), "ttl": ttl}
    rule = RuleRef(zone.id, f"{question.type} {question.name}", ("name_servers",))
    ways = tuple(NameWay(1 / len(values), Endpoint(zone.id, value), ttl=ttl) for value in values)
    return NameAnswer((hop(zone, Step("dns", Action.ANSWER, "", text, rule, after=after)),), ways)


def _wildcard(name: str, domain: str, records: Sequence[tuple[str, Component]]) -> list[Component]:
    """Return the records of the nearest wildcard that covers ``name`` (RFC 4592)."""
    above = name
    while above != domain and "." in above:
        above = above.partition(".")[2]
        found = [record for other, record in records if other == f"*.{above}"]
        if found:
            return found
        if any(other == above for other, _ in records) and above != domain:
            return []
    return []


def _conflict(cname: Component, named: Sequence[Component], question: Question) -> NameAnswer:
    """Leave open what is answered where a CNAME stands beside other records of its name: Route 53 takes either alone
    (Route 53 Developer Guide, "Supported DNS record types": CNAME record type)."""
    others = ", ".join(record.id for record in named if _type(record) != "CNAME")
    text = f"{cname.id} is a CNAME of {question.name}, beside which {others} cannot stand; Route 53 keeps either alone."
    rule = RuleRef(cname.id, f"CNAME {question.name}", ("type",))
    step = Step("dns", Action.UNKNOWN, codes.DNS_RECORD_CONFLICT, text, rule)
    return NameAnswer((hop(cname, step),), (), (f"which record of {question.name} there is",))


def _cname(zone: Component, records: list[Component], question: Question, walk: Walk) -> NameAnswer:
    if question.name == domain_of(zone):
        record = records[0]
        target = _properties(record, RecordProperties)
        shown = target.alias or ", ".join(target.values) or "nothing"
        step = Step(
            "dns",
            Action.DENY,
            codes.DNS_CNAME_AT_APEX,
            f"{question.name} is the zone's apex, where a CNAME (to {shown}) cannot stand; use an alias record.",
            RuleRef(record.id, f"CNAME {question.name}", ("type",)),
            facts=("route53-cname-01", "route53-alias-01"),
        )
        return NameAnswer((hop(record, step),))
    return choose(question, [_candidate(record, walk) for record in records])


def _candidate(record: Component, walk: Walk) -> Candidate:
    """Return a record with its health as Route 53 knows it now and what it would answer."""
    properties = _properties(record, RecordProperties)
    health = walk.once(
        ("route53", record.id), lambda: record_health(record, walk), Health(None, "its health depends on itself")
    )

    def content(question: Question) -> NameAnswer:
        found = _content(record, properties, question, walk)
        return _stale(record, health, found) if health.code == codes.DNS_STALE_ANSWER else found

    return Candidate(record, properties, health, content)


def _stale(record: Component, health: Health, answer: NameAnswer) -> NameAnswer:
    """Say of an answer that the failure has made it wrong and that it is given nevertheless."""
    rule = RuleRef(record.id, f"{record.id} as before the failure", ("health_check",))
    facts = ("dns_resolver-ttl-01", "r53_health_check-failover-01")
    text = f"{record.id} is still answered although it is unhealthy: {health.why.partition('; ')[2]}."
    step = Step("dns", Action.CHOOSE, codes.DNS_STALE_ANSWER, text, rule, facts=facts)
    return replace(answer, hops=(hop(record, step), *answer.hops))


class TrafficPolicyName(StandsForName):
    """A traffic policy stands for the name that it answers for."""

    def host_name(self, component: Component, world: World) -> str:
        return full_name(component, world)


class RecordBehaviour(StandsForName, HasHealth):
    """A record stands for its name and, as an alias target, for its own health."""

    def host_name(self, component: Component, world: World) -> str:
        return full_name(component, world)

    def health(self, component: Component, walk: Walk) -> Health:
        return _candidate(component, walk).health


def _content(record: Component, properties: RecordProperties, question: Question, walk: Walk) -> NameAnswer:
    """Return what a record answers once it is chosen."""
    name = question.name
    if properties.alias:
        return _alias(record, properties.alias, name, walk)
    ttl = float(properties.ttl) if properties.ttl is not None else DEFAULT_TTL
    if not properties.values:
        step = Step(
            "dns",
            Action.DENY,
            codes.DNS_RECORD_EMPTY,
            f"{name} has neither values nor an alias.",
            RuleRef(record.id, name),
        )
        return NameAnswer((hop(record, step),))
    shown = ", ".join(properties.values)
    step = Step(
        "dns",
        Action.ANSWER,
        "",
        f"{name} is {properties.type} {shown}, kept for {ttl:g} s.",
        RuleRef(record.id, f"{properties.type} {name} {shown}", ("values",)),
        after={"name": name, "type": properties.type, "values": list(properties.values), "ttl": ttl},
    )
    if properties.type == question.type and question.type not in ("A", "AAAA"):
        ends = tuple(
            NameWay(1 / len(properties.values), Endpoint(record.id, value), ttl=ttl) for value in properties.values
        )
        return NameAnswer((hop(record, step),), ends)
    share = 1 / len(properties.values)
    ways = tuple(_value(value, share, ttl, question, walk) for value in properties.values)
    return NameAnswer((hop(record, step),), ways)


def _value(value: str, share: float, ttl: float, question: Question, walk: Walk) -> NameWay:
    if is_address(value):
        return NameWay(share, walk.owner(value, question.asker), ttl=ttl)
    if value in walk.world.components:
        return NameWay(share, component=value, ttl=ttl)
    return NameWay(share, name=value, ttl=ttl)


def _alias(record: Component, alias: str, name: str, walk: Walk) -> NameAnswer:
    target = walk.world.components[alias]
    rule = RuleRef(record.id, f"alias {name} to {alias}", ("alias",))
    stands = target.kind.behaviour(StandsForName)
    if stands is None and target.kind.behaviour(HasName) is None and not target.kind.stands_in:
        text = f"{name} is an alias of {alias}, and a {target.kind.title} has no AWS name an alias could follow."
        step = Step("dns", Action.DENY, codes.DNS_ALIAS_TARGET_UNSUITABLE, text, rule)
        return NameAnswer((hop(record, step),))
    step = Step(
        "dns",
        Action.ANSWER,
        "",
        f"{name} is an alias of {alias}: the answer is {alias}'s own.",
        rule,
        after={"name": name, "alias": alias, "ttl": ALIAS_TTL},
        facts=("route53-alias-01",),
    )
    if stands is not None:
        return NameAnswer((hop(record, step),), (NameWay(1.0, name=stands.host_name(target, walk.world)),))
    return NameAnswer((hop(record, step),), (NameWay(1.0, component=alias, ttl=ALIAS_TTL),))
