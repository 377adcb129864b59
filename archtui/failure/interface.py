"""What a service implements so that its components can fail and recover.

A kind lists an instance of :class:`Fails` in its ``behaviours`` if its components can fail by
themselves. Configuration (route tables, security groups, records, certificates) has none: it is
wrong or right, but it does not break.

``Fails.mechanisms`` answers: *given what is broken, how does this component come back, and after
how many seconds?* What is broken is told by a :class:`Situation`. Seconds come from the fact base's failover table
(:func:`archtui.facts.failover`), worked out with the component's own settings. A mechanism that is
complete is named in ``Condition.recovered`` as ``NAME:COMPONENT`` (``alb.target:web``); the tracer
and the services' trace modules act on that.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeVar

from archtui import facts
from archtui.facts import Failover, Span
from archtui.model.component import Component
from archtui.model.fields import Properties
from archtui.trace.impaired import used_up
from archtui.trace.interface import HasHealth, Walk
from archtui.trace.interface import Health as Healthiness
from archtui.world.condition import Condition
from archtui.world.faults import ControlPlanes
from archtui.world.world import World

if TYPE_CHECKING:
    from archtui.trace.walker import Walker

P = TypeVar("P", bound=Properties)
Health = Literal["up", "reduced", "lost"]
"""Of a component: works fully, works with less than it has (one of two zones), does not work."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One way back: what happens, when, who says so."""

    name: str
    """Its entry in the failover table: ``rds.multi_az_instance``."""
    component: str
    """The component that recovers."""
    entry: Failover
    detect: Span | None
    """Seconds until it is noticed; None: not known."""
    switch: Span | None
    """Seconds from then until it works again; None: not known."""
    lost: tuple[str, ...]
    """The parts whose loss starts it: a target, the primary's zone."""
    noticed: str
    """The event when it is noticed, a sentence; empty: nothing worth telling."""
    done: str
    """The event when it is complete, or what a person would have to do."""
    formula: str = ""
    """How the seconds come about, in words: ``30 s x 2 checks``."""
    data_loss: Span | None = facts.NO_TIME
    """Seconds of writes that are lost; None: not known."""
    automatic: bool = True
    """Whether it happens without a person."""
    control_planes: tuple[str, ...] = ()
    """The control planes it cannot do without; none: it is statically stable."""
    after: tuple[str, ...] = ()
    """Ids of the mechanisms that must be complete before its clock starts."""
    restores: bool = True
    """Whether the component works again when it is complete; otherwise it only knows."""
    hindered: str = ""
    """Why it cannot happen here although it usually would; empty: it can."""
    cached: bool = False
    """Whether its switch is the time in which caches forget the old answer: clients follow one after the other."""
    each_request: bool = False
    """Whether it happens for each request anew: the request takes its seconds longer and then succeeds."""

    @property
    def id(self) -> str:
        """What stands in ``Condition.recovered`` once it is complete."""
        return f"{self.name}:{self.component}"

    @property
    def seconds(self) -> Span | None:
        """Seconds from its start to its end; None: not known."""
        return self.detect + self.switch if self.detect is not None and self.switch is not None else None

    @property
    def source(self) -> str:
        """Where the seconds come from."""
        return self.entry.source


def mechanism(
    name: str,
    component: str,
    *,
    lost: tuple[str, ...],
    done: str,
    noticed: str = "",
    formula: str = "",
    settings: Mapping[str, float] | None = None,
    control_planes: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
    hindered: str = "",
    keeps_data: bool = True,
    restores: bool = True,
    cached: bool = False,
) -> Mechanism:
    """Return the mechanism ``name`` of the failover table, its seconds worked out under ``settings``.

    ``keeps_data=False``: the component stores nothing that a journey writes, so nothing can be lost.
    """
    entry = facts.failover(name)
    values = dict(settings or {})
    return Mechanism(
        name=name,
        component=component,
        entry=entry,
        detect=entry.detect_seconds(**values),
        switch=entry.switch_seconds(**values),
        lost=lost,
        noticed=noticed,
        done=done,
        formula=formula,
        data_loss=entry.data_loss if keeps_data else facts.NO_TIME,
        automatic=entry.automatic,
        control_planes=control_planes,
        after=after,
        restores=restores,
        hindered=hindered,
        cached=cached,
    )


def behind(found: Mechanism, situation: Situation, copy: str) -> Mechanism:
    """Return a promotion of ``copy`` with the writes it loses: as much as the copy lags behind, where that is said."""
    lag = situation.condition.lag(copy)
    return found if lag is None else replace(found, data_loss=Span(0.0, lag))


@dataclass(frozen=True)
class Situation:
    """A world right after a failure, and what a service may ask about it."""

    world: World
    condition: Condition
    """What is broken; nothing has recovered."""

    def is_down(self, name: str) -> bool:
        """Whether component ``name`` does not work, as a whole."""
        return self.condition.is_down(self.world, name)

    def zone_down(self, zone: str) -> bool:
        """Whether a zone (full name) is lost, itself or with its region."""
        return self.condition.zone_down(zone)

    def lost_zones(self, name: str) -> tuple[str, ...]:
        """Return the zones of ``name`` that are lost to it: the zone itself, or all its subnets there."""
        return tuple(zone for zone in self.world.placement(name).zones if self._lost_in(name, zone))

    def _lost_in(self, name: str, zone: str) -> bool:
        if self.condition.part_down(name, zone):
            return True
        if not self.condition.down:
            return False
        there = [subnet for subnet in self.world.placement(name).subnets if zone in self.world.placement(subnet).zones]
        return bool(there) and all(self.is_down(subnet) for subnet in there)

    def working_zones(self, name: str) -> tuple[str, ...]:
        """Return the zones of ``name`` that work."""
        return tuple(zone for zone in self.world.placement(name).zones if not self._lost_in(name, zone))

    def is_impaired(self, name: str) -> bool:
        """Whether component ``name`` works but answers late, refuses calls, or has a copy that is behind."""
        hurt = self.condition
        if hurt.slowness(name) or hurt.refused_share(name) or hurt.lag(name) is not None:
            return True
        return bool(hurt.quotas) and bool(used_up(self.world.components[name], hurt))

    def link_down(self, source: str, target: str) -> bool:
        """Whether the link from ``source`` to ``target`` is broken."""
        return (source, target) in self.condition.links

    @cached_property
    def _at_rest(self) -> Walker:
        from archtui.trace.walker import Walker

        return Walker.of(self.world, replace(self.condition, time=None))

    @property
    def at_rest(self) -> Walk:
        """The world as a request finds it once everything that recovers by itself has done so."""
        return self._at_rest

    def becomes_unhealthy(self, name: str) -> bool:
        """Whether the tracer finds ``name`` unhealthy because of the failure, once checks have noticed it."""
        component = self.world.components.get(name)
        asked = component.kind.behaviour(HasHealth) if component else None
        if component is None or asked is None:
            return self.is_down(name)

        def is_bad(health: Healthiness) -> bool:
            return health.healthy is False

        return is_bad(asked.health(component, self._at_rest)) and not is_bad(
            asked.health(component, self._at_rest.healthy)
        )


class Fails(ControlPlanes, abc.ABC):
    """Behaviour of what can fail by itself."""

    managed: bool = False
    """Whether AWS runs it redundantly over the zones it is in, so that it fails only with all of them."""
    control_planes: tuple[str, ...] = ()
    """The control planes that its recovery needs; none: it is statically stable."""

    stress: str = ""
    """The family that AWS FIS counts it to where it runs programs: EC2, ECS, EKS; empty: it runs none."""

    @property
    def planes(self) -> tuple[str, ...]:
        return self.control_planes

    sla: str = ""
    """The published service level (:func:`archtui.facts.sla`) that its availability is taken from; empty: none."""

    def service_level(self, component: Component) -> str:
        """Return the key of the service level of one ``component``; empty: none is published."""
        return self.sla

    def pair_level(self, component: Component) -> str:
        """Return the key of the service level of ``component`` together with what takes its place; empty: none."""
        return ""

    def starts_in(self, component: Component) -> float:
        """Return the seconds that ``component`` needs to work again once what took it down is gone."""
        return 0.0

    @abc.abstractmethod
    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        """Return how ``component`` recovers; empty: it is not touched, or nothing brings it back."""

    def steady(self, component: Component, situation: Situation) -> Mechanism | None:
        """Return why the loss of a zone does not stop ``component``, as the table has it; None: it does, or the zone
        is none of its own."""
        return None

    def health(self, component: Component, situation: Situation) -> Health:
        """Say how ``component`` is right after the failure.

        By default: lost where it is down or all its zones are, reduced where some of its zones are.
        """
        return placed_health(component, situation)


class Zonal(Fails):
    """What is where it is: lost with its zone, back when that is."""

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        return ()


class Managed(Zonal):
    """What AWS runs over several zones: it goes on when a zone is lost, with nothing to wait for."""

    managed = True
    goes_on_by = "regional_service"
    """The table's entry that says why it goes on; empty: none does."""

    def goes_on(self, component: Component) -> str:
        """Return the table's entry that says why ``component`` goes on when a zone is lost; empty: none does."""
        return self.goes_on_by if component.kind.scope not in ("global", "edge") else ""

    def steady(self, component: Component, situation: Situation) -> Mechanism | None:
        name = self.goes_on(component)
        region = situation.world.placement(component.id).region
        lost = tuple(zone for zone in sorted(situation.condition.zones) if region and zone.startswith(region))
        lost = lost or situation.lost_zones(component.id)
        if not name or not lost or situation.is_down(component.id):
            return None
        return mechanism(
            name,
            component.id,
            lost=lost,
            done=f"{component.id} goes on in the other zones.",
            keeps_data=False,
        )


def placed_health(component: Component, situation: Situation) -> Health:
    """Say how a component is whose parts are spread evenly over its zones."""
    if situation.is_down(component.id):
        return "lost"
    if situation.is_impaired(component.id):
        return "reduced"
    if component.kind.scope == "global":
        return "up"
    return "reduced" if situation.lost_zones(component.id) else "up"


def properties_as(component: Component, model: type[P]) -> P:
    """Return the properties of ``component``, which its kind says are of ``model``."""
    if not isinstance(component.properties, model):
        raise TypeError(f"{component.id} has {type(component.properties).__name__}, not {model.__name__}")
    return component.properties


def listed(names: tuple[str, ...]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
