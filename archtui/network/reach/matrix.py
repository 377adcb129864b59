"""Every pair of ends at once: classes of senders against classes of receivers, one set of receivers an atom.

1. Sites that nothing on the way tells apart (subnet, place in all blocks, public address, what answers) share a
   place; for each pair of places one :class:`Sweep` finds which protocols and ports pass, and what security
   groups are asked.
2. Sites of a place with the same groups and the same standing in others' rules share a class. For a class of
   senders each question has one answer for all classes of receivers: a set for each atom, and the answer of the
   way is the AND of such sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from archtui.network.addresses import Address, behind_nat64, is_v6, same_family
from archtui.network.ends import ends_of
from archtui.network.engine import network_of
from archtui.network.model import Translates
from archtui.network.reach.atoms import Bits
from archtui.network.reach.groups import Answer, Question, Set, Targets, each_bit
from archtui.network.reach.sites import (
    Place,
    Places,
    Site,
    group_signatures,
    outside_sites,
    premises_sites,
    sites_of,
)
from archtui.network.reach.sweep import Leaf, Sweep, Tables
from archtui.world.condition import HEALTHY, Condition
from archtui.world.world import World

Mode: TypeAlias = tuple[Question, ...]
Spans: TypeAlias = dict[Set, Bits]
"""A set of receivers to the atoms for which it is the answer."""


@dataclass(slots=True)
class _Plain:
    """Receivers of one way each: all that is left to ask is ``mode``, before the request arrives."""

    sets: dict[tuple[Bits, Bits, Bits], Set] = field(default_factory=dict)
    """(comes back, cannot be decided, arrives but does not come back) to receivers."""

    def add(self, leaf: Leaf, receivers: Set) -> None:
        """Add a way to ``receivers``."""
        key = (leaf.open & ~leaf.doubt, leaf.open & leaf.doubt, leaf.arrived & ~leaf.open)
        self.sets[key] = self.sets.get(key, 0) | receivers


@dataclass(slots=True)
class _Ways:
    """The ways from one place to all receivers."""

    plain: dict[Mode, _Plain] = field(default_factory=dict)
    forked: list[tuple[Sequence[Leaf], Set]] = field(default_factory=list)

    def add(self, leaves: Sequence[Leaf], receivers: Set) -> None:
        """Add the ways to ``receivers``."""
        if len(leaves) == 1 and leaves[0].back == len(leaves[0].questions):
            leaf = leaves[0]
            if leaf.open or leaf.arrived:
                self.plain.setdefault(leaf.questions, _Plain()).add(leaf, receivers)
        elif any(leaf.open or leaf.arrived for leaf in leaves):
            self.forked.append((leaves, receivers))


class _Columns:
    """For each atom the receivers that are reached, open to doubt, or reached without a reply."""

    def __init__(self, size: int) -> None:
        self.reached: list[Set] = [0] * size
        self.doubtful: list[Set] = [0] * size
        self.one_way: list[Set] = [0] * size

    def plain(self, ways: _Plain, answers: Sequence[Answer]) -> None:
        """Take in ways without forks."""
        for (back, doubt, lost), receivers in ways.sets.items():
            for atom in each_bit(back | doubt | lost):
                sure, open_ = _both(answers, atom, receivers)
                if back >> atom & 1:
                    self.reached[atom] |= sure
                    self.doubtful[atom] |= open_ & ~sure
                elif doubt >> atom & 1:
                    self.doubtful[atom] |= open_
                elif sure:
                    self.one_way[atom] |= sure

    def forked(self, leaves: Sequence[Leaf], answers: Sequence[Sequence[Answer]], receivers: Set) -> None:
        """Take in ways that fork: those of one node must agree, one of several nodes is enough."""
        union = 0
        for leaf in leaves:
            union |= leaf.open | leaf.arrived
        for atom in each_bit(union):
            nodes: dict[str, tuple[Set, Set]] = {}
            arrives = 0
            for leaf, given in zip(leaves, answers, strict=True):
                if not leaf.part >> atom & 1:
                    continue
                sure, open_ = _both(given, atom, receivers if leaf.open >> atom & 1 else 0)
                if leaf.doubt >> atom & 1:
                    sure = 0
                if leaf.arrived >> atom & 1:
                    arrives |= _both(given[: leaf.back], atom, receivers)[0] & ~open_
                blocked = receivers & ~open_
                before = nodes.get(leaf.node)
                nodes[leaf.node] = (sure, blocked) if before is None else (before[0] & sure, before[1] & blocked)
            reached = undecided = 0
            for sure, blocked in nodes.values():
                reached |= sure
                undecided |= receivers & ~sure & ~blocked
            self.reached[atom] |= reached
            self.doubtful[atom] |= undecided & ~reached
            self.one_way[atom] |= arrives & ~reached & ~undecided

    def merge_public(self, other: _Columns) -> None:
        """Take in what public addresses reach: they count only where that surely works."""
        for atom, reached in enumerate(other.reached):
            if reached:
                self.reached[atom] |= reached
                self.doubtful[atom] &= ~reached
                self.one_way[atom] &= ~reached

    def rows(self) -> tuple[Spans, Spans, Spans]:
        """Return the columns with equal ones together."""
        return _spans(self.reached), _spans(self.doubtful), _spans(self.one_way)


def _both(answers: Sequence[Answer], atom: int, receivers: Set) -> tuple[Set, Set]:
    """Return the receivers that pass every filter, and those that may."""
    sure = open_ = receivers
    for passing, doubtful in answers:
        here = passing[atom]
        sure &= here
        open_ &= here if doubtful is None else here | doubtful[atom]
    return sure, open_


def _spans(columns: Sequence[Set]) -> Spans:
    found: Spans = {}
    bit = 1
    for column in columns:
        if column:
            found[column] = found.get(column, 0) | bit
        bit <<= 1
    return found


Row: TypeAlias = tuple[Spans, Spans, Spans]


class Matrix:
    """Who reaches whom, by classes; rows are made when they are asked for, and kept."""

    def __init__(self, world: World, condition: Condition = HEALTHY, extra: Sequence[Site] = ()) -> None:
        self.world, self.condition = world, condition
        self.network = network_of(world)
        self.tables = Tables(world, self.network, condition)
        self.atoms = self.tables.atoms
        self.sites: dict[str, tuple[Site, ...]] = self._sites(extra)
        """Component to its sites; none for one whose interfaces have no address."""
        self._signatures = group_signatures(self.network)
        apart = frozenset(site.interface.machine for site in extra if site.interface)
        places = self._places = Places(world, self.network, condition, self.tables.signatures, apart)
        found = [site for sites in self.sites.values() for site in sites]
        self._source_place: dict[Site, Place] = {}
        senders: dict[Place, list[Site]] = {}
        receivers: dict[Place, list[Site]] = {}
        classes: dict[tuple[object, ...], list[Site]] = {}
        self._source_class: dict[Site, tuple[object, ...]] = {}
        for site in found:
            standing = self._standing(site)
            here, there = places.of_source(site), places.of_target(site)
            self._source_place[site] = here
            self._source_class[site] = (here, *standing)
            senders.setdefault(here, []).append(site)
            receivers.setdefault(there, []).append(site)
            classes.setdefault((there, *standing), []).append(site)
        ordered = sorted(classes.values(), key=lambda members: members[0].asked)
        self.target_class: dict[Site, int] = {site: number for number, alike in enumerate(ordered) for site in alike}
        self.targets = Targets(self.tables.groups, [members[0] for members in ordered], self._signatures)
        self._senders, self._receivers = senders, receivers
        self._receiver_bits: dict[Place, Set] = {}
        for number, members in enumerate(ordered):
            there = places.of_target(members[0])
            self._receiver_bits[there] = self._receiver_bits.get(there, 0) | 1 << number
        self._ways: dict[Place, tuple[_Ways, _Ways]] = {}
        self._rows: dict[tuple[object, ...], Row] = {}
        self.sweeps = 0
        """How many pairs of places were walked."""

    @property
    def classes(self) -> int:
        """How many classes of receivers there are."""
        return len(self.targets.classes)

    def _sites(self, extra: Iterable[Site]) -> dict[str, tuple[Site, ...]]:
        found: dict[str, tuple[Site, ...]] = {}
        extra = tuple(extra)
        found.update(outside_sites(self.network, dual=self.network.dual or any(is_v6(site.asked) for site in extra)))
        for site in extra:
            found[site.component] = (*(found.get(site.component, ())), site)
        for name, premises in premises_sites(self.network):
            found[name] = premises
        for name in self.world.components:
            interfaces = ends_of(self.network, name, self.condition) if name in self.network.of_component else ()
            # An interface that the design describes may belong to another component, which then is the end.
            if name not in found and interfaces and any(item.component == name for item in interfaces):
                found[name] = sites_of(self.network, name, interfaces)
        return found

    def _standing(self, site: Site) -> tuple[object, ...]:
        signatures = self._signatures
        return (
            site.interface.groups if site.interface else None,
            site.literal,
            signatures.of(site.address),
            signatures.of(site.public),
            signatures.members(site.address),
            signatures.members(site.public),
        )

    # -- ways -----------------------------------------------------------------------------------

    def ways_from(self, place: Place) -> tuple[_Ways, _Ways]:
        """Return the ways from a place to all receivers: to their own addresses, and to public ones."""
        known = self._ways.get(place)
        if known is None:
            direct, public = _Ways(), _Ways()
            ended: set[tuple[object, ...]] = set()
            for there, members in self._receivers.items():
                pair = _pair(self._senders[place], members)
                if pair is None:
                    continue
                self._follow(direct, *pair, self._receiver_bits[there], ended, public=False)
                here, far = pair[0].interface, pair[1].answering
                apart = far is not None and (here.vpc != far.vpc if here else bool(pair[0].premises))
                if apart and _has_alternative(*pair):
                    self._follow(public, *pair, self._receiver_bits[there], ended, public=True)
            known = self._ways[place] = (direct, public)
        return known

    def _follow(
        self, ways: _Ways, source: Site, target: Site, receivers: Set, ended: set[tuple[object, ...]], *, public: bool
    ) -> None:
        """Walk from a site to another and note the ways; what ended before the target's place is not walked
        again for others of which the network so far knows the same."""
        goal = target.answering
        outside = source.interface is None and not source.missing and not source.premises and goal is not None
        address = target.public if public or outside else _asked(source, target)
        if address is None or not (source.missing or same_family(source.address, address)):
            return
        key: tuple[object, ...] | None = None
        if goal is not None and not self._places.stands_alone(goal):
            far = source.interface is None or source.interface.vpc != goal.vpc
            key = (public, goal.vpc, self._places.known_before(address, far=far))
            if key in ended:
                return
        sweep = Sweep(self.tables, goal, target.address)
        self.sweeps += 1
        leaves = sweep.start(source.end, target.component, address)
        if key is not None and not sweep.touched and not any(leaf.open or leaf.arrived for leaf in leaves):
            ended.add(key)
        ways.add(leaves, receivers)

    # -- rows -----------------------------------------------------------------------------------

    def row(self, source: Site) -> Row:
        """Return what a site reaches: (surely, perhaps, without a reply)."""
        key = self._source_class[source]
        known = self._rows.get(key)
        if known is None:
            direct, public = self.ways_from(self._source_place[source])
            columns = self._columns(direct, source)
            if public.plain or public.forked:
                columns.merge_public(self._columns(public, source))
            if source.interface is not None and isinstance(source.interface.answer, Translates):
                columns.one_way = []  # a NAT gateway opens no connection of its own
            known = self._rows[key] = columns.rows()
        return known

    def row_key(self, source: Site) -> tuple[object, ...]:
        """Return what sites have in common that reach the same."""
        return self._source_class[source]

    def _columns(self, ways: _Ways, source: Site) -> _Columns:
        columns = _Columns(self.atoms.size)
        for mode, plain in ways.plain.items():
            columns.plain(plain, [self.targets.answer(question, source) for question in mode])
        for leaves, receivers in ways.forked:
            answers = [[self.targets.answer(question, source) for question in leaf.questions] for leaf in leaves]
            columns.forked(leaves, answers, receivers)
        return columns

    def fill(self) -> int:
        """Make every row; return how many classes of senders there are."""
        for site in self._source_class:
            self.row(site)
        return len(self._rows)


def _asked(source: Site, target: Site) -> Address:
    """Return the address by which a site is asked: over NAT64 where the two ends have no family in common."""
    if source.asks_nat64 and target.by_nat64:
        return behind_nat64(target.asked)
    return target.asked


def _has_alternative(source: Site, target: Site) -> bool:
    """Whether a sender has another address to try beside the target's own: its public IPv4 one."""
    return target.public is not None and not is_v6(target.public) and not is_v6(source.address)


def _pair(senders: Sequence[Site], receivers: Sequence[Site]) -> tuple[Site, Site] | None:
    """Return a sender and a receiver that stand for all of their places: not the same machine."""
    for source in senders:
        for target in receivers:
            if source.component != target.component:
                return source, target
            here, there = source.interface, target.interface
            if here and there and here.machine != there.machine:
                return source, target
    return None
