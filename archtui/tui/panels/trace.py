"""The trace: every decision on the way there and back, one step at a time; the canvas follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.message import Message

from archtui.tui.debugger.course import Course, Entry, Place, Told, courses_of, most_alike
from archtui.tui.debugger.details import entry_details, step_details, time_details
from archtui.tui.debugger.outline import HopKey, course_rows, time_rows, told_rows
from archtui.tui.debugger.predict import Prediction
from archtui.tui.panels.panel import Panel
from archtui.tui.panels.prose import Prose
from archtui.tui.panels.rows import Row

if TYPE_CHECKING:
    from archtui.trace.latency import Latency
    from archtui.trace.result import Path, Trace
    from archtui.world.steps import Hop, Step

VERDICTS = {"reachable": "bold green", "blocked": "bold red", "unknown": "bold yellow"}


class TracePanel(Panel):
    """A trace to step through."""

    context = "trace"
    number = 3
    label = "Trace"

    DEFAULT_CSS = """
    TracePanel > .panel-head { max-height: 6; }
    """

    class Stepped(Message):
        """The cursor stands on another component (None: there is no trace any more)."""

        def __init__(self, panel: TracePanel, component: str | None) -> None:
            super().__init__()
            self.panel = panel
            self.component = component

    def __init__(self) -> None:
        super().__init__()
        self.trace: Trace | None = None
        self.heading = ""
        self.told: tuple[str, ...] = ()
        """What is said of the moment of a failure at which it is taken."""
        self.courses: tuple[Course, ...] = ()
        self.shown = 0
        self.headers = True
        self.times = False
        self.folded: set[HopKey] = set()
        self.breakpoints: frozenset[str] = frozenset()
        self.prediction: Prediction | None = None

    # -- what is shown ------------------------------------------------------------------------

    def show_trace(self, trace: Trace | None, heading: str, *, keep: bool = False, told: tuple[str, ...] = ()) -> None:
        """Show a trace; with ``keep`` course, folds and cursor stay where they were as far as they can."""
        before, here = self.course, self.place
        self.trace, self.told = trace, told
        self.heading = heading
        self.prediction = None
        if trace is None:
            self.courses = ()
            self.title("press t to trace a request")
            self.head(None)
            self.show([Row(Text("no trace", style="dim"), selectable=False)], 0)
            return
        self.courses = courses_of(trace)
        if keep and before is not None:
            same = (i for i, course in enumerate(self.courses) if course.label == before.label)
            self.shown = next(same, min(self.shown, len(self.courses) - 1))
            self._fill(here)
        else:
            self.shown, self.times = 0, False
            self.folded.clear()
            self._fill(None)

    @property
    def course(self) -> Course | None:
        """The branch, or what is set off, that is shown."""
        return self.courses[self.shown] if self.courses else None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The branches of the request itself."""
        return tuple(course.path for course in self.courses if course.later is None)

    @property
    def path(self) -> Path | None:
        """The way that is shown."""
        return self.course.path if self.course else None

    @property
    def lit(self) -> tuple[Hop, ...]:
        """The hops to light on the canvas: those of the shown way that are not hidden."""
        path = self.path
        hops = (*path.forward, *path.back) if path else ()
        return hops[: self.prediction.shown] if self.prediction else hops

    def _fill(self, place: Place | None, *, cursor: int | None = None) -> None:
        """Make the rows anew; the cursor goes to what is most like ``place``, or to the first denial."""
        course, trace = self.course, self.trace
        if course is None or trace is None:
            return
        prediction = self.prediction
        if self.times:
            rows = list(time_rows(course.path.latency, self.list.size.width))
        else:
            hops = prediction.shown if prediction else None
            rows = [
                *told_rows(self.told),
                *course_rows(self.courses, self.shown, self.folded, self.breakpoints, hops),
            ]
        self.title(f"{self.heading}{self._where()}")
        self.head(self._verdict(trace))
        if cursor is None:
            cursor = _row_of(rows, place)
        self.show(rows, cursor)

    def _where(self) -> str:
        branches, later = len(self.paths), len(self.courses) - len(self.paths)
        if self.shown >= branches:
            where = f" · afterwards {self.shown - branches + 1} of {later}"
        else:
            where = f" · branch {self.shown + 1} of {branches}" if branches > 1 else ""
        return where + (" · time" if self.times else "")

    def _verdict(self, trace: Trace) -> Text:
        if self.prediction is not None and not self.prediction.done:
            return Text(f"Predicting, {self.prediction.score}: the verdict is hidden until the end.", "bold magenta")
        course = self.course
        if course is not None and course.later is not None:
            words = {"reachable": "It gets through", "blocked": "It is stopped", "unknown": "It cannot be decided"}
            verdict = str(course.later.verdict)
            first = next((f": {blocker.message}" for blocker in course.later.blockers), ".")
            return Text(f"{words[verdict]}{first}", VERDICTS[verdict])
        text = Text(trace.sentence, VERDICTS[str(trace.verdict)])
        if self.prediction is not None:
            text = Text(f"Predicted: {self.prediction.score}. ", "bold magenta") + text
        return text

    @property
    def place(self) -> Place | None:
        """The step under the cursor, with its hop."""
        row = self.list.current
        return row.value if row and isinstance(row.value, Place) else None

    @property
    def entry(self) -> Entry | None:
        """The way to another course under the cursor."""
        row = self.list.current
        return row.value if row and isinstance(row.value, Entry) else None

    @property
    def current(self) -> Step | None:
        """The step under the cursor."""
        return self.place.step if self.place else None

    def describe(self, row: Row | None) -> None:
        """Tell everything about the row: the rules that decided and lost, before and after; what a time rests on."""
        value = row.value if row else None
        component: str | None = None
        if isinstance(value, Place):
            component = value.hop.component
            width = self.query_one(Prose).scrollable_content_region.width
            self.detail(step_details(value, width, headers=self.headers))
        elif isinstance(value, Told):
            self.detail(Text("\n".join(value.lines)))
        elif isinstance(value, Entry):
            course = self.courses[value.course]
            component = course.later.trigger if course.later else course.path.forward[0].component
            self.detail(entry_details(course))
        elif row is not None and self.times and value is not None:
            component = self._describe_time(self.list.cursor)
        else:
            self.detail(Text())
        self.post_message(self.Stepped(self, component if self.trace else None))

    def _describe_time(self, index: int) -> str:
        parts: tuple[Latency, ...] = self.path.latency if self.path else ()
        self.detail(time_details(parts[index], sum(part.milliseconds for part in parts[:index])))
        return parts[index].hop.rpartition(" > ")[2]

    # -- stepping -----------------------------------------------------------------------------

    def step(self, what: str) -> bool:
        """Move the cursor to ``what``: ``next``, ``previous-hop``, ``next-denial`` ...; say whether it moved."""
        before = self.list.cursor
        if what in ("next", "previous"):
            self.list.move(1 if what == "next" else -1)
        else:
            target = self._target(what)
            if target is not None:
                self.list.go(target)
        return self.list.cursor != before

    def switch(self, index: int) -> None:
        """Show another course, from its first denial or its beginning."""
        self.shown = index % len(self.courses)
        self.prediction = None
        self.folded.clear()
        self._fill(None)

    def toggle_headers(self) -> None:
        """Show or hide the packet or request before and after."""
        self.headers = not self.headers
        self.describe(self.list.current)

    def toggle_times(self) -> None:
        """Between the steps and the waterfall of their time."""
        self.times = not self.times
        self._fill(None, cursor=0 if self.times else None)

    def fold(self, what: str) -> None:
        """Fold the hop under the cursor or unfold it (``one``), fold ``all`` hops, or ``none``."""
        path, here = self.path, self.place
        if path is None:
            return
        if what == "all":
            self.folded = {(False, i) for i in range(len(path.forward))} | {(True, i) for i in range(len(path.back))}
        elif what == "none":
            self.folded.clear()
        elif here is not None:
            self.folded ^= {(here.reply, here.hop_index)}
        self._fill(here)

    def stop_at(self, components: frozenset[str]) -> None:
        """Show where the breakpoints are."""
        self.breakpoints = components
        if self.trace is not None and not self.times:
            self._fill(None, cursor=self.list.cursor)

    def predict(self, prediction: Prediction | None, *, to_end: bool = False) -> None:
        """Hide what is not predicted yet; None shows everything again. ``to_end``: go to the newest hop."""
        here, self.prediction, self.times = self.place, prediction, False
        self._fill(here)
        if prediction is None or to_end:
            self.step("last" if prediction and not prediction.done else "denial-or-last")
        if to_end and prediction and not prediction.done:
            self.step("hop-start")

    def scroll_detail(self) -> None:
        """Show the next page of the detail; after the last the first again."""
        prose = self.query_one(Prose)
        at_end = prose.scroll_offset.y >= prose.max_scroll_y
        page = max(1, prose.scrollable_content_region.height - 1)
        prose.scroll_to(y=0 if at_end else prose.scroll_offset.y + page, animate=False, force=True)

    def _places(self) -> list[tuple[int, Place]]:
        return [(index, row.value) for index, row in enumerate(self.list.rows) if isinstance(row.value, Place)]

    def _target(self, what: str) -> int | None:
        places = self._places()
        if not places:
            return None
        here = self.list.cursor
        now = self.place
        starts = [index for n, (index, place) in enumerate(places) if n == 0 or places[n - 1][1].hop is not place.hop]
        denials = [index for index, place in places if place.denied]
        forward = what.startswith("next")
        if what == "first":
            return places[0][0]
        if what == "last":
            return places[-1][0]
        if what == "denial-or-last":
            return denials[0] if denials else places[-1][0]
        if what == "hop-start":
            return max((index for index in starts if index <= here), default=None)
        if what == "reply":
            other = not (now.reply if now else False)
            return next((index for index, place in places if place.reply is other), None)
        if what.endswith("denial"):
            return _beyond(denials, here, forward=forward)
        if what.endswith("stop"):
            stops = [index for index in starts if self._component(index) in self.breakpoints]
            return _beyond(stops, here, forward=forward)
        return _beyond(starts, here, forward=forward)

    def _component(self, index: int) -> str:
        value = self.list.rows[index].value
        return value.hop.component if isinstance(value, Place) else ""


def _row_of(rows: list[Row], place: Place | None) -> int:
    """Return the row of what is most like ``place``; without one the first denial, or the first row."""
    places = {index: row.value for index, row in enumerate(rows) if isinstance(row.value, Place)}
    if place is not None:
        same = most_alike(place, list(places.values()))
        return next((index for index, each in places.items() if each is same), 0)
    denied = (index for index, each in places.items() if each.denied)
    return next(denied, next(iter(places), 0))


def _beyond(indexes: list[int], here: int, *, forward: bool) -> int | None:
    if forward:
        return next((index for index in indexes if index > here), None)
    return next((index for index in reversed(indexes) if index < here), None)
