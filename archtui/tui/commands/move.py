"""Getting about: spatial moves, jumps, search, references, marks, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archtui.tui.command import Command, NeedsDesign, NeedsSelection
from archtui.tui.screens.choose import Choice, ChooseScreen

if TYPE_CHECKING:
    from archtui.layout.geometry import Direction
    from archtui.tui.main import MainScreen


class _Move(NeedsDesign):
    context = "canvas"
    group = "Move"
    direction: ClassVar[Direction]

    def run(self, main: MainScreen) -> None:
        main.go.move(self.direction)


class MoveLeft(_Move):
    """Select the nearest component to the left; while moving a component, move it there."""

    name, title, keys, footer = "left", "Move left", ("h", "left"), "move"
    direction = "left"


class MoveDown(_Move):
    """Select the nearest component below; while moving a component, move it there."""

    name, title, keys = "down", "Move down", ("j", "down")
    direction = "down"


class MoveUp(_Move):
    """Select the nearest component above; while moving a component, move it there."""

    name, title, keys = "up", "Move up", ("k", "up")
    direction = "up"


class MoveRight(_Move):
    """Select the nearest component to the right; while moving a component, move it there."""

    name, title, keys = "right", "Move right", ("l", "right")
    direction = "right"


class EnterContainer(NeedsSelection):
    """Go into a container, or open a component in the inspector; while moving a component, drop it."""

    name, title, keys, context, group = "enter", "Go in", ("enter",), "canvas", "Move"

    def run(self, main: MainScreen) -> None:
        main.go.enter()


class Leave(Command):
    """Go one step back out: end a trace or a failure, leave a panel, then a container. Nothing is lost."""

    name, title, keys, group = "leave", "Back out", ("escape", "backspace"), "Move"

    def run(self, main: MainScreen) -> None:
        main.go.leave()


class Jump(NeedsDesign):
    """Label every visible component with two letters; typing them selects it."""

    name, title, keys, context, group, footer = "jump", "Jump to a component", ("f",), "canvas", "Move", "jump"

    def run(self, main: MainScreen) -> None:
        main.hints(main.go.select)


class Search(NeedsDesign):
    """Find a component by its id, kind or label."""

    name, title, keys, group = "search", "Search", ("/",), "Move"

    async def run(self, main: MainScreen) -> None:
        choices = [
            Choice(component.id, component.id, component.kind.title, (component.kind.code,))
            for component in main.workspace.world.components.values()
        ]
        found = await main.ask(ChooseScreen("Find a component", choices))
        if found:
            main.go.select(found)


class NextFound(NeedsSelection):
    """Go to the next component of the same kind."""

    name, title, keys, context, group = "next-found", "Next of this kind", ("n",), "canvas", "Move"

    def run(self, main: MainScreen) -> None:
        main.go.next_of_kind(1)


class PreviousFound(NeedsSelection):
    """Go to the previous component of the same kind."""

    name, title, keys, context, group = "previous-found", "Previous of this kind", ("N",), "canvas", "Move"

    def run(self, main: MainScreen) -> None:
        main.go.next_of_kind(-1)


class First(NeedsDesign):
    """Select the first component of the document."""

    name, title, keys, context, group = "first", "First component", ("g g",), "canvas", "Move"

    def run(self, main: MainScreen) -> None:
        main.go.select(next(iter(main.workspace.blueprint.components)))


class Last(NeedsDesign):
    """Select the last component of the document."""

    name, title, keys, context, group = "last", "Last component", ("G",), "canvas", "Move"

    def run(self, main: MainScreen) -> None:
        main.go.select(list(main.workspace.blueprint.components)[-1])


class GoToReference(NeedsSelection):
    """Go to something the selected component names: its subnet, security group, target group, route table."""

    name, title, keys, group = "go-to-reference", "Go to what it names", ("g d",), "Move"

    async def run(self, main: MainScreen) -> None:
        world = main.workspace.world
        component = world.components[main.selected or ""]
        choices = [
            Choice(edge.target, edge.target, ".".join(map(str, edge.path)))
            for edge in component.edges
            if edge.target in world.components
        ]
        await main.go.choose_and_select("Go to", choices, "it names no other component")


class GoToUsers(NeedsSelection):
    """Go to something that names the selected component."""

    name, title, keys, group = "go-to-users", "Go to what names it", ("g r",), "Move"

    async def run(self, main: MainScreen) -> None:
        edges = main.workspace.world.referrers(main.selected or "")
        choices = [Choice(edge.source, edge.source, ".".join(map(str, edge.path))) for edge in edges]
        await main.go.choose_and_select("Named by", choices, "nothing names it")


class FollowLine(NeedsSelection):
    """Follow a line of the canvas from the selected component: to what it calls, targets or sends to."""

    name, title, keys, context, group = "follow-line", "Follow a line", (">",), "canvas", "Move"

    async def run(self, main: MainScreen) -> None:
        await main.go.follow_line(back=False)


class FollowLineBack(NeedsSelection):
    """Follow a line of the canvas to where it comes from: what calls, targets or sends to the selected component."""

    name, title, keys, context, group = "follow-line-back", "Follow a line back", ("<",), "canvas", "Move"

    async def run(self, main: MainScreen) -> None:
        await main.go.follow_line(back=True)


class HistoryBack(Command):
    """Go back to the component that was selected before."""

    name, title, keys, group = "history-back", "Back in history", ("ctrl+o", "g b"), "Move"

    def run(self, main: MainScreen) -> None:
        main.go.history(-1)


class HistoryForward(Command):
    """Go forward again in the history of selections."""

    name, title, keys, group = "history-forward", "Forward in history", ("g f",), "Move"

    def run(self, main: MainScreen) -> None:
        main.go.history(1)


class LastView(Command):
    """Switch between the last two selected components."""

    name, title, keys, context, group = "last-view", "Last selection", ("-",), "canvas", "Move"

    def run(self, main: MainScreen) -> None:
        main.go.last_selection()


class SetMark(NeedsSelection):
    """Remember the selected component under the letter typed next."""

    name, title, keys, context, group = "set-mark", "Set a mark", ("M",), "canvas", "Move"

    def run(self, main: MainScreen) -> None:
        main.next_key("mark: type a letter", main.go.set_mark)


class GoToMark(Command):
    """Go to the component remembered under the letter typed next."""

    name, title, keys, context, group = "go-to-mark", "Go to a mark", ("'",), "canvas", "Move"

    def run(self, main: MainScreen) -> None:
        main.next_key("go to mark: type its letter", main.go.go_to_mark)


MOVES = (
    MoveLeft,
    MoveDown,
    MoveUp,
    MoveRight,
    EnterContainer,
    Leave,
    Jump,
    Search,
    NextFound,
    PreviousFound,
    First,
    Last,
    GoToReference,
    GoToUsers,
    FollowLine,
    FollowLineBack,
    HistoryBack,
    HistoryForward,
    LastView,
    SetMark,
    GoToMark,
)
