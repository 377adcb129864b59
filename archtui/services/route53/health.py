"""Whether records are healthy as Route 53 sees it: health checks of each kind, targets of aliases, what caches keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from archtui.failure.interface import properties_as
from archtui.model.blueprint import INTERNET
from archtui.model.component import Component
from archtui.services.lookups import as_kind
from archtui.services.route53.lookups import ttl_of
from archtui.services.route53.properties import HealthCheckProperties, RecordProperties
from archtui.trace import codes
from archtui.trace.interface import HasHealth, Health, Walk
from archtui.trace.message import Endpoint, Http, Message
from archtui.trace.request import is_address
from archtui.world.faults import Judged
from archtui.world.steps import Verdict

CHECKER = "15.177.0.10"
"""An address of Route 53's health checkers (15.177.0.0/18 of ip-ranges.json, service ROUTE53_HEALTHCHECKS)."""
CHECKERS_NEEDED = 0.18
"""More than this share of checkers makes an endpoint healthy (fact r53_health_check-threshold-01)."""


def record_health(record: Component, walk: Walk) -> Health:
    """Return a record's health: of its health check, and of its alias target where that is evaluated.

    Before the failover has taken effect Route 53, or a resolver's cache, still goes by what was true before the
    failure; the health then carries the code ``DNS_STALE_ANSWER``.
    """
    properties = properties_as(record, RecordProperties)
    seen = walk.perceived(f"route53.failover_record:{record.id}")
    known = health_in(properties, seen)
    if seen is walk or known.healthy is not True or properties.policy == "simple":
        return known
    now = walk.once(("route53 now", record.id), lambda: health_in(properties, walk), Health(None, ""))
    if now.healthy is not False:
        return known
    return Health(True, f"it was before the failure; {_stale(properties, walk)}", codes.DNS_STALE_ANSWER)


def _stale(record: RecordProperties, walk: Walk) -> str:
    """Say why the old answer is still given, and for how long (failover table: ``route53.failover_record``)."""
    check = as_kind(walk.world, record.health_check, HealthCheckProperties) if record.health_check else None
    ttl, time = ttl_of(record), walk.condition.time or 0.0
    noticed = check.interval * check.failure_threshold if check else 0
    if time < noticed and check is not None:
        return (
            f"its health check needs {check.failure_threshold} failed checks, {check.interval} s apart, and resolvers "
            f"keep the answer for {ttl} s"
        )
    left = max(noticed + ttl - time, 0.0)
    return f"Route 53 answers with others by now, and resolvers keep the old answer for up to {left:g} s more"


def health_in(properties: RecordProperties, seen: Walk) -> Health:
    """Return a record's health as it is in a walk."""
    parts: list[Health] = []
    if properties.health_check:
        check = seen.world.components[properties.health_check]
        parts.append(check_health(check, seen))
    if properties.alias and properties.evaluate_target_health:
        parts += health_of_target(properties.alias, seen)
    for wanted in (False, None):
        for part in parts:
            if part.healthy is wanted:
                return part
    return parts[0] if parts else Health(True, "nothing checks it")


def health_of_target(name: str, seen: Walk) -> Iterator[Health]:
    """Yield what evaluate target health finds of component ``name``; nothing where Route 53 has nothing to evaluate.

    Balancers are judged by their targets, accelerators by their endpoints, records by their own health; for an API, a
    website or an endpoint Route 53 sees none (Route 53 Developer Guide, "Values specific for alias records").
    """
    target = seen.world.components.get(name)
    asks = target.kind.behaviour(HasHealth) if target else None
    if target and asks:
        yield asks.health(target, seen)
    elif target and target.kind.stands_in:
        yield Health(None, f"the health of {target.id} is not known: it is not modelled")
    elif target:
        yield Health(True, f"Route 53 evaluates no health of a {target.kind.title}")


class HealthCheckBehaviour(HasHealth, Judged):
    """A health check asks its endpoint from the internet, or combines other checks."""

    def health(self, component: Component, walk: Walk) -> Health:
        return check_health(component, walk)


def check_health(check: Component, walk: Walk) -> Health:
    make: Callable[[], Health] = lambda: _checked(check, walk)  # noqa: E731
    return walk.once(("health_check", check.id), make, Health(None, f"{check.id} depends on itself"))


def _checked(check: Component, walk: Walk) -> Health:
    if check.kind.stands_in:
        return Health(None, f"the state of {check.id} is not known: it is not modelled")
    properties = properties_as(check, HealthCheckProperties)
    if properties.disabled:
        return Health(True, f"{check.id} is disabled and always counts as healthy")
    judged = walk.condition.judgement(check.id)
    if judged is not None:
        wrong = "passes whatever is true" if judged else "fails although nothing is wrong"
        return Health(judged, f"{check.id} is wrong: it {wrong}")
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
    state = properties.alarm or _watched(properties, walk)
    if state is None:
        return Health(None, f"the state of the alarm that {check.id} watches is not known")
    if state == "insufficient_data":
        counts = properties.insufficient_data if properties.insufficient_data != "last_known" else properties.last_known
        if counts is None:
            return Health(None, f"what the alarm of {check.id} last said before its data ran short is not known")
        return Health(counts == "healthy", f"the alarm of {check.id} has too little data, which counts as {counts}")
    return Health(state == "ok", f"the alarm of {check.id} is {'taken to be OK' if state == 'ok' else 'in ALARM'}")


def _watched(properties: HealthCheckProperties, walk: Walk) -> Literal["ok", "alarm"] | None:
    """Return the state of an alarm that is not stated: that of what it watches, OK while nothing is broken."""
    if properties.target is not None:
        return "alarm" if walk.is_down(properties.target) else "ok"
    return "ok" if walk.condition.is_healthy else None


def _calculated(check: Component, properties: HealthCheckProperties, walk: Walk) -> Health:
    states = [check_health(walk.world.components[child], walk).healthy for child in properties.children]
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
