"""Where the steps of a walk are collected."""

from __future__ import annotations

from typing import Self

from archtui.model.component import Json
from archtui.network.flow import Packet
from archtui.network.model import (
    Network,
)
from archtui.world.steps import Action, Hop, RuleRef, Step
from archtui.world.world import World

MAX_LOST = 12
"""How many losing rules a step shows; what is nearest to the packet comes first."""


class RecordBase:
    """Collects hops, forward and back."""

    def __init__(self, world: World, network: Network) -> None:
        self.world = world
        self.network = network
        self._ways: tuple[list[tuple[str, list[Step]]], list[tuple[str, list[Step]]]] = ([], [])
        self._back = 0
        self._shown: tuple[Packet, dict[str, Json]] | None = None
        """The packet of the last step as steps show it: most steps leave it as it is."""

    def copy(self) -> Self:
        """Return a recorder that goes on from here by itself."""
        other = type(self)(self.world, self.network)
        other._ways = (
            [(name, list(steps)) for name, steps in self._ways[0]],
            [(name, list(steps)) for name, steps in self._ways[1]],
        )
        other._back = self._back
        return other

    @property
    def forward(self) -> tuple[Hop, ...]:
        """The hops to the destination."""
        return self._hops(0)

    @property
    def back(self) -> tuple[Hop, ...]:
        """The hops of the reply."""
        return self._hops(1)

    def _hops(self, way: int) -> tuple[Hop, ...]:
        return tuple(Hop(name, self._kind(name), tuple(steps)) for name, steps in self._ways[way])

    def _kind(self, name: str) -> str:
        component = self.world.components.get(name)
        return component.kind.name if component else name.partition(":")[2] or name

    def turn(self) -> None:
        """From here on it is the reply that is under way."""
        self._back = 1

    def step(
        self,
        component: str,
        layer: str,
        action: Action,
        code: str,
        message: str,
        packet: Packet | None = None,
        after: Packet | None = None,
        decided_by: RuleRef | None = None,
        lost: tuple[RuleRef, ...] = (),
    ) -> None:
        """Note one decision."""
        before = self._header(packet) if packet else {}
        then = self._header(after) if after else before
        steps = self._ways[self._back]
        step = Step(layer, action, code, message, decided_by, lost, before, then)
        if steps and steps[-1][0] == component:
            steps[-1][1].append(step)
        else:
            steps.append((component, [step]))

    def _header(self, packet: Packet) -> dict[str, Json]:
        if self._shown is None or self._shown[0] is not packet:
            self._shown = packet, packet.to_json()
        return self._shown[1]

    def deny(
        self,
        component: str,
        hop: str,
        layer: str,
        code: str,
        message: str,
        packet: Packet | None = None,
        rule: RuleRef | None = None,
        lost: tuple[RuleRef, ...] = (),
    ) -> None:
        """Note a denial; ``component`` is what has to change, ``hop`` where the packet was."""
        decided = (
            rule if rule is not None and rule.component == component else RuleRef(component, rule.text if rule else "")
        )
        shown = None if hop == component and rule is None else decided
        self.step(hop, layer, Action.DENY, code, message, packet, None, shown, lost)
