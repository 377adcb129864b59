"""The open document and what is known of it: world, layout, report. No Textual in here.

The engines are imported when a document is loaded, not before: the first paint must not wait for
pydantic and networkx.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archtui.check.finding import Finding
    from archtui.check.report import Report
    from archtui.formats.blueprint_file import BlueprintFile
    from archtui.formats.journal import Journal, Recovery
    from archtui.layout import DesignView, Layout, Options
    from archtui.model.blueprint import Blueprint
    from archtui.model.edits import Edit
    from archtui.model.kinds import Registry
    from archtui.world.world import World


@dataclass
class View:
    """How the design is drawn."""

    folded: set[str] = field(default_factory=set)
    settings: bool = False
    """Whether components that only configure others are drawn."""
    width: int = 80
    """The canvas's width in cells: wide ones get boxes round the nodes."""


class Workspace:
    """One document with its undo history, compiled and laid out after every change."""

    def __init__(self) -> None:
        self.file: BlueprintFile | None = None
        self.view = View()
        self._world: World | None = None
        self._layout: Layout | None = None
        self._laid_out: tuple[DesignView, Options] | None = None
        """What the layout was made of: an edit that changes nothing of it keeps the drawing."""
        self.report: Report | None = None
        self.journal: Journal | None = None
        self.recovery: Recovery | None = None
        """Unsaved changes of an earlier run that ended without saving."""
        self.unsupported: tuple[str, ...] = ()
        """What an import could not use, one line each."""

    # -- loading ------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether a document is open."""
        return self._world is not None

    def load(self, path: str | None) -> None:
        """Open ``path`` (None: an empty design) and compile it. Raises :class:`InputError`."""
        from archtui.formats.blueprint_file import BlueprintFile
        from archtui.formats.opening import open_any

        registry = self.registry()
        if path is None:
            self.unsupported = ()
            self.adopt(BlueprintFile.empty(registry))
            return
        opened = open_any(path, registry)
        self.unsupported = tuple(str(item) for item in opened.unsupported)
        self.adopt(opened.file)

    def adopt(self, file: BlueprintFile, journal: Journal | None = None) -> None:
        """Make ``file`` the open document; every change of it is journalled from now on."""
        from archtui.formats.journal import Journal, pending

        self.close()
        self.file = file
        self.recovery = None if journal else pending(file.path)
        self.journal = journal or Journal(file)
        self._world = None
        self.report = None
        self.view = View(width=self.view.width)
        self.recompile()

    @staticmethod
    def registry() -> Registry:
        """Every kind of component."""
        from archtui.services import registry

        return registry()

    def recompile(self) -> None:
        """Compile and lay out the document as it stands."""
        from archtui.world.compiler import compile_world

        self._world = compile_world(self.blueprint, self._world)
        self.relayout()

    def relayout(self) -> None:
        """Lay the design out again (after a change, or a fold)."""
        from archtui.layout import lay_out, view_of
        from archtui.layout.options import Options, Show

        show: frozenset[Show] = frozenset({"settings", "uses"}) if self.view.settings else frozenset()
        options = Options(width=self.view.width, folded=frozenset(self.view.folded), show=show)
        view = view_of(self.world)
        if (view, options) != self._laid_out:
            self._laid_out = (view, options)
            self._layout = lay_out(view, options)

    # -- what is known ------------------------------------------------------------------------

    @property
    def document(self) -> BlueprintFile:
        """The open document; only while :attr:`ready`."""
        if self.file is None:
            raise RuntimeError("no document is open")
        return self.file

    @property
    def blueprint(self) -> Blueprint:
        """The document's blueprint."""
        return self.document.blueprint

    @property
    def world(self) -> World:
        """The compiled design."""
        if self._world is None:
            raise RuntimeError("no document is open")
        return self._world

    @property
    def layout(self) -> Layout:
        """Where everything is drawn."""
        if self._layout is None:
            raise RuntimeError("no document is open")
        return self._layout

    @property
    def dirty(self) -> bool:
        """Whether there are unsaved changes."""
        return self.file is not None and self.file.dirty

    # -- changing -----------------------------------------------------------------------------

    def do(self, edit: Edit) -> None:
        """Apply an edit; raises :class:`EditError` or :class:`InputError` and changes nothing then."""
        self.document.apply(edit)
        self.recompile()

    def undo(self) -> str | None:
        """Undo the last edit; return its label, or None where there is none."""
        return self._step(self.document.undo)

    def redo(self) -> str | None:
        """Do the last undone edit again; return its label, or None where there is none."""
        return self._step(self.document.redo)

    def _step(self, step: Callable[[], Edit | None]) -> str | None:
        edit = step()
        if edit is None:
            return None
        self.recompile()
        return edit.label

    def check(self) -> Report:
        """Run the rules and the journeys."""
        from archtui.check.runner import check
        from archtui.services import rules

        self.report = check(self.world, rules(), before=self.report)
        return self.report

    def fixes_of(self, finding: Finding) -> tuple[Edit, ...]:
        """Return the edits that a finding's rule offers."""
        from archtui.services import rules

        rule = next(rule for rule in rules() if rule.id == finding.rule)
        return tuple(rule.fixes(self.world, finding))

    def name(self) -> str:
        """The file's name, or what stands for it."""
        path = self.file.path if self.file else None
        return Path(path).name if path else "not saved yet"

    def load_gallery(self, name: str) -> None:
        """Open a gallery blueprint as a new document without a file."""
        from archtui.formats.gallery import load_gallery

        self.unsupported = ()
        self.adopt(load_gallery(name, self.registry()))

    def component_text(self, name: str) -> str:
        """Return the lines of the document that describe a component."""
        lines = self.document.text().splitlines()
        start = self.document.locate(("components", name), key=True).line - 1
        end = start + 1
        indent = len(lines[start]) - len(lines[start].lstrip())
        while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > indent):
            end += 1
        return "\n".join(lines[start:end]).rstrip() + "\n"

    def greeting(self) -> str:
        """What to say after opening."""
        notes = [*self.document.notes]
        if self.unsupported:
            notes.append(f"{len(self.unsupported)} resources could not be used: :unsupported lists them")
        return "; ".join(notes)

    def recover(self) -> None:
        """Bring back the unsaved changes that a crash left behind; raises :class:`ArchtuiError` where that fails."""
        if self.recovery is not None:
            self.adopt(*self.recovery.restore(self.registry()))

    def close(self) -> None:
        """Leave the document for good; nothing needs to be recovered."""
        if self.journal is not None:
            self.journal.close()
            self.journal = None
