"""The autosave journal: what was done to a document since it was last saved, so that a crash loses nothing.

A journal is an append-only file in the state folder: one line with the text the work started from, then
one line for each change. It is taken away when the document is saved or closed. A journal whose writer
is gone is what a crash left behind; :func:`pending` finds it and :meth:`Recovery.restore` brings the
document back. A change is handed to the system at once, which survives a crash of archtui; one of the
whole machine may cost the last seconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

from archtui.formats.blueprint_file import BlueprintFile, loads
from archtui.formats.files import state_folder
from archtui.model.component import Json
from archtui.model.edits import Edit, edit_from_json
from archtui.model.errors import ArchtuiError, EditError
from archtui.model.history import Change
from archtui.model.kinds import Registry

_FORMAT = 1


class JournalError(ArchtuiError):
    """A journal cannot be used."""


class Journal:
    """Writes down every change of ``file`` from now on. Without a state folder to write to it does nothing."""

    def __init__(self, file: BlueprintFile, folder: Path | None = None) -> None:
        self._file = file
        self._folder = folder or state_folder() / "journal"
        self._place: Path | None = None
        self.failed = ""
        """Why nothing is written down; empty: all is well."""
        file.session.on_change(self._changed)
        file.on_save(self._saved)

    def _changed(self, change: Change) -> None:
        try:
            if self._place is None:
                self._place = self._start()
            _append(self._place, {"edit": change.edit.to_json()})
        except OSError as error:
            self.failed = f"changes are not journalled: {error.strerror}; save often"

    def _start(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = self._folder / f"{_key(self._file.path)}-{os.getpid()}-{id(self._file):x}.jsonl"
        with contextlib.suppress(FileNotFoundError):
            place.unlink()
        header: dict[str, Json] = {
            "journal": _FORMAT,
            "path": os.path.abspath(self._file.path) if self._file.path else None,
            "name": self._file.name,
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "text": self._file.saved_text,
        }
        _append(place, header)
        return place

    def write_down(self, edits: tuple[Edit, ...]) -> None:
        """Note changes that were made before the journal began (after a recovery)."""
        for edit in edits:
            self._changed(Change(edit, self._file.blueprint))

    def _saved(self) -> None:
        self.close()

    def close(self) -> None:
        """Take the journal away: the document is saved, or the user has let the changes go."""
        if self._place is not None:
            with contextlib.suppress(OSError):
                self._place.unlink()
            self._place = None


@dataclass(frozen=True)
class Recovery:
    """What a crash left behind."""

    path: str | None
    """The file that was edited; None: it had none yet."""
    name: str
    edits: tuple[Edit, ...]
    text: str = field(repr=False)
    """What the file said when the work began."""
    place: Path
    """The journal."""

    @property
    def sentence(self) -> str:
        """What to tell the user."""
        count = len(self.edits)
        return f"{self.name}: {count} unsaved change{'s' if count != 1 else ''} of a run that ended without saving"

    def restore(self, registry: Registry, folder: Path | None = None) -> tuple[BlueprintFile, Journal]:
        """Return the document with its changes, unsaved, and its new journal.

        Raises :class:`InputError` or :class:`EditError` where that is not possible any more; the journal is kept
        then. Where the file on disk has changed since, saving asks before it overwrites it.
        """
        file = loads(self.text, registry, self.path, self.name, self.text.encode("utf-8") if self.path else None)
        for edit in self.edits:
            file.apply(edit)
        journal = Journal(file, folder)
        journal.write_down(self.edits)
        self.discard()
        return file, journal

    def discard(self) -> None:
        """Let the changes go."""
        with contextlib.suppress(OSError):
            self.place.unlink()


def pending(path: str | None, folder: Path | None = None) -> Recovery | None:
    """Return what a crash left behind of ``path`` (None: of a document without a file), the newest first."""
    folder = folder or state_folder() / "journal"
    try:
        places = list(folder.glob(f"{_key(path)}-*.jsonl"))
        places.sort(key=lambda place: (place.stat().st_mtime_ns, place.name), reverse=True)
    except OSError:
        return None
    for place in places:
        with contextlib.suppress(OSError, JournalError):
            found = _read(place)
            if found is not None and found.edits:
                return found
    return None


def _read(place: Path) -> Recovery | None:
    """Return the journal at ``place``; None where its writer is still at work."""
    rows: list[dict[str, Json]] = []
    for line in place.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            break
        if not isinstance(row, dict):
            break
        rows.append(row)
    header = rows[0] if rows else {}
    text, path, pid = header.get("text"), header.get("path"), header.get("pid")
    if header.get("journal") != _FORMAT or not isinstance(text, str) or not isinstance(pid, int):
        raise JournalError(f"{place}: is no journal; remove it")
    if header.get("host") != socket.gethostname() or (pid != os.getpid() and _is_running(pid)):
        return None
    edits: list[Edit] = []
    for row in rows[1:]:
        try:
            edits.append(edit_from_json(row.get("edit")))
        except EditError:
            break
    named = path if isinstance(path, str) else None
    return Recovery(named, str(header.get("name") or named or "untitled"), tuple(edits), text, place)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _key(path: str | None) -> str:
    return hashlib.sha256(os.path.realpath(path).encode()).hexdigest()[:24] if path else "unsaved"


def _append(place: Path, row: dict[str, Json]) -> None:
    descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with open(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
