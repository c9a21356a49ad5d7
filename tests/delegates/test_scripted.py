"""Sessions of scripted minds are those that `step` and `view_of` would give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.contract import AnsweringMind, PublicMove, ScheduledMind, View
from delegates.scripted import play_scripted
from delegates.seating import scripted_mind
from delegates.seats import SCRIPTED_MINDS, parse_seat
from delegates.views import view_of
from games.scenario import Scenario
from games.session import Accept, Move, Offer, WalkAway, start, step
from games.tactics.schedules import are_taking_turns
from tests.support.domains import random_scenario, scenarios

NAMES = sorted(SCRIPTED_MINDS)


class Watching:
    """A mind that keeps what it was shown, and moves as another does."""

    def __init__(self, name: str, shown: list[View]) -> None:
        self.mind = scripted_mind(parse_seat(name))
        self.shown = shown

    def choose(self, view: View) -> Move:
        """Return the other mind's move."""
        self.shown.append(view)
        return self.mind.choose(view)


class Leaving:
    """A mind that offers what it likes best until a turn, and then leaves."""

    def __init__(self, turn: int) -> None:
        self.turn = turn

    def choose(self, view: View) -> Move:
        """Return its move."""
        if view.turn >= self.turn:
            return WalkAway()
        return Accept() if view.stands_by else Offer(int(view.own.ranking[0][-1]))


def by_step(game: Scenario, minds: list, seed: int) -> tuple[object, list[PublicMove], list[View]]:
    """Return the last state, the moves and the views of a session played by the rule itself."""
    state, made, shown = start(game, seed), list[PublicMove](), list[View]()
    while state.is_open:
        view = view_of(state, tuple(made), seed)
        shown.append(view)
        move = minds[state.mover].choose(view)
        made.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)
    return state, made, shown


def seen(view: View) -> tuple[object, ...]:
    """Return what a view shows, but for the history, which is one list that grows."""
    return tuple(getattr(view, name) for name in view.__slots__ if name != "history")


ANSWERING = [
    name
    for name in NAMES
    if isinstance(scripted_mind(parse_seat(name)), AnsweringMind | ScheduledMind)
]


@given(
    st.integers(0, 10**6),
    st.integers(2, 60),
    st.integers(1, 40),
    st.lists(st.sampled_from(ANSWERING), min_size=2, max_size=2),
)
def test_minds_that_answer_unseen_move_as_they_choose(domain, outcomes, rounds, names):
    game = random_scenario(
        domain, parties=2, outcomes=(outcomes, 2 * outcomes), rounds=(rounds,) * 2
    )
    assert are_taking_turns(game)
    minds, fresh = ([scripted_mind(parse_seat(name)) for name in names] for _ in range(2))

    played = play_scripted(game, minds, domain)

    state, made, _ = by_step(game, fresh, domain)
    assert played.state == state
    assert list(played.moves) == [move.move for move in made]


def test_some_minds_go_by_their_counterparts_offers_alone():
    kinds = {name: scripted_mind(parse_seat(name)) for name in ANSWERING}
    assert {name for name, mind in kinds.items() if isinstance(mind, AnsweringMind)} == {
        "micro",
        "naive-tit-for-tat",
    }


@given(scenarios(), st.lists(st.sampled_from(NAMES), min_size=4, max_size=4), st.integers(0, 99))
def test_minds_that_are_shown_only_what_they_look_at_arrive_there_as_well(game, names, seed):
    minds, fresh = ([scripted_mind(parse_seat(name)) for name in names] for _ in range(2))

    played = play_scripted(game, minds[: len(game.ids)], seed)

    state, made, _ = by_step(game, fresh, seed)
    assert played.state == state
    assert list(played.moves) == [move.move for move in made]
    assert list(played.turns) == [move.turn for move in made]


@given(scenarios(), st.lists(st.sampled_from(NAMES), min_size=4, max_size=4), st.integers(0, 99))
def test_minds_are_shown_what_view_of_shows_and_arrive_where_step_arrives(game, names, seed):
    fresh = [scripted_mind(parse_seat(name)) for name in names]
    shown: list[View] = []

    played = play_scripted(game, [Watching(name, shown) for name in names[: len(game.ids)]], seed)

    state, made, views = by_step(game, fresh, seed)
    assert played.state == state
    assert list(played.moves) == [move.move for move in made]
    assert list(played.turns) == [move.turn for move in made]
    assert [seen(view) for view in shown] == [seen(view) for view in views]


@pytest.mark.parametrize("agreement", ["unanimity", {"quorum": 0.5}, {"quorum": 0.6}])
@given(game=scenarios(parties=(3, 4)), turns=st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_minds_that_leave_are_followed_by_the_turns_that_step_gives(agreement, game, turns):
    values = game.model_dump(by_alias=True)
    values["protocol"]["agreement"] = agreement
    game = Scenario.model_validate(values)
    minds = [Leaving(turn) for turn in turns[: len(game.ids)]]

    played = play_scripted(game, minds, 0)

    state, made, _ = by_step(game, minds, 0)
    assert played.state == state
    assert list(played.moves) == [move.move for move in made]
    assert list(played.turns) == [move.turn for move in made]
