"""What a seat had best do now, as far as it can know: the moves compared, each with its prospects.

The same comparison that judges a move afterwards (see `games.review.accuracy`), turned forward. It
reads of the scenario the rules, the issues, the order of the parties and the seat's own
preferences, and of the others only what they did: `games.review.counterparts` draws what they may
want.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from games.moves import Accept, Move, Offer
from games.outcomes import BoolArray, FloatArray, Option
from games.protocols.alternating_offers import NEAR
from games.review.accuracy import candidate_moves
from games.review.counterparts import Profiles, asked_shares, marks, sights
from games.review.positions import Act, last_offer
from games.review.prospects import drawn_counterparts, expected_gains, prospect
from games.review.uncertainty import ERRORS, paired
from games.session import State
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.utility import Preferences

CLOSE = 1e-8
"""Shares of a counterpart's span closer than this are equal."""


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """A move that was compared, and what can be expected of it."""

    move: Move
    expected_gain: float
    """Mean final gain over r against the drawn counterparts, in own points, time counted."""
    standard_error: float
    chance: float | None
    """In how many of the drawn cases the others agree at their next turns; None where it asks
    them for nothing."""


class Want(NamedTuple):
    """What a counterpart seems to care for most."""

    issue: str
    share: float
    """Of all that it can gain or lose, the mean over the drawn counterparts."""
    option: Option
    """The option of it that seems best for the counterpart."""
    likely: float
    """In how many of the drawn cases no issue weighs more."""


@dataclass(frozen=True, kw_only=True)
class Counsel:
    """What is advised, and what it was compared with."""

    best: Weighed
    as_good: tuple[Weighed, ...]
    """Others from which the best cannot be told apart, the dearest to the seat first."""
    next_best: Weighed | None
    """The best of those that are worse; None where none is."""
    lead: float
    """By how much the next best is worse, in own points."""
    lead_error: float
    """The standard error of that, paired over the counterparts."""
    wants: Mapping[str, Want]
    """Of each counterpart that has been seen to do something."""
    seen: Mapping[str, int]
    """How many moves each counterpart has made."""
    counterparts: int
    """How many were drawn."""


def counsel(
    scenario: Scenario,
    state: State,
    history: Sequence[Act],
    *,
    seed: int,
    counterparts: int = 128,
    bare: frozenset[int] = frozenset(),
) -> Counsel:
    """Return what the party to move had best do, as far as it can know.

    Moves within two standard errors of the greatest expected gain come to the same. Of these,
    accepting goes first, being sure; then the offer that asks for most, but for no more than the
    own last offer: a party can yield later, and not well take back.

    Args:
        scenario: Of alternating offers; what it says of the other parties' private affairs is not
            read. The seat can gain something.
        state: Where the session stands.
        history: Every move so far.
        seed: Same seed, same counterparts.
        counterparts: How many are drawn.
        bare: Turns on which nothing was on the table although something had been offered.
    """
    seat = state.mover
    prepared = prospect(scenario, seat, seed=seed, counterparts=counterparts, bare=bare)
    moves = candidate_moves(state, history)
    last = last_offer(history, seat)
    gains, _ = expected_gains(prepared, state, history, moves)
    drawn = drawn_counterparts(prepared, state, history)
    own = scenario.preferences[seat]
    spread = own.highest - own.reservation
    weighed = [
        _weighed(move, gains[:, at], _chance(state, move, drawn)) for at, move in enumerate(moves)
    ]
    greatest = int(np.argmax([round(one.expected_gain / spread, 9) for one in weighed]))
    order = sorted(range(len(moves)), key=lambda at: _asked(own, moves[at], last))
    best = next(at for at in order if not _is_worse(gains, at, greatest))
    worse = [at for at in order if _is_worse(gains, at, best)]
    worse.sort(key=lambda at: -weighed[at].expected_gain)
    lead, lead_error = paired(gains[:, best] - gains[:, worse[0]]) if worse else (0.0, 0.0)
    return Counsel(
        best=weighed[best],
        as_good=tuple(weighed[at] for at in order if at != best and at not in worse),
        next_best=weighed[worse[0]] if worse else None,
        lead=lead,
        lead_error=lead_error,
        wants={
            scenario.ids[other]: _want(scenario, profiles)
            for other, profiles in drawn.items()
            if sights(history, other, bare)
        },
        seen={scenario.ids[other]: sum(act.mover == other for act in history) for other in drawn},
        counterparts=counterparts,
    )


def _weighed(move: Move, gains: FloatArray, chance: float | None) -> Weighed:
    mean, error = paired(gains)
    return Weighed(move=move, expected_gain=mean, standard_error=error, chance=chance)


def _is_worse(gains: FloatArray, one: int, other: int) -> bool:
    """Return whether a move is worse than another by two standard errors or more."""
    behind, error = paired(gains[:, other] - gains[:, one])
    return behind > max(ERRORS * error, TIE)


def _asked(own: Preferences, move: Move, last: int | None) -> tuple[int, float]:
    """Return by what moves that come to the same are put in order, the least first."""
    match move:
        case Accept():
            return 0, 0.0
        case Offer(outcome=outcome):
            worth = own.utility(outcome)
            if last is not None and worth > own.utility(last) + own.tie:
                return 2, worth
            return 1, -worth
        case _:
            return 3, 0.0


def _chance(state: State, move: Move, drawn: Mapping[int, Profiles]) -> float | None:
    """Return in how many of the drawn cases an outcome is agreed on at the others' next turns."""
    match move:
        case Offer(outcome=outcome):
            standing = {state.mover}
        case Accept() if state.offer is not None:
            outcome, standing = state.offer, {*state.accepted, state.mover}
        case _:
            return None
    samples = len(next(iter(drawn.values())).reservations)
    accepts: dict[int, BoolArray] = {party: np.ones(samples, dtype=bool) for party in standing}
    for other, round_ in _next_turns(state):
        if other not in standing:
            accepts[other] = _accepting(state, drawn[other], outcome, round_)
    return float(_concluded(state.scenario, accepts, samples).mean())


def _next_turns(state: State) -> Iterator[tuple[int, int]]:
    """Yield the others that have a turn still to come, with the round of the next one."""
    parties = len(state.scenario.ids)
    rest = state.turns[state.turn + 1 : (state.round + 1) * parties]
    for other in range(parties):
        round_ = state.round if other in rest else state.round + 1
        if other != state.mover and other not in state.left and round_ < state.rounds:
            yield other, round_


def _accepting(state: State, profiles: Profiles, outcome: int, round_: int) -> BoolArray:
    worth = profiles.points @ marks(state.scenario.space, np.array([outcome]))[0]
    aspirations = profiles.aspirations(asked_shares(state.rounds))[:, round_]
    return worth >= aspirations - CLOSE


def _concluded(scenario: Scenario, accepts: Mapping[int, BoolArray], samples: int) -> BoolArray:
    """Return in which cases those who accept can conclude an agreement."""
    rule, ids = scenario.protocol.agreement, scenario.ids
    if rule == "unanimity":
        together = np.full(samples, len(accepts) == len(ids))
        for one in accepts.values():
            together &= one
        return together
    weights = [rule.weights.get(party, 1.0) for party in ids]
    behind = np.zeros(samples)
    count = np.zeros(samples, dtype=int)
    for party, one in accepts.items():
        behind += weights[party] * one
        count += one
    together = (behind >= rule.quorum * sum(weights) - NEAR) & (count > 1)
    for veto in rule.vetoes:
        together &= accepts.get(ids.index(veto), np.zeros(samples, dtype=bool))
    return together


def _want(scenario: Scenario, profiles: Profiles) -> Want:
    """Return the issue that most often weighs most among the drawn counterparts."""
    space = scenario.space
    weights = profiles.sizes / profiles.sizes.sum(axis=1, keepdims=True)
    likely = np.bincount(weights.argmax(axis=1), minlength=len(space.shape)) / len(weights)
    issue = int(likely.argmax())
    first = sum(space.shape[:issue])
    points: FloatArray = profiles.points[:, first : first + space.shape[issue]].mean(axis=0)
    return Want(
        issue=space.issues[issue],
        share=float(weights[:, issue].mean()),
        option=space.options[issue][int(points.argmax())],
        likely=float(likely[issue]),
    )


def can_gain(state: State) -> bool:
    """Return whether some outcome would be worth more to the party to move than no agreement."""
    own = state.own(state.mover)
    return own.may_sign_any and own.highest - own.reservation > max(own.tie, TIE)
