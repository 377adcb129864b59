"""Stepping through a trace: forth and back, stops, predictions, comparisons, exports."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar

from archtui.tui.command import Command, Context, NeedsSelection

if TYPE_CHECKING:
    from archtui.tui.main import MainScreen


class _Trace(Command):
    context: ClassVar[Context] = "trace"
    group = "Trace"

    def why_not(self, main: MainScreen) -> str:
        return "" if main.trace_panel.trace else "no trace yet: press t"


class _Step(_Trace):
    group = "Stepping"
    what: ClassVar[str]

    def run(self, main: MainScreen) -> Awaitable[None] | None:
        main.debug.step(self.what)
        return None


class StepOn(_Step):
    """One step on; the canvas follows."""

    name, title, keys, what, footer = "step", "Next step", ("l", "right", "n"), "next", "step"


class StepBack(_Step):
    """One step back."""

    name, title, keys, what, footer = "step-back", "Previous step", ("h", "left", "N"), "previous", "back"


class HopOn(_Step):
    """On to the next component."""

    name, title, keys, what = "hop", "Next hop", ("L",), "next-hop"


class HopBack(_Step):
    """Back to the component before."""

    name, title, keys, what = "hop-back", "Previous hop", ("H",), "previous-hop"


class FirstStep(_Step):
    """To the first step."""

    name, title, keys, what = "first-step", "First step", ("0",), "first"


class LastStep(_Step):
    """To the last step."""

    name, title, keys, what = "last-step", "Last step", ("$",), "last"


class NextDenial(_Step):
    """On to the next thing that blocks."""

    name, title, keys, what, footer = "next-denial", "Next denial", ("]", "d"), "next-denial", "denial"


class PreviousDenial(_Step):
    """Back to the thing that blocks before this one."""

    name, title, keys, what = "previous-denial", "Previous denial", ("[", "D"), "previous-denial"


class ReplyPath(_Step):
    """Between the way there and the way back."""

    name, title, keys, what, footer = "reply", "Reply path", ("r",), "reply", "reply"


class _Branch(_Trace):
    group = "Stepping"
    by: ClassVar[int]

    def run(self, main: MainScreen) -> None:
        main.debug.branch(self.by)


class NextBranch(_Branch):
    """The next branch with its share: another target, balancer node or DNS answer; then what the request sets off."""

    name, title, keys, by, footer = "branch", "Next branch", ("b",), 1, "branch"


class PreviousBranch(_Branch):
    """The branch before this one."""

    name, title, keys, by = "previous-branch", "Previous branch", ("g t",), -1


class Branches(_Trace):
    """Choose a branch from the list of all, with verdict, share and status; after them what the request sets off."""

    name, title, keys, group = "branches", "Branches", ("v",), "Stepping"

    async def run(self, main: MainScreen) -> None:
        await main.debug.choose_branch()


class _Fold(_Trace):
    group = "Stepping"
    what: ClassVar[str]

    def run(self, main: MainScreen) -> None:
        main.trace_panel.fold(self.what)


class FoldHop(_Fold):
    """Fold the hop under the cursor to one row, or unfold it to its steps."""

    name, title, keys, what = "fold-hop", "Fold the hop", ("z a", "o"), "one"


class FoldHops(_Fold):
    """Fold every hop: the way at a glance, one row for each component."""

    name, title, keys, what = "fold-hops", "Fold all hops", ("z M",), "all"


class UnfoldHops(_Fold):
    """Unfold every hop to its steps."""

    name, title, keys, what = "unfold-hops", "Unfold all hops", ("z R",), "none"


class ScrollDetail(_Trace):
    """Scroll the detail of the step a page on; after its end from the beginning."""

    name, title, keys = "scroll-detail", "More of the detail", ("space",)

    def run(self, main: MainScreen) -> None:
        main.trace_panel.scroll_detail()


class ToggleHeaders(_Trace):
    """Show or hide the packet or request before and after the step."""

    name, title, keys = "headers", "Headers before and after", ("x",)

    def run(self, main: MainScreen) -> None:
        main.trace_panel.toggle_headers()


class ToggleTimes(_Trace):
    """Between the steps and the waterfall of the latency: each part with the assumption it rests on."""

    name, title, keys = "waterfall", "Waterfall of the latency", ("T",)

    def run(self, main: MainScreen) -> None:
        main.trace_panel.toggle_times()


class Why(_Trace):
    """Why: what the code means, and where each value of the packet or request comes from."""

    name, title, keys, footer = "why", "Why", ("w",), "why"

    def run(self, main: MainScreen) -> None:
        main.debug.why()


class WhyField(_Trace):
    """Choose one field of the packet or request, follow its value back and go to the setting that made it."""

    name, title, keys = "why-field", "Why this value", ("f",)

    async def run(self, main: MainScreen) -> None:
        await main.debug.why_field()


class EditRule(_Trace):
    """Go to the rule that decided, in the inspector; the trace runs again after the change, Esc comes back."""

    name, title, keys, footer = "edit-rule", "Edit the deciding rule", ("e",), "edit rule"

    def run(self, main: MainScreen) -> None:
        main.debug.edit_rule()


class EnterRow(_Trace):
    """Unfold a folded hop, step into what the request sets off and back; on a step: edit the deciding rule."""

    name, title, keys = "enter-row", "Step into", ("enter",)

    def run(self, main: MainScreen) -> None:
        main.debug.enter()


class ApplyTraceFix(_Trace):
    """Apply the edits that open the blocked way, each proved by running the trace again."""

    name, title, keys, footer = "trace-fix", "Apply the fix", ("a",), "fix"

    async def run(self, main: MainScreen) -> None:
        await main.analysis.trace_fix()


class TraceBreakpoint(_Trace):
    """Set a breakpoint on the component of this step, or take it off."""

    name, title, keys, group = "trace-breakpoint", "Breakpoint", ("B",), "Debugging"

    def run(self, main: MainScreen) -> None:
        place = main.trace_panel.place
        main.debug.toggle_breakpoint(place.hop.component if place else None)


class CanvasBreakpoint(NeedsSelection):
    """Set a breakpoint on the selected component, or take it off: `c` in a trace runs to it."""

    name, title, keys, context, group = "breakpoint", "Breakpoint", ("B",), "canvas", "Analyse"

    def run(self, main: MainScreen) -> None:
        main.debug.toggle_breakpoint(main.selected)


class RunOn(_Trace):
    """Run on to the next breakpoint; without one ahead to the end."""

    name, title, keys, group = "run-on", "Run to the breakpoint", ("c",), "Debugging"

    def run(self, main: MainScreen) -> None:
        main.debug.run(forward=True)


class RunBack(_Trace):
    """Run back to the breakpoint before; without one to the beginning."""

    name, title, keys, group = "run-back", "Run back to the breakpoint", ("C",), "Debugging"

    def run(self, main: MainScreen) -> None:
        main.debug.run(forward=False)


class Predict(_Trace):
    """Predict mode: say what each component will do before it is shown; the score stands at the end."""

    name, title, keys, group = "predict", "Predict", ("p",), "Debugging"

    def run(self, main: MainScreen) -> None:
        main.debug.predict()


class KeepTrace(_Trace):
    """Keep this trace to compare it with another, or with itself after a change."""

    name, title, keys, group = "keep-trace", "Keep this trace", ("m",), "Debugging"

    def run(self, main: MainScreen) -> None:
        main.debug.keep()


class CompareTraces(_Trace):
    """Compare with the kept trace: verdict, way, blockers, the first step that differs."""

    name, title, keys, group = "compare-traces", "Compare with the kept trace", ("=",), "Debugging"

    def run(self, main: MainScreen) -> None:
        main.debug.compare()


class ExportTrace(_Trace):
    """Write the trace to a file: Markdown (.md), Mermaid sequence diagram (.mmd), text (.txt) or JSON (.json)."""

    name, title, keys, group = "export-trace", "Export the trace", ("X",), "Debugging"

    async def run(self, main: MainScreen) -> None:
        await main.debug.export()


DEBUGGING = (
    StepOn,
    StepBack,
    NextDenial,
    NextBranch,
    Why,
    ApplyTraceFix,
    EditRule,
    ReplyPath,
    HopOn,
    HopBack,
    FirstStep,
    LastStep,
    PreviousDenial,
    PreviousBranch,
    Branches,
    FoldHop,
    FoldHops,
    UnfoldHops,
    EnterRow,
    ScrollDetail,
    ToggleHeaders,
    ToggleTimes,
    WhyField,
    CanvasBreakpoint,
    TraceBreakpoint,
    RunOn,
    RunBack,
    Predict,
    KeepTrace,
    CompareTraces,
    ExportTrace,
)
