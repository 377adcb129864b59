"""What is broken, and when: the second input of every engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archtui.model.errors import EditError
from archtui.world.world import World


class TargetError(EditError):
    """A failure target names nothing in the design, or says what cannot be."""


@dataclass(frozen=True)
class Condition:
    """A state of the world: what is broken and how far the recovery mechanisms have come.

    ``down`` holds ids of components that do not work (services, racks and certificates are resolved to their
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
    parts: frozenset[tuple[str, str]] = frozenset()
    """(component, zone): what a component of several zones has in that zone does not work."""
    slow: frozenset[tuple[str, float]] = frozenset()
    """(component, seconds): it answers so much later."""
    throttled: frozenset[tuple[str, float]] = frozenset()
    """(component, share of the calls that are refused)."""
    lags: frozenset[tuple[str, float]] = frozenset()
    """(component, seconds): its copy is so far behind."""
    quotas: frozenset[str] = frozenset()
    """Names of the quotas that are used up."""
    interrupted: frozenset[str] = frozenset()
    """Components among those down that AWS has taken away with notice: interrupted spot instances."""
    judged: frozenset[tuple[str, bool]] = frozenset()
    """(component, what its health check says whatever is true)."""

    @property
    def is_healthy(self) -> bool:
        """Whether nothing at all is broken."""
        broken = self.down or self.zones or self.regions or self.links or self.services or self.control_planes
        hurt = self.parts or self.slow or self.throttled or self.lags or self.quotas or self.judged
        return not (broken or hurt)

    def acts(self, mechanism: str) -> bool:
        """Whether ``mechanism`` (``alb.target:web``) has taken effect; all have where time plays no part."""
        return self.time is None or mechanism in self.recovered

    def named(self, name: str) -> bool:
        """Whether component ``name`` is down by itself, whatever becomes of its place."""
        return name in self.down

    def with_mended(self, name: str) -> Condition:
        """Return the condition in which component ``name`` is not down by itself."""
        return replace(self, down=self.down - {name})

    def zone_down(self, zone: str) -> bool:
        """Whether availability zone ``zone`` (full name) is lost, itself or with its region."""
        return zone in self.zones or any(zone.startswith(region) for region in self.regions)

    def part_down(self, component: str, zone: str) -> bool:
        """Whether what ``component`` has in ``zone`` does not work: the zone is lost, or this part alone."""
        return self.zone_down(zone) or (component, zone) in self.parts

    def is_down(self, world: World, name: str) -> bool:
        """Whether component ``name`` does not work: down itself, or every place it could be is lost.

        The places are its region, its VPC, its subnets and its zones.

        A component spread over several zones is down only when all of them are; what happens to the
        part that was in a lost zone (a primary database, a balancer node) is its service's business.
        """
        if name in self.down:
            return True
        if not (self.down or self.zones or self.regions or self.parts) or name not in world.components:
            return False
        place = world.placement(name)
        if world.components[name].kind.scope == "global":
            return False
        if place.region in self.regions or place.vpc in self.down:
            return True
        if place.subnets and self.down.issuperset(place.subnets):
            return True
        return bool(place.zones) and all(self.part_down(name, zone) for zone in place.zones)

    def slowness(self, component: str) -> float:
        """Return by how many seconds ``component`` answers later."""
        return dict(self.slow).get(component, 0.0)

    def refused_share(self, component: str) -> float:
        """Return the share of the calls of ``component`` that are throttled."""
        return dict(self.throttled).get(component, 0.0)

    def lag(self, component: str) -> float | None:
        """Return how many seconds the copy of ``component`` is behind; None: as usual."""
        return dict(self.lags).get(component)

    def judgement(self, *components: str) -> bool | None:
        """Return what a wrong health check says of the first of ``components`` that has one; None: none is wrong."""
        said = dict(self.judged)
        return next((said[name] for name in components if name in said), None)


HEALTHY = Condition()


def condition_for(world: World, targets: tuple[str, ...]) -> Condition:
    """Return the condition in which all of ``targets`` hold; how they are written: :mod:`archtui.world.targets`.

    Raises :class:`TargetError` where a target names nothing in the design or two contradict each other.
    """
    from archtui.world.targets import condition_of, read_target

    return condition_of(world, tuple(read_target(world, target) for target in targets))
