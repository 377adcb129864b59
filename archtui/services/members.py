"""What a balancer's target groups know of the members that a service keeps."""

from __future__ import annotations

import abc
from typing import Annotated

from archtui.model.component import Component, Json
from archtui.model.fields import Properties, Reference
from archtui.services.references import SecurityGroupRef, SubnetIn
from archtui.world.expand import Draft

HostRef = Annotated[str, Reference(("ec2_instance",), "uses")]


class MemberProperties(Properties):
    """Where one of several equals runs: in a subnet with an interface of its own, or on a host."""

    service: Annotated[str, Reference(("ecs_service", "k8s_deployment"), "uses")] | None = None
    """The service that keeps it."""
    subnet: SubnetIn | None = None
    """The subnet it runs in."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """The groups of its own interface."""
    public_ip: bool = False
    """Whether its interface gets a public address."""
    host: HostRef | None = None
    """The instance it runs on, whose interface it shares; left out: it has an interface of its own."""


class SuppliesTargets(abc.ABC):
    """Behaviour of what registers its members in target groups by itself."""

    @abc.abstractmethod
    def supplied(self, component: Component, group: str, draft: Draft) -> tuple[dict[str, Json], ...]:
        """Return the targets of ``component`` in target group ``group``, as ``{id, port}``."""
