"""The JSON Schema of scenario files, by which editors complete, explain and underline.

It says what a file may hold, key by key, each with the sentence that stands under its field in the
code. What only the whole can show (an option without points, an unknown party) `check` says.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any, cast, get_args

from games.parts import Part
from games.scenario import Scenario
from games.scenario_files import OWN_KEYS

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_EVERYWHERE = {
    "source": "Ids of the sources that it rests on.",
    "basis": "Whether it is a fact, an estimate or a judgement; the first two want a source.",
    "note": "A remark for whoever reads the file; no delegate is shown it.",
}
"""What fields of these names mean wherever they stand."""

_EXTENDS = (
    "A bundled scenario's name, or a file beside this one: what stands there holds but for what "
    "is stated here. Mappings are joined, sources by their id, other lists replaced, null removes "
    "a key."
)

_OVERRIDE = "Override"
"""Ends the names of definitions of which any part may be left out."""

Json = dict[str, Any]


def scenario_schema() -> Json:
    """Return the schema of a scenario file: a whole one, or one that extends another."""
    whole = Scenario.model_json_schema(by_alias=True)
    definitions = cast("Json", whole.pop("$defs"))
    models = {model.__name__: model for model in _models(Scenario)}
    for name, definition in (*definitions.items(), ("Scenario", whole)):
        _describe(definition, field_sentences(models[name]))
        _tidy(definition)
    overrides = {f"{name}{_OVERRIDE}": _partial(one) for name, one in definitions.items()}
    return {
        "$schema": SCHEMA_DIALECT,
        "title": "A Minilateral scenario",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": _extending(whole),
        "else": whole,
        "$defs": {**definitions, **overrides},
    }


def _extending(whole: Json) -> Json:
    """Return the schema of a file that extends another and states only what differs."""
    own = {name: whole["properties"][name] for name in OWN_KEYS}
    extends = {"type": "string", "minLength": 1, "description": _EXTENDS}
    partial = _partial(whole)
    partial["properties"] = {**partial["properties"], **own, "extends": extends}
    partial["required"] = ["extends", *OWN_KEYS]
    return partial


def _models(model: type[Part]) -> Iterator[type[Part]]:
    """Yield a part of a scenario and all parts that it can hold."""
    seen: set[type[Part]] = set()
    waiting: list[object] = [model]
    while waiting:
        found = waiting.pop()
        if isinstance(found, type) and issubclass(found, Part) and found not in seen:
            seen.add(found)
            waiting += [field.annotation for field in found.model_fields.values()]
        else:
            waiting += get_args(found)
    yield from seen


@cache
def field_sentences(model: type[Part]) -> Mapping[str, str]:
    """Return, by field, the sentence that stands under it in the code, by alias where it has one.

    What stands under no field is left out.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(model)))
    body = cast("ast.ClassDef", tree.body[0]).body
    found: dict[str, str] = {}
    for statement, after in pairwise(body):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            name = statement.target.id
            alias = model.model_fields[name].alias if name in model.model_fields else None
            found[alias or name] = " ".join(str(after.value.value).split())
    return found


def _describe(definition: Json, sentences: Mapping[str, str]) -> None:
    for name, field in cast("dict[str, Json]", definition.get("properties", {})).items():
        sentence = sentences.get(name) or _EVERYWHERE.get(name)
        if sentence:
            field["description"] = sentence
        field.pop("title", None)


def _tidy(schema: object) -> None:
    """Say of mappings that no other keys are known, and of their keys how long they may be."""
    if isinstance(schema, list):
        for one in cast("list[object]", schema):
            _tidy(one)
    if not isinstance(schema, dict):
        return
    held = cast("Json", schema)
    held.pop("discriminator", None)
    if "patternProperties" in held:
        held.setdefault("additionalProperties", False)
    if "type" in held.get("propertyNames", {}):
        del held["propertyNames"]["type"]  # a key is text, though it may spell a number
    for one in held.values():
        _tidy(one)


def _partial(schema: Json) -> Json:
    """Return a schema of which any key may be left out, or be null to remove it.

    Lists are replaced as a whole, so that they are what they were.
    """
    found = dict(schema)
    if "$ref" in found:
        found["$ref"] = f"{found['$ref']}{_OVERRIDE}"
    for choice in ("anyOf", "oneOf"):
        if choice in found:
            found["anyOf"] = [_partial(one) for one in found.pop(choice)]
    for name in ("required", "minProperties", "default"):
        found.pop(name, None)
    for name in ("properties", "patternProperties"):
        if name in found:
            found[name] = {key: _removable(one) for key, one in found[name].items()}
    if isinstance(found.get("additionalProperties"), dict):
        found["additionalProperties"] = _removable(found["additionalProperties"])
    return found


def _removable(schema: Json) -> Json:
    partial = _partial(schema)
    told = {"description": partial.pop("description")} if "description" in partial else {}
    return {**told, "anyOf": [partial, {"type": "null"}]}
