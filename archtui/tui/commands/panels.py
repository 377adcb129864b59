"""What can be done in the panels: lists, the form, stepping through a trace, problems and their fixes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archtui.tui.command import Command, Context

if TYPE_CHECKING:
    from archtui.tui.main import MainScreen


class _Row(Command):
    group = "Lists"
    by: ClassVar[int]

    def run(self, main: MainScreen) -> None:
        main.panel.move(self.by)


def _row_commands() -> tuple[type[Command], ...]:
    """Make the list movements for each panel that is a list; they differ in nothing but where they work."""
    moves = (
        ("row-down", "Next row", ("j", "down"), 1),
        ("row-up", "Previous row", ("k", "up"), -1),
        ("page-down", "A page on", ("pagedown", "ctrl+d"), 10),
        ("page-up", "A page back", ("pageup", "ctrl+u"), -10),
        ("row-first", "First row", ("g g", "home"), -100_000),
        ("row-last", "Last row", ("G", "end"), 100_000),
    )
    made: list[type[Command]] = []
    contexts: tuple[Context, ...] = ("inspector", "problems", "failures", "trace")
    for context in contexts:
        for name, title, keys, by in moves:
            values = {
                "__doc__": f"{title} of the list.",
                "name": f"{context}-{name}",
                "title": title,
                "keys": keys,
                "context": context,
                "by": by,
            }
            made.append(type(f"{context.title()}{name.title().replace('-', '')}", (_Row,), values))
    return tuple(made)


# -- inspector ---------------------------------------------------------------------------------


class EditField(Command):
    """Change the property under the cursor: choose, toggle, name a component, or type a value."""

    name, title, keys, context, group, footer = "field", "Change", ("enter", "i"), "inspector", "Inspector", "change"

    async def run(self, main: MainScreen) -> None:
        await main.edits.field()


class AddElement(Command):
    """Add an element to the list under the cursor: a rule, a route, a listener."""

    name, title, keys, context, group, footer = (
        "add-element",
        "Add to the list",
        ("a", "o"),
        "inspector",
        "Inspector",
        "add",
    )

    async def run(self, main: MainScreen) -> None:
        await main.edits.element()


class ClearField(Command):
    """Take the property or the list element away: AWS's default holds again."""

    name, title, keys, context, group, footer = "clear", "Clear", ("x",), "inspector", "Inspector", "clear"

    def run(self, main: MainScreen) -> None:
        main.edits.clear_field()


class FollowField(Command):
    """Go to the component that the property names."""

    name, title, keys, context, group = "follow", "Follow the reference", ("f",), "inspector", "Inspector"

    def run(self, main: MainScreen) -> None:
        main.edits.follow_field()


# -- problems ----------------------------------------------------------------------------------


class GoToProblem(Command):
    """Go to the component of the finding, or step through the journey that does not hold."""

    name, title, keys, context, group, footer = (
        "go-to-problem",
        "Go there",
        ("enter",),
        "problems",
        "Problems",
        "go there",
    )

    def run(self, main: MainScreen) -> None:
        main.analysis.go_to_problem()


class FixProblem(Command):
    """Apply the quick fix of the finding."""

    name, title, keys, context, group, footer = "fix", "Apply the fix", ("a",), "problems", "Problems", "fix"

    def run(self, main: MainScreen) -> None:
        main.analysis.fix()


class FixAll(Command):
    """Apply every quick fix that mends its finding without causing another."""

    name, title, keys, context, group = "fix-all", "Apply all fixes", ("A",), "problems", "Problems"

    def run(self, main: MainScreen) -> None:
        main.analysis.fix_all()


class Suppress(Command):
    """Suppress the finding, with the reason on record in the document."""

    name, title, keys, context, group = "suppress", "Suppress with a reason", ("z s",), "problems", "Problems"

    async def run(self, main: MainScreen) -> None:
        await main.analysis.suppress()


# -- failures ----------------------------------------------------------------------------------


class ShowMoment(Command):
    """Trace the journey of the row at the moment looked at; else choose before, during or after the failure."""

    name, title, keys, context, group, footer = "moment", "Trace it", ("enter",), "failures", "Failures", "trace it"

    async def run(self, main: MainScreen) -> None:
        await main.analysis.trace_moment()


class NextMoment(Command):
    """Go to the next moment of the failure's timeline: matrix, plot and canvas show what is true then."""

    name, title, keys, context, group, footer = (
        "next-moment",
        "Next moment",
        ("l", "right"),
        "failures",
        "Failures",
        "later",
    )

    def run(self, main: MainScreen) -> None:
        main.analysis.scrub(1)


class PreviousMoment(Command):
    """Go to the moment before in the failure's timeline."""

    name, title, keys, context, group = "previous-moment", "Previous moment", ("h", "left"), "failures", "Failures"

    def run(self, main: MainScreen) -> None:
        main.analysis.scrub(-1)


class FirstMoment(Command):
    """Go to the first moment of the failure."""

    name, title, keys, context, group = "first-moment", "First moment", ("0",), "failures", "Failures"

    def run(self, main: MainScreen) -> None:
        main.analysis.scrub(-100_000)


class LastMoment(Command):
    """Go to the last moment: as well as it gets by itself."""

    name, title, keys, context, group = "last-moment", "Last moment", ("$",), "failures", "Failures"

    def run(self, main: MainScreen) -> None:
        main.analysis.scrub(100_000)


class NextTab(Command):
    """Turn to the next tab: impact, cut sets, importance, remedies."""

    name, title, keys, context, group, footer = "next-tab", "Next tab", ("]",), "failures", "Failures", "tabs"

    async def run(self, main: MainScreen) -> None:
        await main.analysis.turn(1)


class PreviousTab(Command):
    """Turn to the tab before."""

    name, title, keys, context, group = "previous-tab", "Previous tab", ("[",), "failures", "Failures"

    async def run(self, main: MainScreen) -> None:
        await main.analysis.turn(-1)


class ApplyRemedy(Command):
    """Apply the remedy of the row: one edit, or two together; `u` takes it back."""

    name, title, keys, context, group = "remedy", "Apply the remedy", ("a",), "failures", "Failures"

    def run(self, main: MainScreen) -> None:
        main.analysis.apply_remedy()


PANELS = (
    *_row_commands(),
    EditField,
    AddElement,
    ClearField,
    FollowField,
    GoToProblem,
    FixProblem,
    FixAll,
    Suppress,
    ShowMoment,
    NextMoment,
    PreviousMoment,
    FirstMoment,
    LastMoment,
    NextTab,
    PreviousTab,
    ApplyRemedy,
)
