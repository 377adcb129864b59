"""Properties of instances, launch templates and Auto Scaling groups."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Address, Duration, Part, Port, Properties, Reference, Region, Zone
from archtui.services.firewall_rules import FirewallRule
from archtui.services.references import (
    InterfaceRef,
    LaunchTemplateRef,
    SecurityGroupRef,
    SubnetIn,
    TargetGroupTarget,
)


class Service(Part):
    """A program on an instance: what it listens on and what it answers."""

    port: Port
    """The port it listens on."""
    protocol: Literal["tcp", "udp", "http", "https"] = "http"
    """What it speaks."""
    paths: dict[str, int] | None = None
    """The paths it serves, with the status it answers; ``/shop/*`` covers what is below. Left out: not
    stated, every path is taken to answer 200."""
    takes: Duration | None = None
    """Seconds it works on a request, health checks aside; left out: not stated, taken to be within all timeouts."""
    keep_alive: Duration | None = None
    """Seconds it keeps an idle connection; left out: not stated, taken to be longer than its callers keep theirs."""
    client_from: Literal["connection", "header"] | None = None
    """Where it reads the client's address: at the other end of its connection, or in X-Forwarded-For; left out: not
    stated."""
    malformed: bool = False
    """Whether its answers are no HTTP, or have headers that are not valid."""


PlacementGroupRef = Annotated[str, Reference(("placement_group",), "uses")]


class MachineProperties(Properties):
    """What an instance and a launch template have in common."""

    instance_type: str = "t3.micro"
    """The size."""
    image: str = ""
    """The machine image (AMI)."""
    image_region: Region | None = None
    """The region the image is in; left out: not stated."""
    data_on: Literal["", "ebs", "instance_store"] = ""
    """Where data that has to last is kept; left out: not stated."""
    platform: Literal["linux", "windows"] = "linux"
    """The operating system."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Its security groups; left out: the VPC's default group."""
    listens: tuple[Service, ...] | None = None
    """The programs on it; left out: not stated, a connection that arrives is taken to be answered."""
    user_data: str = ""
    """The script of the first boot."""
    metadata_tokens: Literal["optional", "required"] = "optional"
    """``required``: instance metadata version 2 only."""
    instance_profile: str = ""
    """The role its programs act under, by name."""
    role: Annotated[str, Reference(("iam_role", "instance_profile"), "uses")] | None = None
    """The role its programs call AWS APIs as, or the instance profile that holds it; left out: that of
    ``instance_profile`` where the design has one of this name, otherwise not stated."""
    user_keys: bool = False
    """Whether its programs carry access keys of an IAM user, beside or instead of a role."""
    purchasing: Literal["on-demand", "spot", "reserved"] = "on-demand"
    """How it is paid; a spot instance may be taken away with two minutes' notice."""
    runs: Literal["", "database", "cache", "nat"] = ""
    """A self-managed role worth knowing about."""
    forwards: Literal["", "nat", "route"] = ""
    """What it does with packets for others: translate their source (as ``runs: nat`` does), or send them on as
    they are; left out: not stated, nothing is decided about them."""
    firewall: tuple[FirewallRule, ...] | None = None
    """The rules by which it sends packets on, the first that matches decides; what none matches is dropped, the
    replies of what passed come back. Left out: it sends everything on."""
    boot_time: Duration = 120.0
    """Seconds from launch until it serves."""
    placement_group: PlacementGroupRef | None = None
    """The placement group it starts in."""
    partition: Annotated[int, Field(ge=1, le=7)] | None = None
    """Its partition in a placement group of that strategy; left out: AWS spreads instances over all of them."""


class Ec2InstanceProperties(MachineProperties):
    """A virtual server."""

    subnet: SubnetIn | None = None
    """The subnet of its primary interface; left out: a default subnet of the default VPC."""
    private_ip: Address | None = None
    """Its primary private address; left out: the next free one of the subnet."""
    ipv6_addresses: tuple[Address, ...] = ()
    """Its IPv6 addresses; left out: as many as ``ipv6_count`` says."""
    ipv6_count: Annotated[int, Field(ge=0)] | None = None
    """How many IPv6 addresses it gets where none is written; left out: one if its subnet assigns them."""
    public_ip: Address | bool | None = None
    """Whether it gets a public address (or which); left out: as the subnet says."""
    network_interfaces: tuple[InterfaceRef, ...] = ()
    """Interfaces described as components of their own; the first is the primary one."""
    source_dest_check: bool = True
    """Whether packets that are neither from nor for it are dropped; off for a NAT instance."""
    launch_template: LaunchTemplateRef | None = None
    """A template for what is not said here."""
    state: Literal["pending", "running", "stopping", "stopped", "shutting-down", "terminated"] = "running"
    """Its state; only a running instance answers."""
    tenancy: Literal["default", "dedicated", "host"] = "default"
    """Whether it shares its hardware."""
    recovery: bool = True
    """Whether AWS moves it to other hardware when its host fails (simplified automatic recovery)."""
    az: Zone | None = None
    """The zone, where no subnet says it."""
    auto_scaling_group: Annotated[str, Reference(("auto_scaling_group",), "uses")] | None = None
    """The Auto Scaling group that keeps it."""


class LaunchTemplateProperties(MachineProperties):
    """What an Auto Scaling group starts."""


class PlacementGroupProperties(Properties):
    """Says how instances stand to one another on the hardware of a zone."""

    strategy: Literal["cluster", "spread", "partition"] = "cluster"
    """``cluster``: close together, for the network between them; ``spread``: each on a rack of its own;
    ``partition``: in partitions that share no rack."""
    partitions: Annotated[int, Field(ge=1, le=7)] = 2
    """How many partitions it has in a zone; 2 by AWS where nothing is said."""
    spread_level: Literal["rack", "host"] = "rack"
    """What instances do not share under ``spread``; ``host`` on Outposts alone."""
    region: Region | None = None
    """The region; left out: the design's."""


class LifecycleHook(Part):
    """Holds an instance before it serves, or before it is terminated."""

    transition: Literal["launching", "terminating"]
    """When it holds an instance."""
    heartbeat_timeout: Annotated[Duration, Field(ge=30, le=172800)] = 3600.0
    """Seconds after which it gives up waiting."""
    default_result: Literal["CONTINUE", "ABANDON"] = "ABANDON"
    """What happens then: a launching instance serves all the same, or is terminated and another one started."""
    takes: Duration | None = None
    """Seconds until it is told to go on; left out: not stated."""


class WarmPool(Part):
    """Instances that are prepared and wait to be needed."""

    min_size: Annotated[int, Field(ge=0)] = 0
    """The fewest that wait."""
    max_prepared: Annotated[int, Field(ge=0)] | None = None
    """The most instances, in service and waiting; left out: the group's maximum."""
    state: Literal["Stopped", "Running", "Hibernated"] = "Stopped"
    """What they do while they wait."""
    start_time: Duration = 30.0
    """Seconds from the decision to take one until it serves."""


class InstanceRefresh(Part):
    """How the instances are replaced when the template changes."""

    min_healthy: Annotated[int, Field(ge=0, le=100)] = 90
    """Percent of the desired capacity that stay in service."""
    warmup: Duration | None = None
    """Seconds until a new instance counts; left out: the health check grace period."""


class MixedInstances(Part):
    """Several sizes, and on-demand and spot instances, in one group."""

    instance_types: tuple[str, ...] = ()
    """The sizes it may start; left out: the template's."""
    on_demand_base: Annotated[int, Field(ge=0)] = 0
    """How many instances are on-demand before anything is shared out."""
    on_demand_percentage: Annotated[int, Field(ge=0, le=100)] = 100
    """Percent of those above the base that are on-demand; the rest are spot instances."""
    spot_strategy: Literal[
        "lowest-price", "capacity-optimized", "capacity-optimized-prioritized", "price-capacity-optimized"
    ] = "lowest-price"
    """How it chooses among the pools of spare capacity."""


class AutoScalingGroupProperties(Properties):
    """Keeps a number of equal instances running, spread over its subnets' zones."""

    subnets: tuple[SubnetIn, ...] = ()
    """Where it starts instances; left out: the default VPC's subnets."""
    launch_template: LaunchTemplateRef | None = None
    """What it starts."""
    launch_configuration: str = ""
    """The name of a launch configuration, the older way."""
    min: Annotated[int, Field(ge=0)] = 1
    """The fewest instances."""
    max: Annotated[int, Field(ge=0)] = 1
    """The most instances."""
    desired: Annotated[int, Field(ge=0)] | None = None
    """How many it keeps now; left out: the minimum."""
    target_groups: tuple[TargetGroupTarget, ...] = ()
    """The target groups it registers its instances in."""
    health_check_type: Literal["EC2", "ELB"] = "EC2"
    """Whose word counts: the instance's status checks, or the balancer's too."""
    health_check_grace: Duration = 0.0
    """Seconds a new instance is left alone; 0 by API, 300 by console."""
    scaling_policy: Literal["", "target_tracking", "step", "simple", "scheduled", "predictive"] = ""
    """How it scales; left out: it does not."""
    scaling_metric: str = ""
    """What it scales on (``cpu``, ``requests``, ``queue_depth``)."""
    instances: tuple[Annotated[str, Reference(("ec2_instance",), "uses")], ...] = ()
    """Its instances, where they are components of their own (imported designs); left out: the compiler
    adds as many as it keeps."""
    placement_group: PlacementGroupRef | None = None
    """The placement group its instances start in; left out: its template's."""
    lifecycle_hooks: tuple[LifecycleHook, ...] = ()
    """What holds instances on their way in or out."""
    warm_pool: WarmPool | None = None
    """Instances that wait, prepared; left out: there are none."""
    instance_refresh: InstanceRefresh | None = None
    """How instances are replaced when the template changes; left out: somebody replaces them."""
    mixed_instances: MixedInstances | None = None
    """Several sizes and spot instances in one group; left out: all are as the template says."""
    capacity_rebalance: bool = False
    """Whether it starts another spot instance when AWS says that one is likely to be taken away."""
    needed: Annotated[int, Field(ge=0)] | None = None
    """How many instances the load needs; left out: the minimum less one zone's share is not checked."""


__all__ = [
    "AutoScalingGroupProperties",
    "Ec2InstanceProperties",
    "InstanceRefresh",
    "LaunchTemplateProperties",
    "LifecycleHook",
    "MachineProperties",
    "MixedInstances",
    "PlacementGroupProperties",
    "PlacementGroupRef",
    "Service",
    "WarmPool",
]
