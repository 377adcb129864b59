"""S3009, S3011: ways of asking a bucket that it cannot answer."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import JOURNEYS, LINKS, ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.services.lookups import links_to
from archtui.services.s3.properties import ARCHIVED, S3BucketProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_KINDS = ("s3_bucket",)
FILE_PORTS = {2049: "NFS", 445: "SMB", 3260: "iSCSI"}
"""Ports of file and block protocols (IANA service names and port numbers)."""


class MountedBucket(ComponentRule):
    """A bucket used as a disk."""

    id = "S3009"
    title = "Bucket mounted as a disk"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = (LINKS,)
    why = "S3 is an API for whole objects over HTTPS; it speaks no file or block protocol and nothing boots from it."
    fix = "Use EFS or FSx for files, EBS for disks, or a File Gateway before the bucket."
    sources = (f"{_GUIDE}Welcome.html",)
    facts = ("s3-not-boot-01", "s3-ecs-mount-01")
    _DESIGN = """\
components:
  files: {kind: s3_bucket, versioning: true}
  web: {kind: ec2_instance, metadata_tokens: required}
links: [{from: web, to: files, port: %d}]
"""
    example_bad = _DESIGN % 2049
    example_good = _DESIGN % 443
    example_finds = ("files", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for links on the ports of file protocols."""
        for link in links_to(world, component.id):
            if link.port in FILE_PORTS:
                message = f"{link.source} mounts {component.id} by {FILE_PORTS[link.port]}."
                yield self.finding(component.id, link.source, message=message)


class ArchivedOnTheWay(ComponentRule):
    """An archived object that somebody waits for."""

    id = "S3011"
    title = "Archive class on a path that waits for the object"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = (LINKS, JOURNEYS)
    why = "An archived object has to be restored before it can be read: for hours the read fails."
    fix = "Use Glacier Instant Retrieval, or a class that is not archived."
    sources = (f"{_GUIDE}restoring-objects-retrieval-options.html",)
    facts = ("s3_storage_class-glacier-flexible-01", "s3_storage_class-glacier-instant-01")
    _DESIGN = """\
components:
  files: {kind: s3_bucket, versioning: true, storage_class: %s}
  web: {kind: ec2_instance, metadata_tokens: required}
links: [{from: web, to: files, action: 's3:GetObject'}]
"""
    example_bad = _DESIGN % "GLACIER"
    example_good = _DESIGN % "GLACIER_IR"
    example_finds = ("files", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for who reads it and cannot do without, and for journeys that end there."""
        storage = properties(component, S3BucketProperties).storage_class
        if storage not in ARCHIVED:
            return
        for link in links_to(world, component.id):
            if link.action == "s3:GetObject" and link.dependency == "hard":
                message = f"{link.source} waits for objects of {component.id}, which are archived ({storage})."
                yield self.finding(component.id, link.source, message=message, path=("storage_class",))
                return
        for journey in world.blueprint.journeys:
            if journey.reaches == component.id and (journey.request or "").startswith("GET "):
                message = f"{journey.name!r} waits for objects of {component.id}, which are archived ({storage})."
                yield self.finding(component.id, message=message, path=("storage_class",))
                return

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Use the archive class that answers at once."""
        return (set_property(finding.subject, ("storage_class",), "GLACIER_IR"),)
