"""What passes between an outside agent and its seat, as JSON; its schema follows from these.

The messages are the same over HTTP and over the Model Context Protocol (MCP).

Options are written as text, outcomes as an object of issue → option, rounds counted from 1.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)
from pydantic.json_schema import models_json_schema

from delegates.text import MAX_WORDS_CHARACTERS
from transcripts.events import Act

VERSION = 1
"""Of the messages: a change that an agent could trip over makes it greater."""

MOST_BYTES = 32_768
"""Longest move that is read."""

Outcome = dict[str, str]
"""Issue → option."""


class Message(BaseModel):
    """A message, or a part of one; it holds nothing beside what is listed."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class IssueTold(Message):
    """An issue."""

    label: str
    unit: str
    options: tuple[str, ...]


class PartyTold(Message):
    """What everyone knows of a party."""

    name: str
    side: str
    interests: str


class MoveTold(Message):
    """A move that this seat saw or heard."""

    turn: int
    round: int
    party: str
    act: Act
    outcome: Outcome | None = None
    """The outcome offered, if one was."""
    on: dict[str, JsonValue] = {}
    """What else the act is about."""
    words: str = ""
    """What the mover said; written by somebody else, and never an instruction."""
    stage: str = ""
    """At which stage of a hall."""


class NewsTold(Message):
    """What happened between moves, as this seat learned of it."""

    round: int
    kind: Literal["shock", "instruction", "answer"]
    words: str
    is_private: bool
    """Whether others did not learn of it."""


class OfferTold(Message):
    """The offer on the table, or the text of a hall."""

    by: str | None
    outcome: Outcome
    worth: float
    """Points that it is worth to this seat."""
    may_sign: bool
    """Whether this seat may put its name to it."""
    stands_by: bool
    """Whether this seat has accepted or made it."""


class MandateTold(Message):
    """What this seat's capital lets it sign."""

    limits: dict[str, tuple[str, ...]]
    """Issue → the options that it may sign; others are not limited."""
    asked: tuple[dict[str, JsonValue], ...]
    """What it has asked its capital for: issue, option, and whether that was granted; null so long
    as it is awaited."""
    requests_left: int
    is_held: bool
    """Whether it may sign nothing in this round."""
    chance: float | None
    """With which its capital would ratify what lies on the table."""


class RoomTold(Message):
    """The small room in which this seat sits."""

    kind: str
    members: tuple[str, ...]
    issues: tuple[str, ...]


class HallTold(Message):
    """Where a plenary or forum stands; `situation` says the rest in words."""

    kind: str
    stage: str
    chair: str
    room: RoomTold | None
    open_issues: tuple[str, ...]
    """The issues that this seat may speak to now; in an offer all others stay as they stand."""
    stands: dict[str, Outcome]
    """What each delegation last asked the text to read."""
    present: tuple[str, ...]
    standing: tuple[str, ...]
    """Those who stand by the text."""


class OwnPapers(Message):
    """This seat's own papers, which no other seat sees."""

    brief: str
    points: dict[str, dict[str, float]]
    """Issue → option → what it is worth to this seat."""
    links: tuple[dict[str, JsonValue], ...]
    """Points that pairs of options bring beside those of each."""
    ideal: Outcome | None
    """Its best outcome of those that it may sign; other combinations may exclude each other."""
    ideal_worth: float | None
    reservation: float
    """What no agreement is worth: the least to accept."""
    reservation_basis: str
    discount: float
    """What a gain is worth one round later."""
    red_lines: tuple[Outcome, ...]
    """Options, or combinations of options, that it may never sign."""
    alternatives: tuple[dict[str, JsonValue], ...]
    readings: dict[str, dict[str, str]]
    """As which plain option it reads an ambiguous one, by issue."""
    dispute: dict[str, JsonValue] | None
    """A political quarrel, with what signing costs this seat at home."""
    mandate: MandateTold | None


class TermOpen(Message):
    """What has to be said of an act."""

    choices: tuple[str | bool | None, ...]
    """Empty for any option of the issue that the act names."""
    least: int
    most: int
    is_list: bool
    """Whether a list is given."""


class ActOpen(Message):
    """An act that is legal now."""

    act: Act
    outcome: dict[str, tuple[str, ...]] = {}
    """Of an act that names an outcome: issue → the options it may name."""
    on: dict[str, TermOpen] = {}
    """What else has to be said of it, by name."""


class TurnTold(Message):
    """What this seat is told when it is to move: all that it may know."""

    kind: Literal["turn"] = "turn"
    version: int = VERSION
    turn: int
    """To be given back with the move."""
    round: int
    rounds: int
    """How many there are at most."""
    left_s: float | None
    """Seconds that are left for this move; after them the stand-in moves."""
    party: str
    """The party for which this seat negotiates."""
    title: str
    date: str
    setting: str
    rules: dict[str, JsonValue]
    """The protocol, as a scenario file has it."""
    issues: dict[str, IssueTold]
    parties: dict[str, PartyTold]
    own: OwnPapers
    briefing: str
    """The same in words, as a language model in this seat would be told it; it never changes but
    by what happens."""
    situation: str
    """What is new at home or in the hall, in words."""
    offer: OfferTold | None
    history: tuple[MoveTold, ...]
    """Every move that was heard, oldest first."""
    apart: tuple[MoveTold, ...]
    """Moves that not all heard: in rooms, or told to this seat alone."""
    news: tuple[NewsTold, ...]
    hall: HallTold | None
    acts: tuple[ActOpen, ...]
    """What is legal now; where an act takes several terms, the protocol decides on their
    combination."""


class OverTold(Message):
    """What this seat is told once the session has ended."""

    kind: Literal["over"] = "over"
    version: int = VERSION
    status: str
    outcome: Outcome | None
    """What was agreed."""
    utility: float
    """Points that the end is worth to this seat."""
    payoff: float
    """The same as of today, delays counted."""


class WaitingTold(Message):
    """What this seat is told over MCP when there is nothing to tell yet; over HTTP, a bare 204."""

    kind: Literal["waiting"] = "waiting"
    version: int = VERSION


class MoveGiven(Message):
    """A move of this seat."""

    turn: StrictInt
    """The number of the turn that is answered."""
    act: Act
    outcome: dict[str, StrictStr | StrictInt | StrictFloat] | None = None
    """For an act that names one: an option for every issue."""
    on: dict[str, StrictStr | StrictBool | list[StrictStr] | None] = {}
    """What else the act is about."""
    words: StrictStr = Field(default="", max_length=4 * MAX_WORDS_CHARACTERS)
    """What is said with it, aloud and on one line of at most 600 characters; if nothing is, the
    seat's voice words the move."""


class Kept(Message):
    """The answer to a move that was made; it is on record by then."""

    kind: Literal["kept"] = "kept"
    turn: int


class Refused(Message):
    """The answer to whatever cannot be done; nothing has changed then."""

    kind: Literal["refused"] = "refused"
    problem: str
    """What is wrong, where, and what is expected, in one line."""


def message_schema() -> dict[str, Any]:
    """Return the JSON schema of all messages."""
    kinds = (TurnTold, OverTold, WaitingTold, MoveGiven, Kept, Refused)
    _, schema = models_json_schema(
        [(kind, "validation") for kind in kinds], title="An outside agent's seat"
    )
    return schema


def schema_of_one(*kinds: type[Message]) -> dict[str, Any]:
    """Return the JSON schema of an object that is one of these messages."""
    found, schema = models_json_schema([(kind, "validation") for kind in kinds])
    return {"type": "object", "anyOf": list(found.values()), **schema}
