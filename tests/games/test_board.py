"""A board arrives where `step` does, whatever is moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.board import Board
from games.errors import IllegalMove
from games.scenario import Scenario
from games.session import Accept, Move, Offer, State, WalkAway, start, step
from tests.support.domains import listed, scenarios

moves = st.lists(
    st.one_of(
        st.integers(-1, 16).map(Offer), st.just(Accept()), st.just(Accept()), st.just(WalkAway())
    ),
    max_size=40,
)
rules = st.sampled_from(
    [
        "unanimity",
        {"quorum": 0.5},
        {"quorum": 0.7, "weights": {"P0": 2}},
        {"quorum": 0.4, "vetoes": ["P1"]},
    ]
)


def ruled(game: Scenario, agreement: object) -> Scenario:
    """Return a game whose agreements bind by another rule."""
    values = game.model_dump(by_alias=True)
    values["protocol"]["agreement"] = agreement
    return Scenario.model_validate(values)


def by_step(state: State, move: Move) -> tuple[State, str]:
    """Return the state after a move, or the same state and why the move is illegal."""
    try:
        return step(state, move)[0], ""
    except IllegalMove as error:
        return state, str(error)


def by_board(board: Board, move: Move) -> tuple[State, str]:
    """Make a move on a board; return its state then, and why the move is illegal if it is."""
    try:
        board.make(move)
    except IllegalMove as error:
        return board.state, str(error)
    return board.state, ""


@given(scenarios(parties=(2, 4)), rules, moves, st.integers(0, 9))
def test_every_move_leads_where_step_leads_and_is_refused_as_step_refuses_it(
    game: Scenario, agreement: object, made: list[Move], seed: int
) -> None:
    state = start(ruled(game, agreement), seed)
    board = Board(state)
    for move in made:
        state, refusal = by_step(state, move)
        assert by_board(board, move) == (state, refusal)
        assert (board.offer, board.offer_turn) == (state.offer, state.offer_turn)
        standing = {k for k in range(board.parties) if board.stands_by(k)}
        assert standing == state.accepted


@pytest.mark.parametrize(
    ("made", "status", "turn"),
    [
        ([Offer(0), Accept()], "agreement", 2),
        ([Offer(0), Offer(1), Offer(0), Accept()], "agreement", 4),
        ([Offer(0), Offer(1), Offer(0), Offer(1)], "no-agreement", 4),
        ([Offer(0), WalkAway()], "walked-away", 2),
    ],
)
def test_a_session_of_two_rounds_ends_as_its_last_move_says(made, status, turn):
    game = listed({"A": [2, 1], "B": [1, 2]}, protocol={"rounds": 2, "opens": "fixed"})
    board = Board(start(game))
    for move in made:
        board.make(move)
    assert (board.status, board.state.turn) == (status, turn)
