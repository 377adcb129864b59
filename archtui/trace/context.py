"""What a connection is part of: who sent the request first, and what it has come through."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.trace.message import Endpoint


@dataclass(frozen=True, slots=True)
class Context:
    """What a connection is part of."""

    origin: Endpoint
    """Who sent the request that is being passed on."""
    country: str | None = None
    depth: int = 0
    redirects: int = 0
    trail: tuple[str, ...] = ()

    def below(self, origin: Endpoint, caller: str) -> Context:
        """Return the context of a connection that ``caller`` opens."""
        return Context(origin, self.country, self.depth + 1, self.redirects, (*self.trail, caller))

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from others, but for the trail."""
        return self.origin, self.country, self.depth, self.redirects
