"""Settings that watch over networks: VPC Block Public Access, flow logs."""

from archtui.layout.depict import Always, Depiction
from archtui.model.kinds import Kind
from archtui.services.network_controls import describe
from archtui.services.network_controls import network as n
from archtui.services.network_controls import properties as p

_SETTING = Always(Depiction("setting", style=None))

KINDS = (
    Kind(
        name="vpc_block_public_access",
        title="VPC Block Public Access",
        slug="vpc_block_public_access",
        family="network_controls",
        code="bp",
        glyph="⊘",
        summary="Stops traffic between a region's VPCs and the internet, whatever they allow themselves.",
        properties=p.BlockPublicAccessProperties,
        traces=("packet",),
        behaviours=(n.BlockPublicAccessNetwork(), describe.DescribesBlockPublicAccess(), _SETTING),
    ),
    Kind(
        name="flow_logs",
        title="VPC flow logs",
        slug="flow_logs",
        family="network_controls",
        code="fl",
        glyph="≣",
        summary="Records which connections of a VPC, subnet or interface were accepted and rejected.",
        properties=p.FlowLogsProperties,
        aliases=("flow_log",),
        traces=("packet",),
        behaviours=(n.FlowLogsNetwork(), describe.DescribesFlowLogs(), _SETTING),
    ),
)
