"""Puts the chunks of an event stream together, for servers that stream though nobody asked.

A stream is taken for an answer only if it is whole: it ends with `[DONE]`, or its last chunk says
why the model stopped. Half a stream is an answer that broke off, and is asked for again.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

_ABOUT = ("id", "model", "usage")
_WORDS = ("content", "refusal", "reasoning_content", "reasoning")


def assembled(text: str) -> str | None:
    """Return the completion that the chunks of a stream add up to, as JSON; None if it is cut.

    An error in a stream is the whole of it, as routers send it when a model fails under way.
    """
    parts = _Parts()
    try:
        for event in _events(text):
            if event == "[DONE]":
                parts.ended = True
                break
            chunk = _dict(json.loads(event))
            if chunk.get("error"):
                return json.dumps({"error": chunk["error"]})
            parts.add(chunk)
        return json.dumps(parts.whole()) if parts.are_whole else None
    except (ValueError, RecursionError):
        return None


def _events(text: str) -> Iterator[str]:
    """Yield the data of each event; comments, which keep connections alive, are none."""
    for line in re.split(r"\r\n|\r|\n", text):
        if line.startswith("data:") and line != "data:":
            yield line.removeprefix("data:").strip()


@dataclass
class _Parts:
    """What the chunks have said so far."""

    about: dict[str, Any] = field(default_factory=dict[str, Any])
    words: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    calls: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    finish: str | None = None
    ended: bool = False

    @property
    def are_whole(self) -> bool:
        """Whether the stream came to its end, and was one of chat completions."""
        some = bool(self.about or self.words or self.calls)
        return some and (self.ended or self.finish is not None)

    def add(self, chunk: dict[str, Any]) -> None:
        """Take in a chunk."""
        self.about |= {k: chunk[k] for k in _ABOUT if chunk.get(k) is not None}
        choice = _dict(_first(chunk.get("choices")))
        if isinstance(choice.get("finish_reason"), str):
            self.finish = choice["finish_reason"]
        delta = _dict(choice.get("delta")) or _dict(choice.get("message"))
        for name in _WORDS:
            piece = delta.get(name)
            if isinstance(piece, str):
                self.words.setdefault(name, []).append(piece)
        for piece in _list(delta.get("tool_calls")):
            self._add_call(_dict(piece))

    def whole(self) -> dict[str, Any]:
        """Return the completion."""
        said: dict[str, Any] = {name: "".join(pieces) for name, pieces in self.words.items()}
        if self.calls:
            said["tool_calls"] = [
                {"function": {"arguments": "".join(self.calls[index])}}
                for index in sorted(self.calls)
            ]
        return {**self.about, "choices": [{"message": said, "finish_reason": self.finish}]}

    def _add_call(self, piece: dict[str, Any]) -> None:
        index: object = piece.get("index", 0)
        arguments = _dict(piece.get("function")).get("arguments")
        if isinstance(index, int) and isinstance(arguments, str):
            self.calls.setdefault(index, []).append(arguments)


def _dict(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _first(value: object) -> object:
    return next(iter(_list(value)), None)
