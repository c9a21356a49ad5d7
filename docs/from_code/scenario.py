"""The page of scenario files, from the schema in plain words that `check --schema KEY` shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from docs.from_code.markdown import code, page, table
from games.scenario_files.schema import scenario_schema
from games.scenario_files.schema_words import Key, Keys, keys_of

_AHEAD = """\
Every key of a scenario file, what may stand there, and what holds if it is left out. X stands for a
name of your own: a party, an issue, an option. How a file is written, with examples, is told in
[Write a scenario](../how-to/write-a-scenario.md). `minilateral check --schema KEY` prints any part
of this page, and `minilateral check --schema` the JSON Schema, for editors."""


def scenario_page() -> str:
    """Return the page: a table of the keys of a file, then those of each part."""
    whole = cast("dict[str, Any]", scenario_schema()["else"])
    names = list(cast("dict[str, Any]", whole["properties"]))
    found = {name: keys_of(name) for name in names}
    top = [one for name in names for one in found[name] if one.heading == name]
    parts = [one for name in names for one in found[name] if _is_of(one, name)]
    return page(
        "Scenario files",
        _AHEAD,
        "## The file",
        key_table([key for one in top for key in one.keys]),
        *(f"## {_titled(one)}\n\n{_told(one)}" for one in parts),
    )


def key_table(keys: Sequence[Key]) -> str:
    """Return a table of keys."""
    rows = [[code(key.name), key.kind, _default(key), key.meaning] for key in keys]
    return table(["key", "what may stand there", "default", "meaning"], rows)


def _default(key: Key) -> str:
    if key.default is None:
        return "*must be given*"
    return "as below" if key.default.startswith("{") else key.default


def _is_of(one: Keys, name: str) -> bool:
    if not one.heading.startswith("keys of "):
        return False
    place = one.heading.removeprefix("keys of ").split()[0]
    return place.split(".")[0] == name


def _titled(one: Keys) -> str:
    place, _, kind = one.heading.removeprefix("keys of ").partition(" ")
    return f"`{place}`{f' {kind}' if kind else ''}"


def _told(one: Keys) -> str:
    told = key_table(one.keys)
    return f"{one.meaning}\n\n{told}" if one.meaning else told
