"""A voice that lets a model word a move which code or another model decided.

The model is given the public move and nothing private. Its words are checked: every figure must be
one of the offer's, the act must be recognisable, the length bounded. Words that fail are replaced
by the template's, and the event says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from delegates.contract import Utterance, View
from delegates.line import Line
from delegates.models.chat import Ask, Message
from delegates.models.prompt import described
from delegates.text import clean
from delegates.voices.template import phrase
from games.errors import UnusableReply
from games.session import Accept, Move, Offer, WalkAway

MAX_CHARACTERS = 700
"""Longest statement that is spoken."""

_NUMBER = re.compile(r"\d+(?:[,. \u202f\u00a0]\d{3})*(?:\.\d+)?|\d+")
_ACT_WORDS = {
    Offer: re.compile(
        r"propos|offer|suggest|put forward|table|settle|ready to|would|seek|ask|need"
    ),
    Accept: re.compile(r"accept|agree|stand by|stands by|maintain|keep|welcome"),
    WalkAway: re.compile(r"leav|walk|withdraw|end|no basis|cannot continue"),
}
_REFUSALS = re.compile(
    r"\bas an ai\b|language model|i'm sorry|i cannot assist|\bassistant\b", re.IGNORECASE
)


@dataclass(frozen=True)
class LlmVoice:
    """Words moves by what a model replies, checked."""

    line: Line

    async def word(self, view: View, move: Move) -> Utterance:
        """Return the model's words for a move, or the template's if they cannot be used."""
        reply = await self.line.ask(view, "word", self._ask(view, move))
        try:
            return Utterance(checked(view, move, clean(reply.text)))
        except UnusableReply as error:
            self.line.unusable(view, "word", str(error))
            return Utterance(phrase(view, move), fallback=str(error))

    def _ask(self, view: View, move: Move) -> Ask:
        return Ask(
            messages=voice_messages(view, move),
            max_tokens=220,
            temperature=0.6,
            seed=view.random("word").randrange(2**31),
        )


def voice_messages(view: View, move: Move) -> tuple[Message, ...]:
    """Return the prompt that asks a model to word a move."""
    name = view.public.parties[view.party].name
    return (
        Message(
            role="system",
            content=(
                f"You are the chief delegate of {name} at a ministerial on critical minerals. You "
                "speak courteous, firm, plain diplomatic English in the first person plural. You "
                "say two short sentences, no lists, no greeting, no figures but those given."
            ),
        ),
        Message(role="user", content=voice_task(view, move)),
    )


def voice_task(view: View, move: Move) -> str:
    """Return what is to be said, in the public terms of the move."""
    match move:
        case Offer(outcome=outcome):
            terms = "; ".join(described(view, view.public.space.outcome(outcome)))
            lead = "Propose" if view.offer is None else "Decline the last text and propose instead"
            return f"{lead} these terms: {terms}."
        case Accept():
            if view.stands_by:
                return "Say that we stand by the offer we have tabled."
            return "Say that we accept the offer on the table."
        case WalkAway():
            return "Say that we see no basis for an agreement and leave the talks."


def checked(view: View, move: Move, words: str) -> str:
    """Return words that say what was decided and nothing else.

    Raises:
        UnusableReply: If they are empty, too long, out of role, name a figure the move does not
            have, or do not say what the move is.
    """
    spoken = " ".join(words.strip().strip('"').split())
    if not spoken:
        raise UnusableReply("the voice said nothing")
    if len(spoken) > MAX_CHARACTERS:
        raise UnusableReply(f"the voice said {len(spoken)} characters; at most {MAX_CHARACTERS}")
    if _REFUSALS.search(spoken):
        raise UnusableReply("the voice stepped out of its role")
    invented = numbers(spoken) - _given(view, move)
    if invented:
        raise UnusableReply(f"the voice named a figure that was not offered: {min(invented)}")
    if not _ACT_WORDS[type(move)].search(spoken.lower()):
        raise UnusableReply("the voice did not say what the move is")
    return spoken


def numbers(text: str) -> set[str]:
    """Return the figures in a text, without separators of thousands."""
    return {re.sub(r"[,\s\u202f\u00a0]", "", found) for found in _NUMBER.findall(text)}


def _given(view: View, move: Move) -> set[str]:
    return numbers(voice_task(view, move)) | (
        numbers(phrase(view, move)) if isinstance(move, Offer) else set()
    )
