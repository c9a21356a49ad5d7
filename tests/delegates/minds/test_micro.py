"""MiCRO: one step down its own ladder for every new offer of the others."""

from dataclasses import replace

from delegates.minds.ladder import ladder_of
from delegates.minds.micro import Micro
from games.scenario import Scenario
from games.session import Accept, Move, Offer, WalkAway
from tests.delegates.sessions import view_at
from tests.support.domains import listed

# A's ladder is 4 3 2 1 (0 is below its reservation value), B's 0 1 2 3.
GAME = listed(
    {"A": [0, 5, 6, 8, 10], "B": [10, 8, 6, 5, 0]},
    {"A": 5, "B": 5},
    protocol={"rounds": 9, "opens": "fixed"},
)
THREE = listed(
    {"A": [0, 2, 4, 6, 8], "B": [8, 6, 4, 2, 0], "C": [0, 1, 9, 1, 0]},
    protocol={"rounds": 9, "opens": "fixed"},
)


def choice(game: Scenario, *moves: Move, seed: int = 0) -> Move:
    """Return what the party to move does after some moves."""
    return Micro().choose(view_at(game, moves, seed))


def test_the_ladder_holds_the_rational_outcomes_best_first():
    steps = ladder_of(GAME.preferences[0])
    assert [offer.outcome for offer in steps.offers] == [4, 3, 2, 1]
    assert steps.utilities == [10, 8, 6, 5]
    assert steps.places == {4: 0, 3: 1, 2: 2, 1: 3}


def test_equal_outcomes_stand_in_the_order_of_their_numbers():
    game = listed({"A": [7, 3, 7, 3], "B": [1, 2, 3, 4]})
    assert [offer.outcome for offer in ladder_of(game.preferences[0]).offers] == [0, 2, 1, 3]


def test_it_opens_with_its_best_outcome():
    assert choice(GAME) == Offer(4)


def test_a_new_offer_is_answered_with_the_next_step():
    assert choice(GAME, Offer(4), Offer(0)) == Offer(3)
    assert choice(GAME, Offer(4), Offer(0), Offer(3), Offer(1)) == Offer(2)


def test_a_repeated_offer_is_answered_with_one_of_its_own_drawn_by_lot():
    moves = [Offer(4), Offer(0), Offer(3), Offer(0)]
    answers = {choice(GAME, *moves, seed=seed) for seed in range(40)}
    assert answers == {Offer(4), Offer(3)}


def test_it_accepts_what_is_worth_as_much_as_what_it_would_offer_next():
    assert choice(GAME, Offer(4), Offer(3)) == Accept()
    assert choice(GAME, Offer(4), Offer(2)) == Offer(3)


def test_while_it_waits_it_accepts_no_less_than_its_last_step():
    waits = [Offer(4), Offer(0), Offer(3), Offer(0), Offer(4)]
    assert choice(GAME, *waits, Offer(0)) in {Offer(4), Offer(3)}
    assert choice(GAME, Offer(4), Offer(3), Offer(3), Offer(3)) == Accept()


def test_with_nothing_left_to_propose_it_accepts_whatever_reaches_its_reservation_value():
    game = listed({"A": [9, 8, 5, 4], "B": [0, 1, 2, 3]}, {"A": 5}, protocol={"opens": "fixed"})
    made = [Offer(0), Offer(3), Offer(1), Offer(1), Offer(2)]
    assert choice(game, *made, Offer(2)) == Accept()
    assert isinstance(choice(game, *made, Offer(3)), Offer)


def test_a_party_that_nothing_satisfies_leaves():
    game = listed({"A": [1, 2], "B": [2, 1]}, {"A": 3})
    assert choice(game) == WalkAway()


def test_among_three_the_offers_of_the_others_are_counted_together():
    first = [Offer(4), Offer(0), Accept(), Offer(3)]
    # A has made two different offers, B and C together one: A waits.
    assert choice(THREE, *first, Offer(0), Accept()) in {Offer(4), Offer(3)}
    # C has made another: A takes its third step.
    assert choice(THREE, *first, Offer(0), Offer(1)) == Offer(2)


def test_offers_that_another_mind_made_in_its_seat_are_never_repeated_below_its_reservation():
    answers = {choice(GAME, Offer(0), Offer(0), Offer(0), Offer(0), seed=k) for k in range(20)}
    assert answers == {Offer(4)}


def test_a_list_that_was_emptied_and_filled_anew_is_read_anew():
    lasting = Micro()
    view = view_at(GAME, [Offer(4), Offer(0)])
    history = list(view.history)
    again = replace(view, history=history)
    assert lasting.choose(again) == Offer(3)
    history[:] = [seen._replace(move=Offer(0)) for seen in history]
    assert lasting.choose(again) == Micro().choose(again)
