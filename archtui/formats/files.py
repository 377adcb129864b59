"""Reading and writing files so that nothing is ever lost and every failure is said in one line."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
from pathlib import Path

from archtui.model.errors import ArchtuiError, InputError, Location, Problem

MAX_BYTES = 16 * 1024 * 1024
"""The largest blueprint read; ten thousand components take about one and a half megabytes."""


class SaveError(ArchtuiError):
    """A file could not be written; what was on disk is still there."""


class ChangedOnDisk(SaveError):  # noqa: N818
    """The file was changed by somebody else since it was read."""


def refuse(name: str, what: str, remedy: str, line: int = 0, column: int = 0) -> InputError:
    """Return the error for a file that cannot be used."""
    return InputError([Problem(what, remedy, (), Location(name, line, column))])


_REASONS = {
    errno.ENOENT: ("there is no such file", "check the name, or start one with 'archtui new'"),
    errno.EISDIR: ("is a folder", "name a file in it"),
    errno.EACCES: ("may not be read", "check its permissions"),
    errno.ENAMETOOLONG: ("the name is too long", "check the name"),
    errno.ENOTDIR: ("a part of the path is a file, not a folder", "check the path"),
    errno.ELOOP: ("its symbolic links run in a circle", "mend the links"),
}


def read_bytes(path: str, limit: int = MAX_BYTES) -> bytes:
    """Return the contents of ``path`` (``-``: standard input); raise :class:`InputError`, never anything else."""
    if path == "-":
        data = sys.stdin.buffer.read(limit + 1)
        if len(data) > limit:
            raise _too_large("<stdin>", len(data), limit, more=True)
        return data
    try:
        status = os.stat(path)
        if stat.S_ISREG(status.st_mode) and status.st_size > limit:
            raise _too_large(path, status.st_size, limit)
        with open(path, "rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        code = error.errno if isinstance(error, OSError) else None
        what, remedy = _REASONS.get(code or 0, (f"cannot be read: {getattr(error, 'strerror', error)}", "check it"))
        raise refuse(path, what, remedy) from error
    if len(data) > limit:
        raise _too_large(path, len(data), limit, more=True)
    return data


def _too_large(name: str, size: int, limit: int, more: bool = False) -> InputError:
    shown = f"{'more than ' if more else ''}{size / 1048576:.0f} MB"
    return refuse(name, f"the file has {shown}, the limit is {limit / 1048576:.0f} MB", "split it or check the name")


def decode(data: bytes, name: str) -> str:
    """Return ``data`` as text; raise :class:`InputError` with the place of the first byte that is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        if b"\x00" in data[:4096]:
            raise refuse(name, "is not a text file", "name a blueprint", line, column) from error
        what = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise refuse(name, what, "save the file in the encoding UTF-8", line, column) from error


def write_atomically(path: str, data: bytes) -> None:
    """Replace ``path`` by ``data`` in one step: whatever happens, the old or the new file is there, whole.

    The data goes to a temporary file in the same folder, is forced to disk and then renamed. The mode
    of an existing file is kept, and a symbolic link keeps pointing at the file it points at. A pipe or
    a device cannot be replaced; it is written to.
    """
    if is_stream(path):
        _write_through(path, data)
        return
    real = os.path.realpath(path)
    folder = os.path.dirname(real) or "."
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(real)}.", suffix=".tmp", dir=folder)
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(real))
        os.replace(temporary, real)
        temporary = ""
        _sync_folder(folder)
    except OSError as error:
        raise SaveError(f"{path}: cannot be written: {error.strerror}; save under another name") from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def is_stream(path: str) -> bool:
    """Say whether ``path`` is there and is neither a file nor a folder: a pipe, a terminal, ``/dev/null``."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _write_through(path: str, data: bytes) -> None:
    try:
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise SaveError(f"{path}: cannot be written: {error.strerror}; name a file") from error


def _mode(path: str) -> int:
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_folder(folder: str) -> None:
    """Force the rename itself to disk; not every system lets a folder be opened for that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def state_folder() -> Path:
    """Return where archtui keeps what it must remember between two runs (``ARCHTUI_STATE`` overrides it)."""
    chosen = os.environ.get("ARCHTUI_STATE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return Path(base) / "archtui"
