"""Amazon EBS: disks of instances."""

from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.ebs import describe, expand, failure
from archtui.services.ebs.properties import EbsVolumeProperties

KINDS = (
    Kind(
        name="ebs_volume",
        title="EBS volume",
        slug="ebs",
        family="ebs",
        code="ev",
        glyph="◙",
        summary="A disk that instances of its zone reach over the network.",
        properties=EbsVolumeProperties,
        scope="az",
        failure_modes=("az",),
        behaviours=(
            failure.VolumeFails(),
            expand.ExpandsVolume(),
            describe.DescribesVolume(),
            Connections(__name__, "VOLUME"),
        ),
    ),
)
