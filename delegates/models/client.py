"""Asks a model behind an OpenAI-compatible endpoint; every retry is ours and visible."""

import asyncio
import importlib
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from delegates.models.answer import ReadReply, read_answer
from delegates.models.chat import Ask, Attempts, Hear, Reply, Retry
from delegates.models.dialect import Dialect, is_about_wording, refused_parameter
from delegates.models.failures import Failure, without_prompt
from delegates.models.flow import MOST_IN_FLIGHT, Flow, FlowState, Permit, flow_to, next_ticket
from delegates.models.local import SLOTS
from delegates.models.remembered import Dialects, ModelAt
from delegates.models.stream import STREAMED, Coming
from delegates.models.wire import Carrier, Wire
from delegates.settings import EMBEDDED_HOST, Endpoint, is_loopback
from games.errors import ProviderError, SettingError, UnusableReply

UNPARSABLE_IN_A_ROW = 2
"""Replies in a row that do not hold what the schema asked for before it is put in another way."""

_log = logging.getLogger("minilateral.models")

_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 8.0
_BELIEVED = 3
"""How often a pause that a server asks for is kept to, however short it is."""
_OF_ITS_OWN_ACCORD = ("stop", "tool_calls", "function_call")


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How long a call may struggle before its provider has failed for good."""

    budget_s: float = 60.0
    """How long after a call's first failure another attempt may begin."""
    unreachable_s: float = 10.0
    """The same where no server is found."""
    timeout_s: float = 60.0
    """Of one attempt."""
    thinking_timeout_s: float = 300.0
    """Of one attempt with room to think: at 30 tokens a second it takes that long to fill it."""
    own_machine_timeout_s: float = 600.0
    """Of one attempt on this machine, where models think slowly and calls queue for few slots."""


class EmptyReply(UnusableReply):
    """Raised when a model answers without a word; its tokens are spent all the same."""

    def __init__(self, line: str, reply: Reply) -> None:
        """Keep the reply, so that its usage can be settled."""
        super().__init__(line, "empty")
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
        dialects: Dialects | None = None,
        carrier: Carrier | None = None,
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
            dialects: What is known of how models want to be asked; without, it is learnt afresh.
            carrier: Carries requests in place of connections of its own.
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
        self._dialects = dialects or Dialects()
        # Several embedded models share one name and host; their labels tell them apart.
        self._at = ModelAt(endpoint.host, self.label if endpoint.embedded else model)
        self._clock, self._sleep, self._now = clock, sleep, now
        self._random = random or Random()
        self._wire: Carrier = carrier or Wire(now)
        self._unparsable, self._last_was_unparsable = 0, False

    @property
    def dialect(self) -> Dialect:
        """How the model is asked, as far as that is known."""
        return self._dialects.of(self._at)

    def request(self, ask: Ask) -> dict[str, object]:
        """Return what the next attempt would send, word for word."""
        spoken = self.dialect
        return spoken.request(spoken.as_sent(ask), self.model)

    def flow_state(self) -> FlowState:
        """Return how many requests are in flight from this event loop to the endpoint, and may."""
        return self._flow().state

    def note_unparsable(self, sent_as: str) -> None:
        """Hear that a reply does not hold what its schema asked for.

        After `UNPARSABLE_IN_A_ROW` of them the schema is put in the next way: the server takes the
        present one but does not heed it.

        Args:
            sent_as: How it was put for that reply, `Reply.sent_as`.
        """
        dialect = self.dialect
        if sent_as != dialect.schema:
            return  # it was put in another way by then: nothing is known of the present one
        self._unparsable += 1
        self._last_was_unparsable = True
        lower = dialect.stepped_down()
        if self._unparsable >= UNPARSABLE_IN_A_ROW and lower is not None:
            self._unparsable = 0
            _log.info("%s: does not heed %s; %s from now on", self.label, sent_as, lower.schema)
            self._dialects.try_out(self._at, lower)

    async def complete(self, ask: Ask, *, attempts: Attempts, hear: Hear | None = None) -> Reply:
        """Ask once, trying again where that can help.

        Args:
            ask: What is asked.
            attempts: Whoever pays.
            hear: Whoever wants to hear the answer come; it is asked for as a stream then, which
                changes nothing else.

        Raises:
            ProviderError: The endpoint cannot serve this, or still fails after every retry.
            CapReached: Whoever pays allows no further attempt.
            EmptyReply: The model answered without a word (an `UnusableReply`).
        """
        struggle = _Struggle(relocate=self._relocate, hear=hear)
        ticket = next_ticket()
        while True:
            # As it is now: what is begun is what is reserved for, and what a cache may know.
            spoken = self.dialect
            sent = spoken.as_sent(ask)
            struggle.timeout_s = self._timeout_s(spoken)
            await attempts.begin(sent)
            queued = self._clock()
            flow = self._flow()
            async with _turn(flow, ticket, attempts, struggle) as permit:
                struggle.let_pass(self._clock() - queued)
                outcome = await self._attempt(sent, spoken, struggle)
                wait_s = self._way_on(outcome, sent, spoken, struggle, flow.refusing_since)
                _tell(flow, permit, outcome, wait_s)
            if isinstance(outcome, ReadReply):
                return self._delivered(outcome, spoken, struggle)
            struggle.lose_hearing(outcome)
            if outcome.unreachable and struggle.relocate is not None:
                find, struggle.relocate = struggle.relocate, None
                self.endpoint = await self._found(find)
            attempts.failed(
                Retry(
                    attempt=struggle.failed,
                    reason=outcome.reason,
                    wait_s=wait_s,
                    billable=outcome.billable,
                )
            )
            if wait_s is None:
                self._dialects.withdraw(self._at)
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
        await self._wire.aclose()

    def _timeout_s(self, spoken: Dialect) -> float:
        if self.endpoint.embedded or is_loopback(self.endpoint.base_url):
            return self._policy.own_machine_timeout_s
        policy = self._policy
        return policy.thinking_timeout_s if spoken.reasons else policy.timeout_s

    def _flow(self) -> Flow:
        here = self.endpoint.embedded
        return flow_to(
            # Each embedded model has slots of its own.
            self.endpoint.base_url if here else self.endpoint.host,
            most=SLOTS if here else MOST_IN_FLIGHT,
            clock=self._clock,
            sleep=self._sleep,
        )

    async def _attempt(
        self, sent: Ask, spoken: Dialect, struggle: "_Struggle"
    ) -> ReadReply | Failure:
        started = self._clock()
        coming = struggle.coming(spoken, self._clock)
        got = await self._wire.ask(
            self.endpoint,
            self._request(sent, spoken, struggle),
            struggle.timeout_s,
            coming and coming.feed,
        )
        if coming is not None:
            coming.end()
        if isinstance(got, Failure):
            return without_prompt(got, sent)
        sent_as = spoken.schema if sent.schema is not None else ""
        read = read_answer(got, sent, self.endpoint, self.model, sent_as=sent_as, now=self._now())
        if isinstance(read, Failure):
            return without_prompt(read, sent)
        return replace(read, reply=replace(read.reply, latency_s=self._clock() - started))

    def _request(self, sent: Ask, spoken: Dialect, struggle: "_Struggle") -> dict[str, object]:
        request = spoken.request(sent, self.model)
        return request | STREAMED if struggle.is_streamed(spoken) else request

    def _way_on(
        self,
        outcome: ReadReply | Failure,
        sent: Ask,
        spoken: Dialect,
        struggle: "_Struggle",
        refusing_since: float | None,
    ) -> float | None:
        """Return how long to wait before the next attempt, or `None` if there is none."""
        if isinstance(outcome, ReadReply):
            return None
        if outcome.refusal is not None and self._adapts(
            outcome, outcome.refusal, self._request(sent, spoken, struggle), spoken
        ):
            struggle.failed += 1
            return 0.0
        if outcome.unreachable and struggle.relocate is not None:
            struggle.failed += 1
            return 0.0
        if outcome.misfired:
            self.note_unparsable(spoken.schema)
        since = refusing_since if outcome.crowded else None
        struggle.note(self._clock(), outcome, self._policy, since)
        return struggle.wait_s(self._clock(), outcome, self._random)

    def _delivered(self, answer: ReadReply, spoken: Dialect, struggle: "_Struggle") -> Reply:
        reply = answer.reply
        _log.info(
            "%s: %.2f s, %d tokens in, %d out, %d retries, request %s",
            self.label,
            reply.latency_s,
            reply.usage.input,
            reply.usage.output,
            struggle.failed,
            reply.request_id,
        )
        if answer.reasons and not spoken.reasons:
            _log.info("%s: reasons before it answers: gets more room from now on", self.label)
        learnt = replace(spoken, reasons=spoken.reasons or answer.reasons)
        if struggle.is_streamed(spoken) and reply.usage.estimated:
            # What a stream came to would be guessed at each time, and guessed too high.
            _log.info("%s: does not count what it streams; it is not asked to again", self.label)
            learnt = replace(learnt, is_whole=True)
        self._dialects.prove(self._at, learnt)
        if reply.sent_as:
            self._unparsable = self._unparsable if self._last_was_unparsable else 0
            self._last_was_unparsable = False
        if not reply.text.strip():
            if reply.finish in _OF_ITS_OWN_ACCORD:
                # Some servers answer so where a way to put the schema is beyond them.
                self.note_unparsable(reply.sent_as)
            line = f"{self.label}: answered without a word (it stopped for {reply.finish!r})"
            raise EmptyReply(line, reply)
        return reply

    async def _found(self, find: Callable[[], Endpoint]) -> Endpoint:
        try:
            return await asyncio.to_thread(find)
        except SettingError as error:
            line = str(error)
        # It worked when the session began: the session is kept, so it is no longer a wrong setting.
        raise ProviderError(line)

    def _adapts(
        self, failure: Failure, body: str, request: dict[str, object], spoken: Dialect
    ) -> bool:
        refused = refused_parameter(failure.refused, body, request)
        if refused is None or not (failure.sure or is_about_wording(refused)):
            return False
        if self.dialect != spoken:
            return True  # a call beside this one has learnt something meanwhile
        learnt = self.dialect.without(refused)
        if learnt is None:
            return False
        said = ", ".join(learnt.told())
        _log.info("%s: %s was refused; from now on: %s", self.label, refused, said)
        self._dialects.try_out(self._at, learnt)
        return True

    def _line(self, failure: Failure, struggle: "_Struggle") -> str:
        times = f" after {struggle.failed} attempts" if struggle.failed > 1 else ""
        host = "the embedded model" if self.endpoint.host == EMBEDDED_HOST else self.endpoint.host
        return f"{host}: {failure.reason}{times}, model {self.model!r}: {failure.advice}"


@asynccontextmanager
async def _turn(
    flow: Flow, ticket: int, attempts: Attempts, struggle: "_Struggle"
) -> AsyncGenerator[Permit]:
    """Hold a permit; an attempt that is cut off while it waits for one was never sent."""
    is_held = False
    try:
        async with flow.permit(ticket) as permit:
            is_held = True
            yield permit
    except asyncio.CancelledError:
        if not is_held:
            reason = "cut off before its turn to be asked came"
            attempts.failed(Retry(attempt=struggle.failed, reason=reason, wait_s=None))
        raise


def _tell(flow: Flow, permit: Permit, outcome: ReadReply | Failure, wait_s: float | None) -> None:
    if isinstance(outcome, ReadReply):
        flow.served()
    elif outcome.crowded:
        flow.refused(permit, wait_s)
    elif outcome.slow:
        flow.slowed(permit)


@dataclass(kw_only=True)
class _Struggle:
    """How one call has gone so far."""

    relocate: Callable[[], Endpoint] | None
    hear: Hear | None = None
    timeout_s: float = 0.0
    """Of the present attempt."""
    failed: int = 0
    borne: int = 0
    began: float | None = None
    ends: float = 0.0

    def is_streamed(self, spoken: Dialect) -> bool:
        """Whether the present attempt asks for a stream."""
        return self.hear is not None and not spoken.is_whole

    def coming(self, spoken: Dialect, clock: Callable[[], float]) -> Coming | None:
        """Return what listens to the present attempt's answer, if somebody does."""
        if self.hear is None or not self.is_streamed(spoken):
            return None
        return Coming(self.hear, clock)

    def lose_hearing(self, failure: Failure) -> None:
        """Take back what was heard, and hear no more of a call whose stream went wrong.

        Something between here and there may not bear streams; the whole answer may pass.
        """
        if self.hear is None:
            return
        self.hear("")
        if failure.billable:
            self.hear = None

    def let_pass(self, queued_s: float) -> None:
        """Leave time out of account that was spent behind other calls."""
        if self.began is not None:
            self.began += queued_s

    def note(
        self, clock: float, failure: Failure, policy: RetryPolicy, since: float | None
    ) -> None:
        """Take a failure into account; `since` when its server refuses whatever it is asked."""
        self.failed += 1
        self.borne += failure.bears is not None
        self.began = clock if self.began is None else self.began
        budget = policy.budget_s
        if failure.unreachable:
            budget = min(budget, policy.unreachable_s)
        self.ends = (self.began if since is None else min(self.began, since)) + budget

    def wait_s(self, clock: float, failure: Failure, random: Random) -> float | None:
        left = self.ends - clock
        tired = failure.bears is not None and self.borne > failure.bears
        if not failure.retryable or tired:
            return None
        # A server too slow once is likely to be so again: only where that fits the budget.
        if left <= 0 or (failure.slow and self.timeout_s > left):
            return None
        asked = failure.retry_after_s
        if asked is not None and (asked > left or self.failed <= _BELIEVED):
            return None if asked > left else asked
        # Some servers name the same short pause for as long as they refuse.
        longest = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(self.failed - 1, 8))
        return max(asked or 0.0, min(left, longest * random.uniform(0.5, 1.0)))
