"""How a session would have gone on: against the counterparts as they are, move by move.

A counterpart with a scripted mind answers as that mind would, which the caller gives in as a
function. Any other is taken to follow the concession curve nearest to what it did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from games.happenings.happening import Happening, is_held, struck_again
from games.matrices.stance_game import stance_move
from games.moves import Pass
from games.outcomes import FloatArray
from games.protocols.capital import request_by_rule
from games.review.positions import Act, Reply, offers_so_far
from games.session import Move, Offer, State, WalkAway, step
from games.tactics.aspirations import STANCES, Stance, stance_aspirations
from games.tactics.tally import Tally
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.utility import Preferences

CounterpartModel = Literal["its own mind", "nearest concession curve"]
"""By what a counterpart's answers are foretold."""

EXPONENTS = tuple(float(e) for e in np.geomspace(0.1, 20.0, 24))
"""Paces of concession tried for the nearest curve, besides those of the stances."""

CLOSING_DEMANDS = tuple(float(demand) for demand in np.linspace(0.0, 1.0, 41))
"""Closing demands tried likewise."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The concession curve nearest to what a party asked for."""

    party: str
    stance: Stance
    offers: int
    """How many offers it was fitted to."""
    residual: float | None
    """Root mean square distance of its offers from the curve, in its points; None without
    offers, or if no outcome is worth more to it than its reservation value."""


def nearest_curve(
    scenario: Scenario,
    position: int,
    acts: Sequence[Act],
    scenarios: Sequence[Scenario] | None = None,
) -> Curve:
    """Return the stance whose aspirations are nearest to the worth of a party's own offers.

    Least squares over a grid of exponents and closing demands and the stances themselves; of curves
    that fit alike the balanced stance is taken, then the other stances. Without an offer that is
    the balanced one: nothing is known.

    Args:
        scenario: What was negotiated, as the session began.
        position: Of the party.
        acts: Every move of the session.
        scenarios: The scenario as it was at each of them, where that changed: an offer is measured
            by what it was worth when it was made.
    """
    own, rounds = scenario.preferences[position], scenario.protocol.rounds
    then = [scenario] * len(acts) if scenarios is None else scenarios
    made = [
        (act.turn // len(scenario.ids), _share(here.preferences[position], act.move.outcome))
        for act, here in zip(acts, then, strict=True)
        if act.mover == position and isinstance(act.move, Offer)
    ]
    asked = np.array([share for _, share in made if share is not None])
    when = np.array([round_ for round_, share in made if share is not None], dtype=np.intp)
    tried = _tried()
    if len(when) == 0:
        return Curve(party=own.party, stance=tried[0], offers=len(made), residual=None)
    # One by one: all curves of a session of a hundred thousand rounds take a gigabyte.
    squares: FloatArray = np.array(
        [
            float(np.mean((stance_aspirations(stance, 0.0, 1.0, rounds)[when] - asked) ** 2))
            for stance in tried
        ]
    )
    # A difference in the last digits makes no curve nearer.
    nearest = int(np.argmin(np.round(squares, 12)))
    return Curve(
        party=own.party,
        stance=tried[nearest],
        offers=len(made),
        residual=float(np.sqrt(squares[nearest]) * (own.highest - own.reservation)),
    )


def _share(own: Preferences, outcome: int) -> float | None:
    """Return what an outcome is worth as a share of the possible gain; None if there is none."""
    spread = own.highest - own.reservation
    return (own.utility(outcome) - own.reservation) / spread if spread > TIE else None


def _tried() -> list[Stance]:
    named = [STANCES["balanced"], *STANCES.values()]
    return named + [Stance(e, demand) for e in EXPONENTS for demand in CLOSING_DEMANDS]


def stance_reply(stance: Stance) -> Reply:
    """Return the trade-off tactic at a stance's aspiration, as an answer to any state.

    The aspiration falls from the mover's best outcome towards its reservation value; a mover whom
    no outcome satisfies walks away. Who may sign nothing in this round passes; who may sign more
    with its capital's leave asks for it as scripted delegates do.
    """

    def reply(state: State, history: Sequence[Act]) -> Move:
        own = state.scenario.preferences[state.mover]
        if is_held(state, state.mover):
            return Pass()
        asked = request_by_rule(state)
        if asked is not None:
            return asked
        if not own.may_sign_any or own.highest < own.reservation:
            return WalkAway()
        rounds = state.scenario.protocol.rounds
        aspirations = stance_aspirations(stance, own.reservation, own.highest, rounds)
        offers = offers_so_far(history, len(state.scenario.ids))
        heard = [Tally.of(state.scenario.space, own_offers) for own_offers in offers]
        aspiration = float(aspirations[state.round])
        return stance_move(state.scenario, state.mover, state.offer, aspiration, heard)

    return reply


@dataclass(frozen=True, kw_only=True)
class Line:
    """How a session goes on after a move, every party answering by its reply."""

    acts: tuple[Act, ...]
    """Each move with its turn and mover; the first is the move itself."""
    final: State
    """How it ends."""

    @property
    def move(self) -> Move:
        """The move it begins with."""
        return self.acts[0].move


def line(
    state: State,
    history: Sequence[Act],
    move: Move,
    replies: Sequence[Reply],
    injected: Sequence[Happening] = (),
) -> Line:
    """Return how a session goes on after a move if every party answers by its reply.

    What is dated, drawn by the session's lots or said by a capital happens in it as it did in the
    session.

    Args:
        state: Before the move.
        history: Every move before it.
        move: Of the party to move.
        replies: One a party, in the scenario's order.
        injected: What somebody had strike in the session; what was still to come strikes again.

    Raises:
        IllegalMove: If the move, or what a reply answers, is not allowed.
    """
    begun = len(history)
    history = [*history, Act(state.turn, state.mover, move)]
    to_come = [one for one in injected if one.turn > state.turn]
    state = _moved_on(state, move, to_come)
    while state.is_open:
        answer = replies[state.mover](state, history)
        history.append(Act(state.turn, state.mover, answer))
        state = _moved_on(state, answer, to_come)
    return Line(acts=tuple(history[begun:]), final=state)


def _moved_on(state: State, move: Move, to_come: list[Happening]) -> State:
    """Return the state after a move, with what somebody then has strike; that is taken off."""
    state, _ = step(state, move)
    while to_come and state.is_open and to_come[0].turn <= state.turn:
        state = struck_again(state, to_come.pop(0))
    return state


def continued(
    state: State,
    history: Sequence[Act],
    move: Move,
    replies: Sequence[Reply],
    injected: Sequence[Happening] = (),
) -> State:
    """Return how a session ends after a move if every party answers by its reply; see `line`.

    Raises:
        IllegalMove: If the move, or what a reply answers, is not allowed.
    """
    return line(state, history, move, replies, injected).final


def would_accept(
    state: State, history: Sequence[Act], outcome: int, replies: Sequence[Reply]
) -> bool:
    """Return whether the others would agree to an outcome if the party to move offered it now.

    They are asked in turn until the offer is agreed, is replaced or lapses, or comes back to the
    party. Nobody agrees to what the party may not offer now.
    """
    if not state.may_sign(state.mover, outcome):
        return False
    mover, offer = state.mover, Offer(outcome)
    history = [*history, Act(state.turn, mover, offer)]
    made_on = state.turn
    state, _ = step(state, offer)
    while state.is_open and state.mover != mover and state.offer_turn == made_on:
        answer = replies[state.mover](state, history)
        history.append(Act(state.turn, state.mover, answer))
        state, _ = step(state, answer)
    return state.agreement == outcome and state.offer_turn == made_on


def replies_of(
    scenario: Scenario,
    acts: Sequence[Act],
    seat: int,
    minds: Mapping[str, Reply],
    scenarios: Sequence[Scenario] | None = None,
) -> tuple[tuple[Reply, ...], tuple[Curve, ...]]:
    """Return how each party answers: the seat firmly, the others by their minds or nearest curves.

    Args:
        scenario: What was negotiated.
        acts: Every move of the session.
        seat: Position of the party that is reviewed.
        minds: Party → its own mind, where it has one that can be asked.
        scenarios: The scenario as it was at each move, where that changed.

    Returns:
        One reply a party, and the curves of those that have no mind here.
    """
    replies: list[Reply] = []
    curves: list[Curve] = []
    for position, party in enumerate(scenario.ids):
        if position == seat:
            replies.append(stance_reply(STANCES["firm"]))
        elif party in minds:
            replies.append(minds[party])
        else:
            curves.append(nearest_curve(scenario, position, acts, scenarios))
            replies.append(stance_reply(curves[-1].stance))
    return tuple(replies), tuple(curves)
