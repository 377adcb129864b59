"""Fault trees, solved exactly: probability, minimal cut sets, importance.

``analyse_tree`` gives a :class:`TreeReport` of a :class:`FaultTree`, ``exact_probability`` the
probability alone.
"""

from archtui.failure.faulttree.analysis import TreeReport, analyse_tree
from archtui.failure.faulttree.bdd import TooLargeError
from archtui.failure.faulttree.exact import exact_probability
from archtui.failure.faulttree.listing import CutSet
from archtui.failure.faulttree.measures import Importance
from archtui.failure.faulttree.tree import FaultTree, FaultTreeError, Formula, Gate, all_of, any_of, at_least

__all__ = [
    "CutSet",
    "FaultTree",
    "FaultTreeError",
    "Formula",
    "Gate",
    "Importance",
    "TooLargeError",
    "TreeReport",
    "all_of",
    "analyse_tree",
    "any_of",
    "at_least",
    "exact_probability",
]
