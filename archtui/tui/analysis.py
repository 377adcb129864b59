"""Check, trace and fail from the main screen: asks what is wanted, runs the engines, shows the answer."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from archtui.tui.screens.choose import Choice, ChooseScreen
from archtui.tui.screens.prompt import PromptScreen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archtui.failure.availability.reuse import Analysis as Outlook
    from archtui.failure.interface import Health
    from archtui.failure.report import FailureReport
    from archtui.model.component import Json
    from archtui.trace.request import Request
    from archtui.trace.result import Trace
    from archtui.tui.main import MainScreen
    from archtui.world.condition import Condition

_HELD = {True: ("✓", "green"), False: ("✗", "bold red"), None: ("", "")}
"""The mark of a journey: whether it holds; None: that is not known yet."""
_FILLERS = ("to", "from", "→", "->")
"""Words that may stand in a typed request and say nothing."""


class Analysis:
    """The analyses of one main screen and their current results."""

    def __init__(self, main: MainScreen) -> None:
        self.main = main
        self.request: Request | None = None
        self.condition: Condition | None = None
        self.trace: Trace | None = None
        self.failure: FailureReport | None = None
        self.marks: Mapping[str, Health] | None = None
        """How each component is at the moment of the failure that is looked at; None: right after it."""
        self.title = ""
        self.figures: Outlook | None = None
        """The availability of the journeys as last worked out: what an edit leaves alone is kept."""
        self.told: tuple[str, ...] = ()
        """What is said of the moment of a failure at which the trace is taken."""

    @property
    def active(self) -> bool:
        """Whether a trace or a failure is shown."""
        return self.trace is not None or self.failure is not None

    # -- check --------------------------------------------------------------------------------

    def check(self) -> None:
        """Run the rules in the background; the panel shows them when they are done."""
        self.main.check_soon()

    def go_to_problem(self) -> None:
        """Select the component of the finding, or trace the journey."""
        panel = self.main.problems_panel
        if panel.journey:
            self.trace_journey(panel.journey.name)
        elif panel.finding and panel.finding.components:
            self.main.go.select(panel.finding.components[0])
            self.main.focus_panel("canvas")

    def fix(self) -> None:
        """Apply the quick fix under the cursor."""
        finding = self.main.problems_panel.finding
        if finding is None:
            self.main.say("a journey has no quick fix: Enter steps through it and offers edits", "warning")
            return
        edits = self.main.workspace.fixes_of(finding)
        if not edits:
            self.main.say(f"{finding.rule} has no quick fix: {finding.fix}", "warning")
        elif self.main.do(edits[0]):
            self.main.say(f"{finding.rule}: {edits[0].label}")

    def fix_all(self) -> None:
        """Apply every quick fix that mends more than it breaks."""
        from archtui.check.fixer import apply_fixes
        from archtui.model.edits import join
        from archtui.services import rules

        applied = apply_fixes(self.main.workspace.world, rules()).applied
        if not applied:
            self.main.say("no quick fix here removes its finding without causing another", "warning")
        elif self.main.do(join(f"apply {len(applied)} fixes", [item.edit for item in applied])):
            self.main.say(f"applied {len(applied)} fixes · u takes them back")

    async def suppress(self) -> None:
        """Ask for the reason and write the suppression into the document."""
        from archtui.model.edits import suppress

        finding = self.main.problems_panel.finding
        if finding is None:
            return
        reason = await self.main.ask(PromptScreen(f"Why is {finding.rule} right on {', '.join(finding.components)}?"))
        if reason:
            self.main.do(suppress(self.main.workspace.blueprint, finding.rule, finding.components, reason))

    # -- trace --------------------------------------------------------------------------------

    async def ask_trace(self) -> None:
        """Offer the journeys; anything else typed is taken as FROM TO [PORT[/PROTOCOL]]."""
        from archtui.model.errors import ArchtuiError

        workspace = self.main.workspace
        choices: list[Choice[str]] = []
        held = {found.name: found.holds for found in workspace.report.journeys} if workspace.report else {}
        failing = [index for index, each in enumerate(workspace.blueprint.journeys) if held.get(each.name) is False]
        for journey in workspace.blueprint.journeys:
            where = journey.request or f"{journey.to} {journey.protocol or ''} {journey.port or ''}".strip()
            note = f"{journey.source} → {where}, {journey.expect}"
            choices.append(Choice(journey.name, f"\0{journey.name}", note, mark=_HELD[held.get(journey.name)]))
        hint = (
            "Enter takes a journey. Or type: FROM TO [PORT[/tcp|udp|icmp]], as in: web-1 db 5432\n"
            "After a failure: ... down TARGET at SECONDS, as in: internet https://... down az:eu-west-1a at 30"
        )
        start = failing[0] if failing else 0
        screen = ChooseScreen("Trace", choices, hint=hint, free=self._typed_request, start=start)
        found = await self.main.ask(screen)
        if not found:
            return
        try:
            if found.startswith("\0"):
                self.trace_journey(found[1:])
            else:
                self.run_typed(found)
        except ArchtuiError as error:
            self.main.say(str(error), "error")

    def _typed_request(self, text: str) -> str | None:
        """Return ``text`` if it is a request between things that exist; anything else only filters the journeys."""
        from archtui.model.blueprint import INTERNET
        from archtui.model.errors import ArchtuiError
        from archtui.network.addresses import is_address

        try:
            words, _, _ = after_failure(text)
            request = parse_request(words, self.main.selected)
        except ArchtuiError:
            return None
        known = request.source in self.main.workspace.world.components or request.source == INTERNET
        return text if known or is_address(request.source) else None

    def run_typed(self, text: str) -> None:
        """Trace what was typed: a request, maybe so long after a failure. Raises :class:`ArchtuiError`."""
        from archtui.failure.moment import moment_lines
        from archtui.failure.timeline import condition_at
        from archtui.world.condition import condition_for

        words, targets, seconds = after_failure(text)
        request, world = parse_request(words, self.main.selected), self.main.workspace.world
        if not targets:
            self.run_trace(request, text)
        elif seconds is None:
            self.run_trace(request, text, condition_for(world, targets))
        else:
            self.run_trace(
                request, text, condition_at(world, targets, seconds), told=moment_lines(world, targets, seconds)
            )

    def trace_journey(
        self, name: str, condition: Condition | None = None, moment: str = "", told: tuple[str, ...] = ()
    ) -> None:
        """Trace a journey of the document, under a condition where one is given."""
        from archtui.trace.request import Request

        journey = next(journey for journey in self.main.workspace.blueprint.journeys if journey.name == name)
        title = f"{name}{f' · {moment}' if moment else ''}"
        self.run_trace(Request.parse_journey(journey), title, condition, told=told)

    def run_trace(
        self,
        request: Request,
        title: str,
        condition: Condition | None = None,
        *,
        keep: bool = False,
        told: tuple[str, ...] = (),
    ) -> None:
        """Run a trace and show it; with ``keep`` the cursor stays where it was. ``told`` is said of its moment."""
        from archtui.model.errors import ArchtuiError
        from archtui.trace.walker import trace
        from archtui.world.condition import HEALTHY

        try:
            found = trace(self.main.workspace.world, request, condition or HEALTHY)
        except ArchtuiError as error:
            self.main.say(str(error), "error")
            return
        self.request, self.condition, self.trace, self.title = request, condition, found, title
        self.told = told
        self.main.trace_panel.show_trace(found, title, keep=keep, told=told)
        if not keep:
            self.main.focus_panel("trace")

    def show_trace(self, request: Request, condition: Condition | None = None, moment: str = "") -> None:
        """Trace a request at a moment of a failure and go to its trace; ``moment`` says which, as in ``t+30 s``."""
        self.run_trace(request, f"{request.text}{f' · {moment}' if moment else ''}", condition)

    def after_edit(self) -> None:
        """Run the open trace again on the changed design."""
        if self.request is not None and self.trace is not None:
            self.run_trace(self.request, self.title, self.condition, keep=True, told=self.told)
        self.main.failures_panel.show_outlook(None, None)
        if self.failure is not None:
            self.run_failure(self.failure.targets, keep=True)

    async def trace_fix(self) -> None:
        """Offer the proved edits that open a blocked trace, or close one that passes."""
        if self.trace is None:
            return
        from archtui.trace.fixes import find_closings, find_fixes
        from archtui.world.condition import HEALTHY
        from archtui.world.steps import Verdict

        world, condition = self.main.workspace.world, self.condition or HEALTHY
        if self.trace.verdict is Verdict.BLOCKED:
            fixes, title, nothing = find_fixes(world, self.trace, condition), "Apply a fix", "opens"
        else:
            fixes, title, nothing = (
                find_closings(world, self.trace, condition),
                "Nothing blocks here: close it",
                "closes",
            )
        if not fixes:
            self.main.say(f"no edit is known that {nothing} it", "warning")
            return
        choices = [Choice(fix.message, index, "proved" if fix.verified else "") for index, fix in enumerate(fixes)]
        index = await self.main.ask(ChooseScreen(title, choices))
        if index is not None:
            self.main.do(fixes[index].edit)

    async def add_journey(self) -> None:
        """Ask for a request with its expectation and a name, and write the journey into the document."""
        from archtui.model.edits import add_journey

        typed = ""
        named = {journey.name for journey in self.main.workspace.blueprint.journeys}
        if self.trace is not None and self.title not in named:
            end = "blocked" if self.trace.verdict == "blocked" else f"reaches {self.trace.forward[-1].component}"
            typed = f"{self.title} {end}"
        hint = "FROM TO [PORT[/PROTOCOL]] reaches ID | blocked, as in: internet https://shop.example.com/ reaches db"
        text = await self.main.ask(PromptScreen("Journey", typed, hint=hint, accept=parse_journey))
        if not text:
            return
        journey = parse_journey(text)
        what = "does not reach" if journey.get("blocked") else "reaches"
        suggestion = f"{journey['from']} {what} {journey.get('reaches') or journey.get('to') or journey.get('request')}"
        name = await self.main.ask(PromptScreen("What is it called?", suggestion.replace("GET ", "")))
        if name:
            self.main.do(add_journey(self.main.workspace.blueprint, {"name": name, **journey}))

    # -- fail ---------------------------------------------------------------------------------

    async def ask_failure(self) -> None:
        """Offer the scenarios, the selected component first."""
        from archtui.failure.scenarios import scenarios, ways_to_fail

        selected = self.main.selected
        choices: list[Choice[tuple[str, ...]]] = []
        if selected:
            for way in ways_to_fail(self.main.workspace.world, selected):
                choices.append(Choice(way.title, way.targets, way.about))
        for scenario in scenarios(self.main.workspace.world):
            choices.append(Choice(scenario.title, scenario.targets, ", ".join(scenario.targets)))
        hint = "Or type targets: az:eu-west-1a db@30..600 slow:db=2s throttle:orders=50% link:web-1->db"
        found = await self.main.ask(ChooseScreen("Break", choices, hint=hint, free=self._typed_targets))
        if found:
            self.run_failure(found)

    def _typed_targets(self, text: str) -> tuple[str, ...] | None:
        """Return the targets that ``text`` names, if all of them exist."""
        from archtui.failure.timed import parse_all
        from archtui.world.condition import TargetError

        targets = tuple(text.split())
        try:
            parse_all(self.main.workspace.world, targets)
        except TargetError:
            return None
        return targets

    def run_failure(self, targets: tuple[str, ...], *, keep: bool = False) -> None:
        """Analyse a failure, badge the canvas and show the panel."""
        from archtui.failure import analyse
        from archtui.model.errors import ArchtuiError

        try:
            report = analyse(self.main.workspace.world, targets)
        except ArchtuiError as error:
            self.main.say(str(error), "error")
            return
        self.failure = report
        self.marks = None
        self.main.failures_panel.show_failure(report)
        self.main.show_badges()
        if not keep:
            self.main.focus_panel("failures")

    def scrub(self, by: int) -> None:
        """Go to another moment of the failure: matrix and canvas show what is true then."""
        from archtui.failure.course import play_of

        second = self.main.failures_panel.scrub(by)
        if second is None or self.failure is None:
            self.main.say("nothing is broken: press F", "warning")
            return
        self.marks = play_of(self.main.workspace.world, self.failure.targets).health_at(second)
        self.main.show_badges()

    async def turn(self, by: int) -> None:
        """Go to another tab of the failures; what it shows is worked out beside the screen."""
        import asyncio

        panel, world = self.main.failures_panel, self.main.workspace.world
        panel.turn(by)
        if panel.tab and (panel.outlook is None or panel.found is None):
            from archtui.failure.availability.reuse import analysis_of
            from archtui.failure.remedies.search import search

            before: Outlook | None = self.figures
            made = await asyncio.to_thread(lambda: analysis_of(world, before, disruptions=False))
            self.figures = made
            panel.show_outlook(made.journeys, None)
            found = await asyncio.to_thread(lambda: search(world, analysis=made))
            if self.main.workspace.world is world:
                panel.show_outlook(made.journeys, found)

    def apply_remedy(self) -> None:
        """Apply the remedy under the cursor."""
        proposal = self.main.failures_panel.proposal
        if proposal is None:
            self.main.say("go to a remedy: ] turns to the tab", "warning")
        elif self.main.do(proposal.edit):
            self.main.say(f"{proposal.edit.label} · u takes it back")

    async def trace_moment(self) -> None:
        """Trace the journey under the cursor at the moment looked at, or at a chosen one."""
        from archtui.failure.moment import moment_lines
        from archtui.failure.report import moment
        from archtui.failure.timeline import condition_at
        from archtui.tui.panels.matrix import moment_text

        journey, second = self.main.failures_panel.journey, self.main.failures_panel.moment
        if self.failure is None or journey is None:
            return
        if second is not None:
            condition = condition_at(self.main.workspace.world, self.failure.targets, second)
            told = moment_lines(self.main.workspace.world, self.failure.targets, second)
            self.trace_journey(journey, condition, moment_text(second), told)
            return
        choices = [Choice(word, word) for word in ("before", "during", "after")]
        word = await self.main.ask(ChooseScreen(f"{journey}: at which moment?", choices, typed=""))
        if word:
            self.trace_journey(journey, moment(self.main.workspace.world, self.failure, word), word)

    def clear(self) -> None:
        """Put trace and failure away."""
        self.request = self.trace = self.failure = self.condition = self.marks = None
        self.main.trace_panel.show_trace(None, "")
        self.main.failures_panel.show_failure(None)
        self.main.canvas.highlight(None)
        self.main.show_badges()


def parse_journey(text: str) -> dict[str, Json]:
    """Return the journey that ``FROM TO [PORT[/PROTOCOL]] reaches ID`` or ``... blocked`` describes; no name."""
    from archtui.model.errors import ArchtuiError

    words = shlex.split(text)
    expected: dict[str, Json]
    if words[-1:] == ["blocked"]:
        expected, words = {"blocked": True}, words[:-1]
    elif words[-2:-1] == ["reaches"]:
        expected, words = {"reaches": words[-1]}, words[:-2]
    else:
        raise ArchtuiError("say what is expected at the end: reaches ID, or blocked")
    request = parse_request(" ".join(words))
    source, target = [word for word in words if word not in _FILLERS][:2]
    if "://" in target:
        return {"from": source, "request": f"GET {target}", **expected}
    journey: dict[str, Json] = {"from": source, "to": target, "protocol": request.protocol or _usual(request.port)}
    if request.port:
        journey["port"] = request.port
    return journey | expected


def _usual(port: int | None) -> str:
    """Return the protocol meant where none is written: who names a port means TCP."""
    return "tcp" if port else "any"


def after_failure(text: str) -> tuple[str, tuple[str, ...], float | None]:
    """Split ``REQUEST down TARGET... at SECONDS`` into the request, what is broken and the seconds since.

    Raises :class:`ArchtuiError` where the seconds are no number or count from no failure.
    """
    from archtui.model.errors import ArchtuiError

    words, seconds = text.split(), None
    if words[-2:-1] == ["at"]:
        try:
            seconds = float(words[-1])
        except ValueError:
            raise ArchtuiError(f"{words[-1]!r} is no number of seconds; write ... down TARGET at 30") from None
        words = words[:-2]
    if "down" not in words:
        if seconds is not None:
            raise ArchtuiError(
                "at counts from a failure; say with down what fails, as in: ... down az:eu-west-1a at 30"
            )
        return " ".join(words), (), None
    place = words.index("down")
    if place == len(words) - 1:
        raise ArchtuiError("say what is down, as in: ... down az:eu-west-1a at 30")
    return " ".join(words[:place]), tuple(words[place + 1 :]), seconds


def parse_request(text: str, selected: str | None = None) -> Request:
    """Return the request that ``FROM TO [PORT[/PROTOCOL]]`` describes; one word alone is TO, from the selection."""
    from archtui.model.errors import ArchtuiError
    from archtui.trace.request import Request

    words = [word for word in shlex.split(text) if word not in _FILLERS]
    if len(words) == 1 and selected:
        words = [selected, words[0]]
    if not 2 <= len(words) <= 3:
        raise ArchtuiError("write FROM TO [PORT[/tcp|udp|icmp]], as in: web-1 db 5432")
    port, _, protocol = (words[2] if len(words) == 3 else "").partition("/")
    if port and not port.isdigit():
        port, protocol = "", port
    return Request.make(words[0], words[1], protocol=protocol or None, port=int(port) if port else None)
