"""Reading instances, launch templates and Auto Scaling groups from ``aws ... describe-*``."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.formats.describe import (
    Described,
    Describes,
    Inventory,
    Record,
    arn_name,
    flag,
    given,
    items,
    label,
    listed,
    need,
    number,
    text,
    texts,
)
from archtui.model.component import Json


class DescribesInstance(Describes):
    """``describe-instances``; a terminated one stays in the output for about an hour, without subnet or interfaces."""

    keys = ("Instances",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        state = text(data, "State.Name", "running")
        interfaces = sorted(
            items(data, "NetworkInterfaces"), key=lambda item: number(item, "Attachment.DeviceIndex") or 0
        )
        tokens = text(data, "MetadataOptions.HttpTokens")
        tenancy = text(data, "Placement.Tenancy")
        market = text(data, "InstanceLifecycle")
        placed = text(data, "Placement.GroupName")
        groups = [text(item, "GroupId") for item in items(data, "SecurityGroups") if text(item, "GroupId")]
        properties: dict[str, Json] = {
            **label(data),
            **given(
                subnet=text(data, "SubnetId"),
                az=text(data, "Placement.AvailabilityZone"),
                private_ip=text(data, "PrivateIpAddress"),
                instance_type=text(data, "InstanceType"),
                image=text(data, "ImageId"),
                instance_profile=text(data, "IamInstanceProfile.Arn").rsplit("/", 1)[-1],
                source_dest_check=None if flag(data, "SourceDestCheck", True) else False,
                metadata_tokens=tokens if tokens == "required" else None,
                tenancy=tenancy if tenancy in {"dedicated", "host"} else None,
                placement_group=placed,
                partition=number(data, "Placement.PartitionNumber"),
                purchasing="spot" if market == "spot" else None,
                state=state if state != "running" else None,
            ),
            "security_groups": listed(groups),
        }
        if interfaces:
            properties["network_interfaces"] = [need(item, "NetworkInterfaceId") for item in interfaces]
        yield Described(
            need(data, "InstanceId"),
            properties,
            dead=state if state in {"terminated", "shutting-down"} else "",
            outside={
                **dict.fromkeys(groups, "security group"),
                **dict.fromkeys([placed] if placed else [], "placement group"),
            },
            weight=int(text(data, "OwnerId") == record.account),
        )


class DescribesLaunchTemplate(Describes):
    """``describe-launch-template-versions``: the default version, or the latest where none is marked."""

    keys = ("LaunchTemplateVersions",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "LaunchTemplateId")
        groups = texts(data, "LaunchTemplateData.SecurityGroupIds")
        for interface in items(data, "LaunchTemplateData.NetworkInterfaces"):
            groups += [group for group in texts(interface, "Groups") if group not in groups]
        tokens = text(data, "LaunchTemplateData.MetadataOptions.HttpTokens")
        market = text(data, "LaunchTemplateData.InstanceMarketOptions.MarketType")
        properties: dict[str, Json] = given(
            label=text(data, "LaunchTemplateName"),
            instance_type=text(data, "LaunchTemplateData.InstanceType"),
            image=text(data, "LaunchTemplateData.ImageId"),
            user_data=text(data, "LaunchTemplateData.UserData"),
            placement_group=text(data, "LaunchTemplateData.Placement.GroupName"),
            partition=number(data, "LaunchTemplateData.Placement.PartitionNumber"),
            instance_profile=text(data, "LaunchTemplateData.IamInstanceProfile.Name"),
            metadata_tokens=tokens if tokens == "required" else None,
            purchasing="spot" if market == "spot" else None,
        )
        if groups:
            properties["security_groups"] = listed(groups)
        version = number(data, "VersionNumber") or 0
        weight = version + (1_000_000 if flag(data, "DefaultVersion") else 0)
        yield Described(name, properties, outside=dict.fromkeys(groups, "security group"), weight=weight)


class DescribesPlacementGroup(Describes):
    """``describe-placement-groups``."""

    keys = ("PlacementGroups",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        state = text(data, "State", "available")
        yield Described(
            need(data, "GroupName"),
            given(
                strategy=text(data, "Strategy"),
                partitions=number(data, "PartitionCount"),
                spread_level="host" if text(data, "SpreadLevel") == "host" else None,
            ),
            dead=state if state in {"deleting", "deleted"} else "",
            local=True,
        )


class DescribesAutoScalingGroup(Describes):
    """``autoscaling describe-auto-scaling-groups``."""

    keys = ("AutoScalingGroups",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        template = text(data, "LaunchTemplate.LaunchTemplateId") or text(
            data, "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId"
        )
        members = [text(item, "InstanceId") for item in items(data, "Instances") if text(item, "InstanceId")]
        check = "ELB" if "ELB" in text(data, "HealthCheckType") else None
        properties: dict[str, Json] = given(
            launch_template=template,
            launch_configuration=text(data, "LaunchConfigurationName"),
            min=number(data, "MinSize"),
            max=number(data, "MaxSize"),
            desired=number(data, "DesiredCapacity"),
            health_check_type=check,
            health_check_grace=number(data, "HealthCheckGracePeriod"),
            placement_group=text(data, "PlacementGroup"),
        )
        if flag(data, "CapacityRebalance"):
            properties["capacity_rebalance"] = True
        mixed = "MixedInstancesPolicy.InstancesDistribution"
        if items(data, "MixedInstancesPolicy.LaunchTemplate.Overrides") or number(
            data, f"{mixed}.OnDemandBaseCapacity"
        ):
            overrides = items(data, "MixedInstancesPolicy.LaunchTemplate.Overrides")
            types = [text(item, "InstanceType") for item in overrides if text(item, "InstanceType")]
            properties["mixed_instances"] = given(
                instance_types=listed(types) if types else None,
                on_demand_base=number(data, f"{mixed}.OnDemandBaseCapacity"),
                on_demand_percentage=number(data, f"{mixed}.OnDemandPercentageAboveBaseCapacity"),
                spot_strategy=text(data, f"{mixed}.SpotAllocationStrategy"),
            )
        if "WarmPoolConfiguration" in data:
            properties["warm_pool"] = given(
                min_size=number(data, "WarmPoolConfiguration.MinSize"),
                state=text(data, "WarmPoolConfiguration.PoolState"),
            )
        subnets = [name.strip() for name in text(data, "VPCZoneIdentifier").split(",") if name.strip()]
        if subnets:
            properties["subnets"] = listed(subnets)
        arns = texts(data, "TargetGroupARNs")
        if arns:
            properties["target_groups"] = listed(arn_name(arn) for arn in arns)
        if "Instances" in data:
            properties["instances"] = listed(members)
        yield Described(need(data, "AutoScalingGroupName"), properties, local=True)
