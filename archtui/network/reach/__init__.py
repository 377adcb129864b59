"""Who reaches whom, on which protocols and ports: all pairs at once, with the deciding core of the engine."""

from archtui.network.reach.answer import Pair, Reach, Reachability, ReachError, reach

__all__ = ["Pair", "Reach", "ReachError", "Reachability", "reach"]
