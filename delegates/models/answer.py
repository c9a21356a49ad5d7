"""Reads what a server answered: a chat completion, whole or as a stream, or whatever it is instead.

Nothing that a server sends can break the reading: what cannot be read is a `Failure`, and details
that are wrong in an answer that can be read count as missing.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StrictInt,
    ValidationError,
    ValidatorFunctionWrapHandler,
)
from pydantic.functional_validators import WrapValidator

from delegates.models import failures
from delegates.models.chat import Ask, Reply, Usage, token_bound
from delegates.models.failures import ErrorBody, Failure, without_key
from delegates.models.stream import assembled
from delegates.settings import Endpoint
from games.errors import plain

MOST_TOKENS = 10_000_000
"""Counts beyond this are absurd: no model reads or writes so much in one call."""

_CERTAIN = 1e-3
"""The log-probability of what is certain, 0, and what rounding may add to it."""

_LONGEST_WORD = 200
_NAMES = r"think(?:ing)?|thoughts?|reasoning|reflection"
_OPENING = re.compile(rf"\s*(?:<(?:{_NAMES})>|\[THINK\])", re.IGNORECASE)
_CLOSING = re.compile(rf"</(?:{_NAMES})>|\[/THINK\]", re.IGNORECASE)
_CALL_TAGS = re.compile(r"<tool_call>(?P<call>.*)</tool_call>", re.DOTALL)
_FINAL_CHANNEL = "<|channel|>final<|message|>"
_ANY_CHANNEL = "<|channel|>"

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Raw:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body: JSON is UTF-8, whatever the headers say."""
        return self.body.decode("utf-8-sig", errors="replace")


@dataclass(frozen=True, kw_only=True)
class ReadReply:
    """A reply, and whether the model was seen to think before it."""

    reply: Reply
    reasons: bool


def read_answer(
    raw: Raw, ask: Ask, endpoint: Endpoint, model: str, *, sent_as: str, now: datetime
) -> ReadReply | Failure:
    """Return the reply that an answer with a good status holds, or what is wrong with it.

    Args:
        raw: The answer.
        ask: What was asked, with the limit that was sent.
        endpoint: Who answered; its key is taken out of all that it says.
        model: What to call the model if the server does not say.
        sent_as: How the schema was put.
        now: Tells the time, for dates in headers.
    """
    kind = raw.headers.get("content-type", "")
    text = raw.text
    if "event-stream" in kind or text.startswith(("data:", "event:", ":")):
        whole = assembled(text)
        if whole is None:
            return failures.of_page("text/event-stream", endpoint, is_json=False)
        text = whole
    read = _completion(text)
    if not isinstance(read, _Completion):
        return failures.of_page(kind, endpoint, is_json=read)
    error = read.failed()
    if error is not None:
        return failures.of_error_answer(error, endpoint, now)
    if "choices" not in read.model_fields_set:
        return failures.of_page(kind, endpoint, is_json=True)
    choice = read.choices[0] if read.choices else _Choice(finish_reason="no choice")
    request_id = raw.headers.get("x-request-id") or read.id
    return _answer(read, choice, ask, endpoint.api_key, model, sent_as, request_id)


def spoken_part(text: str) -> tuple[str, bool]:
    """Return a text without the thoughts that stand before it, and whether there were any.

    Some servers leave a model's private reasoning in the answer, between tags or without the tag
    that opens it. What comes before the last closing tag is cut off: a thought that quotes the tag
    cannot end early, and so nothing private can be made public by writing it.
    """
    if _FINAL_CHANNEL in text:
        return text.rpartition(_FINAL_CHANNEL)[2].partition("<|")[0], True
    if text.lstrip().startswith(_ANY_CHANNEL):
        return "", True
    opening = _OPENING.match(text)
    closings = list(_CLOSING.finditer(text))
    if opening and not closings:
        return "", True
    if closings and (opening or not text.lstrip().startswith(("{", "[", "`"))):
        last = closings[-1]
        thought = text[opening.end() if opening else 0 : last.start()]
        return text[last.end() :].lstrip(), bool(thought.strip())
    return text, False


def call_left_in_words(text: str, function: str) -> str | None:
    """Return the arguments of a call that its server has passed on undecoded; None if it is none.

    llama.cpp does so where a chat template's calls are strange to it: the whole answer is then the
    call, as the model was told to write it.
    """
    whole = _CALL_TAGS.fullmatch(text.strip())
    try:
        call = _WordyCall.model_validate_json(whole["call"] if whole else text)
    except ValidationError:
        return None
    return _Function(arguments=call.arguments).text() if call.name == function else None


def _answer(
    read: "_Completion",
    choice: "_Choice",
    ask: Ask,
    key: SecretStr,
    model: str,
    sent_as: str,
    request_id: str | None,
) -> ReadReply:
    said = choice.message or _Said()
    text, thought = spoken_part(said.spoken(sent_as))
    if sent_as == "tool" and ask.schema is not None:
        text = call_left_in_words(text, ask.schema.name) or text
    usage = read.usage.plain() if read.usage else None
    finish = ("refusal" if said.refusal else choice.finish_reason) or "no reason given"
    reply = Reply(
        text=without_key(text, key),
        finish=_word(finish, key),
        usage=usage or token_bound(ask),
        latency_s=0.0,
        model=_word(read.model or model, key),
        request_id=_word(request_id, key) if request_id else None,
        logprobs=tuple((without_key(t, key), p) for t, p in choice.first_token()),
        sent_as=sent_as,
    )
    starved = finish == "length" and not text.strip()
    counted = usage is not None and usage.reasoning > 0
    return ReadReply(reply=reply, reasons=thought or said.thinks() or counted or starved)


def _word(text: str, key: SecretStr) -> str:
    return plain(without_key(text, key))[:_LONGEST_WORD]


def _completion(text: str) -> "_Completion | bool":
    """Return the completion in a text, or whether the text is at least JSON."""
    try:
        return _Completion.model_validate_json(text)
    except ValidationError as error:
        if error.errors()[0]["type"] != "json_invalid":
            return True
    # Half a character pair, as a model cut off in an emoji leaves it, is not JSON to pydantic.
    try:
        mended = json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8", "replace")
        return _Completion.model_validate_json(mended)
    except ValidationError as error:
        return error.errors()[0]["type"] != "json_invalid"
    except (ValueError, RecursionError):
        return False


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


_Lenient = Annotated[T | None, WrapValidator(_or_none)]
"""A detail that may be missing or of a wrong type without harm."""


class _Candidate(BaseModel):
    token: str
    logprob: float


class _Token(BaseModel):
    top_logprobs: _Lenient[list[_Candidate]] = None


class _Logprobs(BaseModel):
    content: _Lenient[list[_Token]] = None


class _Function(BaseModel):
    arguments: str | dict[str, Any] | None = None

    def text(self) -> str:
        if isinstance(self.arguments, str):
            return self.arguments
        return "" if self.arguments is None else json.dumps(self.arguments, ensure_ascii=False)


class _WordyCall(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    arguments: dict[str, Any] = Field(validation_alias=AliasChoices("arguments", "parameters"))


class _Call(BaseModel):
    function: _Function


class _Part(BaseModel):
    type: _Lenient[str] = None
    text: _Lenient[str] = None


class _Said(BaseModel):
    content: str | list[str | _Part] | None = None
    refusal: _Lenient[str] = None
    tool_calls: _Lenient[list[_Call]] = None
    function_call: _Lenient[_Function] = None
    reasoning_content: Any = None
    reasoning: Any = None
    reasoning_details: Any = None

    def spoken(self, sent_as: str) -> str:
        """Return what is said, which a tool call holds if one was asked for."""
        called = self.tool_calls[0].function if self.tool_calls else self.function_call
        arguments = called.text() if called else ""
        content = self._content()
        return arguments or content if sent_as == "tool" else content or arguments

    def thinks(self) -> bool:
        """Whether thoughts came along, apart from what is said."""
        parts = self.content if isinstance(self.content, list) else []
        apart = any(isinstance(p, _Part) and p.type in ("thinking", "reasoning") for p in parts)
        return apart or bool(self.reasoning_content or self.reasoning or self.reasoning_details)

    def _content(self) -> str:
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        return "".join(
            part if isinstance(part, str) else part.text or ""
            for part in self.content
            if isinstance(part, str) or part.type in (None, "text", "output_text")
        )


class _Choice(BaseModel):
    message: _Said | None = None
    finish_reason: _Lenient[str] = None
    logprobs: _Lenient[_Logprobs] = None

    def first_token(self) -> tuple[tuple[str, float], ...]:
        tokens = (self.logprobs.content if self.logprobs else None) or []
        candidates = (tokens[0].top_logprobs if tokens else None) or []
        return tuple((c.token, c.logprob) for c in candidates if -math.inf < c.logprob <= _CERTAIN)


class _InputDetails(BaseModel):
    cached_tokens: _Lenient[StrictInt] = None


class _OutputDetails(BaseModel):
    reasoning_tokens: _Lenient[StrictInt] = None


class _Tokens(BaseModel):
    prompt_tokens: _Lenient[StrictInt] = None
    completion_tokens: _Lenient[StrictInt] = None
    total_tokens: _Lenient[StrictInt] = None
    prompt_cache_hit_tokens: _Lenient[StrictInt] = None
    prompt_tokens_details: _Lenient[_InputDetails] = None
    completion_tokens_details: _Lenient[_OutputDetails] = None

    def plain(self) -> Usage | None:
        """Return the counts, or None where they are missing or cannot be.

        Some providers (xAI, Gemini) leave a model's thoughts out of `completion_tokens` and count
        them in the total alone: they are output, and billed as such.
        """
        asked, said = _count(self.prompt_tokens), _count(self.completion_tokens)
        if asked is None or said is None:
            return None
        details = self.completion_tokens_details
        thought = _count(details.reasoning_tokens if details else None) or 0
        beside = max(0, (_count(self.total_tokens) or 0) - asked - said)
        output = said + max(beside, thought if thought > said else 0)
        input_details = self.prompt_tokens_details
        cached = _count(input_details.cached_tokens if input_details else None)
        cached = _count(self.prompt_cache_hit_tokens) if cached is None else cached
        return Usage(
            input=asked,
            output=output,
            cached=min(cached or 0, asked),
            reasoning=min(max(thought, beside), output),
        )


def _count(tokens: int | None) -> int | None:
    return tokens if tokens is not None and 0 <= tokens <= MOST_TOKENS else None


class _Completion(BaseModel):
    id: _Lenient[str] = None
    model: _Lenient[str] = None
    choices: list[_Choice] | None = None
    usage: _Lenient[_Tokens] = None
    error: ErrorBody | str | dict[str, Any] | None = None

    def failed(self) -> ErrorBody | None:
        """Return the error that came in an answer's place."""
        if self.choices or not self.error:
            return None
        if isinstance(self.error, ErrorBody):
            return self.error
        text = self.error if isinstance(self.error, str) else json.dumps(self.error)
        return ErrorBody(message=text)
