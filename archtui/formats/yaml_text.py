"""YAML text as plain data together with the place of everything in it.

The scanner is libyaml's; the meaning of plain scalars is YAML 1.2's core schema, so ``no`` is a text
(the country Norway, not false). Whole numbers with a leading zero stay text, because AWS account
ids look like that.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml

from archtui.model.component import Json
from archtui.model.errors import InputError, Location, Problem
from archtui.model.operations import Path

MAX_DEPTH = 60
MAX_VALUES = 2_000_000
"""How many values a document may hold once its aliases are written out."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(?:\d+|0o[0-7]+|0x[0-9a-fA-F]+|(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_STANDARD = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Node:
    """One value of the document and where it stands in the text.

    ``start`` and ``end`` are offsets; the end is that of the value itself, not of the comments and
    blank lines behind it. ``line`` and ``column`` count from 1.
    """

    value: Json
    start: int
    end: int
    line: int
    column: int
    style: str = ""
    """``'`` or ``"`` for quoted text, ``|`` or ``>`` for blocks, ``{`` or ``[`` for flow collections."""
    keys: list[Node] = field(default_factory=list)
    """The key nodes of a mapping, in order."""
    items: list[Node] = field(default_factory=list)
    """The values of a mapping or the elements of a sequence."""
    size: int = 1
    borrowed: bool = False
    """Whether it stands for an anchor elsewhere, or holds keys merged in from one: not to be edited in place."""

    def child(self, part: str | int) -> Node | None:
        """Return the node at key or index ``part``."""
        index = self.position(part)
        return None if index is None else self.items[index]

    def position(self, part: str | int) -> int | None:
        """Return where among ``items`` key or index ``part`` stands."""
        if isinstance(self.value, dict):
            return next((i for i, key in enumerate(self.keys) if key.value == part), None)
        if isinstance(self.value, list) and isinstance(part, int) and 0 <= part < len(self.items):
            return part
        return None


def plain(text: str) -> Json:
    """Return the meaning of an unquoted scalar under YAML 1.2's core schema."""
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        return text
    digits = text.lstrip("+-")
    if digits.isdigit():
        return text if (len(digits) > 1 and digits[0] == "0") or len(digits) > 300 else int(text)
    if digits[:2] in ("0o", "0x"):
        return int(text, 0)
    number = float(text)
    return number if abs(number) != float("inf") else text


def parse(text: str, file: str) -> tuple[Node, list[Problem]]:
    """Return the root node of ``text`` and the problems that did not keep it from being read.

    Raises :class:`InputError` where the text is no YAML at all.
    """
    composer = _Composer(text, file)
    collecting = gc.isenabled()
    gc.disable()  # nothing becomes garbage while a tree grows, and looking for it again and again takes a third
    try:
        return composer.run(), composer.problems
    finally:
        if collecting:
            gc.enable()


def read_yaml(text: str) -> Any:
    """Return what a YAML text says, as plain data; raise :class:`InputError` with every problem."""
    root, problems = parse(text, "<text>")
    if problems:
        raise InputError(problems)
    return root.value


def locate(root: Node, path: Path, key: bool = False) -> tuple[int, int]:
    """Return line and column of the value at ``path``; of its key with ``key`` or where it is a collection.

    Where the document holds no such path, the deepest part of it that exists answers.
    """
    here, where = root, root
    for depth, part in enumerate(path):
        index = here.position(part)
        if index is None:
            return where.line, where.column
        last = depth == len(path) - 1
        label = here.keys[index] if here.keys else here.items[index]
        here = here.items[index]
        collection = isinstance(here.value, dict | list)
        where = label if (key and last) or collection else here
    return where.line, where.column


class _Open:
    """A collection whose end has not come yet."""

    __slots__ = ("anchor", "key", "merges", "node", "seen")

    def __init__(self, node: Node, anchor: str | None) -> None:
        self.node = node
        self.anchor = anchor
        self.key: Node | None = None
        self.seen: dict[str, Node] = {}
        self.merges: list[Node] = []


class _Composer:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}
        self.stack: list[_Open] = []
        self.root: Node | None = None

    def refuse(self, what: str, remedy: str, line: int, column: int) -> InputError:
        """Return the error to raise for what cannot be read."""
        return InputError([*self.problems, Problem(what, remedy, (), Location(self.file, line, column))])

    def run(self) -> Node:
        """Read all events and return the root."""
        for event in self._events():
            start, line, column = _place(event.start_mark)
            end = event.end_mark.index if event.end_mark else start
            if isinstance(event, yaml.ScalarEvent):
                node = Node(self._scalar(event, line, column), start, 0, line, column, event.style or "")
                node.end = self._trimmed(start, end)
                if event.anchor:
                    self.anchors[event.anchor] = node
                self._arrive(node)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                is_map = isinstance(event, yaml.MappingStartEvent)
                self._check_tag(event.tag, line, column)
                style = ("{" if is_map else "[") if event.flow_style else ""
                if event.anchor:
                    self.anchors[event.anchor] = None
                if len(self.stack) >= MAX_DEPTH:
                    raise self.refuse(
                        f"nested deeper than {MAX_DEPTH} levels", "a blueprint needs a handful", line, column
                    )
                self.stack.append(_Open(Node({} if is_map else [], start, 0, line, column, style), event.anchor))
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._close(end)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event.anchor or "", start, end, line, column)
            elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                raise self.refuse("a second document starts here", "keep one document in a file", line, column)
        return self.root or Node(None, 0, 0, 1, 1)

    def _events(self) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(self.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            what = error.problem or "cannot be read as YAML"
            if error.context:
                what = f"{what} ({error.context})"
            if mark and mark is error.problem_mark and error.context_mark and mark.index >= len(self.text.rstrip()):
                mark = error.context_mark  # where it was opened says more than where the file ends
            _, line, column = _place(mark)
            raise self.refuse(f"not valid YAML: {what}", _remedy(what), line, column) from error
        except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
            raise self._unreadable() from error
        except yaml.YAMLError as error:
            raise self.refuse(f"not valid YAML: {error}", "save it as plain UTF-8 text", 1, 1) from error

    def _unreadable(self) -> InputError:
        index = next((i for i, c in enumerate(self.text) if not _printable(c)), 0)
        line = self.text.count("\n", 0, index) + 1
        column = index - (self.text.rfind("\n", 0, index) + 1) + 1
        code = f"U+{ord(self.text[index]):04X}" if self.text else "nothing"
        return self.refuse(f"the character {code} has no place in a text", "remove it or escape it", line, column)

    def _trimmed(self, start: int, end: int) -> int:
        while end > start and self.text[end - 1] in " \t\n\r":
            end -= 1
        return end

    def _scalar(self, event: yaml.ScalarEvent, line: int, column: int) -> Json:
        text: str = event.value
        if event.tag is None:
            return text if event.style else plain(text)
        self._check_tag(event.tag, line, column)
        return text if event.tag == f"{_STANDARD}str" or event.tag == "!" else plain(text)

    def _check_tag(self, tag: str | None, line: int, column: int) -> None:
        if tag and tag != "!" and not tag.startswith(_STANDARD):
            where = Location(self.file, line, column)
            self.problems.append(Problem(f"the tag {tag!r} means nothing here", "take it away", (), where))

    def _alias(self, anchor: str, start: int, end: int, line: int, column: int) -> None:
        if anchor not in self.anchors:
            raise self.refuse(f"*{anchor} names no anchor", f"write &{anchor} where it is defined", line, column)
        target = self.anchors[anchor]
        if target is None:
            raise self.refuse(f"*{anchor} contains itself", "a blueprint holds no cycles", line, column)
        self._arrive(
            Node(target.value, start, end, line, column, "*", target.keys, target.items, target.size, borrowed=True)
        )

    def _close(self, end: int) -> None:
        done = self.stack.pop()
        node = done.node
        if node.style:
            node.end = end
        else:
            node.end = node.items[-1].end if node.items else node.start
        for merged in done.merges:
            self._merge(node, done.seen, merged)
        if done.anchor:
            self.anchors[done.anchor] = node
        self._arrive(node)

    def _merge(self, node: Node, seen: dict[str, Node], source: Node) -> None:
        """Take the keys of ``<<: *source`` that the mapping does not set itself."""
        sources = source.items if isinstance(source.value, list) else [source]
        for one in sources:
            if not isinstance(one.value, dict) or not isinstance(node.value, dict):
                where = Location(self.file, one.line, one.column)
                self.problems.append(Problem("'<<' takes a mapping", "name an anchor of a mapping", (), where))
                continue
            for key, value in zip(one.keys, one.items, strict=True):
                name = str(key.value)
                if name not in seen:
                    seen[name] = key
                    node.value[name] = value.value
                    node.keys.append(key)
                    node.items.append(value)
                    node.size += value.size
        node.borrowed = True

    def _arrive(self, node: Node) -> None:
        if node.size > MAX_VALUES:
            raise self.refuse(
                f"its aliases stand for more than {MAX_VALUES:,} values", "write them out", node.line, node.column
            )
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        box = parent.node.value
        if isinstance(box, list):
            box.append(node.value)
            parent.node.items.append(node)
            parent.node.size += node.size
        elif parent.key is None:
            parent.key = node
        else:
            self._pair(parent, parent.key, node)
            parent.key = None

    def _pair(self, parent: _Open, key: Node, node: Node) -> None:
        box = parent.node.value
        if not isinstance(box, dict):
            return
        if isinstance(key.value, dict | list):
            raise self.refuse("a key is a text", "write 'key: value'", key.line, key.column)
        name = self.text[key.start : key.end] if not isinstance(key.value, str) else key.value
        if name == "<<" and not key.style:
            parent.merges.append(node)
            return
        key.value = name
        if name in parent.seen:
            first = parent.seen[name]
            self.problems.append(
                Problem(
                    f"{name!r} is given twice, first in line {first.line}",
                    "remove one of the two or rename it",
                    (),
                    Location(self.file, key.line, key.column),
                )
            )
            return
        parent.seen[name] = key
        box[name] = node.value
        parent.node.keys.append(key)
        parent.node.items.append(node)
        parent.node.size += node.size


class _Mark(Protocol):
    """What libyaml's marks and those of the Python scanner have in common."""

    index: int
    line: int
    column: int


def _place(mark: _Mark | None) -> tuple[int, int, int]:
    """Return offset, line and column of ``mark``, the latter two from 1."""
    return (mark.index, mark.line + 1, mark.column + 1) if mark else (0, 1, 1)


def _printable(char: str) -> bool:
    code = ord(char)
    return char in "\t\n\r\x85" or 0x20 <= code <= 0x7E or (code >= 0xA0 and not 0xD800 <= code <= 0xDFFF)


_REMEDIES = (
    ("character '\\t'", "indent with spaces, not with tabs"),
    ("cannot start any token", "put the text in quotes"),
    ("expected ',' or '}'", "close the brace or put a comma between the entries"),
    ("expected ',' or ']'", "close the bracket or put a comma between the elements"),
    ("mapping values are not allowed", "put a text that contains ': ' in quotes, or check the indentation"),
    ("could not find expected ':'", "write 'key: value', with a blank after the colon"),
    ("did not find expected key", "align the keys of one mapping in one column"),
    ("found unexpected end of stream", "close the quotes"),
)


def _remedy(what: str) -> str:
    return next((remedy for sign, remedy in _REMEDIES if sign in what), "check indentation, quotes and brackets")
