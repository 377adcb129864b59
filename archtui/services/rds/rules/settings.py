"""RDS006-RDS009, RDS012, RDS013, RDS019, RDS020, RDS022: how a database is kept."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.services.lookups import as_kind
from archtui.services.rds.lookups import replicas_of
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.route53.lookups import is_apex, records_to
from archtui.services.route53.properties import RecordProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_BACKUPS = f"{_GUIDE}USER_WorkingWithAutomatedBackups.BackupRetention.html"
_REPLICAS = f"{_GUIDE}USER_ReadRepl.html"
_MULTI_AZ = f"{_GUIDE}Concepts.MultiAZSingleStandby.html"
_KINDS = ("db_instance",)

LONGEST_RETENTION = 35
"""Days ('Backup retention period', fact rds-backup-auto-01)."""
REPLICA_LIMITS = {"mysql": 15, "mariadb": 15, "postgres": 15, "oracle": 5, "sqlserver": 5, "db2": 3}
"""Replicas of one source by engine ('Working with DB instance read replicas', fact rds_read_replica-count-01)."""


def _database(text: str) -> str:
    """Return an example with one sound database and these properties."""
    return (
        "components:\n  db: {kind: rds, engine: postgres, multi_az: true, storage_encrypted: true, "
        f"deletion_protection: true{text}}}\n"
    )


class FewBackups(ComponentRule):
    """Automatic backups that are off or kept for a few days."""

    id = "RDS006"
    title = "Automatic backups off or kept under seven days"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    reads = ()
    why = (
        "Damage that is noticed late, a wrong DELETE on Friday, can be undone only from a backup of before it; "
        "by API AWS keeps one day unless you say otherwise."
    )
    fix = "Keep automatic backups for 7 to 35 days."
    sources = (_BACKUPS,)
    facts = ("rds-backup-auto-01", "rds-backup-rpo-01", "rds-corruption-01")
    example_bad = _database(", backup_retention: 0")
    example_good = _database(", backup_retention: 7")
    example_finds = ("db",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the days; a replica can be made anew."""
        database = properties(component, DbInstanceProperties)
        if database.backup_retention < 7 and database.replica_of is None:
            kept = f"for {database.backup_retention} day(s)" if database.backup_retention else "not at all"
            yield self.finding(component.id, message=f"Automatic backups of {component.id} are kept {kept}.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep them a week."""
        return (set_property(finding.subject, ("backup_retention",), 7),)


class TooLongRetention(ComponentRule):
    """A retention that AWS does not accept."""

    id = "RDS007"
    title = "Backup retention above 35 days"
    severity = "error"
    class_ = "limits"
    kinds = _KINDS
    reads = ()
    why = "AWS keeps automatic backups for 35 days at most and refuses more."
    fix = "Keep 35 days, and take manual snapshots or use AWS Backup for what must last longer."
    sources = (_BACKUPS,)
    facts = ("rds-backup-auto-01", "rds-backup-final-01", "rds-snapshot-manual-01")
    example_bad = _database(", backup_retention: 90")
    example_good = _database(", backup_retention: 35")
    example_finds = ("db",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the days."""
        days = properties(component, DbInstanceProperties).backup_retention
        if days > LONGEST_RETENTION:
            message = f"{component.id} asks for {days} days of backups."
            yield self.finding(component.id, message=message, path=("backup_retention",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep as many as AWS does."""
        return (set_property(finding.subject, ("backup_retention",), LONGEST_RETENTION),)


class Unencrypted(ComponentRule):
    """A database on storage that is not encrypted."""

    id = "RDS008"
    title = "Database storage is not encrypted"
    severity = "warning"
    class_ = "security"
    kinds = _KINDS
    reads = ()
    why = "Storage, snapshots and replicas are in clear; encryption is chosen at creation, later it takes a copy."
    fix = "Turn storage encryption on."
    sources = (f"{_GUIDE}Overview.Encryption.html",)
    facts = ("rds-encryption-rest-01", "rds-encryption-remove-01")
    example_bad = "components:\n  db: {kind: rds, multi_az: true, backup_retention: 7, deletion_protection: true}\n"
    example_good = _database(", backup_retention: 7")
    example_finds = ("db",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the switch; a replica follows its source."""
        database = properties(component, DbInstanceProperties)
        if not database.storage_encrypted and database.replica_of is None:
            yield self.finding(component.id, message=f"The storage of {component.id} is not encrypted.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn it on."""
        return (set_property(finding.subject, ("storage_encrypted",), True),)


class Deletable(ComponentRule):
    """A database that one call deletes."""

    id = "RDS009"
    title = "Deletion protection of the database is off"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    reads = ()
    why = "One call deletes the database, and its automatic backups with it unless they are kept on purpose."
    fix = "Turn deletion protection on."
    sources = (f"{_GUIDE}USER_DeleteInstance.html",)
    facts = ("rds-backup-final-01", "rds-snapshot-manual-01")
    example_bad = "components:\n  db: {kind: rds, multi_az: true, backup_retention: 7, storage_encrypted: true}\n"
    example_good = _database(", backup_retention: 7")
    example_finds = ("db",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the switch; a replica can be made anew."""
        database = properties(component, DbInstanceProperties)
        if not database.deletion_protection and database.replica_of is None:
            yield self.finding(component.id, message=f"{component.id} is not protected against deletion.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn it on."""
        return (set_property(finding.subject, ("deletion_protection",), True),)


class TooManyReplicas(ComponentRule):
    """More read replicas than the engine allows."""

    id = "RDS012"
    title = "Too many read replicas"
    severity = "error"
    class_ = "limits"
    kinds = _KINDS
    why = "A source feeds 15 replicas at most (MySQL, MariaDB, PostgreSQL), 5 (Oracle, SQL Server) or 3 (Db2)."
    fix = "Put a cache before the database, chain replicas where the engine allows it, or split the data."
    sources = (_REPLICAS, f"{_GUIDE}CHAP_Limits.html")
    facts = ("rds_read_replica-count-01", "rds_read_replica-chaining-01")
    example_bad = _database(", backup_retention: 7").replace("postgres", "db2") + "".join(
        f"  copy-{number}: {{kind: rds, engine: db2, replica_of: db}}\n" for number in range(1, 5)
    )
    example_good = example_bad.rpartition("  copy-4")[0]
    example_finds = ("db", "copy-1", "copy-2", "copy-3", "copy-4")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count them."""
        engine = properties(component, DbInstanceProperties).engine
        replicas = replicas_of(world, component.id)
        if len(replicas) > REPLICA_LIMITS[engine]:
            message = (
                f"{component.id} feeds {len(replicas)} replicas; {REPLICA_LIMITS[engine]} are allowed for {engine}."
            )
            yield self.finding(component.id, *replicas, message=message)


class ReplicaIsNoStandby(ComponentRule):
    """A read replica where a standby is needed."""

    id = "RDS013"
    title = "Read replica is no standby"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    why = "A replica is behind its source and takes over only when somebody promotes it and repoints the clients."
    fix = "Turn Multi-AZ on for availability; keep the replica for reads."
    sources = (_REPLICAS, _MULTI_AZ)
    facts = ("rds_read_replica-async-01", "rds_read_replica-promote-01", "rds_multi_az_instance-sync-01")
    example_bad = _database(", backup_retention: 7").replace(" multi_az: true,", "") + (
        "  copy: {kind: rds, engine: postgres, replica_of: db}\n"
    )
    example_good = _database(", backup_retention: 7") + "  copy: {kind: rds, engine: postgres, replica_of: db}\n"
    example_finds = ("db", "copy")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Find sources with replicas and no standby."""
        database = properties(component, DbInstanceProperties)
        replicas = replicas_of(world, component.id)
        if replicas and not database.multi_az and database.replica_of is None:
            message = f"{component.id} has {', '.join(replicas)}, but no standby that takes over by itself."
            yield self.finding(component.id, *replicas, message=message)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn Multi-AZ on."""
        return (set_property(finding.subject, ("multi_az",), True),)


class PinnedAddress(ComponentRule):
    """A record that holds the database's address instead of its name."""

    id = "RDS019"
    title = "Name holds the database's address, which a failover changes"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    why = (
        "A failover repoints the database's own name to the standby, which has another address; "
        "whoever keeps the old address talks to a machine that is gone."
    )
    fix = "Point the name at the endpoint with a CNAME record, and let clients keep addresses for 30 seconds at most."
    sources = (f"{_GUIDE}Concepts.MultiAZ.Failover.html",)
    facts = ("rds-one-endpoint-01", "rds_multi_az_instance-failover-01")
    example_bad = _database(", backup_retention: 7") + (
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  zone: {kind: hosted_zone, name: corp.internal, private: true, vpcs: [vpc]}\n"
        "  name: {kind: record, zone: zone, name: db, type: A, values: [db]}\n"
    )
    example_good = example_bad.replace("type: A", "type: CNAME")
    example_finds = ("db", "name")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for address records that lead here."""
        if not properties(component, DbInstanceProperties).multi_az:
            return
        for name in records_to(world, component.id):
            record = as_kind(world, name, RecordProperties)
            if record and record.type in ("A", "AAAA") and not record.alias:
                message = f"{name} holds the address that {component.id} has now, not its name."
                yield self.finding(component.id, name, message=message, fixable=not is_apex(world, record))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Make it a CNAME."""
        return (set_property(finding.components[1], ("type",), "CNAME"),) if finding.fixable else ()


class PlainPassword(ComponentRule):
    """A password that stands in a configuration."""

    id = "RDS020"
    title = "Database password in a configuration"
    severity = "info"
    class_ = "correctness"
    kinds = _KINDS
    reads = ()
    why = "A password in a template is in every copy of it, and nobody changes it."
    fix = "Let RDS keep the password in Secrets Manager and rotate it, or log in with IAM."
    sources = (f"{_GUIDE}rds-secrets-manager.html",)
    facts = ("secrets_manager-rds-01", "secrets_manager-rotation-01", "rds-iam-auth-01")
    example_bad = _database(", backup_retention: 7, password_in_plain_text: true")
    example_good = _database(", backup_retention: 7")
    example_finds = ("db",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look where the password is."""
        if properties(component, DbInstanceProperties).password_in_plain_text:
            message = f"The password of {component.id} stands in a configuration."
            yield self.finding(component.id, message=message, path=("password_in_plain_text",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Leave it to Secrets Manager."""
        return (set_property(finding.subject, ("password_in_plain_text",), False),)


class ReplicaWithoutBackups(ComponentRule):
    """A read replica of a source that keeps no backups."""

    id = "RDS022"
    title = "Read replica of a database without automatic backups"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    why = "A replica starts from the source's backup and follows its logs; AWS refuses it while the retention is 0."
    fix = "Turn the source's automatic backups on."
    sources = (_REPLICAS,)
    facts = ("rds_read_replica-backup-prereq-01",)
    example_bad = _database(", backup_retention: 0") + "  copy: {kind: rds, engine: postgres, replica_of: db}\n"
    example_good = _database(", backup_retention: 7") + "  copy: {kind: rds, engine: postgres, replica_of: db}\n"
    example_finds = ("db", "copy")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Find sources that cannot feed a replica."""
        replicas = replicas_of(world, component.id)
        if replicas and not properties(component, DbInstanceProperties).backup_retention:
            message = f"{component.id} keeps no backups, so {', '.join(replicas)} cannot be made from it."
            yield self.finding(component.id, *replicas, message=message, path=("backup_retention",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep them a week."""
        return (set_property(finding.subject, ("backup_retention",), 7),)
