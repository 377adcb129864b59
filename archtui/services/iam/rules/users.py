"""IAM004: applications that carry the keys of a user."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule
from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, clear_property, join, set_property, unused_id
from archtui.world.world import World

_ROLES = {
    "lambda_function": "role",
    "ec2_instance": "role",
    "launch_template": "role",
    "ecs_task_definition": "task_role",
}
"""The property by which each kind of application gets a role."""


class KeysOfAUser(ComponentRule):
    """An application with access keys of an IAM user."""

    id = "IAM004"
    title = "User keys for an application"
    severity = "warning"
    class_ = "security"
    kinds = tuple(_ROLES)
    reads = ()
    why = "Access keys stay valid until somebody deletes them, and whoever reads the code or the machine has them."
    fix = "Give the application a role: its credentials change by themselves every few hours."
    sources = ("https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",)
    example_bad = "components:\n  fn: {kind: lambda_function, user_keys: true}\n"
    example_good = "components:\n  fn: {kind: lambda_function, role: runs}\n  runs: {kind: iam_role}\n"
    example_finds = ("fn",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at what the design says of it."""
        if getattr(component.properties, "user_keys", False):
            text = f"{component.id} carries access keys of an IAM user."
            yield self.finding(component.id, message=text, path=("user_keys",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give it a role of its own where it has none, and take the keys away."""
        component = world.components[finding.subject]
        key = _ROLES[component.kind.name]
        edits = [clear_property(component.id, ("user_keys",))]
        if not getattr(component.properties, key, None):
            name = unused_id(world.components, f"{component.id}-role")
            edits = [add_component(name, "iam_role"), set_property(component.id, (key,), name), *edits]
        return (join(f"let {component.id} act as a role", edits),)
