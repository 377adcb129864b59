"""What of AWS's managed rule groups can be told from a request: the rules that look at sizes.

Source: WAF Developer Guide, "Baseline rule groups", Core rule set (CRS): SizeRestrictions_QUERYSTRING,
SizeRestrictions_Cookie_HEADER, SizeRestrictions_BODY, SizeRestrictions_URIPATH. What the other rules search for (SQL,
scripts, known bad addresses) a request of a trace does not say; the design states it by ``matches``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from archtui.trace.message import Http


@dataclass(frozen=True, slots=True)
class SizeRule:
    """A rule of a managed group that matches what is longer than so many bytes."""

    name: str
    part: Literal["query", "cookie", "body", "path"]
    limit: int


SIZES: Mapping[str, tuple[SizeRule, ...]] = {
    "AWSManagedRulesCommonRuleSet": (
        SizeRule("SizeRestrictions_QUERYSTRING", "query", 2048),
        SizeRule("SizeRestrictions_Cookie_HEADER", "cookie", 10240),
        SizeRule("SizeRestrictions_BODY", "body", 8192),
        SizeRule("SizeRestrictions_URIPATH", "path", 1024),
    )
}


def size_rule(group: str, excluded: tuple[str, ...], http: Http) -> SizeRule | None:
    """Return the rule of a managed group whose limit the request exceeds; None: it exceeds none."""
    lengths = {
        "query": len(http.query.encode()),
        "cookie": len((http.header("Cookie") or "").encode()),
        "body": int(http.header("Content-Length") or 0),
        "path": len(http.path.encode()),
    }
    known = (rule for rule in SIZES.get(group, ()) if rule.name not in excluded)
    return next((rule for rule in known if lengths[rule.part] > rule.limit), None)
