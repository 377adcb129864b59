"""Deciding many flows: each by the courses of its kind, which one walk has written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archtui.network.addresses import Address, address_text
from archtui.network.batch.chart import ASKED, SENT, Case, Charting, Course, Looks, Result, Tables
from archtui.network.batch.ends import Kinds
from archtui.network.ends import End, source_ends, target_without_public
from archtui.network.engine import Decision, decide, decision_of, network_of, node_name, outcomes_of, ports_of, send
from archtui.network.flow import Flow, PortRange, protocol_number
from archtui.network.model import Interface
from archtui.world.condition import HEALTHY, Condition
from archtui.world.world import World


@dataclass(slots=True)
class _Chart:
    """The courses of flows of one kind, by those of their ports that a walk looked at."""

    sent: bool = False
    asked: bool = False
    named: bool = False
    """Whether a course names an end: it holds for that end alone, and others are not looked for here."""
    courses: dict[tuple[PortRange | None, PortRange | None], tuple[Course, ...]] = field(default_factory=dict)

    def key(self, ports: tuple[PortRange, PortRange]) -> tuple[PortRange | None, PortRange | None]:
        """Return what of a flow's ports counts."""
        return ports[SENT] if self.sent else None, ports[ASKED] if self.asked else None

    def add(self, ports: tuple[PortRange, PortRange], looks: Looks, courses: tuple[Course, ...]) -> None:
        """Keep the courses of a flow whose walk had these looks."""
        if (looks.seen[SENT] and not self.sent) or (looks.seen[ASKED] and not self.asked):
            self.sent, self.asked = self.sent or looks.seen[SENT], self.asked or looks.seen[ASKED]
            self.courses.clear()
        self.courses[self.key(ports)] = courses


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
        self._charts: dict[tuple[object, ...], _Chart] = {}
        self._decisions: dict[tuple[object, ...], Decision] = {}

    def decide(self, flow: Flow) -> Decision:
        """Return the decision about one flow."""
        sources = self._sources.get(flow.source)
        if sources is None:
            sources = source_ends(self.world, self.network, flow.source, self.condition)
            self._sources[flow.source] = sources

        def start(source: End, address: Address | None) -> list[Result]:
            return self._results(flow, source, address)

        found = outcomes_of(self.world, flow, self.condition, sources, start, _lost)
        if len(found) > 1:
            return decision_of(found)
        one = found[0]
        key = (one.done, *one.blockers, None, *one.missing)
        known = self._decisions.get(key)
        if known is None:
            known = self._decisions[key] = decision_of(found)
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
        protocol = protocol_number(flow.protocol)
        ports = ports_of(flow, source, protocol)
        case = Case((here, there), ports)
        node = node_name(source, address)
        return [course.result(case, node, here.address or 0) for course in self._courses(flow, source, case, protocol)]

    def _courses(self, flow: Flow, source: End, case: Case, protocol: int) -> tuple[Course, ...]:
        """Return the courses of a flow, those of another one where the way is the same."""
        here, there = case.ends
        key = (here.alike, there.alike, protocol, flow.icmp)
        if here.interface is not None and there.interface is not None and _related(here.interface, there.interface):
            key = (here.alone, there.alone, protocol, flow.icmp)
        chart = self._charts.get(key)
        if chart is None:
            chart = self._charts[key] = _Chart()
        elif chart.named:
            key = (here.alone, there.alone, protocol, flow.icmp)
            chart = self._charts.setdefault(key, _Chart())
        courses = chart.courses.get(chart.key(case.ports))
        if courses is None:
            courses, looks = self._walk(flow, source, there.address, case)
            alone = (here.alone, there.alone, protocol, flow.icmp)
            if key != alone and _names_an_end(courses, case):
                chart.named = True
                chart = self._charts.setdefault(alone, _Chart())
            chart.add(case.ports, looks, courses)
        return courses

    def _walk(self, flow: Flow, source: End, address: Address | None, case: Case) -> tuple[tuple[Course, ...], Looks]:
        """Walk once and write down the ways."""
        looks = Looks(case.ports)
        walk = Charting(self.tables, case, looks)
        send(walk, flow, source, address, looks.ports)
        ways = walk.leaves if walk.forked else [walk]
        return tuple(way.course() for way in ways if isinstance(way, Charting)), looks


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
