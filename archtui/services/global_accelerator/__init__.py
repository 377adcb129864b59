"""AWS Global Accelerator."""

from archtui.layout.depict import Always, Depiction
from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.global_accelerator import describe, failure, names, trace
from archtui.services.global_accelerator.properties import GlobalAcceleratorProperties
from archtui.services.handing import HandsOn

KINDS = (
    Kind(
        name="global_accelerator",
        title="Global Accelerator",
        slug="global_accelerator",
        family="global_accelerator",
        code="ga",
        glyph="⊕",
        summary="Two fixed addresses that lead to the nearest healthy endpoint of several regions.",
        properties=GlobalAcceleratorProperties,
        scope="global",
        aliases=("accelerator",),
        behaviours=(
            names.AcceleratorName(),
            trace.AcceleratorReceives(),
            HandsOn(),
            failure.AcceleratorFails(),
            describe.DescribesAccelerator(),
            Always(Depiction("outside")),
            Connections(__name__, "ACCELERATOR"),
        ),
        failure_modes=("endpoint", "region"),
        traces=("dns", "packet", "request"),
    ),
)
