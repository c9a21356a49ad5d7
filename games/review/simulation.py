"""Many sessions played to their end at once: every candidate move against every drawn counterpart.

The arithmetic of `games.session.step`, `games.tactics.offers.trade_off` and `games.session.payoff`
on arrays. Axes are always (counterparts drawn, candidate moves, …); the same counterparts, with the
same lots, face every candidate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from games.outcomes import BoolArray, FloatArray, IndexArray, OutcomeSpace
from games.review.counterparts import Profiles, asked_shares
from games.review.field import NEAR, Band, Stake
from games.scenario import Scenario
from games.session import State, expected_payoffs, payoff
from games.tactics.aspirations import STANCES, stance_aspirations
from games.tactics.frequency_model import NEARNESS

FIRM = STANCES["firm"]
"""How the seat goes on after the move that is judged."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Player:
    """How one party of the simulated sessions decides."""

    stake: Stake
    profiles: Profiles | None
    """Who it may be; None for the seat itself, which is firm."""

    def aspirations(self, round_: int, rounds: int) -> FloatArray:
        """Return its aspiration in a round, in shares of its possible gain, one a row."""
        if self.profiles is None:
            return stance_aspirations(FIRM, 0.0, 1.0, rounds)[[round_]]
        return asked_shares(rounds)[self.profiles.stances, round_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Options:
    """What the outcomes of a field consist of."""

    marks: FloatArray
    """Which options each holds, shape (field, options)."""
    near: FloatArray
    """How near each option is to the one it holds of the same issue, likewise."""
    issue: IndexArray
    """The issue of each option, shape (options,)."""
    starts: IndexArray
    """The first option of each issue, shape (issues,)."""


def options_of(space: OutcomeSpace, marked: FloatArray) -> Options:
    """Return what outcomes consist of.

    Args:
        space: The outcome space.
        marked: Which options each outcome holds, shape (outcomes, options).
    """
    widths = np.array(space.shape)
    issue = np.repeat(np.arange(len(widths)), widths)
    starts = np.cumsum(widths) - widths
    level = np.arange(len(issue)) - starts[issue]
    distance = np.abs(level[:, None] - level) / np.maximum(widths[issue] - 1, 1)
    nearness = np.where(issue[:, None] == issue, 1 - distance, 0.0)
    return Options(marks=marked, near=marked @ nearness, issue=issue, starts=starts)


@dataclass(kw_only=True, eq=False)
class _Board:
    """Where the sessions stand. It changes in place, and only within `final_gains`."""

    offer: IndexArray
    """The offer on the table as a position in the field, −1 if there is none."""
    offer_turn: IndexArray
    accepted: BoolArray
    """Shape (…, parties)."""
    left: BoolArray
    """Shape (candidates, parties)."""
    open: BoolArray
    counts: FloatArray
    """How often each party offered each option, shape (…, parties, options)."""
    kept: FloatArray
    """1 + how often each party left each issue as it was, shape (…, parties, issues)."""
    last: IndexArray
    """Each party's last offer, −1 if it made none, shape (…, parties)."""
    gains: FloatArray
    """The seat's gain over its reservation value where a session is over, in points; else 0."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Simulation:
    """Everything that stays the same while the sessions are played."""

    scenario: Scenario
    seat: int
    players: tuple[Player, ...]
    """In the scenario's order of parties."""
    options: Options
    utilities: FloatArray
    """The seat's, of the outcomes of the field, in points."""
    orders: IndexArray
    """Whose turn each turn is, −1 after the end: one row, or one a counterpart drawn."""
    samples: int
    """How many counterparts are drawn."""


def final_gains(
    simulation: Simulation,
    states: Sequence[State],
    offers: Sequence[Sequence[Sequence[int]]],
    on_table: Sequence[int],
) -> FloatArray:
    """Return the seat's gain over r when each session is over, shape (samples, candidates).

    In points, time counted as `games.session.payoff` does.

    Args:
        simulation: Who plays, and on what.
        states: The state after each candidate move; some may be over already.
        offers: For each candidate, each party's offers so far as positions in the field.
        on_table: For each candidate, the offer on the table as a position in the field, or −1.
    """
    board = _board(simulation, states, offers, on_table)
    first = min((state.turn for state in states if state.is_open), default=0)
    for turn in range(first, simulation.orders.shape[1]):
        if not board.open.any():
            break
        begun = np.array([state.turn <= turn for state in states])
        movers = simulation.orders[:, turn]
        for mover in np.unique(movers[movers >= 0]).tolist():
            rows = np.flatnonzero(movers == mover)
            if len(movers) == 1:
                rows = np.arange(simulation.samples)
            active = board.open[rows] & begun & ~board.left[:, mover]
            some = active.any(axis=1)
            if some.any():
                _move(simulation, board, turn, mover, rows[some], active[some])
    return board.gains


def _board(
    simulation: Simulation,
    states: Sequence[State],
    offers: Sequence[Sequence[Sequence[int]]],
    on_table: Sequence[int],
) -> _Board:
    """Return the sessions as the candidate moves leave them, the same for every sample."""
    options, parties = simulation.options, len(simulation.players)
    shape = (len(states), parties)
    counts = np.zeros((*shape, len(options.issue)))
    kept = np.ones((*shape, len(options.starts)))
    last = np.full(shape, -1, dtype=np.intp)
    for candidate, histories in enumerate(offers):
        for party, history in enumerate(histories):
            if history:
                held = options.marks[list(history)]
                same = np.add.reduceat(held[1:] * held[:-1], options.starts, axis=1)
                counts[candidate, party] = held.sum(axis=0)
                kept[candidate, party] += same.sum(axis=0)
                last[candidate, party] = history[-1]
    members = np.arange(parties)
    accepted = np.array([np.isin(members, list(state.accepted)) for state in states])
    left = np.array([np.isin(members, list(state.left)) for state in states])
    own = simulation.scenario.preferences[simulation.seat]
    gains = [
        0.0 if state.is_open else expected_payoffs(state)[own.party] - own.reservation
        for state in states
    ]
    turns = [-1 if state.offer_turn is None else state.offer_turn for state in states]

    times = simulation.samples
    table = np.array(on_table, dtype=np.intp)
    return _Board(
        offer=np.repeat(table[None], times, axis=0),
        offer_turn=np.repeat(np.array(turns, dtype=np.intp)[None], times, axis=0),
        accepted=np.repeat(accepted[None], times, axis=0),
        left=left,
        open=np.repeat(np.array([state.is_open for state in states])[None], times, axis=0),
        counts=np.repeat(counts[None], times, axis=0),
        kept=np.repeat(kept[None], times, axis=0),
        last=np.repeat(last[None], times, axis=0),
        gains=np.repeat(np.array(gains)[None], times, axis=0),
    )


def _move(
    simulation: Simulation,
    board: _Board,
    turn: int,
    mover: int,
    rows: IndexArray,
    active: BoolArray,
) -> None:
    """Let a party accept what reaches its aspiration, and else offer, wherever it is its turn."""
    player, scenario = simulation.players[mover], simulation.scenario
    own = np.zeros_like(rows) if player.profiles is None else rows
    aspirations = player.aspirations(turn // len(scenario.ids), scenario.protocol.rounds)[own]
    offer = board.offer[rows]
    worth = player.stake.worth[own[:, None], offer]
    accepts = active & (offer >= 0) & (worth >= aspirations[:, None] - NEAR)
    accepts &= player.stake.signable[offer]
    board.accepted[rows, :, mover] |= accepts
    agreed = accepts & _winning(scenario, board.accepted[rows])
    gains = _gains(simulation, offer, board.offer_turn[rows])
    # Whoever has left has no part in what the others agree.
    stays = ~board.left[:, simulation.seat]
    board.gains[rows] = np.where(agreed & stays, gains, board.gains[rows])
    board.open[rows] &= ~agreed
    offers = active & ~accepts
    if offers.any():
        some = np.arange(1) if player.profiles is None else np.arange(len(rows))
        band = player.stake.band(aspirations[some], own[some])
        chosen = _trade_off(simulation, board, mover, rows, band)
        _offer(simulation, board, turn, mover, rows, offers, chosen)


def _winning(scenario: Scenario, accepted: BoolArray) -> BoolArray:
    """Return where the parties that stand by the offer can conclude, shape (…,)."""
    rule = scenario.protocol.agreement
    if rule == "unanimity":
        return np.logical_and.reduce(accepted, axis=-1)
    weights = np.array([rule.weights.get(party, 1.0) for party in scenario.ids])
    enough = accepted @ weights >= rule.quorum * weights.sum() - 1e-12
    vetoes = [scenario.ids.index(veto) for veto in rule.vetoes]
    several = np.count_nonzero(accepted, axis=-1) > 1
    return enough & several & np.logical_and.reduce(accepted[..., vetoes], axis=-1)


def _gains(simulation: Simulation, offer: IndexArray, turns: IndexArray) -> FloatArray:
    """Return the seat's gain from agreeing on offers made at some turns: affine in utility."""
    scenario, seat = simulation.scenario, simulation.seat
    reservation = scenario.preferences[seat].reservation
    of_nothing = np.zeros(turns.shape)
    of_a_point = np.zeros(turns.shape)
    for turn in np.unique(turns[turns >= 0]).tolist():
        at = turns == turn
        of_nothing[at] = payoff(scenario, seat, 0.0, turn)
        of_a_point[at] = payoff(scenario, seat, 1.0, turn)
    return of_nothing - reservation + (of_a_point - of_nothing) * simulation.utilities[offer]


def _trade_off(
    simulation: Simulation, board: _Board, mover: int, rows: IndexArray, band: Band
) -> IndexArray:
    """Return what the mover would offer, as positions in the field, shape (rows, candidates)."""
    scores = _liking(simulation, board, mover, rows)
    held = simulation.options.marks[band.places].transpose(0, 2, 1)
    liking = np.where(band.inside[:, None, :], scores @ held, -np.inf)
    tied = liking >= liking.max(axis=-1, keepdims=True) - 1e-9
    chosen: IndexArray = np.where(tied, band.worth[:, None, :], -np.inf).argmax(axis=-1)
    places = np.broadcast_to(band.places, (len(rows), band.places.shape[1]))
    return np.take_along_axis(places, chosen, axis=1)


def _liking(simulation: Simulation, board: _Board, mover: int, rows: IndexArray) -> FloatArray:
    """Return what the others' offers say of each option, shape (rows, candidates, options).

    The frequency model of `games.tactics.frequency_model`, weights times values, summed over the
    others.
    """
    options = simulation.options
    total = np.zeros((*board.offer[rows].shape, len(options.issue)))
    for other in range(len(simulation.players)):
        last = board.last[rows, :, other]
        if other == mover or not (last >= 0).any():
            continue
        counts, kept = board.counts[rows, :, other], board.kept[rows, :, other]
        most = np.maximum.reduceat(counts, options.starts, axis=-1)
        weights = kept / kept.sum(axis=-1, keepdims=True)
        shares = counts / np.maximum(most, 1.0)[..., options.issue]
        values = (1 - NEARNESS) * shares + NEARNESS * options.near[last]
        values *= weights[..., options.issue]
        total += np.where((last >= 0)[..., None], values, 0.0)
    return total


def _offer(
    simulation: Simulation,
    board: _Board,
    turn: int,
    mover: int,
    rows: IndexArray,
    offers: BoolArray,
    chosen: IndexArray,
) -> None:
    """Put the chosen offers on the table and into the mover's history."""
    options = simulation.options
    row, candidate = np.nonzero(offers)
    sample, made = rows[row], chosen[row, candidate]
    before = board.last[sample, candidate, mover]
    same = np.add.reduceat(options.marks[made] * options.marks[before], options.starts, axis=1)
    board.kept[sample, candidate, mover] += np.where((before >= 0)[:, None], same, 0.0)
    board.counts[sample, candidate, mover] += options.marks[made]
    board.last[sample, candidate, mover] = made
    board.offer[sample, candidate] = made
    board.offer_turn[sample, candidate] = turn
    board.accepted[sample, candidate] = False
    board.accepted[sample, candidate, mover] = True
