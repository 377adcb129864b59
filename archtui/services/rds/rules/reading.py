"""RDS010, RDS011, RDS017: which of a database's names is asked for what."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import LINKS, Rule
from archtui.model.edits import Edit, add_component, join, unused_id
from archtui.services.aurora.properties import DbClusterEndpointProperties, DbClusterProperties
from archtui.services.database_access import CURRENT, READ, WRITE, asks, redirected
from archtui.services.lookups import as_kind, each
from archtui.services.rds.properties import DbInstanceProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
_KINDS = ("db_instance", "db_cluster", "db_cluster_endpoint")
_BASE = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}
  b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24}
  web: {kind: ec2_instance, subnet: a, metadata_tokens: required}
"""
_REPLICA = (
    _BASE
    + """\
  db: {kind: rds, engine: postgres, multi_az: true, subnets: [a, b]}
  copy: {kind: rds, engine: postgres, replica_of: db, subnets: [a, b]}
links: [{from: web, to: %s, action: %s}]
"""
)
_CLUSTER = (
    _BASE
    + """\
  db: {kind: db_cluster, subnets: [a, b]}
  readers: {kind: db_cluster_endpoint, cluster: db, type: reader}
links: [{from: web, to: %s, action: %s}]
"""
)


def primary_of(world: World, name: str) -> str | None:
    """Return the database that takes the writes where ``name`` itself takes none; None: it does."""
    instance = as_kind(world, name, DbInstanceProperties)
    if instance is not None:
        return instance.replica_of
    cluster = as_kind(world, name, DbClusterProperties)
    if cluster is not None:
        return cluster.replica_of
    endpoint = as_kind(world, name, DbClusterEndpointProperties)
    if endpoint is None or endpoint.type == "writer":
        return primary_of(world, endpoint.cluster) if endpoint else None
    return endpoint.cluster if endpoint.type == "reader" else None


class WritesToReplica(Rule):
    """Writes that go where nothing can be written."""

    id = "RDS010"
    title = "Writes sent to a read replica"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    reads = (LINKS,)
    why = "A replica, a reader and the secondary of a global database are read-only: each write there fails."
    fix = "Send writes to the primary's endpoint."
    sources = (f"{_GUIDE}USER_ReadRepl.html", f"{_AURORA}Aurora.Overview.Endpoints.html")
    facts = ("rds_read_replica-readonly-01", "aurora_global_database-readonly-01")
    example_bad = _REPLICA % ("copy", WRITE)
    example_good = _REPLICA % ("db", WRITE)
    example_finds = ("copy", "web")

    def check(self, world: World) -> Iterator[Finding]:
        """Look at the end of each link that writes."""
        for index, link in asks(world, WRITE):
            primary = primary_of(world, link.target)
            if primary is not None:
                message = f"{link.source} writes to {link.target}, which is read-only; {primary} takes the writes."
                yield self.finding(link.target, link.source, message=message, detail=(index, primary))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Ask the primary."""
        index, primary = finding.detail
        return (redirected(world, int(index), str(primary)),)


class StaleReads(Rule):
    """Reads that must be current, answered by what follows a moment later."""

    id = "RDS011"
    title = "Reads that must be current served by an asynchronous replica"
    severity = "warning"
    class_ = "correctness"
    kinds = _KINDS
    reads = (LINKS,)
    why = "A replica follows its primary with a lag; right after a write it may still give the old row."
    fix = "Read from the primary what must be current."
    sources = (f"{_GUIDE}USER_ReadRepl.html", f"{_AURORA}Aurora.Replication.html")
    facts = ("rds_read_replica-async-01", "aurora_global_database-lag-01")
    example_bad = _REPLICA % ("copy", CURRENT)
    example_good = _REPLICA % ("db", CURRENT)
    example_finds = ("copy", "web")

    def check(self, world: World) -> Iterator[Finding]:
        """Look at the end of each link that must read what was just written."""
        for _, link in asks(world, CURRENT):
            primary = primary_of(world, link.target)
            if primary is not None:
                message = f"{link.source} needs current rows, and {link.target} follows {primary} with a lag."
                yield self.finding(link.target, link.source, message=message)


class ReadsFromWriter(Rule):
    """Reads that load the writer while readers idle."""

    id = "RDS017"
    title = "Reads on the cluster endpoint"
    severity = "warning"
    class_ = "correctness"
    kinds = _KINDS
    reads = (LINKS,)
    why = "The cluster endpoint leads to the writer: it carries the reads too, and the readers nothing."
    fix = "Send reads that need not be current to the reader endpoint."
    sources = (f"{_AURORA}Aurora.Overview.Endpoints.html",)
    facts = ("aurora_endpoint-cluster-01", "aurora_endpoint-reader-01", "aurora-replica-scale-01")
    example_bad = _CLUSTER % ("db", READ)
    example_good = _CLUSTER % ("readers", READ)
    example_finds = ("db", "web")

    def check(self, world: World) -> Iterator[Finding]:
        """Look for links that only read and end at the writer of a cluster with readers."""
        for index, link in asks(world, READ):
            endpoint = as_kind(world, link.target, DbClusterEndpointProperties)
            name = endpoint.cluster if endpoint and endpoint.type == "writer" else link.target
            cluster = as_kind(world, name, DbClusterProperties)
            if cluster is not None and cluster.count() > 1 and cluster.replica_of is None:
                message = f"{link.source} only reads, but asks the writer of {name}."
                yield self.finding(name, link.source, message=message, detail=(index,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Ask a reader endpoint, a new one if need be."""
        name, index = finding.subject, int(finding.detail[0])
        for component, endpoint in each(world, DbClusterEndpointProperties):
            if endpoint.cluster == name and endpoint.type == "reader":
                return (redirected(world, index, component.id),)
        made = unused_id(world.components, f"{name}-reader")
        added = add_component(made, "db_cluster_endpoint", {"cluster": name, "type": "reader"})
        return (
            join(
                f"let {finding.components[1]} ask the reader endpoint {made}", (added, redirected(world, index, made))
            ),
        )
