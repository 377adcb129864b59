"""S3001, S3002, S3003, S3006-S3008: who gets at objects, and what is left when they are overwritten or lost."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, add_component, append_to, join, set_property, unused_id
from archtui.services.lookups import as_kind
from archtui.services.open_policies import open_statements
from archtui.services.policy_edits import with_statement
from archtui.services.s3.properties import S3BucketProperties
from archtui.trace.access.documents import Statement, parse
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_KINDS = ("s3_bucket",)
_OPEN = "{Statement: [{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*'}]}"


class PublicBucket(ComponentRule):
    """A bucket whose objects strangers may read or write, although it is no website."""

    id = "S3001"
    title = "Bucket is public though not a website"
    severity = "error"
    class_ = "security"
    kinds = _KINDS
    reads = ()
    why = "Anybody who knows or guesses a name gets the object; most leaks of data from S3 began so."
    fix = "Turn all four settings of Block Public Access on."
    sources = (f"{_GUIDE}access-control-block-public-access.html",)
    facts = ("s3-private-01", "s3-principal-star-01", "s3-acl-01")
    example_bad = f"components:\n  files: {{kind: s3_bucket, block_public_access: false, policy: {_OPEN}}}\n"
    example_good = f"components:\n  files: {{kind: s3_bucket, policy: {_OPEN}}}\n"
    example_finds = ("files",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at Block Public Access, the policy and the ACL."""
        bucket = properties(component, S3BucketProperties)
        if bucket.block_public_access or bucket.website is not None:
            return
        statement = next(iter(open_statements(bucket.policy)), None)
        if statement is not None:
            message = f"The policy of {component.id} lets everybody: {statement.text}."
            yield self.finding(component.id, message=message, path=("block_public_access",))
        elif bucket.public_acl:
            message = f"The ACL {bucket.public_acl} lets everybody read objects of {component.id}."
            yield self.finding(component.id, message=message, path=("acl",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Block public access."""
        return (set_property(finding.subject, ("block_public_access",), True),)


class NoVersions(ComponentRule):
    """Objects that an overwrite destroys."""

    id = "S3002"
    title = "Versioning off on important data"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    reads = ()
    why = "Without versions an overwrite or a delete is final, by mistake or by malice."
    fix = "Turn versioning on, or state that the objects can be made again (reproducible)."
    sources = (f"{_GUIDE}Versioning.html",)
    facts = ("s3-versioning-01",)
    example_bad = "components:\n  files: {kind: s3_bucket}\n"
    example_good = "components:\n  files: {kind: s3_bucket, versioning: true}\n"
    example_finds = ("files",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the switch of what cannot be made again; a website's pages are deployed from elsewhere."""
        bucket = properties(component, S3BucketProperties)
        if not (bucket.versioning or bucket.reproducible or bucket.website or bucket.storage_class in _EXPRESS):
            yield self.finding(component.id, message=f"{component.id} keeps no old versions of its objects.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn it on."""
        return (set_property(finding.subject, ("versioning",), True),)


_EXPRESS = ("EXPRESS_ONEZONE",)
"""Directory buckets have no versioning (S3 User Guide, 'Differences for directory buckets')."""


class ReplicationWithoutVersions(ComponentRule):
    """Replication between buckets that do not both keep versions."""

    id = "S3003"
    title = "Replication without versioning on both sides"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = _KINDS
    why = "Replication copies versions: S3 refuses the configuration unless both buckets keep them."
    fix = "Turn versioning on in both buckets."
    sources = (f"{_GUIDE}replication-requirements.html",)
    facts = ("s3_replication-versioning-01",)
    example_bad = """\
components:
  files: {kind: s3_bucket, versioning: true, replication: [{to: copy}]}
  copy: {kind: s3_bucket, region: eu-central-1}
"""
    example_good = """\
components:
  files: {kind: s3_bucket, versioning: true, replication: [{to: copy}]}
  copy: {kind: s3_bucket, versioning: true, region: eu-central-1}
"""
    example_finds = ("files", "copy")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at both ends of each replication rule."""
        bucket = properties(component, S3BucketProperties)
        for index, rule in enumerate(bucket.replication):
            target = as_kind(world, rule.to, S3BucketProperties)
            lacking = [name for name, end in ((component.id, bucket), (rule.to, target)) if end and not end.versioning]
            if lacking:
                message = f"{component.id} is replicated to {rule.to}, but {' and '.join(lacking)} keeps no versions."
                path = ("replication", index)
                yield self.finding(component.id, rule.to, message=message, path=path, detail=tuple(lacking))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn it on where it is off."""
        names = [str(name) for name in finding.detail]
        edits = [set_property(name, ("versioning",), True) for name in names]
        return (join(f"turn versioning on in {' and '.join(names)}", edits),)


class LogsOfLogs(ComponentRule):
    """A bucket whose access log is written to itself."""

    id = "S3006"
    title = "Access log written to the same bucket"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = ()
    why = "Each log that is written is logged in its turn: the bucket fills without end."
    fix = "Write the log to another bucket."
    sources = (f"{_GUIDE}ServerLogs.html",)
    facts = ("s3-access-logs-01",)
    example_bad = "components:\n  files: {kind: s3_bucket, versioning: true, logs_to: files}\n"
    example_good = (
        "components:\n  files: {kind: s3_bucket, versioning: true, logs_to: logs}\n"
        "  logs: {kind: s3_bucket, versioning: true}\n"
    )
    example_finds = ("files",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the log's bucket with the bucket."""
        if properties(component, S3BucketProperties).logs_to == component.id:
            message = f"{component.id} writes its access log to itself."
            yield self.finding(component.id, message=message, path=("logs_to",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a bucket for the log, in the same region: S3 wants that."""
        logs = unused_id(world.components, f"{finding.subject}-logs")
        raw = world.blueprint.components[finding.subject].raw
        body: dict[str, Json] = {key: raw[key] for key in ("region", "account") if key in raw}
        made = add_component(logs, "s3_bucket", {**body, "versioning": True})
        return (join(f"write the log to {logs}", (made, set_property(finding.subject, ("logs_to",), logs))),)


class ClearText(ComponentRule):
    """A bucket policy that lets requests in without TLS."""

    id = "S3007"
    title = "Bucket policy without a TLS-only statement"
    severity = "warning"
    class_ = "security"
    kinds = _KINDS
    reads = ()
    why = "S3 answers plain HTTP too; whoever is on the way reads objects and signatures."
    fix = "Deny every action where aws:SecureTransport is false."
    sources = (f"{_GUIDE}security-best-practices.html",)
    facts = ("s3-force-enc-01", "s3-transit-enc-01")
    _POLICY = (
        "{Effect: Allow, Principal: {AWS: '111122223333'}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*'}"
    )
    _TLS = (
        "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::files', 'arn:aws:s3:::files/*'], "
        "Condition: {Bool: {'aws:SecureTransport': 'false'}}}"
    )
    _DESIGN = "components:\n  files: {kind: s3_bucket, versioning: true, policy: {Statement: [%s]}}\n"
    example_bad = _DESIGN % _POLICY
    example_good = _DESIGN % f"{_POLICY}, {_TLS}"
    example_finds = ("files",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for the denial in the policy that is stated; a website's endpoint speaks plain HTTP alone."""
        bucket = properties(component, S3BucketProperties)
        if not bucket.policy or bucket.website is not None:
            return
        if not any(_denies_clear_text(statement) for statement in parse(bucket.policy).statements):
            message = f"The policy of {component.id} lets requests in without TLS."
            yield self.finding(component.id, message=message, path=("policy",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add the denial."""
        bucket = as_kind(world, finding.subject, S3BucketProperties)
        if bucket is None:
            return ()
        arn = f"arn:aws:s3:::{finding.subject}"
        statement: dict[str, Json] = {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        edit = set_property(finding.subject, ("policy",), with_statement(bucket.policy, statement))
        return (Edit(f"let {finding.subject} take requests over TLS alone", edit.operations),)


def _denies_clear_text(statement: Statement) -> bool:
    return statement.effect == "Deny" and any(
        (line.key.lower(), tuple(value.lower() for value in line.values)) == ("aws:securetransport", ("false",))
        for line in statement.tests
    )


class NoLifecycle(ComponentRule):
    """Old versions that stay for ever."""

    id = "S3008"
    title = "Versions are kept without a lifecycle"
    severity = "info"
    class_ = "cost"
    kinds = _KINDS
    reads = ()
    why = "Each overwrite leaves a version that is paid for until somebody deletes it."
    fix = "Add a lifecycle rule that moves what is old to a cheaper class."
    sources = (f"{_GUIDE}object-lifecycle-mgmt.html",)
    facts = ("s3_storage_class-transition-01", "s3_storage_class-expiration-01")
    example_bad = "components:\n  files: {kind: s3_bucket, versioning: true}\n"
    example_good = (
        "components:\n  files: {kind: s3_bucket, versioning: true, lifecycle: [{days: 90, to: STANDARD_IA}]}\n"
    )
    example_finds = ("files",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for any lifecycle rule; Intelligent-Tiering moves objects by itself."""
        bucket = properties(component, S3BucketProperties)
        if bucket.versioning and not bucket.lifecycle and bucket.storage_class != "INTELLIGENT_TIERING":
            yield self.finding(component.id, message=f"Nothing ever leaves {component.id}, old versions neither.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Move what is older than 90 days to infrequent access."""
        moved: Json = {"days": 90, "to": "STANDARD_IA"}
        return (append_to(world.blueprint, finding.subject, ("lifecycle",), moved),)
