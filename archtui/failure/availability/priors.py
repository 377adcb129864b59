"""How likely each thing is to be down at a moment, and who says so: assumptions, each shown with its source.

A service level agreement is a threshold for refunds, not a measured availability: it stands in where
the blueprint says nothing better.
"""

from __future__ import annotations

from dataclasses import dataclass

from archtui import facts
from archtui.failure.interface import Fails
from archtui.model.component import Component, Json
from archtui.world.world import World, zone_name

ZONE = 1e-4
REGION = 1e-5
PLANE = 1e-3
"""A control plane has more parts that change than what it controls, and fails more often (AWS Fault Isolation
Boundaries, "Control planes and data planes")."""
CONTROL_PLANE = "control-plane:"
"""Begins the name of the event that nothing can be started or changed in a service."""
_UNPUBLISHED = "assumption: AWS publishes no figure; set availability on the {kind} to change it"
TAKEOVER = ":takeover"
"""Ends the name of the event that what should take a component's place does not."""


@dataclass(frozen=True, slots=True)
class Prior:
    """An event and its unavailability."""

    event: str
    """A component, ``az:ZONE``, ``region:REGION``, ``control-plane:SERVICE``, or ``ID:takeover``."""
    unavailability: float
    source: str
    what: str
    """The event, in a sentence."""

    def to_json(self) -> dict[str, Json]:
        """Return the prior as plain data."""
        return {
            "event": self.event,
            "unavailability": self.unavailability,
            "source": self.source,
            "what": self.what,
            "assumed": True,
        }


def prior(world: World, event: str) -> Prior:
    """Return how likely ``event`` is."""
    kind, _, rest = event.partition(":")
    if kind == "az":
        return _place(world, event, "availability_zone", rest, ZONE, f"Availability zone {rest} is down.")
    if kind == "region":
        return _place(world, event, "region", rest, REGION, f"Region {rest} is down.")
    if event.startswith(CONTROL_PLANE):
        text = f"The control plane of {rest} does not answer."
        return Prior(event, PLANE, "assumption: AWS publishes no figure; control planes fail before data planes", text)
    if event.endswith(TAKEOVER):
        return _takeover(world, event.removesuffix(TAKEOVER))
    component = world.components[event]
    what = f"{event} ({component.kind.title}) is down."
    own = component.properties.availability
    if own is not None:
        return Prior(event, round(1.0 - own, 15), "the blueprint", what)
    fails = component.kind.behaviour(Fails)
    level = _level(component, fails.service_level(component) if fails else "")
    if level is None or level.percent is None:
        return Prior(event, 0.0, "no service level is published: taken as always up", what)
    return Prior(event, _unavailability(level.percent), _source(level), what)


def _place(world: World, event: str, kind: str, name: str, default: float, what: str) -> Prior:
    for component in world.of_kind(kind):
        place = world.placement(component.id)
        names = (
            (*place.zones, zone_name(component.id, place.region)) if kind == "availability_zone" else (place.region,)
        )
        if name in names and component.properties.availability is not None:
            return Prior(event, round(1.0 - component.properties.availability, 15), "the blueprint", what)
    return Prior(event, default, _UNPUBLISHED.format(kind=kind), what)


def _takeover(world: World, name: str) -> Prior:
    """Return how likely nothing takes the place of ``name``: so that both together have their published level."""
    component = world.components[name]
    fails = component.kind.behaviour(Fails)
    own = prior(world, name)
    level = _level(component, key) if fails and (key := fails.pair_level(component)) else None
    what = f"Nothing takes over from {name}."
    if level is None or level.percent is None or not own.unavailability:
        source = f"no service level is published for {name} and its standby: as likely as {name} itself"
        return Prior(name + TAKEOVER, own.unavailability, source, what)
    pair = _unavailability(level.percent)
    share = min(1.0, pair / own.unavailability)
    return Prior(
        name + TAKEOVER, share, f"so that both together are down {pair:.3g} of the time: {_source(level)}", what
    )


def _level(component: Component, key: str) -> facts.Sla | None:
    """Return the service level ``key``, or the one that is named as the component's kind."""
    known = facts.slas()
    if key:
        return known.get(key)
    words = [word.replace("_", "-") for word in (component.kind.name, *component.kind.aliases)]
    found = (known.get(f"{owner}-{word}") for word in words for owner in ("amazon", "aws"))
    return next((level for level in found if level is not None), None)


def _unavailability(percent: float) -> float:
    # In hundredths of a percent, so that 99.95 gives 5e-4 and not a figure with a tail.
    return round((100.0 - percent) * 1e6) / 1e8


def _source(level: facts.Sla) -> str:
    return f"assumption: SLA of {level.service}, {level.percent:g} % ({level.condition}); {level.source}"
