"""What an edge location does with a request, from the viewer's connection to the origin.

The order is CloudFront's: the connection and its certificate, the web ACL, the country, the behaviour by path, the
protocol, the method, the signature, the function at the viewer's side, the cache, the function at the origin's side,
the origin.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from archtui.model.component import Component, Json
from archtui.services.acm.properties import CertificateProperties
from archtui.services.cloudfront.cache import cached
from archtui.services.cloudfront.functions import Outcome, run
from archtui.services.cloudfront.names import ORIGIN_FACING, domain_name
from archtui.services.cloudfront.origins import Ask, behavior_for, distribution_of, origin_of, origin_way
from archtui.services.cloudfront.properties import CloudFrontDistributionProperties, DefaultBehavior
from archtui.services.cloudfront.responses import answered_by, deadlines, tried_out
from archtui.services.cloudfront.signed import signature_step
from archtui.services.screening import screened
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, Way, hop
from archtui.trace.message import Endpoint, Http
from archtui.world.steps import Action, Hop, RuleRef, Step

CERTIFICATES = "us-east-1"
"""The region whose certificates CloudFront uses (fact cloudfront-ssl-domain-01)."""
_METHODS = {"read": ("GET", "HEAD"), "read-options": ("GET", "HEAD", "OPTIONS")}


@dataclass
class _Told:
    """The hops of a request at the edge so far, those of the distribution and of what it asks in between."""

    component: Component
    hops: list[Hop] = field(default_factory=list)

    def say(self, *steps: Step) -> None:
        self.hops.append(hop(self.component, *steps))

    def end(self, step: Step, status: int | None = None, *, redirect: str = "", missing: str = "") -> Reception:
        """Return the reception of a request that ends here with ``step``."""
        self.say(step)
        unknown = (missing,) if missing else ()
        return Reception(tuple(self.hops), status=status, redirect=redirect, missing=unknown)


class DistributionReceives(Receives):
    """An edge location answers from its cache, or asks an origin."""

    def port(self, component: Component) -> int | None:
        return 443

    def scheme(self, component: Component, port: int) -> Literal["", "http", "https"]:
        return {443: "https", 80: "http"}.get(port, "")  # type: ignore[return-value]

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        tried = tried_out(arrival, walk)
        if tried is None:
            return self._served(arrival, walk)
        component, step, share = tried
        edge = Endpoint(arrival.component.id, ORIGIN_FACING)
        ways = []
        if share < 1:
            own = self._served(arrival, walk)
            ways.append(Way(1 - share, arrival.component.id, edge, None, arrival.message, reception=own))
        other = self._served(replace(arrival, component=component), walk)
        ways.append(Way(share, component.id, edge, None, arrival.message, reception=other))
        call = Call(f"{arrival.component.id} or {component.id}", tuple(ways), relays=True)
        return Reception((hop(arrival.component, step),), (call,))

    def _served(self, arrival: Arrival, walk: Walk) -> Reception:
        component, properties, http = arrival.component, distribution_of(arrival.component), arrival.message.http
        told = _Told(component)
        if walk.is_down(component.id) or not properties.enabled:
            state = "down" if walk.is_down(component.id) else "disabled"
            rule = RuleRef(component.id, state)
            return told.end(Step("service", Action.DENY, codes.BAD_STATE, f"{component.id} is {state}.", rule))
        if http is None:
            return told.end(Step("service", Action.ACCEPT, "", f"{component.id} accepts the connection."))
        if http.scheme == "https":
            shown = _certificate(component, properties, http, walk)
            if shown.action is not Action.ACCEPT:
                missing = shown.message if shown.action is Action.UNKNOWN else ""
                return replace(told.end(shown, missing=missing), refused=shown.action is Action.DENY)
            told.say(shown)
        named = _named(component, properties, http)
        if named is not None:
            return told.end(named, 403)
        screening = screened(arrival, walk)
        if screening.stops:
            return screening.reception(*told.hops)
        told.hops.extend(screening.hops)
        place = _place(component, properties, arrival)
        if place is not None and place.action is Action.UNKNOWN:
            return told.end(place, missing=f"the country of {arrival.origin.component}")
        if place is not None:
            return told.end(place, 403)
        return self._behaved(arrival, properties, http, told, walk)

    def _behaved(
        self, arrival: Arrival, properties: CloudFrontDistributionProperties, http: Http, told: _Told, walk: Walk
    ) -> Reception:
        """Find the behaviour and do what it says."""
        component = arrival.component
        behavior, where = behavior_for(properties, http.path)
        if behavior is None:
            rule = RuleRef(component.id, "no default behaviour", ("default",))
            text = f"No behaviour of {component.id} takes {http.path}, and it has no default one."
            return told.end(Step("service", Action.DENY, codes.CLOUDFRONT_ORIGIN_UNKNOWN, text, rule), 502)
        told.say(_chosen(component, properties, behavior, where, http))
        refusal = _refusal(component, behavior, where, http)
        if refusal is not None:
            step, status, url = refusal
            return told.end(step, status, redirect=url)
        signature = signature_step(component, behavior, where, http)
        if signature is not None and signature.action is Action.DENY:
            return told.end(signature, 403)
        if signature is not None:
            told.say(signature)
        outcome = run(component, behavior, where, "viewer-request", http, walk)
        told.hops.extend(outcome.hops)
        if outcome.ends:
            return _ended(told, outcome)
        ask = Ask(arrival, properties, behavior, where, outcome.http, walk)
        return self._cached(ask, told)

    def _cached(self, ask: Ask, told: _Told) -> Reception:
        """Answer from the cache, ask the origin, or each with its share."""
        component, behavior, http = ask.component, ask.behavior, ask.http
        found = cached(ask.distribution, behavior, origin_of(ask.distribution, behavior.origin), http)
        rule = RuleRef(component.id, f"cache policy of {_name(ask.place, behavior)}", (*ask.place, "cache"))
        kept = f", kept for {found.ttl:g} s" if found.ttl else ""
        text = f"The cache is asked for {found.key}{kept}: {found.why}."
        after: dict[str, Json] = {"cache_key": found.key, "ttl": found.ttl}
        facts = ("cloudfront-key-01", "cloudfront-ttl-02")
        told.say(Step("service", Action.CHOOSE, "", text, rule, after=after, facts=facts))
        ways: list[Way] = []
        if found.share > 0:
            ways.append(_hit(ask, found.share, found.ttl, rule))
        if found.share < 1:
            ways.append(self._missed(ask, 1 - found.share))
        label, waits = f"{component.id} answers from its cache or asks the origin", deadlines(ask)
        viewed = tuple(answered_by(ask, "viewer-response", way, label, waits) for way in ways)
        call = Call(label, viewed, relays=True, refused_status=502, timeout_status=504, deadlines=waits)
        return Reception(tuple(told.hops), (call,))

    @staticmethod
    def _missed(ask: Ask, weight: float) -> Way:
        """Return the way of what the cache does not have."""
        outcome = run(ask.component, ask.behavior, ask.place, "origin-request", ask.http, ask.walk)
        if outcome.ends:
            edge = Endpoint(ask.component.id, ORIGIN_FACING)
            return Way(weight, "miss", edge, None, ask.arrival.message, outcome.hops, outcome.status)
        further = replace(ask, http=outcome.http)
        way = origin_way(further, weight, "miss", outcome.hops, outcome.origin)
        return answered_by(further, "origin-response", way, f"{ask.component.id} asks the origin", deadlines(ask))


def _hit(ask: Ask, share: float, seconds: float, rule: RuleRef) -> Way:
    """Return the way of what the cache has; after its time it is served on while the origin does not answer.

    Source: CloudFront Developer Guide, "How CloudFront processes HTTP 4xx and 5xx status codes from your origin":
    where the origin does not respond, CloudFront continues to serve cached content.
    """
    condition = ask.walk.condition
    expired = not condition.is_healthy and (condition.time is None or condition.time >= seconds)
    stale = expired and _origin_is_down(ask)
    text = f"{ask.component.id} answers from its cache."
    if stale:
        text = f"{ask.component.id} answers from its cache with an object that has expired: the origin does not answer."
    code = codes.CLOUDFRONT_STALE if stale else ""
    step = Step("service", Action.ANSWER, code, text, rule, after={"status": 200}, facts=("cloudfront-role-01",))
    edge = Endpoint(ask.component.id, ORIGIN_FACING)
    return Way(share, "hit", edge, None, ask.arrival.message, (hop(ask.component, step),), 200, cached=True)


def _origin_is_down(ask: Ask) -> bool:
    origin = origin_of(ask.distribution, ask.behavior.origin)
    return origin is not None and ask.walk.is_down(origin.to)


# -- the viewer's side ----------------------------------------------------------------------------


def _certificate(component: Component, properties: CloudFrontDistributionProperties, http: Http, walk: Walk) -> Step:
    """Say which certificate the edge location shows, and whether the viewer takes it."""
    facts = ("cloudfront-ssl-domain-01", "cloudfront-ssl-01")
    if not http.host or http.host == domain_name(component):
        text = f"{component.id} shows CloudFront's own certificate."
        return Step("tls", Action.ACCEPT, "", text, RuleRef(component.id, "*.cloudfront.net"), facts=facts)
    rule = RuleRef(component.id, "certificate", ("certificate",))
    if properties.certificate is None:
        text = f"{component.id} has no certificate for {http.host}: viewers get the one for *.cloudfront.net."
        return Step("tls", Action.DENY, codes.TLS_NAME_MISMATCH, text, rule, facts=facts)
    shown = walk.world.components[properties.certificate]
    certificate = shown.properties
    if not isinstance(certificate, CertificateProperties):
        missing = f"the names and the state of the certificate {shown.id}: it is not modelled"
        return Step("tls", Action.UNKNOWN, "", missing, rule)
    region = walk.world.placement(shown.id).region or certificate.region
    names = ", ".join((certificate.domain, *certificate.alternative_names))
    rule = RuleRef(shown.id, f"certificate for {names}", ("domain",))
    if region != CERTIFICATES:
        text = f"The certificate {shown.id} is in {region}; CloudFront uses those of {CERTIFICATES} alone."
        return Step("tls", Action.DENY, codes.CLOUDFRONT_CERTIFICATE_REGION, text, rule, facts=facts)
    if certificate.state != "issued" or walk.is_down(shown.id):
        state = certificate.state.replace("_", " ") if certificate.state != "issued" else "not valid"
        text = f"The certificate {shown.id} is {state}."
        return Step("tls", Action.DENY, codes.TLS_CERTIFICATE_INVALID, text, rule)
    if not certificate.covers(http.host):
        text = f"The certificate {shown.id} is for {names}, not for {http.host}."
        return Step("tls", Action.DENY, codes.TLS_NAME_MISMATCH, text, rule, facts=facts)
    text = f"{shown.id} covers {http.host}: the viewer's TLS connection ends at the edge."
    return Step("tls", Action.ACCEPT, "", text, rule, facts=facts)


def _named(component: Component, properties: CloudFrontDistributionProperties, http: Http) -> Step | None:
    """Return the refusal of a host name that is not the distribution's."""
    own = (domain_name(component), *(name.lower() for name in properties.aliases))
    host = http.host.lower()
    if not host or any(host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in own):
        return None
    text = f"{host} is no alternate domain name of {component.id}, so CloudFront refuses the request (403)."
    return Step("service", Action.DENY, codes.CLOUDFRONT_NAME_UNKNOWN, text, RuleRef(component.id, host, ("aliases",)))


def _place(component: Component, properties: CloudFrontDistributionProperties, arrival: Arrival) -> Step | None:
    """Return the refusal of a viewer's country, or that it is not known; None: it may."""
    restriction = properties.geo_restriction
    if restriction is None:
        return None
    rule = RuleRef(component.id, f"{restriction.type} {', '.join(restriction.countries)}", ("geo_restriction",))
    if arrival.country is None:
        text = f"{component.id} serves by country, and where {arrival.origin.component} is is not known."
        return Step("service", Action.UNKNOWN, codes.CLOUDFRONT_PLACE_UNKNOWN, text, rule)
    if (arrival.country in restriction.countries) == (restriction.type == "allow"):
        return None
    text = f"{component.id} does not serve viewers in {arrival.country} (403)."
    return Step("service", Action.DENY, codes.CLOUDFRONT_GEO_RESTRICTED, text, rule, facts=("cloudfront-geo-01",))


def _name(place: tuple[str | int, ...], behavior: DefaultBehavior) -> str:
    return "the default behaviour" if place == ("default",) else f"the behaviour {getattr(behavior, 'path', '')}"


def _chosen(
    component: Component,
    properties: CloudFrontDistributionProperties,
    behavior: DefaultBehavior,
    place: tuple[str | int, ...],
    http: Http,
) -> Step:
    lost = [
        RuleRef(component.id, f"behaviour {other.path}", ("behaviors", index), f"{http.path} does not match")
        for index, other in enumerate(properties.behaviors)
        if place == ("default",) or index < int(place[1])
    ]
    name = _name(place, behavior)
    text = f"{name[0].upper()}{name[1:]} takes {http.path} to {behavior.origin}."
    rule = RuleRef(component.id, name, place)
    shown = {"method": http.method, "host": http.host, "path": http.path}
    facts = ("cf_behavior-role-01", "cf_behavior-default-01")
    return Step("service", Action.CHOOSE, "", text, rule, tuple(lost), shown, facts=facts)


def _refusal(
    component: Component, behavior: DefaultBehavior, place: tuple[str | int, ...], http: Http
) -> tuple[Step, int, str] | None:
    """Return how the behaviour refuses or redirects the viewer; None: it takes the request.

    Source: CloudFront Developer Guide, "Require HTTPS between viewers and CloudFront" (301, for methods other than
    GET and HEAD 307; HTTPS only: 403) and "Distribution settings reference", Allowed HTTP methods (403).
    """
    if http.scheme == "http" and behavior.viewer_protocol == "redirect-to-https":
        url = replace(http, scheme="https").url
        status = 301 if http.method in ("GET", "HEAD") else 307
        text = f"{component.id} sends the viewer to {url} ({status})."
        after: dict[str, Json] = {"status": status, "location": url}
        rule = RuleRef(component.id, "redirect-to-https", (*place, "viewer_protocol"))
        return Step("service", Action.ANSWER, codes.CLOUDFRONT_REDIRECT, text, rule, after=after), status, url
    if http.scheme == "http" and behavior.viewer_protocol == "https-only":
        rule = RuleRef(component.id, "https-only", (*place, "viewer_protocol"))
        text = f"{component.id} takes HTTPS alone here (403)."
        return Step("service", Action.DENY, codes.CLOUDFRONT_HTTPS_ONLY, text, rule), 403, ""
    allowed = _METHODS.get(behavior.methods)
    if allowed is not None and http.method not in allowed:
        rule = RuleRef(component.id, f"methods {', '.join(allowed)}", (*place, "methods"))
        text = f"{component.id} does not allow {http.method} here, only {', '.join(allowed)} (403)."
        return Step("service", Action.DENY, codes.CLOUDFRONT_METHOD_NOT_ALLOWED, text, rule), 403, ""
    return None


def _ended(told: _Told, outcome: Outcome) -> Reception:
    return Reception(tuple(told.hops), status=outcome.status, redirect=outcome.redirect)
