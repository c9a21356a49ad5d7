"""A person at the table: what a front end is asked, what it may answer, and within what time.

The graph waits for a person in a node of its own. What it is resumed with is a small tagged tuple;
nothing else of the talks passes through it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

from delegates.contract import View
from delegates.leading.trainer import OpenShock
from delegates.text import MAX_WORDS_CHARACTERS, one_line
from games.moves import Merge, Move, Offer
from games.preparation import Sheet
from transcripts.acts import ACTS, act_of, terms_of
from transcripts.events import Act, Suggested

Term = str | bool | None | tuple[str, ...]
"""What an act is about, as plain values."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a front end is given when a person is to move."""

    view: View
    left_s: Callable[[], float | None] = lambda: None
    """How many seconds are left; None where there is no limit."""
    problem: str | None = None
    """Why the answer just given could not be taken; None where this is the first question."""
    shocks: tuple[OpenShock, ...] = ()
    """What whoever leads the exercise can have strike now."""
    struck: tuple[str, ...] = ()
    """What has struck already, as far as the seat has heard of it."""
    may_ask_advice: bool = False
    """Whether the adviser may be asked."""
    advice: Suggested | None = None
    """What the adviser said in this turn; None where it was not asked."""
    guesses_due: bool = False
    """Whether it is half time and the guesses of the preparation sheet are asked for once more."""
    is_paused: Callable[[], bool] = lambda: False
    """Whether whoever leads the exercise has paused the session: a move that is sent is taken once
    it goes on."""
    sent: PersonMove | None = None
    """The move that was sent in this turn and was not taken: something has happened since, or the
    seat was handed over and given back."""


@dataclass(frozen=True)
class PersonMove:
    """A person moves, and may say something with it."""

    move: Move
    words: str = ""
    """Empty to let the seat's voice find the words."""


@dataclass(frozen=True)
class HandOver:
    """A person lets the stand-in move."""

    turns: int | None = None
    """For so many of the seat's turns, this one included; None until it is taken back."""
    reason: str = "the person handed it over"


@dataclass(frozen=True)
class HaveStrike:
    """Whoever leads the exercise has a shock strike; the person is then asked again."""

    shock: str


@dataclass(frozen=True)
class GuessAgain:
    """A person says at half time what they take their counterparts to want by now; the person is
    then asked again."""

    sheet: Sheet


@dataclass(frozen=True)
class AskAdvice:
    """A person asks the adviser, and is then asked again with what it said."""


Answer = PersonMove | HandOver | HaveStrike | GuessAgain | AskAdvice


class Person(Protocol):
    """The front end through which a person is asked."""

    async def move(self, turn: Turn, /) -> Answer:
        """Return what the person wants to do now; cancelled when time runs out.

        Raises:
            Paused: If the person leaves for now; the session can be resumed.
        """
        ...

    def wants_back(self, party: str, /) -> bool:
        """Return whether the person has asked for the seat that the stand-in holds.

        It may wait a little, and it may be asked again before the same move.

        Raises:
            Paused: If the person leaves for now; the session can be resumed.
        """
        ...


@dataclass(frozen=True)
class Timer:
    """The clock by which a person's time is measured."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


async def answer_in_time(
    person: Person,
    asked: Turn,
    limit_s: float | None,
    problem_with: Callable[[Answer], str | None],
    timer: Timer,
    spent_s: float = 0.0,
) -> Answer:
    """Return what a person answers that can be taken; past the time, that the stand-in moves.

    Args:
        person: The front end.
        asked: What the person is given; its clock is set here.
        limit_s: Seconds for the whole turn; None for as long as it takes.
        problem_with: Says why an answer cannot be taken, or None.
        timer: The clock.
        spent_s: What of that went by before, where the person was asked in this turn already.

    Raises:
        Paused: If the person leaves for now.
    """
    began = timer.now() - spent_s

    def left_s() -> float | None:
        return None if limit_s is None else max(0.0, limit_s - (timer.now() - began))

    turn = replace(asked, left_s=left_s)
    if limit_s is None:
        return await _usable(person, turn, problem_with)
    answer = asyncio.ensure_future(_usable(person, turn, problem_with))
    over = asyncio.ensure_future(timer.sleep(max(0.0, limit_s - spent_s)))
    try:
        await asyncio.wait((answer, over), return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        return HandOver(1, f"time ran out after {limit_s:g} s")
    finally:
        for task in (answer, over):
            task.cancel()
        await asyncio.gather(answer, over, return_exceptions=True)


async def _usable(
    person: Person, turn: Turn, problem_with: Callable[[Answer], str | None]
) -> Answer:
    problem: str | None = None
    while True:
        answer = await person.move(replace(turn, problem=problem))
        problem = problem_with(answer)
        if problem is None:
            return answer
        await asyncio.sleep(0)  # so that time can run out on a front end that never waits


def too_much_said(words: str) -> str | None:
    """Return what is wrong with words that are too long."""
    length = len(one_line(words))
    if length <= MAX_WORDS_CHARACTERS:
        return None
    return f"that is {length} characters; say it in at most {MAX_WORDS_CHARACTERS}"


Packed = tuple[str, int | None, tuple[tuple[str, Term], ...], str]
"""An answer as the graph is resumed with it: what is done, for how long or with which outcome, the
terms of the act, and the words or the shock that is to strike. Guesses do not go through the graph:
whoever traces it would be told them."""

NOTHING: Packed = ("nothing", None, (), "")
"""What the graph is resumed with where the question is withdrawn, as the seat was handed over by
order: who moves is looked at anew."""

_HAND_OVER = "hand-over"
_HAVE_STRIKE = "have-strike"
_GUESS_AGAIN = "guess-again"
_ASK_ADVICE = "ask-advice"


def packed(answer: Answer) -> Packed:
    """Return an answer as plain values, words cleaned."""
    if isinstance(answer, HandOver):
        return _HAND_OVER, answer.turns, (), answer.reason
    if isinstance(answer, HaveStrike):
        return _HAVE_STRIKE, None, (), answer.shock
    if isinstance(answer, GuessAgain):
        return _GUESS_AGAIN, None, (), ""
    if isinstance(answer, AskAdvice):
        return _ASK_ADVICE, None, (), ""
    move = answer.move
    outcome = int(move.outcome) if isinstance(move, Offer | Merge) else None
    given = terms_of(move).items()
    terms = tuple((name, tuple(v) if isinstance(v, list) else v) for name, v in given)
    return act_of(move), outcome, cast("Any", terms), one_line(answer.words)


def unpacked(values: Packed, guesses: Sheet | None = None) -> Answer:
    """Return the answer that plain values stand for.

    Args:
        values: What an answer was packed to.
        guesses: What was guessed, where the answer is guesses.
    """
    act, number, terms, words = values
    if act == _HAND_OVER:
        return HandOver(number, words)
    if act == _HAVE_STRIKE:
        return HaveStrike(words)
    if act == _GUESS_AGAIN:
        return GuessAgain(guesses or Sheet())
    if act == _ASK_ADVICE:
        return AskAdvice()
    kind = cast("Any", ACTS[cast("Act", act)])
    given = {name: tuple(one) if isinstance(one, list) else one for name, one in terms}
    return PersonMove(kind(**given) if number is None else kind(number), words)
