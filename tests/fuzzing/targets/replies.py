"""What a model server answers, and what is read in a model's words."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any
from unicodedata import category

import numpy as np
from pydantic import SecretStr

from delegates.contract import View
from delegates.listening import all_of_it, message_in
from delegates.minds.llm import decision_of
from delegates.minds.menu import letter_scores
from delegates.models.answer import Raw, ReadReply, read_answer, spoken_part
from delegates.models.chat import Ask, Message, Reply, Schema, Usage
from delegates.models.dialect import Dialect, refused_parameter
from delegates.models.failures import of_status, retry_after_s, without_prompt
from delegates.models.stream import Coming
from delegates.models.wire import _inflated
from delegates.settings import Endpoint
from delegates.text import clean
from delegates.voices.hall_speech import contradiction
from delegates.voices.llm import checked
from delegates.voices.speech import flags_of_words, require_speakable
from games.errors import UnusableReply
from games.session import Accept, Offer, step
from tests.delegates.halls import hall_of, moment_at
from tests.delegates.sessions import WORDS, mini, offer_of, played, said, view_at
from tests.fuzzing.changes import by_tree, from_json, of_kind, spelt, to_json
from tests.fuzzing.target import Target, refused, require_shown

_KEY = "sk-canary-0123456789abcdef"
_NOW = datetime(2026, 2, 4, 12, 0, 0, tzinfo=UTC)
_ENDPOINT = Endpoint(
    name="a", base_url="https://a.example/v1", api_key=SecretStr(_KEY), host="a.example"
)
_ASK = Ask(
    messages=(Message(role="system", content="s"), Message(role="user", content=WORDS)),
    max_tokens=50,
    schema=Schema(name="move", json={"type": "object"}),
)
_ANSWER = {
    "id": "r1",
    "model": "m",
    "choices": [
        {
            "message": {
                "content": said("accept"),
                "tool_calls": [{"function": {"name": "move", "arguments": said("accept")}}],
                "reasoning_content": "hm",
            },
            "finish_reason": "stop",
            "logprobs": {"content": [{"top_logprobs": [{"token": "A", "logprob": -0.1}]}]},
        }
    ],
    "usage": {
        "prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13,
        "prompt_tokens_details": {"cached_tokens": 3},
        "completion_tokens_details": {"reasoning_tokens": 1},
    },
}  # fmt: skip
_ERROR = {"error": {"message": f"bad max_tokens {_KEY}", "param": "max_tokens", "code": 400}}
_CHUNK = {
    "id": "r",
    "choices": [
        {"delta": {"content": "We", "tool_calls": [{"index": 0, "function": {"arguments": "{"}}]}}
    ],
}  # fmt: skip
_STREAM = (
    f"data: {json.dumps(_CHUNK)}\n\n: keep-alive\r\n"
    'data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}\n\n'
    "data: [DONE]\n\n"
)


@cache
def _table() -> tuple[View, View]:
    game = mini()
    opening = offer_of(game, volume=4, price=10, rail="no rail")
    return view_at(game), view_at(game, [opening])


@cache
def _halls() -> tuple[View, ...]:
    return tuple(moment_at(hall_of(), stage).view for stage in ("room", "floor", "vote"))


def _reply(text: str, finish: str = "stop", **more: Any) -> Reply:
    return Reply(
        text=text, finish=finish, usage=Usage(input=1, output=1), latency_s=0.0, model="m",
        request_id=None, **more,
    )  # fmt: skip


def _headers(text: str) -> Mapping[str, str]:
    return {"content-type": text[:40], "x-request-id": text[-9:], "retry-after": text[:60]}


def reads_answer(read: bytes) -> None:
    """Read what came with a good status, plain, as a stream, and as it is heard."""
    head, _, body = read.partition(b"\n")
    kinds = ("application/json", "text/event-stream", head.decode("utf-8", "replace"))
    for kind in kinds:
        raw = Raw(status=200, headers={**_headers(kind), "content-type": kind}, body=body)
        for sent_as in ("tool", "strict"):
            found = read_answer(raw, _ASK, _ENDPOINT, "m", sent_as=sent_as, now=_NOW)
            if isinstance(found, ReadReply):
                _checks_reply(found.reply)
            else:
                _checks_failure(found.reason)
    heard: list[str] = []
    coming = Coming(heard.append, lambda: 0.0)
    for start in range(0, min(len(body), 4000), 97):
        coming.feed(body[start : start + 97])
    coming.end()


def _checks_reply(reply: Reply) -> None:
    used = reply.usage
    if not 0 <= used.cached <= used.input or not 0 <= used.reasoning <= used.output:
        raise AssertionError(f"counts that cannot be: {used}")
    for word in (reply.finish, reply.model, reply.request_id or "-"):
        if "\n" in word or len(word) > 200:
            raise AssertionError(f"not one word: {word!r:.300}")
    told = json.dumps(
        [reply.text, reply.finish, reply.model, [token for token, _ in reply.logprobs]]
    )
    if _KEY in told:
        raise AssertionError("a key is told")
    if not all(np.isfinite(p) and p <= 1e-3 for _, p in reply.logprobs):
        raise AssertionError(f"no log-probabilities: {reply.logprobs}")


def _checks_failure(reason: str) -> None:
    require_shown(reason)
    if _KEY in reason:
        raise AssertionError("a key is told")


def reads_error(read: bytes) -> None:
    """Read what came with a bad status, its headers among it."""
    head, _, body = read.partition(b"\n")
    text = body.decode("utf-8-sig", "replace")
    headers = _headers(head.decode("latin-1"))
    for status in (307, 400, 404, 422, 429, 500, 503):
        found = without_prompt(of_status(status, headers, text, _ENDPOINT, _NOW), _ASK)
        _checks_failure(found.reason)
        if found.refusal is not None:
            request = Dialect().request(_ASK, "m")
            refused_parameter(found.refused, found.refusal, request)
    waits = retry_after_s(headers, _NOW)
    if waits is not None and not 0 <= waits < float("inf"):
        raise AssertionError(f"a wait of {waits}")
    for encoding in ("gzip", "deflate", "br", "x"):
        _unpacks(body, encoding)


def _unpacks(body: bytes, encoding: str) -> None:
    from delegates.models.wire import GiantAnswer, StrangeEncoding

    try:
        _inflated(body, encoding)
    except (GiantAnswer, StrangeEncoding):
        return


def reads_decision(read: bytes) -> None:
    """Read a decision in a model's words, at the table and in a hall: a legal move, or none."""
    text = read.decode("utf-8", "replace")
    game = mini()
    for view, moves in zip(
        _table(), ((), (offer_of(game, volume=4, price=10, rail="no rail"),)), strict=True
    ):
        with refused(UnusableReply):
            decision = decision_of(view, _reply(text))
            require_speakable(view, decision.move, decision.words or "")
            _checks_words(decision.words or "")
            flags_of_words(view, decision.move, decision.words or "")
            step(played(game, moves)[0], decision.move)
    for view in _halls():
        with refused(UnusableReply):
            decision = decision_of(view, _reply(text))
            _checks_words(decision.words or "")
            require_speakable(view, decision.move, decision.words or "")
    for finish in ("length", "refusal"):
        with refused(UnusableReply):
            decision_of(_table()[0], _reply(text, finish))


def _checks_words(words: str) -> None:
    hostile = [one for one in words if category(one) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]
    if set(hostile) - set("\n\t"):
        raise AssertionError(f"words that a terminal acts on: {words!r:.200}")


def reads_words(read: bytes) -> None:
    """Read a letter, a statement, and words that are still coming."""
    text = read.decode("utf-8", "replace")
    view = _table()[1]
    values = [("A", -0.5), (text[:5], float(len(text)) - 9), ("b", float("-inf"))]
    for logprobs in ((), tuple(values)):
        with refused(UnusableReply):
            scores = letter_scores(_reply(text, logprobs=logprobs), [0, 1, 2])
            if abs(scores.sum() - 1) > 1e-9:
                raise AssertionError(f"no probabilities: {scores}")
    for move in (Accept(), Offer(0)):
        with refused(UnusableReply):
            _checks_words(checked(view, move, clean(spoken_part(text)[0])))
    contradiction("(?:we|i)", Accept(), 0, text.casefold().split(".")[:50])
    for aloud in (all_of_it, message_in):
        for end in (len(text), len(text) // 2, 7):
            _checks_words(clean(aloud(text[:end])))


_KINDS: Sequence[Callable[[bytes], None]] = (reads_answer, reads_error, reads_decision, reads_words)


def reads_reply(read: bytes) -> None:
    """Read one of the above; the first byte says which."""
    _KINDS[(read[:1] or b"\0")[0] % len(_KINDS)](read[1:])


@cache
def reply_seeds() -> Sequence[bytes]:
    """Return answers, errors, decisions and statements."""
    offer = said("offer", {"volume": 3, "price": "20", "rail": "rail"})
    hall = {"action": "amend", "offer": {"price": "20"}, "on": {"issue": "price"}, "message": WORDS}
    texts: Sequence[tuple[int, str]] = (
        (0, "application/json\n" + json.dumps(_ANSWER)),
        (0, "text/event-stream\n" + _STREAM),
        (0, "text/html\n<html>sign in</html>"),
        (1, "120\n" + json.dumps(_ERROR)),
        (1, "Wed, 04 Feb 2026 12:00:09 GMT\n" + json.dumps({"detail": [{"msg": "no tools"}]})),
        (2, offer),
        (2, f"<think>hm</think>\n```json\n{said('accept')}\n```"),
        (2, json.dumps({"name": "move", "arguments": offer})),
        (2, json.dumps(hall)),
        (3, "B"),
        (3, "We offer 3 t at 20 USD with a railway."),
        (3, f"<think>x</think>{offer}"),
    )
    return [bytes([kind]) + text.encode() for kind, text in texts]


_WORDS = (
    "choices", "message", "content", "tool_calls", "function", "arguments", "parameters", "name",
    "finish_reason", "logprobs", "top_logprobs", "token", "logprob", "usage", "prompt_tokens",
    "completion_tokens", "total_tokens", "cached_tokens", "reasoning_tokens", "error", "param",
    "code", "delta", "index", "reasoning", "refusal", "type", "text", "action", "offer", "on",
    "accept", "walk_away", "ask_capital", "pass", "volume", "price", "rail", "issue", "option",
    "max_tokens", "response_format", "insufficient_quota", "rate_limit",
)  # fmt: skip


def _after_a_line(read: bytes) -> bytes:
    return read.partition(b"\n")[2] or read


_SPELT = spelt(lambda: [one[1:] for one in reply_seeds()], _WORDS)
_BY_TREE = by_tree(
    from_json,
    to_json,
    lambda: [json.dumps(one).encode() for one in (_ANSWER, _ERROR, _CHUNK)],
    _WORDS,
)


def _with_head(read: bytes, chance: Random) -> bytes:
    head, _, body = read.partition(b"\n")
    if chance.random() < 0.1:
        head = _SPELT(head, chance).replace(b"\n", b"")
    if not body.startswith(b"data:"):
        return head + b"\n" + _BY_TREE(body, chance)
    lines = body.split(b"\n")
    at = chance.randrange(len(lines))
    lines[at] = b"data: " + _BY_TREE(lines[at].removeprefix(b"data: "), chance).replace(b"\n", b" ")
    return head + b"\n" + b"\n".join(lines)


REPLIES = Target(
    name="replies",
    reads=reads_reply,
    seeds=reply_seeds,
    change=of_kind([_with_head, _with_head, _BY_TREE, _SPELT]),
    words=_WORDS,
)
