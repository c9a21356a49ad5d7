"""The page of evaluation plans, from the models that read them."""

from __future__ import annotations

from typing import Any, cast

from pydantic import BaseModel

from delegates.evaluation.planning.plan import (
    OutcomeClasses,
    Plan,
    PlanBudget,
    Played,
    Seating,
    SessionLimits,
)
from docs.from_code.markdown import page
from docs.from_code.scenario import key_table
from games.scenario_files.schema import field_sentences
from games.scenario_files.schema_words import Key, kind_words

_AHEAD = """\
Every key of a plan of `minilateral evaluate`. How one is written is told in
[Plans, batches, reports](../how-to/evaluate.md)."""

_PARTS: dict[str, type[BaseModel]] = {
    "seats": Seating,
    "budget": PlanBudget,
    "session": SessionLimits,
    "outcomes": OutcomeClasses,
    "played": Played,
}


def plan_page() -> str:
    """Return the page: the keys of a plan, then those of its parts."""
    parts = [f"## `{name}`\n\n{_doc(part)}\n\n{_keys(part)}" for name, part in _PARTS.items()]
    return page("Evaluation plans", _AHEAD, "## The plan", _keys(Plan), *parts)


def _doc(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _keys(model: type[BaseModel]) -> str:
    return key_table(keys_of_model(model))


def keys_of_model(model: type[BaseModel]) -> tuple[Key, ...]:
    """Return the keys that a model reads, with the sentences under its fields."""
    schema = model.model_json_schema(by_alias=True)
    required = cast("list[str]", schema.get("required", []))
    sentences = field_sentences(cast("Any", model))
    properties = cast("dict[str, dict[str, Any]]", schema["properties"])
    return tuple(
        Key(
            name=name,
            kind=kind_words(one),
            default=None if name in required else _default(one),
            meaning=sentences.get(name, ""),
        )
        for name, one in properties.items()
    )


def _default(schema: dict[str, Any]) -> str:
    value: object = schema.get("default")
    if value in (None, "", [], {}) or isinstance(value, dict):
        return "as below" if isinstance(value, dict) and value else "none"
    if isinstance(value, list):
        return ", ".join(map(str, cast("list[object]", value)))
    return (
        str(value).lower()
        if isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
