"""What security groups answer for all atoms at once: at one interface, or at every kind of target."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from archtui.network import filters
from archtui.network.addresses import Address, Block
from archtui.network.filters import Direction
from archtui.network.flow import Packet, PortRange
from archtui.network.model import GroupRule, Interface, Network
from archtui.network.reach.atoms import Atoms, Bits
from archtui.network.reach.sites import Signatures, Site

Role: TypeAlias = Literal["source", "source public", "target", "target public"]
"""Whose address of a pair of ends a question is about."""

Set: TypeAlias = int
"""A set of target classes, as bits."""

Answer: TypeAlias = tuple[Sequence[Set], Sequence[Set] | None]
"""For each atom: the targets for which it passes, and those for which that cannot be decided (None: none)."""


_RECENT = 64
"""How many answers for single senders are kept: few are asked for again, and each holds a set for every atom."""


class Question(NamedTuple):
    """What a security group is asked on the way, for any pair of ends of the same kinds."""

    at: str
    """``source``, ``target``, or the id of an interface between them."""
    direction: Direction
    peer: Role | Address
    carried: str
    ports: PortRange
    icmp: tuple[int, int]


def _packet(question: Question, peer: Address) -> Packet:
    return Packet(peer, peer, 0, (0, 0), question.ports, question.icmp, question.carried)


class Groups:
    """What the groups of one interface say to one address."""

    def __init__(self, network: Network, atoms: Atoms) -> None:
        self.network, self.atoms = network, atoms
        self._known: dict[tuple[object, ...], tuple[Bits, Bits]] = {}

    def rules(self, interface: Interface, direction: Direction) -> Iterator[GroupRule]:
        """Yield the rules that filter at an interface."""
        return filters.group_rules(self.network, interface, direction)

    def is_unknown(self, name: str) -> bool:
        """Whether the design names a group that it does not hold."""
        group = self.network.groups.get(name)
        return bool(name) and (group is None or not group.known)

    def takes(self, rule: GroupRule, question: Question) -> tuple[Bits, Bits]:
        """Return the atoms whose protocol and ports a rule takes: (wholly, partly)."""
        return self.atoms.matching(rule.protocol, rule.ports, rule.icmp, question.ports, question.icmp)

    def one(self, interface: Interface, question: Question, peer: Address) -> tuple[Bits, Bits]:
        """Return the atoms that pass at an interface, and those for which that cannot be decided."""
        key = (interface.groups, interface.vpc, question[1:], peer)
        known = self._known.get(key)
        if known is not None:
            return known
        packet = _packet(question, peer)
        whole = 0
        doubt = self.atoms.all if any(self.is_unknown(name) for name in interface.groups or ()) else 0
        for rule in self.rules(interface, question.direction):
            take, part = self.takes(rule, question)
            if self.is_unknown(rule.group):
                doubt |= take
            if (take | part) and filters.address_matches(self.network, rule, interface, packet, question.direction):
                whole |= take
                doubt |= part
        known = self._known[key] = (whole, doubt & ~whole)
        return known


_Rules: TypeAlias = dict[tuple[Bits, Bits], Set]
"""(atoms taken wholly, partly) to the targets with such a rule."""


class _Table:
    """The rules of all targets for one direction and one kind of packet, by what they name."""

    def __init__(self) -> None:
        self.by_block: dict[Block, _Rules] = {}
        self.by_group: dict[str, _Rules] = {}
        self.doubtful: _Rules = {}


class Targets:
    """The classes of targets, in rising order of their addresses, and what filters say for all of them."""

    def __init__(self, groups: Groups, classes: Sequence[Site], signatures: Signatures) -> None:
        self.groups, self.classes, self.signatures = groups, classes, signatures
        self.network, self.atoms = groups.network, groups.atoms
        self.all: Set = (1 << len(classes)) - 1
        self._addresses = [site.asked for site in classes]
        self._publics = [(site.public, index) for index, site in enumerate(classes) if site.public is not None]
        self._with: dict[str, Set] = {}
        self._in_vpc: dict[str, Set] = {}
        self._samples: dict[str, Interface] = {}
        self._members: dict[tuple[str, str], list[int]] = {}
        for index, site in enumerate(classes):
            interface = site.answering
            if interface is not None:
                self._in_vpc[interface.vpc] = self._in_vpc.get(interface.vpc, 0) | 1 << index
                self._samples.setdefault(interface.vpc, interface)
                for name in interface.groups or ():
                    self._with[name] = self._with.get(name, 0) | 1 << index
            for role, address in (("target", site.asked), ("target public", site.public)):
                for name, _ in signatures.members(address):
                    self._members.setdefault((name, role), []).append(index)
        self._unknown: Set = 0
        for name, bits in self._with.items():
            self._unknown |= bits if groups.is_unknown(name) else 0
        self._tables: dict[tuple[Direction, PortRange, tuple[int, int]], _Table] = {}
        self._answers: dict[tuple[object, ...], Answer] = {}
        self._recent: dict[tuple[object, ...], Answer] = {}
        self._blocks: dict[tuple[Block, Role], Set] = {}

    def answer(self, question: Question, source: Site) -> Answer:
        """Return what a question is answered for ``source`` and each target."""
        at, peer = question.at, question.peer
        if peer == "source":
            peer = source.address
        elif peer == "source public":
            peer = source.public if source.public is not None else source.address
        if at == "target":
            return self._inbound(question, peer) if isinstance(peer, int) else self._one_by_one(question, peer)
        interface = source.interface if at == "source" else self.network.interfaces[at]
        assert interface is not None
        if isinstance(peer, int):
            return self._constant(*self.groups.one(interface, question, peer))
        return self._outbound(interface, question, peer)

    # -- a filter before the target -------------------------------------------------------------

    def _outbound(self, interface: Interface, question: Question, role: Role) -> Answer:
        key = ("out", interface.groups, interface.vpc, question[1:])
        known = self._answers.get(key)
        if known is None:
            found: _Rules = {}
            unsure: _Rules = {}
            if any(self.groups.is_unknown(name) for name in interface.groups or ()):
                unsure[(self.atoms.all, 0)] = self.all
            for rule in self.groups.rules(interface, question.direction):
                takes = self.groups.takes(rule, question)
                if any(takes):
                    found[takes] = found.get(takes, 0) | self._matched(rule, interface, question, role)
                if self.groups.is_unknown(rule.group):
                    unsure[takes] = self.all
            known = self._answers[key] = self._spread(found, unsure)
        return known

    def _matched(self, rule: GroupRule, interface: Interface, question: Question, role: Role) -> Set:
        """Return the targets whose address a rule's source or destination takes."""
        if not rule.group:
            found = 0
            for block in rule.blocks:
                found |= self._inside(block, role)
            return found
        carried = question.carried if question.direction == "ingress" else "vpc"
        if carried.startswith("balancer:"):
            return self.all if filters.refers(self.network, rule, interface, 0, carried) else 0
        found = 0
        for index in self._members.get((rule.group, role), ()):
            site = self.classes[index]
            address = site.asked if role == "target" else site.public
            if address is not None and filters.refers(self.network, rule, interface, address, carried):
                found |= 1 << index
        return found

    def _inside(self, block: Block, role: Role) -> Set:
        """Return the targets whose address is in a block."""
        key = (block, role)
        known = self._blocks.get(key)
        if known is None:
            if role == "target":
                first = bisect_left(self._addresses, block.first)
                last = bisect_right(self._addresses, block.last)
                known = ((1 << (last - first)) - 1) << first
            else:
                known = 0
                for public, index in self._publics:
                    if public in block:
                        known |= 1 << index
            self._blocks[key] = known
        return known

    # -- a filter at the target -----------------------------------------------------------------

    def _inbound(self, question: Question, peer: Address) -> Answer:
        members = self.signatures.members(peer)
        same = (question.direction, question.carried, question.ports, question.icmp)
        key = (*same, self.signatures.of(peer), members)
        known = self._recent.get(key)
        if known is None:
            if len(self._recent) >= _RECENT:
                self._recent.clear()
            known = self._recent[key] = self._admitted(question, peer, members)
        return known

    def _admitted(self, question: Question, peer: Address, members: Sequence[tuple[str, tuple[str, ...]]]) -> Answer:
        table = self._table(question)
        found: _Rules = {}
        for block in self.signatures.blocks(peer):
            for takes, bits in table.by_block.get(block, {}).items():
                found[takes] = found.get(takes, 0) | bits
        carried = question.carried if question.direction == "ingress" else "vpc"
        named = list(table.by_group) if carried.startswith("balancer:") else [name for name, _ in members]
        for name in named:
            rules = table.by_group.get(name)
            if rules:
                near = self._referring(name, peer, carried)
                for takes, bits in rules.items():
                    if bits & near:
                        found[takes] = found.get(takes, 0) | bits & near
        return self._spread(found, table.doubtful)

    def _referring(self, group: str, peer: Address, carried: str) -> Set:
        """Return the targets at which a rule that names ``group`` takes ``peer``."""
        members = tuple(item for item in self.signatures.members(peer) if item[0] == group)
        key = ("refers", group, members, carried)
        known = self._answers.get(key)
        if known is None:
            rule = GroupRule(-1, (0, 65535), (None, None), (), group, "", "", ())
            bits = 0
            for vpc, sample in self._samples.items():
                if filters.refers(self.network, rule, sample, peer, carried):
                    bits |= self._in_vpc[vpc]
            known = self._answers[key] = ((bits,), None)
        return known[0][0]

    def _table(self, question: Question) -> _Table:
        key = (question.direction, question.ports, question.icmp)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = _Table()
            for name, bits in self._with.items():
                group = self.network.groups[name]
                for rule in group.ingress if question.direction == "ingress" else group.egress:
                    self._enter(table, rule, self.groups.takes(rule, question), bits)
            if self._unknown:
                table.doubtful[(self.atoms.all, 0)] = self._unknown
        return table

    def _enter(self, table: _Table, rule: GroupRule, takes: tuple[Bits, Bits], bits: Set) -> None:
        if not any(takes):
            return
        if rule.group:
            rules = table.by_group.setdefault(rule.group, {})
            rules[takes] = rules.get(takes, 0) | bits
            if self.groups.is_unknown(rule.group):
                table.doubtful[takes] = table.doubtful.get(takes, 0) | bits
            return
        for block in rule.blocks:
            rules = table.by_block.setdefault(block, {})
            rules[takes] = rules.get(takes, 0) | bits

    # -- answers --------------------------------------------------------------------------------

    def _one_by_one(self, question: Question, role: Role) -> Answer:
        """A target's filter asked about the target's own address (a reply that comes by itself)."""
        passing, doubtful = [0] * self.atoms.size, [0] * self.atoms.size
        for index, site in enumerate(self.classes):
            peer = site.asked if role == "target" else site.public
            if site.answering is None or peer is None:
                continue
            whole, doubt = self.groups.one(site.answering, question, peer)
            for atom in range(self.atoms.size):
                passing[atom] |= (whole >> atom & 1) << index
                doubtful[atom] |= (doubt >> atom & 1) << index
        return passing, doubtful if any(doubtful) else None

    def _constant(self, whole: Bits, doubt: Bits) -> Answer:
        key = ("same", whole, doubt)
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = self._spread({(whole, doubt): self.all}, {})
        return known

    def _spread(self, found: _Rules, unsure: _Rules) -> Answer:
        """Turn rules into one set of targets for each atom."""
        size, everything = self.atoms.size, self.atoms.all
        always = found.get((everything, 0), 0)
        passing = [always] * size
        doubtful: list[Set] | None = None
        for (take, part), bits in found.items():
            if take != everything:
                for atom in each_bit(take):
                    passing[atom] |= bits
            if part:
                doubtful = doubtful or [0] * size
                for atom in each_bit(part):
                    doubtful[atom] |= bits
        for (take, _), bits in unsure.items():
            doubtful = doubtful or [0] * size
            for atom in each_bit(take):
                doubtful[atom] |= bits
        if doubtful is not None:
            doubtful = [bits & ~sure for bits, sure in zip(doubtful, passing, strict=True)]
        return passing, doubtful if doubtful is not None and any(doubtful) else None


def each_bit(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are set, lowest first."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def members(bits: Set) -> Iterator[int]:
    """Yield the places of the bits of a large set; one pass over its digits, however many there are."""
    digits = bin(bits)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
