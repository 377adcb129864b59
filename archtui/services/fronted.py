"""Names of what stands for a balancer that something else has made for it: an Ingress, an environment."""

from __future__ import annotations

import abc
from dataclasses import replace

from archtui.model.component import Component
from archtui.trace import codes
from archtui.trace.interface import HasHealth, HasName, Health, NameAnswer, Question, Walk, hop
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World


class FrontedByBalancer(HasName, HasHealth):
    """Behaviour of what is asked by the name of a balancer made for it."""

    @abc.abstractmethod
    def front(self, component: Component, world: World) -> Component | None:
        """Return the balancer (or what else has the name); None: there is none."""

    @abc.abstractmethod
    def unmade(self, component: Component, world: World) -> str:
        """Say why there is none, a sentence."""

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        return ()

    def hands_to(self, component: Component, world: World) -> tuple[str, ...]:
        """Return the balancer, to which requests go on."""
        found = self.front(component, world)
        return (found.id,) if found else ()

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        found = self.front(component, walk.world)
        named = found.kind.behaviour(HasName) if found else None
        if found is None or named is None:
            text = self.unmade(component, walk.world)
            step = Step("dns", Action.DENY, codes.NO_BALANCER_MADE, text, RuleRef(component.id, text))
            return NameAnswer((hop(component, step),))
        answer = named.answer(found, question, walk)
        step = Step("dns", Action.ANSWER, "", f"{component.id} is asked at {found.id}, the balancer made for it.")
        return replace(answer, hops=(hop(component, step), *answer.hops))

    def health(self, component: Component, walk: Walk) -> Health:
        found = self.front(component, walk.world)
        asked = found.kind.behaviour(HasHealth) if found else None
        if found is None or asked is None:
            return Health(False, self.unmade(component, walk.world).rstrip("."), codes.NO_BALANCER_MADE)
        return asked.health(found, walk)


__all__ = ["FrontedByBalancer"]
