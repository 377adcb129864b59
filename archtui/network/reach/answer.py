"""Who reaches whom, component by component: the rows of a matrix as people and programs read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from archtui.model.component import Json
from archtui.model.errors import ArchtuiError, did_you_mean
from archtui.network.ends import senders_of
from archtui.network.engine import decide, network_of
from archtui.network.flow import ICMPV6, Flow, protocol_number
from archtui.network.reach.atoms import Bits
from archtui.network.reach.groups import members
from archtui.network.reach.matrix import Matrix, Row
from archtui.network.reach.sites import Site, named_sites
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Verdict
from archtui.world.world import World


class ReachError(ArchtuiError):
    """An end that is neither a component or interface with an address, an address itself, nor the internet."""


class Reach(NamedTuple):
    """``source`` may open connections to ``target`` on these ports.

    ``one_way``: requests arrive and their replies are blocked, so no connection comes about. ``unknown``:
    it cannot be decided; never to be read as reachable.
    """

    source: str
    target: str
    protocol: str
    """``tcp``, ``udp``, ``icmp`` (a ping) or the number of another protocol that a rule names."""
    ports: str
    """``80,443,1024-65535``; empty for a protocol without ports."""
    one_way: bool = False
    unknown: bool = False

    def to_json(self) -> dict[str, Json]:
        """Return the row as the command line prints it."""
        return {
            "from": self.source,
            "to": self.target,
            "protocol": self.protocol,
            "ports": self.ports,
            "one_way": self.one_way,
            "unknown": self.unknown,
        }


@dataclass(frozen=True, slots=True)
class Pair:
    """The atoms of one pair of components."""

    reached: Bits = 0
    doubtful: Bits = 0
    one_way: Bits = 0


Triple: TypeAlias = tuple[Bits, Bits, Bits]
_NOTHING: Triple = (0, 0, 0)


class Reachability:
    """Who reaches whom in one design under one condition.

    Ends are the components with an interface or an address outside AWS, and ``internet``, an unnamed host
    outside; besides, whatever else is named in ``ends``: addresses and interfaces. Between two of them the
    answer is that of :func:`archtui.network.engine.decide`, for every protocol and port at once; rows are made
    when they are asked for. What an end sends to itself is not asked.
    """

    def __init__(self, world: World, condition: Condition = HEALTHY, ends: Sequence[str] = ()) -> None:
        network = network_of(world)
        own = {item.component for item in network.interfaces.values()} | network.externals.keys()
        own |= network.premises.keys() | network.outside_hosts.keys()
        named = [site for name in dict.fromkeys(ends) if name not in own for site in named_sites(network, name)]
        self.matrix = Matrix(world, condition, named)
        self._by_class: dict[object, Mapping[int, Triple]] = {}
        self._described: dict[Triple, tuple[tuple[str, str, bool, bool], ...]] = {}
        self._single: dict[int, list[tuple[int, str]]] = {}
        self._several: list[tuple[int, str, tuple[int, ...]]] = []
        for number, (name, sites) in enumerate(self.matrix.sites.items()):
            classes = tuple(self.matrix.target_class[site] for site in sites)
            if len(set(classes)) == 1:
                self._single.setdefault(classes[0], []).append((number, name))
            else:
                self._several.append((number, name, classes))

    @property
    def ends(self) -> tuple[str, ...]:
        """Every end: the internet, what else is outside, then the components in the document's order."""
        return tuple(self.matrix.sites)

    def pair(self, source: str, target: str) -> Pair:
        """Return the atoms that pass between two ends."""
        self._known(source)
        self._known(target)
        classes = tuple(self.matrix.target_class[site] for site in self.matrix.sites[target])
        return Pair(*self._agreed([self._to(found, classes) for found in self._senders(source)]))

    def verdict(self, source: str, target: str, protocol: str, port: int | None = None) -> Verdict:
        """Return the verdict for one protocol and port, as the engine would give it.

        The engine is asked for a protocol that nothing in the design names, and that the matrix does not hold, and
        for ICMPv6, which a NAT64 turns into ICMP on the way (RFC 7915, 4.2).
        """
        number = protocol_number(protocol)
        atom = 0 if number == ICMPV6 else self.matrix.atoms.bit(number, port)
        found = self.pair(source, target)
        if not atom:
            return decide(self.matrix.world, Flow(source, target, protocol, port), self.matrix.condition).verdict
        if found.reached & atom:
            return Verdict.REACHABLE
        return Verdict.UNKNOWN if found.doubtful & atom else Verdict.BLOCKED

    def rows(self, source: str | None = None, target: str | None = None) -> Iterator[Reach]:
        """Yield who reaches whom, ordered by source, target (as in :attr:`ends`), protocol and outcome.

        What two ends outside AWS say to each other is no matter of the design and left out, unless both are named.
        """
        for name in (source, target):
            if name is not None:
                self._known(name)
        outside = {name for name, sites in self.matrix.sites.items() if sites and all(map(_is_outside, sites))}
        for sender in self.ends if source is None else (source,):
            if target is not None:
                if target != sender and (source is not None or not {sender, target} <= outside):
                    pair = self.pair(sender, target)
                    yield from self._shown(sender, target, (pair.reached, pair.doubtful, pair.one_way))
                continue
            for receiver, triple in self._row(sender):
                if receiver != sender and not (receiver in outside and sender in outside):
                    yield from self._shown(sender, receiver, triple)

    # -- from classes to components -------------------------------------------------------------

    def _known(self, name: str) -> None:
        if name not in self.matrix.sites:
            near = did_you_mean(name, self.matrix.sites)
            what = (
                "has no address in the network" if name in self.matrix.world.components else "is no end of this design"
            )
            raise ReachError(f"{name!r} {what}; {near or 'name a component with an interface, or internet'}")

    def _senders(self, name: str) -> list[Mapping[int, Triple]]:
        """Return what each of a component's interfaces reaches, once for equal ones.

        One with addresses of both families uses either, so what they reach counts together.
        """
        senders: dict[str, list[Site]] = {}
        matrix = self.matrix
        working = {item.id for item in senders_of(matrix.network, name, matrix.condition)}
        for site in matrix.sites[name]:
            if site.interface is not None and working and site.interface.id not in working:
                continue
            key = f"{site.address}" if site.premises else ""
            senders.setdefault(site.interface.id if site.interface else key, []).append(site)
        found = {tuple(map(self.matrix.row_key, sites)): sites for sites in senders.values()}
        rows = [[self._classes(self.matrix.row_key(site), site) for site in sites] for sites in found.values()]
        return [both[0] if len(both) == 1 else {**both[0], **both[1]} for both in rows]

    def _classes(self, key: object, site: Site) -> Mapping[int, Triple]:
        known = self._by_class.get(key)
        if known is None:
            known = self._by_class[key] = _by_class(self.matrix.row(site))
        return known

    def _row(self, source: str) -> list[tuple[str, Triple]]:
        senders = self._senders(source)
        found: list[tuple[int, str, Triple]] = []
        if not senders:
            everything = (0, self.matrix.atoms.all, 0)
            return [(name, everything) for name in self.ends]
        if len(senders) == 1:
            classes: Mapping[int, Triple] = senders[0]
        else:
            several = {number: None for sender in senders for number in sender}
            classes = {number: self._agreed([sender.get(number, _NOTHING) for sender in senders]) for number in several}
        for number, triple in classes.items():
            for order, name in self._single.get(number, ()):
                found.append((order, name, triple))
        for order, name, numbers in self._several:
            triple = self._agreed([self._to(sender, numbers) for sender in senders])
            if triple != _NOTHING:
                found.append((order, name, triple))
        found.sort(key=lambda item: item[0])
        return [(name, triple) for _, name, triple in found]

    def _to(self, sender: Mapping[int, Triple], classes: Sequence[int]) -> Triple:
        """One address of a component that answers is enough; without any address nothing is known."""
        if not classes:
            return (0, self.matrix.atoms.all, 0)
        reached = doubtful = one_way = 0
        for number in classes:
            sure, perhaps, lost = sender.get(number, _NOTHING)
            reached |= sure
            doubtful |= perhaps
            one_way |= lost
        doubtful &= ~reached
        return reached, doubtful, one_way & ~reached & ~doubtful

    def _agreed(self, found: Sequence[Triple]) -> Triple:
        """Which of several senders speaks is not said, so they must agree."""
        if len(found) == 1:
            return found[0]
        everything = self.matrix.atoms.all
        if not found:
            return (0, everything, 0)
        reached = blocked = everything
        one_way = 0
        for sure, perhaps, lost in found:
            reached &= sure
            blocked &= ~(sure | perhaps)
            one_way |= lost
        return reached, everything & ~reached & ~blocked, one_way & blocked

    def _shown(self, source: str, target: str, triple: Triple) -> Iterator[Reach]:
        described = self._described.get(triple)
        if described is None:
            described = self._described[triple] = tuple(self._describe(triple))
        for protocol, ports, one_way, unknown in described:
            yield Reach(source, target, protocol, ports, one_way, unknown)

    def _describe(self, triple: Triple) -> Iterator[tuple[str, str, bool, bool]]:
        """Yield (protocol, ports, one way, unknown) for each protocol and outcome."""
        for protocol, name in self.matrix.atoms.names:
            for kind, bits in enumerate(triple):
                ports = self.matrix.atoms.text(bits, protocol)
                if ports is not None:
                    yield name, ports, kind == 2, kind == 1


def _is_outside(site: Site) -> bool:
    return site.interface is None and not site.missing and not site.premises


def _by_class(row: Row) -> Mapping[int, Triple]:
    """Turn sets of receivers for atoms into atoms for each receiver."""
    found: tuple[dict[int, Bits], dict[int, Bits], dict[int, Bits]] = ({}, {}, {})
    for atoms, spans in zip(found, row, strict=True):
        for receivers, bits in spans.items():
            for number in members(receivers):
                atoms[number] = atoms.get(number, 0) | bits
    numbers = dict.fromkeys(number for atoms in found for number in atoms)
    reached, doubtful, one_way = found
    return {number: (reached.get(number, 0), doubtful.get(number, 0), one_way.get(number, 0)) for number in numbers}


def reach(
    world: World, condition: Condition = HEALTHY, source: str | None = None, target: str | None = None
) -> tuple[Reach, ...]:
    """Return who reaches whom on which protocol and ports, or only what ``source`` reaches or reaches ``target``.

    ``source`` and ``target`` are components, interfaces, addresses or ``internet``. Raises
    :class:`ReachError` for another word. The order is that of :meth:`Reachability.rows`.
    """
    ends = [name for name in (source, target) if name is not None]
    return tuple(Reachability(world, condition, ends).rows(source, target))
