"""What every mind that follows a rule must do, over all of them."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates.contract import PublicMove, ScheduledMind, ScriptedMind, view_of
from delegates.negotiate import negotiate
from delegates.seats import SCRIPTED_MINDS, parse_seat, scripted_mind
from games.scenario import Scenario
from games.session import Accept, Offer, State, WalkAway, start, step
from games.utility import TIE
from tests.delegates.sessions import mini, view_at
from tests.support.domains import listed, random_scenario, scenarios

NAMES = sorted(SCRIPTED_MINDS)


def fresh(name: str) -> ScriptedMind:
    return scripted_mind(parse_seat(name))


def play(game: Scenario, names: list[str], seed: int, *, renew: bool) -> list[PublicMove]:
    """Return the moves of a session, by lasting minds or by one that is new at every turn."""
    minds = [fresh(name) for name in names]
    state, history = start(game, seed), list[PublicMove]()
    while state.is_open:
        mind = fresh(names[state.mover]) if renew else minds[state.mover]
        view = view_of(state, tuple(history), seed)
        move = mind.choose(view)
        assert_rational(state, move)
        history.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)
    assert len(history) <= len(start(game, seed).turns)
    return history


def assert_rational(state: State, move: object) -> None:
    """An outcome that a mind offers or accepts is worth its reservation value at least."""
    own = state.scenario.preferences[state.mover]
    outcome: Any = move.outcome if isinstance(move, Offer) else state.offer
    agrees = not isinstance(move, WalkAway)
    assert not agrees or own.utility(outcome) >= own.reservation - TIE
    assert not agrees or own.may_sign(outcome)
    assert agrees or own.highest < own.reservation


@pytest.mark.parametrize("name", NAMES)
@given(game=scenarios(parties=(2, 2)), seed=st.integers(0, 9))
def test_two_of_a_kind_play_legal_rational_moves_to_an_end(
    name: str, game: Scenario, seed: int
) -> None:
    moves = play(game, [name, name], seed, renew=False)
    assert moves == play(game, [name, name], seed, renew=True)


@given(
    game=scenarios(parties=(4, 4)),
    names=st.lists(st.sampled_from(NAMES), min_size=4, max_size=4),
    seed=st.integers(0, 9),
)
def test_four_of_any_kind_play_legal_rational_moves_to_an_end(
    game: Scenario, names: list[str], seed: int
) -> None:
    moves = play(game, names, seed, renew=False)
    assert moves == play(game, names, seed, renew=True)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=50)
@given(game=scenarios(parties=(2, 4)), seed=st.integers(0, 99), data=st.data())
def test_what_a_mind_remembers_never_matters(
    name: str, game: Scenario, seed: int, data: st.DataObject
) -> None:
    """One mind asked for any seat, in any order, in any history, answers as a new one does."""
    lasting, state, history = fresh(name), start(game, seed), list[PublicMove]()
    while state.is_open and len(history) < 12:
        told = data.draw(st.sampled_from(["the same list", "a copy", "an earlier one first"]))
        if told == "an earlier one first":
            lasting.choose(view_of(state, history[: len(history) // 2], seed))
        shown = history if told == "the same list" else list(history)
        move = lasting.choose(view_of(state, shown, seed))
        assert move == fresh(name).choose(view_of(state, tuple(history), seed))
        history.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("opens", ["fixed", "alternate", "lot"])
def test_the_same_seed_gives_the_same_moves_whoever_opens(name: str, opens: str) -> None:
    game = mini(opens=opens)
    first, second = (
        negotiate(game.model_copy(), {"USA": name, "COD": "linear"}, seed=3) for _ in range(2)
    )
    assert list(first.moves) == list(second.moves)
    assert list(first.movers) == list(second.movers)
    assert first.status == second.status


@pytest.mark.parametrize("name", NAMES)
def test_a_party_that_nothing_satisfies_walks_away(name: str) -> None:
    game = listed({"A": [1, 2], "B": [2, 1]}, reservations={"A": 5, "B": 0})
    assert fresh(name).choose(view_at(game)) == WalkAway()
    assert negotiate(game, {"A": name, "B": "linear"}).status == "walked-away"


@pytest.mark.parametrize("name", NAMES)
def test_the_best_offer_there_is_is_accepted(name: str) -> None:
    game = listed({"A": [10, 0], "B": [0, 10]})
    assert fresh(name).choose(view_at(game, [Offer(1)])) == Accept()


@pytest.mark.parametrize("name", NAMES)
def test_an_offer_below_the_reservation_value_is_never_accepted(name: str) -> None:
    game = listed({"A": [10, 6, 0], "B": [0, 4, 10]}, reservations={"B": 5}, protocol={"rounds": 1})
    assert isinstance(fresh(name).choose(view_at(game, [Offer(1)])), Offer)


@pytest.mark.parametrize("name", NAMES)
def test_a_red_line_is_never_crossed_however_good_the_offer(name: str) -> None:
    game = listed(
        {"A": [10, 6, 0], "B": [0, 4, 10]}, parties={"B": {"red_lines": [{"deal": "o2"}]}}
    )
    answer = fresh(name).choose(view_at(game, [Offer(2)]))
    assert isinstance(answer, Offer)
    assert answer.outcome != 2


@pytest.mark.parametrize("name", NAMES)
def test_against_itself_on_a_common_interest_it_agrees(name: str) -> None:
    game = listed({"A": [0, 5, 10], "B": [0, 5, 10]}, reservations={"A": 4, "B": 4})
    record = negotiate(game, {"A": name, "B": name})
    assert (record.status, record.state.agreement) == ("agreement", 2)


RETURNING = {
    "tit-for-tat",
    "micro",
    "random-walker",
    "agentk-2010-original",
    "hardheaded-2011-original",
}
"""Minds that go back to earlier offers: in answer to the counterpart's, or by lot."""


@pytest.mark.parametrize("name", sorted(set(NAMES) - RETURNING))
def test_it_never_asks_for_more_than_before(name: str) -> None:
    game = mini()
    asked = [
        game.preferences[0].utility(outcome)
        for _, party, offer in negotiate(game, {"USA": name, "COD": "firm(demand=1)"}).offers
        for outcome in [game.space.index(offer)]
        if party == "USA"
    ]
    assert len(asked) > 3
    assert all(later <= earlier + 3 for earlier, later in pairwise(asked))


@pytest.mark.parametrize("parties", [2, 5])
@pytest.mark.parametrize("seed", range(8))
def test_sessions_by_schedule_equal_those_played_turn_by_turn(parties: int, seed: int) -> None:
    game = random_scenario(seed, parties=parties, outcomes=(10, 300), rounds=(5, 30))
    names = [["boulware", "linear", "conceder"][(seed + k) % 3] for k in range(parties)]
    assert all(isinstance(fresh(name), ScheduledMind) for name in names)
    record = negotiate(game, dict(zip(game.ids, names, strict=True)), seed=seed)
    moves = play(game, names, seed, renew=False)
    assert [(seen.party, seen.move) for seen in moves] == list(
        zip(record.movers, record.moves, strict=True)
    )


@given(
    game=scenarios(),
    names=st.lists(st.sampled_from(["boulware", "conceder"]), min_size=4, max_size=4),
    seed=st.integers(0, 9),
)
def test_schedules_equal_turns_with_red_lines_ties_and_lots(
    game: Scenario, names: list[str], seed: int
) -> None:
    seats = dict(zip(game.ids, names, strict=False))
    quick = negotiate(game, seats, seed=seed)
    slow = negotiate(game, seats, seed=seed, watch=lambda _event, _folded: None)
    assert list(quick.moves) == list(slow.moves)
    assert list(quick.turns) == list(slow.turns)
    told, expected = quick.as_json(), slow.as_json()
    assert told | {"session": ""} == expected | {"session": ""}
