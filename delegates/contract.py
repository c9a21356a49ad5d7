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

from delegates.hall import Hall, hall_of
from games.happenings.happening import Answered, Cause, Instructed, Struck, heard_by, is_held
from games.happenings.words import happening_words
from games.moves import Pass
from games.outcomes import FloatArray, IndexArray, OutcomeSpace, option_text, red_line_crossed
from games.parts.ambiguity import as_heard, own_readings
from games.parts.mandates import Ratification
from games.protocols.capital import request_by_rule
from games.protocols.hall import HallState
from games.protocols.words import act_words
from games.ratification import chance_of
from games.scenario import Dispute, Issue, Party, Scenario
from games.scenario import Protocol as Rules
from games.session import Move, Offer, State, problem_with
from games.tactics.schedules import Answer
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


def public_of(scenario: Scenario) -> Public:
    """Return what everyone knows of a scenario."""
    return scenario.once("public", _public_of)


def _public_of(scenario: Scenario) -> Public:
    return Public(
        id=scenario.id,
        title=scenario.title,
        date=scenario.date,
        setting=scenario.setting,
        rules=scenario.protocol,
        issues={name: as_heard(issue) for name, issue in scenario.issues.items()},
        space=scenario.space,
        parties={
            party: PublicParty(details.name, details.side, details.interests)
            for party, details in scenario.parties.items()
        },
        labels=labels_of(scenario),
    )


def labels_of(scenario: Scenario) -> dict[str, str]:
    """Return what a scenario's issues, measures and side deals are called."""
    named = (scenario.issues, scenario.statecraft.measures, scenario.side_deals)
    return {name: one.label for group in named for name, one in group.items()}


def view_of(
    state: State, history: Sequence[PublicMove], seed: int, apart: Sequence[PublicMove] = ()
) -> View:
    """Return what the party to move may know.

    Args:
        state: Where the session stands.
        history: What it has heard: of all, or in the room where it sits.
        seed: The session's seed.
        apart: What it has heard that not all heard, where its mind can read.
    """
    scenario = state.scenario
    offerer = state.offerer
    return View(
        public=public_of(scenario),
        party=state.party,
        private=scenario.parties[state.party],
        own=state.own(state.mover),
        seed=seed,
        turn=state.turn,
        round=state.round,
        history=history,
        offer=state.on_table,
        offerer=None if offerer is None else scenario.ids[offerer],
        stands_by=state.mover in state.standing,
        dispute=_own_dispute(scenario, state.party),
        readings=scenario.once(
            f"readings/{state.party}", lambda same: own_readings(same, state.party)
        ),
        known_rounds=state.rounds if isinstance(state, HallState) else None,
        hall=hall_of(state) if isinstance(state, HallState) else None,
        apart=apart,
        news=news_of(state, state.party) if state.happened else (),
        mandate=_own_mandate(state) if scenario.mandates else None,
    )


_SETTERS: Mapping[str, Callable[[View, object], None]] = {
    name: getattr(View, name).__set__ for name in View.__slots__
}
"""Fill the fields of a view that is being made."""


def views_like(view: View) -> Callable[[int, int, int | None, str | None, bool], View]:
    """Return what makes views of the same seat in other turns of a session of alternating offers.

    It is given turn, round, offer, offerer and whether the party stands by the offer; everything
    else is as in this view. Thousands of sessions a second are played by it: to make a frozen
    record field by field takes two and a half times as long.
    """
    moving = ("turn", "round", "offer", "offerer", "stands_by")
    same = [(put, getattr(view, name)) for name, put in _SETTERS.items() if name not in moving]
    turn_is, round_is, offer_is, offerer_is, stands_is = (_SETTERS[name] for name in moving)

    def made(
        turn: int, round_: int, offer: int | None, offerer: str | None, stands_by: bool
    ) -> View:
        new = object.__new__(View)
        for put, value in same:
            put(new, value)
        turn_is(new, turn)
        round_is(new, round_)
        offer_is(new, offer)
        offerer_is(new, offerer)
        stands_is(new, stands_by)
        return new

    return made


def news_of(state: State, party: str) -> tuple[News, ...]:
    """Return what has happened between moves that a party knows of, oldest first."""
    found: list[News] = []
    for one in state.happened:
        heard = heard_by(state.scenario, one.cause)
        if heard is None or party in heard:
            words = happening_words(state.scenario, one.cause)
            kind = _KINDS[type(one.cause)]
            found.append(News(one.turn, one.round, kind, words, heard is not None))
    return tuple(found)


_KINDS: dict[type[Cause], Literal["shock", "instruction", "answer"]] = {
    Struck: "shock",
    Instructed: "instruction",
    Answered: "answer",
}


def _own_mandate(state: State) -> OwnMandate | None:
    mandate, mover = state.scenario.mandates.get(state.party), state.mover
    if mandate is None:
        return None
    own = [one for one in state.requests if one.position == mover]
    causes = [one.cause for one in state.happened]
    answered = [one for one in causes if isinstance(one, Answered) and one.party == state.party]
    answers = [*(one.is_granted for one in answered), *(None for _ in own[len(answered) :])]
    behind = _Behind(state)
    return OwnMandate(
        limits=mandate.limits,
        asked=tuple(
            (one.issue, one.option, answer) for one, answer in zip(own, answers, strict=True)
        ),
        requests_left=max(mandate.requests - len(own), 0),
        is_held=is_held(state, mover),
        ratify=mandate.ratify,
        face=mandate.face,
        chance=_chance(state) if mandate.ratify is not None else None,
        instead=behind.instead,
        problem=behind.problem,
    )


@dataclass(frozen=True, slots=True)
class _Behind:
    """What a seat with a mandate can work out when it is asked."""

    state: State

    def instead(self) -> Move | None:
        return Pass() if is_held(self.state, self.state.mover) else request_by_rule(self.state)

    def problem(self, move: Move) -> str | None:
        return problem_with(self.state, move)


def _chance(state: State) -> float | None:
    text = state.on_table
    return None if text is None else chance_of(state.scenario, state.mover, text)


def _own_dispute(scenario: Scenario, party: str) -> Dispute | None:
    dispute = scenario.dispute
    if dispute is None:
        return None
    own = {party: dispute.audience_cost.get(party, 0.0)}
    return scenario.once(
        f"dispute/{party}", lambda _: dispute.model_copy(update={"audience_cost": own})
    )


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

    def answering(self, own: Preferences, lots: Lots, /) -> Answer | None:
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
