"""What is shown: panels, folds, help, palettes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archtui.tui.command import Command, Context, NeedsDesign, NeedsSelection

if TYPE_CHECKING:
    from archtui.tui.main import MainScreen


class _Panel(Command):
    group = "Panels"
    panel: ClassVar[Context]

    def run(self, main: MainScreen) -> None:
        main.focus_panel(self.panel)


class CanvasPanel(_Panel):
    """Go to the canvas."""

    name, title, keys, panel = "canvas", "Canvas", ("1",), "canvas"


class InspectorPanelCommand(_Panel):
    """Go to the inspector."""

    name, title, keys, panel = "inspector", "Inspector", ("2",), "inspector"


class TracePanelCommand(_Panel):
    """Go to the trace."""

    name, title, keys, panel = "trace-panel", "Trace", ("3",), "trace"


class ProblemsPanelCommand(_Panel):
    """Go to the problems."""

    name, title, keys, panel = "problems", "Problems", ("4",), "problems"


class FailuresPanelCommand(_Panel):
    """Go to the failures."""

    name, title, keys, panel = "failures", "Failures", ("5",), "failures"


class NextPanel(Command):
    """Go to the other side: from the canvas to the panel and back."""

    name, title, keys, group, footer = "next-panel", "Canvas or panel", ("tab",), "Panels", "panel"

    def run(self, main: MainScreen) -> None:
        main.other_side()


class FullPanel(Command):
    """Give the panel the whole screen, or the canvas: + again brings both back."""

    name, title, keys, group = "full", "Full screen for this side", ("+",), "Panels"

    def run(self, main: MainScreen) -> None:
        main.toggle_full()


class Fold(NeedsSelection):
    """Fold the container the component stands in, or unfold it."""

    name, title, keys, context, group = "fold", "Fold the container", ("z a",), "canvas", "View"

    def run(self, main: MainScreen) -> None:
        main.go.fold()


class FoldAll(NeedsDesign):
    """Fold every subnet, so that only the outline is left."""

    name, title, keys, context, group = "fold-all", "Fold all", ("z M",), "canvas", "View"

    def run(self, main: MainScreen) -> None:
        main.go.fold_all()


class UnfoldAll(NeedsDesign):
    """Unfold everything."""

    name, title, keys, context, group = "unfold-all", "Unfold all", ("z R",), "canvas", "View"

    def run(self, main: MainScreen) -> None:
        main.go.unfold_all()


class Centre(NeedsSelection):
    """Scroll so that the selected component stands in the middle."""

    name, title, keys, context, group = "centre", "Centre", ("z z",), "canvas", "View"

    def run(self, main: MainScreen) -> None:
        main.canvas.center()


class ShowSettings(NeedsDesign):
    """Show or hide what only configures others: security groups, route tables, NACLs, certificates."""

    name, title, keys, context, group = "show-settings", "Show settings components", ("z s",), "canvas", "View"

    def run(self, main: MainScreen) -> None:
        main.go.toggle_settings()


class CommandPalette(Command):
    """Every command by name, with its key."""

    name, title, keys, group, footer = "commands", "Command palette", (":", "ctrl+p"), "Help", "commands"

    async def run(self, main: MainScreen) -> None:
        await main.go.command_palette()


class Help(Command):
    """What the keys do here, made from the commands themselves."""

    name, title, keys, group, footer = "help", "Help", ("?",), "Help", "help"

    def run(self, main: MainScreen) -> None:
        main.go.help()


class Explain(NeedsSelection):
    """What the selected component is, what it connects to, and what the fact base says of it."""

    name, title, keys, context, group = "explain", "Explain this kind", ("K",), "canvas", "Help"

    def run(self, main: MainScreen) -> None:
        main.go.explain()


class Theme(Command):
    """Switch between the dark and the light theme."""

    name, title, group = "theme", "Dark or light theme", "View"

    def run(self, main: MainScreen) -> None:
        main.app.theme = "textual-light" if main.app.theme == "textual-dark" else "textual-dark"


class Screenshot(Command):
    """Write the screen to an SVG file in the current folder."""

    name, title, group = "screenshot", "Save a screenshot (SVG)", "View"

    def run(self, main: MainScreen) -> None:
        main.say(f"saved {main.app.save_screenshot()}")


VIEWS = (
    CanvasPanel,
    InspectorPanelCommand,
    TracePanelCommand,
    ProblemsPanelCommand,
    FailuresPanelCommand,
    NextPanel,
    FullPanel,
    Fold,
    FoldAll,
    UnfoldAll,
    Centre,
    ShowSettings,
    CommandPalette,
    Help,
    Explain,
    Theme,
    Screenshot,
)
