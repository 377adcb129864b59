"""The inspector: a component's properties as a form, with what AWS assumes for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from archtui.tui.panels.panel import Panel
from archtui.tui.panels.rows import Row

if TYPE_CHECKING:
    from archtui.model.component import Component
    from archtui.tui.form import FieldRow
    from archtui.world.world import World


class InspectorPanel(Panel):
    """Properties of the selected component."""

    context = "inspector"
    number = 2
    label = "Inspector"

    def __init__(self) -> None:
        super().__init__()
        self.component: Component | None = None
        self.world: World | None = None

    def inspect(self, world: World, written: Component | None, component: Component | None) -> None:
        """Show ``component`` as compiled; ``written`` is the same one as the document has it."""
        from archtui.model.component import Component
        from archtui.tui.form import form_rows

        same = self.component is not None and component is not None and self.component.id == component.id
        self.component = component
        self.world = world
        if component is None:
            self.title("")
            self.show([Row(Text("nothing selected", style="dim"), selectable=False)], 0)
            return
        raw = written.raw if written else {}
        shown = Component(component.id, component.kind, component.properties, raw, component.implicit)
        rows = [Row(_row_text(field), field) for field in form_rows(shown)]
        kind = component.kind
        self.title(f"{kind.glyph} {component.id} · {kind.title}" + (" · assumed by AWS" if component.implicit else ""))
        self.show(rows, self.list.cursor if same else 0)

    @property
    def field(self) -> FieldRow | None:
        """The field under the cursor."""
        row = self.list.current
        return _field(row)

    @property
    def fields(self) -> tuple[FieldRow, ...]:
        """All fields of the form."""
        return tuple(field for row in self.list.rows if (field := _field(row)))

    def point_at(self, path: tuple[str | int, ...]) -> None:
        """Put the cursor on the field at ``path``, or on the nearest one around it."""
        places = {field.path: index for index, field in enumerate(self.fields)}
        for length in range(len(path), 0, -1):
            if path[:length] in places:
                self.list.go(places[path[:length]])
                return

    def describe(self, row: Row | None) -> None:
        """Explain the field and the component's relations."""
        text = Text()
        field = _field(row)
        if field:
            text.append(field.label, "bold")
            text.append(f"  {field.doc}\n" if field.doc else "\n")
            if not field.written:
                text.append("not written: this is AWS's default\n", "italic dim")
            if field.choices:
                text.append("one of " + ", ".join(field.choices) + "\n", "dim")
        if self.component and self.world:
            used_by = sorted({edge.source for edge in self.world.referrers(self.component.id)})
            if used_by:
                text.append("named by ", "dim")
                text.append(", ".join(used_by) + "\n")
            text.append(self.component.kind.summary, "dim")
        self.detail(text)


def _field(row: Row | None) -> FieldRow | None:
    """The rows of a form stand for fields, except the one that says that nothing is selected."""
    field: FieldRow | None = row.value if row and row.selectable else None  # type: ignore[assignment]
    return field


def _row_text(field: FieldRow) -> Text:
    text = Text("  " * field.depth)
    text.append(field.label, "bold" if field.written else "")
    if field.widget != "group" or field.value:
        text.append(": ", "dim")
    if field.value:
        text.append(field.value, "" if field.written else "dim italic")
    elif field.widget not in ("group", "list"):
        text.append("missing" if field.required else "–", "dim")
    return text
