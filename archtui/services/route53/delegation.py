"""How a public zone is found from the one above it, and whether its signatures hold."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.route53.lookups import bare, full_name, is_inside
from archtui.services.route53.properties import HostedZoneProperties, RecordProperties, RegisteredDomainProperties
from archtui.trace import codes
from archtui.trace.interface import NameAnswer, Question, hop
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World


def refusal(zone: Component, question: Question, world: World) -> NameAnswer | None:
    """Return the answer where a public zone cannot be asked for ``question`` at all; None: it can."""
    properties = properties_as(zone, HostedZoneProperties)
    if properties.private:
        return None
    return (
        _undelegated(zone, properties, world)
        or _unsigned(zone, properties, question)
        or _passed_on(zone, question, world)
    )


def _undelegated(zone: Component, properties: HostedZoneProperties, world: World) -> NameAnswer | None:
    """Look for the NS record in the nearest zone above that the design has (Route 53 Developer Guide, "Routing
    traffic for subdomains"; fact route53-ns-01)."""
    domain = bare(properties.name)
    above = [
        (other, bare(found.name))
        for other, found in _zones(world)
        if not found.private and is_inside(domain, found.name) and bare(found.name) != domain
    ]
    if not above:
        return _by_registrar(zone, properties, world)
    parent, name = max(above, key=lambda pair: len(pair[1]))
    records = [record for record in _name_servers(parent, world) if full_name(world, record[1]) == domain]
    for _, record in records:
        stated = {bare(value) for value in record.values}
        known = {bare(server) for server in properties.name_servers}
        if zone.id in record.values or not known or stated & known:
            return None
    what = "names other servers" if records else "has no NS record"
    text = f"{parent.id}, the zone {name}, {what} for {domain}: resolvers do not come to {zone.id}."
    rule = RuleRef(records[0][0].id if records else parent.id, f"NS {domain}", ("values",) if records else ())
    step = Step("dns", Action.DENY, codes.DNS_NOT_DELEGATED, text, rule, facts=("route53-ns-01",))
    return NameAnswer((hop(parent, step),))


def _by_registrar(zone: Component, properties: HostedZoneProperties, world: World) -> NameAnswer | None:
    """Ask the registrar's entry, where the design has one (facts r53_registrar-register-01, r53_registrar-registrar-01,
    r53_public_zone-ns-01)."""
    for component in world.of_kind("registered_domain"):
        domain = properties_as(component, RegisteredDomainProperties)
        if not is_inside(properties.name, domain.name):
            continue
        facts = ("r53_registrar-register-01", "r53_registrar-registrar-01")
        if domain.state != "active":
            state = domain.state.replace("_", " ")
            text = f"{bare(domain.name)} is {state}: the registry answers for it no more."
            rule = RuleRef(component.id, f"state {domain.state}", ("state",))
            return NameAnswer(
                (hop(component, Step("dns", Action.DENY, codes.DNS_NOT_DELEGATED, text, rule, facts=facts)),)
            )
        stated = {bare(server) for server in domain.name_servers}
        known = {bare(server) for server in properties.name_servers}
        if zone.id in domain.name_servers or (stated and not known and not stated & set(world.components)):
            return None
        if stated & known:
            return None
        servers = ", ".join(domain.name_servers) or "no name server"
        text = f"{bare(domain.name)} is delegated to {servers}: resolvers do not come to {zone.id}."
        rule = RuleRef(component.id, f"name servers {servers}", ("name_servers",))
        step = Step("dns", Action.DENY, codes.DNS_NOT_DELEGATED, text, rule, facts=facts)
        return NameAnswer((hop(component, step),))
    return None


def _unsigned(zone: Component, properties: HostedZoneProperties, question: Question) -> NameAnswer | None:
    """Follow the chain of trust (Route 53 Developer Guide, "Configuring DNSSEC signing": a DS record that does not
    fit the zone's key makes validating resolvers answer SERVFAIL)."""
    broken = properties.ds_record == "wrong" or (properties.ds_record == "matches" and not properties.dnssec)
    if not broken or question.origin is None or not question.origin.validates:
        return None
    why = (
        "vouches for another key than it signs with" if properties.dnssec else "vouches for a key, and it does not sign"
    )
    text = f"The DS record above {bare(properties.name)} {why}: validating resolvers answer SERVFAIL."
    rule = RuleRef(zone.id, f"DNSSEC of {bare(properties.name)}", ("ds_record",))
    step = Step("dns", Action.DENY, codes.DNS_SEC_BROKEN, text, rule, facts=("route53-dnssec-01",))
    return NameAnswer((hop(zone, step),))


def _passed_on(zone: Component, question: Question, world: World) -> NameAnswer | None:
    """Say where a part of the zone is delegated to servers outside the design."""
    for component, record in _name_servers(zone, world):
        name = full_name(world, record)
        if question.type != "NS" and is_inside(question.name, name):
            servers = ", ".join(record.values)
            missing = f"what {servers} answer for {question.name}: {name} is delegated to them"
            rule = RuleRef(component.id, f"NS {name} {servers}", ("values",))
            step = Step("dns", Action.UNKNOWN, codes.DNS_NAME_OUTSIDE, f"Not known: {missing}.", rule)
            return NameAnswer((hop(component, step),), (), (missing,))
    return None


def _name_servers(zone: Component, world: World) -> Iterator[tuple[Component, RecordProperties]]:
    """Yield the NS records of a zone below its apex."""
    for edge in world.referrers(zone.id):
        record = world.components[edge.source].properties
        if edge.path != ("zone",) or not isinstance(record, RecordProperties) or record.type != "NS":
            continue
        if full_name(world, record) != bare(properties_as(zone, HostedZoneProperties).name):
            yield world.components[edge.source], record


def _zones(world: World) -> Iterator[tuple[Component, HostedZoneProperties]]:
    for component in world.of_kind("hosted_zone"):
        if isinstance(component.properties, HostedZoneProperties):
            yield component, component.properties
