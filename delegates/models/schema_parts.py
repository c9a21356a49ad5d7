"""The parts of which the schemas of decisions are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def one_of(words: Sequence[str]) -> dict[str, object]:
    """Return the schema of a text that is one of some words."""
    return {"type": "string", "enum": list(words)}


def object_of(properties: Mapping[str, object]) -> dict[str, object]:
    """Return the schema of an object that has all of these properties and no other."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def or_null(schema: Mapping[str, object]) -> dict[str, object]:
    """Return the schema of what may be null instead."""
    return {"anyOf": [dict(schema), {"type": "null"}]}
