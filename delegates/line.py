"""The line from a seat to its model: every question and every reply passes the transcript."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from delegates.contract import View
from delegates.models.budget import Budget
from delegates.models.chat import Ask, Reply, Retry, Usage
from delegates.models.client import EmptyReply, ModelClient
from delegates.settings import Price
from games.errors import TranscriptError
from transcripts.events import Asked, Event, Message, Purpose, Replied, Retried, Tokens, Unusable


class Log(Protocol):
    """Where a session's events go."""

    def record(self, event: Event, *, durable: bool = False) -> None:
        """Keep an event, then let those who watch see it."""
        ...


CallOf = tuple[int, str]
"""A call of a turn: its number, and the model that was asked."""


@dataclass
class Earlier:
    """Calls of an interrupted turn: what was asked, replied and found unusable before."""

    asked: dict[CallOf, Asked] = field(default_factory=dict[CallOf, Asked])
    replied: dict[CallOf, Replied] = field(default_factory=dict[CallOf, Replied])
    unusable: set[CallOf] = field(default_factory=set[CallOf])

    def holds(self, question: Asked) -> bool:
        """Return whether this question stands on record, put to the same model and host."""
        before = self.asked.get((question.call, question.model))
        return before is not None and before.host == question.host

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
    last: CallOf = (-1, "")
    for event in events:
        match event:
            case Asked():
                last = (event.call, event.model)
                found.asked[last] = event
            case Replied():
                found.replied[last] = event
            case Unusable():
                found.unusable.add(last)
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

    def next(self, turn: int) -> int:
        """Return the number of the next call of a turn."""
        if turn != self.turn:
            if self.turn >= 0:
                self.earlier = Earlier()
            self.turn, self.number = turn, 0
        self.number += 1
        return self.number - 1


@dataclass(frozen=True)
class Paid:
    """The attempts of one call, recorded as they fail."""

    view: View
    log: Log

    async def begin(self, ask: Ask) -> None:
        """Let every attempt be made."""

    def failed(self, retry: Retry) -> None:
        """Record an attempt that will be made again."""
        if retry.wait_s is not None:
            self.log.record(
                Retried(
                    turn=self.view.turn,
                    party=self.view.party,
                    attempt=retry.attempt,
                    reason=retry.reason,
                    wait_s=retry.wait_s,
                )
            )


@dataclass(frozen=True)
class Line:
    """A seat's connection to one model."""

    client: ModelClient
    model: str
    host: str
    price: Price | None
    calls: Calls

    async def ask(self, view: View, purpose: Purpose, ask: Ask) -> Reply:
        """Return the model's reply, which is on disk by then.

        A reply that an interrupted run already paid for is not bought again.

        Raises:
            ProviderError: If the endpoint failed for good.
            CapReached: If the call could pass a cap.
        """
        question = self._question(view, purpose, ask)
        known = self.calls.earlier.reply_to(question)
        if known is not None:
            return _reply(known)
        held = await self.calls.budget.acquire(ask, self.price)
        with self.calls.budget.releasing(held):
            if not self.calls.earlier.holds(question):
                self.calls.log.record(question)
            reply = await self._bought(view, ask)
            cost = self.calls.budget.settle(held, reply.usage)
            self.calls.log.record(_replied(question, reply, cost), durable=True)
        return reply

    async def _bought(self, view: View, ask: Ask) -> Reply:
        try:
            return await self.client.complete(ask, attempts=Paid(view, self.calls.log))
        except EmptyReply as empty:
            # It is paid for; that it says nothing is for the delegate to find out.
            return empty.reply

    def _question(self, view: View, purpose: Purpose, ask: Ask) -> Asked:
        settings = {
            "max_tokens": ask.max_tokens,
            "temperature": ask.temperature,
            "seed": ask.seed,
            "top_logprobs": ask.top_logprobs,
            "schema": None if ask.schema is None else ask.schema.name,
        }
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
        )

    def unusable(self, view: View, purpose: Purpose, reason: str) -> None:
        """Record that the last reply could not be used."""
        call = self.calls.number - 1
        if (call, self.model) not in self.calls.earlier.unusable:
            self.calls.log.record(
                Unusable(
                    turn=view.turn, party=view.party, purpose=purpose, call=call, reason=reason
                )
            )


def _replied(question: Asked, reply: Reply, cost: float | None) -> Replied:
    return Replied(
        turn=question.turn,
        party=question.party,
        purpose=question.purpose,
        call=question.call,
        text=reply.text,
        finish=reply.finish,
        tokens=Tokens(
            input=reply.usage.input, output=reply.usage.output, cached=reply.usage.cached
        ),
        cost_usd=cost,
        latency_s=round(reply.latency_s, 3),
        request_id=reply.request_id or "",
        logprobs=reply.logprobs,
    )


def _reply(event: Replied) -> Reply:
    return Reply(
        text=event.text,
        finish=event.finish,
        usage=Usage(
            input=event.tokens.input, output=event.tokens.output, cached=event.tokens.cached
        ),
        latency_s=event.latency_s,
        model="",
        request_id=event.request_id,
        logprobs=event.logprobs,
    )
