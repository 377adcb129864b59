"""What is broken, and when: the second input of every engine."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.model.errors import EditError, did_you_mean
from archtui.world.world import World

PREFIXES = ("az", "region", "link", "service", "control-plane")


class TargetError(EditError):
    """A failure target names nothing in the design."""


@dataclass(frozen=True)
class Condition:
    """A state of the world: what is down and how far the recovery mechanisms have come.

    ``down`` holds ids of components that do not work (zones and regions are resolved to their
    members by :func:`condition_for`); ``links`` the broken links as (from, to); ``recovered`` names
    the mechanisms that have taken effect (``rds.multi_az_instance:db``), which services read to
    choose the standby, drop a dead target, answer with the secondary record.
    """

    down: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    links: frozenset[tuple[str, str]] = frozenset()
    services: frozenset[str] = frozenset()
    control_planes: frozenset[str] = frozenset()
    recovered: frozenset[str] = frozenset()
    time: float | None = None
    """Seconds since the failure; None when time plays no part."""

    @property
    def is_healthy(self) -> bool:
        """Whether nothing at all is broken."""
        return not (self.down or self.zones or self.regions or self.links or self.services or self.control_planes)

    def acts(self, mechanism: str) -> bool:
        """Whether ``mechanism`` (``alb.target:web``) has taken effect; all have where time plays no part."""
        return self.time is None or mechanism in self.recovered

    def zone_down(self, zone: str) -> bool:
        """Whether availability zone ``zone`` (full name) is lost, itself or with its region."""
        return zone in self.zones or any(zone.startswith(region) for region in self.regions)

    def is_down(self, world: World, name: str) -> bool:
        """Whether component ``name`` does not work: down itself, or every place it could be is lost.

        The places are its region, its VPC, its subnets and its zones.

        A component spread over several zones is down only when all of them are; what happens to the
        part that was in a lost zone (a primary database, a balancer node) is its service's business.
        """
        if name in self.down:
            return True
        if not (self.down or self.zones or self.regions) or name not in world.components:
            return False
        place = world.placement(name)
        if world.components[name].kind.scope == "global":
            return False
        if place.region in self.regions or place.vpc in self.down:
            return True
        if place.subnets and self.down.issuperset(place.subnets):
            return True
        return bool(place.zones) and all(self.zone_down(zone) for zone in place.zones)


HEALTHY = Condition()


def condition_for(world: World, targets: tuple[str, ...]) -> Condition:
    """Return the condition in which ``targets`` are down.

    A target is a component id, ``az:eu-west-1a``, ``region:eu-west-1``, ``link:A->B``,
    ``service:dynamodb`` (a kind or slug) or ``control-plane:ec2``. Raises :class:`TargetError` where
    a target names nothing in the design.
    """
    down: set[str] = set()
    zones: set[str] = set()
    regions: set[str] = set()
    links: set[tuple[str, str]] = set()
    services: set[str] = set()
    planes: set[str] = set()
    known_zones = sorted({zone for name in world.components for zone in world.placement(name).zones})
    known_regions = sorted({world.placement(name).region for name in world.components} - {""})
    for target in targets:
        prefix, _, rest = target.partition(":")
        if target in world.components and prefix not in PREFIXES:
            down.add(target)
            kind, place = world.kind(target).name, world.placement(target)
            zones.update(place.zones if kind == "availability_zone" else ())
            regions.update([place.region] if kind == "region" else ())
        elif prefix == "az":
            zones.add(_known(rest, known_zones, "availability zone"))
        elif prefix == "region":
            regions.add(_known(rest, known_regions, "region"))
        elif prefix == "link":
            source, arrow, end = rest.partition("->")
            pair = (source.strip(), end.strip())
            known = {(link.source, link.target) for link in world.links}
            known |= {(e.source, e.target) for c in world.components.values() for e in c.edges}
            if not arrow or pair not in known:
                names = [f"{a}->{b}" for a, b in sorted(known)]
                raise TargetError(f"there is no link {rest!r}; {did_you_mean(rest, names) or 'write link:FROM->TO'}")
            links.add(pair)
        elif prefix == "service":
            if rest not in world.registry:
                raise TargetError(f"unknown service {rest!r}; {did_you_mean(rest, world.registry.names)}")
            services.add(world.registry[rest].name)
            down.update(component.id for component in world.of_kind(world.registry[rest].name))
        elif prefix == "control-plane":
            planes.add(rest)
        else:
            known_names = [
                *world.components,
                *(f"az:{z}" for z in known_zones),
                *(f"region:{r}" for r in known_regions),
            ]
            near = did_you_mean(target, known_names) or "name a component, az:ZONE, region:REGION or link:A->B"
            raise TargetError(f"nothing is called {target!r}; {near}")
    return Condition(
        frozenset(down), frozenset(zones), frozenset(regions), frozenset(links), frozenset(services), frozenset(planes)
    )


def _known(word: str, known: list[str], what: str) -> str:
    if word not in known:
        near = did_you_mean(word, known) or f"this design has {', '.join(known) or 'none'}"
        raise TargetError(f"there is no {what} {word!r} in this design; {near}")
    return word
