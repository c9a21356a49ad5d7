"""Roughly how many tokens a text has, where no tokeniser is at hand."""

from __future__ import annotations

import re
from functools import lru_cache

from delegates.models.chat import Ask

_PIECES = re.compile(r"[A-Za-z]{1,7}|\d|[^\W\d_]{1,2}|(?:[^\w\s]|_)+")
"""Words in parts of seven letters, single digits, runs of signs. Of this program's own prompts it
makes 0.96 to 1.01 times the tokens of Qwen 2.5's tokeniser; those that take several digits together
make about a tenth fewer. An estimate: `chat.token_bound` is what no call can pass."""

AROUND_MESSAGE = 4
"""What chat templates commonly put around one message."""


@lru_cache(maxsize=512)
def tokens_in(text: str) -> int:
    """Return about how many tokens a text has."""
    return len(_PIECES.findall(text))


def prompt_tokens(ask: Ask) -> int:
    """Return about how many tokens a prompt has, its schema once among them."""
    return prompt_tokens_of(prompt_parts(ask))


def prompt_parts(ask: Ask) -> tuple[str, ...]:
    """Return what a provider reads, in its order: the schema, then the messages."""
    schema = [] if ask.schema is None else [str(dict(ask.schema.json))]
    return (*schema, *(message.content for message in ask.messages))


def prompt_tokens_of(parts: tuple[str, ...]) -> int:
    """Return about how many tokens the parts of a prompt have."""
    return sum(tokens_in(part) + AROUND_MESSAGE for part in parts)


def shared_tokens(parts: tuple[str, ...], before: tuple[str, ...]) -> int:
    """Return about how many tokens at the start of a prompt are those of one sent before."""
    shared = 0
    for part, other in zip(parts, before, strict=False):
        if part != other:
            return shared + tokens_in(_common_start(part, other))
        shared += tokens_in(part) + AROUND_MESSAGE
    return shared


def _common_start(one: str, other: str) -> str:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return one[:low]
