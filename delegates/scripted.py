"""Sessions in which every mind follows a rule, played without graph, event loop or record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from delegates.contract import AnsweringMind, PublicMove, ScheduledMind, ScriptedMind, View, lots_of
from delegates.views import public_of, views_like
from games.board import Board
from games.scenario import Scenario
from games.session import Accept, Move, Offer, State, start
from games.tactics.schedules import (
    AnswerRule,
    Played,
    Schedule,
    are_taking_turns,
    play_answers,
    play_schedules,
)
from games.utility import Preferences


@dataclass(frozen=True)
class Play:
    """The moves of a session, and how it ended."""

    state: State
    moves: Sequence[Move]
    turns: Sequence[int]
    """The turn of each move."""


def play_scripted(scenario: Scenario, minds: Sequence[ScriptedMind], seed: int) -> Play:
    """Return the session of alternating offers that these minds play.

    Minds that depend on time alone are played by schedule, two that go by each other's offers by
    their answers, others are shown every turn: the events are those of `games.session.step` in
    any case.

    Args:
        scenario: What is negotiated.
        minds: One a party, in the scenario's order.
        seed: Draws the lots of protocol and minds.
    """
    if scenario.protocol.agreement == "unanimity":
        played = _unseen(scenario, minds, seed)
        if played is not None:
            return Play(played.state, played.moves, range(len(played.moves)))
    return _by_turns(scenario, minds, seed)


def _unseen(scenario: Scenario, minds: Sequence[ScriptedMind], seed: int) -> Played | None:
    """Return the session of minds that need not be shown the table; None if one must be."""
    schedules = _schedules(scenario, minds)
    if schedules is not None:
        return play_schedules(scenario, schedules, seed)
    if not are_taking_turns(scenario):
        return None
    first, second = (
        _answer(mind, own, scenario, seed)
        for mind, own in zip(minds, scenario.preferences, strict=True)
    )
    if first is None or second is None:
        return None
    return play_answers(scenario, (first, second), seed)


def _answer(
    mind: ScriptedMind, own: Preferences, scenario: Scenario, seed: int
) -> AnswerRule | None:
    """Return how a mind answers one counterpart; None of one that looks, or would leave."""
    if _goes_by_offers(type(mind)):
        return cast("AnsweringMind", mind).answering(own, lots_of(seed, own.party))
    return _by_clock(mind, own, scenario)


def _schedules(scenario: Scenario, minds: Sequence[ScriptedMind]) -> list[Schedule] | None:
    """Return every mind's schedule; None if one has none, or would leave."""
    schedules: list[Schedule] = []
    for mind, own in zip(minds, scenario.preferences, strict=True):
        if not _depends_on_time_alone(type(mind)) or own.highest < own.reservation:
            return None
        scheduled = cast("ScheduledMind", mind)
        schedules.append(scheduled.schedule(own, scenario.protocol.rounds))
    return schedules


@cache
def _depends_on_time_alone(kind: type[ScriptedMind]) -> bool:
    return issubclass(kind, ScheduledMind)


@cache
def _goes_by_offers(kind: type[ScriptedMind]) -> bool:
    return issubclass(kind, AnsweringMind)


def _by_clock(mind: ScriptedMind, own: Preferences, scenario: Scenario) -> AnswerRule | None:
    """Return how a mind that depends on time alone moves, given the turn and the offer.

    It is shown nothing else, which saves showing it anything. None of a mind that looks, or leaves.
    """
    if not _depends_on_time_alone(type(mind)) or own.highest < own.reservation:
        return None
    schedule = cast("ScheduledMind", mind).schedule(own, scenario.protocol.rounds)
    offers, least = (part.tolist() for part in schedule)
    accepts, parties = own.accepts, len(scenario.ids)

    def answer(turn: int, offer: int | None) -> int | None:
        round_ = turn // parties
        if offer is not None and accepts(offer, least[round_]):
            return None
        return offers[round_]

    return answer


def _by_turns(scenario: Scenario, minds: Sequence[ScriptedMind], seed: int) -> Play:
    """Ask the minds turn by turn; each sees what `view_of` would show it."""
    board = Board(start(scenario, seed))
    ids, preferences = scenario.ids, scenario.preferences
    choosers = [mind.choose for mind in minds]
    clocks = [_by_clock(mind, own, scenario) for mind, own in zip(minds, preferences, strict=True)]
    parties, turns = len(ids), board.turns
    made: list[PublicMove] = []
    shown = [views_like(view) for view in _first_views(scenario, seed, made)]
    while board.status == "open":
        turn = board.turn
        mover = turns[turn]
        round_, offer, clock = turn // parties, board.offer, clocks[mover]
        if clock is not None:
            offered = clock(turn, offer)
            move = Accept() if offered is None else Offer(offered)
        else:
            since = board.offer_turn
            offerer = None if since is None else ids[turns[since]]
            view = shown[mover](turn, round_, offer, offerer, board.stands_by(mover))
            move = choosers[mover](view)
        made.append(PublicMove(turn, round_, ids[mover], move, ""))
        board.make(move)
    return Play(board.state, [seen.move for seen in made], [seen.turn for seen in made])


def _first_views(scenario: Scenario, seed: int, made: Sequence[PublicMove]) -> Iterator[View]:
    """Yield what each party is shown before anything is said; `made` grows afterwards."""
    public = public_of(scenario)
    for own, private in zip(scenario.preferences, scenario.parties.values(), strict=True):
        yield View(
            public=public,
            party=own.party,
            private=private,
            own=own,
            seed=seed,
            turn=0,
            round=0,
            history=made,
            offer=None,
            offerer=None,
            stands_by=False,
        )
