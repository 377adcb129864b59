"""The main screen: the canvas, one panel beside it, and a line that says what can be done now."""

from __future__ import annotations

import inspect
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from rich.text import Text
from textual import events, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import ContentSwitcher, Static

from archtui.tui.canvas import Canvas
from archtui.tui.workspace import Workspace

if TYPE_CHECKING:
    from archtui.model.edits import Edit
    from archtui.tui.analysis import Analysis
    from archtui.tui.command import Command, Context
    from archtui.tui.debugging import Debugger
    from archtui.tui.editing import Editing
    from archtui.tui.filing import Filing
    from archtui.tui.keymap import Dispatcher, Keymap
    from archtui.tui.navigation import Navigation
    from archtui.tui.panels.failures import FailuresPanel
    from archtui.tui.panels.inspector import InspectorPanel
    from archtui.tui.panels.panel import Panel
    from archtui.tui.panels.problems import ProblemsPanel
    from archtui.tui.panels.trace import TracePanel
    from archtui.tui.selection import Selection

T = TypeVar("T")
EMPTY = "an empty sky: a adds a component, g l opens the gallery, ? shows the keys"
PANELS: tuple[Context, ...] = ("inspector", "trace", "problems", "failures")


class CanvasSide(Vertical):
    """Holds the canvas and tells the screen when its width changes."""

    def on_resize(self, event: events.Resize) -> None:
        """Have the design laid out for the new width."""
        if isinstance(self.screen, MainScreen):
            self.screen.fit(event.size.width)


class MainScreen(Screen[None]):
    """Canvas and panel. No widget here takes the focus: every key comes to :meth:`on_key`."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    DEFAULT_CSS = """
    MainScreen { layout: vertical; }
    MainScreen #top { height: 1; background: $primary-darken-2; color: $text; }
    MainScreen #keys { height: 1; background: $panel; }
    MainScreen #body { height: 1fr; }
    MainScreen #side { width: 45%; max-width: 80; border-left: solid $panel-lighten-2; }
    MainScreen.-narrow #body { layout: vertical; }
    MainScreen.-narrow #side { width: 100%; max-width: 100%; height: 60%; border-left: none; }
    MainScreen.-narrow #side { border-top: solid $panel-lighten-2; }
    MainScreen.-narrow.-tracing #side { height: 75%; }
    MainScreen.-narrow TracePanel > .panel-head { max-height: 3; }
    MainScreen.-no-panel #side { display: none; }
    MainScreen.-full-panel #canvas-side { display: none; }
    MainScreen.-full-panel #side { width: 100%; max-width: 100%; height: 1fr; }
    MainScreen #canvas-side { width: 1fr; height: 1fr; }
    MainScreen Canvas { scrollbar-size: 1 1; }
    """

    keymap: Keymap
    dispatcher: Dispatcher
    edits: Editing
    analysis: Analysis
    debug: Debugger
    files: Filing
    selecting: Selection
    go: Navigation

    def __init__(
        self, path: str | None, keys: Mapping[str, tuple[str, ...]] | None = None, gallery: str | None = None
    ) -> None:
        super().__init__()
        self.workspace = Workspace()
        self.path = path
        self.gallery = gallery
        self.welcome = path is None and gallery is None
        self.context: Context = "canvas"
        self.recorded: list[str] = []
        self.recording = False
        self.begun = False
        self.message = Text()
        self.mode_name = ""
        self.mode_hint = ""
        self._keys = keys
        self._next_key: Callable[[str], None] | None = None
        self._hint_take: Callable[[str], None] | None = None
        self._hint_title = ""

    def compose(self) -> ComposeResult:
        """Title line, canvas, the place of the panels, key line."""
        yield Static(id="top")
        with Horizontal(id="body"):
            with CanvasSide(id="canvas-side"):
                yield Canvas(id="canvas", ascii_only="ARCHTUI_PLAIN" in os.environ)
            yield Vertical(id="side")
        yield Static(id="keys")

    def on_mount(self) -> None:
        """Paint first; everything else comes after that."""
        self.add_class("-no-panel")
        self.query_one("#top", Static).update(Text(" archtui   loading ...", "bold"))
        self.call_after_refresh(self.begin)

    async def begin(self) -> None:
        """Bring in what the first paint did not need, then open the document."""
        from archtui.model.errors import ArchtuiError
        from archtui.tui.parts import equip

        try:
            await equip(self, self._keys)
        except ArchtuiError as error:
            self.app.exit(return_code=2, message=str(error))
            return
        self.begun = True
        self.canvas.placeholder = EMPTY
        if self.gallery:
            self.open_gallery(self.gallery)
        else:
            self.open_path(self.path)

    # -- parts --------------------------------------------------------------------------------

    @property
    def canvas(self) -> Canvas:
        """The canvas."""
        return self.query_one(Canvas)

    @property
    def inspector(self) -> InspectorPanel:
        """The inspector."""
        return cast("InspectorPanel", self.query_one("#inspector"))

    @property
    def trace_panel(self) -> TracePanel:
        """The trace."""
        return cast("TracePanel", self.query_one("#trace"))

    @property
    def problems_panel(self) -> ProblemsPanel:
        """The problems."""
        return cast("ProblemsPanel", self.query_one("#problems"))

    @property
    def failures_panel(self) -> FailuresPanel:
        """The failures."""
        return cast("FailuresPanel", self.query_one("#failures"))

    @property
    def panel(self) -> Panel:
        """The panel that is shown, or would be."""
        return cast("Panel", self.query_one(f"#{self.query_one(ContentSwitcher).current}"))

    @property
    def selected(self) -> str | None:
        """The selected component."""
        return self.selecting.current

    @property
    def selection(self) -> tuple[str, ...]:
        """All selected components, the current one last."""
        return self.selecting.all

    # -- keys ---------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Take every key: hints and one-key questions first, then the keymap."""
        event.stop()
        event.prevent_default()
        if not self.begun:
            return
        key = event.character if event.is_printable and event.character and event.character != " " else event.key
        if self.recording and key != "Q":
            self.recorded.append(event.key)
        self.message = Text()
        if self._next_key is not None:
            take, self._next_key = self._next_key, None
            if key != "escape":
                take(key)
        elif self.canvas.hinting:
            if key == "/" and self._hint_title:
                self._search_instead()
            else:
                self.canvas.on_key(event)
        else:
            await self._command_key(key)
        self._lines()

    async def _command_key(self, key: str) -> None:
        command = self.dispatcher.feed(self.context, key)
        if command:
            self.run_command(command)
        elif not self.dispatcher.pending and key not in ("escape",):
            from archtui.tui.keymap import shown

            beside = next((c for c in PANELS if self.showing(c) and c != self.context), None)
            there = self.dispatcher.keymap.sequences[beside].get((key,)) if beside else None
            way = f"Tab goes to the {beside}, where it means: {there.title}" if there else "? shows the keys"
            self.say(f"{shown(key)} does nothing here; {way}", "warning")

    def run_command(self, command: Command) -> None:
        """Run a command, or say why it makes no sense now."""
        if not self.workspace.ready:
            return
        refusal = command.why_not(self)
        if refusal:
            self.say(refusal, "warning")
            return
        result = command.run(self)
        if inspect.isawaitable(result):
            self._await(result)

    @work
    async def _await(self, result: Awaitable[None]) -> None:
        await result
        self._lines()

    async def ask(self, screen: ModalScreen[T | None]) -> T | None:
        """Show a screen that asks something and wait for the answer; only from a command that runs as a task."""
        return await self.app.push_screen_wait(screen)

    def next_key(self, prompt: str, take: Callable[[str], None]) -> None:
        """Give the next key to ``take`` instead of the keymap."""
        self._next_key = take
        self.say(prompt)

    def hints(self, take: Callable[[str], None], choose_title: str = "") -> None:
        """Label the visible components; the one whose letters are typed goes to ``take``; / chooses from a list."""

        self._hint_take, self._hint_title = take, choose_title
        if not self.canvas.hint():
            self.say("nothing is visible here", "warning")

    def _search_instead(self) -> None:
        take, self._hint_take = self._hint_take, None
        self.canvas.unhint()
        if take:
            self._await(self._choose(self._hint_title, take))

    def on_canvas_hints_closed(self, event: Canvas.HintsClosed) -> None:
        """Give the component whose letters were typed to whoever asked for it."""
        take, self._hint_take = self._hint_take, None
        node = self.workspace.layout.nodes.get(event.id or "")
        if take and event.id is not None:
            take(node.component if node and node.component else event.id)
        self._lines()

    async def _choose(self, title: str, take: Callable[[str], None]) -> None:
        from archtui.tui.screens.choose import Choice, ChooseScreen

        choices = [Choice(c.id, c.id, c.kind.title, (c.kind.code,)) for c in self.workspace.world.components.values()]
        found = await self.ask(ChooseScreen(title, choices))
        if found:
            take(found)

    def toggle_recording(self) -> None:
        """Start or end the recording of keys."""
        self.recording = not self.recording
        if self.recording:
            self.recorded = []
        self.say("recording keys: Q ends" if self.recording else f"recorded {len(self.recorded)} keys: @ plays them")

    async def play_recording(self) -> None:
        """Press the recorded keys again."""
        from textual.pilot import Pilot

        await Pilot(self.app).press(*self.recorded)

    # -- what is said -------------------------------------------------------------------------

    def say(self, text: str, severity: str = "information") -> None:
        """Show a sentence in the key line until the next key."""
        style = {"warning": "yellow", "error": "bold red"}.get(severity, "")
        mark = {"warning": "! ", "error": "✗ "}.get(severity, "")
        self.message = Text(mark + " ".join(text.split()), style, no_wrap=True, overflow="ellipsis")
        self._lines()

    def mode(self, name: str, hint: str = "") -> None:
        """Name a mode (MOVE) and what its keys do; an empty name ends it."""
        self.mode_name, self.mode_hint = name, hint
        self._lines()

    def _lines(self) -> None:
        from archtui.tui.lines import key_line, top_line

        if self.is_mounted and self.begun:
            self.query_one("#top", Static).update(top_line(self), layout=False)
            self.query_one("#keys", Static).update(key_line(self), layout=False)

    # -- panels -------------------------------------------------------------------------------

    def focus_panel(self, context: Context) -> None:
        """Go to a panel, or to the canvas."""
        self.context = context
        self.dispatcher.pending = ()
        if context in PANELS:
            self.remove_class("-no-panel")
            self.query_one(ContentSwitcher).current = context
            self.set_class(context == "trace", "-tracing")
            self.debug.came_from_trace = False
            if context == "inspector":
                self.refresh_inspector()
        else:
            self.remove_class("-full-panel")
        self._lines()

    def hide_panel(self) -> None:
        """Give the canvas the whole screen."""
        self.add_class("-no-panel")

    def showing(self, context: Context) -> bool:
        """Whether a panel is on the screen."""
        return not self.has_class("-no-panel") and self.query_one(ContentSwitcher).current == context

    def other_side(self) -> None:
        """Between the canvas and the panel beside it."""
        current = self.query_one(ContentSwitcher).current
        self.focus_panel(
            next((p for p in PANELS if p == current), "inspector") if self.context == "canvas" else "canvas"
        )

    def toggle_full(self) -> None:
        """Give this side the whole screen, or both sides their share."""
        if self.context == "canvas":
            self.toggle_class("-no-panel")
        else:
            self.toggle_class("-full-panel")

    def refresh_inspector(self) -> None:
        """Show the selected component's form as it is now, where the inspector is open."""
        name = self.selected
        if self.workspace.ready and self.showing("inspector"):
            compiled = self.workspace.world.components.get(name) if name else None
            self.inspector.inspect(self.workspace.world, self.workspace.blueprint.components.get(name or ""), compiled)

    def open_property(self, component: str, path: Sequence[str | int]) -> None:
        """Select a component and put the inspector's cursor on one of its properties."""
        self.go.select(component)
        self.focus_panel("inspector")
        self.inspector.point_at(tuple(path))

    # -- changes ------------------------------------------------------------------------------

    def must(self, edit: Edit) -> None:
        """Apply an edit; an error is raised for whoever asked."""
        self.workspace.do(edit)
        self.changed(edit.label)

    def do(self, edit: Edit) -> bool:
        """Apply an edit; an error is shown. Return whether it was applied."""
        from archtui.model.errors import ArchtuiError

        try:
            self.must(edit)
        except ArchtuiError as error:
            self.say(str(error).splitlines()[0], "error")
            return False
        return True

    def changed(self, message: str = "") -> None:
        """Show the document as it is now and check it again."""
        self.selecting.keep_to(self.workspace.world.components)
        self.canvas.show(self.workspace.layout)
        self.canvas.select(self.selected)
        self.refresh_inspector()
        self.analysis.after_edit()
        self.check_soon()
        if message:
            self.say(message)

    @work(thread=True, exclusive=True, group="check")
    def check_soon(self) -> None:
        """Check in the background; a newer change makes this one void."""
        world = self.workspace.world
        report = self.workspace.check()
        if self.workspace.world is world:
            self.app.call_from_thread(self._checked)
        del report

    def _checked(self) -> None:
        """Show what the check found, unless the screen has been taken down meanwhile."""
        if not self.problems_panel.children:
            return
        self.problems_panel.show_report(self.workspace.report)
        self.show_badges()
        self._lines()

    # -- opening ------------------------------------------------------------------------------

    def open_path(self, path: str | None) -> None:
        """Open a file or a folder; None: an empty design."""
        self._load(lambda: self.workspace.load(path))

    def open_gallery(self, name: str) -> None:
        """Open a gallery blueprint as a new document."""
        self._load(lambda: self.workspace.load_gallery(name))

    @work(thread=True, exclusive=True, group="load")
    def _load(self, load: Callable[[], None]) -> None:
        from archtui.model.errors import ArchtuiError

        try:
            load()
        except ArchtuiError as error:
            self.app.call_from_thread(self._refused, str(error))
            return
        self.app.call_from_thread(self._loaded)

    def _refused(self, error: str) -> None:
        if self.workspace.ready:
            self.say(error.splitlines()[0], "error")
        else:
            self.app.exit(return_code=2, message=error)

    def _loaded(self) -> None:
        self.analysis.clear()
        self.debug.forget()
        self.selecting.clear()
        self.canvas.show(self.workspace.layout)
        nodes = [node for node in self.workspace.layout.nodes.values() if node.component and not node.shadow]
        first = next((node for node in nodes if node.frame), nodes[0] if nodes else None)
        if first:
            self.go.select(first.component)
        self.changed(self.workspace.greeting())
        if self.workspace.recovery:
            self._await(self.files.recover())
        elif self.welcome:
            self._await(self.files.welcome())
        self.welcome = False

    # -- the canvas ---------------------------------------------------------------------------

    def on_canvas_node_selected(self, event: Canvas.NodeSelected) -> None:
        """Follow a click; what the keyboard selected is known already."""
        current = self.selecting.current
        if event.id is not None and (current is None or self.workspace.layout.shown(current) != event.id):
            self.go.adopt()

    def on_canvas_node_activated(self, event: Canvas.NodeActivated) -> None:
        """Open what was clicked twice."""
        if event.component:
            self.go.select(event.component)
            self.focus_panel("inspector")

    def on_trace_panel_stepped(self, event: TracePanel.Stepped) -> None:
        """Light the way of the trace and show where the step is."""
        if event.component is None:
            self.canvas.highlight(None)
            return
        self.canvas.highlight([hop.component for hop in event.panel.lit], event.component)

    def show_badges(self) -> None:
        """Mark on the canvas what is down or degraded, what was found, breakpoints, what is selected with others."""
        from archtui.tui.badges import badges

        report, failure = self.workspace.report, self.analysis.failure
        self.canvas.badges(badges(report, failure, self.selecting.others, self.debug.breakpoints, self.analysis.marks))

    def fit(self, width: int) -> None:
        """Lay out for the canvas's width: wide ones get boxes."""
        if width and width != self.workspace.view.width:
            self.workspace.view.width = width
            if self.workspace.ready:
                self.refold()

    def refold(self) -> None:
        """Lay out again after a fold."""
        self.workspace.relayout()
        self.canvas.show(self.workspace.layout)
        self.canvas.select(self.selected)
        self.show_badges()
