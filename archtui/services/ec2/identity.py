"""As whom the programs of instances call AWS APIs: the role of their instance profile."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.ec2.properties import AutoScalingGroupProperties, Ec2InstanceProperties, MachineProperties
from archtui.services.iam.properties import IamRoleProperties, InstanceProfileProperties
from archtui.trace.permission import ActsAs
from archtui.world.world import World


class MachineActs(ActsAs):
    """An instance acts as the role of its profile, stated by itself or by its launch template.

    Source: EC2 User Guide, "IAM roles for Amazon EC2".
    """

    def role(self, component: Component, world: World) -> str | None:
        properties = component.properties
        if isinstance(properties, MachineProperties):
            named = properties.role or properties.instance_profile
            if named:
                return _role_of(named, world)
        template = None
        if isinstance(properties, Ec2InstanceProperties | AutoScalingGroupProperties):
            template = world.components.get(properties.launch_template or "")
        return self.role(template, world) if template else None

    def service(self, component: Component) -> str:
        return "ec2.amazonaws.com"


def _role_of(name: str, world: World) -> str | None:
    """Return the role that ``name`` is, or that the profile of this name holds; None: the design has neither."""
    named = world.components.get(name)
    if named is None:
        return None
    if isinstance(named.properties, InstanceProfileProperties):
        return named.properties.role
    return named.id if isinstance(named.properties, IamRoleProperties) else None
