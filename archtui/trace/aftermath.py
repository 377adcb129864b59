"""What a request sets off that its answer does not wait for: events, messages taken from queues, retries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from archtui.model.component import Json
from archtui.trace.latency import Latency
from archtui.trace.paths import Path, path_of, share_text
from archtui.trace.stages import Stage, blockers_once, hard_hops
from archtui.world.steps import Blocker, Verdict


@dataclass(frozen=True)
class Aftermath:
    """One thing that is set off, and what becomes of it."""

    label: str
    """The call, as in ``uploads > thumbnailer``."""
    trigger: str
    """The component that sets it off."""
    weight: float
    """The share of the requests that set it off and go this way."""
    delay: Latency | None
    """How long after its trigger it begins; None: nothing is said of it."""
    stage: Stage
    depth: int = 0
    """0: set off by the request itself; 1: by something that the request set off; ..."""

    @property
    def when(self) -> str:
        """When it begins, in words."""
        return f"{self.delay.milliseconds:g} ms after {self.trigger}" if self.delay else f"after {self.trigger}"

    @property
    def heading(self) -> str:
        """What stands above its steps."""
        share = "" if self.weight > 1 - 1e-9 else f" ({share_text(self.weight)} of requests)"
        return f"Afterwards, {self.when}: {self.label}{share}"

    @property
    def verdict(self) -> Verdict:
        """Whether it gets through, with all that it cannot do without."""
        return self.stage.verdict

    @cached_property
    def main(self) -> Path:
        """Its path shown first."""
        return path_of(self.stage)

    @cached_property
    def blockers(self) -> tuple[Blocker, ...]:
        """Every denial on its ways, once each."""
        return blockers_once(hard_hops(self.stage))

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """What would have to be known to decide what is unknown."""
        return tuple(dict.fromkeys(text for stage in self.stage.all_stages() for text in stage.missing))

    def to_json(self) -> dict[str, Json]:
        """Return it as plain data, with what it sets off in its turn."""
        return {
            "call": self.label,
            "trigger": self.trigger,
            "weight": round(self.weight, 9),
            "share": round(self.stage.share, 9),
            "verdict": str(self.verdict),
            "delay": self.delay.to_json() if self.delay else None,
            "forward": [hop.to_json() for hop in self.main.forward],
            "return": [hop.to_json() for hop in self.main.back],
            "blockers": [blocker.to_json() for blocker in self.blockers],
            "missing": list(self.missing),
            "latency_ms": {
                "total": round(sum(part.milliseconds for part in self.main.latency), 3),
                "hops": [part.to_json() for part in self.main.latency],
            },
            "asynchronous": [below.to_json() for below in set_off(self.stage, self.weight, self.depth + 1)],
        }


def set_off(root: Stage, weight: float = 1.0, depth: int = 0) -> Iterator[Aftermath]:
    """Yield what ``root`` and what the answer waits for set off, in the order of the calls."""
    for made in root.calls:
        for way in made.ways:
            if way.weight <= 0:
                continue
            share = weight * made.chance * way.weight
            if made.dependency == "after":
                label = made.label if len(made.ways) == 1 else f"{made.label}: {way.label}"
                yield Aftermath(label, root.at, share, made.delay, way.stage, depth)
            else:
                yield from set_off(way.stage, share, depth)


def all_set_off(root: Stage, weight: float = 1.0, depth: int = 0) -> Iterator[Aftermath]:
    """Yield what ``root`` sets off and, after each, what that sets off in its turn."""
    for found in set_off(root, weight, depth):
        yield found
        yield from all_set_off(found.stage, found.weight, depth + 1)
