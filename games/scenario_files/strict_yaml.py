"""YAML without its surprises: what is read is what is written, or it is refused with its line.

PyYAML turns `yes`, `off`, `2026-02-04`, `010` and `12:30` into other types and lets the last of two
equal keys win, silently. Here such values must be quoted (a date may stand plain under a key
named `date`), and duplicate keys, anchors, aliases, tags and merges are refused.
"""

import re
from collections.abc import Callable
from math import isfinite
from typing import Any, cast

import yaml

from games.errors import ScenarioError

MAX_CHARACTERS = 1_000_000
"""Longest text that is read at all."""

MAX_BYTES = 4 * MAX_CHARACTERS
"""The longest file that is read: a character takes four bytes at most."""

MAX_DEPTH = 20
"""Deepest nesting that is read at all."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?")
_UNREADABLE = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ACTED_ON = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""What a terminal acts on, or what turns text round: escapes in quotes can spell it."""

_PREFIX = "tag:yaml.org,2002:"

_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = _LOADER.yaml_implicit_resolvers
"""What plain scalars may be taken for, by their first character."""

Scalar = str | int | float | bool | None


def load_strict(text: str, name: str) -> object:
    """Return the plain lists, mappings and scalars that a YAML text spells out.

    Args:
        text: The YAML text.
        name: What errors call the text, usually its file name.

    Raises:
        ScenarioError: If the text is too long, is not YAML, or holds a value that YAML would
            silently read as something else; the message gives the line.
    """
    if len(text) > MAX_CHARACTERS:
        raise ScenarioError(f"{name}: {len(text)} characters; at most {MAX_CHARACTERS} are read")
    unreadable = _UNREADABLE.search(text)
    if unreadable is not None:
        line = text.count("\n", 0, unreadable.start()) + 1
        raise ScenarioError(f"{name}:{line}: found {unreadable.group()!r}; expected plain text")
    try:
        return _Reader(text, name).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{mark.line + 1}: " if mark else " "
        raise ScenarioError(f"{name}:{where}not valid YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise ScenarioError(f"{name}: not valid YAML: {str(error).splitlines()[0]}") from None


def locate(
    text: str, path: tuple[str, ...], *, at_key: bool = False
) -> tuple[int | None, tuple[str, ...]]:
    """Return the line (from 1) of the deepest part of `path` in the text, and the parts there.

    Parts that stand nowhere, such as a schema's names for its alternatives, are passed over. The
    line is that in which the value begins or, `at_key`, the one that names it.
    """
    return locate_in(tree(text), path, at_key=at_key)


def tree(text: str) -> yaml.Node | None:
    """Return a text's values with their lines, for whoever looks up many places in it."""
    return cast("yaml.Node | None", yaml.compose(text, Loader=_LOADER))  # pyright: ignore[reportUnknownMemberType]


def locate_in(
    node: yaml.Node | None, path: tuple[str, ...], *, at_key: bool = False
) -> tuple[int | None, tuple[str, ...]]:
    """Return the same as `locate`, in a text whose values are there."""
    line: int | None = None
    standing: list[str] = []
    for part in path:
        child = _child(node, part)
        if child is not None:
            line = (_key(node, part) if at_key else child).start_mark.line + 1
            node = child
            standing.append(part)
    return line, tuple(standing)


def _child(node: yaml.Node | None, part: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        return node.value[int(part)]
    return None


def _key(node: yaml.Node | None, part: str) -> yaml.Node:
    """Return what names a value that stands in a mapping or list: its key, or itself."""
    if isinstance(node, yaml.MappingNode):
        return next(key for key, _ in node.value if key.value == part)
    return cast("yaml.SequenceNode", node).value[int(part)]


class _Reader:
    """Turns a text's events into plain values, in one pass.

    What must not stand in the text at all (aliases, anchors, tags, great depth) is refused where it
    stands. A value that is not plain is noted and refused at the end, the first of them, so that an
    error of YAML further on is told first.
    """

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.noted: ScenarioError | None = None
        self.loader: Any = _LOADER(text)
        self.next: Callable[[], Any] = self.loader.get_event

    def document(self) -> object:
        """Return the value of the only document.

        Raises:
            YAMLError: If the text is not YAML, or holds a second document.
            ScenarioError: If it holds nothing, or what must not stand there.
        """
        values: list[object] = []
        try:
            while type(event := self.next()) is not yaml.StreamEndEvent:
                if isinstance(event, yaml.NodeEvent):
                    values.append(self.node(event, "", 0))
        finally:
            self.loader.dispose()
        if len(values) > 1:
            tree(self.text)  # It says where the second document begins.
        if self.noted is not None:
            raise self.noted
        if not values:
            raise ScenarioError(f"{self.name}: the file is empty; expected a mapping")
        return values[0]

    def node(self, event: Any, key: str, depth: int) -> object:
        """Return the value that begins with an event, stands under `key`, and lies so deep."""
        # Parsing is no recursion, but this is: a file nested deeply enough would end the process.
        if event.anchor is not None or event.tag is not None or depth > MAX_DEPTH:
            raise self.refusal(event, _unwanted(event))
        if type(event) is yaml.ScalarEvent:
            return self.scalar(event, key)
        if type(event) is yaml.MappingStartEvent:
            return self.mapping(depth + 1)
        items: list[object] = []
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            items.append(self.node(event, key, depth + 1))
        return items

    def mapping(self, depth: int) -> dict[Scalar, object]:
        """Return a mapping whose keys are scalars, each standing once, quoted or not."""
        values: dict[Scalar, object] = {}
        names: set[str] = set()
        while type(event := self.next()) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                self.note(event, "a key that is not a single word or number")
            key, written = self.node(event, "", depth), getattr(event, "value", "")
            if str(key) in names:
                self.note(event, f"the key {written!r} a second time")
            names.add(str(key))
            value = self.node(self.next(), written, depth)
            if type(event) is yaml.ScalarEvent:
                values[cast("Scalar", key)] = value
        return values

    def scalar(self, event: Any, key: str) -> Scalar:
        """Return the text, number, truth value or nothing that a scalar spells."""
        text: str = event.value
        kind = _kind(event)
        if kind == "str" or (kind == "timestamp" and key == "date"):
            if ACTED_ON.search(text):
                self.note(event, f"{text[:60]!r}; expected text without control characters")
            return text
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text)
        if kind == "float" and _DECIMAL.fullmatch(text) and isfinite(float(text)):
            return float(text)
        if kind == "bool" and text in {"true", "false"}:
            return text == "true"
        if kind == "null" and text in {"", "null", "~"}:
            return None
        self.note(event, _misread(kind, text))
        return text

    def note(self, event: Any, found: str) -> None:
        """Keep the refusal of what was found, unless there is one from further up."""
        self.noted = self.noted or self.refusal(event, found)

    def refusal(self, event: Any, found: str) -> ScenarioError:
        """Return the error that names the line of an event and what was found there."""
        return ScenarioError(f"{self.name}:{event.start_mark.line + 1}: found {found}")


def _misread(kind: str, text: str) -> str:
    """Return what was found that YAML takes for something else than it looks like."""
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    plainly = text.replace("_", "")
    is_number = _INTEGER.fullmatch(plainly) or _DECIMAL.fullmatch(plainly)
    if plainly != text and kind in ("int", "float") and is_number:
        return f"{shown!r}; expected {plainly}, or quotes around it"
    return f"{shown!r}, which YAML reads as {kind}; expected quotes around it, or a number"


def _kind(event: Any) -> str:
    """Return what YAML takes a scalar for: a tag of YAML's own, without its prefix."""
    if event.implicit[0]:
        text: str = event.value
        for tag, pattern in _RESOLVERS.get(text[:1], ()):
            if pattern.match(text):
                return tag.removeprefix(_PREFIX)
    return "str"


def _unwanted(event: Any) -> str:
    """Return what an event is that has an anchor or a tag, or lies too deep."""
    if type(event) is yaml.AliasEvent:
        return "an alias; expected the value written out"
    if event.anchor is not None:
        return f"the anchor {event.anchor!r}; expected plain values"
    if event.tag is not None:
        return f"the tag {event.tag!r}; expected plain values"
    return f"nested deeper than {MAX_DEPTH} levels"
