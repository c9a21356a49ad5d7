"""Puts the chunks of an event stream together, asked for or not, and tells what has come so far.

A stream is taken for an answer only if it is whole: it ends with `[DONE]`, or its last chunk says
why the model stopped. Half a stream is an answer that broke off, and is asked for again.
"""

import codecs
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from delegates.models.chat import Hear

STREAMED = {"stream": True, "stream_options": {"include_usage": True}}
"""What a request says beside the rest if its answer is to come piece by piece, counted all the
same."""

PAUSE_S = 0.05
"""How long after one telling the next may follow: nobody reads faster than twenty a second."""

MOST_HEARD = 40_000
"""Characters of an answer that are told while it comes; what follows is heard as a whole."""

_LONGEST_LINE = 200_000
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


class Coming:
    """An answer that is coming: tells what a model has written so far, never what it thinks.

    It only listens: whatever it cannot read it leaves out, and the answer itself is read from the
    whole when that is there.
    """

    def __init__(self, hear: Hear, clock: Callable[[], float]) -> None:
        """Hear nothing yet.

        Args:
            hear: Told all of the text so far, at most once in `PAUSE_S`.
            clock: By which the pauses are measured.
        """
        self._hear, self._clock = hear, clock
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._line = ""
        self._pieces: list[str] = []
        self._length = 0
        self._told, self._told_at = 0, -math.inf

    def feed(self, body: bytes) -> None:
        """Take in what has come next, cut wherever it may be."""
        if self._length >= MOST_HEARD:
            return
        lines = re.split(r"\r\n|\r|\n", self._line + self._decoder.decode(body))
        # What is longer is no chunk of words; to keep it would be to search it again each time.
        self._line = lines.pop()[:_LONGEST_LINE]
        for line in lines:
            self._take(line)

    def end(self) -> None:
        """Tell what has not been told yet."""
        self._tell()

    def _take(self, line: str) -> None:
        for event in _events(line):
            piece = _written(event)
            if piece:
                self._pieces.append(piece[: MOST_HEARD - self._length])
                self._length += len(self._pieces[-1])
        if self._clock() - self._told_at >= PAUSE_S:
            self._tell()

    def _tell(self) -> None:
        if self._length > self._told:
            self._told, self._told_at = self._length, self._clock()
            self._hear("".join(self._pieces))


def _written(event: str) -> str:
    """Return what a chunk adds to a model's words, or to the arguments of its first call."""
    try:
        choice = _dict(_first(_dict(json.loads(event)).get("choices")))
    except (ValueError, RecursionError):
        return ""
    delta = _dict(choice.get("delta"))
    call = _dict(_first(delta.get("tool_calls")))
    pieces = (delta.get("content"), _dict(call.get("function")).get("arguments"))
    return "".join(piece for piece in pieces if isinstance(piece, str))


@dataclass
class _Parts:
    """What the chunks have said so far."""

    about: dict[str, Any] = field(default_factory=dict[str, Any])
    words: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    calls: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    logprobs: list[object] = field(default_factory=list[object])
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
        self.logprobs += _list(_dict(choice.get("logprobs")).get("content"))
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
        choice: dict[str, Any] = {"message": said, "finish_reason": self.finish}
        if self.logprobs:
            choice["logprobs"] = {"content": self.logprobs}
        return {**self.about, "choices": [choice]}

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
