"""Plain data as the YAML a person would write: short things on one line, long ones in blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping

from archtui.formats.yaml_text import plain
from archtui.model.component import Json

WIDTH = 110
"""A value that fits within this many columns stands on one line."""

_PLAIN = re.compile(r"[A-Za-z0-9_./](?:[A-Za-z0-9_./@+%=~*()&'<> -]|:(?=[^\s,\[\]{}]))*")
_READ_AS_OTHER = re.compile(r"(?i:yes|no|on|off|y|n)|\d+(?::\d+)+|[\d_]+|\d{4}-\d\d?-\d\d?.*|<<|=")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_SHOWN = re.compile(r"[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def scalar(value: bool | int | float | str | None, quote: str = "") -> str:
    """Return a scalar on one line; a text keeps the quotes it had (``quote``) or gets them where it needs them."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if quote == "'" and "\n" not in value and all(_SHOWN.match(char) for char in value):
        return "'" + value.replace("'", "''") + "'"
    if not quote and _may_stand_plain(value):
        return value
    return '"' + "".join(_escaped(char) for char in value) + '"'


def _may_stand_plain(text: str) -> bool:
    """Say whether ``text`` means itself without quotes, for readers of YAML 1.1 as well."""
    return bool(
        _PLAIN.fullmatch(text)
        and not text.endswith((" ", ":"))
        and plain(text) == text
        and isinstance(plain(text), str)
        and not _READ_AS_OTHER.fullmatch(text)
    )


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if _SHOWN.match(char):
        return char
    code = ord(char)
    if code > 0xFFFF:
        return f"\\U{code:08X}"
    return f"\\u{code:04X}" if code > 0xFF else f"\\x{code:02X}"


def flow(value: Json, quote: str = "") -> str:
    """Return ``value`` on one line; ``quote='"'`` quotes every text, as JSON does."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key, quote)}: {flow(item, quote)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, quote) for item in value) + "]"
    return scalar(value, quote)


def entry(key: str, value: Json, indent: int, spread: bool = False) -> str:
    """Return ``key: value`` for a block mapping at column ``indent``, without the first line's indentation.

    With ``spread`` a collection gets one line for each of its entries even if it would fit on one.
    """
    return f"{scalar(key)}:{after_key(value, indent, len(scalar(key)) + 1, spread)}"


def after_key(value: Json, indent: int, used: int, spread: bool = False) -> str:
    """Return what follows ``key:``, with the blank or line break it starts with."""
    if isinstance(value, str) and "\n" in value:
        literal = _literal(value, indent + 2)
        if literal:
            return f" {literal}"
    one = flow(value)
    if not isinstance(value, dict | list) or not value or (not spread and indent + used + 1 + len(one) <= WIDTH):
        return f" {one}"
    pad = "\n" + " " * (indent + 2)
    if isinstance(value, dict):
        return "".join(pad + entry(key, item, indent + 2) for key, item in value.items())
    return "".join(pad + element(item, indent + 2) for item in value)


def element(value: Json, indent: int) -> str:
    """Return ``- value`` for a block sequence at column ``indent``, without the first line's indentation."""
    one = flow(value)
    if indent + 2 + len(one) <= WIDTH or not isinstance(value, dict) or not value:
        return f"- {one}"
    pad = "\n" + " " * (indent + 2)
    return "- " + pad.join(entry(key, item, indent + 2) for key, item in value.items())


def _literal(text: str, indent: int) -> str:
    """Return ``text`` as a literal block, or nothing where a block cannot hold it."""
    lines = text.split("\n")
    ends = text.endswith("\n")
    body = lines[:-1] if ends else lines
    if not body[0].strip() or body[0][0] == " " or not body[-1].strip():
        return ""
    if any(line != line.rstrip() or not all(_SHOWN.match(char) for char in line) for line in body):
        return ""
    pad = " " * indent
    return ("|" if ends else "|-") + "".join("\n" + (pad + line if line else "") for line in body)


def document(data: Mapping[str, Json], header: str = "") -> str:
    """Return a whole document: scalars first as they come, collections in blocks with a blank line before each."""
    parts = [header] if header else []
    for key, value in data.items():
        collection = isinstance(value, dict | list) and bool(value)
        if collection and parts:
            parts.append("\n")
        parts.append(entry(key, value, 0, spread=collection) + "\n")
    return "".join(parts)
