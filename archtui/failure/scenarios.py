"""What a design may be tried with: ready-made failures, named as AWS Fault Injection Service names them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtui.failure.interface import Fails
from archtui.model.component import Json
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Scenario:
    """One failure to try."""

    title: str
    targets: tuple[str, ...]
    group: str
    """Region, zone, component, link or control plane."""
    about: str
    """What it stands for."""

    def to_json(self) -> dict[str, Json]:
        """Return the scenario as plain data."""
        return {"title": self.title, "targets": list(self.targets), "group": self.group, "about": self.about}


def scenarios(world: World) -> tuple[Scenario, ...]:
    """Return the failures worth trying on ``world``: the widest first, then in the document's order.

    ``AZ: Power Interruption`` and ``Cross-Region: Connectivity`` are scenarios of AWS FIS; the others
    are named in its manner.
    """
    return tuple(_scenarios(world))


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
    for region in regions_of(world):
        about = "Nothing in the region can be reached."
        yield Scenario(f"Region: Loss of {region}", (f"region:{region}",), "region", about)
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
