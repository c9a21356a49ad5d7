"""What is asked of a model and what it answers, whoever serves it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

TOKENS_PER_MESSAGE = 16
"""Upper bound of what a chat template adds around one message."""

TOKENS_PER_ASK = 64
"""Upper bound of what a chat template adds once: a default system message, the answer's opening."""

TOKENS_PER_SCHEMA = 600
"""Upper bound of what a provider adds to put a schema, beside the schema itself. Widest known is a
tool: Anthropic's documentation lists up to 530 tokens for one ("Tool use", Pricing)."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, kw_only=True)
class Schema:
    """A JSON schema that the answer must fit."""

    name: str
    json: Mapping[str, object]

    @cached_property
    def most_tokens(self) -> int:
        """Tokens that it cannot pass in a prompt."""
        # Twice: a provider may take the schema in and the client may have to spell it out.
        return 2 * _size(json.dumps(dict(self.json))) + TOKENS_PER_SCHEMA


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One question to a model; `None` leaves a parameter to the server."""

    messages: tuple[Message, ...]
    max_tokens: int
    schema: Schema | None = None
    temperature: float | None = None
    seed: int | None = None
    top_logprobs: int | None = None
    effort: str | None = None
    """How hard a model that reasons is to think, in the server's own words."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Tokens of one call; `cached` is the part of `input` that the provider read from its cache."""

    input: int
    output: int
    cached: int = 0
    reasoning: int = 0
    """The part of `output` that the model thought to itself."""
    estimated: bool = False
    """Whether the server reported nothing and these are upper bounds."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A model's answer."""

    text: str
    finish: str
    """Why the model stopped: `stop`, `length`, or the server's own word."""
    usage: Usage
    latency_s: float
    """Of the attempt that answered, without the waits before it."""
    model: str
    """The model's name as the server gives it."""
    request_id: str | None
    logprobs: tuple[tuple[str, float], ...] = ()
    """Candidates for the first token, best first; empty where the server gives none."""
    sent_as: str = ""
    """How the schema was put to the server: `strict`, `tool`, `loose` or `words`; empty without."""


@dataclass(frozen=True, kw_only=True)
class Retry:
    """A failed attempt."""

    attempt: int
    """How many attempts have failed so far."""
    reason: str
    wait_s: float | None
    """How long until the next attempt; None if there is none."""
    billable: bool = False
    """Whether the provider may bill it: the request may have reached the model."""


class Attempts(Protocol):
    """Whoever pays for a call, told of it attempt by attempt."""

    async def begin(self, ask: Ask) -> None:
        """Hear of an attempt about to be made, the ask as it will be sent.

        Raises:
            CapReached: If it could pass a cap; it is not made then.
        """
        ...

    def failed(self, retry: Retry) -> None:
        """Hear of an attempt that failed, before the wait for the next one."""
        ...


Hear = Callable[[str], None]
"""Told all that a model has written so far of its answer; told nothing (`""`) where an attempt that
had begun to answer failed, and what it wrote counts no longer."""


def token_bound(ask: Ask) -> Usage:
    """Return token counts that a call cannot pass: no token is shorter than a byte."""
    prompt = sum(_size(m.content) + TOKENS_PER_MESSAGE for m in ask.messages)
    schema = 0 if ask.schema is None else ask.schema.most_tokens
    return Usage(
        input=prompt + schema + TOKENS_PER_ASK, output=max(ask.max_tokens, 1), estimated=True
    )


def _size(text: str) -> int:
    return len(text.encode("utf-8", errors="replace"))
