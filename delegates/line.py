"""The line from a seat to its model: every question and every reply passes the transcript."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

from pydantic import JsonValue

from delegates.contract import View
from delegates.listening import Aloud, Ear, Listener
from delegates.models.budget import Budget, Reservation
from delegates.models.cache import ReplyCache, is_worth_keeping, question_key
from delegates.models.chat import Ask, Reply, Retry, Usage
from delegates.models.client import EmptyReply, ModelClient
from delegates.settings import Price
from games.errors import TranscriptError
from transcripts.events import (
    Asked,
    Event,
    Failed,
    Fault,
    Message,
    Purpose,
    Replied,
    Retried,
    Tokens,
    Unusable,
)


class Log(Protocol):
    """Where a session's events go."""

    def record(self, event: Event, *, durable: bool = False) -> None:
        """Keep an event, then let those who watch see it."""
        ...

    async def record_durably(self, event: Event) -> None:
        """Keep an event, and let others see it once it is on disk."""
        ...


CallOf = tuple[int, str]
"""A call of a turn: its number, and the model that was asked."""


@dataclass
class Earlier:
    """Calls of an interrupted turn: what was asked, replied and found unusable before."""

    asked: dict[CallOf, Asked] = field(default_factory=dict[CallOf, Asked])
    replied: dict[CallOf, Replied] = field(default_factory=dict[CallOf, Replied])
    unusable: set[CallOf] = field(default_factory=set[CallOf])
    last: CallOf = (-1, "")
    """The last one asked: a reply on record belongs to it."""

    def holds(self, question: Asked) -> bool:
        """Return whether this question was the last on record, put to the same model and host.

        An older one, which a run with another model followed, is put on record again.
        """
        call = (question.call, question.model)
        return call == self.last and self.asked[call].host == question.host

    def reply_to(self, question: Asked) -> Replied | None:
        """Return the reply that the same question got before the interruption.

        Raises:
            TranscriptError: If the question of that number was another one.
        """
        before = self.asked.get((question.call, question.model))
        if before is None:
            return None
        if before.messages != question.messages:
            raise TranscriptError(
                f"turn {question.turn}: this version would ask {question.party}'s model something "
                "else than the transcript says was asked; resume with the version that began it"
            )
        return self.replied.get((question.call, question.model))


def earlier_calls(events: Iterable[Event]) -> Earlier:
    """Return the calls among the events since the last move; a reply is to the last question."""
    found = Earlier()
    for event in events:
        match event:
            case Asked():
                found.last = (event.call, event.model)
                found.asked[found.last] = event
            case Replied():
                found.replied[found.last] = event
            case Unusable():
                found.unusable.add(found.last)
            case _:
                pass
    return found


@dataclass
class Calls:
    """Numbers the model calls of a session's current turn."""

    log: Log
    budget: Budget
    earlier: Earlier = field(default_factory=Earlier)
    turn: int = -1
    number: int = 0
    listen: Listener | None = None
    """Shown words as they come."""

    def next(self, turn: int) -> int:
        """Return the number of the next call of a turn."""
        if turn != self.turn:
            if self.turn >= 0:
                self.earlier = Earlier()
            self.turn, self.number = turn, 0
        self.number += 1
        return self.number - 1


@dataclass(frozen=True)
class Recall:
    """The replies of earlier sessions, and who would have to be asked without them."""

    cache: ReplyCache
    served_by: str
    """The endpoint's whole address, or the identity of the embedded model's weights."""


class _Recalled(Exception):  # noqa: N818 - nothing is wrong
    """Raised in place of an attempt whose answer an earlier session bought."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


@dataclass
class Paid:
    """The attempts of one call: each reserved before it is made, then settled or charged.

    Whatever ends the call, the transcript says so, and what the attempts may have cost: a question
    on record has a reply, or `failed` after it, unless the process was killed.
    """

    line: Line
    question: Asked
    ask: Ask
    is_on_record: bool
    held: Reservation | None = None
    key: str | None = None
    """Of the attempt in the cache of replies."""
    is_over: bool = False

    async def begin(self, ask: Ask) -> None:
        """Reserve what an attempt can use, and put the question on record.

        Raises:
            CapReached: If it could pass a cap.
        """
        # Before anything is waited for: another call may change how the server is asked.
        self._recall()
        self.held = await self.line.calls.budget.acquire(ask, self.line.price)
        self.put_on_record()

    def put_on_record(self) -> None:
        """Record the question if it is not on record yet."""
        if not self.is_on_record:
            self.line.calls.log.record(self.question)
            self.is_on_record = True

    def failed(self, retry: Retry) -> None:
        """Record an attempt that failed, charged if the provider may bill it."""
        tokens, cost = self._charged(is_billable=retry.billable)
        turn, party = self.question.turn, self.question.party
        if retry.wait_s is None:
            self._record_end(retry.reason, tokens, cost)
            return
        self.line.calls.log.record(
            Retried(
                turn=turn,
                party=party,
                attempt=retry.attempt,
                reason=retry.reason,
                wait_s=retry.wait_s,
                tokens=tokens,
                cost_usd=cost,
            )
        )

    def broken_off(self, reason: str) -> None:
        """Record that the call ends without a reply; an attempt in flight may be billed."""
        tokens, cost = self._charged(is_billable=True)
        if self.is_on_record and not self.is_over:
            self._record_end(reason, tokens, cost)

    async def settled(self, reply: Reply) -> Reply:
        """Settle and record the reply to the last attempt, durably, and return it."""
        budget, held = self.line.calls.budget, self.held
        if held is None:
            raise AssertionError("a reply to an attempt that was never begun")
        reply = replace(reply, usage=credible(reply, held.bound))
        cost = budget.settle(held, reply.usage)
        self.held, self.is_over = None, True
        await self.line.calls.log.record_durably(_replied(self.question, reply, cost))
        recall = self.line.recall
        if recall is not None and self.key is not None and is_worth_keeping(self.ask, reply):
            recall.cache.keep(self.key, reply)
        return reply

    def _recall(self) -> None:
        recall = self.line.recall
        if recall is not None:
            request = self.line.client.request(self.ask)
            self.key = question_key(recall.served_by, request, self.ask)
            known = recall.cache.reply(self.key)
            if known is not None:
                raise _Recalled(known)

    def _charged(self, *, is_billable: bool) -> tuple[Tokens, float | None]:
        """End the reservation and return what it may have cost."""
        held, self.held = self.held, None
        if held is None:
            return Tokens(), 0.0
        if not is_billable:
            self.line.calls.budget.release(held)
            return Tokens(), 0.0
        self.line.calls.budget.charge(held)
        return Tokens(input=held.bound.input, output=held.bound.output), held.cost_usd

    def _record_end(self, reason: str, tokens: Tokens, cost: float | None) -> None:
        self.is_over = True
        self.line.calls.log.record(
            Failed(
                turn=self.question.turn,
                party=self.question.party,
                reason=reason,
                tokens=tokens,
                cost_usd=cost,
            ),
            durable=True,
        )


@dataclass(frozen=True)
class Line:
    """A seat's connection to one model."""

    client: ModelClient
    model: str
    host: str
    price: Price | None
    calls: Calls
    recall: Recall | None = None
    """Where replies of earlier sessions may be used again."""

    async def ask(
        self, view: View, purpose: Purpose, ask: Ask, aloud: Aloud | None = None
    ) -> Reply:
        """Return the model's reply, which is on disk by then.

        A reply that an interrupted run already paid for is not bought again.

        Args:
            view: What the seat knows.
            purpose: What the reply is for.
            ask: What is asked.
            aloud: Finds in the reply what is to be said aloud; whoever listens to the session is
                shown that as it comes.

        Raises:
            ProviderError: If the endpoint failed for good.
            CapReached: If the call could pass a cap, or no time is left for its answer.
        """
        question = self._question(view, purpose, ask)
        known = self.calls.earlier.reply_to(question)
        if known is not None:
            return _reply(known)
        paid = Paid(self, question, ask, self.calls.earlier.holds(question))
        try:
            reply = await paid.settled(await self._in_time(paid, self._ear(view, purpose, aloud)))
        except _Recalled as found:
            reply = found.reply
            paid.put_on_record()
            again = _replied(question, reply, 0.0).model_copy(update={"from_cache": True})
            await self.calls.log.record_durably(again)
        except BaseException as error:
            paid.broken_off(_reason(error))
            raise
        return reply

    def _ear(self, view: View, purpose: Purpose, aloud: Aloud | None) -> Ear | None:
        listen = self.calls.listen
        return None if listen is None or aloud is None else Ear(listen, view, purpose, aloud)

    async def _in_time(self, paid: Paid, ear: Ear | None) -> Reply:
        left = self.calls.budget.time_left_s
        if left is None:
            return await self._bought(paid, ear)
        limit = asyncio.timeout(left)
        try:
            async with limit:
                return await self._bought(paid, ear)
        except TimeoutError:
            if limit.expired():
                raise self.calls.budget.time_passed() from None
            raise

    async def _bought(self, paid: Paid, ear: Ear | None) -> Reply:
        try:
            return await self.client.complete(paid.ask, attempts=paid, hear=ear)
        except EmptyReply as empty:
            # It is paid for; that it says nothing is for the delegate to find out.
            return empty.reply

    def _question(self, view: View, purpose: Purpose, ask: Ask) -> Asked:
        settings = {
            "max_tokens": ask.max_tokens,
            "temperature": ask.temperature,
            "seed": ask.seed,
            "top_logprobs": ask.top_logprobs,
            "effort": ask.effort,
            "schema": None if ask.schema is None else ask.schema.name,
        }
        schema = None if ask.schema is None else dict(ask.schema.json)
        return Asked(
            turn=view.turn,
            party=view.party,
            purpose=purpose,
            call=self.calls.next(view.turn),
            model=self.model,
            host=self.host,
            messages=tuple(
                Message(role=message.role, content=message.content) for message in ask.messages
            ),
            settings={name: value for name, value in settings.items() if value is not None},
            answer_schema=cast("dict[str, JsonValue] | None", schema),
        )

    def unusable(self, view: View, purpose: Purpose, reason: str, fault: str | None = None) -> None:
        """Record that the last reply could not be used, and what kind of fault it has."""
        call = self.calls.number - 1
        if (call, self.model) not in self.calls.earlier.unusable:
            self.calls.log.record(
                Unusable(
                    turn=view.turn,
                    party=view.party,
                    purpose=purpose,
                    call=call,
                    reason=reason,
                    fault=cast("Fault | None", fault),
                )
            )


def credible(reply: Reply, bound: Usage) -> Usage:
    """Return what a reply used; what its server cannot have meant is replaced by the bound."""
    told = reply.usage
    output = told.output if told.output > 0 or (told.output == 0 and not reply.text) else None
    found = replace(
        told,
        input=told.input if told.input > 0 else bound.input,
        output=bound.output if output is None else output,
        estimated=told.estimated or told.input <= 0 or output is None,
    )
    return replace(
        found,
        cached=min(max(0, told.cached), found.input) if told.input > 0 else 0,
        reasoning=min(max(0, told.reasoning), found.output),
    )


def _reason(error: BaseException) -> str:
    """Return why a call ended without a reply."""
    if isinstance(error, asyncio.CancelledError):
        return "interrupted while it was asked"
    return str(error) or type(error).__name__


def _replied(question: Asked, reply: Reply, cost: float | None) -> Replied:
    return Replied(
        turn=question.turn,
        party=question.party,
        purpose=question.purpose,
        call=question.call,
        text=reply.text,
        finish=reply.finish,
        tokens=Tokens(
            input=reply.usage.input,
            output=reply.usage.output,
            cached=reply.usage.cached,
            reasoning=reply.usage.reasoning,
        ),
        cost_usd=cost,
        latency_s=round(reply.latency_s, 3),
        request_id=reply.request_id or "",
        logprobs=reply.logprobs,
        sent_as=reply.sent_as,
    )


def _reply(event: Replied) -> Reply:
    return Reply(
        text=event.text,
        finish=event.finish,
        usage=Usage(
            input=event.tokens.input,
            output=event.tokens.output,
            cached=event.tokens.cached,
            reasoning=event.tokens.reasoning,
        ),
        latency_s=event.latency_s,
        model="",
        request_id=event.request_id,
        logprobs=event.logprobs,
        sent_as=event.sent_as,
    )
