"""Service control policies: the most that any identity of an account can do.

Source: AWS Organizations User Guide, "SCP evaluation" and "Service control policies (SCPs)".
"""

from __future__ import annotations

from collections.abc import Iterator

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.iam.managed import managed_policy
from archtui.services.organizations.properties import ControlLevel, OrganizationProperties
from archtui.trace.permission import Limits, Stated


class OrganizationLimits(Limits):
    """Each level above an account has to allow; a denial at any level counts."""

    def limits(self, component: Component, account: str) -> tuple[tuple[Stated, ...], ...]:
        controls = properties_as(component, OrganizationProperties).controls
        return tuple(
            tuple(_level(component, index, level))
            for index, level in enumerate(controls)
            if not level.accounts or account in level.accounts
        )

    def holds(self, component: Component, account: str) -> bool:
        return account in properties_as(component, OrganizationProperties).accounts


def _level(component: Component, index: int, level: ControlLevel) -> Iterator[Stated]:
    for place, text in enumerate(level.policies):
        path = ("controls", index, "policies", place)
        yield Stated(component.id, path, text, f"service control policy {place + 1} of level {index + 1}")
    if level.full_access:
        everything = managed_policy("AdministratorAccess")
        yield Stated(component.id, ("controls", index), everything, f"FullAWSAccess of level {index + 1}")
