"""A model that says its lines one after the other, and the line that leads to it."""

from dataclasses import dataclass, field
from typing import cast

from delegates.line import Calls, Line
from delegates.models.budget import Budget
from delegates.models.chat import Ask, Attempts, Reply, Usage
from delegates.models.client import EmptyReply, ModelClient
from delegates.models.dialect import Dialect
from delegates.models.prices import FREE
from transcripts.events import Event, Unusable


@dataclass
class ScriptedModel:
    """Stands in for a model client."""

    replies: list[Reply]
    asks: list[Ask] = field(default_factory=list[Ask])

    async def complete(self, ask: Ask, *, attempts: Attempts) -> Reply:
        await attempts.begin(ask)
        self.asks.append(ask)
        reply = self.replies[len(self.asks) - 1]
        if not reply.text:
            raise EmptyReply("m: answered without a word", reply)
        return reply

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


def line_to(model: ScriptedModel, log: Log | None = None, budget: Budget | None = None) -> Line:
    """Return a line to a scripted model."""
    calls = Calls(log or Log(), budget or Budget())
    return Line(cast("ModelClient", model), "m", "host:1", FREE, calls)
