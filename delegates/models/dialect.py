"""How a model wants to be asked, learnt from what its server refuses and what it answers.

A JSON schema is put in the first of four ways that works, the ladder:

1. `strict`: `response_format` with the schema, which the server enforces token by token;
2. `tool`: a forced call of one function whose parameters are the schema. Servers that have no
   schemas mostly have tools, and their models were trained to fill them in;
3. `loose`: JSON mode, the schema in the prompt: some JSON is promised, its shape is not;
4. `words`: the schema in the prompt alone.

One step down is taken when a server refuses a way by name, and when it accepts one and ignores it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from delegates.models.chat import Ask, Schema

Put = Literal["strict", "tool", "loose", "words"]
"""A way to put a schema."""

LADDER: tuple[Put, ...] = ("strict", "tool", "loose", "words")
"""The ways to put a schema, best first."""

Limit = Literal["max_tokens", "max_completion_tokens"]
"""What the limit on the answer's length is called."""

REASONING_ROOM = 8_000
"""Tokens allowed beside the answer to a model that reasons before it. Providers count both against
one limit; with less, a model thinks until it is cut off and answers nothing."""

ROOMS = (REASONING_ROOM, 2_000, 0)
"""Allowances tried one after the other where a server finds the limit too high."""

DROPPABLE = ("seed", "temperature", "top_logprobs", "logprobs", "reasoning_effort")
"""Parameters that an ask can do without."""

_PARAMETERS = (
    *DROPPABLE,
    "response_format",
    "tool_choice",
    "tools",
    "max_completion_tokens",
    "max_tokens",
    "stream_options",
    "stream",
)
_SCHEMA_WAYS = ("response_format", "tools", "tool_choice")
_LIMITS = ("max_tokens", "max_completion_tokens")
_LONGEST_SEARCHED = 20_000
_TOO_LONG = re.compile(
    r"too (?:large|high|big|long)|at most|exceed|valid range|less than|greater than"
    r"|larger than|must be at least|maximum (?:context|allowed|number|value|of)"
    r"|context (?:length|window|size)",
    re.IGNORECASE,
)
_ABOUT_LENGTH = re.compile(
    r"max_(?:completion_)?tokens|context (?:length|window|size)|completion tokens|output tokens",
    re.IGNORECASE,
)
_ABOUT_SYSTEM = re.compile(
    r"(?:system|developer) (?:role|message|instruction|prompt)|[\"'`](?:system|developer)[\"'`]"
    r"|role\W[^.]{0,40}\bsystem\b|roles must alternate",
    re.IGNORECASE,
)
_ABOUT_SCHEMAS = re.compile(r"json_?\s?schema|json_?\s?mode|structured output", re.IGNORECASE)
_ABOUT_TOOLS = re.compile(
    r"\btools?\b[^.]{0,40}\b(?:support|enabled|available|allowed)"
    r"|support[^.]{0,20}\b(?:tool|function)|tool use|function.call",
    re.IGNORECASE,
)
_ABOUT_STREAMS = re.compile(r"\bstream(?:ing|ed|s)?\b", re.IGNORECASE)
_WANTING = re.compile(r"requir|missing|must be (?:set|given|provided)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How one model of one server is asked; what is learnt only ever adds up."""

    schema: Put = "strict"
    """How a JSON schema is put."""
    limit: Limit = "max_tokens"
    """What the limit on the answer's length is called."""
    dropped: frozenset[str] = frozenset()
    """Parameters that the server refuses."""
    wants_n: bool = False
    """Whether the number of answers must be sent though it is one."""
    folds_system: bool = False
    """Whether instructions stand in the first user message: there is no system role."""
    reasons: bool = False
    """Whether the model thinks before it answers, which needs room beside the answer."""
    room: int = REASONING_ROOM
    """How much more than the answer a model that reasons may write."""
    is_whole: bool = False
    """Whether answers come whole only: the server refuses to stream, or does not count then."""

    def as_sent(self, ask: Ask) -> Ask:
        """Return the ask with the limit that is really sent: the most it can be billed for."""
        return replace(ask, max_tokens=ask.max_tokens + self.room) if self.reasons else ask

    def request(self, ask: Ask, model: str) -> dict[str, object]:
        """Word an ask, its limit taken as it stands, as a chat completion request."""
        messages = [{"role": str(m.role), "content": m.content} for m in ask.messages]
        if ask.schema is not None and self.schema in ("loose", "words") and messages:
            # In the message that stays: after the talks it would be new to the provider each time.
            messages[0]["content"] += _schema_in_words(ask.schema)
        if self.folds_system:
            messages = _folded(messages)
        wanted: dict[str, object] = {
            "temperature": ask.temperature,
            "seed": ask.seed,
            "reasoning_effort": ask.effort,
        }
        if ask.top_logprobs is not None:
            wanted |= {"logprobs": True, "top_logprobs": ask.top_logprobs}
        if self.wants_n:
            wanted["n"] = 1
        if ask.schema is not None:
            wanted |= _way_to_put(ask.schema, self.schema)
        kept = {k: v for k, v in wanted.items() if v is not None and k not in self.dropped}
        return {"model": model, "messages": messages, self.limit: ask.max_tokens, **kept}

    def without(self, refused: str) -> "Dialect | None":
        """Return the dialect that avoids what was refused, or `None` if there is no way round it.

        Args:
            refused: A parameter, or `system`, `room` or `n` as `refused_parameter` finds them.
        """
        match refused:
            case "response_format" if self.schema in ("strict", "loose"):
                return self.stepped_down()
            case "tools" | "tool_choice" if self.schema == "tool":
                return self.stepped_down()
            case "max_tokens" if self.limit == "max_tokens":
                return replace(self, limit="max_completion_tokens")
            case "logprobs" | "top_logprobs":
                return replace(self, dropped=self.dropped | {"logprobs", "top_logprobs"})
            case "seed" | "temperature" | "reasoning_effort":
                return replace(self, dropped=self.dropped | {refused})
            case "system" if not self.folds_system:
                return replace(self, folds_system=True)
            case "n" if not self.wants_n:
                return replace(self, wants_n=True)
            case "room" if self.reasons:
                return self._with_less_room()
            case "stream" | "stream_options" if not self.is_whole:
                return replace(self, is_whole=True)
            case _:
                return None

    def stepped_down(self) -> "Dialect | None":
        """Return the dialect that puts schemas the next way, or `None` at the ladder's foot."""
        if self.schema == LADDER[-1]:
            return None
        return replace(self, schema=LADDER[LADDER.index(self.schema) + 1])

    def joined(self, other: "Dialect") -> "Dialect":
        """Return what both have learnt."""
        return Dialect(
            schema=LADDER[max(LADDER.index(self.schema), LADDER.index(other.schema))],
            limit="max_tokens" if self.limit == other.limit == _LIMITS[0] else _LIMITS[1],
            dropped=self.dropped | other.dropped,
            wants_n=self.wants_n or other.wants_n,
            folds_system=self.folds_system or other.folds_system,
            reasons=self.reasons or other.reasons,
            room=min(self.room, other.room),
            is_whole=self.is_whole or other.is_whole,
        )

    def told(self) -> tuple[str, ...]:
        """Say what was learnt, a phrase each."""
        ways = {
            "tool": "tool call instead of schema",
            "loose": "JSON mode instead of schema",
            "words": "schema in the prompt only",
        }
        room = "" if self.room == REASONING_ROOM else f" (room for {self.room:,} tokens)"
        said = (
            ways.get(self.schema, ""),
            *(f"no {name}" for name in sorted(self.dropped - {"top_logprobs"})),
            "max_completion_tokens" if self.limit == _LIMITS[1] else "",
            "n must be sent" if self.wants_n else "",
            "no system role" if self.folds_system else "",
            f"reasons before it answers{room}" if self.reasons else "",
            "does not stream" if self.is_whole else "",
        )
        return tuple(phrase for phrase in said if phrase)

    def _with_less_room(self) -> "Dialect | None":
        smaller = [room for room in ROOMS if room < self.room]
        return replace(self, room=smaller[0]) if smaller else None


def refused_parameter(named: str | None, body: str, request: Mapping[str, object]) -> str | None:
    """Return what a server's refusal is about: a parameter of `request`, or a rule it breaks.

    Those are `room` (the limit on the answer is too high), `system` (no such role) and `n` (which
    must be sent).

    Args:
        named: What the error itself gives as `param`.
        body: The error's text, searched if that settles nothing.
        request: What was sent; nothing else can have been refused.
    """
    body = body[:_LONGEST_SEARCHED]
    first = re.split(r"[.,\[]", named or "")[0]
    if (first in _LIMITS or _ABOUT_LENGTH.search(body)) and _TOO_LONG.search(body):
        return "room"
    if first in _PARAMETERS and first in request:
        return first
    if "n" not in request and _names_n(first, body) and _WANTING.search(body):
        return "n"
    for parameter in _PARAMETERS:
        if parameter in request and re.search(rf"\b{parameter}\b", body):
            return parameter
    return _rule_broken(body, request)


def is_about_wording(refused: str) -> bool:
    """Whether a refusal is of a kind that servers also call "not found" or a fault of their own."""
    return refused in (*_SCHEMA_WAYS, "system")


def _rule_broken(body: str, request: Mapping[str, object]) -> str | None:
    if "response_format" in request and _ABOUT_SCHEMAS.search(body):
        return "response_format"
    if "tools" in request and _ABOUT_TOOLS.search(body):
        return "tools"
    messages = cast("list[dict[str, str]]", request["messages"])
    if _ABOUT_SYSTEM.search(body) and any(m["role"] == "system" for m in messages):
        return "system"
    return "stream" if "stream" in request and _ABOUT_STREAMS.search(body) else None


def _names_n(first: str, body: str) -> bool:
    return first == "n" or re.search(r"[\"'`]n[\"'`]", body) is not None


def _way_to_put(schema: Schema, way: Put) -> dict[str, object]:
    match way:
        case "strict":
            body = {"name": schema.name, "schema": dict(schema.json), "strict": True}
            return {"response_format": {"type": "json_schema", "json_schema": body}}
        case "tool":
            function = {"name": schema.name, "parameters": dict(schema.json)}
            return {
                "tools": [{"type": "function", "function": function}],
                "tool_choice": {"type": "function", "function": {"name": schema.name}},
            }
        case "loose":
            return {"response_format": {"type": "json_object"}}
        case "words":
            return {}


def _folded(messages: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the messages as user and assistant in turn, which is all that some templates know."""
    folded: list[dict[str, str]] = []
    for message in messages:
        role = "assistant" if message["role"] == "assistant" else "user"
        if folded and folded[-1]["role"] == role:
            folded[-1]["content"] += f"\n\n{message['content']}"
        else:
            folded.append({"role": role, "content": message["content"]})
    return folded


def _schema_in_words(schema: Schema) -> str:
    text = json.dumps(dict(schema.json), ensure_ascii=False)
    return f"\n\nAnswer with one JSON object, nothing around it, that fits this JSON schema: {text}"
