"""A blueprint and the file it stands in: load, edit, save; comments, order and style survive."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from archtui.formats.files import ChangedOnDisk, decode, read_bytes, write_atomically
from archtui.formats.migrate import VersionError, migration
from archtui.formats.yaml_edit import rewrite
from archtui.formats.yaml_emit import document
from archtui.formats.yaml_text import Node, locate, parse
from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.model.edits import Edit
from archtui.model.errors import InputError, Location, Problem
from archtui.model.history import Session
from archtui.model.kinds import Registry
from archtui.model.operations import Path, apply_all

_BOM = "\ufeff"


class BlueprintFile:
    """A blueprint with the text it comes from and its history.

    ``path`` is the file (None: not saved yet); ``name`` is what messages call it; ``notes`` are
    sentences about the opening that the user should read (a format that was brought up to date).
    """

    def __init__(
        self,
        blueprint: Blueprint,
        text: str,
        root: Node,
        path: str | None,
        name: str = "",
        on_disk: bytes | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.session = Session(blueprint)
        self.path = path
        self.name = name or path or "untitled"
        self.notes = notes
        self._root = root
        self._bom = _BOM if text.startswith(_BOM) else ""
        self._crlf = "\r\n" in text and text.count("\n") == text.count("\r\n")
        self._loaded = _bare(text)
        self._on_disk = on_disk
        self._written: tuple[dict[str, Json], str] | None = None
        self._saved_text = text
        self._save_listeners: list[Callable[[], None]] = []

    @classmethod
    def empty(cls, registry: Registry, title: str = "Untitled", region: str = "eu-west-1") -> BlueprintFile:
        """Return a design with a name and nothing in it, not saved yet."""
        return from_data(dict(Blueprint.empty(registry, title, region).data), registry)

    # -- the document -------------------------------------------------------------------------------

    @property
    def blueprint(self) -> Blueprint:
        """The blueprint as it stands."""
        return self.session.blueprint

    @property
    def dirty(self) -> bool:
        """Whether there are changes that are not saved."""
        return self.session.dirty

    def apply(self, edit: Edit) -> None:
        """Do ``edit``; raise :class:`EditError` or :class:`InputError` where it does not fit, nothing changed then."""
        self.session.do(edit)

    def undo(self) -> Edit | None:
        """Take the last edit back; return it, or None where there is none."""
        return self.session.undo()

    def redo(self) -> Edit | None:
        """Do the edit again that was undone last; return it, or None where there is none."""
        return self.session.redo()

    def locate(self, path: Path, key: bool = False) -> Location:
        """Return where in the file the value at ``path`` stands (its key with ``key``).

        Lines are those of the current text, so an unsaved edit is counted. What the file does not say
        (a default) is located at the nearest thing around it that it does say.
        """
        root = self._root if self.blueprint.data is self._root.value else parse(self._body(), self.name)[0]
        return Location(self.name, *locate(root, path, key))

    # -- the text ---------------------------------------------------------------------------------------

    def _body(self) -> str:
        data = self.blueprint.data
        if self._written is None or self._written[0] is not data:
            self._written = data, rewrite(self._loaded, self._root, data)
        return self._written[1]

    def text(self) -> str:
        """Return the document as text: the file's own, with the edits worked in."""
        body = self._body()
        return self._bom + (body.replace("\n", "\r\n") if self._crlf else body)

    @property
    def saved_text(self) -> str:
        """The text as it was loaded or last saved."""
        return self._saved_text

    def on_save(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after every save."""
        self._save_listeners.append(listener)

    def save(self, path: str | None = None, force: bool = False) -> None:
        """Write the file (or ``path``, which it then is) in one atomic step.

        Raises :class:`ChangedOnDisk` where that would overwrite what somebody else wrote since it was
        loaded, unless ``force``; :class:`SaveError` where it cannot be written.
        """
        target = path or self.path
        if target is None:
            raise ChangedOnDisk("the design has no file yet; give it a name")
        text = self.text()
        data = text.encode("utf-8")
        if not force:
            self._guard(target)
        write_atomically(target, data)
        self.path, self._on_disk = target, data
        self.name, self._saved_text = target, text
        self.session.mark_saved()
        for listener in self._save_listeners:
            listener()

    def _guard(self, target: str) -> None:
        if not os.path.lexists(target):
            return
        same_file = self.path is not None and os.path.realpath(target) == os.path.realpath(self.path)
        if not same_file:
            raise ChangedOnDisk(f"{target}: exists already; choose another name or overwrite it on purpose")
        if read_bytes(target) != self._on_disk:
            raise ChangedOnDisk(
                f"{target}: was changed on disk since it was opened; save under another name or overwrite it on purpose"
            )


def load(path: str | os.PathLike[str], registry: Registry) -> BlueprintFile:
    """Read a blueprint (``-``: standard input); raise :class:`InputError` with every problem found."""
    name = os.fspath(path)
    data = read_bytes(name)
    shown = "<stdin>" if name == "-" else name
    return loads(decode(data, shown), registry, None if name == "-" else name, shown, data)


def loads(
    text: str, registry: Registry, path: str | None = None, name: str = "", on_disk: bytes | None = None
) -> BlueprintFile:
    """Read a blueprint from ``text``; ``path`` is the file it will be saved to."""
    name = name or path or "<text>"
    root, problems = parse(_bare(text), name)
    return from_tree(root, problems, text, registry, path, name, on_disk)


def from_tree(
    root: Node,
    problems: Sequence[Problem],
    text: str,
    registry: Registry,
    path: str | None,
    name: str,
    on_disk: bytes | None = None,
) -> BlueprintFile:
    """Check what was parsed; raise :class:`InputError` with the parser's problems and the model's together."""
    found = list(problems)

    def place(path: Path, key: bool = False) -> Location:
        return Location(name, *locate(root, path, key))

    if root.value is None:
        raise InputError([Problem("the file is empty", "start with 'blueprint: TITLE'", (), Location(name, 1, 1))])
    data = root.value
    update: Edit | None = None
    if isinstance(data, dict):
        try:
            update = migration(data)
        except VersionError as error:
            what, _, remedy = str(error).partition("; ")
            raise InputError([Problem(what, remedy, ("version",), place(("version",)))]) from error
    if update is not None and isinstance(data, dict):
        return _migrated(data, update, text, registry, path, name, on_disk)
    blueprint: Blueprint | None = None
    try:
        blueprint = Blueprint.build(data, registry, place)
    except InputError as error:
        found += error.problems
    if found or blueprint is None:
        raise InputError(sorted(found, key=_by_place))
    return BlueprintFile(blueprint, text, root, path, name, on_disk)


def _migrated(
    data: dict[str, Json],
    update: Edit,
    text: str,
    registry: Registry,
    path: str | None,
    name: str,
    on_disk: bytes | None,
) -> BlueprintFile:
    """Check the document in its new form; the text on disk stays as it is until it is saved."""
    old_root, _ = parse(_bare(text), name)
    new, _ = apply_all(data, update.operations)
    if not isinstance(new, dict):
        raise InputError([Problem("a blueprint is a mapping", "start with 'blueprint: TITLE'")])
    body = rewrite(_bare(text), old_root, new)
    root, problems = parse(body, name)
    file = from_tree(root, problems, body, registry, path, name, on_disk)
    file.notes = (f"{name}: {update.label}; saving writes the new form",)
    return file


def from_data(data: dict[str, Json], registry: Registry, name: str = "untitled", header: str = "") -> BlueprintFile:
    """Return a file that is not saved yet, its text written from ``data`` with ``header`` (comment lines) on top."""
    text = document(data, header)
    return loads(text, registry, None, name)


def _bare(text: str) -> str:
    bare = text.removeprefix(_BOM)
    return bare.replace("\r\n", "\n") if "\r\n" in bare and bare.count("\n") == bare.count("\r\n") else bare


def _by_place(problem: Problem) -> tuple[int, int, str]:
    where = problem.location
    return (where.line, where.column, problem.what) if where else (0, 0, problem.what)
