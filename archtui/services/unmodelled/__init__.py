"""What a design refers to but does not hold or cannot model."""

from archtui.model.kinds import Kind
from archtui.services.unmodelled.properties import UnmodelledResourceProperties

KINDS = (
    Kind(
        name="unmodelled_resource",
        title="Unmodelled resource",
        slug="unmodelled",
        family="unmodelled",
        code="um",
        glyph="¿",
        summary="Something the design refers to but does not describe; what depends on it is unknown.",
        properties=UnmodelledResourceProperties,
        stands_in=True,
        traces=("packet",),
    ),
)
