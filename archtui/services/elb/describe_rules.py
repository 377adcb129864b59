"""Reading the actions and conditions of listeners (ELBv2 API, ``Action`` and ``RuleCondition``)."""

from __future__ import annotations

from collections.abc import Sequence

from archtui.formats.describe import Data, arn_name, flag, given, items, need, number, text, texts
from archtui.model.component import Json

_KEEP = {"Protocol": "#{protocol}", "Port": "#{port}", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}"}
"""What a redirect says for a part that stays as in the request."""


def action_of(actions: Sequence[Data], notes: list[str]) -> dict[str, Json]:
    """Return what a listener or rule does; steps that are not modelled are noted."""
    found: dict[str, Json] = {}
    for action in sorted(actions, key=lambda item: number(item, "Order") or 0):
        kind = text(action, "Type")
        if kind in _SIGN_INS:
            found[kind.replace("-", "_")] = _sign_in(action, kind)
            continue
        if kind == "forward":
            groups = items(action, "ForwardConfig.TargetGroups")
            weighted = [
                given(target_group=arn_name(need(group, "TargetGroupArn")), weight=number(group, "Weight"))
                for group in groups
            ] or [{"target_group": arn_name(need(action, "TargetGroupArn"))}]
            held = action_held(action)
            return found | {"forward": list[Json](weighted)} | ({"group_stickiness": held} if held else {})
        if kind == "redirect":
            return found | {"redirect": _redirect(action)}
        if kind == "fixed-response":
            return found | {
                "fixed_response": given(
                    status=number(action, "FixedResponseConfig.StatusCode"),
                    body=text(action, "FixedResponseConfig.MessageBody"),
                    content_type=text(action, "FixedResponseConfig.ContentType"),
                )
            }
        notes.append(f"its {kind or 'nameless'} action is not modelled; what follows it is kept")
    return found


_SIGN_INS = ("authenticate-oidc", "authenticate-cognito")


def action_held(action: Data) -> Json:
    """Return the seconds for which a forward holds clients at their target group; None: it does not."""
    kept = "ForwardConfig.TargetGroupStickinessConfig"
    return number(action, f"{kept}.DurationSeconds") if flag(action, f"{kept}.Enabled", False) else None


def _sign_in(action: Data, kind: str) -> dict[str, Json]:
    """Return how users are signed in; the client's secret is not in the output."""
    config = "AuthenticateOidcConfig" if kind == "authenticate-oidc" else "AuthenticateCognitoConfig"

    def said(name: str) -> str | None:
        return text(action, f"{config}.{name}") or None

    shared = given(
        scope=said("Scope"),
        session_cookie=said("SessionCookieName"),
        session_timeout=number(action, f"{config}.SessionTimeout"),
        on_unauthenticated=said("OnUnauthenticatedRequest"),
    )
    if kind == "authenticate-oidc":
        endpoints = {
            name: need(action, f"{config}.{key}")
            for name, key in (
                ("authorization_endpoint", "AuthorizationEndpoint"),
                ("token_endpoint", "TokenEndpoint"),
                ("user_info_endpoint", "UserInfoEndpoint"),
            )
        }
        return {**given(issuer=said("Issuer"), client_id=said("ClientId")), **endpoints, **shared}
    pool = need(action, f"{config}.UserPoolArn").rpartition("/")[2]
    return {**given(user_pool=pool, client=said("UserPoolClientId"), domain=said("UserPoolDomain")), **shared}


def _redirect(action: Data) -> dict[str, Json]:
    said = {name: text(action, f"RedirectConfig.{name}") for name in _KEEP}
    changed = {name.lower(): value for name, value in said.items() if value not in {"", _KEEP[name]}}
    port = changed.pop("port", "")
    status = text(action, "RedirectConfig.StatusCode").removeprefix("HTTP_")
    return given(
        **changed,
        port=int(port) if port.isdigit() else None,
        status=int(status) if status.isdigit() else None,
    )


_LISTS = {
    "host-header": ("host", "HostHeaderConfig"),
    "path-pattern": ("path", "PathPatternConfig"),
    "http-request-method": ("method", "HttpRequestMethodConfig"),
    "source-ip": ("source_ip", "SourceIpConfig"),
}


def rule_of(rule: Data, notes: list[str]) -> dict[str, Json]:
    """Return a listener rule."""
    found: dict[str, Json] = {"priority": number(rule, "Priority")}
    headers: dict[str, Json] = {}
    queries: dict[str, Json] = {}
    for condition in items(rule, "Conditions"):
        field = text(condition, "Field")
        if field in _LISTS:
            name, config = _LISTS[field]
            found[name] = list[Json](texts(condition, f"{config}.Values") or texts(condition, "Values"))
        elif field == "http-header":
            headers[need(condition, "HttpHeaderConfig.HttpHeaderName")] = list[Json](
                texts(condition, "HttpHeaderConfig.Values")
            )
        elif field == "query-string":
            for pair in items(condition, "QueryStringConfig.Values"):
                queries[text(pair, "Key")] = text(pair, "Value")
        else:
            notes.append(f"a rule's condition {field!r} is not modelled; without it the rule matches more")
    if headers:
        found["header"] = headers
    if queries:
        found["query"] = queries
    return found | action_of(items(rule, "Actions"), notes)
