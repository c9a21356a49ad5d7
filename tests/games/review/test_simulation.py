"""Sessions simulated at once are the sessions that `step` and the tactics would play one by one."""

import numpy as np
import pytest

from games.outcomes import option_text
from games.review.accuracy import candidate_moves
from games.review.continuations import continued, stance_reply
from games.review.counterparts import Profiles
from games.review.positions import Act
from games.review.prospects import drawn_counterparts, drawn_orders, expected_gains, prospect
from games.scenario import Scenario
from games.session import Move, Offer, State, payoffs, start, step
from games.tactics.aspirations import STANCES
from tests.games.review.sessions import ACCEPT, FIRM, HARD, WALK, before, played, trade
from tests.support.domains import party, scenario

CHECKED = 12


def as_party(drawn: Profiles, row: int) -> dict:
    """Return a drawn counterpart as a scenario file would spell it."""
    space, points = drawn.space, drawn.points[row].tolist()
    table = {
        issue: {option_text(option): points.pop(0) for option in options}
        for issue, options in zip(space.issues, space.options, strict=True)
    }
    return party(table, float(drawn.reservations[row]))


def with_counterparts(game: Scenario, drawn: dict[int, Profiles], row: int) -> Scenario:
    """Return the game in which the counterparts are as drawn."""
    fields = game.model_dump(by_alias=True)
    for position, profiles in drawn.items():
        fields["parties"][game.ids[position]] = as_party(profiles, row)
    return Scenario.model_validate(fields)


def one_by_one(
    game: Scenario, state: State, history: list[Act], moves: list[Move], samples: int = 64
) -> np.ndarray:
    """Return the mover's final gains against some of the drawn counterparts, played by `step`."""
    seat, prepared = state.mover, prospect(game, state.mover, counterparts=samples)
    drawn = drawn_counterparts(prepared, state, history)
    orders = drawn_orders(state, samples, 0)
    gains = []
    for row in range(CHECKED):
        order = orders[row % len(orders)]
        real = State(
            scenario=with_counterparts(game, drawn, row),
            turns=tuple(order[order >= 0].tolist()),
            turn=state.turn,
            offer=state.offer,
            offer_turn=state.offer_turn,
            accepted=state.accepted,
            left=state.left,
        )
        replies = [
            FIRM
            if position == seat
            else stance_reply([*STANCES.values()][drawn[position].stances[row]])
            for position in range(len(game.ids))
        ]
        own = game.preferences[seat]
        ends = [continued(real, history, move, replies) for move in moves]
        gains.append([payoffs(end)[own.party] - own.reservation for end in ends])
    return np.array(gains)


PROTOCOLS = {
    "two in a fixed order": {},
    "two who open in turn": {"opens": "alternate"},
    "lots": {"opens": "lot"},
    "an uncertain end": {"deadline": {"from": 3, "close": 0.4}},
    "the literature's discount": {"discounting": "total"},
    "three": {"parties": 3, "rounds": 4},
    "a quorum": {"parties": 3, "rounds": 4, "agreement": {"quorum": 0.6}},
    "a veto": {"parties": 3, "rounds": 3, "agreement": {"quorum": 0.6, "vetoes": ["B"]}},
    "one's own vote is not enough": {"opens": "alternate", "agreement": {"quorum": 0.3}},
    "votes": {
        "parties": 3,
        "rounds": 3,
        "agreement": {"quorum": 0.75, "weights": {"A": 2, "B": 1, "C": 1}},
    },
}


@pytest.mark.parametrize("kind", PROTOCOLS)
@pytest.mark.parametrize("begun", [0, 3, 5])
def test_gains_are_those_of_sessions_played_one_by_one(kind, begun):
    game = trade(**PROTOCOLS[kind])
    moves, _ = played(game, [HARD] * len(game.ids), most=begun)
    state, history = before(game, moves)
    compared = list(candidate_moves(state, history))
    prepared = prospect(game, state.mover)

    gains, outcomes = expected_gains(prepared, state, history, compared)

    assert outcomes == 48
    assert gains.shape == (64, len(compared))
    assert WALK in compared
    assert gains[:CHECKED] == pytest.approx(one_by_one(game, state, history, compared), abs=1e-7)


def test_red_lines_of_the_seat_are_never_signed():
    game = trade()
    fields = game.model_dump(by_alias=True)
    fields["parties"]["A"]["red_lines"] = [{"law": "2"}, {"gold": "3", "time": "2"}]
    game = Scenario.model_validate(fields)
    state, history = before(game, [Offer(36), Offer(10)])
    moves = list(candidate_moves(state, history))

    gains, _ = expected_gains(prospect(game, 0), state, history, moves)

    assert ACCEPT not in moves
    assert gains[:CHECKED] == pytest.approx(one_by_one(game, state, history, moves), abs=1e-7)


def test_a_session_goes_on_without_one_who_left():
    game = trade(parties=3, rounds=4, agreement={"quorum": 0.6})
    state, history = before(game, [Offer(36), WALK])
    moves = list(candidate_moves(state, history))

    gains, _ = expected_gains(prospect(game, 2), state, history, moves)

    assert (state.party, state.left) == ("C", {1})
    assert gains[:CHECKED] == pytest.approx(one_by_one(game, state, history, moves), abs=1e-7)


def test_ties_are_broken_as_the_tactic_breaks_them():
    # Few values, many ties: the same points for several outcomes.
    table = {"x": {"0": 0, "1": 10, "2": 10, "3": 20}, "y": {"0": 0, "1": 10, "2": 20}}
    game = scenario(
        {"x": ["0", "1", "2", "3"], "y": ["0", "1", "2"]},
        {"A": party(table), "B": party(table, side="supplier")},
        protocol={"rounds": 5, "opens": "fixed"},
    )
    state, history = before(game, [Offer(11), Offer(4)])
    moves = list(candidate_moves(state, history))

    gains, _ = expected_gains(prospect(game, 0), state, history, moves)

    assert gains[:CHECKED] == pytest.approx(one_by_one(game, state, history, moves), abs=1e-7)


def test_the_same_counterparts_face_every_move():
    game = trade()
    state, history = before(game, [Offer(36), Offer(10)])
    moves = list(candidate_moves(state, history))
    prepared = prospect(game, 0)

    together, _ = expected_gains(prepared, state, history, moves)
    alone = [expected_gains(prepared, state, history, [move])[0][:, 0] for move in moves]

    assert np.abs(together.T - np.array(alone)).max() < 1e-9


def test_lots_are_drawn_anew_for_the_rounds_to_come_alone():
    game = trade(opens="lot", deadline={"from": 2, "close": 0.5})
    state = start(game, 1)
    for move in [Offer(36), Offer(10), Offer(36)]:
        state, _ = step(state, move)

    orders = drawn_orders(state, 200, 0)

    assert (orders[:, :4] == state.turns[:4]).all()
    lengths = (orders >= 0).sum(axis=1) // 2
    assert set(lengths.tolist()) == {2, 3, 4, 5, 6}
    # From the second round on each may be the last: as often as not it is.
    assert (lengths == 2).mean() == pytest.approx(0.5, abs=0.12)
    longer = orders[lengths > 2]
    assert (longer[:, 4] == 0).mean() == pytest.approx(0.5, abs=0.15)
