"""Asks a model behind an OpenAI-compatible endpoint; every retry is ours and visible."""

import asyncio
import importlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Protocol, cast
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ValidationError

from delegates.models import failures
from delegates.models.chat import (
    Ask,
    Attempts,
    Message,
    Reply,
    Retry,
    Schema,
    Usage,
    token_bound,
)
from delegates.models.dialect import Dialect, refused_parameter
from delegates.models.failures import Failure
from delegates.settings import EMBEDDED_HOST, Endpoint, is_loopback
from games.errors import ProviderError, SettingError, UnusableReply

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = [
    "Ask",
    "EmptyReply",
    "Message",
    "ModelClient",
    "Reply",
    "Retry",
    "RetryPolicy",
    "Schema",
    "Usage",
]

_log = logging.getLogger("minilateral.models")

_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 8.0
_CONNECT_TIMEOUT_S = 10.0


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How long a call may struggle before its provider has failed for good."""

    budget_s: float = 60.0
    """How long after a call's first failure another attempt may begin."""
    unreachable_s: float = 10.0
    """The same where no server is found."""
    timeout_s: float = 60.0
    """Of one attempt."""
    own_machine_timeout_s: float = 600.0
    """Of one attempt on this machine, where models think slowly and calls queue for few slots."""


class EmptyReply(UnusableReply):
    """Raised when a model answers without a word; its tokens are spent all the same."""

    def __init__(self, line: str, reply: Reply) -> None:
        """Keep the reply, so that its usage can be settled."""
        super().__init__(line)
        self.reply = reply


class ModelClient:
    """One model of one endpoint; each event loop that uses it has connections of its own."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        *,
        policy: RetryPolicy | None = None,
        label: str | None = None,
        relocate: Callable[[], Endpoint] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        random: Random | None = None,
    ) -> None:
        """Prepare without any call.

        Args:
            endpoint: Where to ask; the embedded model's must have been started.
            model: The model's name as the server knows it.
            policy: Time-outs and retries.
            label: What to call the model where people read it.
            relocate: Finds the server anew after it is gone; blocks; asked at most once a call.
            clock: Measures latency and the retry budget.
            sleep: Waits between retries.
            now: Tells the time, for a `Retry-After` date.
            random: Jitters the waits.
        """
        # Slow (0.5 s): whoever only lists or replays sessions never pays for it.
        importlib.import_module("openai")
        self.endpoint = endpoint
        self.model = model
        self.label = label or f"{model} at {endpoint.host}"
        self._policy = policy or RetryPolicy()
        self._relocate = relocate
        self._clock, self._sleep, self._now = clock, sleep, now
        self._random = random or Random()
        self._dialect = Dialect()
        self._apis: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[Endpoint, AsyncOpenAI]] = (
            WeakKeyDictionary()
        )

    async def complete(self, ask: Ask, *, attempts: Attempts) -> Reply:
        """Ask once, trying again where that can help.

        Raises:
            ProviderError: The endpoint cannot serve this, or still fails after every retry.
            CapReached: Whoever pays allows no further attempt.
            EmptyReply: The model answered without a word (an `UnusableReply`).
        """
        struggle = _Struggle(timeout_s=self._timeout_s(), relocate=self._relocate)
        while True:
            spoken = self._dialect
            await attempts.begin(ask)
            outcome = await self._attempt(ask, spoken, struggle.timeout_s)
            if isinstance(outcome, Reply):
                return self._delivered(outcome, struggle)
            wait_s = await self._way_on(outcome, ask, spoken, struggle)
            attempts.failed(Retry(attempt=struggle.failed, reason=outcome.reason, wait_s=wait_s))
            if wait_s is None:
                raise ProviderError(self._line(outcome, struggle))
            _log.info(
                "%s: attempt %d: %s; again in %.2f s",
                self.label,
                struggle.failed,
                outcome.reason,
                wait_s,
            )
            if wait_s > 0:
                await self._sleep(wait_s)

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        held = self._apis.pop(asyncio.get_running_loop(), None)
        if held is not None:
            await held[1].close()

    def _timeout_s(self) -> float:
        here = self.endpoint.embedded or is_loopback(self.endpoint.base_url)
        return self._policy.own_machine_timeout_s if here else self._policy.timeout_s

    async def _attempt(self, ask: Ask, spoken: Dialect, timeout_s: float) -> "Reply | Failure":
        from openai import APIConnectionError, APIStatusError, APITimeoutError, Timeout

        started = self._clock()
        limits = Timeout(timeout_s, connect=min(timeout_s, _CONNECT_TIMEOUT_S))
        extra = {"cache_prompt": False} if self.endpoint.embedded else None
        try:
            # The library's time-out is between two bytes; this one is for the whole answer.
            async with asyncio.timeout(timeout_s):
                create = cast("_Create", self._api().chat.completions.with_raw_response.create)
                request = spoken.request(ask, self.model)
                raw = await create(**request, timeout=limits, extra_body=extra)
        except APITimeoutError as error:
            lost = failures.of_connection(error, self.endpoint)
            return lost if lost.unreachable else failures.of_timeout(timeout_s)
        except TimeoutError:
            return failures.of_timeout(timeout_s)
        except APIStatusError as error:
            answer = error.response
            return failures.of_status(
                error.status_code, answer.headers, answer.text, self.endpoint, self._now()
            )
        except APIConnectionError as error:
            return failures.of_connection(error, self.endpoint)
        return self._read(raw, ask, self._clock() - started)

    def _api(self) -> "AsyncOpenAI":
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient

        loop = asyncio.get_running_loop()
        held = self._apis.get(loop)
        if held is not None and held[0] == self.endpoint:
            return held[1]
        url = self.endpoint.base_url
        api = AsyncOpenAI(
            base_url=url,
            api_key=self.endpoint.api_key.get_secret_value(),
            max_retries=0,
            # A proxy of the environment cannot reach this machine's own servers.
            http_client=DefaultAsyncHttpxClient(trust_env=not is_loopback(url)),
        )
        self._apis[loop] = (self.endpoint, api)
        return api

    def _read(self, raw: "_Raw", ask: Ask, latency_s: float) -> "Reply | Failure":
        headers = raw.headers
        try:
            answer = _Completion.model_validate_json(raw.text)
        except ValidationError as error:
            is_json = error.errors()[0]["type"] != "json_invalid"
            kind = headers.get("content-type", "")
            return failures.of_page(kind, self.endpoint, is_json=is_json)
        if answer.error is not None and not answer.choices:
            return failures.of_error_answer(answer.error, self.endpoint, self._now())
        choice = answer.choices[0] if answer.choices else _Choice()
        return Reply(
            text=choice.message.content or "",
            finish=("refusal" if choice.message.refusal else choice.finish_reason) or "no choice",
            usage=answer.usage.plain() if answer.usage else token_bound(ask),
            latency_s=latency_s,
            model=answer.model or self.model,
            request_id=headers.get("x-request-id") or answer.id,
            logprobs=choice.first_token(),
        )

    def _delivered(self, reply: Reply, struggle: "_Struggle") -> Reply:
        _log.info(
            "%s: %.2f s, %d tokens in, %d out, %d retries, request %s",
            self.label,
            reply.latency_s,
            reply.usage.input,
            reply.usage.output,
            struggle.failed,
            reply.request_id,
        )
        if not reply.text.strip():
            line = f"{self.label}: answered without a word (it stopped for {reply.finish!r})"
            raise EmptyReply(line, reply)
        return reply

    async def _way_on(
        self, failure: Failure, ask: Ask, spoken: Dialect, struggle: "_Struggle"
    ) -> float | None:
        """Return how long to wait before the next attempt, or `None` if there is none."""
        if failure.refusal is not None and self._adapts(failure, failure.refusal, ask, spoken):
            struggle.failed += 1
            return 0.0
        if failure.unreachable and struggle.relocate is not None:
            find, struggle.relocate = struggle.relocate, None
            struggle.failed += 1
            self.endpoint = await self._found(find)
            return 0.0
        struggle.note(self._clock(), failure, self._policy)
        if not failure.retryable:
            return None
        return struggle.wait_s(self._clock(), failure, self._random)

    async def _found(self, find: Callable[[], Endpoint]) -> Endpoint:
        try:
            return await asyncio.to_thread(find)
        except SettingError as error:
            line = str(error)
        # It worked when the session began: the session is kept, so it is no longer a wrong setting.
        raise ProviderError(line)

    def _adapts(self, failure: Failure, body: str, ask: Ask, spoken: Dialect) -> bool:
        sent = spoken.request(ask, self.model)
        parameter = refused_parameter(failure.refused, body, sent)
        if parameter is None:
            return False
        if self._dialect != spoken:
            return True  # a call beside this one has learnt something meanwhile
        learnt = self._dialect.without(parameter)
        if learnt is None:
            return False
        _log.info("%s: does without %s from now on", self.label, parameter)
        self._dialect = learnt
        return True

    def _line(self, failure: Failure, struggle: "_Struggle") -> str:
        times = f" after {struggle.failed} attempts" if struggle.failed > 1 else ""
        host = "the embedded model" if self.endpoint.host == EMBEDDED_HOST else self.endpoint.host
        return f"{host}: {failure.reason}{times}, model {self.model!r}: {failure.advice}"


@dataclass(kw_only=True)
class _Struggle:
    """How one call has gone so far."""

    timeout_s: float
    relocate: Callable[[], Endpoint] | None
    failed: int = 0
    began: float | None = None
    ends: float = 0.0

    def note(self, clock: float, failure: Failure, policy: RetryPolicy) -> None:
        self.failed += 1
        self.began = clock if self.began is None else self.began
        budget = policy.budget_s
        if failure.unreachable:
            budget = min(budget, policy.unreachable_s)
        self.ends = self.began + budget

    def wait_s(self, clock: float, failure: Failure, random: Random) -> float | None:
        left = self.ends - clock
        # A server too slow once is likely to be so again: only where that fits the budget.
        if left <= 0 or (failure.slow and self.timeout_s > left):
            return None
        if failure.retry_after_s is not None:
            return failure.retry_after_s if failure.retry_after_s <= left else None
        longest = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(self.failed - 1, 8))
        return min(left, longest * random.uniform(0.5, 1.0))


class _Raw(Protocol):
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def text(self) -> str: ...


class _Create(Protocol):
    def __call__(self, **request: object) -> Awaitable[_Raw]: ...


class _Candidate(BaseModel):
    token: str
    logprob: float


class _Token(BaseModel):
    top_logprobs: list[_Candidate] = []


class _Logprobs(BaseModel):
    content: list[_Token] | None = None


class _Said(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Said = _Said()
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None

    def first_token(self) -> tuple[tuple[str, float], ...]:
        tokens = (self.logprobs.content if self.logprobs else None) or []
        return tuple((c.token, c.logprob) for c in tokens[0].top_logprobs) if tokens else ()


class _Details(BaseModel):
    cached_tokens: int | None = None


class _Tokens(BaseModel):
    prompt_tokens: int
    completion_tokens: int
    prompt_tokens_details: _Details | None = None

    def plain(self) -> Usage:
        details = self.prompt_tokens_details
        cached = (details.cached_tokens if details else None) or 0
        return Usage(input=self.prompt_tokens, output=self.completion_tokens, cached=cached)


class _Completion(BaseModel):
    id: str | None = None
    model: str | None = None
    choices: list[_Choice] = []
    usage: _Tokens | None = None
    error: failures.ErrorBody | None = None
