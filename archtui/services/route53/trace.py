"""How Route 53 answers: zones, records, routing policies, health checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from archtui.model.blueprint import INTERNET
from archtui.model.component import Component
from archtui.model.errors import did_you_mean
from archtui.services.route53.delegation import refusal
from archtui.services.route53.policies import Candidate, choose
from archtui.services.route53.properties import HealthCheckProperties, HostedZoneProperties, RecordProperties
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
from archtui.trace.message import Endpoint, Http, Message
from archtui.trace.request import is_address
from archtui.world.steps import Action, RuleRef, Step, Verdict
from archtui.world.world import World

CHECKER = "15.177.0.10"
"""An address of Route 53's health checkers (15.177.0.0/18 of ip-ranges.json, service ROUTE53_HEALTHCHECKS)."""
CHECKERS_NEEDED = 0.18
"""More than this share of checkers makes an endpoint healthy (fact r53_health_check-threshold-01)."""
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
    """Return the full name of a record, lower case, without the final dot."""
    properties = _properties(record, RecordProperties)
    domain = domain_of(world.components[properties.zone])
    name = properties.name.lower().rstrip(".")
    if name in ("@", "", domain):
        return domain
    return name if name.endswith(f".{domain}") else f"{name}.{domain}"


def records_of(zone: Component, world: World) -> tuple[Component, ...]:
    """Return the records of a zone in the document's order."""
    found = {edge.source for edge in world.referrers(zone.id) if edge.path == ("zone",)}
    return tuple(component for name, component in world.components.items() if name in found)


class ZoneAnswers(AnswersNames, StandsForName):
    """A hosted zone answers from its records."""

    def domain(self, component: Component) -> str:
        return domain_of(component)

    def host_name(self, component: Component, world: World) -> str:
        return domain_of(component)

    def private_to(self, component: Component) -> frozenset[str] | None:
        properties = _properties(component, HostedZoneProperties)
        return frozenset(properties.vpcs) if properties.private else None

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
        if not named:
            near = did_you_mean(question.name, [name for name, _ in records])
            text = f"The zone {domain_of(component)} has no record {question.name}{'; ' + near if near else '.'}"
            step = Step(
                "dns",
                Action.DENY,
                codes.DNS_NAME_NOT_FOUND,
                text,
                RuleRef(component.id, "no record of this name"),
                tuple(RuleRef(record.id, name, ("name",), "another name") for name, record in records),
            )
            return NameAnswer((hop(component, step),))
        typed = [r for r in named if _properties(r, RecordProperties).type == question.type]
        alias_names = [r for r in named if _properties(r, RecordProperties).type == "CNAME"]
        if not typed and alias_names:
            return _cname(component, alias_names, question, walk)
        if not typed:
            types = sorted({_properties(r, RecordProperties).type for r in named})
            text = f"{question.name} has no {question.type} record, only {', '.join(types)}."
            step = Step("dns", Action.DENY, codes.DNS_NO_RECORD_OF_TYPE, text, RuleRef(named[0].id, text, ("type",)))
            return NameAnswer((hop(named[0], step),))
        return choose(question, [_candidate(record, walk) for record in typed])


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
    return Candidate(record, properties, health, lambda question: _content(record, properties, question, walk))


def record_health(record: Component, walk: Walk) -> Health:
    """Return a record's health: of its health check, and of its alias target where that is evaluated.

    Before the failover has taken effect Route 53 still goes by what was true before the failure.
    """
    properties = _properties(record, RecordProperties)
    seen = walk.perceived(f"route53.failover_record:{record.id}")
    parts: list[Health] = []
    if properties.health_check:
        check = seen.world.components[properties.health_check]
        parts.append(_check_health(check, seen))
    if properties.alias and properties.evaluate_target_health:
        target = seen.world.components.get(properties.alias)
        asks = target.kind.behaviour(HasHealth) if target else None
        if target and asks:
            parts.append(asks.health(target, seen))
        elif target and target.kind.stands_in:
            parts.append(Health(None, f"the health of {target.id} is not known: it is not modelled"))
    for wanted in (False, None):
        for part in parts:
            if part.healthy is wanted:
                return part
    return parts[0] if parts else Health(True, "nothing checks it")


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
    if properties.type not in ("A", "AAAA", "CNAME"):
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


# -- health checks --------------------------------------------------------------------------------


class HealthCheckBehaviour(HasHealth):
    """A health check asks its endpoint from the internet, or combines other checks."""

    def health(self, component: Component, walk: Walk) -> Health:
        return _check_health(component, walk)


def _check_health(check: Component, walk: Walk) -> Health:
    make: Callable[[], Health] = lambda: _checked(check, walk)  # noqa: E731
    return walk.once(("health_check", check.id), make, Health(None, f"{check.id} depends on itself"))


def _checked(check: Component, walk: Walk) -> Health:
    if check.kind.stands_in:
        return Health(None, f"the state of {check.id} is not known: it is not modelled")
    properties = _properties(check, HealthCheckProperties)
    if properties.disabled:
        return Health(True, f"{check.id} is disabled and always counts as healthy")
    if properties.type == "CALCULATED":
        found = _calculated(check, properties, walk)
    elif properties.type == "CLOUDWATCH_METRIC":
        found = _alarm(check, properties, walk)
    elif properties.type == "RECOVERY_CONTROL":
        found = Health(properties.routing_control == "on", f"the routing control is {properties.routing_control}")
    else:
        found = _endpoint_health(check, properties, walk)
    if properties.inverted and found.healthy is not None:
        return Health(not found.healthy, f"{found.why}, inverted", found.code)
    return found


def _alarm(check: Component, properties: HealthCheckProperties, walk: Walk) -> Health:
    """Follow the CloudWatch alarm (Route 53 Developer Guide, "How Route 53 determines the status of health checks that
    monitor CloudWatch alarms")."""
    state = properties.alarm or ("ok" if walk.condition.is_healthy else None)
    if state is None or (state == "insufficient_data" and properties.insufficient_data == "last_known"):
        return Health(None, f"the state of the alarm that {check.id} watches is not known")
    if state == "insufficient_data":
        counts = properties.insufficient_data
        return Health(counts == "healthy", f"the alarm of {check.id} has too little data, which counts as {counts}")
    return Health(state == "ok", f"the alarm of {check.id} is {'taken to be OK' if state == 'ok' else 'in ALARM'}")


def _calculated(check: Component, properties: HealthCheckProperties, walk: Walk) -> Health:
    states = [_check_health(walk.world.components[child], walk).healthy for child in properties.children]
    needed = properties.threshold if properties.threshold is not None else len(states)
    good, open_ends = states.count(True), states.count(None)
    why = f"{good} of {len(states)} children of {check.id} are healthy, {needed} are needed"
    if good >= needed:
        return Health(True, why)
    return Health(None if good + open_ends >= needed else False, why)


def _endpoint_health(check: Component, properties: HealthCheckProperties, walk: Walk) -> Health:
    if properties.healthy_checkers is not None:
        share = properties.healthy_checkers
        why = f"{share * 100:.4g} % of the checkers call the endpoint of {check.id} healthy, more than 18 % are needed"
        return Health(share > CHECKERS_NEEDED, why)
    target: str | None = properties.target or properties.address or properties.host
    if target is None:
        return Health(None, f"{check.id} names nothing to check")
    secure = properties.type.startswith("HTTPS")
    port = properties.port or (443 if secure else 80)
    http = None
    if properties.type != "TCP":
        http = Http(scheme="https" if secure else "http", host=properties.host or "", path=properties.path)
    checker = Endpoint(INTERNET, CHECKER)
    end: str | Endpoint = walk.owner(target, checker) if is_address(target) else target
    probe = walk.probe(checker, end, Message("tcp", port, http))
    what = f"{properties.type} {target}:{port}{properties.path if http else ''}"
    if probe.verdict is Verdict.UNKNOWN:
        return Health(None, f"whether {what} answers is not known")
    if probe.verdict is Verdict.BLOCKED:
        first = probe.blockers[0] if probe.blockers else None
        status = f"HTTP {probe.status}" if probe.status is not None else "no answer"
        return Health(False, f"{what}: {status}", first.code if first else "")
    if probe.status is not None and not 200 <= probe.status < 400:
        return Health(False, f"{what}: HTTP {probe.status}", codes.HTTP_ERROR_STATUS)
    if properties.type.endswith("STR_MATCH") and not properties.holds_string:
        return Health(False, f"{what} answers without {properties.search_string!r}")
    return Health(True, f"{what} answers")
