"""Reading functions from ``aws lambda list-functions`` or ``get-function``, with ``list-event-source-mappings``,
``list-aliases``, ``list-function-url-configs`` and ``list-function-event-invoke-configs``.

``get-policy`` names its function in its statements alone. How large layers and code are unzipped AWS does not say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    flag,
    given,
    items,
    listed,
    need,
    number,
    text,
    texts,
)
from archtui.model.component import Json
from archtui.services.arns import named, outside

_FROM = {"sqs": "queue", "kinesis": "stream", "dynamodb": "table", "kafka": "Kafka cluster"}


def _bare(arn: str) -> str:
    """Return a function's ARN without version or alias."""
    return ":".join(arn.split(":")[:7])


class DescribesFunction(Describes):
    """A function, with what stands in lists of their own."""

    keys = ("Functions", "Configuration")
    details = (
        "EventSourceMappings",
        "Aliases",
        "FunctionUrlConfigs",
        "FunctionEventInvokeConfigs",
        "Concurrency",
        "FunctionPolicies",
    )

    wholes = (("CodeSha256", "Functions"), ("FunctionUrl", "FunctionUrlConfigs"), ("RevisionId", "FunctionPolicies"))

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and "FunctionArn" in record.data

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        arn = _bare(need(data, "FunctionArn"))
        subnets, groups = texts(data, "VpcConfig.SubnetIds"), texts(data, "VpcConfig.SecurityGroupIds")
        beyond = outside(subnets, "subnet") | outside(groups, "security group")
        properties = given(
            runtime=text(data, "Runtime"),
            memory=number(data, "MemorySize"),
            timeout=number(data, "Timeout"),
            ephemeral_storage=number(data, "EphemeralStorage.Size"),
            package="image" if text(data, "PackageType") == "Image" else None,
            role=_known(text(data, "Role"), "IAM role", beyond),
            kms_key=_known(text(data, "KMSKeyArn"), "KMS key", beyond),
            dead_letter=_known(text(data, "DeadLetterConfig.TargetArn"), "queue or topic", beyond),
            reserved_concurrency=number(data, "Concurrency.ReservedConcurrentExecutions"),
            account=arn.split(":")[4],
            region=arn.split(":")[3],
        )
        layers: list[Json] = [
            {"name": text(layer, "Arn").rsplit(":", 2)[-2]}
            for layer in items(data, "Layers")
            if ":" in text(layer, "Arn")
        ]
        properties |= {"layers": layers} if layers else {}
        properties |= {"subnets": listed(subnets), "security_groups": listed(groups)} if subnets else {}
        sources: list[Json] = [_mapping(item, beyond) for item in _of(inventory, "EventSourceMappings", arn)]
        properties |= {"event_sources": sources} if sources else {}
        for item in _of(inventory, "FunctionEventInvokeConfigs", arn):
            properties |= given(
                retries=number(item, "MaximumRetryAttempts"),
                event_age=number(item, "MaximumEventAgeInSeconds"),
                on_success=_known(text(item, "DestinationConfig.OnSuccess.Destination"), "destination", beyond),
                on_failure=_known(text(item, "DestinationConfig.OnFailure.Destination"), "destination", beyond),
            )
        for item in _of(inventory, "FunctionUrlConfigs", arn):
            properties["url"] = {"auth": text(item, "AuthType", "AWS_IAM")}
        properties |= given(policy=next(_policies(arn, inventory), None))
        alias, notes = _alias(arn, inventory)
        yield Described(named(arn), properties | alias, notes=notes, outside=beyond, local=True)


def _of(inventory: Inventory, key: str, arn: str) -> Iterator[Data]:
    for record in inventory.of(key):
        if _bare(text(record.data, "FunctionArn")) == arn:
            yield record.data


def _policies(arn: str, inventory: Inventory) -> Iterator[str]:
    """Yield what ``get-policy`` says: a resource policy names its function in its statements alone."""
    for record in inventory.of("FunctionPolicies", "BucketPolicy"):
        policy = text(record.data, "Policy")
        if f'"{arn}"' in policy.replace('\\"', '"'):
            yield policy


def _known(arn: str, what: str, beyond: dict[str, str]) -> str | None:
    """Return what ``arn`` names, noted as what may lie outside the input."""
    if not arn:
        return None
    beyond[named(arn)] = what
    return named(arn)


def _mapping(item: Data, beyond: dict[str, str]) -> Json:
    arn = text(item, "EventSourceArn")
    filters: list[Json] = []
    for row in items(item, "FilterCriteria.Filters"):
        try:
            filters.append(json.loads(text(row, "Pattern") or "{}"))
        except ValueError:
            continue
    answers = texts(item, "FunctionResponseTypes")
    found = given(
        source=_known(arn, _FROM.get(arn.split(":")[2] if arn.count(":") > 2 else "", "event source"), beyond),
        batch_size=number(item, "BatchSize"),
        batch_window=number(item, "MaximumBatchingWindowInSeconds"),
        enabled=False if text(item, "State") in ("Disabled", "Disabling") else None,
        report_batch_item_failures=True if "ReportBatchItemFailures" in answers else None,
        maximum_retries=number(item, "MaximumRetryAttempts"),
        maximum_record_age=number(item, "MaximumRecordAgeInSeconds"),
        bisect_on_error=flag(item, "BisectBatchOnFunctionError") or None,
        parallelization=number(item, "ParallelizationFactor"),
        maximum_concurrency=number(item, "ScalingConfig.MaximumConcurrency"),
        on_failure=_known(text(item, "DestinationConfig.OnFailure.Destination"), "destination", beyond),
    )
    return found | ({"filters": filters} if filters else {})


def _alias(arn: str, inventory: Inventory) -> tuple[dict[str, Json], tuple[str, ...]]:
    """Return the alias that callers are taken to use: the only one."""
    rows = [r.data for r in inventory.of("Aliases") if _bare(text(r.data, "AliasArn")) == arn]
    if len(rows) != 1:
        names = ", ".join(sorted(text(row, "Name") for row in rows))
        return {}, (f"it has the aliases {names}; callers are taken to use none",) if rows else ()
    row = rows[0]
    weights = row.get("RoutingConfig")
    parts = weights.get("AdditionalVersionWeights") if isinstance(weights, dict) else None
    second = next(iter(parts.items())) if isinstance(parts, dict) and parts else None
    alias = given(name=text(row, "Name"), version=text(row, "FunctionVersion"))
    if second and isinstance(second[1], int | float):
        alias |= {"additional_version": second[0], "additional_weight": f"{second[1] * 100:g}%"}
    return {"alias": alias}, ()
