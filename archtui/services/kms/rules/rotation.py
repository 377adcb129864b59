"""KMS002: keys whose material never changes."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.services.kms.properties import KmsKeyProperties
from archtui.world.world import World


class RotationOff(ComponentRule):
    """A key without automatic rotation."""

    id = "KMS002"
    title = "Rotation off"
    severity = "warning"
    class_ = "security"
    kinds = ("kms_key",)
    reads = ()
    why = "The longer one key material is in use, the more is encrypted with it and the more is lost with it."
    fix = "Enable automatic rotation; old material is kept, so nothing has to be encrypted again."
    sources = ("https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",)
    facts = ("kms-rotation-01",)
    example_bad = "components:\n  key: {kind: kms_key, rotation: false}\n"
    example_good = "components:\n  key: {kind: kms_key, rotation: true}\n"
    example_finds = ("key",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at what is stated; a replica rotates with its primary."""
        key = properties(component, KmsKeyProperties)
        if key.rotation is False and not key.primary:
            yield self.finding(component.id, message=f"{component.id} is never rotated.", path=("rotation",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn it on."""
        return (set_property(finding.subject, ("rotation",), True),)
