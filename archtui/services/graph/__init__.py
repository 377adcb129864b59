"""What concerns the design as a whole: no kinds, only rules about paths through it."""

from archtui.model.kinds import Kind

KINDS: tuple[Kind, ...] = ()
