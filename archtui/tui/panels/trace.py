"""The trace: every decision on the way there and back, one step at a time; the canvas follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text
from textual.message import Message

from archtui.tui.panels.panel import Panel
from archtui.tui.panels.rows import Row

if TYPE_CHECKING:
    from archtui.model.component import Json
    from archtui.trace.result import Path, Trace
    from archtui.world.steps import Hop, Step

GLYPHS = {"deny": ("✗", "bold red"), "unknown": ("?", "bold yellow")}
PASSED = ("✓", "green")
VERDICTS = {"reachable": "bold green", "blocked": "bold red", "unknown": "bold yellow"}


@dataclass(frozen=True)
class Place:
    """A step of the trace and where it stands."""

    hop: Hop
    step: Step
    hop_index: int
    reply: bool


class TracePanel(Panel):
    """A trace to step through."""

    context = "trace"
    number = 3
    label = "Trace"

    DEFAULT_CSS = """
    TracePanel > Prose { height: 50%; }
    .-narrow TracePanel > Prose { height: 5; }
    """

    class Stepped(Message):
        """The cursor stands on another step (None: there is no trace any more)."""

        def __init__(self, panel: TracePanel, place: Place | None) -> None:
            super().__init__()
            self.panel = panel
            self.place = place

    def __init__(self) -> None:
        super().__init__()
        self.trace: Trace | None = None
        self.heading = ""
        self.branch = 0
        self.headers = True
        self.paths: tuple[Path, ...] = ()

    # -- what is shown ------------------------------------------------------------------------

    def show_trace(self, trace: Trace | None, heading: str, *, keep: bool = False) -> None:
        """Show a trace; with ``keep`` the cursor and the branch stay where they were as far as they can."""
        self.trace = trace
        self.heading = heading
        if trace is None:
            self.paths = ()
            self.title("press t to trace a request")
            self.head(None)
            self.show([Row(Text("no trace", style="dim"), selectable=False)], 0)
            return
        carrying = tuple(path for path in trace.paths if path.weight > 0) or (trace.main,)
        main = next((path for path in carrying if path.label == trace.main.label), trace.main)
        self.paths = (main, *(path for path in carrying if path is not main))
        self.branch = min(self.branch, len(self.paths) - 1) if keep else 0
        self._fill(self.list.cursor if keep else self._first_interesting())

    @property
    def path(self) -> Path | None:
        """The branch that is shown."""
        return self.paths[self.branch] if self.paths else None

    def _fill(self, cursor: int | None) -> None:
        path, trace = self.path, self.trace
        if path is None or trace is None:
            return
        rows = list(self._rows(path))
        many = f" · branch {self.branch + 1} of {len(self.paths)}" if len(self.paths) > 1 else ""
        self.title(f"{self.heading}{many}")
        self.head(Text(trace.sentence, VERDICTS[str(trace.verdict)]))
        self.show(rows, cursor)

    def _rows(self, path: Path) -> list[Row]:
        rows: list[Row] = []
        if path.label:
            share = f"{path.weight * 100:.3g} %"
            rows.append(Row(Text(f"{share} of requests: {path.label}", "italic"), selectable=False))
        number = 0
        for reply, hops in ((False, path.forward), (True, path.back)):
            went_on = False
            if reply and hops:
                rows.append(Row(Text("── the reply ──", "dim"), selectable=False))
            for index, hop in enumerate(hops):
                name = Text.assemble((hop.component, "bold"), (f"  {hop.kind.replace('_', ' ')}", "dim"))
                rows.append(Row(name, selectable=False))
                for step in hop.steps:
                    number += 1
                    glyph, style = GLYPHS.get(str(step.action), PASSED)
                    text = Text.assemble((f"{number:>3} ", "dim"), (f"{glyph} ", style))
                    text.append(f"{step.layer}: ", "cyan").append(step.message)
                    if step.code:
                        text.append(f"  {step.code}", "bold red" if str(step.action) == "deny" else "dim")
                    rows.append(Row(text, Place(hop, step, index, reply)))
                    if str(step.action) == "deny" and not went_on:
                        went_on = True
                        rows.append(
                            Row(Text("── it ends here; walked on to find every blocker ──", "dim"), selectable=False)
                        )
        return rows

    def _first_interesting(self) -> int:
        """The first denial, or the first step."""
        path = self.path
        if path is None:
            return 0
        rows = self._rows(path)
        for index, row in enumerate(rows):
            if isinstance(row.value, Place) and str(row.value.step.action) == "deny":
                return index
        return next((i for i, row in enumerate(rows) if row.selectable), 0)

    @property
    def place(self) -> Place | None:
        """The step under the cursor, with its hop."""
        row = self.list.current
        return row.value if row and isinstance(row.value, Place) else None

    @property
    def current(self) -> Step | None:
        """The step under the cursor."""
        return self.place.step if self.place else None

    def describe(self, row: Row | None) -> None:
        """Tell everything about the step: the rule that decided, the rules that lost, header before and after."""
        place = row.value if row and isinstance(row.value, Place) else None
        self.post_message(self.Stepped(self, place if self.trace else None))
        text = Text()
        if place:
            step = place.step
            text.append(step.message + "\n")
            if step.code:
                text.append("code     ", "dim").append(step.code + "\n", "bold")
            if step.decided_by:
                word = step.rule_word.partition(" ")[0]
                text.append(f"{word:<9}", "dim").append(f"{step.decided_by.component}: {step.decided_by.text}")
                text.append(f"  ({step.decided_by.why})\n" if step.decided_by.why else "\n", "dim")
            for rule in step.lost:
                text.append("lost     ", "dim").append(f"{rule.component}: {rule.text}")
                text.append(f"  ({rule.why})\n" if rule.why else "\n", "dim")
            if self.headers:
                text.append_text(header_lines(step.before, step.after))
            if step.facts:
                text.append("facts    ", "dim").append(", ".join(step.facts) + "\n")
        self.detail(text)

    # -- stepping -----------------------------------------------------------------------------

    def step(self, what: str) -> None:
        """Move the cursor to ``what``: ``next``, ``previous-hop``, ``last``, ``next-denial``, ``branch`` ..."""
        if what in ("next", "previous"):
            self.list.move(1 if what == "next" else -1)
        elif what == "branch":
            if len(self.paths) > 1:
                self.branch = (self.branch + 1) % len(self.paths)
                self._fill(self._first_interesting())
        elif what == "headers":
            self.headers = not self.headers
            self.describe(self.list.current)
        else:
            target = self._target(what)
            if target is not None:
                self.list.go(target)

    def _target(self, what: str) -> int | None:
        places = [(index, row.value) for index, row in enumerate(self.list.rows) if isinstance(row.value, Place)]
        if not places:
            return None
        here = self.list.cursor
        now = self.place
        if what == "first":
            return places[0][0]
        if what == "last":
            return places[-1][0]
        if what == "reply":
            other = not (now.reply if now else False)
            return next((index for index, place in places if place.reply is other), None)
        if what.endswith("denial"):
            found = [index for index, place in places if str(place.step.action) == "deny"]
            return _beyond(found, here, forward=what.startswith("next"))
        starts = [index for n, (index, place) in enumerate(places) if n == 0 or places[n - 1][1].hop is not place.hop]
        return _beyond(starts, here, forward=what.startswith("next"))


def _beyond(indexes: list[int], here: int, *, forward: bool) -> int | None:
    if forward:
        return next((index for index in indexes if index > here), None)
    return next((index for index in reversed(indexes) if index < here), None)


def header_lines(before: Mapping[str, Json], after: Mapping[str, Json]) -> Text:
    """Return before and after as two columns; what differs is marked with an arrow, so it is seen without colour."""
    text = Text()
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old is None and new is None:
            continue
        text.append(f"{key.replace('_', ' '):<17}", "dim")
        if key in before and key in after and old != new:
            text.append(f"{old}", "red").append(" → ", "bold").append(f"{new}\n", "bold green")
        else:
            text.append(f"{new if key in after else old}\n")
    return text
