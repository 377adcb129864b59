"""What a web ACL does with a request: the rules by priority, then the default action."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.elb.matching import like
from archtui.services.elb.properties import ApplicationLoadBalancerProperties
from archtui.services.screening import Screening, Screens
from archtui.services.waf.association import hindrance
from archtui.services.waf.managed import size_rule
from archtui.services.waf.properties import WebAclProperties, WebAclRule
from archtui.trace import codes
from archtui.trace.interface import Arrival, Walk, hop
from archtui.trace.message import Http
from archtui.world.steps import Action, RuleRef, Step

TOKEN = "aws-waf-token"
"""The cookie that holds a client's token (WAF Developer Guide, "AWS WAF token characteristics")."""
BALANCER_LIMIT = 8
"""KB of a body that are inspected for a load balancer, fixed (fact waf-body-01; WAF Developer Guide, "Considerations
for managing body inspection in AWS WAF")."""
_PUZZLES = {"captcha": 405, "challenge": 202}
"""Statuses of a client without a token (WAF Developer Guide, "CAPTCHA and Challenge rule actions")."""
_GUIDE = ("waf-acl-01", "waf-rule-01", "waf-actions-01")


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a rule matches; None: it cannot be said, ``why`` says what is missing."""

    matches: bool | None
    why: str = ""
    assumed: bool = False
    """Whether it rests on what the rule is taken to match."""


class WebAclScreens(Screens):
    """A web ACL asks its rules in the order of their priorities; the first that allows or blocks decides.

    Source: WAF Developer Guide, "Processing order of rules and rule groups in a protection pack (web ACL)".
    """

    def protects(self, component: Component) -> tuple[str, ...]:
        return properties_as(component, WebAclProperties).protects

    def screen(self, component: Component, arrival: Arrival, walk: Walk) -> Screening:
        properties, http = properties_as(component, WebAclProperties), arrival.message.http
        if http is None:
            return Screening()
        why = hindrance(properties, arrival.component, walk.world)
        if why:
            text = f"{component.id} does not look at requests for {arrival.component.id}: {why}."
            where = RuleRef(component.id, "association", ("protects",))
            return Screening((hop(component, Step("firewall", Action.FORWARD, codes.WAF_UNSUPPORTED, text, where)),))
        limit = self._limit(arrival.component, properties)
        steps: list[Step] = []
        lost: list[RuleRef] = []
        assumed: list[str] = []
        labels: set[str] = set()
        for index, rule in sorted(enumerate(properties.rules), key=lambda pair: pair[1].priority):
            found = match(rule, arrival, http, limit, frozenset(labels))
            ref = RuleRef(component.id, rule_text(rule), ("rules", index))
            if found.assumed:
                assumed.append(rule_text(rule))
            if found.matches is None:
                text = f"Whether {rule_text(rule)} of {component.id} matches is not known: {found.why}."
                step = Step("firewall", Action.UNKNOWN, codes.WAF_UNDECIDED, text, ref, tuple(lost))
                return Screening((hop(component, *steps, step),), missing=(found.why,))
            if not found.matches:
                lost.append(RuleRef(ref.component, ref.text, ref.path, found.why))
            elif rule.action == "count" or (rule.action in _PUZZLES and _has_token(http)):
                labels.update(rule.labels)
                steps.append(_counted(component, rule, ref))
            else:
                return self._decided(component, rule, ref, lost, steps, http, found.why)
        return self._default(component, properties, lost, steps, assumed)

    @staticmethod
    def _limit(entry: Component, properties: WebAclProperties) -> int:
        """Return how many KB of a body are inspected in front of ``entry``."""
        balancer = isinstance(entry.properties, ApplicationLoadBalancerProperties)
        return BALANCER_LIMIT if balancer else properties.body_limit

    @staticmethod
    def _decided(
        acl: Component, rule: WebAclRule, ref: RuleRef, lost: list[RuleRef], steps: list[Step], http: Http, why: str
    ) -> Screening:
        shown = {"method": http.method, "host": http.host, "path": http.path}
        if rule.action == "allow":
            text = f"{rule_text(rule)} of {acl.id} lets the request pass."
            steps.append(Step("firewall", Action.ACCEPT, "", text, ref, tuple(lost), shown, facts=_GUIDE))
            return Screening((hop(acl, *steps),))
        status = _PUZZLES.get(rule.action, rule.status)
        code = codes.WAF_BLOCKED if rule.action == "block" else codes.WAF_PUZZLE
        does = "blocks the request" if rule.action == "block" else f"asks for a {rule.action} token"
        size = f" ({why})" if why.startswith("SizeRestrictions") else ""
        text = f"{rule_text(rule)} of {acl.id} {does}{size}: HTTP {status}."
        after = {"status": status}
        steps.append(Step("firewall", Action.DENY, code, text, ref, tuple(lost), shown, after, _GUIDE))
        return Screening((hop(acl, *steps),), status)

    @staticmethod
    def _default(
        acl: Component, properties: WebAclProperties, lost: list[RuleRef], steps: list[Step], assumed: list[str]
    ) -> Screening:
        ref = RuleRef(acl.id, f"default action {properties.default_action}", ("default_action",))
        if properties.default_action == "block":
            text = f"No rule of {acl.id} allows the request and its default action blocks it."
            steps.append(Step("firewall", Action.DENY, codes.WAF_BLOCKED, text, ref, tuple(lost), facts=_GUIDE))
            return Screening((hop(acl, *steps),), properties.default_status)
        rest = f" Taken not to match: {'; '.join(assumed)}." if assumed else ""
        text = f"No rule of {acl.id} stops the request: the default action allows it.{rest}"
        code = codes.WAF_ASSUMED if assumed else ""
        steps.append(Step("firewall", Action.ACCEPT, code, text, ref, tuple(lost), facts=_GUIDE))
        return Screening((hop(acl, *steps),))


def _has_token(http: Http) -> bool:
    """Whether the client carries a token of WAF, which is taken to be good and fresh (WAF Developer Guide, "How CAPTCHA
    and Challenge work": with a valid token the rule works like Count)."""
    return any(part.strip().startswith(f"{TOKEN}=") for part in (http.header("Cookie") or "").split(";"))


def _counted(acl: Component, rule: WebAclRule, ref: RuleRef) -> Step:
    labelled = f" with the label {', '.join(rule.labels)}" if rule.labels else ""
    if rule.action == "count":
        text = f"{rule_text(rule)} of {acl.id} counts the request and lets it go on{labelled}."
    else:
        text = f"The client has the token that {rule_text(rule)} of {acl.id} asks for: it goes on{labelled}."
    return Step("firewall", Action.FORWARD, codes.WAF_COUNTED, text, ref, facts=_GUIDE)


def match(rule: WebAclRule, arrival: Arrival, http: Http, limit: int, labels: frozenset[str] = frozenset()) -> Match:
    """Say whether the conditions of ``rule`` hold; ``limit`` is how many KB of a body are inspected, ``labels`` are
    what the rules before it have put on the request."""
    parts = list(_parts(rule, arrival, http, limit, labels))
    found = _any(parts) if rule.when == "any" and parts else _all(parts)
    if not rule.unless or found.matches is None:
        return found
    return Match(not found.matches, "its conditions hold, and it is for what they do not", found.assumed)


def _all(parts: Sequence[Match]) -> Match:
    return (
        next((part for part in parts if part.matches is False), None)
        or next((part for part in parts if part.matches is None), None)
        or Match(True, "; ".join(part.why for part in parts if part.why), any(part.assumed for part in parts))
    )


def _any(parts: Sequence[Match]) -> Match:
    return (
        next((part for part in parts if part.matches), None)
        or next((part for part in parts if part.matches is None), None)
        or Match(False, "; ".join(part.why for part in parts), any(part.assumed for part in parts))
    )


def _parts(rule: WebAclRule, arrival: Arrival, http: Http, limit: int, labels: frozenset[str]) -> Iterator[Match]:
    if rule.label:
        yield Match(not labels.isdisjoint(rule.label), f"the request has no label {' or '.join(rule.label)}")
    for values, what, asked in (
        (rule.host, "host", http.host),
        (rule.path, "path", http.path),
        (rule.query, "query", http.query),
    ):
        if values:
            ignore = what == "host"
            fits = any(like(pattern, asked, ignore_case=ignore) for pattern in values)
            yield Match(fits, f"{what} {asked or '(none)'} is not {' or '.join(values)}")
    if rule.method:
        yield Match(http.method in rule.method, f"method {http.method} is not {' or '.join(rule.method)}")
    for name, pattern in rule.header.items():
        value = http.header(name)
        yield Match(value is not None and like(pattern, value), f"header {name} is {value or 'missing'}")
    if rule.ip_set or rule.countries:
        yield _place(rule, arrival, http)
    if rule.body_over is not None:
        yield _body(rule, http, limit)
    if rule.managed or rule.attack or rule.rate is not None:
        size = size_rule(rule.managed, rule.excluded, http) if rule.managed else None
        if size is not None:
            yield Match(True, f"{size.name}: the {size.part} is over {size.limit} bytes")
        else:
            yield _assumed(rule)


def _place(rule: WebAclRule, arrival: Arrival, http: Http) -> Match:
    """Match the address that asks, or the one of a header that a proxy has set."""
    address, country = arrival.sender.address, arrival.country
    if rule.forwarded_header:
        value = http.header(rule.forwarded_header)
        if value is None:
            return Match(False, f"there is no header {rule.forwarded_header}")
        address = value.partition(",")[0].strip()
    elif arrival.sender.component != arrival.origin.component:
        country = None
    inside: bool | None = False
    why = f"{address or 'the address'} is in none of {', '.join(rule.ip_set)}"
    if rule.ip_set:
        inside = _within(address, rule.ip_set)
        if inside is None:
            why = "the address that asks"
    if not inside and rule.countries:
        if country is None:
            inside, why = None, f"the country of {address or arrival.sender.component}"
        else:
            inside, why = country in rule.countries, f"{country} is not {' or '.join(rule.countries)}"
    if inside is None:
        return Match(None, why)
    if rule.negated:
        return Match(not inside, f"{address} is one of those the rule leaves alone")
    return Match(inside, why)


def _within(address: str, blocks: Sequence[str]) -> bool | None:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    return any(found in ipaddress.ip_network(block) for block in blocks)


def _body(rule: WebAclRule, http: Http, limit: int) -> Match:
    """Compare the length of the body, as far as it is inspected (fact waf-body-01)."""
    length = int(http.header("Content-Length") or 0)
    over = rule.body_over or 0
    if length > limit * 1024 and rule.oversize != "continue":
        return Match(rule.oversize == "match", f"the body is longer than the {limit} KB that are inspected")
    return Match(min(length, limit * 1024) > over, f"{min(length, limit * 1024)} bytes of the body are not over {over}")


def _assumed(rule: WebAclRule) -> Match:
    """Return what the design takes such a rule to match: what it looks for cannot be told from a request."""
    what = rule.managed or (f"the search for {rule.attack}" if rule.attack else f"the rate of {rule.rate}")
    if rule.matches == "unknown":
        return Match(None, f"whether {what} matches")
    return Match(rule.matches == "all", f"{what} is taken not to match", assumed=True)


def rule_text(rule: WebAclRule) -> str:
    """Return a rule as a person reads it: ``rule 10 (block bad addresses)``."""
    what = rule.name or rule.managed
    if not what:
        parts = (
            (rule.rate is not None, f"over {rule.rate} requests in {rule.window:g} s"),
            (bool(rule.ip_set), f"address {', '.join(rule.ip_set)}"),
            (bool(rule.countries), f"country {', '.join(rule.countries)}"),
            (bool(rule.path), f"path {', '.join(rule.path)}"),
            (bool(rule.host), f"host {', '.join(rule.host)}"),
            (bool(rule.method), f"method {', '.join(rule.method)}"),
            (bool(rule.query), f"query {', '.join(rule.query)}"),
            (bool(rule.header), f"header {', '.join(rule.header)}"),
            (rule.body_over is not None, f"body over {rule.body_over} bytes"),
            (rule.attack is not None, rule.attack or ""),
            (bool(rule.label), f"label {', '.join(rule.label)}"),
        )
        what = ", ".join(text for holds, text in parts if holds) or "any request"
    return f"Rule {rule.priority} ({what})"
