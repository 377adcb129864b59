"""EC2007-EC2009, EC2011, EC2012: volumes."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.ebs.properties import EbsVolumeProperties
from archtui.services.examples import NETWORK
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/ebs/latest/userguide/"
_MANY = 16
"""The most instances of a volume with multi-attach (EBS User Guide, "Attach a volume to multiple instances")."""
_BOXES = f"{NETWORK}  box: {{kind: ec2, subnet: app-a}}\n  other: {{kind: ec2, subnet: app-a}}\n"


def _volume(text: str) -> str:
    return f"{_BOXES}  disk: {{kind: ebs_volume, backups: true, encrypted: true, {text}}}\n"


class OfAnotherZone(ComponentRule):
    """A volume attached to an instance of another zone."""

    id = "EC2007"
    title = "EBS volume attached across availability zones"
    severity = "error"
    class_ = "correctness"
    kinds = ("ebs_volume",)
    why = "A volume lives in one zone and attaches to instances there alone."
    fix = "Take a snapshot and make a volume of it in the instance's zone."
    sources = (f"{_GUIDE}ebs-attaching-volume.html",)
    facts = ("ebs-az-01", "ebs_snapshot-move-01")
    example_bad = _volume("az: b, attached_to: [box]")
    example_good = _volume("az: a, attached_to: [box]")
    example_finds = ("disk", "box")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones."""
        here = world.placement(component.id).zones
        for name in properties(component, EbsVolumeProperties).attached_to:
            there = world.placement(name).zones
            if here and there and here != there:
                message = f"{component.id} is in {here[0]} and {name} in {there[0]}."
                fixable = len(properties(component, EbsVolumeProperties).attached_to) == 1
                yield self.finding(component.id, name, message=message, fixable=fixable, detail=(there[0],))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Put the volume into the instance's zone."""
        if not finding.fixable:
            return ()
        zone = str(finding.detail[0])
        edit = set_property(finding.subject, ("az",), zone)
        return (join(f"move {finding.subject} to {zone} by a snapshot", (edit,)),)


class SharedWithoutMultiAttach(ComponentRule):
    """A volume of several instances that cannot have several."""

    id = "EC2008"
    title = "Volume attached to several instances without multi-attach"
    severity = "error"
    class_ = "correctness"
    kinds = ("ebs_volume",)
    reads = ()
    why = "Only io1 and io2 volumes with multi-attach serve several instances, up to 16 of one zone."
    fix = "Share files with EFS, or take an io2 volume with multi-attach."
    sources = (f"{_GUIDE}ebs-volumes-multi.html",)
    facts = ("ebs-multi-01", "ebs-attach-01")
    example_bad = _volume("attached_to: [box, other]")
    example_good = _volume("attached_to: [box, other], volume_type: io2, multi_attach: true")
    example_finds = ("disk", "box", "other")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count its instances."""
        volume = properties(component, EbsVolumeProperties)
        count = len(volume.attached_to)
        if count < 2:
            return
        if count > _MANY:
            message = f"{component.id} is attached to {count} instances; {_MANY} can share a volume."
        elif volume.volume_type not in ("io1", "io2"):
            message = f"{component.id} is a {volume.volume_type} volume, which one instance has at a time."
        elif not volume.multi_attach:
            message = f"{component.id} is attached to {count} instances, but multi-attach is off."
        else:
            return
        yield self.finding(component.id, *volume.attached_to, message=message)


class BootsFromDisk(ComponentRule):
    """A boot volume of an HDD type."""

    id = "EC2009"
    title = "st1 or sc1 used as a boot volume"
    severity = "error"
    class_ = "correctness"
    kinds = ("ebs_volume",)
    reads = ()
    why = "The HDD types st1 and sc1 cannot be booted from."
    fix = "Take gp3."
    sources = (f"{_GUIDE}ebs-volume-types.html",)
    facts = ("ebs-boot-01",)
    example_bad = _volume("attached_to: [box], boot: true, volume_type: st1")
    example_good = _volume("attached_to: [box], boot: true, volume_type: gp3")
    example_finds = ("disk",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the type of a boot volume."""
        volume = properties(component, EbsVolumeProperties)
        if volume.boot and volume.volume_type in ("st1", "sc1"):
            message = f"{component.id} is a {volume.volume_type} volume, and nothing boots from one."
            yield self.finding(component.id, message=message, path=("volume_type",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Take gp3."""
        edit = set_property(finding.subject, ("volume_type",), "gp3")
        return (join(f"make {finding.subject} a gp3 volume", (edit,)),)


class NoBackups(ComponentRule):
    """A data volume of which nothing takes snapshots."""

    id = "EC2011"
    title = "Volume without snapshots or a backup plan"
    severity = "warning"
    class_ = "resilience"
    kinds = ("ebs_volume",)
    reads = ()
    why = "When the volume or its zone fails, or somebody deletes it, its data is gone."
    fix = "Add a lifecycle policy or a backup plan."
    sources = (f"{_GUIDE}snapshot-lifecycle.html",)
    facts = ("ebs-fail-az-01", "ebs_snapshot-definition-01")
    example_bad = _volume("attached_to: [box]").replace("backups: true, ", "")
    example_good = _volume("attached_to: [box]")
    example_finds = ("disk",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at volumes that hold more than the system."""
        volume = properties(component, EbsVolumeProperties)
        if not volume.backups and not volume.boot:
            yield self.finding(component.id, message=f"Nothing takes snapshots of {component.id}.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Take snapshots."""
        edit = set_property(finding.subject, ("backups",), True)
        return (join(f"take snapshots of {finding.subject}", (edit,)),)


class NotEncrypted(ComponentRule):
    """A volume in the clear."""

    id = "EC2012"
    title = "Volume not encrypted"
    severity = "warning"
    class_ = "security"
    kinds = ("ebs_volume",)
    reads = ()
    why = "Whoever gets at a snapshot of it, or at the disk, reads its data."
    fix = "Encrypt it with a key of KMS."
    sources = (f"{_GUIDE}ebs-encryption.html",)
    facts = ("ebs-encrypt-01",)
    example_bad = _volume("attached_to: [box]").replace("encrypted: true, ", "")
    example_good = _volume("attached_to: [box]")
    example_finds = ("disk",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the flag."""
        if not properties(component, EbsVolumeProperties).encrypted:
            yield self.finding(component.id, message=f"{component.id} is not encrypted.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Encrypt it."""
        edit = set_property(finding.subject, ("encrypted",), True)
        return (join(f"encrypt {finding.subject}", (edit,)),)
