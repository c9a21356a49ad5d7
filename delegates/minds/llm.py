"""A mind that lets a language model decide freely and word its own moves.

A reply that cannot be used is asked for again with the reason, at most twice; then the fallback
mind moves and the event says so. No reply is ever repaired into a move.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
)

from delegates.contract import Decision, ScriptedMind, View
from delegates.line import Line
from delegates.minds.firm import Firm
from delegates.models.chat import Ask, Reply
from delegates.models.prompt import MAX_WORDS_CHARACTERS, decision_messages, decision_schema
from delegates.text import clean
from games.errors import UnusableReply
from games.session import Accept, Move, Offer, WalkAway

ATTEMPTS = 3
"""How often a model is asked for one move, the first time included."""

MAX_REPLY_TOKENS = 1200
"""Longest reply that is paid for."""


class RawDecision(BaseModel):
    """A model's reply as it should be."""

    model_config = ConfigDict(extra="ignore")

    action: Literal["offer", "accept", "walk_away"]
    offer: dict[str, StrictStr | StrictInt | StrictFloat] | None = None
    message: str = ""


@dataclass(frozen=True)
class LlmMind:
    """Decides by what a model replies."""

    line: Line
    fallback: ScriptedMind = field(default_factory=Firm)

    async def decide(self, view: View) -> Decision:
        """Return the model's decision, or the fallback mind's if it gives none that can be used."""
        problems: list[str] = []
        for attempt in range(ATTEMPTS):
            reply = await self.line.ask(view, "decide", self._ask(view, problems, attempt))
            try:
                return decision_of(view, reply)
            except UnusableReply as error:
                problems.append(str(error))
                self.line.unusable(view, "decide", str(error))
        return Decision(
            self.fallback.choose(view),
            fallback=f"{self.line.model} gave no usable move in {ATTEMPTS} replies: {problems[-1]}",
        )

    def _ask(self, view: View, problems: list[str], attempt: int) -> Ask:
        return Ask(
            messages=decision_messages(view, problems),
            schema=decision_schema(view),
            max_tokens=MAX_REPLY_TOKENS,
            temperature=0.7,
            seed=view.random(f"decide/{attempt}").randrange(2**31),
        )


def decision_of(view: View, reply: Reply) -> Decision:
    """Return the decision that a reply holds.

    Raises:
        UnusableReply: If it holds none, contradicts itself, or is not a legal move.
    """
    if reply.finish == "length":
        raise UnusableReply("it was cut off for length; be brief")
    try:
        raw = RawDecision.model_validate_json(json_object(reply.text))
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"]) or "the reply"
        raise UnusableReply(f"{where}: {problem['msg']}") from None
    words = clean(raw.message)[: 2 * MAX_WORDS_CHARACTERS]
    return Decision(legal_move(view, raw), words=words)


def json_object(text: str) -> str:
    """Return the JSON object in a text, which may stand in a code fence or after thoughts.

    Raises:
        UnusableReply: If there is none, or there are several and they differ.
    """
    found = list(dict.fromkeys(_json_objects(text.rpartition("</think>")[2])))
    if not found:
        raise UnusableReply("it holds no JSON object")
    if len(found) > 1:
        raise UnusableReply("it holds more than one JSON object")
    return found[0]


def _json_objects(text: str) -> Iterator[str]:
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            _, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            yield text[start:end]
        start = text.find("{", end)


def legal_move(view: View, raw: RawDecision) -> Move:
    """Return the move a reply names.

    Raises:
        UnusableReply: If the move is not legal now, or the reply contradicts itself.
    """
    match raw.action:
        case "walk_away":
            if raw.offer:
                raise UnusableReply('the action is "walk_away" but "offer" is not null')
            return WalkAway()
        case "accept":
            return _acceptance(view, raw)
        case "offer":
            return _offer(view, raw)


def _offer(view: View, raw: RawDecision) -> Offer:
    if raw.offer is None:
        raise UnusableReply('the action is "offer" but "offer" is null')
    try:
        outcome = view.public.space.index(raw.offer)
    except ValueError as error:
        raise UnusableReply(str(error)) from None
    if not view.public.space.is_possible(outcome):
        raise UnusableReply("the offer combines options that exclude each other")
    if not view.own.may_sign(outcome):
        raise UnusableReply("the offer crosses one of your own red lines")
    return Offer(outcome)


def _acceptance(view: View, raw: RawDecision) -> Accept:
    if view.offer is None:
        raise UnusableReply("there is no offer on the table to accept")
    if not view.own.may_sign(view.offer):
        raise UnusableReply("the offer on the table crosses one of your own red lines")
    if raw.offer:
        try:
            same = view.public.space.index(raw.offer) == view.offer
        except ValueError:
            same = False
        if not same:
            raise UnusableReply('the action is "accept" but "offer" is another than on the table')
    return Accept()
