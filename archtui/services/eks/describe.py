"""Reading clusters, node groups and Fargate profiles from ``aws eks describe-*``."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.formats.describe import (
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

_GONE = {"DELETING", "DELETED"}


class DescribesCluster(Describes):
    """``eks describe-cluster``; the group that EKS made for it is one of its groups."""

    keys = ("cluster",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        groups = texts(data, "resourcesVpcConfig.securityGroupIds")
        own = text(data, "resourcesVpcConfig.clusterSecurityGroupId")
        properties: dict[str, Json] = given(
            version=text(data, "version"),
            security_group=own,
            endpoint_public=flag(data, "resourcesVpcConfig.endpointPublicAccess", True),
            endpoint_private=flag(data, "resourcesVpcConfig.endpointPrivateAccess"),
            service_cidr=text(data, "kubernetesNetworkConfig.serviceIpv4Cidr"),
        )
        properties["subnets"] = listed(texts(data, "resourcesVpcConfig.subnetIds"))
        properties["security_groups"] = listed(groups)
        blocks = texts(data, "resourcesVpcConfig.publicAccessCidrs")
        if blocks:
            properties["public_access_cidrs"] = listed(blocks)
        state = text(data, "status")
        outside = dict.fromkeys([*groups, own] if own else groups, "security group")
        dead = state.lower() if state in _GONE else ""
        yield Described(need(data, "name"), properties, outside=outside, local=True, dead=dead)


class DescribesNodeGroup(Describes):
    """``eks describe-nodegroup``."""

    keys = ("nodegroup",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        template = text(data, "launchTemplate.id")
        properties: dict[str, Json] = given(
            cluster=need(data, "clusterName"),
            min=number(data, "scalingConfig.minSize"),
            max=number(data, "scalingConfig.maxSize"),
            desired=number(data, "scalingConfig.desiredSize"),
            instance_type=next(iter(texts(data, "instanceTypes")), ""),
            capacity_type="SPOT" if text(data, "capacityType") == "SPOT" else None,
            launch_template=template,
        )
        properties["subnets"] = listed(texts(data, "subnets"))
        groups = [text(item, "name") for item in items(data, "resources.autoScalingGroups")]
        known = {text(record.data, "AutoScalingGroupName") for record in inventory.of("AutoScalingGroups")}
        behind = next((name for name in groups if name in known), None)
        if behind:
            properties["auto_scaling_group"] = behind
        outside = {template: "launch template"} if template else {}
        state = text(data, "status")
        dead = state.lower() if state in _GONE else ""
        name = need(data, "nodegroupName")
        yield Described(name, properties, outside=outside, local=True, dead=dead)


class DescribesFargateProfile(Describes):
    """``eks describe-fargate-profile``."""

    keys = ("fargateProfile",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        spaces = [text(item, "namespace") for item in items(data, "selectors")]
        labelled = any("labels" in item and item["labels"] for item in items(data, "selectors"))
        notes = ("it takes pods by their labels too, which is not modelled",) if labelled else ()
        properties: dict[str, Json] = {
            "cluster": need(data, "clusterName"),
            "namespaces": listed(dict.fromkeys(space for space in spaces if space)),
            "subnets": listed(texts(data, "subnets")),
        }
        yield Described(need(data, "fargateProfileName"), properties, notes=notes, local=True)


__all__ = ["DescribesCluster", "DescribesFargateProfile", "DescribesNodeGroup"]
