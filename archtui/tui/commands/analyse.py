"""Asking the design: check, trace, fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archtui.tui.command import Command, NeedsDesign

if TYPE_CHECKING:
    from archtui.tui.main import MainScreen


class Trace(NeedsDesign):
    """Trace a journey, or type where from and where to: `web-1 db 5432`, `internet https://shop.example.com/`."""

    name, title, keys, group, footer = "trace", "Trace a request", ("t",), "Analyse", "trace"

    async def run(self, main: MainScreen) -> None:
        await main.analysis.ask_trace()


class Fail(NeedsDesign):
    """Break something: a zone, a region, a component, a link; see each journey before, during and after."""

    name, title, keys, group, footer = "fail", "Break something", ("F",), "Analyse", "fail"

    async def run(self, main: MainScreen) -> None:
        await main.analysis.ask_failure()


class Validate(NeedsDesign):
    """Check the design and show the problems."""

    name, title, keys, group, footer = "validate", "Check the design", ("V",), "Analyse", "check"

    def run(self, main: MainScreen) -> None:
        main.analysis.check()
        main.focus_panel("problems")


class AddJourney(NeedsDesign):
    """Add a journey, a named request that must hold: `internet https://shop.example.com/ reaches db`, `internet db 5432
    blocked`. While a trace is shown its request is offered."""

    name, title, keys, group = "add-journey", "Add a journey", ("J",), "Analyse"

    async def run(self, main: MainScreen) -> None:
        await main.analysis.add_journey()


class EndAnalysis(Command):
    """Put the trace or the failure away: the canvas is plain again."""

    name, title, keys, context, group = "end-analysis", "Clear trace and failure", ("z x",), "canvas", "Analyse"

    def run(self, main: MainScreen) -> None:
        main.analysis.clear()


ANALYSES = (Trace, Fail, Validate, AddJourney, EndAnalysis)
