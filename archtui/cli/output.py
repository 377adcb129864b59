"""Printing: answers on standard output, notes on standard error, ASCII alone where that is asked for."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence

_ASCII = {
    "✓": "ok",
    "✗": "x",
    "→": "->",
    "←": "<-",
    "⇒": "=>",
    "↳": "->",
    "…": "...",
    "·": "-",
    "•": "*",
    "–": "-",
    "—": "-",
    "×": "x",
    "≤": "<=",
    "≥": ">=",
    "│": "|",
    "─": "-",
    "├": "|",
    "└": "`",
    "┬": "-",
    "┌": ".",
    "▸": ">",
    "▾": "v",
}


def is_plain() -> bool:
    """Say whether output keeps to ASCII: with ``--plain``, or where the terminal knows nothing else."""
    encoding = (getattr(sys.stdout, "encoding", "") or "ascii").lower().replace("-", "")
    return bool(os.environ.get("ARCHTUI_PLAIN")) or not encoding.startswith("utf")


def show(text: str) -> None:
    """Print a text answer."""
    if is_plain():
        text = "".join(_ASCII.get(char, char) for char in text)
        text = text.encode("ascii", "replace").decode("ascii")
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def show_json(data: object) -> None:
    """Print a JSON answer; ``data`` is plain data."""
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=is_plain(), allow_nan=False) + "\n")


def note(text: str) -> None:
    """Print what is no part of the answer."""
    print(text, file=sys.stderr)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows in columns as wide as they need; the last column is not padded."""
    lines = [tuple(header), *(tuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    shown = []
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        shown.append("  ".join(cells).rstrip())
    return "\n".join(shown) + "\n"
