"""DNS002-DNS004, DNS006-DNS008, DNS014, DNS016: records under a routing policy."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.services.lookups import as_kind
from archtui.services.route53.edits import watch
from archtui.services.route53.lookups import bare, full_name, siblings, ttl_of
from archtui.services.route53.policies import MULTIVALUE_LIMIT
from archtui.services.route53.properties import HealthCheckProperties, RecordProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
_FAILOVER = f"{_GUIDE}dns-failover-types.html"
_COMPLEX = f"{_GUIDE}dns-failover-complex-configs.html"
_HEALTH = f"{_GUIDE}dns-failover-determining-health-of-endpoints.html"
_KINDS = ("record",)

_PAIR = """\
components:
  zone: {kind: hosted_zone, name: example.com}
  main: {kind: record, zone: zone, name: www, values: [192.0.2.1], ttl: 60, health_check: probe,
         policy: failover, failover: primary, set_id: main}
  spare: {kind: record, zone: zone, name: www, values: [198.51.100.1], ttl: 60,
          policy: failover, failover: secondary, set_id: spare}
  probe: {kind: health_check, type: HTTPS, address: 192.0.2.1}
"""
_WEIGHTED = """\
components:
  zone: {kind: hosted_zone, name: example.com}
  probe-1: {kind: health_check, type: HTTPS, address: 192.0.2.1}
  probe-2: {kind: health_check, type: HTTPS, address: 192.0.2.2}
  one: {kind: record, zone: zone, name: www, values: [192.0.2.1], health_check: probe-1,
        policy: weighted, weight: 10, set_id: one}
  two: {kind: record, zone: zone, name: www, values: [192.0.2.2], health_check: probe-2,
        policy: weighted, weight: 10, set_id: two}
"""


def _members(world: World, record: RecordProperties) -> tuple[tuple[str, RecordProperties], ...]:
    return tuple((item.id, properties(item, RecordProperties)) for item in siblings(world, record))


def is_watched(record: RecordProperties) -> bool:
    """Say whether Route 53 can find out that what ``record`` points at is down."""
    return record.health_check is not None or (record.alias is not None and record.evaluate_target_health)


class FailoverWithoutCheck(ComponentRule):
    """A primary record that nobody watches."""

    id = "DNS002"
    title = "Failover primary without a health check"
    severity = "error"
    class_ = "resilience"
    kinds = _KINDS
    reads = ()
    why = "Without a health check the primary counts as healthy for ever, and the secondary never answers."
    fix = "Attach a health check, or let an alias follow its target's health."
    sources = (_FAILOVER, _COMPLEX)
    facts = ("route53-failover-02", "route53-failover-01", "r53_health_check-failover-01")
    example_bad = _PAIR.replace(" health_check: probe,", "")
    example_good = _PAIR
    example_finds = ("main",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the primary of a pair."""
        record = properties(component, RecordProperties)
        if record.policy == "failover" and record.failover == "primary" and not is_watched(record):
            yield self.finding(
                component.id,
                message=f"Route 53 does not notice when {component.id}, the primary, is down.",
                fixable=bool(watch(world, component.id)),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Watch the primary."""
        return watch(world, finding.subject)


class HalfAPair(ComponentRule):
    """A failover record without its other half."""

    id = "DNS003"
    title = "Failover pair is incomplete"
    severity = "error"
    class_ = "resilience"
    kinds = _KINDS
    reads = ("hosted_zone",)
    why = "A primary without a secondary has nothing to fail over to; a record that says neither is refused."
    fix = "Add the missing record of the same name and type."
    sources = (_FAILOVER, f"{_GUIDE}routing-policy-failover.html")
    facts = ("route53-failover-01",)
    example_bad = _PAIR.replace("failover: secondary", "failover: primary")
    example_good = _PAIR
    example_finds = ("main", "spare")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the halves."""
        record = properties(component, RecordProperties)
        if record.policy != "failover":
            return
        members = [(name, item) for name, item in _members(world, record) if item.policy == "failover"]
        if members[0][0] != component.id:
            return
        roles = sorted(item.failover or "none" for _, item in members)
        if roles != ["primary", "secondary"]:
            names = [name for name, _ in members]
            message = f"{full_name(world, record)} has {' and '.join(roles)}, not one primary and one secondary."
            yield self.finding(*names, message=message)


class SlowFailover(ComponentRule):
    """A failover that takes longer than a journey may be down."""

    id = "DNS004"
    title = "DNS failover is slower than the journey's RTO"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    why = "Failing checks take interval times threshold, and resolvers keep the dead answer until its TTL ends."
    fix = "Lower the TTL to 60 seconds or less, and the check's interval to 10 seconds."
    sources = (_HEALTH, f"{_GUIDE}best-practices-dns.html")
    facts = ("r53_health_check-interval-01", "route53-record-01", "r53_health_check-failover-01")
    example_bad = _PAIR.replace("ttl: 60", "ttl: 300") + (
        "journeys: [{name: A visit, from: internet, request: GET https://www.example.com/, reaches: zone, rto: 3m}]\n"
    )
    example_good = example_bad.replace("ttl: 300", "ttl: 60")
    example_finds = ("main",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Add up detection and cache for each journey that asks for this name and states an RTO."""
        record = properties(component, RecordProperties)
        check = as_kind(world, record.health_check, HealthCheckProperties)
        if record.policy == "simple" or check is None or check.type in ("CALCULATED", "CLOUDWATCH_METRIC"):
            return
        total = check.interval * check.failure_threshold + ttl_of(record)
        limits = [
            (journey.rto, journey.name)
            for journey in world.blueprint.journeys
            if journey.rto is not None and _host(journey.request) == full_name(world, record)
        ]
        if limits and total > min(limits)[0]:
            rto, name = min(limits)
            yield self.finding(
                component.id,
                message=f"{component.id} fails over in {check.interval} s x {check.failure_threshold} + "
                f"{ttl_of(record)} s = {total} s; {name!r} allows {rto:g} s.",
                fixable=check.interval * check.failure_threshold < rto,
                detail=(int(rto) - check.interval * check.failure_threshold,),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Shorten the TTL to what the RTO leaves, 60 seconds at most."""
        left = int(finding.detail[0])
        return (set_property(finding.subject, ("ttl",), min(60, left)),) if finding.fixable else ()


def _host(request: str | None) -> str:
    """Return the host that an HTTP request (``GET https://shop.example.com/``) asks."""
    return bare(urlsplit((request or "").split(" ")[-1]).hostname or "")


class UnwatchedAnswers(ComponentRule):
    """One of several answers that nobody watches."""

    id = "DNS006"
    title = "Weighted, latency or multivalue record without a health check"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    reads = ("hosted_zone",)
    why = "Its share of the clients still gets the address of what is down."
    fix = "Attach a health check to each record, or let an alias follow its target's health."
    sources = (_COMPLEX, f"{_GUIDE}routing-policy-multivalue.html")
    facts = ("route53-multivalue-01", "route53-unhealthy-01", "route53-weighted-01")
    example_bad = _WEIGHTED.replace(" health_check: probe-2,", "")
    example_good = _WEIGHTED
    example_finds = ("two",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at each of several records of a name."""
        record = properties(component, RecordProperties)
        several = len(_members(world, record)) > 1
        if record.policy in ("weighted", "multivalue", "latency") and several and not is_watched(record):
            message = f"{component.id} is one of several answers, and nobody watches what it points at."
            yield self.finding(component.id, message=message, fixable=bool(watch(world, component.id)))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Watch it."""
        return watch(world, finding.subject)


class NoDefaultPlace(ComponentRule):
    """Geolocation records without one for everybody else."""

    id = "DNS008"
    title = "Geolocation records without a default"
    severity = "warning"
    class_ = "reachability"
    kinds = _KINDS
    reads = ("hosted_zone",)
    why = "Whoever asks from a place that no record names gets no answer at all."
    fix = "Add a default record (country: '*')."
    sources = (f"{_GUIDE}routing-policy-geo.html",)
    facts = ("route53-geolocation-01", "route53-geolocation-02")
    example_bad = """\
components:
  zone: {kind: hosted_zone, name: example.com}
  italy: {kind: record, zone: zone, name: www, values: [192.0.2.1], policy: geolocation, country: IT, set_id: it}
"""
    example_good = example_bad + (
        "  rest: {kind: record, zone: zone, name: www, values: [192.0.2.2], policy: geolocation,\n"
        "         country: '*', set_id: rest}\n"
    )
    example_finds = ("italy",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for the default among the records of the name."""
        record = properties(component, RecordProperties)
        if record.policy != "geolocation":
            return
        members = [(name, item) for name, item in _members(world, record) if item.policy == "geolocation"]
        if members[0][0] == component.id and not any(item.country == "*" for _, item in members):
            places = ", ".join(str(item.country) for _, item in members)
            message = f"{full_name(world, record)} answers in {places} and nowhere else."
            yield self.finding(*(name for name, _ in members), message=message)


class WeightsWithoutWeight(ComponentRule):
    """Weighted records that weigh nothing, or a single one."""

    id = "DNS014"
    title = "All weights are zero, or there is only one record"
    severity = "warning"
    class_ = "correctness"
    kinds = _KINDS
    reads = ("hosted_zone",)
    why = "With all weights zero every record is answered alike, and one record alone gets everything."
    fix = "Give the records the weights that are meant."
    sources = (f"{_GUIDE}routing-policy-weighted.html",)
    facts = ("route53-weighted-01", "route53-weighted-02")
    example_bad = _WEIGHTED.replace("weight: 10", "weight: 0")
    example_good = _WEIGHTED
    example_finds = ("one", "two")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Add up the weights of a name."""
        record = properties(component, RecordProperties)
        if record.policy != "weighted":
            return
        members = [(name, item) for name, item in _members(world, record) if item.policy == "weighted"]
        if members[0][0] != component.id:
            return
        names = [name for name, _ in members]
        name = full_name(world, record)
        if len(members) == 1:
            yield self.finding(*names, message=f"{component.id} is the only weighted record of {name}.")
        elif all(item.weight == 0 for _, item in members):
            yield self.finding(*names, message=f"All weighted records of {name} have weight 0.")


class UntoldApart(ComponentRule):
    """Records of one name that cannot be told apart."""

    id = "DNS016"
    title = "Records of one name without an identifier of their own"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ("hosted_zone",)
    why = "Every record under a routing policy has a set identifier that is unique for its name and type."
    fix = "Give each record its own set_id."
    sources = (f"{_GUIDE}resource-record-sets-values-weighted.html",)
    facts = ("route53-policies-01", "route53-record-01")
    example_bad = _WEIGHTED.replace("set_id: two", "set_id: one")
    example_good = _WEIGHTED
    example_finds = ("two", "one")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the identifiers; one left out counts as the component's id."""
        record = properties(component, RecordProperties)
        if record.policy == "simple":
            return
        for name, item in _members(world, record):
            if name == component.id:
                return
            if item.policy != "simple" and (item.set_id or name) == (record.set_id or component.id):
                message = f"{component.id} and {name} have the same set identifier, {item.set_id or name}."
                yield self.finding(component.id, name, message=message)
                return

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Use the component's id."""
        return (set_property(finding.subject, ("set_id",), finding.subject),)


_MANY = "".join(
    f"  web-{n}: {{kind: record, zone: zone, name: www, values: [192.0.2.{n}], policy: multivalue, set_id: '{n}'}}\n"
    for n in range(1, 10)
)


class ManyAnswers(ComponentRule):
    """A name whose answers stand in for a load balancer."""

    id = "DNS007"
    title = "Multivalue used instead of a load balancer"
    severity = "info"
    class_ = "correctness"
    kinds = _KINDS
    reads = ("hosted_zone",)
    why = "Route 53 returns at most eight of the records, clients choose among them, and caches keep what is gone."
    fix = "Put a load balancer in front of the servers and let the name lead there."
    sources = (f"{_GUIDE}routing-policy-multivalue.html",)
    facts = ("route53-multivalue-01", "route53-multivalue-02")
    example_bad = "components:\n  zone: {kind: hosted_zone, name: example.com}\n" + _MANY
    example_good = example_bad.partition("  web-8:")[0]
    example_finds = tuple(f"web-{n}" for n in range(1, 10))

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the records of a name."""
        record = properties(component, RecordProperties)
        members = [name for name, item in _members(world, record) if item.policy == "multivalue"]
        if record.policy == "multivalue" and len(members) >= MULTIVALUE_LIMIT and members[0] == component.id:
            count, name = len(members), full_name(world, record)
            message = f"{count} records answer for {name}, of which a client gets at most {MULTIVALUE_LIMIT}."
            yield self.finding(*members, message=message)
