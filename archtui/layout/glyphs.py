"""Box-drawing characters by their four arms, and the pure-ASCII set."""

from __future__ import annotations

import unicodedata

from archtui.layout.depict import EdgeStyle, FrameKind

Arms = tuple[int, int, int, int]
"""Up, right, down, left: 0 none, 1 light, 2 heavy, 3 double."""
_WEIGHT = {"LIGHT": 1, "HEAVY": 2, "DOUBLE": 3, "SINGLE": 1}
_ARMS = {"UP": (0,), "RIGHT": (1,), "DOWN": (2,), "LEFT": (3,), "HORIZONTAL": (1, 3), "VERTICAL": (0, 2)}


def _table() -> dict[Arms, str]:
    """Read the Unicode names of the box-drawing block: they say the arms of each character."""
    table: dict[Arms, str] = {}
    for code in range(0x2500, 0x2580):
        words = unicodedata.name(chr(code)).removeprefix("BOX DRAWINGS ").split()
        if {"DASH", "ARC", "DIAGONAL"} & set(words):
            continue
        arms = [0, 0, 0, 0]
        for part in " ".join(words).split(" AND "):
            names = part.split()
            weights = [_WEIGHT[word] for word in names if word in _WEIGHT]
            fallback = next((_WEIGHT[word] for word in words if word in _WEIGHT), 1)
            for word in names:
                for index in _ARMS.get(word, ()):
                    arms[index] = weights[0] if weights else fallback
        table.setdefault((arms[0], arms[1], arms[2], arms[3]), chr(code))
    return table


TABLE = _table()
ROUND = {(0, 1, 1, 0): "╭", (0, 0, 1, 1): "╮", (1, 0, 0, 1): "╯", (1, 1, 0, 0): "╰"}
DASHED = {"─": "╌", "│": "╎", "━": "╍", "┃": "╏"}
DOTTED = {"─": "┈", "│": "┊", "━": "┉", "┃": "┋"}
BEADED = {"─": "┄", "│": "┆", "━": "┅", "┃": "┇"}

FRAME_WEIGHT: dict[FrameKind, int] = {"region": 1, "vpc": 2, "zone": 1, "subnet": 1, "settings": 1, "group": 1}
FRAME_DASHES: dict[FrameKind, dict[str, str]] = {"zone": DASHED, "settings": DOTTED}
ROUND_FRAMES: frozenset[FrameKind] = frozenset({"region", "group", "settings"})

EDGE_WEIGHT: dict[EdgeStyle, int] = {"peer": 3}
EDGE_DASHES: dict[EdgeStyle, dict[str, str]] = {
    "dns": DASHED,
    "route": DOTTED,
    "uses": DOTTED,
    "replica": DASHED,
    "event": BEADED,
}

_ASCII = {"▶": ">", "◀": "<", "▲": "^", "▼": "v", "…": "~", "⋯": "~", "·": "-"}


def glyph(up: int, right: int, down: int, left: int) -> str:
    """Return the character with these arms; mixed weights that Unicode lacks become light."""
    found = TABLE.get((up, right, down, left))
    if found:
        return found
    light = tuple(min(arm, 1) for arm in (up, right, down, left))
    return TABLE.get((light[0], light[1], light[2], light[3]), " ")


def to_ascii(text: str) -> str:
    """Return ``text`` in ASCII: lines as ``-|+``, other glyphs as the nearest letter-sized sign."""
    return "".join(_ascii_of(character) for character in text)


def _ascii_of(character: str) -> str:
    if character < "\x80":
        return character
    if character in _ASCII:
        return _ASCII[character]
    if character in "┄┅":
        return "."
    if character in "┆┇":
        return ":"
    if character in "─━═╌╍┈┉╴╶":
        return "-"
    if character in "│┃║╎╏┊┋╵╷":
        return "|"
    if "─" <= character <= "╿":
        return "+"
    return "*"
