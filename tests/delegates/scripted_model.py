"""A model that says its lines one after the other, and the line that leads to it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from delegates.line import Calls, Line, Recall
from delegates.models.budget import Budget
from delegates.models.chat import Ask, Attempts, Hear, Reply, Retry, Usage
from delegates.models.client import EmptyReply, ModelClient
from delegates.models.dialect import Dialect
from delegates.models.prices import FREE
from delegates.settings import Price
from games.errors import ProviderError
from transcripts.events import Event, Unusable

SILENCE = "silence"
"""In a script: the model never answers."""

Said = Reply | Retry | str
"""What a model's line may be: a reply, an attempt that fails, or silence."""


@dataclass
class ScriptedModel:
    """Stands in for a model client."""

    replies: Sequence[Said]
    asks: list[Ask] = field(default_factory=list[Ask])

    async def complete(self, ask: Ask, *, attempts: Attempts, hear: Hear | None = None) -> Reply:
        while True:
            await attempts.begin(ask)
            self.asks.append(ask)
            said = self.replies[len(self.asks) - 1]
            if isinstance(said, str):
                await asyncio.Event().wait()
            elif isinstance(said, Retry):
                attempts.failed(said)
                if said.wait_s is None:
                    raise ProviderError(f"m: {said.reason}")
                await asyncio.sleep(said.wait_s)
            elif not said.text:
                raise EmptyReply("m: answered without a word", said)
            else:
                if hear is not None:
                    hear(said.text)
                return said

    def request(self, ask: Ask) -> dict[str, object]:
        """Return the request as a server without peculiarities is sent it."""
        return Dialect().request(ask, "m")

    def note_unparsable(self, sent_as: str) -> None:
        """Learn nothing."""

    async def aclose(self) -> None:
        """Hold nothing."""

    def told(self, call: int) -> str:
        """Return the whole prompt of a call."""
        return "\n".join(message.content for message in self.asks[call].messages)


@dataclass
class Log:
    """Keeps events as they come."""

    events: list[Event] = field(default_factory=list[Event])

    def record(self, event: Event, *, durable: bool = False) -> None:
        self.events.append(event)

    async def record_durably(self, event: Event) -> None:
        self.record(event, durable=True)

    @property
    def kinds(self) -> list[str]:
        return [event.type for event in self.events]

    @property
    def reasons(self) -> list[str]:
        return [event.reason for event in self.events if isinstance(event, Unusable)]


def reply(text: str, finish: str = "stop", logprobs: tuple[tuple[str, float], ...] = ()) -> Reply:
    """Return a model's reply."""
    return Reply(
        text=text,
        finish=finish,
        usage=Usage(input=10, output=5),
        latency_s=0.1,
        model="m",
        request_id="r",
        logprobs=logprobs,
    )


def model_of(*replies: str | Reply) -> ScriptedModel:
    """Return a model that gives these replies."""
    return ScriptedModel([reply(said) if isinstance(said, str) else said for said in replies])


def fails(*, billable: bool, wait_s: float | None = 0.0, attempt: int = 1) -> Retry:
    """Return an attempt that fails."""
    return Retry(attempt=attempt, reason="no answer", wait_s=wait_s, billable=billable)


def line_to(
    model: ScriptedModel,
    log: Log | None = None,
    budget: Budget | None = None,
    price: Price = FREE,
    recall: Recall | None = None,
) -> Line:
    """Return a line to a scripted model."""
    calls = Calls(log or Log(), budget or Budget())
    return Line(cast("ModelClient", model), "m", "host:1", price, calls, recall)
