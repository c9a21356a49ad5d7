"""YAML without its surprises: what is read is what is written, or it is refused with its line.

PyYAML turns `yes`, `off`, `2026-02-04`, `010` and `12:30` into other types and lets the last of two
equal keys win, silently. Here such values must be quoted (a date may stand plain under a key
named `date`), and duplicate keys, anchors, aliases, tags and merges are refused.
"""

import re
from collections.abc import Iterator
from math import isfinite
from typing import cast

import yaml

from games.errors import ScenarioError

MAX_CHARACTERS = 1_000_000
"""Longest text that is read at all."""

MAX_DEPTH = 20
"""Deepest nesting that is read at all."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?")
_UNREADABLE = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PREFIX = "tag:yaml.org,2002:"

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
    node = _compose(text, name)
    if node is None:
        raise ScenarioError(f"{name}: the file is empty; expected a mapping")
    return _Reader(name).read(node, key="")


def locate(text: str, path: tuple[str, ...]) -> tuple[int | None, tuple[str, ...]]:
    """Return the line (from 1) of the deepest part of `path` in the text, and the parts there.

    Parts that stand nowhere, such as a schema's names for its alternatives, are passed over.
    """
    node = _parse(text)
    line: int | None = None
    standing: list[str] = []
    for part in path:
        child = _child(node, part)
        if child is not None:
            node = child
            line = child.start_mark.line + 1
            standing.append(part)
    return line, tuple(standing)


def _parse(text: str) -> yaml.Node | None:
    return cast("yaml.Node | None", yaml.compose(text, Loader=_LOADER))  # pyright: ignore[reportUnknownMemberType]


def _child(node: yaml.Node | None, part: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        return node.value[int(part)]
    return None


def _compose(text: str, name: str) -> yaml.Node | None:
    try:
        refused = next(_refused(text), None)
        if refused is not None:
            line, found = refused
            raise ScenarioError(f"{name}:{line}: found {found}")
        return _parse(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"{mark.line + 1}: " if mark else " "
        raise ScenarioError(f"{name}:{line}not valid YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise ScenarioError(f"{name}: not valid YAML: {str(error).splitlines()[0]}") from None


def _refused(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and nature of what composed nodes do not show, or would not survive.

    Composing recurses in C: a file nested deeply enough would end the process.
    """
    depth = 0
    for event in cast("Iterator[yaml.Event]", yaml.parse(text, Loader=_LOADER)):  # pyright: ignore[reportUnknownMemberType]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if not isinstance(event, yaml.NodeEvent):
            continue
        if isinstance(event, yaml.AliasEvent):
            yield line, "an alias; expected the value written out"
        elif event.anchor is not None:
            yield line, f"the anchor {event.anchor!r}; expected plain values"
        else:
            tag: str | None = getattr(event, "tag", None)
            if tag is not None:
                yield line, f"the tag {tag!r}; expected plain values"
        if depth > MAX_DEPTH:
            yield line, f"nested deeper than {MAX_DEPTH} levels"
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1


class _Reader:
    """Turns one document's nodes into plain values."""

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, node: yaml.Node, *, key: str) -> object:
        """Return the value of a node that stands under `key`."""
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, key=key) for item in node.value]
        return self.scalar(cast("yaml.ScalarNode", node), key)

    def mapping(self, node: yaml.MappingNode) -> dict[Scalar, object]:
        """Return a mapping whose keys are scalars, each standing once, quoted or not."""
        values: dict[Scalar, object] = {}
        names: set[str] = set()
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self.refusal(key_node, "a key that is not a single word or number")
            key = self.scalar(key_node, "")
            if str(key) in names:
                raise self.refusal(key_node, f"the key {key_node.value!r} a second time")
            names.add(str(key))
            values[key] = self.read(value_node, key=key_node.value)
        return values

    def scalar(self, node: yaml.ScalarNode, key: str) -> Scalar:
        """Return the text, number, truth value or nothing that a scalar node spells."""
        text: str = node.value
        kind = node.tag.removeprefix(_PREFIX)
        if kind == "str" or (kind == "timestamp" and key == "date"):
            return text
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text)
        if kind == "float" and _DECIMAL.fullmatch(text) and isfinite(float(text)):
            return float(text)
        if kind == "bool" and text in {"true", "false"}:
            return text == "true"
        if kind == "null" and text in {"", "null", "~"}:
            return None
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        raise self.refusal(
            node, f"{shown!r}, which YAML reads as {kind}; expected quotes around it, or a number"
        )

    def refusal(self, node: yaml.Node, found: str) -> ScenarioError:
        """Return the error that names the line of a node and what was found there."""
        return ScenarioError(f"{self.name}:{node.start_mark.line + 1}: found {found}")
