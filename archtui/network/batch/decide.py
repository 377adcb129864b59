"""Deciding many flows: each by the courses of its kind, which one walk has written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from archtui.network.addresses import Address, address_text
from archtui.network.batch.chart import Charting, Course
from archtui.network.batch.ends import Kinds
from archtui.network.batch.marks import Case, Kind, Result, Tables
from archtui.network.batch.watched import Header, Looks
from archtui.network.ends import (
    End,
    Standpoint,
    destinations,
    public_alternatives,
    source_ends,
    standpoint,
    target_without_public,
)
from archtui.network.engine import (
    Decision,
    decide,
    decision_of,
    header_of,
    network_of,
    node_name,
    outcomes_of,
    send,
    towards,
)
from archtui.network.flow import Flow, PortRange
from archtui.network.model import Interface
from archtui.world.condition import HEALTHY, Condition
from archtui.world.world import World

_Key: TypeAlias = tuple[PortRange | None, PortRange | None, int | None]


@dataclass(slots=True)
class _Chart:
    """The courses of flows of one kind, by what of protocol and ports a walk looked at."""

    seen: tuple[bool, bool, bool] | None = None
    """What was looked at; None: nothing, one course is for all."""
    named: bool = False
    """Whether a course names an end: it holds for that end alone, and others are not looked for here."""
    courses: dict[_Key | None, tuple[Course, ...]] = field(default_factory=dict)

    def key(self, header: Header) -> _Key | None:
        """Return what of a flow counts."""
        if self.seen is None:
            return None
        sent, asked, protocol = self.seen
        return header[0] if sent else None, header[1] if asked else None, header[2] if protocol else None

    def add(self, looks: Looks, courses: tuple[Course, ...]) -> None:
        """Keep the courses of a flow whose walk had these looks."""
        before = self.seen or (False, False, False)
        seen = (before[0] or looks.seen[0], before[1] or looks.seen[1], before[2] or looks.seen[2])
        if seen != before:
            self.seen = seen
            self.courses.clear()
        self.courses[self.key(looks.plain)] = courses


def decide_many(world: World, flows: Iterable[Flow], condition: Condition = HEALTHY) -> Iterator[Decision]:
    """Yield what :func:`archtui.network.engine.decide` says of each flow, in their order, as they come.

    Raises what it raises, when the flow's turn comes.
    """
    if condition.links:
        # A broken link is between two by name; nothing is alike then.
        for flow in flows:
            yield decide(world, flow, condition)
        return
    batch = _Batch(world, condition)
    for flow in flows:
        yield batch.decide(flow)


class _Batch:
    """What the flows through one world under one condition share."""

    def __init__(self, world: World, condition: Condition) -> None:
        self.world, self.condition, self.network = world, condition, network_of(world)
        self.tables = Tables(world, self.network, condition)
        self.kinds = Kinds(world, self.network, condition)
        self._sources: dict[str, tuple[End, ...]] = {}
        self._addresses: dict[tuple[str, Standpoint], tuple[tuple[Address | None, ...], bool]] = {}
        """Where a destination is reached, and whether it has public addresses besides."""
        self._charts: dict[tuple[object, ...], _Chart] = {}
        self._decisions: dict[tuple[object, ...], Decision] = {}

    def decide(self, flow: Flow) -> Decision:
        """Return the decision about one flow."""
        sources = self._sources.get(flow.source)
        if sources is None:
            sources = source_ends(self.world, self.network, flow.source, self.condition)
            self._sources[flow.source] = sources
        if len(sources) == 1 and sources[0].address is not None:
            found = self._simple(flow, sources[0])
            if found is not None:
                return self._decision(found)

        def start(source: End, address: Address | None) -> list[Result]:
            return self._results(flow, source, address)

        results = outcomes_of(self.world, flow, self.condition, sources, start, _lost)
        return self._decision(results[0]) if len(results) == 1 else decision_of(results)

    def _simple(self, flow: Flow, source: End) -> Result | None:
        """Return what becomes of a flow to the one address of its destination, if it has one way and no other
        address comes into question."""
        key = (flow.destination, standpoint(source))
        addresses = self._addresses.get(key)
        if addresses is None:
            found = destinations(self.network, flow.destination, source, self.condition)
            others = public_alternatives(self.network, flow.destination, source, self.condition)
            addresses = self._addresses[key] = found, bool(others)
        targets, others_too = addresses
        if len(targets) != 1 or others_too or flow.family:
            return None
        results = self._results(flow, towards(source, targets[0]), targets[0])
        return results[0] if len(results) == 1 else None

    def _decision(self, result: Result) -> Decision:
        """Return the decision about a flow of one way, the same object for equal ones."""
        key = (result.done, *result.blockers, None, *result.missing)
        known = self._decisions.get(key)
        if known is None:
            known = self._decisions[key] = decision_of([result])
        return known

    def _results(self, flow: Flow, source: End, address: Address | None) -> list[Result]:
        """Return what becomes of a flow between two ends on each of its ways."""
        here = self.kinds.source(source)
        if address is None:
            interface = target_without_public(self.network, flow.destination, self.condition)
            assert interface is not None
            there = self.kinds.without_public(interface)
        else:
            there = self.kinds.target(address)
        header = header_of(flow, source)
        sent, asked, protocol = header
        case = Case((here, there), ((protocol, sent), (protocol, asked)))
        courses = self._courses(flow, source, case, header)
        node = node_name(source, address)
        return [course.result(case, node, source.sender) for course in courses]

    def _courses(self, flow: Flow, source: End, case: Case, header: Header) -> tuple[Course, ...]:
        """Return the courses of a flow, those of another one where the way is the same."""
        here, there = case.ends
        key = (here.alike, there.alike, flow.icmp)
        if here.interface is not None and self._own(here.interface, there):
            key = (here.alone, there.alone, flow.icmp)
        chart = self._charts.get(key)
        if chart is None:
            chart = self._charts[key] = _Chart()
        elif chart.named:
            key = (here.alone, there.alone, flow.icmp)
            chart = self._charts.setdefault(key, _Chart())
        courses = chart.courses.get(chart.key(header))
        if courses is None:
            looks = Looks(header)
            courses = self._walk(flow, source, case, looks)
            alone = (here.alone, there.alone, flow.icmp)
            if key != alone and _names_an_end(courses, case):
                chart.named = True
                chart = self._charts.setdefault(alone, _Chart())
            chart.add(looks, courses)
        return courses

    def _own(self, sender: Interface, there: Kind) -> bool:
        """Whether a sender asks an address of its own machine or component; a further address is no end's kind."""
        if there.interface is not None:
            return _related(sender, there.interface)
        if there.address is None:
            return False
        public = self.network.by_public.get(there.address)
        held = (*self.network.by_address.get(there.address, ()), *((public,) if public else ()))
        return any(_related(sender, self.network.interfaces[name]) for name in held)

    def _walk(self, flow: Flow, source: End, case: Case, looks: Looks) -> tuple[Course, ...]:
        """Walk once and write down the ways."""
        walk = Charting(self.tables, case, looks)
        send(walk, flow, source, case.ends[1].address, (looks.sent, looks.asked, looks.protocol))
        ways = walk.leaves if walk.forked else [walk]
        return tuple(way.course() for way in ways if isinstance(way, Charting))


def _related(one: Interface, other: Interface) -> bool:
    return one.machine == other.machine or one.component == other.component


def _names_an_end(courses: tuple[Course, ...], case: Case) -> bool:
    interfaces = [kind.interface for kind in case.ends if kind.interface is not None]
    names = {name for item in interfaces for name in (item.id, item.component, item.machine)}
    names |= {address_text(address) for kind in case.ends for address in kind.addresses if address is not None}
    return any(name in text for course in courses for text in course.texts for name in names)


def _lost(missing: str) -> Result:
    result = Result(False)
    result.missing[missing] = None
    return result
