"""Reading cache and origin request policies, with those that AWS keeps for everybody."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.formats.describe import Data, Inventory, given, number, text, texts, value
from archtui.model.component import Json

_ALL: dict[str, Json] = {"headers": "all", "cookies": "all", "query": "all"}
MANAGED_CACHE: Mapping[str, dict[str, Json]] = {
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": {"enabled": False},
    "658327ea-f89d-4fab-a63d-7e88639e58f6": {},
}
"""CachingDisabled and CachingOptimized (CloudFront Developer Guide, "Use managed cache policies")."""
MANAGED_REQUEST: Mapping[str, dict[str, Json]] = {
    "216adef6-5c7f-47e4-b989-5492eafa07d3": _ALL,
}
"""AllViewer (CloudFront Developer Guide, "Use managed origin request policies")."""
_KEY = "CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin"


def policies_of(item: Data, inventory: Inventory) -> tuple[dict[str, Json], tuple[str, ...]]:
    """Return the policies of a behaviour as its properties, and what of them is not in the input."""
    found: dict[str, Json] = {}
    notes: list[str] = []
    cached, asked = text(item, "CachePolicyId"), text(item, "OriginRequestPolicyId")
    for key, name, known, read in (
        ("cache", cached, MANAGED_CACHE, inventory.part(_cache_policies)),
        ("origin_request", asked, MANAGED_REQUEST, inventory.part(_request_policies)),
    ):
        policy = known.get(name, read.get(name))
        if policy:
            found[key] = dict(policy)
        elif name and policy is None:
            notes.append(f"its {key.replace('_', ' ')} policy {name} is not in the input")
    if not cached and "ForwardedValues" in item:
        found["cache"] = _forwarded_values(item)
    return found, tuple(notes)


def _forwarded_values(item: Data) -> dict[str, Json]:
    """Return the cache settings of before there were policies."""
    headers = texts(item, "ForwardedValues.Headers.Items")
    names = texts(item, "ForwardedValues.QueryStringCacheKeys.Items")
    query = value(item, "ForwardedValues.QueryString") is True
    return {
        **_ttls(item, ""),
        **given(
            headers="all" if "*" in headers else list(headers) or None,
            cookies={"all": "all"}.get(text(item, "ForwardedValues.Cookies.Forward")),
            query=(list(names) or "all") if query else None,
        ),
    }


def _ttls(data: Data, prefix: str) -> dict[str, Json]:
    names = (("min_ttl", "MinTTL"), ("default_ttl", "DefaultTTL"), ("max_ttl", "MaxTTL"))
    return given(**{key: number(data, f"{prefix}{name}") for key, name in names})


def _chosen(data: Data, path: str, what: str) -> Json:
    behavior = text(data, f"{path}.{what}Behavior")
    plural = f"{path}.{what}s.Items"
    if behavior in ("all", "allViewer", "allViewerAndWhitelistCloudFront", "allExcept"):
        return "all"
    return list(texts(data, plural)) if behavior == "whitelist" else None


def _parts(data: Data, prefix: str) -> dict[str, Json]:
    return given(
        headers=_chosen(data, f"{prefix}.HeadersConfig", "Header"),
        cookies=_chosen(data, f"{prefix}.CookiesConfig", "Cookie"),
        query=_chosen(data, f"{prefix}.QueryStringsConfig", "QueryString"),
    )


def _cache_policies(inventory: Inventory) -> Mapping[str, dict[str, Json]]:
    return {
        text(record.data, "Id"): {**_ttls(record.data, "CachePolicyConfig."), **_parts(record.data, _KEY)}
        for record in inventory.of("CachePolicy")
    }


def _request_policies(inventory: Inventory) -> Mapping[str, dict[str, Json]]:
    return {
        text(record.data, "Id"): _parts(record.data, "OriginRequestPolicyConfig")
        for record in inventory.of("OriginRequestPolicy")
    }
