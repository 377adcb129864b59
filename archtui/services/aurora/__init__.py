"""Aurora and Multi-AZ database clusters, their endpoints, and RDS proxies."""

from archtui.layout.depict import Line, Lines
from archtui.model.kinds import Kind
from archtui.services.aurora import describe, failure, trace
from archtui.services.aurora import properties as p
from archtui.services.connecting import Connections
from archtui.services.nodes import ExpandsNodes, NodesNetwork, starts
from archtui.services.permissions import ActsByRole

KINDS = (
    Kind(
        name="db_cluster",
        title="Aurora DB cluster",
        slug="aurora",
        family="aurora",
        code="au",
        glyph="⛃",
        summary="A database cluster: one writer and readers, whose endpoint follows the writer.",
        properties=p.DbClusterProperties,
        scope="vpc",
        aliases=("aurora_cluster", "aurora_serverless", "aurora_global_database", "rds_multi_az_cluster"),
        behaviours=(
            trace.CLUSTER,
            NodesNetwork(),
            failure.FAILS,
            starts("db_cluster"),
            ExpandsNodes(),
            describe.DescribesDbCluster(),
            Lines((Line("replica_of", "replica", back=True),)),
            Connections(__name__, "CLUSTER"),
        ),
        failure_modes=("writer", "az", "region"),
        traces=("packet", "request", "replication"),
    ),
    Kind(
        name="db_cluster_endpoint",
        title="Aurora endpoint",
        slug="aurora_endpoint",
        family="aurora",
        code="ae",
        glyph="⊸",
        summary="A name of a cluster that leads to its writer, its readers or chosen instances.",
        properties=p.DbClusterEndpointProperties,
        scope="region",
        behaviours=(trace.EndpointBehaviour(), describe.DescribesDbClusterEndpoint()),
        traces=("request",),
    ),
    Kind(
        name="db_proxy",
        title="RDS Proxy",
        slug="rds_proxy",
        family="aurora",
        code="rp",
        glyph="⊶",
        summary="Pools the connections to a database and keeps its clients' own while that fails over.",
        properties=p.DbProxyProperties,
        scope="vpc",
        behaviours=(
            trace.PROXY,
            NodesNetwork(),
            failure.ProxyFails(),
            ActsByRole("rds.amazonaws.com"),
            starts("db_proxy"),
            describe.DescribesDbProxy(),
            Connections(__name__, "PROXY"),
            ExpandsNodes(),
        ),
        failure_modes=("az", "region"),
        traces=("packet", "request"),
    ),
)
