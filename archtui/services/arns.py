"""Names in ARNs, as imported components are called."""

from __future__ import annotations

from collections.abc import Iterable


def named(arn: str) -> str:
    """Return the id of what an ARN names: ``orders`` of a queue's, a function's (without version or alias), a table's
    (without its stream), a role's (without its path)."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return arn
    service, rest = parts[2], parts[5]
    if service == "lambda":
        return rest.removeprefix("function:").partition(":")[0]
    if service in ("dynamodb", "kinesis"):
        return rest.split("/")[1] if "/" in rest else rest
    return rest.rpartition(":")[2].rpartition("/")[2]


def function_in(uri: str) -> str:
    """Return the function that an integration or authorizer URI of API Gateway invokes; empty: none."""
    _, found, rest = uri.partition("/functions/")
    arn = rest.rpartition("/invocations")[0] if found else uri if ":lambda:" in uri and ":function:" in uri else ""
    return named(arn) if arn else ""


def outside(names: Iterable[object], what: str) -> dict[str, str]:
    """Return ``names`` as what may lie outside the input."""
    return {name: what for name in names if isinstance(name, str) and name}
