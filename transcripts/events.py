"""The events of a session, each one line of its transcript.

A line is the event as JSON with its number, its UTC time and the hash of the line before it, closed
by its own hash: SHA-256 over everything that stands before `,"hash"`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from games.outcomes import Option
from games.preparation import Sheet
from games.session import Status

FORMAT_VERSION = 5
"""The transcript format that this version writes; it reads every one from 1 to this."""

Act = Literal[
    "offer",
    "accept",
    "walk-away",
    "pass",
    "vote",
    "keep-silence",
    "break-silence",
    "sign",
    "pledge",
    "threaten",
    "promise",
    "approach",
    "call-caucus",
    "ask-capital",
    "carry-out",
    "merge",
    "park",
    "reopen",
    "group",
    "call-informal",
    "open-breakouts",
    "open-silence",
    "put-to-vote",
    "open-signature",
    "extend",
    "adjourn",
]
Purpose = Literal["decide", "word"]

Fault = Literal[
    "unparsable",
    "illegal",
    "contradictory",
    "empty",
    "refused",
    "truncated",
    "over-long",
    "off-topic",
    "repeating",
    "own-red-line",
    "beyond-mandate",
    "below-reservation",
    "invented-figure",
    "unclear-act",
    "out-of-role",
]
"""What was wrong with a model's reply that could not be used."""

Flag = Literal["below-reservation", "own-figure-told", "repeating", "off-topic"]
"""What is remarkable about a move that was made all the same: an outcome below the party's own
reservation value agreed or proposed, a private figure of its own said aloud, words said before,
words that have nothing to do with the talks."""

NOTICE = (
    "SIMULATION. Delegates' words are machine-written; no government said them. For training and "
    "research, not for predicting or advising any government."
)
"""Stands in every transcript's header."""


class _Event(BaseModel):
    """What every event has: its number, its time and the hash of the line before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int = 0
    at: str = ""
    prev: str = ""


class Seat(BaseModel):
    """Who sits for a party: who decides, who words, by which model and where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    spec: str
    decides: str
    words: str
    models: dict[str, str] = {}
    """Model → endpoint host."""


class Parent(BaseModel):
    """The session that this one branched off, and the last event it shares with it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session: str
    event: Annotated[int, Field(ge=0)]
    hash: str
    moves: Annotated[int, Field(ge=0)]
    """How many moves are shared."""
    seats: tuple[str, ...] = ()
    """The parties whose seats are others' from there on, or were where the parent branched off
    itself and would be held by a stand-in again."""


class Limits(BaseModel):
    """Caps that were given on money, tokens and time; None where none was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_cost_usd: float | None = None
    max_tokens: int | None = None
    max_time_s: float | None = None


class PlannedShock(BaseModel):
    """A shock that whoever leads the exercise has strike as a round begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shock: str
    round: Annotated[int, Field(ge=1)] = 1
    """Counted from 1; of the first, before the first move."""


def _is_empty(planned: tuple[PlannedShock, ...]) -> bool:
    return not planned


class Opened(_Event):
    """The header: everything the session depends on, but for the replies of models."""

    type: Literal["opened"] = "opened"
    format: int = FORMAT_VERSION
    program: str
    session: str
    scenario: dict[str, JsonValue]
    seats: dict[str, Seat]
    seed: int
    notice: str = NOTICE
    parent: Parent | None = None
    """Where it branched off, if it did."""
    limits: Limits = Limits()
    """They hold for whoever carries the session on, until others are given."""
    shocks: tuple[PlannedShock, ...] = Field(default=(), exclude_if=_is_empty)
    """Those that were to strike beside what the scenario states; no line where there are none."""


class Message(BaseModel):
    """One message of a prompt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: str


class Asked(_Event):
    """A model is about to be asked, with exactly this prompt."""

    type: Literal["asked"] = "asked"
    turn: int
    party: str
    purpose: Purpose
    call: int
    """Number of the call within the turn, from 0."""
    model: str
    host: str
    messages: tuple[Message, ...]
    settings: dict[str, JsonValue] = {}
    answer_schema: dict[str, JsonValue] | None = None
    """The JSON schema that the answer is to fit."""


# A cap counts what a transcript says was spent, whoever wrote it: nothing in it gives money back.
Count = Annotated[int, Field(ge=0, le=10**15)]
Usd = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class Tokens(BaseModel):
    """Tokens of one or many calls; cached ones are among the input, reasoning among the output."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Count = 0
    output: Count = 0
    cached: Count = 0
    reasoning: Count = 0
    """Of the output, what the model thought to itself."""


class Replied(_Event):
    """A model replied; the reply is on disk before anyone uses it."""

    type: Literal["replied"] = "replied"
    turn: int
    party: str
    purpose: Purpose
    call: int
    text: str
    finish: str = ""
    tokens: Tokens = Tokens()
    cost_usd: Usd | None = None
    latency_s: float = 0.0
    request_id: str = ""
    logprobs: tuple[tuple[str, float], ...] = ()
    sent_as: str = ""
    """How the schema was put to the server: `strict`, `loose`, `tool` or `words`."""
    from_cache: bool = False
    """Whether an earlier session's reply to the same question was used again, at no cost."""


class Retried(_Event):
    """An endpoint failed and the call is made again.

    Tokens and cost are the most that the provider may bill for the failed attempt.
    """

    type: Literal["retried"] = "retried"
    turn: int
    party: str
    attempt: int
    reason: str
    wait_s: float
    tokens: Tokens = Tokens()
    cost_usd: Usd | None = 0.0


class Failed(_Event):
    """An endpoint failed for good, or a cap was met, and the session stops here for now.

    Tokens and cost are the most that the provider may bill for the last attempt.
    """

    type: Literal["failed"] = "failed"
    turn: int
    party: str
    reason: str
    tokens: Tokens = Tokens()
    cost_usd: Usd | None = 0.0


class Unusable(_Event):
    """A model's reply could not be used; the delegate asks again or falls back."""

    type: Literal["unusable"] = "unusable"
    turn: int
    party: str
    purpose: Purpose
    call: int
    reason: str
    fault: Fault | None = None
    """What kind of fault it is; None in transcripts of format 1."""


class MoveMade(_Event):
    """A party made a move."""

    type: Literal["moved"] = "moved"
    turn: int
    round: int
    party: str
    act: Act
    outcome: dict[str, Option] | None = None
    words: str = ""
    decided_by: str = ""
    worded_by: str = ""
    fallback: str | None = None
    """Why the seat's fallback mind had to decide."""
    words_fallback: str | None = None
    """Why the template had to word it."""
    flags: tuple[Flag, ...] = ()
    on: dict[str, JsonValue] = {}
    """What the act is about, beside an outcome: a ballot, a signature, an issue."""
    stage: str = ""
    """Of a plenary or forum: what was going on."""
    room: int | None = None
    """The room in which it was made, where it was."""
    heard_by: tuple[str, ...] | None = None
    """Those who alone were to hear of it; None where all did."""


class Decided(_Event):
    """A person decided; the move follows as soon as it is worded."""

    type: Literal["decided"] = "decided"
    turn: int
    party: str
    act: Act
    outcome: dict[str, Option] | None = None
    words: str = ""
    """What the person said with it; empty where the seat's voice is to word it."""
    on: dict[str, JsonValue] = {}


class HandedOver(_Event):
    """A person's seat passed to its stand-in, or back to the person."""

    type: Literal["handed-over"] = "handed-over"
    turn: int
    party: str
    to: Literal["stand-in", "person"]
    turns: int | None = None
    """For how many of its turns the stand-in moves; None until the person takes the seat back."""
    reason: str


class Resumed(_Event):
    """The session was carried on after an interruption."""

    type: Literal["resumed"] = "resumed"
    turn: int
    model: str | None = None
    """The model asked from here on in place of the seats' own, if one was given."""
    limits: Limits = Limits()
    """Those that hold from here on."""


class Happened(_Event):
    """Something happened before the move of this turn: it is no party's move."""

    type: Literal["happened"] = "happened"
    turn: int
    round: int
    what: Literal["shock", "instruction", "answer"]
    by: Literal["date", "lot", "trainer", "capital"]
    """A shock strikes on its date, by lot or because whoever leads the exercise said so; a capital
    instructs and answers."""
    shock: str | None = None
    party: str | None = None
    """Whose capital spoke."""
    instruction: int | None = None
    """The number of the instruction among the mandate's, from 0."""
    issue: str | None = None
    option: str | None = None
    """What was asked for."""
    granted: bool | None = None
    heard_by: tuple[str, ...] | None = None
    """Those who alone learn of it; None where all do."""
    words: str = ""
    """What is reported, as those who learn of it hear it."""


class Prepared(_Event):
    """A person wrote down what they take the game to be; no other seat ever learns of it.

    The one before the first move is the preparation sheet; at half time the guesses are asked for
    once more.
    """

    type: Literal["prepared"] = "prepared"
    turn: int
    party: str
    when: Literal["before", "half-time"]
    sheet: Sheet


class Suggested(_Event):
    """A person asked the adviser, which sees what their seat may see, and was told this."""

    type: Literal["suggested"] = "suggested"
    turn: int
    party: str
    act: Act
    outcome: dict[str, Option] | None = None
    on: dict[str, JsonValue] = {}
    words: str = ""
    """What the adviser said, and why."""


class SessionClosed(_Event):
    """The session ended."""

    type: Literal["closed"] = "closed"
    status: Status
    outcome: dict[str, Option] | None
    utilities: dict[str, float]
    payoffs: dict[str, float]


class Found(_Event):
    """The referee's findings; they can be computed again from the events before."""

    type: Literal["found"] = "found"
    version: int
    findings: dict[str, JsonValue]


Event = Annotated[
    Opened
    | Asked
    | Replied
    | Retried
    | Failed
    | Unusable
    | MoveMade
    | Decided
    | HandedOver
    | Resumed
    | Happened
    | Prepared
    | Suggested
    | SessionClosed
    | Found,
    Field(discriminator="type"),
]

EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and checks one event."""
