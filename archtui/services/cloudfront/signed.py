"""Private content: signed URLs and signed cookies.

Source: CloudFront Developer Guide, "Use signed URLs", "Create a signed URL using a canned policy", "Use signed
cookies" and "Decide to use canned or custom policies": a signature, the id of a key of a trusted key group, and when it
ends (Expires, or a policy that says so).
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl

from archtui.model.component import Component
from archtui.services.cloudfront.cache import cookies
from archtui.services.cloudfront.properties import DefaultBehavior
from archtui.trace import codes
from archtui.trace.message import Http
from archtui.world.steps import Action, RuleRef, Step

_FACTS = ("cloudfront-signed-url-01", "cloudfront-signed-cookie-01", "cf_behavior-private-01")


def signature_step(
    component: Component, behavior: DefaultBehavior, place: tuple[str | int, ...], http: Http
) -> Step | None:
    """Return what the edge makes of a signature: a denial, or the step that lets it pass; None: it wants none.

    Whether a signature is a good one cannot be told from a design; whether it has expired is told by the request's
    header ``Date``, where it has one. Both are assumptions that the step names.
    """
    if not behavior.signed:
        return None
    rule = RuleRef(component.id, "trusted key group", (*place, "signed"))

    def refused(why: str) -> Step:
        text = f"{component.id} wants a signed URL or signed cookies here, and the request {why} (403)."
        return Step("service", Action.DENY, codes.CLOUDFRONT_NOT_SIGNED, text, rule, facts=_FACTS)

    given = _signature(http)
    if given is None:
        return refused("has neither")
    key, expires, policy = given
    if behavior.key_ids and key not in behavior.key_ids:
        return refused(f"is signed with {key}, a key of no trusted key group")
    if not expires and not policy:
        return refused("does not say when its signature ends")
    asked = _date(http)
    if expires and asked is not None and int(expires) <= asked.timestamp():
        return refused(f"is signed until {expires}, which has passed at its Date")
    rest = "" if expires and asked is not None else ", and not to have expired"
    text = f"The request is signed with {key}; the signature is taken to be good{rest}."
    return Step("service", Action.ACCEPT, codes.CLOUDFRONT_SIGNATURE_ASSUMED, text, rule, facts=_FACTS)


def _signature(http: Http) -> tuple[str, str, str] | None:
    """Return key, end and policy of a signed URL, else of signed cookies; None: the request is not signed."""
    held = {name.removeprefix("CloudFront-"): value for name, value in cookies(http) if name.startswith("CloudFront-")}
    for found in (dict(parse_qsl(http.query, keep_blank_values=True)), held):
        if found.get("Signature") and found.get("Key-Pair-Id"):
            expires = found.get("Expires", "")
            return found["Key-Pair-Id"], expires if expires.isdigit() else "", found.get("Policy", "")
    return None


def _date(http: Http) -> datetime | None:
    """Return when the request is sent, as its header Date says (RFC 9110, 6.6.1)."""
    try:
        return parsedate_to_datetime(http.header("Date") or "")
    except ValueError:
        return None
