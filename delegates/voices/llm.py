"""A voice that lets a model word a move which code or another model decided.

The model is given the public move and nothing private. Its words are checked: every figure must be
one of the offer's, the act must be recognisable, the length bounded. Words that fail are replaced
by the template's, and the event says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from delegates.contract import Utterance, View
from delegates.line import Line
from delegates.models.chat import Ask, Message, Reply
from delegates.text import clean
from delegates.voices.examples import EXAMPLES, Act, Example, task
from delegates.voices.template import highlights, listing, phrase
from games.errors import UnusableReply
from games.session import Accept, Move, Offer, WalkAway

MOST_TERMS = 2
"""Terms said aloud: a tiny model garbles more, and the offer itself names them all."""

SHOWN_EXAMPLES = 2
"""Examples a prompt shows."""

MAX_CHARACTERS = 700
"""Longest statement that is spoken."""

_NUMBER = re.compile(r"\d+(?:[,. \u202f\u00a0]\d{3})*(?:\.\d+)?|\d+")
_PROPOSING = r"propos|offer|suggest|put forward|table|settle|ready to|would|seek|ask|rais|lower"
_ACT_WORDS: dict[Act, re.Pattern[str]] = {
    "offer": re.compile(_PROPOSING),
    "counter": re.compile(_PROPOSING),
    "repeat": re.compile(r"stand|maintain|remain|keep|hold|propos|offer"),
    "stand": re.compile(r"stand|maintain|remain|keep|hold"),
    "accept": re.compile(r"accept|agree|welcome"),
    "leave": re.compile(r"leav|walk|withdraw|end|no basis|cannot continue"),
}
_REFUSALS = re.compile(
    r"\bas an ai\b|language model|i'm sorry|i cannot assist|\bassistant\b", re.IGNORECASE
)


_SYSTEM = (
    "You write what the chief delegate of a country says aloud at a ministerial on critical "
    "minerals: two short, courteous, firm sentences in the first person plural. Name every term "
    "with its figure. Use no other figures, no lists and no greeting."
)


@dataclass(frozen=True)
class LlmVoice:
    """Words moves by what a model replies, checked."""

    line: Line

    async def word(self, view: View, move: Move) -> Utterance:
        """Return the model's words for a move, or the template's if they cannot be used."""
        reply = await self.line.ask(view, "word", self._ask(view, move))
        try:
            return Utterance(checked(view, move, whole(reply)))
        except UnusableReply as error:
            self.line.unusable(view, "word", str(error))
            return Utterance(phrase(view, move), fallback=str(error))

    def _ask(self, view: View, move: Move) -> Ask:
        return Ask(
            messages=voice_messages(view, move),
            max_tokens=140,
            temperature=0.3,
            seed=view.random("word").randrange(2**31),
        )


def whole(reply: Reply) -> str:
    """Return the text of a reply, cleaned.

    Raises:
        UnusableReply: If it was cut off.
    """
    if reply.finish == "length":
        raise UnusableReply("the voice was cut off for length")
    return clean(reply.text)


def voice_messages(view: View, move: Move) -> tuple[Message, ...]:
    """Return the prompt that asks a model to word a move: examples to follow, then the task."""
    act = _act(view, move)
    messages = [Message(role="system", content=_SYSTEM)]
    for example in shown_examples(view, act):
        asked = task(example.speaker, example.other, act, example.terms)
        messages.append(Message(role="user", content=asked))
        messages.append(Message(role="assistant", content=example.words))
    return (*messages, Message(role="user", content=voice_task(view, move)))


def shown_examples(view: View, act: Act) -> list[Example]:
    """Return the examples of this turn; the next turn shows others, so that phrases vary."""
    shuffled = list(EXAMPLES[act])
    Random(f"{view.seed}/{view.party}").shuffle(shuffled)
    first = view.round * SHOWN_EXAMPLES
    return [shuffled[(first + i) % len(shuffled)] for i in range(SHOWN_EXAMPLES)]


def _act(view: View, move: Move) -> Act:
    match move:
        case Offer(outcome=outcome):
            if outcome in view.offers_of(view.party)[-1:]:
                return "repeat"
            return "offer" if view.offer is None else "counter"
        case Accept():
            return "stand" if view.stands_by else "accept"
        case WalkAway():
            return "leave"


def voice_task(view: View, move: Move) -> str:
    """Return what is to be said, in the public terms of the move."""
    name = view.public.parties[view.party].name
    others = [party.name for code, party in view.public.parties.items() if code != view.party]
    act = _act(view, move)
    if not isinstance(move, Offer) or act == "repeat":
        return task(name, listing(others), act, ())
    return task(name, listing(others), act, tuple(highlights(view, move.outcome, MOST_TERMS)))


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
    if not _ACT_WORDS[_act(view, move)].search(spoken.lower()):
        raise UnusableReply("the voice did not say what the move is")
    return spoken


def numbers(text: str) -> set[str]:
    """Return the figures in a text, without separators of thousands."""
    return {re.sub(r"[,\s\u202f\u00a0]", "", found) for found in _NUMBER.findall(text)}


def _given(view: View, move: Move) -> set[str]:
    return numbers(voice_task(view, move)) | (
        numbers(phrase(view, move)) if isinstance(move, Offer) else set()
    )
