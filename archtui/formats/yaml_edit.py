"""Bringing changed data back into the text it came from, touching nothing else.

The new data is compared with what the text says; only what differs is written again, in the style of
its surroundings. Comments, order, quotes, alignment and line breaks of everything else stay as they
are, byte for byte, and data that is changed back gives the original text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from archtui.formats.yaml_emit import after_key, document, element, entry, flow, scalar
from archtui.formats.yaml_text import Node, parse
from archtui.model.component import Json
from archtui.model.errors import InputError


def rewrite(text: str, root: Node, data: dict[str, Json]) -> str:
    """Return ``text``, whose nodes hang below ``root``, so that it says ``data``."""
    if root.value == data:
        return text
    for unshare in (False, True):
        written = _Rewriter(text, unshare).run(root, data)
        if written is not None and _says(written, data):
            return written
    return document(data, _leading_comment(text))


def _says(text: str, data: dict[str, Json]) -> bool:
    try:
        root, problems = parse(text, "")
    except InputError:
        return False
    return not problems and _same(root.value, data)


def _same(a: Json, b: Json) -> bool:
    """Equal in values, types and order: ``1`` is not ``true`` here, and keys stand in one order."""
    if a is b:
        return True
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    return type(a) is type(b) and a == b


def _leading_comment(text: str) -> str:
    lines = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            break
        lines.append(line)
    return "".join(f"{line}\n" for line in lines)


class _Rewriter:
    def __init__(self, text: str, unshare: bool) -> None:
        self.text = text
        self.unshare = unshare
        self.splices: list[tuple[int, int, int, str]] = []

    def run(self, root: Node, data: dict[str, Json]) -> str | None:
        """Return the new text, or None where the root itself would have to be replaced."""
        if not isinstance(root.value, dict) or not root.items or not data:
            return None
        self.mapping(root, data, 0)
        parts: list[str] = []
        here = 0
        for start, end, _, text in sorted(self.splices):
            if start < here:
                return None
            parts += (self.text[here:start], text)
            here = end
        return "".join([*parts, self.text[here:]])

    def splice(self, start: int, end: int, text: str) -> None:
        """Note that ``text[start:end]`` gives way to ``text``."""
        self.splices.append((start, end, len(self.splices), text))

    # -- values -----------------------------------------------------------------------------------

    def differs(self, node: Node, value: Json) -> bool:
        """Say whether the node must be looked into."""
        return self.unshare or not _same(node.value, value)

    def change(self, node: Node, value: Json, replace: Callable[[], None], depth: int) -> None:
        """Make ``node`` say ``value``: inside it where it stays what it is, by ``replace`` otherwise."""
        if not self.differs(node, value):
            return
        if node.borrowed or not value or not node.items:
            if node.borrowed or not _same(node.value, value):
                replace()
        elif isinstance(value, dict) and isinstance(node.value, dict):
            self.mapping(node, value, depth)
        elif isinstance(value, list) and isinstance(node.value, list):
            self.sequence(node, value, depth)
        elif not _same(node.value, value):
            replace()

    # -- mappings -----------------------------------------------------------------------------------

    def mapping(self, node: Node, value: dict[str, Json], depth: int) -> None:
        """Bring the entries of a mapping up to date."""
        old = [str(key.value) for key in node.keys]
        new = list(value)
        for kept, gone, added, place in _runs(old, new):
            for index, position in kept:
                self.entry_at(node, index, new[position], value[new[position]], depth)
            if gone:
                self.drop(node, *gone, self.entry_start)
            texts = [self.new_entry(node, new[position], value[new[position]], depth) for position in added]
            self.add(node, place, texts, self.entry_start, depth)

    def entry_at(self, node: Node, index: int, name: str, value: Json, depth: int) -> None:
        """Bring one entry up to date: its key, then its value."""
        key, item = node.keys[index], node.items[index]
        if key.value != name:
            self.splice(key.start, key.end, scalar(name, key.style))

        def replace() -> None:
            if node.style:
                gap = "" if item.start > key.end + 1 else " "
                self.splice(item.start, item.end, gap + flow(value, self.quote(node, item, value)))
            elif isinstance(value, dict | list) or "\n" in str(value) or item.items or item.style in "|>":
                colon = self.text.index(":", key.end) + 1
                written = after_key(value, key.column - 1, len(name) + 1, spread=depth == 0)
                self.splice(colon, max(item.end, colon), written)
            else:
                gap = "" if item.start < item.end else " "
                self.splice(item.start, item.end, gap + scalar(value, self.quote(node, item, value)))

        self.change(item, value, replace, depth + 1)

    @staticmethod
    def quote(parent: Node, item: Node | None, value: Json) -> str:
        """Return the quotes that fit: the old value's own, or those of a document written as JSON."""
        if parent.style and parent.keys and all(key.style == '"' for key in parent.keys):
            return '"'
        if item is not None and isinstance(value, str) and item.style in ("'", '"'):
            return item.style
        return ""

    def new_entry(self, node: Node, name: str, value: Json, depth: int) -> str:
        """Return the text of an entry that the mapping does not have yet."""
        if node.style:
            quote = self.quote(node, None, value)
            return f"{scalar(name, quote)}: {flow(value, quote)}"
        return entry(name, value, node.keys[0].column - 1, spread=depth == 0)

    @staticmethod
    def entry_start(node: Node, index: int) -> int:
        """Return where entry ``index`` begins."""
        return node.keys[index].start

    # -- sequences ------------------------------------------------------------------------------------

    def sequence(self, node: Node, value: list[Json], depth: int) -> None:
        """Bring the elements of a sequence up to date."""
        old = [_token(item.value) for item in node.items]
        for kept, gone, added, place in _runs(old, [_token(item) for item in value]):
            for index, position in kept:
                self.element_at(node, index, value[position], depth)
            if gone:
                self.drop(node, *gone, self.element_start)
            texts = [
                flow(value[position]) if node.style else element(value[position], node.column - 1) for position in added
            ]
            self.add(node, place, texts, self.element_start, depth + 1)

    def element_at(self, node: Node, index: int, value: Json, depth: int) -> None:
        """Bring one element up to date."""
        item = node.items[index]

        def replace() -> None:
            if node.style or not (isinstance(value, dict | list) or item.items):
                gap = "" if item.start < item.end or node.style else " "
                self.splice(item.start, item.end, gap + flow(value, self.quote(node, item, value)))
            else:
                self.splice(self.element_start(node, index), item.end, element(value, node.column - 1))

        self.change(item, value, replace, depth + 1)

    def element_start(self, node: Node, index: int) -> int:
        """Return where element ``index`` begins: at its dash in a block."""
        start = node.items[index].start
        if node.style:
            return start
        line = start
        while line >= node.start - node.column:
            line = self.text.rfind("\n", 0, line) + 1
            if self.text[line + node.column - 1] == "-":
                return line + node.column - 1
            line -= 1
        return start

    # -- what mappings and sequences share --------------------------------------------------------------

    def drop(self, node: Node, first: int, last: int, start_of: Callable[[Node, int], int]) -> None:
        """Take away the entries ``first`` to ``last``."""
        start = start_of(node, first)
        if node.style:
            if last + 1 < len(node.items):
                self.splice(start, start_of(node, last + 1), "")
            else:
                self.splice(node.items[first - 1].end if first else start, node.items[last].end, "")
            return
        line = self.text.rfind("\n", 0, start) + 1
        if self.text[line:start].strip():
            if last + 1 < len(node.items):
                self.splice(start, start_of(node, last + 1), "")
            return
        for index in range(first, last + 1):
            begin = self.text.rfind("\n", 0, start_of(node, index)) + 1
            self.splice(begin, min(self.line_end(node.items[index].end) + 1, len(self.text)), "")

    def add(self, node: Node, place: int, texts: list[str], start_of: Callable[[Node, int], int], depth: int) -> None:
        """Put new entries behind entry ``place - 1``."""
        if not texts:
            return
        if node.style:
            joined = ", ".join(texts)
            if place:
                end = node.items[place - 1].end
                self.splice(end, end, f", {joined}")
            else:
                start = start_of(node, 0)
                self.splice(start, start, f"{joined}, ")
            return
        pad = "\n" + " " * (self.column_of(node) - 1)
        if place:
            end = self.line_end(max(node.items[place - 1].end, start_of(node, place - 1)))
            gap = "\n" if depth == 0 else ""
            self.splice(end, end, "".join(gap + pad + text for text in texts))
        else:
            start = start_of(node, 0)
            self.splice(start, start, "".join(text + pad for text in texts))

    @staticmethod
    def column_of(node: Node) -> int:
        """Return the column in which the entries of a block start."""
        return node.keys[0].column if node.keys else node.column

    def line_end(self, offset: int) -> int:
        """Return the offset of the line break behind ``offset``, or of the end of the text."""
        found = self.text.find("\n", offset)
        return len(self.text) if found < 0 else found


_Run = tuple[list[tuple[int, int]], tuple[int, int] | None, list[int], int]


def _runs(old: list[str], new: list[str]) -> Iterator[_Run]:
    """Yield what becomes of each run of entries: kept as (old, new), gone (first, last), added, and after which."""
    matcher = SequenceMatcher(None, old, new, autojunk=False) if old != new else None
    if matcher is None:
        yield [(index, index) for index in range(len(old))], None, [], len(old)
        return
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        both = min(i_end - i, j_end - j)
        kept = [(i + step, j + step) for step in range(both)]
        gone = (i + both, i_end - 1) if i + both < i_end else None
        yield kept, gone, list(range(j + both, j_end)), i + both


def _token(value: Json) -> str:
    return json.dumps(value)
