"""Journeys as a graph: who hands a request to whom, and what still works when something is gone.

A request goes along records, listeners, target groups and links. A link from a zone or a balancer is
taken for what the author means to build, even if nothing carries it yet (GRA011 says so). A component
works if it is there, all it cannot do without (its hard links) works, and at least one of those it
hands requests to works. Filters and routes play no part here; whether packets get through is the
tracer's business.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from archtui.model.component import Component, Journey
from archtui.services.ec2.lookups import owners_of_instances
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.elb.properties import LoadBalancerProperties, TargetGroupProperties
from archtui.services.handing import HandsOn
from archtui.services.lookups import as_kind, each, links_to
from archtui.services.members import MemberProperties
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.route53.lookups import bare, is_inside, record_sets
from archtui.services.route53.properties import HostedZoneProperties, RecordProperties
from archtui.services.vpc.properties import ElasticIpProperties, NetworkInterfaceProperties
from archtui.services.vpc_endpoints.properties import EndpointServiceProperties, InterfaceEndpointProperties
from archtui.trace.interface import HandsOut
from archtui.world.world import World, zone_name

_HANDS_ON = (HostedZoneProperties, RecordProperties, LoadBalancerProperties, TargetGroupProperties)
"""Kinds that hand a request to one of several others."""


@dataclass(frozen=True)
class Paths:
    """Who hands requests to whom."""

    choices: dict[str, tuple[str, ...]]
    """Records, balancers and target groups: one of these takes the request."""
    needs: dict[str, tuple[str, ...]]
    """Applications: the targets of their hard links."""
    asks: dict[str, tuple[str, ...]]
    """Applications: the targets of all their links."""
    open_ended: frozenset[str]
    """Those of ``choices`` that also lead out of the design."""
    owner: dict[str, str]
    """The Auto Scaling group of each instance that it runs, the service of each task and pod."""

    def next_of(self, name: str) -> tuple[str, ...]:
        """Return everything ``name`` passes requests to."""
        return (*self.choices.get(name, ()), *self.asks.get(name, ()))


def paths(world: World) -> Paths:
    """Return the paths of ``world``, worked out once."""
    return world.part(_paths)


def _paths(world: World) -> Paths:
    owner = world.part(owners_of_instances)
    choices: dict[str, tuple[str, ...]] = {}
    open_ended: set[str] = set()
    addresses = _addresses(world)
    for component in world.components.values():
        if isinstance(component.properties, _HANDS_ON):
            ends = [edge.target for edge in component.edges if edge.role == "targets"]
            for text in _written_addresses(component):
                if text in addresses:
                    ends.append(addresses[text])
                else:
                    open_ended.add(component.id)
            ends += [link.target for link in world.links_from(component.id)]
            choices[component.id] = tuple(dict.fromkeys(end for end in ends if end in world.components))
        hands = component.kind.behaviour(HandsOn)
        if hands is not None:
            choices[component.id] = hands.hands_to(component, world)
        elif isinstance(component.properties, InterfaceEndpointProperties | EndpointServiceProperties):
            behind = tuple(edge.target for edge in component.edges if edge.role == "targets")
            if behind:
                choices[component.id] = behind
    for name, holder in _holders(world):
        choices[name] = (*choices.get(name, ()), holder)
    for member, group_id in owner.items():
        choices[group_id] = (*choices.get(group_id, ()), member)
    for component, kept in each(world, MemberProperties):
        if kept.host and component.id in owner:
            choices[kept.host] = (*choices.get(kept.host, ()), component.id)
    needs: dict[str, tuple[str, ...]] = {}
    asks: dict[str, tuple[str, ...]] = {}
    for name in world.components:
        links = world.links_from(name) or world.links_from(owner.get(name, ""))
        if links and name not in choices:
            asks[name] = tuple(dict.fromkeys(link.target for link in links))
            needs[name] = tuple(dict.fromkeys(link.target for link in links if link.dependency == "hard"))
    for name, then in _set_off(world):
        if name not in choices:
            asks[name] = tuple(dict.fromkeys((*asks.get(name, ()), then)))
    return Paths(choices, needs, asks, frozenset(open_ended), owner)


def _set_off(world: World) -> Iterator[tuple[str, str]]:
    """Yield (what keeps or tells of events, what gets them): they come after the answer, so nothing needs them."""
    for component in world.components.values():
        keeps = component.kind.behaviour(HandsOut)
        if keeps is not None:
            for link in links_to(world, component.id):
                if link.action and keeps.takes(link.action):
                    yield component.id, link.source
            for edge in world.referrers(component.id):
                if edge.path[0] in ("event_sources", "source"):
                    yield component.id, edge.source
        if "event" in component.kind.traces:
            for edge in component.edges:
                if edge.role != "in" and edge.path[0] not in ("event_sources", "source"):
                    yield component.id, edge.target


def _written_addresses(component: Component) -> tuple[str, ...]:
    """Return the addresses and names outside the design that ``component`` hands requests to."""
    named = {edge.target for edge in component.edges}
    if isinstance(component.properties, RecordProperties):
        return tuple(value for value in component.properties.values if value not in named)
    if isinstance(component.properties, TargetGroupProperties):
        return tuple(target.id for target in component.properties.targets if target.id not in named)
    return ()


def _addresses(world: World) -> dict[str, str]:
    """Return which component has which address, as far as the design says."""
    found: dict[str, str] = {}
    for component in world.components.values():
        for key in ("private_ip", "public_ip", "address"):
            value = getattr(component.properties, key, None)
            if isinstance(value, str):
                found.setdefault(value, component.id)
        for value in getattr(component.properties, "private_ips", ()):
            found.setdefault(value, component.id)
    return found


def _holders(world: World) -> Iterator[tuple[str, str]]:
    """Yield (Elastic IP or interface, what it belongs to)."""
    for component in world.components.values():
        properties = component.properties
        if isinstance(properties, ElasticIpProperties | NetworkInterfaceProperties):
            if properties.attached_to in world.components:
                yield component.id, str(properties.attached_to)
        elif isinstance(properties, Ec2InstanceProperties):
            for interface in properties.network_interfaces:
                yield interface, component.id


def entrances(world: World, journey: Journey) -> tuple[str, ...]:
    """Return the components that a journey's request comes to first; none where that lies outside the design."""
    if journey.to and journey.to in world.components:
        return (journey.to,)
    host = bare(urlsplit((journey.request or "").split(" ")[-1]).hostname or journey.to or "")
    vpc = world.placement(journey.source).vpc if journey.source in world.components else None
    found: list[str] = []
    for (zone_id, name, kind), members in record_sets(world).items():
        zone = as_kind(world, zone_id, HostedZoneProperties)
        seen = zone is not None and (not zone.private or vpc in zone.vpcs)
        if seen and kind in ("A", "AAAA", "CNAME") and _matches(name, host):
            found += [component.id for component, _ in members]
    if not found:
        found = [
            component.id
            for component, zone in each(world, HostedZoneProperties)
            if is_inside(host, zone.name) and not zone.private and world.links_from(component.id)
        ]
    return tuple(found)


def _matches(name: str, host: str) -> bool:
    return name == host or (name.startswith("*.") and host.endswith(name[1:]))


def reachable_from(world: World, starts: Collection[str]) -> tuple[str, ...]:
    """Return everything that requests from ``starts`` may come to, in the order it is met."""
    found = dict.fromkeys(starts)
    queue = list(starts)
    ways = paths(world)
    for name in queue:
        for following in ways.next_of(name):
            if following not in found:
                found[following] = None
                queue.append(following)
    return tuple(found)


def survives(world: World, journey: Journey, dead: Callable[[str], bool]) -> bool:
    """Say whether ``journey`` still gets to its end when every component that ``dead`` names is gone."""
    ways = paths(world)
    starts = entrances(world, journey)
    alive = {name for name in reachable_from(world, starts) if not dead(name)}
    while gone := {name for name in alive if not _works(name, ways, alive)}:
        alive -= gone
    queue = [name for name in starts if name in alive]
    seen = set(queue)
    for name in queue:
        if journey.reaches in (name, ways.owner.get(name)):
            return True
        following = [other for other in ways.next_of(name) if other in alive and other not in seen]
        seen.update(following)
        queue += following
    return False


def _works(name: str, ways: Paths, alive: Collection[str]) -> bool:
    options = ways.choices.get(name)
    handed = not options or name in ways.open_ended or any(option in alive for option in options)
    return handed and all(needed in alive for needed in ways.needs.get(name, ()))


def promised(world: World) -> Iterator[Journey]:
    """Yield the journeys that promise something (an SLO or an RTO) and work as long as nothing is broken."""
    for journey in world.blueprint.journeys:
        given = journey.slo is not None or journey.rto is not None
        if given and journey.reaches in world.components and survives(world, journey, lambda _: False):
            yield journey


def lost_with(world: World, zone: str) -> Callable[[str], bool]:
    """Return what is gone when availability zone ``zone`` is lost."""

    def dead(name: str) -> bool:
        component = world.components.get(name)
        if component is None or component.kind.scope == "global":
            return False
        return zone in (found := home_zones(world, component)) and len(found) == 1

    return dead


def home_zones(world: World, component: Component) -> tuple[str, ...]:
    """Return the zones a component really runs in: a database without standby in one of its subnets' zones."""
    zones = world.placement(component.id).zones
    database = component.properties
    if not isinstance(database, DbInstanceProperties) or database.multi_az or len(zones) < 2:
        return zones
    region = world.placement(component.id).region
    if database.az:
        return (zone_name(database.az, region),)
    first = world.placement(database.subnets[0]).zones if database.subnets else ()
    return first or zones[:1]
