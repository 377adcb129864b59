"""SEC016: secrets that stay the same for ever."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.services.secrets.properties import SecretProperties
from archtui.world.world import World


class NotRotated(ComponentRule):
    """A secret without rotation."""

    id = "SEC016"
    title = "Secret without rotation"
    severity = "warning"
    class_ = "security"
    kinds = ("secret",)
    reads = ()
    why = "A password that never changes works for whoever once copied it."
    fix = "Let Secrets Manager rotate it, at least every 90 days."
    sources = ("https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",)
    facts = ("secrets_manager-rotation-01",)
    example_bad = "components:\n  password: {kind: secret}\n"
    example_good = "components:\n  password: {kind: secret, rotation_days: 30}\n"
    example_finds = ("password",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a schedule."""
        if properties(component, SecretProperties).rotation_days is None:
            yield self.finding(component.id, message=f"{component.id} is never rotated.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Rotate it monthly."""
        return (set_property(finding.subject, ("rotation_days",), 30),)
