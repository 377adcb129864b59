"""The ways from an edge location to the origins: one of them, its substitute, or the page for its error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from archtui.failure.interface import properties_as
from archtui.model.component import Component, Json
from archtui.services.cloudfront.cache import forwarded
from archtui.services.cloudfront.names import ORIGIN_FACING
from archtui.services.cloudfront.properties import (
    CloudFrontDistributionProperties,
    DefaultBehavior,
    ErrorPage,
    Origin,
    OriginGroup,
)
from archtui.services.cloudfront.vpc_origins import hindrance, sender
from archtui.services.elb.matching import like
from archtui.services.s3.properties import S3BucketProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, HasName, Probe, Walk, Way, hop
from archtui.trace.message import Endpoint, Http, Identity, Message
from archtui.trace.permission import Guarded
from archtui.world.steps import Action, Hop, RuleRef, Step, Verdict

_READS = ("GET", "HEAD", "OPTIONS")
"""Only these fail over to the secondary origin (CloudFront Developer Guide, "Optimize high availability with
CloudFront origin failover")."""
_ACTIONS = {"PUT": "s3:PutObject", "POST": "s3:PutObject", "DELETE": "s3:DeleteObject"}


@dataclass(frozen=True, slots=True)
class Ask:
    """A request on its way to an origin."""

    arrival: Arrival
    distribution: CloudFrontDistributionProperties
    behavior: DefaultBehavior
    place: tuple[str | int, ...]
    """Where the behaviour stands."""
    http: Http
    """The request after the functions of the viewer's side."""
    walk: Walk

    @property
    def component(self) -> Component:
        """The distribution."""
        return self.arrival.component


def origin_of(properties: CloudFrontDistributionProperties, name: str) -> Origin | None:
    """Return the origin that a behaviour asks: itself, or the primary of a group."""
    group = next((group for group in properties.origin_groups if group.id == name), None)
    wanted = group.primary if group else name
    return next((origin for origin in properties.origins if origin.id == wanted), None)


_IDENTITIES: Mapping[str, Identity] = {"oac": "service", "oai": "", "public": "stranger"}
"""As whom a bucket is asked; an origin access identity is a user of CloudFront's, of which a design says nothing."""


_OAI = ("oac-role-01", "oai-role-01")


def origin_way(ask: Ask, weight: float, label: str, hops: tuple[Hop, ...], name: str = "") -> Way:
    """Return the way to what the behaviour asks (or the origin ``name``), through failover and error page."""
    properties, wanted = ask.distribution, name or ask.behavior.origin
    group = next((group for group in properties.origin_groups if group.id == wanted), None)
    origin = origin_of(properties, wanted)
    if origin is None:
        rule = RuleRef(ask.component.id, f"origin {wanted}", (*ask.place, "origin"))
        text = f"{ask.component.id} has no origin {group.primary if group else wanted}."
        step = Step("service", Action.DENY, codes.CLOUDFRONT_ORIGIN_UNKNOWN, text, rule)
        return Way(weight, label, _edge(ask), None, ask.arrival.message, (*hops, hop(ask.component, step)), 502)
    probe = _probe(ask, origin) if group or properties.error_pages else None
    if group and probe:
        other = _substitute(ask, group, origin, probe)
        if other is not None:
            origin, step = other
            hops, probe = (*hops, hop(ask.component, step)), _probe(ask, origin)
    page = _error_page(properties, probe)
    if page is not None:
        return _page_way(ask, weight, label, hops, origin, page)
    return _asked(ask, weight, label, hops, origin)


def _asked(ask: Ask, weight: float, label: str, hops: tuple[Hop, ...], origin: Origin) -> Way:
    """Return the way to one origin."""
    message, target = _message(ask, origin), ask.walk.world.components.get(origin.to)
    index = ask.distribution.origins.index(origin)
    if (ask.component.id, origin.to) in ask.walk.condition.links:
        text = f"The link from {ask.component.id} to {origin.to} is down."
        step = Step("service", Action.DENY, codes.LINK_DOWN, text, RuleRef(ask.component.id, f"origin {origin.id}"))
        return Way(weight, label, _edge(ask), None, message, (*hops, hop(ask.component, step)), 504)
    rule = RuleRef(ask.component.id, f"origin {origin.id}", ("origins", index))
    if origin.vpc_origin:
        return _from_inside(ask, weight, label, hops, origin, rule)
    shielded = f" by Origin Shield in {origin.shield}" if origin.shield else ""
    text = f"{ask.component.id} asks the origin {origin.id}{shielded}: {message.text}."
    before = ask.arrival.message.to_json()
    steps = [Step("service", Action.FORWARD, "", text, rule, (), before, message.to_json(), ("cloudfront-flow-01",))]
    if target is not None and isinstance(target.properties, S3BucketProperties) and not origin.website:
        if origin.access == "oai" and target.properties.kms_key:
            key = target.properties.kms_key
            text = f"{target.id} is encrypted with {key}, which an origin access identity cannot use (403)."
            steps.append(Step("service", Action.DENY, codes.CLOUDFRONT_OAI_KMS, text, rule, facts=_OAI))
            return Way(weight, label, _edge(ask), None, message, (*hops, hop(ask.component, *steps)), 403)
        steps.extend(_signed(ask, origin, target, rule))
        said = f"{ask.component.id} asks {target.id} over AWS's own network."
        return Way(weight, label, _edge(ask), target.id, message, (*hops, hop(ask.component, *steps)), internal=said)
    return Way(weight, label, _edge(ask), origin.to, message, (*hops, hop(ask.component, *steps)))


def _from_inside(ask: Ask, weight: float, label: str, hops: tuple[Hop, ...], origin: Origin, rule: RuleRef) -> Way:
    """Return the way from CloudFront's own interface in the VPC to a private origin."""
    message, why = _message(ask, origin), hindrance(origin, ask.walk.world)
    nic = None if why else sender(ask.component, origin, ask.walk)
    if nic is None:
        why = why or f"no zone works in which CloudFront has an interface for {origin.to}"
        text = f"The VPC origin {origin.id} cannot be asked: {why}."
        step = Step("service", Action.DENY, codes.CLOUDFRONT_VPC_ORIGIN, text, rule)
        return Way(weight, label, _edge(ask), None, message, (*hops, hop(ask.component, step)), 504)
    text = f"{ask.component.id} asks {origin.id} from its own interface {nic.address} in the VPC: {message.text}."
    before = ask.arrival.message.to_json()
    facts = ("cloudfront-origin-public-01",)
    step = Step("service", Action.FORWARD, "", text, rule, (), before, message.to_json(), facts)
    return Way(weight, label, nic, origin.to, message, (*hops, hop(ask.component, step)))


def _signed(ask: Ask, origin: Origin, bucket: Component, rule: RuleRef) -> Iterator[Step]:
    """Say as whom the bucket is asked (facts oac-role-01, oai-role-01)."""
    if origin.access == "public":
        return
    what = "origin access control" if origin.access == "oac" else "origin access identity"
    guarded = bucket.kind.behaviour(Guarded)
    stated = bool(guarded and guarded.policy(bucket))
    rest = "" if stated else f"; the policy of {bucket.id} is not stated, so it is taken to allow that"
    text = f"The request is signed by the {what} of {ask.component.id}{rest}."
    code = "" if stated else codes.CLOUDFRONT_OAC_UNSTATED
    yield Step("service", Action.FORWARD, code, text, rule, facts=("oac-role-01", "oai-role-01"))


def _edge(ask: Ask) -> Endpoint:
    return Endpoint(ask.component.id, ORIGIN_FACING)


def _message(ask: Ask, origin: Origin) -> Message:
    """Return the request as the origin gets it, on a connection of CloudFront's own."""
    sent, target = forwarded(ask.behavior, ask.http), ask.walk.world.components.get(origin.to)
    bucket = target is not None and isinstance(target.properties, S3BucketProperties)
    scheme: Literal["http", "https"] = ask.http.scheme
    if bucket and origin.website:
        scheme = "http"
    elif not bucket and origin.protocol != "match-viewer":
        scheme = "http" if origin.protocol == "http-only" else "https"
    named = target.kind.behaviour(HasName) if target else None
    own = next(iter(named.names(target, ask.walk.world)), "") if named and target else ("" if target else origin.to)
    host = sent.host if sent.host and not bucket else own
    before = ask.http.header("X-Forwarded-For")
    sender = ask.arrival.sender.address
    headers = {
        **{name: value for name, value in sent.headers.items() if name.lower() != "x-forwarded-for"},
        "X-Forwarded-For": f"{before}, {sender}" if before else sender,
        "Via": "CloudFront",
        **origin.headers,
    }
    http = Http(sent.method, scheme, host, f"{origin.path}{_rooted(ask, sent.path)}", sent.query, headers)
    port = origin.https_port if scheme == "https" else origin.http_port
    action = _ACTIONS.get(http.method, "s3:GetObject") if bucket else ""
    # A website endpoint takes no signature and serves what is public alone (S3 User Guide, "Website endpoints").
    access = "public" if origin.website else origin.access
    identity = _IDENTITIES[access] if bucket else ""
    return replace(ask.arrival.message, http=http, port=port, source_port=None, action=action, identity=identity)


def _rooted(ask: Ask, path: str) -> str:
    """Return the path with the default root object for ``/`` (fact cloudfront-root-01)."""
    root = ask.distribution.default_root_object
    return f"/{root.lstrip('/')}" if path == "/" and root else path


# -- failover and error pages ---------------------------------------------------------------------


def _probe(ask: Ask, origin: Origin) -> Probe:
    """Find out how an origin would answer this very request: its answer may hang on headers and on who asks."""
    if (ask.component.id, origin.to) in ask.walk.condition.links:
        return Probe(Verdict.BLOCKED, None, ())
    unknown = Probe(Verdict.UNKNOWN, None, (), (f"whether {origin.id} answers: it depends on itself",))
    edge = _edge(ask)
    if origin.vpc_origin:
        nic = None if hindrance(origin, ask.walk.world) else sender(ask.component, origin, ask.walk)
        if nic is None:
            return Probe(Verdict.BLOCKED, None, ())
        edge = nic
    message = _message(ask, origin)
    key = ("cloudfront", ask.component.id, origin.id, edge, _told(message))
    return ask.walk.once(key, lambda: ask.walk.probe(edge, origin.to, message), unknown)


def _told(message: Message) -> tuple[object, ...]:
    """Return what tells requests apart; one that comes round in a circle is the same although it has passed more."""
    http = message.http
    passed = http.header("X-Forwarded-For") if http else None
    if http is None or passed is None:
        return message.key
    once = ", ".join(dict.fromkeys(passed.split(", ")))
    return replace(message, http=replace(http, headers={**http.headers, "X-Forwarded-For": once})).key


def _substitute(ask: Ask, group: OriginGroup, primary: Origin, probe: Probe) -> tuple[Origin, Step] | None:
    """Return the secondary origin where the primary fails, with the step that says why; None: it does not."""
    silent = probe.status is None and probe.verdict is Verdict.BLOCKED
    if not silent and probe.status not in group.statuses:
        return None
    second = next((origin for origin in ask.distribution.origins if origin.id == group.secondary), None)
    if second is None or ask.http.method not in _READS:
        return None
    attempts, timeout = primary.connection_attempts, primary.connection_timeout
    index = ask.distribution.origin_groups.index(group)
    how = f"{attempts} attempts of {timeout:g} s" if silent else f"HTTP {probe.status}, at once"
    text = f"The primary origin {primary.id} of {group.id} fails ({how}): {second.id} is asked."
    lost = (RuleRef(ask.component.id, f"origin {primary.id}", ("origins",), "it fails"),)
    rule = RuleRef(ask.component.id, f"origin group {group.id}", ("origin_groups", index))
    facts = ("cf_origin_group-failover-01",)
    return second, Step("service", Action.CHOOSE, codes.CLOUDFRONT_ORIGIN_FAILOVER, text, rule, lost, facts=facts)


def _error_page(properties: CloudFrontDistributionProperties, probe: Probe | None) -> ErrorPage | None:
    if probe is None:
        return None
    status = probe.status
    if status is None and probe.verdict is Verdict.BLOCKED:
        status = 504
    return next((page for page in properties.error_pages if page.error == status and page.page), None)


def _page_way(ask: Ask, weight: float, label: str, hops: tuple[Hop, ...], origin: Origin, page: ErrorPage) -> Way:
    """Return the way to a custom error page; the viewer gets the page's status.

    Source: CloudFront Developer Guide, "Generate custom error responses".
    """
    index = ask.distribution.error_pages.index(page)
    status = page.status or page.error
    rule = RuleRef(ask.component.id, f"error page for {page.error}", ("error_pages", index))
    text = f"{origin.id} answers {ask.http.path} with HTTP {page.error}: {page.page} is served with HTTP {status}."
    after: dict[str, Json] = {"status": status, "path": page.page}
    step = Step("service", Action.CHOOSE, codes.CLOUDFRONT_ERROR_PAGE, text, rule, after=after)
    if status >= 400:
        denial = replace(step, action=Action.DENY)
        return Way(weight, label, _edge(ask), None, ask.arrival.message, (*hops, hop(ask.component, denial)), status)
    behavior, place = behavior_for(ask.distribution, page.page)
    there = replace(ask, behavior=behavior or ask.behavior, place=place, http=replace(ask.http, path=page.page))
    asked = origin_of(ask.distribution, there.behavior.origin) or origin
    return _asked(there, weight, label, (*hops, hop(ask.component, step)), asked)


def behavior_for(
    properties: CloudFrontDistributionProperties, path: str
) -> tuple[DefaultBehavior | None, tuple[str | int, ...]]:
    """Return the first behaviour whose pattern takes ``path``, else the default one, and where it stands."""
    for index, behavior in enumerate(properties.behaviors):
        if takes(behavior.path, path):
            return behavior, ("behaviors", index)
    return properties.default, ("default",)


def takes(pattern: str, path: str) -> bool:
    """Say whether a path pattern takes ``path``; the slash in front of a pattern may be left out."""
    return like(pattern if pattern.startswith(("/", "*")) else f"/{pattern}", path)


def distribution_of(component: Component) -> CloudFrontDistributionProperties:
    """Return the properties of a distribution."""
    return properties_as(component, CloudFrontDistributionProperties)
