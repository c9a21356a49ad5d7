"""What was asked of a model and what it replied, exactly, in parts that any screen can show.

Nothing is shortened or wrapped. What a terminal would act on, and what cannot be seen, stands there
as an escape such as \\x1b or \\u202e: an exact prompt hides nothing.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from transcripts.events import Asked, Event, Failed, Replied, Retried, Unusable
from tui.text.wording import WIDTH, money

Kind = Literal["call", "message", "reply", "trouble"]

_KEPT = frozenset("\n\t")
_PURPOSES = {"decide": "to decide", "word": "to word its move"}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a call: its title, a line of details, and the text itself."""

    kind: Kind
    title: str
    note: str = ""
    body: str = ""


def visible(text: str) -> str:
    """Return a text with everything that cannot be seen, or that a terminal acts on, escaped."""
    return "".join(
        character
        if character in _KEPT or not unicodedata.category(character).startswith("C")
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def parts(event: Event) -> Iterator[Part]:
    """Yield what an event of a model call shows; nothing for an event of another kind."""
    match event:
        case Asked():
            yield from _asked(event)
        case Replied():
            yield Part(kind="reply", title="reply", note=_figures(event), body=visible(event.text))
        case Unusable():
            fault = "" if event.fault is None else f": {event.fault}"
            yield _trouble(f"the reply could not be used{fault}", event.reason)
        case Retried():
            waited = f"; asked again after {event.wait_s:.1f} s"
            yield _trouble(f"attempt {event.attempt} failed{waited}", event.reason)
        case Failed():
            yield _trouble("the session stopped here", event.reason)
        case _:
            pass


def _asked(event: Asked) -> Iterator[Part]:
    settings = [f"{name} {_plain(value)}" for name, value in event.settings.items()]
    yield Part(
        kind="call",
        title=visible(f"call {event.call + 1}, {event.party}: {_PURPOSES[event.purpose]}"),
        note=visible(" · ".join([f"{event.model} at {event.host}", *settings])),
    )
    for message in event.messages:
        yield Part(kind="message", title=message.role, body=visible(message.content))
    if event.answer_schema is not None:
        yield Part(kind="message", title="answer schema", body=visible(spelt(event.answer_schema)))


def spelt(value: object, indent: str = "") -> str:
    """Return a JSON value over several lines, lists of plain values each on one."""
    inner = f"{indent}  "
    fields = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    items = cast("list[object]", value) if isinstance(value, list) else []
    if fields:
        lines = [f"{_in_json(name)}: {spelt(part, inner)}" for name, part in fields.items()]
        opening, closing = "{}"
    elif any(isinstance(item, dict | list) for item in items):
        lines = [spelt(item, inner) for item in items]
        opening, closing = "[]"
    else:
        return _in_json(cast("object", value))
    within = ",\n".join(f"{inner}{line}" for line in lines)
    return f"{opening}\n{within}\n{indent}{closing}"


def _in_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else _in_json(value)


def _figures(event: Replied) -> str:
    tokens = event.tokens
    told = [
        event.finish,
        f"{tokens.input:,} tokens in ({tokens.cached:,} cached)",
        f"{tokens.output:,} out" + (f" ({tokens.reasoning:,} thought)" if tokens.reasoning else ""),
        _cost(event.cost_usd),
        f"{event.latency_s:.1f} s",
        f"schema sent as {event.sent_as}" if event.sent_as else "",
        "used again from the cache" if event.from_cache else "",
        event.request_id,
        _candidates(event),
    ]
    return visible(" · ".join(part for part in told if part))


def _cost(cost_usd: float | None) -> str:
    """Return a cost finely enough for one call."""
    return f"{cost_usd:.6f} USD" if cost_usd else money(cost_usd)


def _candidates(event: Replied) -> str:
    told = [f"{_in_json(token)} {logprob:.2f}" for token, logprob in event.logprobs]
    return f"first token {', '.join(told)}" if told else ""


def _trouble(title: str, reason: str) -> Part:
    return Part(kind="trouble", title=title, body=visible(reason))


def ruled(title: str) -> str:
    """Return a title in a line across the page."""
    return f"── {title} ".ljust(WIDTH, "─")


def plain_lines(event: Event) -> Iterator[str]:
    """Yield what an event of a model call shows, as lines of plain text."""
    for part in parts(event):
        yield ruled(part.title)
        if part.note:
            yield part.note
        if part.body:
            yield part.body
