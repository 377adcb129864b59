"""DNS001, DNS005, DNS010, DNS012, DNS013, DNS015, ELB015: single records and what they point at."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, clear_property, join, remove_component, set_property
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.elb.properties import (
    ApplicationLoadBalancerProperties,
    LoadBalancerProperties,
)
from archtui.services.lookups import as_kind
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.route53.lookups import full_name, is_apex, siblings
from archtui.services.route53.properties import HostedZoneProperties, RecordProperties
from archtui.services.vpc.properties import ElasticIpProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
_ALIAS = f"{_GUIDE}resource-record-sets-choosing-alias-non-alias.html"
_KINDS = ("record",)

_ZONE = "components:\n  zone: {kind: hosted_zone, name: example.com}\n"
_LB = "  lb: {kind: alb, listeners: [{port: 80, fixed_response: {status: 200}}]}\n"

ENDPOINTS = (".elb.amazonaws.com", ".cloudfront.net", ".execute-api.", ".s3-website")
"""Parts of the names that AWS gives to what an alias may point at ('Choosing between alias and non-alias records')."""


def to_alias(world: World, name: str) -> tuple[Edit, ...]:
    """Return the edit that turns record ``name`` into an alias of the balancer its only value names."""
    record = as_kind(world, name, RecordProperties)
    if record is None or len(record.values) != 1 or as_kind(world, record.values[0], LoadBalancerProperties) is None:
        return ()
    written = world.blueprint.components[name].raw
    edits = [set_property(name, ("type",), "A")]
    edits += [clear_property(name, (key,)) for key in ("values", "ttl") if key in written]
    edits.append(set_property(name, ("alias",), record.values[0]))
    return (join(f"make {name} an alias of {record.values[0]}", edits),)


class CnameAtApex(ComponentRule):
    """A CNAME record with the name of its zone."""

    id = "DNS001"
    title = "CNAME at the zone's apex"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ("hosted_zone", "application_load_balancer", "network_load_balancer")
    why = "The apex holds the zone's SOA and NS records, and beside a CNAME no other record may stand (RFC 1034)."
    fix = "Use an alias record, which Route 53 answers with addresses."
    sources = (_ALIAS, "https://www.rfc-editor.org/rfc/rfc1034")
    facts = ("route53-cname-01", "route53-alias-01")
    example_bad = _ZONE + _LB + "  apex: {kind: record, zone: zone, name: example.com, type: CNAME, values: [lb]}\n"
    example_good = _ZONE + _LB + "  apex: {kind: record, zone: zone, name: example.com, type: A, alias: lb}\n"
    example_finds = ("apex", "zone")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the record's name with the zone's."""
        record = properties(component, RecordProperties)
        if record.type == "CNAME" and is_apex(world, record):
            yield self.finding(
                component.id,
                record.zone,
                message=f"{component.id} is a CNAME with the zone's own name, {full_name(world, record)}.",
                path=("type",),
                fixable=bool(self._edits(world, component.id, record)),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Make it an alias."""
        record = as_kind(world, finding.subject, RecordProperties)
        return self._edits(world, finding.subject, record) if record else ()

    @staticmethod
    def _edits(world: World, name: str, record: RecordProperties) -> tuple[Edit, ...]:
        if record.alias:
            edit = set_property(name, ("type",), "A")
            return (Edit(f"make {name} an alias record of type A", edit.operations),)
        return to_alias(world, name)


class SimpleButMany(ComponentRule):
    """A simple record with a health check, or several simple records of one name."""

    id = "DNS005"
    title = "Simple record with a health check, or several simple records of one name"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ("hosted_zone",)
    why = "Simple routing means one record for a name, without a health check; Route 53 refuses a second one."
    fix = "Put the values into one record, or use multivalue answer, weighted or failover routing."
    sources = (f"{_GUIDE}routing-policy-simple.html",)
    facts = ("route53-simple-01", "route53-simple-02", "route53-multivalue-01")
    example_bad = _ZONE + (
        "  one: {kind: record, zone: zone, name: www, values: [192.0.2.1]}\n"
        "  two: {kind: record, zone: zone, name: www, values: [192.0.2.2]}\n"
    )
    example_good = _ZONE + "  one: {kind: record, zone: zone, name: www, values: [192.0.2.1, 192.0.2.2]}\n"
    example_finds = ("one", "two")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for the health check and for others of the same name and type."""
        record = properties(component, RecordProperties)
        if record.policy != "simple":
            return
        if record.health_check:
            message = f"{component.id} is a simple record with the health check {record.health_check}."
            yield self.finding(component.id, message=message, path=("health_check",), detail=("health_check",))
        others = siblings(world, record)
        simple = [item.id for item in others if properties(item, RecordProperties).policy == "simple"]
        if len(others) > 1 and simple[0] == component.id:
            names = [component.id, *(item.id for item in others if item.id != component.id)]
            plain = len(simple) == len(others) and not any(properties(item, RecordProperties).alias for item in others)
            message = f"{', '.join(names)} are {len(names)} records of the name {full_name(world, record)}."
            yield self.finding(*names, message=message, fixable=plain and record.type in ("A", "AAAA"))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Drop the check, or answer with all of the records."""
        if finding.detail:
            return (clear_property(finding.subject, ("health_check",)),)
        if not finding.fixable:
            return ()
        edits = [
            set_property(name, (key,), value)
            for name in finding.components
            for key, value in (("policy", "multivalue"), ("set_id", name))
        ]
        return (join(f"answer with any of {', '.join(finding.components)}", edits),)


class PublicNameInternalBalancer(ComponentRule):
    """A public name that leads to private addresses."""

    id = "DNS010"
    title = "Public name leads to an internal balancer"
    severity = "error"
    class_ = "reachability"
    kinds = _KINDS
    reads = ("hosted_zone", "application_load_balancer", "network_load_balancer")
    why = "The answer is a private address, which nobody on the internet can reach."
    fix = "Use a private hosted zone for the name, or an internet-facing balancer."
    sources = (f"{_GUIDE}routing-to-elb-load-balancer.html", f"{_GUIDE}hosted-zones-private.html")
    facts = ("elb-scheme-01", "r53_private_zone-split-01")
    example_bad = (
        _ZONE
        + _LB.replace("kind: alb,", "kind: alb, scheme: internal,")
        + ("  shop: {kind: record, zone: zone, name: shop, alias: lb}\n")
    )
    example_good = _ZONE + _LB + "  shop: {kind: record, zone: zone, name: shop, alias: lb}\n"
    example_finds = ("shop", "lb")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the scheme of what it points at."""
        record = properties(component, RecordProperties)
        zone = as_kind(world, record.zone, HostedZoneProperties)
        for name in (record.alias, *record.values):
            balancer = as_kind(world, name, LoadBalancerProperties)
            if name and zone and not zone.private and balancer and balancer.scheme == "internal":
                message = f"{full_name(world, record)} is public and leads to {name}, which is internal."
                yield self.finding(component.id, name, message=message)


class DanglingRecord(ComponentRule):
    """A record that points at something that is gone."""

    id = "DNS012"
    title = "Record points at something that is gone"
    severity = "error"
    class_ = "reachability"
    kinds = _KINDS
    why = "Users reach nothing, or whoever gets the address next."
    fix = "Point the record at what replaced it, or delete it."
    sources = ("https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html", _ALIAS)
    facts = ("route53-a-01", "ec2-lifecycle-01", "elastic_ip-definition-01")
    example_bad = _ZONE + (
        "  shop: {kind: record, zone: zone, name: shop, values: [web-1]}\n  web-1: {kind: ec2, state: terminated}\n"
    )
    example_good = _ZONE + (
        "  shop: {kind: record, zone: zone, name: shop, values: [eip]}\n"
        "  web-1: {kind: ec2}\n  eip: {kind: elastic_ip, attached_to: web-1}\n"
    )
    example_finds = ("shop", "web-1")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the state of what it points at."""
        record = properties(component, RecordProperties)
        for name in (record.alias, *record.values):
            state = self._gone(world, name) if name else ""
            if name and state:
                message = f"{full_name(world, record)} points at {name}, which is {state}."
                yield self.finding(component.id, name, message=message)

    @staticmethod
    def _gone(world: World, name: str) -> str:
        instance = as_kind(world, name, Ec2InstanceProperties)
        if instance and instance.state in ("terminated", "shutting-down"):
            return instance.state
        balancer = as_kind(world, name, LoadBalancerProperties)
        if balancer and balancer.state == "failed":
            return "failed"
        database = as_kind(world, name, DbInstanceProperties)
        if database and database.state in ("deleting", "failed"):
            return database.state
        address = as_kind(world, name, ElasticIpProperties)
        users = [edge.source for edge in world.referrers(name) if world.kind(edge.source).name != "record"]
        return "an Elastic IP attached to nothing" if address and not address.attached_to and not users else ""

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Delete the record."""
        return (remove_component(world.blueprint, finding.subject),)


class NotAnAlias(ComponentRule):
    """A CNAME record to something that an alias could name."""

    id = "DNS013"
    title = "CNAME to an AWS endpoint instead of an alias"
    severity = "warning"
    class_ = "correctness"
    kinds = _KINDS
    reads = ("hosted_zone", "application_load_balancer", "network_load_balancer")
    why = "An alias costs nothing per query, saves a second look-up, works at the apex and can follow target health."
    fix = "Use an alias record."
    sources = (_ALIAS,)
    facts = ("route53-alias-02", "route53-alias-03", "route53-alias-04")
    example_bad = _ZONE + _LB + "  shop: {kind: record, zone: zone, name: shop, type: CNAME, values: [lb]}\n"
    example_good = _ZONE + _LB + "  shop: {kind: record, zone: zone, name: shop, alias: lb}\n"
    example_finds = ("shop",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the values of a CNAME below the apex (at the apex it is DNS001)."""
        record = properties(component, RecordProperties)
        if record.type != "CNAME" or is_apex(world, record):
            return
        for value in record.values:
            known = as_kind(world, value, LoadBalancerProperties) is not None
            if known or any(part in value.lower() for part in ENDPOINTS):
                message = f"{component.id} is a CNAME to {value}, which an alias can name."
                yield self.finding(component.id, message=message, fixable=bool(to_alias(world, component.id)))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Make it an alias."""
        return to_alias(world, finding.subject)


class PinnedBalancer(ComponentRule):
    """An address record that holds the addresses of an Application Load Balancer."""

    id = "ELB015"
    title = "Static address expected of an Application Load Balancer"
    severity = "warning"
    class_ = "correctness"
    kinds = _KINDS
    reads = ("hosted_zone", "application_load_balancer")
    why = "An Application Load Balancer's addresses change as it scales; written into a record they soon lead nowhere."
    fix = "Use an alias record, or a Network Load Balancer with Elastic IPs where clients need fixed addresses."
    sources = (
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
        _ALIAS,
    )
    facts = ("nlb-static-01", "nlb-choose-01", "route53-alias-04")
    example_bad = _ZONE + _LB + "  shop: {kind: record, zone: zone, name: shop, type: A, values: [lb]}\n"
    example_good = _ZONE + _LB + "  shop: {kind: record, zone: zone, name: shop, type: A, alias: lb}\n"
    example_finds = ("shop", "lb")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the values of an address record."""
        record = properties(component, RecordProperties)
        for value in record.values if record.type in ("A", "AAAA") else ():
            if as_kind(world, value, ApplicationLoadBalancerProperties):
                message = f"{component.id} holds the addresses that {value} has now."
                yield self.finding(component.id, value, message=message, fixable=bool(to_alias(world, component.id)))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Make it an alias."""
        return to_alias(world, finding.subject)


class EmptyRecord(ComponentRule):
    """A record that answers nothing."""

    id = "DNS015"
    title = "Record without a value"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ()
    why = "A record has values or an alias target, one of the two; Route 53 refuses anything else."
    fix = "Give the record a value, or let it be an alias."
    sources = (_ALIAS, f"{_GUIDE}resource-record-sets-values-basic.html")
    facts = ("route53-record-01", "route53-alias-01")
    example_bad = _ZONE + "  shop: {kind: record, zone: zone, name: shop}\n"
    example_good = _ZONE + "  shop: {kind: record, zone: zone, name: shop, values: [192.0.2.1]}\n"
    example_finds = ("shop",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for exactly one of the two; SOA and NS records come with the zone."""
        record = properties(component, RecordProperties)
        if record.type in ("SOA", "NS"):
            return
        if not record.values and not record.alias:
            yield self.finding(component.id, message=f"{component.id} has neither values nor an alias target.")
        elif record.values and record.alias:
            yield self.finding(component.id, message=f"{component.id} has both values and an alias target.")
