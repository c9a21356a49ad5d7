"""What came about in a hall is worked out from its moves alone."""

import json
from typing import Any

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from games.moves import Adjourn, Ballot, Merge, Move, Offer, Pass, Pledge, PutToVote, Sign, Vote
from games.protocols.hall import HallState
from games.scenario import Scenario
from games.session import start, step
from tests.delegates.sessions import mini
from tests.games.protocols.halls import hall_scenarios
from tests.tui.halls import crowd, hall, held, legal_move
from transcripts.proceedings import proceedings


def after(of: Scenario, moves: list[Move]) -> HallState:
    """Return the state that moves lead to."""
    state = start(of, 1)
    for move in moves:
        state, _ = step(state, move)
    assert isinstance(state, HallState)
    return state


def of_text(of: Scenario, **terms: Any) -> int:
    return of.space.index(terms)


def a_vote(of: Scenario, ballots: tuple[Ballot, ...]) -> list[Move]:
    """Return a session in which all ask for one text and then vote on it."""
    text = of_text(of, floor=85, fund=100, form="declaration")
    asks: list[Move] = [Offer(text)] * 4
    votes = [Vote(one) for one in ballots]
    return [*asks, Merge(text), PutToVote(), *votes]


def test_a_vote_that_fails_is_counted_with_those_who_blocked_it() -> None:
    of = hall()
    moves = a_vote(of, ("no", "yes", "yes", "abstain"))
    told: Any = proceedings(after(of, moves), moves).as_json()

    assert told["count"] == {
        "yes": ["BEA", "CYR"],
        "no": ["ANN"],
        "abstained": ["DOR"],
        "weight": 2.0,
        "needed": 2.4,
        "blocked_by": ["ANN"],
        "short_of": 1,
        "adopted": False,
    }
    assert told["adopted_by"] is None
    assert told["signatures"] is None
    assert told["in_force"] is False


def test_a_text_that_is_adopted_by_vote_is_in_force_by_the_weight_that_binds() -> None:
    of = hall()
    moves = a_vote(of, ("yes", "yes", "yes", "no"))
    moves += [Sign("binding"), Sign("declaratory"), Sign("binding"), Sign("out")]
    state = after(of, moves)
    while state.is_open:
        move: Move = next(one for one in _closing(state))
        moves.append(move)
        state = after(of, moves)
    told: Any = proceedings(state, moves).as_json()

    assert told["adopted_by"] == "vote"
    assert told["signatures"] == {
        "ANN": "binding",
        "BEA": "declaratory",
        "CYR": "binding",
        "DOR": "out",
    }
    assert (told["bound_weight"], told["needed_weight"], told["in_force"]) == (0.5, 0.5, True)
    assert told["pledges"] == {"ANN": True, "BEA": True}


def _closing(state: HallState) -> list[Move]:
    assert state.stage == "pledge"
    return [Pledge(pays=True)]


def test_a_room_is_told_with_what_it_agreed_on_its_own_issues() -> None:
    told: Any = held(hall()).as_json()["hall"]
    agreed = [room for room in told["rooms"] if room["agreed"]]

    assert agreed
    assert all(room["agreed"].keys() == set(room["issues"]) for room in agreed)
    assert all(1 <= room["moves"] <= 2 * len(room["members"]) for room in agreed)


def test_promises_of_a_caucus_name_the_room_and_what_became_of_them() -> None:
    told: Any = held(hall("forum")).as_json()["hall"]
    made = [vow for vow in told["vows"] if vow["room"] is not None]

    assert made
    assert {vow["kind"] for vow in made} == {"promise"}
    assert all((vow["kept"] is None) == (not vow["due"]) for vow in told["vows"])


def test_a_forum_is_signed_without_a_vote() -> None:
    told: Any = held(crowd(9)).as_json()["hall"]

    assert told["kind"] == "forum"
    assert told["count"] is None
    assert told["adopted_by"] == "signature"
    assert len(told["signatures"]) == 9


def test_talks_at_a_table_have_no_hall() -> None:
    assert held(mini()).as_json()["hall"] is None


def test_an_unfinished_hall_says_nothing_of_its_end() -> None:
    of = hall()
    moves: list[Move] = [Pass(), Pass(), Pass(), Pass(), Adjourn(), Pass()]
    told: Any = proceedings(after(of, moves), moves).as_json()

    assert (told["adopted_by"], told["signatures"], told["in_force"]) == (None, None, False)
    assert json.loads(json.dumps(told)) == told


@hypothesis_settings(max_examples=40, deadline=None)
@given(of=hall_scenarios(), seed=st.integers(0, 9), lots=st.randoms(use_true_random=False))
def test_whatever_is_done_in_a_hall_can_be_told(of: Scenario, seed: int, lots: Any) -> None:
    state, moves = start(of, seed), list[Move]()
    assert isinstance(state, HallState)
    for _ in range(60):
        if not state.is_open:
            break
        move = legal_move(state, lots)
        moves.append(move)
        state, _ = step(state, move)
        assert isinstance(state, HallState)
    found = proceedings(state, moves)

    assert json.loads(json.dumps(found.as_json(), allow_nan=False)) == found.as_json()
    assert (found.adopted_by is None) >= (state.agreement is None)
    assert sum(met.moves for met in found.rooms) <= len(moves)
