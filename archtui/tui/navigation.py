"""Moving about on the canvas: what the movement commands do on the main screen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from archtui.tui.help import help_page
from archtui.tui.keymap import shown
from archtui.tui.screens.choose import Choice, ChooseScreen
from archtui.tui.screens.text import TextScreen

if TYPE_CHECKING:
    from archtui.layout.geometry import Direction
    from archtui.tui.command import Command
    from archtui.tui.main import MainScreen


class Navigation:
    """The movements of one main screen."""

    def __init__(self, main: MainScreen) -> None:
        self.main = main

    def select(self, name: str | None, *, remember: bool = True) -> None:
        """Select a component; the canvas and the inspector follow."""
        main = self.main
        if remember:
            main.selecting.visit(name)
        else:
            main.selecting.current = name
        main.canvas.select(name)
        main.refresh_inspector()

    def adopt(self) -> None:
        """Take over what the canvas has selected by itself (a move, a click)."""
        canvas = self.main.canvas
        self.main.selecting.visit(canvas.selected_component or canvas.selected)
        self.main.refresh_inspector()

    def move(self, direction: Direction) -> None:
        """Select the nearest component in a direction, or move the grabbed one there."""
        main = self.main
        if main.edits.grabbed:
            main.edits.move_grabbed(direction)
        elif main.canvas.move(direction):
            self.adopt()
        else:
            main.say(f"nothing further {direction}")

    def enter(self) -> None:
        """Drop what is being moved, go into a container, or open the inspector."""
        main = self.main
        if main.edits.grabbed:
            main.edits.drop(keep=True)
        elif main.canvas.selected in main.workspace.layout.frames and main.canvas.enter():
            self.adopt()
        elif main.selected in main.workspace.world.components:
            main.focus_panel("inspector")

    def frame_beside(self, frame: str, direction: Direction) -> str | None:
        """Return the nearest frame of the same kind in a direction, as a component."""
        frames = self.main.workspace.layout.frames
        here = frames.get(frame)
        if here is None:
            return None
        x, y = here.rect.center
        best: tuple[int, str] | None = None
        for other in frames.values():
            dx, dy = other.rect.center[0] - x, other.rect.center[1] - y
            along, across = {"left": (-dx, dy), "right": (dx, dy), "up": (-dy, dx), "down": (dy, dx)}[direction]
            if other.id == frame or other.kind != here.kind or other.component is None or along <= abs(across) // 4:
                continue
            score = (along + 4 * abs(across), other.component)
            best = score if best is None or score < best else best
        return best[1] if best else None

    def leave(self) -> bool:
        """Go one step back out; return False where there is nothing to leave."""
        main = self.main
        if main.edits.grabbed:
            main.edits.drop(keep=False)
        elif main.selecting.others:
            main.selecting.others.clear()
            main.show_badges()
        elif main.has_class("-full-panel"):
            main.remove_class("-full-panel")
        elif main.context == "inspector" and main.debug.came_from_trace:
            main.focus_panel("trace")
        elif main.context != "canvas":
            main.focus_panel("canvas")
        elif main.analysis.active:
            main.analysis.clear()
            main.hide_panel()
        elif not main.has_class("-no-panel"):
            main.hide_panel()
        else:
            if not main.canvas.leave():
                return False
            self.adopt()
        return True

    def next_of_kind(self, by: int) -> None:
        """Go to the next component of the selected one's kind, round and round."""
        main = self.main
        world = main.workspace.world
        component = world.components.get(main.selected or "")
        if component:
            same = [other.id for other in world.of_kind(component.kind.name)]
            self.select(same[(same.index(component.id) + by) % len(same)])

    async def choose_and_select(self, title: str, choices: Sequence[Choice[str]], empty: str) -> None:
        """Select one of ``choices``: at once if there is only one."""
        main = self.main
        if not choices:
            main.say(empty, "warning")
        elif len({choice.value for choice in choices}) == 1:
            self.select(choices[0].value)
        else:
            found = await main.ask(ChooseScreen(title, choices))
            if found:
                self.select(found)

    async def follow_line(self, *, back: bool) -> None:
        """Go to the other end of a line that starts at the selection, or with ``back`` of one that ends there."""
        from archtui.layout.depict import EDGE_WORDS

        main, layout = self.main, self.main.workspace.layout
        here = layout.shown(main.selected or "")
        ends: dict[str, str] = {}
        for index in layout.routes_of.get(here or "", ()):
            route = layout.routes[index]
            one, other = (route.target, route.source) if back else (route.source, route.target)
            if one == here or (route.both and other == here):
                there = other if one == here else one
                ends[there] = f"{route.source} {EDGE_WORDS[route.style]} {route.target}"
        choices = [Choice(name, name, text) for name, text in ends.items()]
        empty = f"no line {'ends' if back else 'starts'} at {main.selected}"
        await self.choose_and_select("Follow a line back" if back else "Follow a line", choices, empty)
        if main.selected in ends:
            main.say(ends[main.selected])

    def history(self, by: int) -> None:
        """Go back or forward in the history of selections."""
        target = self.main.selecting.step(by)
        if target is None:
            self.main.say("this is the end of the history")
        else:
            self.select(target, remember=False)

    def last_selection(self) -> None:
        """Go to the component that was selected before."""
        target = self.main.selecting.before()
        if target:
            self.select(target)

    def set_mark(self, letter: str) -> None:
        """Remember the selected component under a letter."""
        if self.main.selected and len(letter) == 1:
            self.main.selecting.marks[letter] = self.main.selected
            self.main.say(f"mark {letter}: {self.main.selected} · ' {letter} goes there")

    def go_to_mark(self, letter: str) -> None:
        """Go to the component remembered under a letter."""
        target = self.main.selecting.marks.get(letter)
        if target:
            self.select(target)
        else:
            self.main.say(f"there is no mark {letter}: M sets one", "warning")

    def survivor(self, names: Collection[str]) -> str | None:
        """Return the component before ``names`` in the document, or the first after them, to select."""
        order = [*self.main.workspace.blueprint.components]
        first = min((order.index(name) for name in names if name in order), default=0)
        rest = [name for name in order[:first] if name not in names][-1:] or [
            n for n in order[first:] if n not in names
        ]
        return rest[0] if rest else None

    def read(self, title: str, body: RenderableType) -> None:
        """Open a page to read."""
        self.main.app.push_screen(TextScreen(title, body))

    # -- several at once ----------------------------------------------------------------------

    def toggle_selected(self) -> None:
        """Add the current component to the selection or take it out."""
        if self.main.selected:
            self.main.selecting.toggle(self.main.selected)
            self.main.show_badges()
            self.main.say(f"{len(self.main.selection)} selected")

    def select_kind(self) -> None:
        """Select every component of the current one's kind."""
        main = self.main
        component = main.workspace.world.components.get(main.selected or "")
        if component:
            written = [other.id for other in main.workspace.world.of_kind(component.kind.name) if not other.implicit]
            main.selecting.others = dict.fromkeys(written)
            main.show_badges()
            main.say(f"{len(main.selection)} selected: {component.kind.title}")

    # -- folds --------------------------------------------------------------------------------

    def fold(self) -> None:
        """Fold the container the selection stands in (or is), or unfold it."""
        main = self.main
        name = main.selected
        folded = main.workspace.view.folded
        shown = main.workspace.layout.shown(name) if name else None
        if shown in folded:
            folded.discard(shown)
        else:
            node = main.workspace.layout.nodes.get(shown or "")
            frame = node.frame if node else shown if shown in main.workspace.layout.frames else None
            if frame is None:
                main.say("this stands in no container", "warning")
                return
            folded.add(frame)
        main.refold()

    def fold_all(self) -> None:
        """Fold every subnet."""
        layout = self.main.workspace.layout
        self.main.workspace.view.folded.update(frame.id for frame in layout.frames.values() if frame.kind == "subnet")
        self.main.refold()

    def unfold_all(self) -> None:
        """Unfold everything."""
        self.main.workspace.view.folded.clear()
        self.main.refold()

    def toggle_settings(self) -> None:
        """Show or hide the components that only configure others."""
        view = self.main.workspace.view
        view.settings = not view.settings
        self.main.refold()
        self.main.say("settings components are shown" if view.settings else "settings components are hidden")

    # -- pages --------------------------------------------------------------------------------

    def view_yaml(self) -> None:
        """Show the YAML of the selected component, or of the document."""
        from rich.syntax import Syntax

        main = self.main
        text, name = main.workspace.document.text(), main.selected
        if name and name in main.workspace.blueprint.components:
            text = main.workspace.component_text(name)
        self.read(name or "The document", Syntax(text, "yaml", theme="ansi_dark", background_color="default"))

    def explain(self) -> None:
        """Say what the selected component's kind is and what the fact base knows of it."""
        from archtui.facts import UnknownEntryError, facts_of, service

        main = self.main
        component = main.workspace.world.components.get(main.selected or "")
        if component is None:
            return
        kind = component.kind
        lines = [kind.summary, ""]
        try:
            entry = service(kind.slug)
            lines += [entry.role, f"Failure domain: {entry.failure_domain}. Failover: {entry.failover}", ""]
            lines += [f"• {fact.text}  [{fact.id}]" for fact in facts_of(kind.slug)]
        except UnknownEntryError:
            lines.append("The fact base has no entry of its own for it.")
        self.read(f"{kind.glyph} {kind.title}", Text("\n".join(lines)))

    async def command_palette(self) -> None:
        """Choose a command by name."""
        main = self.main
        choices: list[Choice[Command]] = []
        for command in main.keymap.commands.values():
            if command.context in ("global", main.context):
                keys = "  ".join(shown(keys) for keys in main.keymap.keys_of(command.name))
                note = f"{keys}   {command.help()}"
                choices.append(Choice(command.title, command, note, (command.name,), command.why_not(main)))
        chosen = await main.ask(ChooseScreen("Commands", choices))
        if chosen:
            main.run_command(chosen)

    def help(self) -> None:
        """Open the help for where the user is."""
        self.read("Help", help_page(self.main.keymap, self.main.context))
