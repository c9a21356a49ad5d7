"""What a seat could expect of a move: its final gain against counterparts drawn anew for each turn.

The seat goes on with the firm trade-off policy, its counterparts, drawn from what the seat could
know before the move (see `games.review.counterparts`), with the trade-off tactic at their own
stances. The same counterparts with the same lots face every move. In large outcome spaces simulated
parties choose their offers among the outcomes of a field (see `games.review.field`), not among all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from games.errors import UserError
from games.moves import AskCapital
from games.outcomes import FloatArray, IndexArray
from games.protocols.alternating_offers import order_in_round
from games.review.counterparts import Profiles, generator, posterior, sights
from games.review.field import BASE, Base, base_of, field_of, stake_of_drawn, stake_of_seat
from games.review.knowledge import as_known, granted
from games.review.positions import Act, offers_so_far
from games.review.simulation import Player, Simulation, final_gains, options_of
from games.session import Move, State, step

if TYPE_CHECKING:
    from games.scenario import Scenario

LEAST_COUNTERPARTS = 64
"""Fewest counterparts an expectation may rest on."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Prospect:
    """What is prepared once to judge a seat's moves in one session."""

    scenario: Scenario = field(repr=False)
    seat: int
    base: Base | None
    """The outcomes searched; None if they are drawn anew for each move, the space being large."""
    seed: int
    counterparts: int
    """How many are drawn for each move."""
    bare: frozenset[int] = frozenset()
    """Turns on which nothing was on the table although something had been offered."""


def prospect(
    scenario: Scenario,
    seat: int,
    *,
    seed: int = 0,
    counterparts: int = 64,
    bare: frozenset[int] = frozenset(),
) -> Prospect:
    """Return what is needed to judge a seat's moves.

    Args:
        scenario: What was negotiated, as it was when the moves were made that are judged.
        seat: Position of the party that is judged; it can gain something (highest > r).
        seed: Same seed, same counterparts.
        counterparts: How many are drawn for each move.
        bare: Turns on which nothing was on the table although something had been offered.

    Raises:
        UserError: If too few counterparts are asked for.
    """
    require_enough(counterparts)
    space = scenario.space
    base = None
    if space.count <= BASE:
        base = base_of(space, scenario.preferences[seat], (), generator(seed, "base"))
    return Prospect(
        scenario=scenario,
        seat=seat,
        base=base,
        seed=seed,
        counterparts=counterparts,
        bare=bare,
    )


def require_enough(counterparts: int) -> None:
    """Check that an expectation rests on enough counterparts.

    Raises:
        UserError: If it does not.
    """
    if counterparts < LEAST_COUNTERPARTS:
        raise UserError(
            f"counterparts: {counterparts} are too few; expected {LEAST_COUNTERPARTS} or more"
        )


def expected_gains(
    prepared: Prospect, state: State, history: Sequence[Act], moves: Sequence[Move]
) -> tuple[FloatArray, int]:
    """Return the seat's final gains over r in points, and among how many outcomes offers are made.

    Shape (counterparts, moves). Every party that the seat faces is drawn anew for each turn. What
    the seat asks its capital for counts as granted, if the answer comes before the end.
    """
    gains, outcomes = _gains(prepared, state, history, moves)
    for column, move in enumerate(moves):
        if isinstance(move, AskCapital) and state.round + 1 < state.scenario.protocol.rounds:
            gains[:, [column]] = _gains(_granted(prepared, move), state, history, [move])[0]
    return gains, outcomes


def _granted(prepared: Prospect, move: AskCapital) -> Prospect:
    scenario, seat = prepared.scenario, prepared.seat
    return prospect(
        granted(scenario, scenario.ids[seat], move),
        seat,
        seed=prepared.seed,
        counterparts=prepared.counterparts,
        bare=prepared.bare,
    )


def _gains(
    prepared: Prospect, state: State, history: Sequence[Act], moves: Sequence[Move]
) -> tuple[FloatArray, int]:
    """Return the seat's final gains over r, as `expected_gains` does, its mandate staying as it is.

    Args:
        prepared: Says what the seat may sign from its next move on.
        state: Before the moves, as it is.
        history: Every move before them.
        moves: Each of them is tried.
    """
    scenario, seat, samples = prepared.scenario, prepared.seat, prepared.counterparts
    own, space = scenario.preferences[seat], scenario.space
    known = as_known(state)
    states = [step(known, move)[0] for move in moves]
    histories = [[*history, Act(state.turn, state.mover, move)] for move in moves]
    offers = [offers_so_far(one, len(scenario.ids)) for one in histories]
    needed = {outcome for one in offers for made in one for outcome in made}
    base = prepared.base or base_of(
        space, own, needed, generator(prepared.seed, f"base/{state.turn}")
    )
    drawn = drawn_counterparts(prepared, state, history)
    kept = field_of(base, [*drawn.values()], base.positions(needed))
    players = [
        Player(stake=stake_of_drawn(base, drawn[party], kept), profiles=drawn[party])
        if party in drawn
        else Player(stake=stake_of_seat(base, own, kept), profiles=None)
        for party in range(len(scenario.ids))
    ]
    simulation = Simulation(
        scenario=scenario,
        seat=seat,
        players=tuple(players),
        options=options_of(space, base.marks[kept].astype(np.float64)),
        utilities=own.utilities[base.outcomes[kept]],
        orders=drawn_orders(state, samples, prepared.seed),
        samples=samples,
    )
    place = {int(outcome): at for at, outcome in enumerate(base.outcomes[kept])}
    gains = final_gains(
        simulation,
        states,
        [[[place[outcome] for outcome in made] for made in one] for one in offers],
        [-1 if after.offer is None else place[after.offer] for after in states],
    )
    return gains, len(kept)


def drawn_counterparts(
    prepared: Prospect, state: State, history: Sequence[Act]
) -> dict[int, Profiles]:
    """Return counterparts drawn from what the seat could know before its move, by position."""
    scenario = prepared.scenario
    return {
        other: posterior(
            scenario.space,
            scenario.protocol.rounds,
            len(scenario.ids),
            sights(history, other, prepared.bare),
            prepared.counterparts,
            generator(prepared.seed, f"{state.turn}/{other}"),
        )
        for other in range(len(scenario.ids))
        if other != prepared.seat
    }


def drawn_orders(state: State, samples: int, seed: int) -> IndexArray:
    """Return whose turn each turn is, −1 after the end, as far as the party to move could know.

    One row, unless the protocol draws lots: then one row a sample, the rounds to come drawn anew,
    the current one in the order it was played in, and the end later than now.
    """
    scenario = state.scenario
    protocol, parties = scenario.protocol, len(scenario.ids)
    if protocol.opens != "lot" and protocol.deadline is None:
        return np.array([state.turns], dtype=np.intp)
    begun = (state.round + 1) * parties
    orders = np.full((samples, protocol.rounds * parties), -1, dtype=np.intp)
    orders[:, :begun] = state.turns[:begun]
    for sample in range(samples):
        lots = f"{seed}/review/{state.turn}/{sample}"
        for round_ in range(state.round + 1, _drawn_end(state, Random(lots))):
            order = order_in_round(scenario, round_, Random(f"{lots}/order").getrandbits(32))
            orders[sample, round_ * parties : (round_ + 1) * parties] = order
    return orders


def _drawn_end(state: State, lots: Random) -> int:
    """Return how many rounds there are, given that the current one is played."""
    protocol = state.scenario.protocol
    if protocol.deadline is not None:
        for round_ in range(max(protocol.deadline.start, state.round + 1), protocol.rounds):
            if lots.random() < protocol.deadline.close:
                return round_
    return protocol.rounds
