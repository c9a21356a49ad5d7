"""A voice that lets a model word a move which code or another model decided.

The model is given the public move and nothing private. Its words are checked: every figure must be
one of the offer's, the act must be recognisable, the length bounded. Words that fail are replaced
by the template's, and the event says so.

What a prompt begins with is what the one before it began with: instructions, examples, and what
the seat has said so far. Only the embedded model, which keeps no prompt and is slow to read one, is
given less to read: two examples, others in every round, so that its phrases vary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from delegates.contract import Utterance, View
from delegates.line import Line
from delegates.listening import all_of_it
from delegates.minds.replies import is_refusal, said_text
from delegates.models.chat import Ask, Message
from delegates.models.hall_talks import spoken
from delegates.models.prompt import described
from delegates.models.quotation import unmarked
from delegates.settings import EMBEDDED_HOST
from delegates.text import clean, unbroken
from delegates.voices.examples import (
    ACTS,
    ALL,
    EXAMPLES,
    HALL_ACTS,
    Act,
    Example,
    addressed,
    invented,
    task,
)
from delegates.voices.speech import OUT_OF_ROLE, flags_of_words
from delegates.voices.template import highlights, phrase
from games.aliases import are_aliases
from games.errors import UnusableReply
from games.moves import Accept, Merge, Move, Offer, Pass, Promise, Threaten
from games.naming import series

MOST_TERMS = 2
"""Terms said aloud: a tiny model garbles more, and the offer itself names them all."""

SHOWN_EXAMPLES = 2
"""Examples that the embedded model is shown, all of the act at hand."""

EXAMPLES_AN_ACT = 2
"""Examples that any other model is shown of every act, the same all through a session."""

MOST_SAID = 12
"""Own statements that a prompt shows at most."""

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
    "amend": re.compile(rf"{_PROPOSING}|read|chang|amend|need|prefer"),
    "support": re.compile(r"support|accept|agree|welcome|stand by|endors|join"),
    "merge": re.compile(rf"{_PROPOSING}|text|draft|present|before you"),
    "threaten": re.compile(r"unless|without|otherwise|if .* not|will|would|oblig|forced"),
    "promise": re.compile(r"promis|support|will|ready|commit|pledge|offer"),
}
_OUT_OF_ROLE = re.compile(r"i'm sorry|\bassistant\b", re.IGNORECASE)
"""What a voice has no reason to say, though a delegate may."""

_SYSTEM = (
    "You write what the chief delegate of a country says aloud at a ministerial on critical "
    "minerals: two short, courteous, firm sentences in the first person plural. Name every term "
    "with its figure. Use no other figures, no lists and no greeting."
)
_VARY = "Word every statement anew: never repeat an example or what you said before."


@dataclass(frozen=True)
class LlmVoice:
    """Words moves by what a model replies, checked."""

    line: Line

    async def word(self, view: View, move: Move) -> Utterance:
        """Return the model's words for a move, or the template's if they cannot be used."""
        reply = await self.line.ask(view, "word", self._ask(view, move), all_of_it)
        try:
            words = checked(view, move, clean(said_text(reply)))
        except UnusableReply as error:
            self.line.unusable(view, "word", str(error), error.fault)
            return Utterance(phrase(view, move), fallback=str(error))
        return Utterance(words, flags=flags_of_words(view, move, words))

    def _ask(self, view: View, move: Move) -> Ask:
        brief = self.line.host == EMBEDDED_HOST
        return Ask(
            messages=brief_messages(view, move) if brief else voice_messages(view, move),
            max_tokens=140,
            temperature=0.3,
            seed=view.random("word").randrange(2**31),
        )


def voice_messages(view: View, move: Move) -> tuple[Message, ...]:
    """Return the prompt that asks a model to word a move, after what the seat has said so far."""
    messages = [Message(role="system", content=f"{_SYSTEM} {_VARY}")]
    for act in acts_shown(view):
        messages += _shown(act, _shuffled(view, act)[:EXAMPLES_AN_ACT])
    who = _addressed(view)
    for words in said_lately(view):
        messages.append(Message(role="user", content=f"{who} Act: spoke before."))
        messages.append(Message(role="assistant", content=words))
    return (*messages, Message(role="user", content=voice_task(view, move)))


def acts_shown(view: View) -> tuple[Act, ...]:
    """Return the acts of which a prompt shows examples: those its seat may ever come to word."""
    hall = view.hall
    if hall is None:
        return tuple(ACTS)
    measures = hall.affairs.measures.values()
    rare: dict[Act, bool] = {
        "merge": hall.chair == view.party,
        "threaten": any(one.is_threat for one in measures),
    }
    return tuple(act for act in HALL_ACTS if rare.get(act, True))


def said_lately(view: View) -> list[str]:
    """Return the seat's own statements that a prompt shows, oldest first.

    Beyond `MOST_SAID` they begin anew: a window that moved would change what a prompt begins with.
    """
    # That it asked for time, or had to pass, was said in a set phrase.
    own_moves = (seen for seen in view.history if seen.party == view.party)
    said = (spoken(view, seen) for seen in own_moves if not isinstance(seen.move, Pass))
    own = [quotable(words) for words in said if words]
    return own[len(own) // MOST_SAID * MOST_SAID :]


def quotable(words: str) -> str:
    """Return an own statement as one line of bounded length."""
    return unbroken(unmarked(words))[:MAX_CHARACTERS]


def brief_messages(view: View, move: Move) -> tuple[Message, ...]:
    """Return the prompt for a model that keeps none: two examples to follow, then the task."""
    act = _act(view, move)
    shown = _shown(act, shown_examples(view, act))
    system = Message(role="system", content=_SYSTEM)
    return (system, *shown, Message(role="user", content=voice_task(view, move)))


def _shown(act: Act, examples: Sequence[Example]) -> list[Message]:
    messages: list[Message] = []
    for example in examples:
        asked = task(example.speaker, example.other, act, example.terms)
        messages.append(Message(role="user", content=asked))
        messages.append(Message(role="assistant", content=example.words))
    return messages


def shown_examples(view: View, act: Act) -> list[Example]:
    """Return the examples of this turn; the next turn shows others, so that phrases vary."""
    shuffled = _shuffled(view, act)
    first = view.round * SHOWN_EXAMPLES
    return [shuffled[(first + i) % len(shuffled)] for i in range(SHOWN_EXAMPLES)]


def _shuffled(view: View, act: Act) -> list[Example]:
    shuffled = list(EXAMPLES[act])
    if are_aliases(party.name for party in view.public.parties.values()):
        # Beside invented names a real one would stand out, and may be that of somebody present.
        shuffled = [invented(example) for example in shuffled]
    Random(f"{view.seed}/{view.party}").shuffle(shuffled)
    return shuffled


def _act(view: View, move: Move) -> Act:
    if view.hall is not None:
        return _act_in_hall(view, move)
    match move:
        case Offer(outcome=outcome):
            if outcome == view.last_offer:
                return "repeat"
            return "offer" if view.offer is None else "counter"
        case Accept():
            return "stand" if view.stands_by else "accept"
        case _:
            return "leave"


def _act_in_hall(view: View, move: Move) -> Act:
    match move:
        case Offer(outcome=outcome):
            if outcome == view.last_offer:
                return "repeat"
            return "offer" if view.offer is None else "amend"
        case Accept():
            return "support"
        case Merge():
            return "merge"
        case Threaten():
            return "threaten"
        case Promise():
            return "promise"
        case _:
            return "leave"


def voice_task(view: View, move: Move) -> str:
    """Return what is to be said, in the public terms of the move."""
    act = _act(view, move)
    terms: tuple[str, ...] = ()
    if isinstance(move, Offer | Merge) and act != "repeat":
        terms = tuple(highlights(view, move.outcome, MOST_TERMS))
    if isinstance(move, Threaten | Promise):
        terms = _announced(view, move)
    return task(*_speakers(view), act, terms)


def _announced(view: View, move: Threaten | Promise) -> tuple[str, str]:
    """Return what a threat or promise is of, and the term of the text that it hangs on."""
    issue = view.public.issues[move.issue]
    option = issue.options[issue.texts.index(move.option)]
    (term,) = described(view, {move.issue: option})
    what = "its support" if move.measure is None else view.public.labels[move.measure]
    if isinstance(move, Threaten):
        return f"measure: {what}", f"unless: {term}"
    return f"what: {what}", f"for: {term}"


def _speakers(view: View) -> tuple[str, str]:
    """Return who speaks, and to whom."""
    if view.hall is not None:
        return view.public.parties[view.party].name, ALL
    names = {code: party.name for code, party in view.public.parties.items()}
    return names.pop(view.party), series(list(names.values()))


def _addressed(view: View) -> str:
    speaker, others = _speakers(view)
    return addressed(speaker, others)


def checked(view: View, move: Move, words: str) -> str:
    """Return words that say what was decided and nothing else.

    Raises:
        UnusableReply: If they are empty, too long, out of role, name a figure the move does not
            have, or do not say what the move is.
    """
    told = unbroken(words.strip().strip('"'))
    if not told:
        raise UnusableReply("the voice said nothing", "empty")
    if len(told) > MAX_CHARACTERS:
        raise UnusableReply(
            f"the voice said {len(told)} characters; at most {MAX_CHARACTERS}", "over-long"
        )
    plain = told.replace("’", "'")
    if is_refusal(plain):
        raise UnusableReply("the voice refused to speak", "refused")
    if OUT_OF_ROLE.search(plain) or _OUT_OF_ROLE.search(plain):
        raise UnusableReply("the voice stepped out of its role", "out-of-role")
    invented = numbers(told) - _given(view, move)
    if invented:
        raise UnusableReply(
            f"the voice named a figure that was not offered: {min(invented)}", "invented-figure"
        )
    if not _ACT_WORDS[_act(view, move)].search(told.lower()):
        raise UnusableReply("the voice did not say what the move is", "unclear-act")
    return told


def numbers(text: str) -> set[str]:
    """Return the figures in a text, without separators of thousands."""
    return {re.sub(r"[,\s\u202f\u00a0]", "", found) for found in _NUMBER.findall(text)}


def _given(view: View, move: Move) -> set[str]:
    return numbers(voice_task(view, move)) | (
        numbers(phrase(view, move)) if isinstance(move, Offer | Merge) else set()
    )
