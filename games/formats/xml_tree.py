"""XML read into plain elements, each with its line; whatever could expand or reach out is refused.

A document type declaration is refused where it begins, so no entity is ever declared: neither
expansion bombs nor external entities have anything to stand on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from games.errors import UserError, plain, shown
from games.scenario_files.strict_yaml import ACTED_ON

MAX_CHARACTERS = 10_000_000
"""Longest text that is read."""

MAX_ELEMENTS = 200_000
"""Most elements that are read."""

MAX_DEPTH = 20
"""Deepest nesting that is read."""

_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Element:
    """An element without its text, of which the files read here have none that matters."""

    tag: str
    attributes: Mapping[str, str]
    children: tuple[Element, ...]
    line: int

    def all(self, tag: str) -> tuple[Element, ...]:
        """Return the children of this name."""
        return tuple(child for child in self.children if child.tag == tag)


class _Builder:
    """Hears what the parser finds and keeps the elements still open."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.doctype
        self.open: list[tuple[str, dict[str, str], int]] = []
        self.children: list[list[Element]] = [[]]
        self.elements = 0

    def refuse(self, found: str) -> NoReturn:
        raise UserError(f"{self.name}:{self.parser.CurrentLineNumber}: found {found}")

    def doctype(self, *_: object) -> NoReturn:
        self.refuse("a document type or entity declaration; expected plain XML without one")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if ACTED_ON.search(value):
                self.refuse(f"control characters in the attribute {key!r}; expected plain text")
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            self.refuse(f"more than {MAX_ELEMENTS} elements; expected a smaller file")
        if len(self.open) >= MAX_DEPTH:
            self.refuse(f"elements nested deeper than {MAX_DEPTH} levels")
        self.open.append((tag, attributes, self.parser.CurrentLineNumber))
        self.children.append([])

    def end(self, _: str) -> None:
        tag, attributes, line = self.open.pop()
        children = tuple(self.children.pop())
        self.children[-1].append(
            Element(tag=tag, attributes=attributes, children=children, line=line)
        )


def parse_xml(text: str, name: str) -> Element:
    """Return the outermost element of an XML text.

    Args:
        text: The text; what it declares as its encoding does not matter any more.
        name: What errors call it, usually the file's name.

    Raises:
        UserError: If it is too long, too deep, no XML, or declares a document type.
    """
    name = plain(name)
    if len(text) > MAX_CHARACTERS:
        raise UserError(f"{name}: {len(text)} characters; at most {MAX_CHARACTERS} are read")
    builder = _Builder(name)
    try:
        builder.parser.Parse(text.removeprefix("\ufeff"), True)  # noqa: FBT003
    except expat.ExpatError as error:
        problem = expat.ErrorString(error.code)
        raise UserError(f"{name}:{error.lineno}: not valid XML: {problem}") from None
    except UnicodeEncodeError:
        raise UserError(f"{name}: not valid XML: it holds half a surrogate pair") from None
    return builder.children[0][0]


def attribute(text: str) -> str:
    """Return a text as an attribute's value in quotes that reads back the same.

    Raises:
        UserError: If XML 1.0 has no way to write one of its characters.
    """
    unwritable = _UNWRITABLE.search(text)
    if unwritable is not None:
        raise UserError(f"{shown(text)}: XML cannot hold its character {unwritable.group()!r}")
    signs = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
    signs |= {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
    return '"' + "".join(signs.get(char, char) for char in text) + '"'
