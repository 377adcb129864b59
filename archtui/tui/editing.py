"""Changing the design from the main screen: every change is an edit, so every change can be undone."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from archtui.tui.screens.choose import Choice, ChooseScreen
from archtui.tui.screens.prompt import PromptScreen

if TYPE_CHECKING:
    from archtui.layout.geometry import Direction
    from archtui.model.component import Component, Json
    from archtui.model.kinds import Kind
    from archtui.tui.form import FieldRow
    from archtui.tui.main import MainScreen


class Editing:
    """The edits of one main screen."""

    def __init__(self, main: MainScreen) -> None:
        self.main = main
        self.copied: Component | None = None
        self.grabbed: str | None = None
        self._grab_moves = 0
        self._again: Callable[[], Awaitable[object] | object] | None = None

    # -- adding -------------------------------------------------------------------------------

    async def add(self, kind: Kind | None = None) -> str | None:
        """Ask for a kind and add a component of it where the selection is; return its id."""
        from archtui.model.edits import add_component, unused_id
        from archtui.model.placing import Placing

        workspace = self.main.workspace
        if kind is None:
            kind = await self.main.ask(ChooseScreen("Add", kind_choices(workspace.registry())))
        if kind is None:
            return None
        placing = Placing(workspace.world, kind, self.main.selected)
        for need in placing.needs():
            if need.choices:
                choices = [Choice(value, value, note) for value, note in need.choices]
                answer = await self.main.ask(ChooseScreen(f"{kind.title}: {need.name}", choices, hint=need.doc))
            else:
                answer = await self.main.ask(PromptScreen(f"{kind.title}: {need.name}", need.suggestion, hint=need.doc))
            if not answer:
                return None
            placing.give(need.name, answer)
        name = unused_id(workspace.world.components, kind.slug.replace("_", "-"))
        if not self.main.do(add_component(name, placing.word, placing.properties)):
            return None
        chosen = kind
        self._again = lambda: self.add(chosen)
        self.main.go.select(name)
        return name

    async def add_connected(self) -> None:
        """Add a component and connect the selected one to it; undo takes both back, one after the other."""
        origin = self.main.selected
        name = await self.add()
        if name and origin:
            self.connect_to(origin, name)

    # -- connecting ---------------------------------------------------------------------------

    def connect(self) -> None:
        """Ask for the other end by hint letters."""
        origin = self.main.selected
        if origin:
            self.main.say(f"connect {origin} to ...: type the letters on a component, / searches, Esc cancels")
            self.main.hints(lambda target: self.connect_to(origin, target), choose_title=f"Connect {origin} to")

    def connect_to(self, origin: str, target: str) -> None:
        """Connect two components with everything AWS needs for it, or say why that is impossible."""
        from archtui.model.connect import Refusal, connect

        answer = connect(self.main.workspace.world, origin, target)
        if isinstance(answer, Refusal):
            self.main.say(f"{answer.reason} {answer.usual_way_round}".strip(), "warning")
            return
        if self.main.do(answer.edit):
            self.main.say(answer.sentence)
            self._again = lambda: self.connect_to(self.main.selected or origin, target)

    async def disconnect(self) -> None:
        """Ask which connection of the selected component goes."""
        from archtui.model.edits import disconnect

        name, blueprint = self.main.selected or "", self.main.workspace.blueprint
        if name not in blueprint.components:
            self.main.say("AWS assumes this component; it has no connections of its own", "warning")
            return
        ends = dict.fromkeys(link.target for link in blueprint.links if link.source == name)
        ends |= dict.fromkeys(edge.target for edge in blueprint.components[name].edges if edge.role != "in")
        choices = [Choice(end, end) for end in ends if end in blueprint.components]
        if not choices:
            self.main.say(f"{name} names nothing and opens no link", "warning")
            return
        end = await self.main.ask(ChooseScreen(f"Disconnect {name} from", choices))
        if end:
            self.main.do(disconnect(blueprint, name, end))

    # -- moving, copying, deleting ------------------------------------------------------------

    def grab(self) -> None:
        """Take the selected component to move it with the direction keys."""
        name = self.main.selected
        if name is None or self._slot(name) is None:
            self.main.say(
                "only a component that stands in one subnet can be moved; change the others with i", "warning"
            )
            return
        self.grabbed, self._grab_moves = name, 0
        self.main.mode("MOVE", "h j k l move it to another subnet · Enter drops it · Esc puts it back")

    def _slot(self, name: str) -> tuple[str, str] | None:
        """Return the property that places a component, and the container it names now."""
        component = self.main.workspace.blueprint.components.get(name)
        if component is None:
            return None
        edges = [edge for edge in component.edges if edge.role == "in" and len(edge.path) == 1]
        return (str(edges[0].path[0]), edges[0].target) if len(edges) == 1 else None

    def move_grabbed(self, direction: Direction) -> None:
        """Move the grabbed component to the nearest container of the same kind in a direction."""
        from archtui.model.edits import set_property

        name = self.grabbed
        slot = self._slot(name) if name else None
        if name is None or slot is None:
            return
        key, container = slot
        target = self.main.go.frame_beside(container, direction)
        if target is None:
            self.main.say(f"there is no other place {direction}wards from here", "warning")
            return
        if self.main.do(set_property(name, (key,), target)):
            self._grab_moves += 1
            self.main.go.select(name)

    def drop(self, *, keep: bool) -> None:
        """End moving; without ``keep`` the component goes back to where it was."""
        if not keep:
            for _ in range(self._grab_moves):
                self.main.workspace.undo()
            self.main.changed("moved back")
        self.grabbed = None
        self.main.mode("")

    def delete(self) -> None:
        """Delete the selected components."""
        from archtui.model.edits import remove_component

        names = [name for name in self.main.selection if name in self.main.workspace.blueprint.components]
        if not names:
            self.main.say("AWS brings this component along; it cannot be deleted by itself", "warning")
            return
        neighbour = self.main.go.survivor(names)
        for name in names:
            if not self.main.do(remove_component(self.main.workspace.blueprint, name)):
                return
        self.main.go.select(neighbour)
        self.main.say(f"deleted {', '.join(names)} · u brings {'it' if len(names) == 1 else 'them'} back")

    def copy(self) -> None:
        """Remember the selected component."""
        self.copied = self.main.workspace.world.components.get(self.main.selected or "")
        if self.copied:
            self.main.say(f"copied {self.copied.id} · p adds another one")

    def paste(self) -> None:
        """Add what was copied under a new id."""
        from archtui.model.edits import add_component, unused_id

        copied = self.copied
        if copied is None:
            return
        raw = {key: value for key, value in copied.raw.items() if key not in ("private_ip", "address")}
        name = unused_id(self.main.workspace.world.components, copied.id.rstrip("0123456789").rstrip("-"))
        if self.main.do(add_component(name, copied.kind.name, raw)):
            self._again = self.paste
            self.main.go.select(name)

    async def repeat(self) -> None:
        """Do the last change again."""
        if self._again is None:
            self.main.say("nothing to repeat yet", "warning")
            return
        again = self._again()
        if isinstance(again, Awaitable):
            await again

    async def rename(self) -> None:
        """Ask for a new id."""
        from archtui.model.edits import rename_component

        old = self.main.selected or ""
        blueprint = self.main.workspace.blueprint
        if old not in blueprint.components:
            self.main.say("AWS brings this component along; it has no id of its own to change", "warning")
            return
        new = await self.main.ask(
            PromptScreen("Rename", old, accept=lambda text: text == old or rename_component(blueprint, old, text))
        )
        if new and new != old and self.main.do(rename_component(blueprint, old, new)):
            self.main.go.select(new)

    def undo(self) -> None:
        """Undo the last edit."""
        label = self.main.workspace.undo()
        self.main.changed(f"undone: {label}" if label else "nothing to undo")

    def redo(self) -> None:
        """Do the last undone edit again."""
        label = self.main.workspace.redo()
        self.main.changed(f"done again: {label}" if label else "nothing to do again")

    # -- the form -----------------------------------------------------------------------------

    def _subject(self) -> tuple[str, FieldRow] | None:
        panel = self.main.inspector
        if panel.component is None or panel.field is None:
            return None
        if panel.component.id not in self.main.workspace.blueprint.components:
            self.main.say("AWS assumes this component; add one of your own to change it", "warning")
            return None
        return panel.component.id, panel.field

    async def field(self) -> None:
        """Change the property under the cursor."""
        subject = self._subject()
        if subject is None:
            return
        name, field = subject
        if field.widget == "bool":
            self._set(name, field.path, field.value != "true")
            return
        if field.widget in ("choice", "reference"):
            choices = self._choices(name, field)
            answer = await self.main.ask(ChooseScreen(f"{name}: {field.label}", choices, hint=field.doc))
            if answer:
                self._set(name, field.path, answer)
            return
        if field.widget == "list" and not field.value:
            await self.element()
            return
        current = flow_text(self._written(name, field.path), field.value)
        answer = await self.main.ask(
            PromptScreen(
                f"{name}: {field.label}", current, hint=field.doc, accept=lambda text: self._try(name, field.path, text)
            )
        )
        if answer is not None:
            self.main.refresh_inspector()

    def _choices(self, name: str, field: FieldRow) -> list[Choice[str]]:
        if field.widget == "choice":
            return [Choice(choice, choice) for choice in field.choices]
        return self._components(name, field.kinds)

    def _components(self, name: str, kinds: tuple[str, ...]) -> list[Choice[str]]:
        found = self.main.workspace.blueprint.components.values()
        return [
            Choice(other.id, other.id, other.kind.title, (other.kind.code,))
            for other in found
            if other.id != name and (not kinds or other.kind.name in kinds)
        ]

    def _written(self, name: str, path: tuple[str | int, ...]) -> Json:
        from archtui.model.errors import EditError
        from archtui.model.operations import value_at

        try:
            return value_at(self.main.workspace.blueprint.data, ("components", name, *path))
        except EditError:
            return None

    def _try(self, name: str, path: tuple[str | int, ...], text: str) -> None:
        """Apply what was typed; the error of a wrong value goes to the prompt."""
        from archtui.model.edits import clear_property, set_property

        if text.strip():
            self.main.must(set_property(name, path, parse_value(text)))
        elif self._written(name, path) is not None:
            self.main.must(clear_property(name, path))

    def _set(self, name: str, path: tuple[str | int, ...], value: Json) -> None:
        from archtui.model.edits import set_property

        self.main.do(set_property(name, path, value))

    async def element(self) -> None:
        """Add an element to the list under the cursor."""
        from archtui.model.edits import append_to

        subject = self._subject()
        if subject is None:
            return
        name, field = subject
        path = field.path
        while path and field.widget != "list":
            path = path[:-1]
            field = next((row for row in self.main.inspector.fields if row.path == path), field)
        if not path:
            self.main.say("this is no list; Enter changes it", "warning")
            return
        blueprint = self.main.workspace.blueprint
        if field.kinds and not any(
            row.path[: len(path)] == path and row.widget == "group" for row in self.main.inspector.fields
        ):
            answer = await self.main.ask(
                ChooseScreen(f"{name}: add to {field.label}", self._components(name, field.kinds))
            )
            if answer:
                self.main.do(append_to(blueprint, name, path, answer))
            return
        await self.main.ask(
            PromptScreen(
                f"{name}: add to {field.label}",
                hint=f"{field.doc} Written as in the file: a value, or {{key: value, ...}}",
                accept=lambda text: self.main.must(append_to(blueprint, name, path, parse_value(text))),
            )
        )
        self.main.refresh_inspector()

    def clear_field(self) -> None:
        """Take the property or the element away."""
        from archtui.model.edits import clear_property

        subject = self._subject()
        if subject is None:
            return
        name, field = subject
        if self._written(name, field.path) is None:
            self.main.say("this is AWS's default already", "warning")
            return
        self.main.do(clear_property(name, field.path))

    def follow_field(self) -> None:
        """Select the component that the property names."""
        field = self.main.inspector.field
        if field and field.value in self.main.workspace.world.components:
            self.main.go.select(field.value)
        else:
            self.main.say("this property names no component", "warning")

    # -- the text -----------------------------------------------------------------------------

    def external(self) -> None:
        """Edit the document in the user's own editor."""
        from archtui.model.edits import Edit
        from archtui.model.errors import ArchtuiError
        from archtui.model.operations import Operation, Remove, Set

        workspace = self.main.workspace
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "blueprint.yaml")
            path.write_text(workspace.document.text(), encoding="utf-8")
            try:
                with self.main.app.suspend():
                    subprocess.run([*shlex.split(editor), str(path)], check=False)
                changed = parse_value(path.read_text(encoding="utf-8"))
            except (OSError, ArchtuiError) as error:
                self.main.say(f"{editor}: {error}; set EDITOR to your editor", "error")
                return
        if not isinstance(changed, dict):
            self.main.say("the edited text is no blueprint; nothing was changed", "error")
            return
        keys = [key for key in changed if changed[key] != workspace.blueprint.data.get(key)]
        gone = [key for key in workspace.blueprint.data if key not in changed]
        if keys or gone:
            operations: list[Operation] = [Remove((key,)) for key in gone]
            operations += [Set((key,), changed[key]) for key in keys]
            self.main.do(Edit("edit the text", tuple(operations)))


def kind_choices(kinds: Mapping[str, Kind] | object) -> list[Choice[Kind]]:
    """Return the kinds that can be placed, the usual ones first."""
    from archtui.model.kinds import Registry

    if not isinstance(kinds, Registry):
        raise TypeError("kind_choices wants the registry")
    found = [kind for kind in kinds if kind.name not in ("internet", "region", "availability_zone")]
    return [
        Choice(f"{kind.glyph} {kind.title}", kind, kind.summary, (kind.code, kind.slug, kind.name, *kind.aliases))
        for kind in sorted(found, key=lambda kind: (kind.family, kind.title))
    ]


def parse_value(text: str) -> Json:
    """Read one value as the blueprint file would; raise :class:`InputError` where it is not YAML."""
    from archtui.formats.yaml_text import parse
    from archtui.model.errors import InputError

    node, problems = parse(text, "value")
    if problems:
        raise InputError(problems)
    return node.value


def flow_text(written: Json, shown: str) -> str:
    """Return a value on one line, as it may be typed."""
    if isinstance(written, dict):
        return "{" + ", ".join(f"{key}: {flow_text(value, '')}" for key, value in written.items()) + "}"
    if isinstance(written, list):
        return "[" + ", ".join(flow_text(value, "") for value in written) + "]"
    if isinstance(written, bool):
        return "true" if written else "false"
    return shown if written is None else str(written)
