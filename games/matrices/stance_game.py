"""The stance game: how hard to negotiate, when the other side chooses too.

A stance is an aspiration that falls over the session to a closing demand; offers trade off. A cell
is what the scenario's own protocol yields when all members of a bloc take its stance and outsiders
are balanced: the mean over opening orders and, where the protocol draws lots, over seeds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from games.bargaining.quorum import unanimous
from games.bargaining.solutions import bargain, fair_share, normalised_gains
from games.board import Board
from games.happenings.changes import at_rest
from games.matrices.hall_stances import play_hall_stances
from games.matrices.matrix import (
    Bloc,
    Matrix,
    bloc_matrix,
    bloc_mean,
    blocs,
    both_blocs,
    gaining_members,
    member_gains,
)
from games.outcomes import FloatArray
from games.protocols.alternating_offers import last_round, order_in_round
from games.protocols.hall import is_hall
from games.session import Accept, Move, Offer, State, expected_payoffs
from games.tactics.aspirations import STANCES, Stance, stance_aspirations
from games.tactics.offers import trade_off_by
from games.tactics.tally import Tally
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario

ACTS = {
    "hard": "insists",
    "firm": "holds firm",
    "balanced": "gives ground",
    "soft": "yields early",
}
"""What a bloc does with each stance, as it follows its name."""

SEEDS = 8
"""Sessions a cell, where the protocol draws lots."""

MOST_ROUNDS = 1000
"""Rounds above which the game is not played: its cells are whole sessions."""

MAX_OPENINGS = 8
"""Opening orders a cell; of more parties every k-th opens in turn."""

MOST_SPEAKERS = 100
"""Parties times draws of chance up to which a hall's cells are played more than once."""

Turns = tuple[int, ...]
"""Whose turn each turn is; of a plenary or forum, where that follows from what is said, the seed
that draws the orders of speaking, alone."""


def play_stances(scenario: Scenario, stances: tuple[Stance, ...], turns: Turns) -> State:
    """Return how a session ends in which each party trades off at its stance's aspiration.

    Args:
        scenario: The negotiation, played as it is: nothing happens between the moves.
        stances: One a party.
        turns: Whose turn each turn is.
    """
    scenario = at_rest(scenario)
    if is_hall(scenario):
        return play_hall_stances(scenario, stances, turns[0])
    rounds = scenario.protocol.rounds
    best = bargain(scenario).best
    aspirations = [
        stance_aspirations(
            stance, party.reservation, max(best[position], party.reservation), rounds
        )
        for position, (party, stance) in enumerate(zip(scenario.preferences, stances, strict=True))
    ]
    heard = [Tally(scenario.space) for _ in stances]
    board = Board(State(scenario=scenario, turns=turns))
    while board.status == "open":
        mover = board.turns[board.turn]
        aspiration = float(aspirations[mover][board.turn // board.parties])
        move = stance_move(scenario, mover, board.offer, aspiration, heard)
        if isinstance(move, Offer):
            heard[mover].count(move.outcome)
        board.make(move)
    return board.state


def stance_move(
    scenario: Scenario, mover: int, on_table: int | None, aspiration: float, heard: Sequence[Tally]
) -> Move:
    """Return the trade-off tactic's move: accept what reaches the aspiration, else trade off.

    Args:
        scenario: The negotiation.
        mover: Whose turn it is.
        on_table: The offer on the table.
        aspiration: The mover's, in points.
        heard: Each party's offers so far, in the scenario's order.
    """
    own = scenario.preferences[mover]
    if on_table is not None and own.accepts(on_table, aspiration - own.tie):
        return Accept()
    others = [tally for party, tally in enumerate(heard) if party != mover]
    return Offer(trade_off_by(own, scenario.space, aspiration, others))


def turn_orders(scenario: Scenario) -> list[list[Turns]]:
    """Return whose turn each turn is: for each draw of chance, for each opening order.

    With `opens: fixed` each party in turn opens every round; with `alternate` each in turn opens
    the first; with `lot` the draw decides. An uncertain deadline is drawn as well. A plenary or
    forum is played as it opens, once a draw; the more delegations, the fewer draws.
    """
    protocol = scenario.protocol
    drawn = protocol.opens == "lot" or protocol.deadline is not None
    parties = len(scenario.ids)
    if is_hall(scenario):
        draws = min(SEEDS, max(MOST_SPEAKERS // parties, 1)) if drawn else 1
        return [[(seed,)] for seed in range(draws)]
    openings = range(0, parties, -(-parties // MAX_OPENINGS)) if protocol.opens != "lot" else (0,)
    return [
        [tuple(_turns(scenario, first, seed)) for first in openings]
        for seed in range(SEEDS if drawn else 1)
    ]


def _turns(scenario: Scenario, first: int, seed: int) -> Iterator[int]:
    parties = len(scenario.ids)
    for round_ in range(last_round(scenario, seed)):
        for position in order_in_round(scenario, round_, seed):
            yield (position + first) % parties


def stance_game(scenario: Scenario) -> Matrix:
    """Return the game in which each bloc chooses how hard to negotiate, computed once."""
    return scenario.once("stance_game", _stance_game)


def _stance_game(scenario: Scenario) -> Matrix:
    sides = blocs(scenario)
    orders = turn_orders(scenario)
    cells = [[_cell(scenario, sides, row, column, orders) for column in ACTS] for row in ACTS]
    samples = np.array([[worth for worth, _ in line] for line in cells])
    points: FloatArray = samples.mean(axis=2)
    return bloc_matrix(
        scenario,
        member_gains(scenario, points),
        name="stance",
        title="How hard to negotiate",
        acts=tuple(ACTS.values()),
        points=points,
        lead=fair_share_sentence(scenario),
        failures=np.array([[failed for _, failed in line] for line in cells]),
        errors=_standard_errors(scenario, sides, samples) if len(orders) > 1 else None,
    )


def _cell(
    scenario: Scenario, sides: tuple[Bloc, Bloc], row: str, column: str, orders: list[list[Turns]]
) -> tuple[FloatArray, float]:
    """Return each party's mean payoff of each draw, and the share of sessions without agreement."""
    results = play_cell(scenario, bloc_stances(scenario, sides, row, column), orders)
    worth = [
        np.mean([list(expected_payoffs(state).values()) for state in draw], axis=0)
        for draw in results
    ]
    ends = [state.status == "agreement" for draw in results for state in draw]
    return np.array(worth), 1 - sum(ends) / len(ends)


def play_cell(
    scenario: Scenario, stances: tuple[Stance, ...], orders: list[list[Turns]]
) -> list[list[State]]:
    """Return how each session of a cell ends: for each draw of chance, for each opening order."""
    return [[play_stances(scenario, stances, turns) for turns in draw] for draw in orders]


def bloc_stances(
    scenario: Scenario, sides: tuple[Bloc, Bloc], row: str, column: str
) -> tuple[Stance, ...]:
    """Return every party's stance when the blocs take theirs and outsiders are balanced."""
    stances = [STANCES["balanced"]] * len(scenario.ids)
    for side, stance in zip(sides, (row, column), strict=True):
        for member in side.members:
            stances[member] = STANCES[stance]
    return tuple(stances)


def _standard_errors(
    scenario: Scenario, sides: tuple[Bloc, Bloc], samples: FloatArray
) -> FloatArray:
    """Return each bloc's standard error in each cell, from (rows, columns, draws, parties)."""
    gains = member_gains(scenario, samples)
    draws = samples.shape[2]
    return np.stack(
        [bloc_mean(scenario, side, gains).std(axis=2, ddof=1) / np.sqrt(draws) for side in sides],
        axis=2,
    )


Asked = tuple[int, int, int]
"""An offer: its round (from 0), the offerer's position, the outcome."""


def offers_among(moves: Sequence[Move], when: Sequence[tuple[int, int]]) -> list[Asked]:
    """Return the offers among the moves of a session, given each move's round and mover."""
    return [
        (round_, mover, move.outcome)
        for move, (round_, mover) in zip(moves, when, strict=True)
        if isinstance(move, Offer)
    ]


def played_cell(scenario: Scenario, offers: Sequence[Asked]) -> tuple[int, int] | None:
    """Return the cell of the stance game nearest to what both blocs asked for in a session.

    Nearest is the stance whose aspirations have the least mean square distance from the worth of
    the bloc's offers to those who made them, as shares of what each can gain; who asks for more
    than it could gain in the ZOPA asks for all of it. Of two as near, the harder. None if a bloc is
    empty, made no offer, or cannot gain anything.
    """
    sides = both_blocs(scenario)
    if sides is None:
        return None
    row, column = (_nearest_stance(scenario, side, offers) for side in sides)
    return None if row is None or column is None else (row, column)


def _nearest_stance(scenario: Scenario, side: Bloc, offers: Sequence[Asked]) -> int | None:
    best = bargain(scenario).best
    rounds: list[int] = []
    asked: list[FloatArray] = []
    for member in side.members:
        own = scenario.preferences[member]
        spread = best[member] - own.reservation
        made = [(round_, outcome) for round_, mover, outcome in offers if mover == member]
        if made and spread > TIE:
            when, outcomes = zip(*made, strict=True)
            rounds += when
            asked.append((own.utilities[list(outcomes)] - own.reservation) / spread)
    if not asked:
        return None
    last = scenario.protocol.rounds - 1  # a chair may have extended the talks beyond
    curves = _stance_curves(last + 1)[:, np.minimum(rounds, last)]
    away = curves - np.minimum(np.concatenate(asked), 1.0)
    return int((away**2).mean(axis=1).argmin())


@lru_cache(maxsize=64)
def _stance_curves(rounds: int) -> FloatArray:
    """Return every stance's aspirations as shares of the possible gain, shape (stances, rounds)."""
    return np.array([stance_aspirations(STANCES[name], 0.0, 1.0, rounds) for name in ACTS])


@dataclass(frozen=True, kw_only=True)
class Leaver:
    """A member that would gain by leaving its bloc's stance alone."""

    party: str
    regret: float
    """What it would gain at most, as a share of what it can gain."""
    act: str
    """What it would rather do."""


def leavers(scenario: Scenario, row: str, column: str) -> tuple[Leaver, ...]:
    """Return the members that would gain by another stance while their bloc keeps its own.

    Args:
        scenario: The negotiation; each candidate deviation is played, over all turn orders.
        row: The consumers' stance.
        column: The suppliers' stance.
    """
    sides = blocs(scenario)
    orders = turn_orders(scenario)
    stances = bloc_stances(scenario, sides, row, column)
    found: list[Leaver] = []
    kept = _gains_of(scenario, stances, orders)
    for member in (*sides[0].members, *sides[1].members):
        gains: dict[str, float] = {}
        for name, stance in STANCES.items():
            other = _replaced(stances, member, stance)
            played = kept if other == stances else _gains_of(scenario, other, orders)
            gains[name] = float(played[member])
        best = max(gains, key=gains.__getitem__)
        regret = gains[best] - float(kept[member])
        if regret > TIE:
            found.append(Leaver(party=scenario.ids[member], regret=regret, act=ACTS[best]))
    return tuple(found)


def _replaced(stances: tuple[Stance, ...], member: int, stance: Stance) -> tuple[Stance, ...]:
    return (*stances[:member], stance, *stances[member + 1 :])


def _gains_of(
    scenario: Scenario, stances: tuple[Stance, ...], orders: list[list[Turns]]
) -> FloatArray:
    """Return every member's mean gain over all turn orders."""
    worth = [
        list(expected_payoffs(play_stances(scenario, stances, turns)).values())
        for draw in orders
        for turns in draw
    ]
    return member_gains(scenario, np.mean(worth, axis=0))


StanceClass = Literal["hardness is free", "chicken", "hardness fails"]
"""What the feasible shares foretell of hardness on both sides."""


def stance_class(least: FloatArray, consumers: FloatArray, suppliers: FloatArray) -> StanceClass:
    """Return what the shares feasible in the ZOPA foretell of hardness.

    It is free if everyone can have the share that hard parties ask for at last (k* ≥ φ of hard);
    below that the game is chicken where one bloc can have a hard share while the other has a firm
    one, either way round; else hardness on both sides fails.

    Args:
        least: The least normalised gain of anyone in each outcome of the ZOPA.
        consumers: The least normalised gain of the consumers in each.
        suppliers: Likewise of the suppliers.
    """
    hard, firm = STANCES["hard"].closing_demand, STANCES["firm"].closing_demand
    if float(least.max()) >= hard:
        return "hardness is free"
    either_way = np.any((consumers >= hard) & (suppliers >= firm)) and np.any(
        (consumers >= firm) & (suppliers >= hard)
    )
    return "chicken" if either_way else "hardness fails"


def fair_share_sentence(scenario: Scenario) -> str:
    """Return what k*, the largest share of its gain that everyone can have, predicts."""
    share = fair_share(scenario)
    if share is None:
        return "The ZOPA is empty: no stance leads to an agreement that all would sign."
    hard = STANCES["hard"].closing_demand
    lead = f"Everyone can have at least {share:.0%} of its attainable gain (k*)"
    if not unanimous(scenario):
        return f"{lead}; but here not all need agree, so that this foretells nothing of hardness."
    gains = normalised_gains(scenario, bargain(scenario).zopa)
    consumers, suppliers = (
        gains[gaining_members(scenario, side)].min(axis=0) for side in blocs(scenario)
    )
    match stance_class(np.array([share]), consumers, suppliers):
        case "hardness is free":
            return (
                f"{lead}, no less than one who insists asks at last ({hard:.0%}): hardness is free."
            )
        case "chicken":
            return (
                f"{lead}, less than two who insist ask ({hard:.0%} each), while one who insists "
                "and one who holds firm can meet either way round: a game of chicken, where each "
                "wants the other to yield."
            )
        case "hardness fails":
            return (
                f"{lead}, less than two who insist ask ({hard:.0%} each), nor is there room for "
                "one who insists and one who holds firm: hardness on both sides fails."
            )
