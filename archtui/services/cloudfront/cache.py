"""What the cache of an edge location has: the key of a request, how long an object is kept, hit or miss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from archtui.services.cloudfront.properties import (
    CachePolicy,
    CloudFrontDistributionProperties,
    DefaultBehavior,
    Origin,
)
from archtui.services.elb.matching import like
from archtui.trace.message import Http


@dataclass(frozen=True, slots=True)
class Cached:
    """What the cache makes of a request."""

    share: float
    """The share of such requests it answers."""
    key: str
    """What makes another request the same."""
    ttl: float
    """Seconds an object is kept; 0: it is not."""
    why: str
    """Why it does not answer, or how often it does, a clause."""


def cached(
    distribution: CloudFrontDistributionProperties, behavior: DefaultBehavior, origin: Origin | None, http: Http
) -> Cached:
    """Say what the cache makes of ``http``.

    Source: CloudFront Developer Guide, "Understand the cache key" and "Manage how long content stays in the cache";
    facts cloudfront-key-01, cloudfront-ttl-01, cloudfront-ttl-02, cloudfront-write-01.
    """
    policy = behavior.cache
    key, seconds = cache_key(policy, http), ttl(policy, origin)
    readable = {"GET", "HEAD"} | ({"OPTIONS"} if behavior.cache_options else set())
    if not policy.enabled:
        return Cached(0.0, key, 0.0, "the cache policy keeps nothing")
    if http.method not in readable:
        return Cached(0.0, key, 0.0, f"answers to {http.method} are not cached")
    if not seconds:
        return Cached(0.0, key, 0.0, "the origin's answers expire at once")
    if any(like(pattern, http.path) for pattern in distribution.invalidated):
        return Cached(0.0, key, seconds, "the object has been invalidated")
    if behavior.hit_ratio is None:
        return Cached(0.0, key, seconds, "it is the first request for this object")
    return Cached(behavior.hit_ratio, key, seconds, f"{behavior.hit_ratio * 100:.4g} % of such requests are hits")


def ttl(policy: CachePolicy, origin: Origin | None) -> float:
    """Return the seconds an object is kept: what the origin says within the policy's bounds, else the default."""
    if not policy.enabled:
        return 0.0
    asked = policy.default_ttl if origin is None or origin.max_age is None else origin.max_age
    return max(policy.min_ttl, min(asked, policy.max_ttl))


def cache_key(policy: CachePolicy, http: Http) -> str:
    """Return the cache key as a person reads it: host and path, and what the policy adds."""
    return " ".join((f"{http.host}{http.path}", *_added(policy, http)))


def _added(policy: CachePolicy, http: Http) -> Iterator[str]:
    query = [pair for pair in parse_qsl(http.query, keep_blank_values=True) if _counts(policy.query, pair[0])]
    if query:
        yield "?" + "&".join(f"{name}={value}" for name, value in sorted(query))
    headers = sorted((name.lower(), value) for name, value in http.headers.items() if name.lower() != "cookie")
    yield from (f"{name}: {value}" for name, value in headers if _counts(policy.headers, name))
    yield from (f"cookie {name}={value}" for name, value in cookies(http) if _counts(policy.cookies, name))


def cookies(http: Http) -> tuple[tuple[str, str], ...]:
    """Return the cookies of a request by name."""
    pairs = (part.strip().partition("=") for part in (http.header("Cookie") or "").split(";"))
    return tuple(sorted((name, value) for name, _, value in pairs if name))


def _counts(chosen: str | tuple[str, ...], name: str) -> bool:
    if isinstance(chosen, str):
        return chosen == "all"
    return name.lower() in {each.lower() for each in chosen}


def forwarded(behavior: DefaultBehavior, http: Http) -> Http:
    """Return the request as the origin gets it: the cache key's values, and those of the origin request policy.

    Source: CloudFront Developer Guide, "Control origin requests with a policy"; fact cloudfront-policy-01.
    """
    cache, beside = behavior.cache, behavior.origin_request

    def goes(name: str, what: str) -> bool:
        within = cache.enabled and _counts(getattr(cache, what), name)
        return within or _counts(getattr(beside, what), name)

    query = "&".join(part for part in http.query.split("&") if part and goes(part.partition("=")[0], "query"))
    kept = (pair for pair in http.headers.items() if pair[0].lower() != "cookie")
    headers = {name: value for name, value in kept if goes(name, "headers")}
    sent = "; ".join(f"{name}={value}" for name, value in cookies(http) if goes(name, "cookies"))
    if sent:
        headers["Cookie"] = sent
    host = http.host if goes("Host", "headers") else ""
    return Http(http.method, http.scheme, host, http.path, query, headers)
