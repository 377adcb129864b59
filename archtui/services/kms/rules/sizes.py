"""KMS001: texts that are too long for a key itself.

KMS005 (KMS where FIPS 140-2 level 3 is required) has no rule: the modules of KMS are validated at security level 3 of
FIPS 140-3 themselves (KMS Developer Guide, "AWS KMS internal operations").
"""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.services.kms.key import DIRECT_KB
from archtui.services.kms.properties import KmsKeyProperties
from archtui.world.world import World


class TextTooLong(ComponentRule):
    """A key that is asked to encrypt more than it can."""

    id = "KMS001"
    title = "Direct encryption of more than 4 KB"
    severity = "error"
    class_ = "limits"
    kinds = ("kms_key",)
    reads = ()
    why = "A key itself encrypts 4,096 bytes at most; KMS refuses what is longer."
    fix = "Ask the key for a data key, encrypt with that, and keep it encrypted beside the data (envelope encryption)."
    sources = ("https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html",)
    example_bad = "components:\n  key: {kind: kms_key, rotation: true, direct_size: 64}\n"
    example_good = "components:\n  key: {kind: kms_key, rotation: true, direct_size: 4}\n"
    example_finds = ("key",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the size that is stated."""
        size = properties(component, KmsKeyProperties).direct_size
        if size is not None and size > DIRECT_KB:
            text = f"{component.id} is to encrypt {size:g} KB itself, and KMS takes {DIRECT_KB:g} KB."
            yield self.finding(component.id, message=text, path=("direct_size",))
