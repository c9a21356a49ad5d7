"""The adviser: it sees what its seat may see, weighs the moves, and says so in plain words."""

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates.contract import View
from delegates.minds.firm import Firm
from delegates.persons.adviser import (
    IN_A_HALL,
    Advice,
    acts_as_known,
    advise,
    bidding,
    hall_words,
    scenario_as_known,
    state_as_known,
    told_apart,
)
from delegates.views import view_of
from games import load_scenario
from games.errors import IllegalMove
from games.moves import CallCaucus, CallInformal, Pass
from games.protocols.by_rule import act_by_rule
from games.protocols.hall import HallState
from games.review.advice import Counsel, Weighed
from games.scenario import Scenario
from games.session import Accept, Move, Offer, State, WalkAway, start, step
from tests.delegates.halls import any_move, hall_of, moments
from tests.delegates.sessions import mini, offer_of, played, tiny, view_at
from tests.delegates.test_separation import GAME as PLANTED
from tests.delegates.test_separation import figures_told, leaks, parts
from tests.games.eventful import eventful
from tests.games.review.sessions import trade
from tests.support.domains import listed, random_scenario

GAME = mini()
BEST = offer_of(GAME, volume=4, price=10, rail="no rail")
THEIRS = offer_of(GAME, volume=1, price=40, rail="rail")
FAIR = offer_of(GAME, volume=3, price=20, rail="rail")


def legal(state: State, advice: Advice) -> bool:
    step(state, advice.move)  # raises where it is not
    return True


def by_lot(game: Scenario, chance: Random, most: int = 12) -> Iterator[tuple[State, View]]:
    """Yield a session's states and views, moves by lot."""
    seed = chance.randrange(1000)
    state, moves = start(game, seed), list[Move]()
    while state.is_open and len(moves) < most:
        _, history = played(game, moves, seed)
        view = view_of(state, history, seed)
        yield state, view
        order, _ = view.own.ranking
        made: Move = Offer(int(chance.choice(order.tolist()))) if len(order) else WalkAway()
        if view.is_held:
            made = Pass()
        elif state.offer is not None and state.may_sign(state.mover, state.offer):
            made = Accept() if chance.random() < 0.3 else made
        if chance.random() < 0.05:
            made = WalkAway()
        moves.append(made)
        state, _ = step(state, made)


# --- what it knows


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from(["fixed", "alternate", "lot"]), st.integers(2, 4))
def test_what_it_takes_the_session_to_be_is_where_the_session_stands(
    seed: int, opens: str, parties: int
) -> None:
    game = random_scenario(seed, parties=parties, outcomes=(4, 30), rounds=(2, 5))
    rules = game.protocol.model_copy(update={"opens": opens})
    game = game.model_copy(update={"protocol": rules})
    for state, view in by_lot(game, Random(seed)):
        known = state_as_known(view)
        assert (known.turn, known.mover, known.turns) == (state.turn, state.mover, state.turns)
        assert (known.offer, known.offer_turn) == (state.offer, state.offer_turn)
        assert (known.accepted, known.left) == (state.accepted, state.left)
        assert [(act.turn, act.mover) for act in acts_as_known(view)] == [
            (seen.turn, game.ids.index(seen.party)) for seen in view.history
        ]


def test_it_knows_no_end_that_is_drawn_by_lot() -> None:
    plain: Any = json.loads(mini(rounds=6).canonical())
    plain["protocol"]["deadline"] = {"from": 2, "close": 0.9}
    game = Scenario.model_validate(plain)
    ends = {len(start(game, seed).turns) for seed in range(20)}
    assert len(ends) > 1
    assert {len(state_as_known(view_at(game, (), seed)).turns) for seed in range(20)} == {12}


def test_of_the_others_it_has_nothing_private() -> None:
    for moves in ([], [Offer(0), Offer(1)]):
        view = view_at(PLANTED, moves)
        known = scenario_as_known(view)
        reached = list(parts(known, set()))
        assert [part for part in reached if isinstance(part, str) and "CANARY" in part] == []
        assert known.preferences[0].utilities is not None
        assert set(known.preferences[1].utilities.tolist()) == {0.0}
        assert known.parties["USA"] is view.private
        assert known.parties["COD"].reservation == 0


def changed(game: Scenario, private: Callable[[str, dict[str, Any]], None]) -> Scenario:
    """Return a scenario with the private papers of all but the first party changed."""
    plain: Any = json.loads(game.canonical())
    for party in list(plain["parties"])[1:]:
        private(party, plain["parties"][party])
    return Scenario.model_validate(plain)


def turned_over(_: str, party: dict[str, Any]) -> None:
    """Have a party want the reverse of what it wants, on another scale, from another least."""
    party["points"] = {
        issue: {option: 250 - 3 * points for option, points in options.items()}
        for issue, options in party["points"].items()
    }
    party |= {"reservation": 77.0, "discount": 0.5, "brief": "Other orders.", "links": []}
    party["alternatives"] = []


@pytest.mark.parametrize("parties", [2, 3])
def test_advice_does_not_change_with_the_private_papers_of_others(parties: int) -> None:
    game = trade(parties=parties, rounds=4)
    other = changed(game, turned_over)
    assert other.preferences[1].reservation == 77
    chance, compared = Random(parties), 0
    orders = [own.ranking[0] for own in game.preferences]
    for turns in range(0, 2 * parties + 1, parties):
        moves = [Offer(int(chance.choice(orders[n % parties].tolist()))) for n in range(turns)]
        one, two = view_at(game, moves), view_at(other, moves)
        assert one.party == "A"
        assert advise(one) == advise(two)
        compared += 1
    assert compared == 3


def test_advice_in_a_hall_does_not_change_with_the_private_papers_of_others() -> None:
    game = hall_of()
    other = changed(game, turned_over)
    stages: Counter[str] = Counter()
    for seed in range(16):
        chance = Random(seed)
        state, twin = start(game, seed), start(other, seed)
        while state.is_open and state.party == twin.party:
            assert isinstance(state, HallState)
            view = view_of(state, [], 0)
            if state.party == "USA":
                assert advise(view_of(twin, [], 0)) == advise(view)
                stages[state.stage] += 1
            move = any_move(view, state, chance) or act_by_rule(state, lambda v=view: firm(v))
            state, _ = step(state, move)
            try:
                twin, _ = step(twin, move)
            except IllegalMove:
                break
    assert set(stages) >= {"floor", "room", "chair", "vote"}


def firm(view: View) -> Move:
    return Firm().choose(view)


def test_no_word_of_advice_holds_a_secret() -> None:
    for moves in ([], [BEST, THEIRS], [BEST, THEIRS, FAIR, FAIR]):
        view = view_at(PLANTED, [Offer(move.outcome) for move in moves])
        assert view.party == "USA"
        words = advise(view).words
        assert leaks(words) == []
        assert figures_told(words) == set()


def test_advice_is_a_function_of_the_view() -> None:
    view = view_at(GAME, [BEST, THEIRS])
    assert advise(view) == advise(view)
    assert advise(dataclasses.replace(view, seed=5)).words != ""


# --- what it says


def test_in_the_last_turn_it_has_a_good_offer_accepted() -> None:
    game = mini(rounds=1)
    advice = advise(view_at(game, [FAIR]))
    assert view_at(game, [FAIR]).party == "COD"
    assert advice.move == Accept()
    assert advice.words.startswith("Accept what is on the table, worth 67.0 points to you. ")
    assert "37.0 points over no agreement on average (standard error 0.0)" in advice.words
    assert "comes to 37.0 points less (± 0.0)" in advice.words


def test_it_says_what_to_do_why_and_how_sure_that_is() -> None:
    words = advise(view_at(GAME, [BEST, THEIRS, BEST, THEIRS])).words
    first, second, *rest = words.split(". ")
    assert first.startswith("Offer your last terms")
    assert first.endswith("points to you")
    assert "counterparts that fit what you can know" in second or "Over 128" in words
    assert "standard error" in words
    assert "is agreed at once in" in words
    assert "DR Congo" in words
    assert rest


def test_it_says_that_nothing_is_known_before_anybody_has_moved() -> None:
    words = advise(view_at(GAME)).words
    assert words.startswith("Offer volume 4 t, price 10 USD, rail no rail, worth 100.0 points")
    assert words.endswith("No counterpart has moved yet, so nothing is known of what they want.")


def test_it_says_on_what_a_counterpart_has_not_moved() -> None:
    game = load_scenario("cobalt-offtake")
    order, _ = game.preferences[1].ranking
    first, second = int(order[-1]), int(order[-2])
    mine = Offer(int(game.preferences[0].ranking[0][-1]))
    words = advise(view_at(game, [mine, Offer(first), mine, Offer(second)])).words
    assert "DR Congo" in words
    assert "in 2 offers it has not moved on" in words or "seems to want" in words


def test_it_walks_away_where_nothing_can_be_gained() -> None:
    game = listed({"A": [10, 20], "B": [0, 0]}, {"A": 30})
    advice = advise(view_at(game))
    assert advice.move == WalkAway()
    assert "30.0 points you have without an agreement" in advice.words


def test_a_seat_that_is_held_is_told_to_pass() -> None:
    game = eventful()
    mine = Offer(int(game.preferences[0].ranking[0][-1]))
    state, history = played(game, [mine, THEIR_OFFER, THEIR_OFFER])
    view = view_of(state, history, 0)
    assert (view.party, view.is_held) == ("A", True)
    assert advise(view).move == Pass()


THEIR_OFFER = Offer(eventful().space.index({"tonnes": "2000", "floor": "middle"}))


def test_it_says_what_might_be_asked_of_the_capital() -> None:
    game = eventful()
    moves: list[Move] = [
        Offer(game.space.index({"tonnes": "3000", "floor": "low"})),
        Offer(game.space.index({"tonnes": "1000", "floor": "low"})),
        Offer(game.space.index({"tonnes": "1000", "floor": "low"})),
        Pass(),
    ]
    state, history = played(game, moves)
    advice = advise(view_of(state, history, 0))
    assert "You could also ask your capital for tonnes 1,000" in advice.words


def test_in_a_hall_it_says_that_it_reckons_with_own_points_and_votes_alone() -> None:
    told: Counter[str] = Counter()
    for seed in range(8):
        for moment in moments(hall_of(), Random(seed), 0.3):
            advice = advise(moment.view)
            assert legal(moment.state, advice)
            assert advice.words.endswith(IN_A_HALL)
            assert "bargain" in advice.words
            told[moment.state.stage] += 1
    assert set(told) >= {"floor", "room", "chair", "vote"}


def test_it_follows_most_manners_of_bargaining_and_says_what_the_others_would_do() -> None:
    told = [
        advise(moment.view).words
        for seed in range(12)
        for moment in moments(hall_of(), Random(seed), 0.3)
    ]
    split = [words for words in told if " of 4 manners of bargaining come to this; " in words]
    alike = [words for words in told if "Whether you bargain hard or softly" in words]
    assert split
    assert len(split) + len(alike) == len(told)
    assert all(words.count(" you would ") in (1, 2, 3) for words in split)
    assert not any(" rule" in words for words in told)


def test_nobody_is_told_to_ask_itself() -> None:
    game = hall_of()
    state = start(game, 0)
    own = state.party
    seat = view_of(state, [], 0)
    for move in (
        CallCaucus((own, *(one for one in game.ids if one != own)), tuple(game.issues)),
        CallInformal(next(iter(game.issues)), game.ids),
    ):
        words = hall_words(seat, move)
        assert game.parties[own].name not in words
        assert words.startswith("ask ")


@pytest.mark.parametrize("better", [60.0, 100.0])
@pytest.mark.parametrize("worse", [70.0, 90.0, 80.0])
def test_no_worth_is_said_to_be_as_good_and_to_be_the_next_best(
    better: float, worse: float
) -> None:
    # Outcome k is worth 10k: 60 to 100 are as good as the best, but for another one of that worth.
    game = listed({"A": [*range(0, 101, 10), 70, 80, 90], "B": [1] * 14})
    view = view_at(game)
    places = {70.0: 11, 80.0: 12, 90.0: 13}

    def weighed(outcome: int) -> Weighed:
        return Weighed(move=Offer(outcome), expected_gain=1.0, standard_error=0.1, chance=0.2)

    found = Counsel(
        best=weighed(int(better / 10)),
        as_good=tuple(weighed(k) for k in range(6, 11) if 10 * k != better),
        next_best=weighed(places[worse]),
        lead=1.3,
        lead_error=0.5,
        wants={},
        seen={},
        counterparts=128,
    )
    told = [
        view.own.utility(one.move.outcome)
        for one in told_apart(view, found)
        if isinstance(one.move, Offer)
    ]
    # Those on the side of the one advised; none where they all lie on the other.
    dearer = better > worse
    others = [10.0 * k for k in range(6, 11) if 10 * k not in (better, worse)]
    assert told == [one for one in others if (one > worse) == dearer]


def test_an_opening_that_nobody_takes_at_once_is_explained() -> None:
    words = advise(view_at(load_scenario("first-table"))).words
    assert (
        "is agreed at once in 0 % of the cases: it is an opening, which leaves you room to give "
        "way in the rounds to come. " in words
    )


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ("stays out", "stay out"),
        ("passes", "pass"),
        ("is ready for a side deal: port", "say that you are ready for a side deal: port"),
        ("makes good on its word", "make good on your word"),
        ("pays nothing into the fund", "pay nothing into the fund"),
        ("closes the round", "close the round"),
    ],
)
def test_what_is_said_of_a_party_is_said_to_it(phrase: str, told: str) -> None:
    assert bidding(phrase) == told


# --- always legal


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_what_it_advises_is_legal(seed: int) -> None:
    game = random_scenario(seed, parties=2 + seed % 2, outcomes=(4, 40), rounds=(2, 4))
    for state, view in by_lot(game, Random(seed), most=6):
        assert legal(state, advise(view))


@pytest.mark.parametrize("seed", range(6))
def test_what_it_advises_is_legal_whatever_happens_between_moves(seed: int) -> None:
    for state, view in by_lot(eventful(), Random(seed), most=10):
        assert legal(state, advise(view))


@pytest.mark.parametrize("game", [tiny(), tiny(rounds=1), mini(rounds=2)], ids=["2", "1", "mini"])
def test_small_games_are_advised_on_to_their_end(game: Scenario) -> None:
    state, moves = start(game), list[Move]()
    while state.is_open:
        advice = advise(view_of(state, _heard(game, moves), 0))
        moves.append(advice.move)
        state, _ = step(state, advice.move)
    assert moves


def _heard(game: Scenario, moves: Sequence[Move]):
    return played(game, moves)[1]


def test_where_more_vows_were_made_than_there_are_parties_it_can_still_be_asked() -> None:
    due = [
        moment.view
        for moment in moments(hall_of("plenary", rounds=3), Random(4))
        if moment.state.stage == "due" and max(moment.state.queue) >= len(moment.state.scenario.ids)
    ]
    assert due
    for view in due:
        assert advise(view).words
