"""The keys of a scenario file in plain words: one part of the schema, as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from games.errors import UserError
from games.naming import perhaps
from games.scenario_files.schema import scenario_schema

Json = dict[str, Any]

_LARGE = 1e9
"""Bounds from here on only keep figures computable, and are not told."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """What one key of a scenario file may hold."""

    name: str
    kind: str
    """What is expected there, in words."""
    default: str | None
    """What holds if it is left out; None if it must be given."""
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys of one part of a scenario file."""

    heading: str
    """The place of the part."""
    meaning: str
    keys: tuple[Key, ...]


def keys_of(name: str) -> tuple[Keys, ...]:
    """Return what a key may hold, wherever one of that name stands: each place, and parts within.

    Args:
        name: A key, or several with dots between: `projects`, `implementation.price`.

    Raises:
        UserError: If no key is so called.
    """
    whole = scenario_schema()
    definitions, top = cast("Json", whole["$defs"]), cast("Json", whole["else"])
    asked = name.split(".")
    places = dict(_places(top, definitions, ()))
    found = {place: one for place, one in places.items() if _ends_with(place, asked)}
    if not found:
        meant = perhaps(asked[-1], known_keys())
        raise UserError(f"--schema {name}: no key of a scenario file is so called{meant}")
    sections: dict[str, Keys] = {}
    for place, (schema, required) in found.items():
        for one in _sections(place, schema, definitions, required):
            sections.setdefault(one.heading, one)
    return tuple(sections.values())


@cache
def known_keys() -> tuple[str, ...]:
    """Return every key that a scenario file may hold, wherever it may stand."""
    whole = scenario_schema()
    places = _places(cast("Json", whole["else"]), cast("Json", whole["$defs"]), ())
    return tuple(sorted({place[-1] for place, _ in places if place[-1] != _ANY}))


_ANY = "X"
"""Stands in a place for whatever an author calls a party, an issue or an option."""

Place = tuple[str, ...]


def _ends_with(place: Place, asked: list[str]) -> bool:
    named = [part for part in place if part != _ANY]
    return place[-1] != _ANY and named[-len(asked) :] == asked


def _places(
    part: Json, definitions: Json, path: Place
) -> Iterator[tuple[Place, tuple[Json, bool]]]:
    """Yield each key below a part with its schema, and whether it must be given."""
    required = cast("list[str]", part.get("required", []))
    for name, schema in cast("dict[str, Json]", part.get("properties", {})).items():
        here = (*path, name)
        yield here, (schema, name in required)
        for below, inner in _within(schema, definitions, here):
            yield from _places(inner, definitions, below)


def _within(schema: Json, definitions: Json, path: Place) -> Iterator[tuple[Place, Json]]:
    """Yield the parts that a value may be or hold, each with its place."""
    if "$ref" in schema:
        yield path, cast("Json", definitions[schema["$ref"].rpartition("/")[2]])
    for choice in ("anyOf", "oneOf"):
        for one in schema.get(choice, ()):
            yield from _within(one, definitions, path)
    if isinstance(schema.get("items"), dict):
        yield from _within(schema["items"], definitions, path)
    for inner in _values_of(schema):
        yield from _within(inner, definitions, (*path, _ANY))


def _values_of(schema: Json) -> list[Json]:
    """Return what may stand under the names that an author gives."""
    found = list(cast("Json", schema.get("patternProperties", {})).values())
    more = schema.get("additionalProperties")
    return [*found, more] if isinstance(more, dict) else found


def _sections(place: Place, schema: Json, definitions: Json, required: bool) -> Iterator[Keys]:
    """Yield what a key may hold, then the keys of the parts that it may be or list."""
    own = _key(place[-1], schema, required)
    yield Keys(heading=".".join(place), meaning="", keys=(own,))
    yield from _part_sections(place, schema, definitions)


def _part_sections(place: Place, schema: Json, definitions: Json) -> Iterator[Keys]:
    for below, part in _within(schema, definitions, place):
        keys = cast("dict[str, Json]", part["properties"])
        kind = keys.get("kind", {}).get("const")
        required = cast("list[str]", part.get("required", []))
        yield Keys(
            heading=f"keys of {'.'.join(below)}{f' (kind: {kind})' if kind else ''}",
            meaning=_told(part),
            keys=tuple(_key(name, one, name in required) for name, one in keys.items()),
        )
        for name, one in keys.items():
            yield from _part_sections((*below, name), one, definitions)


def _key(name: str, schema: Json, required: bool) -> Key:
    return Key(
        name=name,
        kind=kind_words(schema),
        default=None if required else _default(schema),
        meaning=_told(schema),
    )


def _told(schema: Json) -> str:
    """Return the first paragraph of what is said of a part, on one line."""
    return " ".join(str(schema.get("description", "")).partition("\n\n")[0].split())


def _default(schema: Json) -> str:
    value: object = schema.get("default")
    if value in (None, "", [], {}):
        return "none"
    if isinstance(value, dict):
        stated = cast("Json", value)
        return f"{{{', '.join(f'{name}: {one}' for name, one in stated.items())}}}"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


_PLAIN: Mapping[str, str] = {"boolean": "true or false", "string": "text"}
"""What is expected where nothing more is said, by the schema's type."""


def kind_words(schema: Json) -> str:
    """Return what a schema expects, in words."""
    if "$ref" in schema:
        return "keys with values (below)"
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            kinds = (kind_words(one) for one in schema[choice] if one.get("type") != "null")
            return ", or ".join(dict.fromkeys(kinds))
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return " or ".join(str(one) for one in schema["enum"])
    match schema.get("type"):
        case "array" if "prefixItems" in schema:
            return f"{len(schema['prefixItems'])} of: {kind_words(schema['prefixItems'][0])}"
        case "array":
            return f"a list of: {kind_words(schema['items'])}"
        case "object":
            inner = " or ".join(dict.fromkeys(kind_words(one) for one in _values_of(schema)))
            return f"name → {inner}"
        case "number":
            return f"number{_bounds(schema)}"
        case "integer":
            return f"whole number{_bounds(schema)}"
        case other:
            return _PLAIN.get(str(other), "text or number")


def _bounds(schema: Json) -> str:
    told = [
        f"{word} {schema[name]:.12g}"
        for name, word in (
            ("minimum", "from"),
            ("exclusiveMinimum", "above"),
            ("maximum", "up to"),
            ("exclusiveMaximum", "below"),
        )
        if name in schema and abs(schema[name]) < _LARGE
    ]
    return f" {' '.join(told)}" if told else ""
