"""What roles are to the question of permission: an ARN, policies, a boundary, those whom they trust."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.iam.managed import managed_policy
from archtui.services.iam.properties import IamPolicyProperties, IamRoleProperties
from archtui.services.permissions import arn_parts
from archtui.trace.permission import HoldsPolicy, Identifies, Stated
from archtui.world.world import World


class RoleIdentifies(Identifies):
    """A role may do what its policies allow, within its boundary."""

    def arn(self, component: Component, world: World) -> str:
        return f"arn:aws:iam::{arn_parts(component, world)['account']}:role/{component.id}"

    def policies(self, component: Component, world: World) -> tuple[Stated, ...] | None:
        stated = properties_as(component, IamRoleProperties).policies
        return None if stated is None else tuple(self._each(component, stated, world))

    @staticmethod
    def _each(component: Component, stated: tuple[str, ...], world: World) -> Iterator[Stated]:
        for index, entry in enumerate(stated):
            yield _stated(component, entry, ("policies", index), world)

    def boundary(self, component: Component, world: World) -> Stated | None:
        entry = properties_as(component, IamRoleProperties).boundary
        return None if entry is None else _stated(component, entry, ("boundary",), world)

    def trust(self, component: Component) -> Stated | None:
        text = properties_as(component, IamRoleProperties).trust
        return Stated(component.id, ("trust",), text, f"the trust policy of {component.id}") if text else None


class PolicyHolds(HoldsPolicy):
    """A customer managed policy."""

    def document(self, component: Component) -> Stated:
        text = properties_as(component, IamPolicyProperties).document
        return Stated(component.id, ("document",), text, f"the policy {component.id}")


def _stated(role: Component, entry: str, path: tuple[str | int, ...], world: World) -> Stated:
    """Return the policy that an entry of a role is; one of AWS's that is not known here has no text."""
    if entry.startswith("{"):
        what = "the permissions boundary" if path[0] == "boundary" else f"policy {int(path[1]) + 1}"
        return Stated(role.id, path, entry, f"{what} of {role.id}")
    named = world.components.get(entry)
    holds = named.kind.behaviour(HoldsPolicy) if named else None
    if named is not None and holds is not None:
        return holds.document(named)
    return Stated(role.id, path, managed_policy(entry), f"the AWS managed policy {entry.rpartition('/')[2]}")
