"""EC2: instances, launch templates, placement groups and Auto Scaling groups."""

from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.ec2 import describe, expand, failure, layout, trace
from archtui.services.ec2.identity import MachineActs
from archtui.services.ec2.network import AutoScalingGroupNetwork, InstanceNetwork
from archtui.services.ec2.placement import GroupAssignsRacks
from archtui.services.ec2.properties import (
    AutoScalingGroupProperties,
    Ec2InstanceProperties,
    LaunchTemplateProperties,
    PlacementGroupProperties,
)
from archtui.services.hardening import Hardening

KINDS = (
    Kind(
        name="ec2_instance",
        title="EC2 instance",
        slug="ec2",
        family="ec2",
        code="ec",
        glyph="▪",
        summary="A virtual server.",
        properties=Ec2InstanceProperties,
        scope="az",
        aliases=("instance",),
        traces=("packet", "request"),
        behaviours=(
            trace.InstanceReceives(),
            InstanceNetwork(),
            MachineActs(),
            failure.InstanceFails(),
            failure.SpotInterrupted(),
            Hardening(__name__, "InstanceHardens"),
            expand.INSTANCE_STARTS,
            expand.ExpandsInstance(),
            describe.DescribesInstance(),
            Connections(__name__, "INSTANCE"),
        ),
    ),
    Kind(
        name="launch_template",
        title="Launch template",
        slug="launch_template",
        family="ec2",
        code="lt",
        glyph="▫",
        summary="What an Auto Scaling group or an instance is started from.",
        properties=LaunchTemplateProperties,
        behaviours=(describe.DescribesLaunchTemplate(), layout.SETTING, Connections(__name__, "LAUNCH_TEMPLATE")),
    ),
    Kind(
        name="placement_group",
        title="Placement group",
        slug="placement_group",
        family="ec2",
        code="pg",
        glyph="▨",
        summary="Says whether instances stand close together or on racks of their own.",
        properties=PlacementGroupProperties,
        aliases=("pg_cluster", "pg_spread", "pg_partition"),
        failure_modes=("rack",),
        behaviours=(
            GroupAssignsRacks(),
            describe.DescribesPlacementGroup(),
            layout.SETTING,
            Connections(__name__, "PLACEMENT_GROUP"),
        ),
    ),
    Kind(
        name="auto_scaling_group",
        title="Auto Scaling group",
        slug="asg",
        family="ec2",
        code="as",
        glyph="⧉",
        summary="Keeps a number of equal instances running, spread over zones.",
        properties=AutoScalingGroupProperties,
        scope="vpc",
        traces=("packet", "request"),
        behaviours=(
            trace.GroupBehaviour(),
            AutoScalingGroupNetwork(),
            MachineActs(),
            failure.ScalingGroupFails(),
            failure.SpotInterrupted(),
            Hardening(__name__, "ScalingGroupHardens"),
            expand.GROUP_STARTS,
            expand.ExpandsAutoScalingGroup(),
            describe.DescribesAutoScalingGroup(),
            layout.DepictsGroup(),
            Connections(__name__, "SCALING_GROUP"),
        ),
    ),
)
