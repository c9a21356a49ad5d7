"""What a delegate is, and what it may know.

A delegate is a mind, which decides, and a voice, which words what was decided. Both see a `View`:
everything their seat may know and nothing else. A mind is a function of its view and of
`Random(f"{seed}/{party}/{turn}")`; whatever it remembers it can rebuild from the history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from delegates.hall import Hall
from games.outcomes import FloatArray, IndexArray, OutcomeSpace, option_text, red_line_crossed
from games.parts.mandates import Ratification
from games.protocols.words import act_words
from games.scenario import Dispute, Issue, Party
from games.scenario import Protocol as Rules
from games.session import Move, Offer
from games.tactics.schedules import AnswerRule
from games.utility import Preferences
from transcripts.events import Flag


class PublicMove(NamedTuple):
    """A move as everyone at the table saw and heard it."""

    turn: int
    round: int
    party: str
    move: Move
    words: str
    stage: str = ""
    """At which stage of a plenary or forum; empty elsewhere."""


class News(NamedTuple):
    """What has happened between moves, as the seat learned of it."""

    turn: int
    round: int
    kind: Literal["shock", "instruction", "answer"]
    words: str
    is_private: bool
    """Whether others did not learn of it."""


@dataclass(frozen=True, slots=True)
class OwnMandate:
    """What a seat knows of its own mandate."""

    limits: Mapping[str, tuple[str, ...]]
    """Issue → the options that it may sign; others are not limited."""
    asked: tuple[tuple[str, str, bool | None], ...]
    """Issue, option and the answer of what it has asked for; None while it is awaited."""
    asked_in: tuple[int, ...]
    """The turns in which it asked."""
    requests_left: int
    is_held: bool
    """Whether its capital lets it sign nothing in this round."""
    ratify: Ratification | None
    """What its own ratification hangs on."""
    face: float
    """Points it loses at home per point yielded in plenary."""
    chance: float | None
    """With which its capital would ratify what it is asked about; None if there is nothing, or
    nobody ratifies."""
    instead: Callable[[], Move | None] = field(repr=False)
    """What it does by rule in place of speaking at a table: nothing where it is held, or it asks
    its capital; None where it speaks."""
    problem: Callable[[Move], str | None] = field(repr=False)
    """Why a move is not allowed now; None where it is."""


@dataclass(frozen=True, slots=True)
class PublicParty:
    """What everyone knows of a party."""

    name: str
    side: str
    interests: str


@dataclass(frozen=True, slots=True)
class Public:
    """What everyone at the table knows before the first move."""

    id: str
    title: str
    date: str
    setting: str
    rules: Rules
    issues: Mapping[str, Issue]
    """Without how anybody reads what is ambiguous in them."""
    space: OutcomeSpace
    parties: Mapping[str, PublicParty]
    labels: Mapping[str, str]
    """What issues, measures and side deals are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that a seat may know when it is asked to move."""

    public: Public
    party: str
    private: Party
    """Its own brief, points, reservation value and red lines."""
    own: Preferences
    seed: int
    turn: int
    round: int
    """From 0."""
    history: Sequence[PublicMove]
    offer: int | None
    """The outcome on the table."""
    offerer: str | None
    stands_by: bool
    """Whether it has already accepted the offer on the table, or made it."""
    dispute: Dispute | None = None
    """The political quarrel, with what signing costs this party at home and no other."""
    readings: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """As which plain option this party reads an ambiguous one, by issue; no other party's."""
    known_rounds: int | None = None
    """How many rounds there are by now; None where they are those of the rules."""
    hall: Hall | None = None
    """What the hall sees of a plenary or forum, and what is asked; None elsewhere."""
    apart: Sequence[PublicMove] = ()
    """What it has heard in a hall that not all heard: in rooms, or told to it alone."""
    news: Sequence[News] = ()
    """What has happened between moves that it knows of, oldest first."""
    mandate: OwnMandate | None = None
    """What stands behind it; None where the scenario states nothing."""

    def random(self, purpose: str = "") -> Random:
        """Return the seat's own source of chance for this turn."""
        return lots_of(self.seed, self.party)(self.turn, purpose)

    def offers_of(self, party: str) -> list[int]:
        """Return the outcomes a party has offered so far, oldest first."""
        return [
            seen.move.outcome
            for seen in self.history
            if seen.party == party and isinstance(seen.move, Offer)
        ]

    def others_offers(self) -> list[list[int]]:
        """Return each counterpart's offers so far, in the order of moves."""
        return [self.offers_of(other) for other in self.public.parties if other != self.party]

    @property
    def is_held(self) -> bool:
        """Whether its capital lets it sign nothing in this round."""
        return self.mandate is not None and self.mandate.is_held

    def outside_mandate(self, outcome: int) -> tuple[str, str] | None:
        """Return the first issue and option of an outcome that its mandate does not reach to."""
        if self.mandate is None:
            return None
        settled = self.public.space.outcome(outcome)
        for issue, signable in self.mandate.limits.items():
            if option_text(settled[issue]) not in signable:
                return issue, option_text(settled[issue])
        return None

    def red_line_crossed(self, outcome: int) -> Mapping[str, str] | None:
        """Return the first own red line that an outcome crosses, as issue → option."""
        return red_line_crossed(self.public.space, self.private.red_lines, outcome)

    @property
    def last_offer(self) -> int | None:
        """The outcome that the seat itself last offered, if it has offered any."""
        if self.hall is None:
            return next(iter(self.offers_of(self.party)[-1:]), None)
        stand = self.hall.stands[list(self.public.parties).index(self.party)]
        return None if stand is None else stand.outcome

    def act_words(self, move: Move) -> str:
        """Return a move of a hall as a phrase that follows its mover's name."""
        names = {party: details.name for party, details in self.public.parties.items()}
        return act_words(move, names, self.public.labels)

    @property
    def rounds(self) -> int:
        """How many rounds there are at most."""
        return self.public.rules.rounds if self.known_rounds is None else self.known_rounds


Lots = Callable[[int, str], Random]
"""A seat's own source of chance, given the turn and the purpose."""


def lots_of(seed: int, party: str) -> Lots:
    """Return a seat's own source of chance."""
    return lambda turn, purpose: Random(f"{seed}/{party}/{turn}/{purpose}")


@dataclass(frozen=True, slots=True)
class Decision:
    """A move decided, and how."""

    move: Move
    words: str | None = None
    """What was said with it, where the mind words its own moves."""
    unworded: str | None = None
    """Why the words that came with it could not be spoken, where they could not."""
    fallback: str | None = None
    """Why the fallback mind had to decide, where it did."""
    by: str | None = None
    """Who decided, where it was not the seat's mind."""
    flags: tuple[Flag, ...] = ()
    """What is remarkable about the move, though it was made."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words for a move, and how they came about."""

    words: str
    fallback: str | None = None
    """Why the template had to word it, where it did."""
    flags: tuple[Flag, ...] = ()
    """What is remarkable about the words, though they were spoken."""


@runtime_checkable
class ScriptedMind(Protocol):
    """Decides by a rule, without waiting for anyone."""

    def choose(self, view: View, /) -> Move:
        """Return its move."""
        ...


@runtime_checkable
class ScheduledMind(Protocol):
    """A scripted mind that depends on time alone."""

    def choose(self, view: View, /) -> Move:
        """Return its move."""
        ...

    def schedule(self, own: Preferences, rounds: int, /) -> tuple[IndexArray, FloatArray]:
        """Return its offers and least accepted utilities of each round."""
        ...


@runtime_checkable
class AnsweringMind(Protocol):
    """A scripted mind that, of two who take turns, goes by its counterpart's offers alone."""

    def choose(self, view: View, /) -> Move:
        """Return its move."""
        ...

    def answering(self, own: Preferences, lots: Lots, /) -> AnswerRule | None:
        """Return how it answers in one session, move for move as it chooses.

        None where it would leave.
        """
        ...


class Mind(Protocol):
    """Decides what its seat does."""

    async def decide(self, view: View, /) -> Decision:
        """Return its decision.

        Raises:
            ProviderError: If it needs a model whose endpoint failed for good.
            CapReached: If asking the model would pass a cap.
        """
        ...


class Voice(Protocol):
    """Words what a mind decided; it is told the move, never the reasons."""

    async def word(self, view: View, move: Move, /) -> Utterance:
        """Return what the delegate says with its move.

        Raises:
            ProviderError: If it needs a model whose endpoint failed for good.
            CapReached: If asking the model would pass a cap.
        """
        ...
