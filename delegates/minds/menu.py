"""A mind that lets a model choose from a short menu of moves a tactician worked out.

Code does the sums: own utility of every candidate, and how much it resembles what the counterparts
ask for. The model picks a letter. Where the server gives log-probabilities, they are averaged over
rotations of the menu, so that the place of a move does not decide; elsewhere the letters replied
are counted. A reply without a letter is said to be one when the menu is shown the next time.

The embedded model is too small to weigh terms, and slow to read: it gets a menu of figures alone,
shown from every end, since its liking for a letter is stronger than for a move; see
`docs/decisions/16-menu-for-small-models.md`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from delegates.contract import Decision, ScriptedMind, View
from delegates.line import Line
from delegates.minds.candidates import Candidate, aside_advised, candidates
from delegates.minds.firm import Firm
from delegates.minds.llm import by_rule
from delegates.minds.replies import is_cut_off, is_refusal, said_text, without_thoughts
from delegates.models.chat import Ask, Message, Reply
from delegates.models.goal import figure
from delegates.models.hall_face import face_of_move
from delegates.models.hall_prompt import hall_situation
from delegates.models.hall_talks import hall_talks
from delegates.models.home import home
from delegates.models.prompt import asked_again, instructions, outcome_texts, talks
from delegates.settings import EMBEDDED_HOST
from games.errors import UnusableReply
from games.moves import Accept, Merge, Offer

LETTERS = "ABCDEFGH"

MAX_HEARD = 6000
"""Most characters that its prompt quotes: a small model has little room, and only picks."""

ATTEMPTS = 3
"""How often a model is asked for one move at least, until a letter can be read."""

ROTATIONS = 3
"""How often the menu is shown, each time beginning elsewhere; no more often than it has moves. The
embedded model sees every move at every letter."""

TOP_LOGPROBS = 20
"""Candidates asked for at the letter; the usual servers' most."""

_FLOOR = math.log(1e-6)
"""Log-probability of a letter that is not among the candidates returned."""

_LETTER = re.compile(r"[^A-Za-z]*([A-Ha-h])(?![A-Za-z])")


@dataclass(frozen=True)
class MenuMind:
    """Decides by the letter a model picks."""

    line: Line
    effort: str | None = None
    """How hard a model that reasons is to think; None leaves it to the server."""
    fallback: ScriptedMind = field(default_factory=Firm)

    async def decide(self, view: View) -> Decision:
        """Return the picked move, or the fallback mind's if no letter could be read."""
        aside = aside_advised(view)
        if aside is not None:
            return Decision(aside, by="code (its rule's aside)")
        menu = candidates(view)
        if len(menu) == 1:
            return Decision(menu[0].move, by="code (the only move worth considering)")
        scores = np.zeros(len(menu))
        problems: list[str] = []
        shown = len(menu) if self.is_brief else min(len(menu), ROTATIONS)
        for attempt in range(max(shown, ATTEMPTS)):
            if attempt >= shown and scores.any():
                break
            order = rotated(len(menu), attempt % shown, shown)
            reply = await self.line.ask(view, "decide", self._ask(view, menu, order, problems))
            try:
                scores += letter_scores(reply, order)
            except UnusableReply as error:
                problems.append(str(error))
                self.line.unusable(view, "decide", str(error), error.fault)
        if not scores.any():
            return Decision(
                by_rule(view, self.fallback),
                fallback=f"{self.line.model} never picked a letter of the menu: {problems[-1]}",
            )
        best = max(range(len(menu)), key=lambda i: (round(scores[i], 9), menu[i].utility))
        return Decision(menu[best].move)

    @property
    def is_brief(self) -> bool:
        """Whether the menu is one of figures alone."""
        return self.line.host == EMBEDDED_HOST

    def _ask(
        self, view: View, menu: Sequence[Candidate], order: Sequence[int], problems: Sequence[str]
    ) -> Ask:
        messages = brief_messages if self.is_brief else menu_messages
        return Ask(
            messages=messages(view, menu, order, problems),
            max_tokens=2,
            temperature=0.0,
            seed=0,
            top_logprobs=TOP_LOGPROBS,
            effort=self.effort,
        )


def rotated(size: int, rotation: int, rotations: int) -> list[int]:
    """Return the menu's positions in the order they are shown in one of so many rotations."""
    shift = rotation * size // rotations
    return [(position + shift) % size for position in range(size)]


def menu_messages(
    view: View, menu: Sequence[Candidate], order: Sequence[int], problems: Sequence[str] = ()
) -> tuple[Message, ...]:
    """Return the prompt that shows the menu in an order and asks for one letter.

    Args:
        view: Whose turn it is.
        menu: The moves.
        order: Their positions, as they are shown.
        problems: Why replies so far could not be used.
    """
    lines = _lettered(_line(view, menu[position]) for position in order)
    question = (
        f"Round {view.round + 1} of {view.rounds}. Your candidate moves:\n"
        + lines
        + "\nWhich is best: high in points for you, yet likely to be accepted in time? "
        "Answer with the letter alone."
    )
    hall = view.hall
    heard = (
        "\n".join([talks(view, MAX_HEARD), *home(view)])
        if hall is None
        else f"{hall_talks(view, MAX_HEARD)}\n{hall_situation(view, hall)}"
    )
    question = asked_again(f"{heard}\n{question}", problems)
    return (
        Message(role="system", content=instructions(view)),
        Message(role="user", content=question),
    )


def _lettered(lines: Iterable[str]) -> str:
    return "\n".join(f"{letter}) {line}" for letter, line in zip(LETTERS, lines, strict=False))


def _line(view: View, candidate: Candidate) -> str:
    move, hall = candidate.move, view.hall
    worth = f"{figure(round(candidate.utility, 1))} points for you{face_of_move(view, move)}"
    if candidate.likeness is not None:
        behind = hall is not None and isinstance(move, Accept)
        what = "of those present stand by it then" if behind else "like what they ask for"
        worth += f"; {candidate.likeness:.0%} {what}"
    if isinstance(move, Offer | Merge):
        terms = outcome_texts(view, move.outcome)
        listed = ", ".join(f"{issue} {option}" for issue, option in terms.items())
        act = "offer" if isinstance(move, Offer) else "put forward a text free of brackets:"
        return f"{act} {listed} ({worth})"
    if hall is None:
        return f"accept the offer on the table ({worth}) and end the talks"
    return f"you: {view.act_words(move)} ({worth}{f', {candidate.note}' * bool(candidate.note)})"


def brief_messages(
    view: View, menu: Sequence[Candidate], order: Sequence[int], problems: Sequence[str] = ()
) -> tuple[Message, ...]:
    """Return a prompt of figures alone that shows the menu in an order and asks for one letter.

    Nothing that a counterpart says is in it. How likely an offer is to be accepted is taken to be
    how much it resembles what the counterparts ask for: a rough estimate, but all that a small
    model can weigh is a figure.

    Args:
        view: Whose turn it is.
        menu: The moves.
        order: Their positions, as they are shown.
        problems: Why replies so far could not be used.
    """
    lines = _lettered(_brief_line(view, menu[position]) for position in order)
    question = (
        f"Round {view.round + 1} of {view.rounds}. Without a deal you get "
        f"{figure(view.own.reservation)} points.\nMoves:\n"
        + lines
        + "\nWhich move has the highest expected points? Answer with the letter alone."
    )
    name = view.public.parties[view.party].name
    system = (
        f"You are the chief delegate of {name}. You pick the best move from a list by its letter."
    )
    return (
        Message(role="system", content=system),
        Message(role="user", content=asked_again(question, problems)),
    )


def _brief_line(view: View, candidate: Candidate) -> str:
    worth = f"{candidate.utility:.0f} points for you"
    speaks = isinstance(candidate.move, Offer | Accept)
    if view.hall is not None and not speaks:
        return f"{view.act_words(candidate.move)}: {candidate.utility:.0f} expected"
    if view.hall is None and not isinstance(candidate.move, Offer):
        return f"{worth}, 100% certain: {candidate.utility:.0f} expected"
    if candidate.likeness is None:
        return worth
    none = view.own.reservation
    expected = none + candidate.likeness * (candidate.utility - none)
    chance = f"about {candidate.likeness:.0%} likely to be accepted"
    return f"{worth}, {chance}: {expected:.0f} expected"


def letter_scores(reply: Reply, order: Sequence[int]) -> np.ndarray:
    """Return what one reply says for each move of the menu: probabilities that sum to one.

    Raises:
        UnusableReply: If it was refused, or names no letter of the menu.
    """
    size = len(order)
    scores = np.zeros(size)
    if reply.logprobs:
        found = {
            token.strip().upper(): value
            for token, value in reversed(reply.logprobs)
            if value <= 0  # a transcript of somebody else's may hold anything
        }
        weights = [math.exp(found.get(letter, _FLOOR)) for letter in LETTERS[:size]]
        if max(weights) > math.exp(_FLOOR):
            scores[list(order)] = np.array(weights) / sum(weights)
            return scores
    # An answer of one letter ends at the limit: that alone does not make it a part of one.
    said = is_cut_off(reply) and without_thoughts(reply.text).strip()
    text = said_text(replace(reply, finish="stop") if said else reply)
    letter = _LETTER.match(text)
    place = LETTERS.find(letter.group(1).upper()) if letter else -1
    if not 0 <= place < size:
        fault = "refused" if is_refusal(text) else "unparsable"
        raise UnusableReply(f"expected one letter from A to {LETTERS[size - 1]}", fault)
    scores[order[place]] = 1.0
    return scores
