"""Stores with nodes in a VPC: EFS, FSx, Amazon MQ, MSK, Redshift, OpenSearch."""

from archtui.formats.describe import Describes
from archtui.model.fields import Properties
from archtui.model.kinds import Kind
from archtui.services.node_failure import ClusterFails
from archtui.services.node_trace import ClusterBehaviour
from archtui.services.nodes import ExpandsNodes, NodesNetwork, starts
from archtui.services.stores import describe, trace
from archtui.services.stores import properties as p
from archtui.services.stores.failure import EFS_FAILS


def _kind(
    name: str,
    title: str,
    slug: str,
    marks: str,
    summary: str,
    properties: type[Properties],
    behaviour: ClusterBehaviour,
    fails: ClusterFails,
    describes: Describes,
    aliases: tuple[str, ...] = (),
) -> Kind:
    """Return one kind; ``marks`` is its code and its glyph."""
    return Kind(
        name=name,
        title=title,
        slug=slug,
        family="stores",
        code=marks[:2],
        glyph=marks[3:],
        summary=summary,
        properties=properties,
        scope="vpc",
        aliases=aliases,
        behaviours=(behaviour, NodesNetwork(), fails, describes, starts(name), ExpandsNodes()),
        failure_modes=("az", "region"),
        traces=("packet", "request"),
    )


KINDS = (
    _kind(
        "efs_file_system",
        "EFS file system",
        "efs",
        "ef ◰",
        "Files that many Linux machines share, by NFS, with a mount target in each zone.",
        p.EfsProperties,
        trace.EFS,
        EFS_FAILS,
        describe.DescribesEfs(),
        ("efs_mount_target",),
    ),
    _kind(
        "fsx_file_system",
        "FSx file system",
        "fsx_windows",
        "fx ◨",
        "Files for Windows (SMB), for computing (Lustre) or as ONTAP and OpenZFS keep them.",
        p.FsxProperties,
        trace.FSX,
        ClusterFails(trace.FSX, sla="amazon-fsx"),
        describe.DescribesFsx(),
        ("fsx", "fsx_lustre", "fsx_ontap"),
    ),
    _kind(
        "mq_broker",
        "Amazon MQ broker",
        "amazon_mq",
        "mq ≋",
        "A message broker of the open protocols: ActiveMQ or RabbitMQ.",
        p.MqBrokerProperties,
        trace.MQ,
        ClusterFails(trace.MQ, sla="amazon-mq"),
        describe.DescribesMq(),
    ),
    _kind(
        "msk_cluster",
        "MSK cluster",
        "msk",
        "mk ≣",
        "Kafka brokers in the zones of a VPC.",
        p.MskProperties,
        trace.MSK,
        ClusterFails(trace.MSK, sla="amazon-msk"),
        describe.DescribesMsk(),
        ("kafka",),
    ),
    _kind(
        "redshift_cluster",
        "Redshift cluster",
        "redshift",
        "rs ▧",
        "A warehouse for analytical queries, in one zone.",
        p.RedshiftProperties,
        trace.REDSHIFT,
        ClusterFails(trace.REDSHIFT, sla="amazon-redshift", fallback="redshift"),
        describe.DescribesRedshift(),
    ),
    _kind(
        "opensearch_domain",
        "OpenSearch domain",
        "opensearch",
        "os ⌕",
        "Indexes documents and finds them, on nodes in the zones of a VPC.",
        p.OpenSearchProperties,
        trace.OPENSEARCH,
        ClusterFails(trace.OPENSEARCH, sla="amazon-opensearch"),
        describe.DescribesOpenSearch(),
    ),
)
