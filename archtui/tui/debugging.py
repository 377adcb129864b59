"""The debugger on the main screen: breakpoints, comparing, predicting, why, exports; the panel shows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archtui.tui.debugger.predict import ANSWERS, Prediction
from archtui.tui.screens.choose import Choice, ChooseScreen
from archtui.tui.screens.prompt import PromptScreen
from archtui.tui.screens.text import TextScreen

if TYPE_CHECKING:
    from archtui.trace.result import Trace
    from archtui.tui.main import MainScreen
    from archtui.tui.panels.trace import TracePanel


class Debugger:
    """What the keys of a trace do on one main screen."""

    def __init__(self, main: MainScreen) -> None:
        self.main = main
        self.breakpoints: frozenset[str] = frozenset()
        self.kept: Trace | None = None
        self.came_from_trace = False
        """Whether the inspector was opened from a step: leaving it goes back there."""

    @property
    def panel(self) -> TracePanel:
        """The panel of the trace."""
        return self.main.trace_panel

    def forget(self) -> None:
        """Another document is open: its breakpoints and the kept trace are no longer of use."""
        self.breakpoints, self.kept = frozenset(), None
        self.panel.stop_at(self.breakpoints)

    # -- stepping -----------------------------------------------------------------------------

    def step(self, what: str) -> None:
        """Move to ``what``; at the end of what is shown a prediction asks for the next decision."""
        panel = self.panel
        if not panel.step(what) and what.startswith("next") and panel.prediction and not panel.prediction.done:
            self._ask()

    def enter(self) -> None:
        """Step into or out of what the request sets off, unfold a folded hop, or edit the deciding rule."""
        if self.panel.entry is not None:
            self.panel.switch(self.panel.entry.course)
        elif self.panel.place is not None and self.panel.place.folded:
            self.panel.fold("one")
        else:
            self.edit_rule()

    def branch(self, by: int) -> None:
        """Show the next branch or the one before; after the branches what the request sets off."""
        if len(self.panel.courses) > 1:
            self.panel.switch(self.panel.shown + by)
        else:
            self.main.say("every request takes this one way")

    async def choose_branch(self) -> None:
        """Show all branches, and what the request sets off, to choose one: by verdict, share and name."""
        panel = self.panel
        if len(panel.courses) < 2:
            self.main.say("every request takes this one way")
            return
        choices = [
            Choice(course.name, index, course.note, mark=course.mark) for index, course in enumerate(panel.courses)
        ]
        chosen = await self.main.ask(ChooseScreen("Branches", choices, start=panel.shown))
        if chosen is not None:
            panel.switch(chosen)

    def edit_rule(self) -> None:
        """Open the deciding rule in the inspector; Esc comes back to this step."""
        step = self.panel.current
        rule = step.decided_by if step else None
        if rule is None:
            self.main.say("this step was decided by no rule of the document", "warning")
            return
        self.main.open_property(rule.component, rule.path)
        self.came_from_trace = True
        self.main.say("change it: the trace runs again · Esc goes back to the step")

    # -- breakpoints --------------------------------------------------------------------------

    def toggle_breakpoint(self, component: str | None) -> None:
        """Set a breakpoint on a component or take it off."""
        if component is None:
            return
        self.breakpoints ^= {component}
        self.panel.stop_at(self.breakpoints)
        self.main.show_badges()
        word = "breakpoint on" if component in self.breakpoints else "no breakpoint any more on"
        self.main.say(f"{word} {component} · c in a trace runs to it")

    def run(self, *, forward: bool) -> None:
        """Run to the next breakpoint, or back to the one before; where there is none to the end, or the beginning."""
        if not self.breakpoints:
            self.main.say("there is no breakpoint: B sets one on a component", "warning")
        elif self.panel.prediction and not self.panel.prediction.done:
            self.main.say("predicting: l asks what comes next, p shows everything", "warning")
        elif not self.panel.step("next-stop" if forward else "previous-stop"):
            self.panel.step("last" if forward else "first")
            self.main.say("no further breakpoint on this way")

    # -- predicting ---------------------------------------------------------------------------

    def predict(self) -> None:
        """Begin to predict from the first component of the shown way, or show everything again."""
        path = self.panel.path
        if self.panel.prediction is not None or path is None:
            self.panel.predict(None)
            return
        self.panel.fold("none")
        self.panel.predict(Prediction.of(path), to_end=True)
        self._ask()

    def _ask(self) -> None:
        prediction = self.panel.prediction
        if prediction is None or prediction.next is None:
            return
        self.main.next_key(prediction.question, self._answer)

    def _answer(self, key: str) -> None:
        prediction, answer = self.panel.prediction, ANSWERS.get(key)
        if prediction is None:
            return
        if answer is None:
            self.main.say("a, d or u: l asks again, p shows everything", "warning")
            return
        after, text = prediction.guess(answer)
        self.panel.predict(after, to_end=True)
        end = "that was the last: p ends predicting" if after.done else "l goes on"
        self.main.say(f"{text} · {after.score} · {end}")

    # -- comparing ----------------------------------------------------------------------------

    def keep(self) -> None:
        """Keep the shown trace to compare another with it."""
        self.kept = self.panel.trace
        self.main.say("kept: = compares another trace with it, or this one after a change")

    def compare(self) -> None:
        """Show what differs between the kept trace and the shown one."""
        from archtui.trace.comparison import compare, comparison_lines

        trace = self.panel.trace
        if self.kept is None or trace is None:
            self.main.say("no trace is kept: m keeps the shown one", "warning")
            return
        text = "\n".join(comparison_lines(compare(self.kept, trace)))
        self.main.app.push_screen(TextScreen("The kept trace and this one", text))

    # -- why ----------------------------------------------------------------------------------

    def why(self) -> None:
        """Explain the code of the current step, and where the values of its header come from."""
        from archtui.trace.codes import CODES
        from archtui.trace.why import fields, lines, why

        place, trace = self.panel.place, self.panel.trace
        if trace is None or place is None:
            return
        step, parts = place.step, []
        if step.code:
            parts.append(f"{CODES[step.code].meaning}\n\n{step.message}")
        world, path = self.main.workspace.world, self.panel.path
        parts += ["\n".join(lines(why(world, trace, name, place.number, path))) for name in fields(step)]
        text = "\n\n".join(part for part in parts if part)
        if not text:
            self.main.say("this step carries neither a reason code nor a header", "warning")
            return
        self.main.app.push_screen(TextScreen(step.code or "Where it comes from", text))

    async def why_field(self) -> None:
        """Ask for a field of the packet or request, follow its value back, and go to the setting that is chosen."""
        from archtui.trace.text import value_text
        from archtui.trace.why import fields, why

        place, trace = self.panel.place, self.panel.trace
        if trace is None or place is None or not fields(place.step):
            self.main.say("this step carries no packet or request", "warning")
            return
        header = {**place.step.before, **place.step.after}
        choices = [Choice(name.replace("_", " "), name, value_text(header.get(name))) for name in fields(place.step)]
        field = await self.main.ask(ChooseScreen("Where does it come from?", choices))
        if field is None:
            return
        chain = why(self.main.workspace.world, trace, field, place.number, self.panel.path)
        if not chain:
            self.main.say(f"nothing on this way wrote {field}", "warning")
            return
        links = [
            Choice(
                f"{link.field} {f'{link.before} → ' if link.before else ''}{link.value}",
                link,
                f"step {link.step}, {link.component}: {link.setting.text}",
            )
            for link in chain
        ]
        hint = "the last writer first · Enter goes to the setting"
        link = await self.main.ask(ChooseScreen(f"Why {field.replace('_', ' ')}?", links, hint=hint))
        if link is None:
            return
        if link.setting.component in self.main.workspace.world.components:
            self.main.open_property(link.setting.component, link.setting.path)
            self.came_from_trace = True
        else:
            self.main.say(link.setting.text)

    # -- export -------------------------------------------------------------------------------

    async def export(self) -> None:
        """Ask for a file and write the shown trace to it; the ending chooses what is written."""
        trace = self.panel.trace
        if trace is None:
            return
        name = "-".join("".join(c if c.isalnum() else " " for c in self.panel.heading.lower()).split()) or "trace"
        hint = "ends in .md: the whole page · .mmd: a Mermaid sequence diagram · .txt: text · .json: data"
        text = await self.main.ask(PromptScreen("Write the trace to", f"{name}.md", hint=hint, accept=_writer))
        if not text:
            return
        path = Path(text).expanduser()
        if path.exists() and not await self.main.ask(
            ChooseScreen(f"{path} exists", [Choice("overwrite it", "yes"), Choice("leave it", "")])
        ):
            return
        try:
            path.write_text(_written(trace, _writer(text)), encoding="utf-8")
        except OSError as error:
            self.main.say(f"{path}: {error.strerror or error}; choose another file", "error")
            return
        self.main.say(f"wrote {path}")


def _writer(name: str) -> str:
    """Return what is to be written to a file of this name; raise :class:`ArchtuiError` where that is not known."""
    from archtui.model.errors import ArchtuiError

    suffix = Path(name).suffix
    if suffix not in (".md", ".mmd", ".txt", ".json"):
        raise ArchtuiError(f"{suffix or 'no ending'} is not known; end the name in .md, .mmd, .txt or .json")
    return suffix


def _written(trace: Trace, suffix: str) -> str:
    if suffix == ".md":
        from archtui.trace.markdown import markdown

        return markdown(trace)
    if suffix == ".mmd":
        from archtui.trace.sequence import mermaid

        return mermaid(trace)
    if suffix == ".json":
        import json

        return json.dumps(trace.to_json(), indent=2, ensure_ascii=False) + "\n"
    from archtui.trace.text import render

    return render(trace) + "\n"
