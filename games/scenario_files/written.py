"""Scenario files as they are written: read, joined with those they extend, and found again by line.

A file may name another scenario under `extends` and state only what differs. Mappings are joined
key by key, and sources by their id; whatever else is stated takes the place of what it extends, and
`null` removes a key. A file's format version, id and title are always its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, cast

from games.errors import ScenarioError
from games.files.reading import Unreadable, read_text
from games.naming import perhaps
from games.scenario_files.strict_yaml import MAX_BYTES, load_strict, locate_in, tree

if TYPE_CHECKING:
    from yaml import Node

MAX_PARENTS = 8
"""Files that one may extend, one through the other."""

SOURCES = "sources"
"""The only list that is joined, by the ids of what it lists."""

_SAYS_SO = re.compile(r"""(?m)(?:^\ufeff?|[{,])\s*["']?minilateral(?:-plan)?["']?\s*:""")
"""What stands in every scenario's file, and in every plan's."""

OWN_KEYS = ("minilateral", "id", "title")
"""What no file takes from the one it extends."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something is written."""

    name: str
    """The file's, or that of a bundled scenario."""
    line: int | None
    """Counted from 1; None if it stands nowhere."""
    standing: tuple[str, ...]
    """The keys of it that stand there."""

    @property
    def text(self) -> str:
        """The place as messages begin with it."""
        return f"{self.name}:{self.line}" if self.line else self.name


@dataclass(frozen=True, kw_only=True)
class Page:
    """One file, or a bundled scenario's."""

    name: str
    text: str
    values: object
    folder: Path | None
    """From which it names others; None if it can only name bundled ones."""

    @cached_property
    def _tree(self) -> Node | None:
        # A long file may have many faults, and is taken apart once.
        return tree(self.text)

    def locate(
        self, path: tuple[str, ...], *, at_key: bool = False
    ) -> tuple[int | None, tuple[str, ...]]:
        """Return the line of the deepest part of a path, and the parts that stand there."""
        return locate_in(self._tree, path, at_key=at_key)

    def error(self, path: tuple[str, ...], problem: str) -> ScenarioError:
        """Return the error that names a place in it."""
        line, _ = self.locate(path)
        where = f"{self.name}:{line}" if line else self.name
        return ScenarioError(f"{where}: {'.'.join(path)}: {problem}")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A scenario as it is written, whole: a file and what it extends."""

    pages: tuple[Page, ...]
    """The file first, then what it extends, and so on."""
    values: object
    """What they say together."""

    def place(self, path: tuple[str, ...], *, at_key: bool = False) -> Place:
        """Return where the deepest part of a path is written, or would be if it is missing.

        Parts that stand nowhere, such as a schema's names for its alternatives, are passed over.
        The line is that in which its value begins or, `at_key`, the one that names it.
        """
        standing = _standing(self.values, path)
        page = self._owner(standing)
        here = self._in_page(page, standing) or (SOURCES,)
        line, found = page.locate(here, at_key=at_key)
        return Place(name=page.name, line=line, standing=standing[: len(found)])

    def _in_page(self, page: Page, path: tuple[str, ...]) -> tuple[str, ...] | None:
        """Return a path as it is in one file, whose sources have numbers of their own.

        None if it is that of a source which the file does not list.
        """
        if len(self.pages) == 1 or path[:1] != (SOURCES,) or len(path) < 2:
            return path
        named = _id_of(_child(_child(self.values, SOURCES), path[1]))
        own = _child(page.values, SOURCES)
        ids = [_id_of(one) for one in cast("list[object]", own)] if isinstance(own, list) else []
        return (SOURCES, str(ids.index(named)), *path[2:]) if named in ids else None

    def _owner(self, path: tuple[str, ...]) -> Page:
        """Return the file whose word on a path holds."""
        best, deepest = self.pages[0], -1
        for page in self.pages:
            here = self._in_page(page, path)
            if here is None:
                continue
            depth, is_last_word = _reach(page.values, here)
            if is_last_word:
                return page
            if depth > deepest:
                best, deepest = page, depth
        return best


def _standing(values: object, path: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for part in path:
        inner = _child(values, part)
        if inner is not _ABSENT:
            values = inner
            found.append(part)
    return tuple(found)


def _reach(values: object, path: tuple[str, ...]) -> tuple[int, bool]:
    """Return how much of a path is stated, and whether what stands there is not joined further."""
    for depth, part in enumerate(path):
        if _mapping(values) is None:
            return depth, True
        values = _child(values, part)
        if values is _ABSENT:
            return depth, False
    return len(path), _mapping(values) is None


def _mapping(value: object) -> Mapping[object, object] | None:
    return cast("Mapping[object, object]", value) if isinstance(value, Mapping) else None


_ABSENT = object()


def _child(values: object, part: str) -> object:
    stated = _mapping(values)
    if stated is not None:
        return next((inner for key, inner in stated.items() if str(key) == part), _ABSENT)
    if isinstance(values, list):
        items = cast("list[object]", values)
        if part.isdigit() and int(part) < len(items):
            return items[int(part)]
    return _ABSENT


def bundled_names() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the package."""
    folder = files("games") / "scenarios"
    names = (item.name for item in folder.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def read_written(source: str | Path, *, is_named_by_file: bool = False) -> Written:
    """Return what a file says, or the bundled scenario of that name, with all that it extends.

    Args:
        source: The file, or the name.
        is_named_by_file: Whether another file names it, and not the user. Then nothing of it is
            told unless it says that it is of ours.

    Raises:
        ScenarioError: If there is none, or it or one that it extends cannot be read.
    """
    name = str(source)
    if isinstance(source, str) and name in bundled_names():
        return _joined(_bundled(name), (_key(name, None),))
    path = Path(source)
    return _joined(_read(path, name, name, is_ours=not is_named_by_file), (_key(name, path),))


def written(text: str, name: str) -> Written:
    """Return what a text says; it can extend bundled scenarios only.

    Raises:
        ScenarioError: If it, or one that it extends, cannot be read.
    """
    page = Page(name=name, text=text, values=load_strict(text, name), folder=None)
    return _joined(page, ("",))


def _bundled(name: str) -> Page:
    text = (files("games") / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")
    return Page(name=name, text=text, values=load_strict(text, name), folder=None)


def _read(path: Path, name: str, given: str, *, is_ours: bool) -> Page:
    """Return what a file says; one that somebody's file names has to say first that it is ours.

    Whoever wrote it may name any file of its reader's, and errors quote what they find.
    """
    try:
        # What is no plain file may keep whoever opens it waiting for ever.
        if not is_ours and _is_there(path) and not (path.is_file() or path.is_dir()):
            raise ScenarioError(f"{name}: no plain file; expected a scenario's")
        text = read_text(path, MAX_BYTES, name)
    except Unreadable as error:
        if not error.is_missing:
            raise ScenarioError(str(error)) from None
        known = bundled_names()
        meant = perhaps(Path(given).stem, known) or f" ({', '.join(known)})"
        raise ScenarioError(
            f"{given}: no such file, and no bundled scenario of that name{meant}"
        ) from None
    if not is_ours and _SAYS_SO.search(text) is None:
        raise ScenarioError(f"{name}: no scenario's file: it does not say `minilateral: 1`")
    return Page(name=name, text=text, values=load_strict(text, name), folder=path.parent)


def _key(name: str, path: Path | None) -> str:
    """Return what a file is known by, whatever way leads to it."""
    if path is None:
        return f"bundled {name}"
    try:
        return str(path.resolve())
    except (OSError, RuntimeError):
        return str(path)


def _joined(page: Page, seen: tuple[str, ...]) -> Written:
    """Return a file with what it extends; `seen` are those that led to it, itself among them."""
    stated = _mapping(page.values)
    if stated is None or "extends" not in stated:
        return Written(pages=(page,), values=page.values)
    own = dict(stated)
    parent, key = _parent(page, own.pop("extends"))
    if key in seen:
        raise page.error(("extends",), f"{parent.name} comes back to itself; expected another one")
    if len(seen) > MAX_PARENTS:
        raise page.error(("extends",), f"more than {MAX_PARENTS} files extend one another")
    above = _joined(parent, (*seen, key))
    whole = _mapping(above.values)
    if whole is None:
        raise page.error(("extends",), f"{parent.name} holds no keys with values")
    taken = {name: value for name, value in whole.items() if name not in OWN_KEYS}
    return Written(pages=(page, *above.pages), values=_merged(taken, own, (), page))


def _parent(page: Page, named: object) -> tuple[Page, str]:
    if not isinstance(named, str) or not named.strip():
        raise page.error(
            ("extends",), f"expected a bundled scenario's name or a file, found {named!r}"
        )
    if named in bundled_names():
        return _bundled(named), _key(named, None)
    if page.folder is None:
        known = ", ".join(bundled_names())
        raise page.error(("extends",), f"expected a bundled scenario ({known}), found {named!r}")
    path = page.folder / named
    try:
        found = _read(path, str(path), named, is_ours=False)
    except ScenarioError as error:
        if _is_there(path):
            raise  # It names the file and the line that are at fault.
        raise page.error(("extends",), str(error)) from None
    return found, _key(named, path)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        # Its name is too long, say, or a folder above it may not be entered.
        return False


def _merged(
    under: Mapping[object, object], over: Mapping[object, object], path: tuple[str, ...], by: Page
) -> dict[object, object]:
    """Return two mappings joined; what stands `over` holds, and its order comes last."""
    found = dict(under)
    spelled = {str(key): key for key in under}
    for key, value in over.items():
        here = (*path, str(key))
        known = spelled.get(str(key), key)
        before, after = _mapping(found.get(known)), _mapping(value)
        if value is None and known not in found:
            raise by.error(here, "null removes a key; there is none of this name to remove")
        if value is None:
            del found[known]
        elif before is not None and after is not None:
            found[known] = _merged(before, after, here, by)
        elif here == (SOURCES,) and isinstance(found.get(known), list) and isinstance(value, list):
            under_it = cast("list[object]", found[known])
            found[known] = _joined_sources(under_it, cast("list[object]", value), by)
        else:
            found[known] = value
    return found


def _joined_sources(under: list[object], over: list[object], by: Page) -> list[object]:
    """Return two lists of sources joined: one of the same id key by key, others at the end."""
    found = list(under)
    ids = [_id_of(one) for one in under]
    for number, one in enumerate(over):
        name, after = _id_of(one), _mapping(one)
        if name is None or name not in ids or after is None:
            found.append(one)
            continue
        before = _mapping(found[ids.index(name)])
        here = (SOURCES, str(number))
        found[ids.index(name)] = one if before is None else _merged(before, after, here, by)
    return found


def _id_of(source: object) -> object:
    stated = _mapping(source)
    return None if stated is None else stated.get("id")
