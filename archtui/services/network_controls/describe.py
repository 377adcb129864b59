"""Reading ``aws ec2 describe-vpc-block-public-access-options``, ``-exclusions`` and ``describe-flow-logs``."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.formats.describe import (
    Described,
    Describes,
    Inventory,
    Record,
    UnusableError,
    given,
    label,
    need,
    number,
    text,
)
from archtui.model.component import Json

_GONE = ("delete", "disable")


class DescribesBlockPublicAccess(Describes):
    """The options of a region; exclusions stand in a list of their own."""

    keys = ("VpcBlockPublicAccessOptions",)
    details = ("VpcBlockPublicAccessExclusions",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        region = text(data, "AwsRegion") or record.region
        account = text(data, "AwsAccountId") or record.account
        exclusions: list[Json] = []
        outside: dict[str, str] = {}
        for other in inventory.of("VpcBlockPublicAccessExclusions"):
            state = text(other.data, "State", "create-complete")
            arn = text(other.data, "ResourceArn")
            if state.startswith(_GONE) or f":{region}:" not in arn:
                continue
            name = arn.rpartition("/")[2]
            outside[name] = "VPC or subnet"
            exclusions.append({"resource": name, "allow": text(other.data, "InternetGatewayExclusionMode")})
        properties = given(
            mode=text(data, "InternetGatewayBlockMode", "off"),
            region=region,
            account=account,
        )
        if exclusions:
            properties["exclusions"] = exclusions
        yield Described(f"block-public-access-{region}", properties, outside=outside, local=True)


class DescribesFlowLogs(Describes):
    """``describe-flow-logs``; those of transit gateways are not modelled."""

    keys = ("FlowLogs",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        del inventory
        data = record.data
        resource = need(data, "ResourceId")
        if not resource.startswith(("vpc-", "subnet-", "eni-")):
            raise UnusableError(f"flow logs of {resource} are not modelled")
        seconds = number(data, "MaxAggregationInterval")
        properties = {
            **label(data),
            **given(
                resource=resource,
                traffic=text(data, "TrafficType", "ALL") if text(data, "TrafficType") != "ALL" else None,
                destination=text(data, "LogDestination") or text(data, "LogGroupName"),
                interval=seconds if seconds == 60 else None,
            ),
        }
        yield Described(need(data, "FlowLogId"), properties, outside={resource: "logged resource"})
