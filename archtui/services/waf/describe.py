"""Reading web ACLs from ``aws wafv2 get-web-acl`` with its associations from ``list-resources-for-web-acl``."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    arn_name,
    given,
    items,
    listed,
    need,
    number,
    text,
    texts,
)
from archtui.model.component import Json

_LIMITS = tuple(
    f"AssociationConfig.RequestBody.{name}.DefaultSizeInspectionLimit"
    for name in ("CLOUDFRONT", "API_GATEWAY", "COGNITO_USER_POOL", "APP_RUNNER_SERVICE", "VERIFIED_ACCESS_INSTANCE")
)
_BODY = {"KB_32": 32, "KB_48": 48, "KB_64": 64}


class DescribesWebAcl(Describes):
    """``get-web-acl`` (key ``WebACL``); ``ResourceArns`` beside it names what it protects."""

    keys = ("WebACL",)
    details = ("ResourceArns", "IPSet")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        protects = [arn_name(arn) for arn in texts(data, "ResourceArns")]
        protects += inventory.part(_distributions).get(text(data, "ARN"), [])
        rules: list[Json] = []
        notes: list[str] = []
        for item in items(data, "Rules"):
            rule, unread = _rule(item, inventory)
            rules.append(rule)
            if unread:
                notes.append(f"rule {text(item, 'Name')}: the statement {unread} is not read, it is taken as unknown")
        properties = given(
            default_action="block" if "Block" in _part(data, "DefaultAction") else None,
            rules=rules or None,
            protects=listed(protects) if protects else None,
            region=record.region,
            body_limit=_BODY.get(next((text(data, path) for path in _LIMITS if text(data, path)), "")),
            default_status=number(data, "DefaultAction.Block.CustomResponse.ResponseCode"),
        )
        yield Described(need(data, "Name"), properties, notes=tuple(notes), outside=dict.fromkeys(protects, "resource"))


def _part(data: Data, key: str) -> Data:
    found = data.get(key)
    return found if isinstance(found, dict) else {}


_POSITIONS = {"EXACTLY": "{}", "STARTS_WITH": "{}*", "ENDS_WITH": "*{}", "CONTAINS": "*{}*"}


def _distributions(inventory: Inventory) -> Mapping[str, list[str]]:
    """Return the distributions of each web ACL, which they name themselves (``WebACLId``)."""
    found: dict[str, list[str]] = {}
    for record in inventory.of("Distribution"):
        acl = text(record.data, "DistributionConfig.WebACLId")
        if acl:
            found.setdefault(acl, []).append(text(record.data, "Id"))
    return found


def _sets(inventory: Inventory) -> Mapping[str, list[str]]:
    """Return the blocks of each address set by ARN, from ``get-ip-set``."""
    return {text(record.data, "ARN"): texts(record.data, "Addresses") for record in inventory.of("IPSet")}


def _rule(item: Data, inventory: Inventory) -> tuple[dict[str, Json], str]:
    """Return a rule, and the name of its statement where that is not read."""
    action = next(iter(_part(item, "Action")), "").lower() or "block"
    if "Count" in _part(item, "OverrideAction"):
        action = "count"
    rule: dict[str, Json] = {"priority": number(item, "Priority") or 0, "name": text(item, "Name"), "action": action}
    status = number(item, "Action.Block.CustomResponse.ResponseCode")
    if status is not None:
        rule["status"] = status
    labels = [text(label, "Name") for label in items(item, "RuleLabels")]
    if labels:
        rule["labels"] = listed(labels)
    conditions = _conditions(_part(item, "Statement"), inventory)
    if conditions is None:
        name = next(iter(_part(item, "Statement")), "a statement")
        return {**rule, "managed": name, "matches": "unknown"}, name
    return {**rule, **conditions}, ""


def _conditions(statement: Data, inventory: Inventory) -> dict[str, Json] | None:
    """Return the conditions that a statement stands for; None where it says more than a rule can hold."""
    name = next(iter(statement), "")
    inner = _part(statement, name)
    match name:
        case "GeoMatchStatement":
            return {"countries": listed(texts(inner, "CountryCodes"))}
        case "IPSetReferenceStatement":
            blocks = inventory.part(_sets).get(text(inner, "ARN"))
            return None if blocks is None else {"ip_set": listed(blocks)}
        case "LabelMatchStatement":
            return {"label": [text(inner, "Key")]} if text(inner, "Scope") == "LABEL" else None
        case "SqliMatchStatement" | "XssMatchStatement":
            return {"attack": "sqli" if name.startswith("Sqli") else "xss"}
        case "ByteMatchStatement":
            return _bytes(inner)
        case "SizeConstraintStatement":
            over = number(inner, "Size")
            readable = text(inner, "ComparisonOperator") == "GT" and "Body" in _part(inner, "FieldToMatch")
            oversize = text(inner, "FieldToMatch.Body.OversizeHandling").lower()
            return given(body_over=over, oversize=oversize) if readable else None
        case "ManagedRuleGroupStatement":
            dropped = [text(each, "Name") for each in items(inner, "ExcludedRules")]
            counted = [text(each, "Name") for each in items(inner, "RuleActionOverrides")]
            excluded = [*dropped, *counted]
            return {"managed": text(inner, "Name"), **({"excluded": listed(excluded)} if excluded else {})}
        case "RateBasedStatement":
            scope = _part(inner, "ScopeDownStatement")
            below = _conditions(scope, inventory) if scope else {}
            own = given(rate=number(inner, "Limit"), window=number(inner, "EvaluationWindowSec"))
            return None if below is None else {**below, **own}
        case "NotStatement":
            below = _conditions(_part(inner, "Statement"), inventory)
            return None if below is None or "unless" in below else {**below, "unless": True}
        case "AndStatement" | "OrStatement":
            return _joined(items(inner, "Statements"), "any" if name.startswith("Or") else "all", inventory)
        case _:
            return None


def _joined(statements: list[dict[str, Json]], when: str, inventory: Inventory) -> dict[str, Json] | None:
    """Return several conditions as one; None where two of them are of one kind or are joined themselves."""
    found: dict[str, Json] = {}
    for statement in statements:
        below = _conditions(statement, inventory)
        if below is None or {"unless", "when"} & set(below) or set(below) & set(found):
            return None
        found |= below
    return {**found, "when": when} if when == "any" else found


def _plain(written: str) -> str:
    """Return what is searched for; the CLI writes it in Base64, templates write it as it is."""
    try:
        found = base64.b64decode(written, validate=True).decode()
    except ValueError:
        return written
    return found if found.isprintable() and found else written


def _bytes(inner: Data) -> dict[str, Json] | None:
    shape = _POSITIONS.get(text(inner, "PositionalConstraint"))
    field, sought = _part(inner, "FieldToMatch"), _plain(text(inner, "SearchString"))
    if shape is None or not sought:
        return None
    pattern = shape.format(sought)
    if "SingleHeader" in field:
        header = text(field, "SingleHeader.Name")
        return {"host": [pattern]} if header.lower() == "host" else {"header": {header: pattern}}
    for name, key in (("UriPath", "path"), ("QueryString", "query"), ("Method", "method")):
        if name in field:
            return {key: [pattern]}
    return None
