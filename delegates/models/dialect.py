"""How a server wants its requests worded, learnt from its refusals."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from delegates.models.chat import Ask, Schema

_DROPPABLE = ("seed", "temperature", "top_logprobs", "logprobs")
_PARAMETERS = (*_DROPPABLE, "response_format", "max_completion_tokens", "max_tokens")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """The parameters that one model of one server takes."""

    schema: Literal["strict", "loose", "words"] = "strict"
    """How a JSON schema is put: enforced, enforced where the server can, or only in the prompt."""
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """What the limit on the answer's length is called."""
    dropped: frozenset[str] = frozenset()
    """Parameters that the server refuses."""

    def request(self, ask: Ask, model: str) -> dict[str, object]:
        """Word an ask as a chat completion request."""
        messages = [{"role": m.role, "content": m.content} for m in ask.messages]
        wanted: dict[str, object] = {"temperature": ask.temperature, "seed": ask.seed}
        if ask.top_logprobs is not None:
            wanted |= {"logprobs": True, "top_logprobs": ask.top_logprobs}
        if ask.schema is not None and self.schema == "words":
            messages[-1]["content"] += _schema_in_words(ask.schema)
        elif ask.schema is not None:
            wanted["response_format"] = _response_format(ask.schema, strict=self.schema == "strict")
        kept = {k: v for k, v in wanted.items() if v is not None and k not in self.dropped}
        return {"model": model, "messages": messages, self.limit: ask.max_tokens, **kept}

    def without(self, parameter: str) -> "Dialect | None":
        """Return the dialect that avoids `parameter`, or `None` if there is no way round it."""
        if parameter == "response_format" and self.schema != "words":
            return replace(self, schema="loose" if self.schema == "strict" else "words")
        if parameter == "max_tokens" and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if parameter in ("logprobs", "top_logprobs"):
            return replace(self, dropped=self.dropped | {"logprobs", "top_logprobs"})
        if parameter in _DROPPABLE:
            return replace(self, dropped=self.dropped | {parameter})
        return None


def refused_parameter(named: str | None, body: str, request: Mapping[str, object]) -> str | None:
    """Return the parameter of `request` that a server's refusal is about.

    Args:
        named: What the error itself gives as `param`.
        body: The error's text, searched if it names none.
        request: What was sent; nothing else can have been refused.
    """
    first = re.split(r"[.\[]", named or "")[0]
    if first in _PARAMETERS and first in request:
        return first
    for parameter in _PARAMETERS:
        if parameter in request and re.search(rf"\b{parameter}\b", body):
            return parameter
    if "response_format" in request and re.search(r"json_?\s?schema", body, re.IGNORECASE):
        return "response_format"
    return None


def _response_format(schema: Schema, *, strict: bool) -> dict[str, object]:
    body: dict[str, object] = {"name": schema.name, "schema": dict(schema.json), "strict": strict}
    return {"type": "json_schema", "json_schema": body}


def _schema_in_words(schema: Schema) -> str:
    text = json.dumps(dict(schema.json), ensure_ascii=False)
    return f"\n\nAnswer with one JSON object, nothing around it, that fits this JSON schema: {text}"
