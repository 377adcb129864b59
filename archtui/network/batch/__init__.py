"""Many flows through one design: the answers of the engine's ``decide``, with what flows have in common done once."""

from archtui.network.batch.decide import decide_many

__all__ = ["decide_many"]
