"""What a service implements to mend what blocks a request, and to close what lets an unwanted one pass."""

from __future__ import annotations

import abc
from collections.abc import Iterator
from dataclasses import dataclass

from archtui.model.edits import Edit
from archtui.trace.request import Request
from archtui.world.steps import Blocker, Hop, Step
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Plea:
    """A blocker that wants a remedy: the denial, where it stands, and what came before it."""

    world: World
    blocker: Blocker
    hop: Hop
    step: Step
    """The denial; its ``before`` is the packet or request that was denied."""
    request: Request
    before: tuple[Hop, ...]
    """The hops before the denial, in order, there and back."""


class Remedies(abc.ABC):
    """Behaviour of a kind that knows edits against blockers.

    Every implementation is asked about every blocker: what mends it need not be what blocks it (a
    target group's wrong port shows at a security group).
    """

    @abc.abstractmethod
    def remedies(self, plea: Plea) -> Iterator[Edit]:
        """Propose edits, the smallest first; each is tried by running the trace again."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A step that lets an unwanted request pass."""

    world: World
    hop: Hop
    step: Step
    """Its ``before`` is the packet or request, its ``decided_by`` the rule."""
    request: Request


class Closures(abc.ABC):
    """Behaviour of a kind that knows edits against what lets requests pass; asked about every step."""

    @abc.abstractmethod
    def closures(self, passage: Passage) -> Iterator[Edit]:
        """Propose edits, the narrowest first; each is tried by running the trace again."""
