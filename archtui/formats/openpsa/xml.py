"""Reading XML that may come from anywhere, with the place of every element.

The standard library's expat, held short: no entity may be declared (so none can be expanded again
and again), nothing outside the file is ever loaded, and nesting has a limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from archtui.model.errors import InputError, Location, Problem

MAX_NESTING = 300
"""How deep elements may stand in each other."""


@dataclass(slots=True)
class Element:
    """An element with its attributes, its children and its place in the file."""

    tag: str
    attributes: Mapping[str, str]
    location: Location
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def named(self, *tags: str) -> Iterator[Element]:
        """Yield the children of these tags, in order."""
        return (child for child in self.children if child.tag in tags)

    @property
    def formulae(self) -> list[Element]:
        """The children that are no remark."""
        return [child for child in self.children if child.tag not in ("label", "attributes", "attribute")]


def refused(location: Location, what: str, remedy: str) -> InputError:
    """Return the error for one thing that is wrong at ``location``."""
    return InputError([Problem(what, remedy, location=location)])


def parse(data: bytes, file: str) -> Element:
    """Return the root element of ``data``; raises :class:`InputError` with the place of what is wrong."""
    parser = expat.ParserCreate()
    stack: list[Element] = []
    roots: list[Element] = []

    def here() -> Location:
        return Location(file, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(stack) >= MAX_NESTING:
            raise refused(here(), f"elements are nested more than {MAX_NESTING} deep", "name the inner gates")
        element = Element(tag, attributes, here())
        (stack[-1].children if stack else roots).append(element)
        stack.append(element)

    def end(_: str) -> None:
        stack.pop()

    def text(data: str) -> None:
        if stack:
            stack[-1].text += data

    def entity(*_: object) -> None:
        raise refused(here(), "the file declares an XML entity, which is not admitted", "write the text itself")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = entity
    parser.UnparsedEntityDeclHandler = entity
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = expat.errors.messages[error.code]
        place = Location(file, error.lineno, error.offset + 1)
        raise refused(place, f"this is no well-formed XML: {reason}", "correct the file or export it again") from error
    return roots[0]
