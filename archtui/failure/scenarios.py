"""What a design may be tried with: ready-made failures, named as AWS Fault Injection Service names them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtui.failure.interface import Fails
from archtui.failure.timed import Timed
from archtui.model.component import Json
from archtui.model.errors import did_you_mean
from archtui.world.condition import TargetError
from archtui.world.faults import Lags
from archtui.world.targets import read_target
from archtui.world.world import World

POWER = 1800.0
"""Seconds that FIS leaves a zone without power by default (FIS User Guide, "AZ Availability: Power Interruption")."""
SLOWDOWN, DELAY = 1800.0, "200ms"
"""Seconds for which FIS slows a zone's applications by default, and the delay that its document for instances adds
(FIS User Guide, "AZ: Application Slowdown"; "AWSFIS-Run-Network-Latency")."""
STRESS = 300.0
"""Seconds that FIS stresses or stops instances for by default (FIS User Guide, "Scenarios reference")."""
CONNECTIVITY = 10800.0
"""Seconds that FIS keeps regions apart by default (FIS User Guide, "Cross-Region: Connectivity": 3 hours)."""
FAMILIES = (
    "AZ Availability: Power Interruption",
    "AZ: Application Slowdown",
    "EC2 stress: instance failure",
    "EC2 stress: Network Latency",
    "EKS stress: Pod Delete",
    "EKS stress: Network latency",
    "Cross-Region: Connectivity",
    "AZ: Power Interruption",
    "Region: Loss",
)
"""The names that always exist; a design without a place for one has no target for it."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One failure to try."""

    title: str
    targets: tuple[str, ...]
    group: str
    """Region, zone, component, link or control plane."""
    about: str
    """What it stands for."""

    @property
    def family(self) -> str:
        """The name without the place: ``AZ: Power Interruption``."""
        return self.title.partition(" in ")[0].partition(" of ")[0]

    def to_json(self) -> dict[str, Json]:
        """Return the scenario as plain data."""
        return {"title": self.title, "targets": list(self.targets), "group": self.group, "about": self.about}


def scenarios(world: World) -> tuple[Scenario, ...]:
    """Return the failures worth trying on ``world``: the widest first, then in the document's order.

    ``AZ: Power Interruption`` and ``Cross-Region: Connectivity`` are scenarios of AWS FIS; the others
    are named in its manner.
    """
    return tuple(_scenarios(world))


def named(world: World, name: str) -> tuple[Scenario, ...]:
    """Return the scenarios that ``name`` stands for: its title, or the part before ``in PLACE`` for every place.

    Case does not matter. Raises :class:`TargetError` where no scenario of that name exists; none is
    returned where the design has nothing that it touches.
    """
    wanted = name.strip().casefold()
    known = scenarios(world)
    found = tuple(item for item in known if wanted in (item.title.casefold(), item.family.casefold()))
    if found or wanted in (family.casefold() for family in FAMILIES):
        return found
    near = did_you_mean(name, [*FAMILIES, *(item.title for item in known)])
    raise TargetError(f"there is no scenario {name!r}; {near or 'see archtui fail FILE --scenarios'}")


def ways_to_fail(world: World, name: str) -> tuple[Scenario, ...]:
    """Return how component ``name`` may fail or work badly: what its kind allows, the plain failure first."""
    found = [Scenario(f"{name} fails", (name,), "component", world.kind(name).title)]
    texts = [f"{name}/{zone}" for zone in world.placement(name).zones] if len(world.placement(name).zones) > 1 else []
    texts += [f"{verb}:{name}{value}" for verb, value in _FIGURES.items()]
    for text in texts:
        try:
            target, _ = read_target(world, text)
        except TargetError:
            continue
        if target.verb != "slow" or world.kind(name).behaviour(Fails) is not None:
            found.append(Scenario(target.sentence.rstrip("."), (text,), "component", text))
    return tuple(found)


_FIGURES = {
    "slow": "=2s",
    "throttle": "=50%",
    "lag": "=300",
    "expired": "",
    "unhealthy": "",
    "healthy": "",
    "interrupted": "",
}
"""The ways in which a component may work badly, with the figure that is offered."""


def zones_of(world: World) -> tuple[str, ...]:
    """Return the zones in which the design has something, sorted."""
    return tuple(sorted({zone for name in _written(world) for zone in world.placement(name).zones}))


def regions_of(world: World) -> tuple[str, ...]:
    """Return the regions in which the design has something, sorted."""
    places = (name for name in _written(world) if world.components[name].kind.scope != "global")
    return tuple(sorted({world.placement(name).region for name in places} - {""}))


def _written(world: World) -> list[str]:
    return [name for name, component in world.components.items() if not component.implicit]


def _scenarios(world: World) -> Iterator[Scenario]:
    for zone in zones_of(world):
        about = "Everything in the zone loses power: instances, subnets, nodes, primaries."
        yield Scenario(f"AZ: Power Interruption in {zone}", (f"az:{zone}",), "zone", about)
    for zone in zones_of(world):
        about = "As AWS FIS runs it: the zone loses power for 30 minutes, then its instances start again."
        title = f"AZ Availability: Power Interruption in {zone}"
        yield Scenario(title, (str(Timed(f"az:{zone}", 0.0, POWER)),), "zone", about)
    for zone in zones_of(world):
        slowed = [name for name, _ in _computing(world) if world.placement(name).zones == (zone,)]
        if slowed:
            about = "As AWS FIS runs it: instances, tasks and pods of the zone answer later for 30 minutes."
            targets = tuple(str(Timed(f"slow:{name}={DELAY}", 0.0, SLOWDOWN)) for name in slowed)
            yield Scenario(f"AZ: Application Slowdown in {zone}", targets, "zone", about)
    for region in regions_of(world):
        targets = tuple(str(Timed(cut, 0.0, CONNECTIVITY)) for cut in _crossing(world, region))
        if targets:
            about = "As AWS FIS runs it: for 3 hours nothing passes between the region and the others."
            yield Scenario(f"Cross-Region: Connectivity in {region}", targets, "region", about)
    for region in regions_of(world):
        about = "Nothing in the region can be reached."
        yield Scenario(f"Region: Loss in {region}", (f"region:{region}",), "region", about)
    for name, family in _computing(world):
        if family in STRESSED:
            failing, slowing = STRESSED[family]
            about = "As AWS FIS runs it: stopped for 5 minutes."
            yield Scenario(f"{failing} of {name}", (str(Timed(name, 0.0, STRESS)),), "component", about)
            about = "As AWS FIS runs it: the network adds latency for 5 minutes."
            late = str(Timed(f"slow:{name}={DELAY}", 0.0, STRESS))
            yield Scenario(f"{slowing} of {name}", (late,), "component", about)
    planes: dict[str, str] = {}
    for name in _written(world):
        component = world.components[name]
        fails = component.kind.behaviour(Fails)
        if fails is None:
            continue
        what = "fails as a whole" if fails.managed else "fails"
        yield Scenario(f"{component.kind.title}: {name} {what}", (name,), "component", component.kind.summary)
        for plane in fails.control_planes:
            planes.setdefault(plane, component.kind.title)
    for link in world.links:
        target = f"link:{link.source}->{link.target}"
        about = "Packets between the two are dropped; both go on running."
        yield Scenario(f"Network: Disrupt Connectivity {link.source} to {link.target}", (target,), "link", about)
    for zone in zones_of(world):
        for plane, title in sorted(planes.items()):
            about = f"The zone is lost and no {title} can start anything elsewhere."
            name = f"AZ: Power Interruption in {zone} without the {plane} control plane"
            yield Scenario(name, (f"az:{zone}", f"control-plane:{plane}"), "control plane", about)


STRESSED = {
    "EC2": ("EC2 stress: instance failure", "EC2 stress: Network Latency"),
    "EKS": ("EKS stress: Pod Delete", "EKS stress: Network latency"),
}
"""The scenarios that FIS has for a family of computing components: one that stops them, one that slows them."""


def _computing(world: World) -> Iterator[tuple[str, str]]:
    """Yield what runs programs, with the family that FIS counts it to."""
    for name in _written(world):
        fails = world.components[name].kind.behaviour(Fails)
        if fails is not None and fails.stress:
            yield name, fails.stress


def _crossing(world: World, region: str) -> Iterator[str]:
    """Yield the links between ``region`` and others, and the copies there that follow a source elsewhere."""
    for link in world.links:
        ends = [
            world.placement(name).region
            for name in (link.source, link.target)
            if name in world.components and world.components[name].kind.scope != "global"
        ]
        if len(ends) == 2 and region in ends and len(set(ends) - {""}) == 2:
            yield f"link:{link.source}->{link.target}"
    for name in _written(world):
        component = world.components[name]
        lags = component.kind.behaviour(Lags)
        if lags is not None and region in lags.crosses(component, world):
            yield f"lag:{name}={CONNECTIVITY:g}"
