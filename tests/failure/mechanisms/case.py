"""What a case of the failover table says: a design, what fails in it, and what the table's figures make of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Harm = Literal["down", "degraded", "none"]


@dataclass(frozen=True)
class Mechanism:
    """One entry of the failover table at work in a design."""

    entry: str
    """The entry's id."""
    design: str
    """The blueprint's text."""
    down: tuple[str, ...]
    component: str
    """Whose mechanism it is."""
    settings: Mapping[str, float] = field(default_factory=dict)
    """The values of the entry's parameters that the design states."""
    harm: Harm = "down"
    """How the journey is until the mechanism is complete."""
    also: str = ""
    """Which of the entry's further components this case is about."""
    beside: str = ""
    """The entry that brings the journey back where this one only accompanies it."""
    keeps: bool = True
    """Whether the component keeps what the journey writes; otherwise nothing can be lost."""
    each_request: bool = False
    """Whether each request takes the seconds, for as long as the failure lasts."""
    convergence: bool = False
    """Whether the table leaves a part open that comes on top, counted as 0."""

    @property
    def name(self) -> str:
        """What tells the case from others."""
        return f"{self.entry}-{self.also or self.component}-{'+'.join(self.down)}"
