"""JSON Schema validation as far as the schema of scenario files goes; any other keyword fails.

Written from the 2020-12 specification, so that a schema is held against its meaning and not
against the code that made it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "null": type(None),
    "boolean": bool,
}
SILENT = {"$schema", "$defs", "title", "description", "default"}
"""Keywords that allow and forbid nothing."""


def faults(schema: Schema, value: object, root: Schema | None = None, at: str = "") -> list[str]:
    """Return where a value does not satisfy a schema; nothing where it does."""
    return list(_faults(schema, value, schema if root is None else root, at))


def _faults(schema: Schema, value: object, root: Schema, at: str) -> Iterator[str]:
    for keyword, wanted in schema.items():
        if keyword in SILENT or keyword in {"then", "else"}:
            continue
        if keyword == "if":
            chosen = "else" if faults(wanted, value, root, at) else "then"
            yield from _faults(schema[chosen], value, root, at)
        elif keyword == "$ref":
            yield from _faults(root["$defs"][wanted.removeprefix("#/$defs/")], value, root, at)
        elif keyword in {"anyOf", "oneOf"}:
            matching = [one for one in wanted if not faults(one, value, root, at)]
            if not matching or (keyword == "oneOf" and len(matching) > 1):
                yield f"{at}: {keyword}: {len(matching)} match {value!r}"
        elif not _holds(keyword, wanted, value):
            yield f"{at}: {keyword} {wanted!r}: found {value!r}"
    if isinstance(value, dict):
        yield from _in_object(schema, value, root, at)
    if isinstance(value, list):
        yield from _in_array(schema, value, root, at)


def _in_object(schema: Schema, value: dict[str, object], root: Schema, at: str) -> Iterator[str]:
    named = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for key, inner in value.items():
        place = f"{at}.{key}"
        matching = [one for pattern, one in patterns.items() if re.search(pattern, key)]
        matching += [named[key]] if key in named else []
        if not matching and "additionalProperties" in schema:
            rest = schema["additionalProperties"]
            if rest is False:
                yield f"{place}: no such key"
                continue
            matching = [rest]
        for one in matching:
            yield from _faults(one, inner, root, place)
        yield from _faults(schema.get("propertyNames", {}), key, root, place)


def _in_array(schema: Schema, value: list[object], root: Schema, at: str) -> Iterator[str]:
    first = schema.get("prefixItems", [])
    for number, inner in enumerate(value):
        one = first[number] if number < len(first) else schema.get("items", {})
        yield from _faults(one, inner, root, f"{at}.{number}")


def _holds(keyword: str, wanted: Any, value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    checks = {
        "type": lambda: _is_of(wanted, value),
        "const": lambda: value == wanted,
        "enum": lambda: value in wanted,
        "minimum": lambda: not number or value >= wanted,
        "maximum": lambda: not number or value <= wanted,
        "exclusiveMinimum": lambda: not number or value > wanted,
        "exclusiveMaximum": lambda: not number or value < wanted,
        "pattern": lambda: not isinstance(value, str) or bool(re.search(wanted, value)),
        "minLength": lambda: not isinstance(value, str) or len(value) >= wanted,
        "maxLength": lambda: not isinstance(value, str) or len(value) <= wanted,
        "minItems": lambda: not isinstance(value, list) or len(value) >= wanted,
        "maxItems": lambda: not isinstance(value, list) or len(value) <= wanted,
        "minProperties": lambda: not isinstance(value, dict) or len(value) >= wanted,
        "maxProperties": lambda: not isinstance(value, dict) or len(value) <= wanted,
        "required": lambda: not isinstance(value, dict) or set(wanted) <= set(value),
        "properties": lambda: True,
        "patternProperties": lambda: True,
        "additionalProperties": lambda: True,
        "propertyNames": lambda: True,
        "items": lambda: True,
        "prefixItems": lambda: True,
    }
    return checks[keyword]()


def _is_of(wanted: str | list[str], value: object) -> bool:
    if isinstance(wanted, list):
        return any(_is_of(one, value) for one in wanted)
    if isinstance(value, bool):
        return wanted == "boolean"
    if wanted == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, TYPES[wanted])
