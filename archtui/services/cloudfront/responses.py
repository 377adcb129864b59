"""What happens to an answer on its way back: functions at the response, how long an origin may take, and which
distribution answers at all while another is tried out."""

from __future__ import annotations

from dataclasses import replace

from archtui.model.component import Component
from archtui.services.cloudfront.functions import response_outcome
from archtui.services.cloudfront.names import ORIGIN_FACING
from archtui.services.cloudfront.origins import Ask, distribution_of, origin_of
from archtui.services.s3.properties import S3BucketProperties
from archtui.trace import codes
from archtui.trace.interface import Arrival, Call, Deadline, Reception, Walk, Way
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step

STAGING_SHARE = 0.15
"""At most this share of the requests goes to a staging distribution (CloudFront Developer Guide, "Use CloudFront
continuous deployment to safely test CDN configuration changes")."""


def deadlines(ask: Ask) -> tuple[Deadline, ...]:
    """Return how long CloudFront waits for the origin of a behaviour; a bucket's time cannot be set.

    Source: CloudFront Developer Guide, "Response timeout" and "HTTP 504 status code (Gateway Timeout)".
    """
    origin = origin_of(ask.distribution, ask.behavior.origin)
    if origin is None:
        return ()
    target = ask.walk.world.components.get(origin.to)
    if target is not None and isinstance(target.properties, S3BucketProperties) and not origin.website:
        return ()
    index, seconds = ask.distribution.origins.index(origin), origin.response_timeout
    rule = RuleRef(ask.component.id, f"response timeout {seconds:g} s", ("origins", index, "response_timeout"))
    text = f"{ask.component.id} waits {seconds:g} s for {origin.id} (504)."
    return (Deadline(seconds, 504, Step("service", Action.DENY, codes.CLOUDFRONT_ORIGIN_TIMEOUT, text, rule)),)


def answered_by(ask: Ask, event: str, way: Way, label: str, waits: tuple[Deadline, ...]) -> Way:
    """Return ``way`` with what the functions at a response event make of its answer.

    One that fails or answers by itself takes the place of the answer, which has been asked for nevertheless.
    """
    outcome = response_outcome(ask.component, ask.behavior, ask.place, event, ask.http, ask.walk)
    if not outcome.hops:
        return way
    if not outcome.ends:
        return replace(way, hops=(*way.hops, *outcome.hops))
    inner = replace(way, weight=1.0)
    call = Call(label, (inner,), "soft", deadlines=waits)
    reception = Reception(outcome.hops, (call,), outcome.status, outcome.redirect)
    edge = Endpoint(ask.component.id, ORIGIN_FACING)
    return Way(way.weight, way.label, edge, None, way.message, cached=way.cached, reception=reception)


def tried_out(arrival: Arrival, walk: Walk) -> tuple[Component, Step, float] | None:
    """Return the staging distribution that takes a share of the requests, with the step that says so; None: none does.

    A header takes all requests that carry it, a weight its share (CloudFront Developer Guide, "Routing requests to the
    staging distribution").
    """
    staging, http = distribution_of(arrival.component).staging, arrival.message.http
    if staging is None or http is None or not distribution_of(arrival.component).enabled:
        return None
    component = walk.world.components[staging.distribution]
    if component.kind.stands_in or walk.is_down(component.id):
        return None
    if staging.header:
        if http.header(staging.header) != staging.value:
            return None
        share, why = 1.0, f"the request carries {staging.header}"
    else:
        share = min(staging.weight or 0.0, STAGING_SHARE)
        why = f"it takes {share * 100:.4g} % of the requests"
    if share <= 0:
        return None
    rule = RuleRef(arrival.component.id, f"staging distribution {component.id}", ("staging",))
    text = f"{component.id} is tried out beside {arrival.component.id}: {why}."
    return component, Step("service", Action.CHOOSE, "", text, rule), share
