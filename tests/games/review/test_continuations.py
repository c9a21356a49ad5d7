"""How sessions would have gone on: nearest curves, replies, and what would have been accepted."""

import numpy as np
import pytest

from games.review.continuations import (
    CLOSING_DEMANDS,
    EXPONENTS,
    continued,
    nearest_curve,
    replies_of,
    stance_reply,
    would_accept,
)
from games.review.positions import Act
from games.session import Accept, Offer, WalkAway, payoffs, start
from games.tactics.aspirations import STANCES, Stance, stance_aspirations
from tests.games.review.sessions import (
    ACCEPT,
    FIRM,
    HARD,
    SOFT,
    WALK,
    before,
    halves,
    offers,
    trade,
)
from tests.support.domains import listed

ROUNDS = 8


def conceding(curve, reservation=20.0, spread=60.0):
    """Return a game, and the moves of B when it offers what its curve asks for, to the point."""
    asked = reservation + spread * stance_aspirations(curve, 0, 1, ROUNDS)
    worth = [*asked.tolist(), reservation + spread, 0.0]
    game = listed(
        {"A": [0.0] * len(worth), "B": worth},
        {"B": reservation},
        protocol={"rounds": ROUNDS, "opens": "fixed"},
    )
    return game, [Act(2 * number + 1, 1, Offer(number)) for number in range(ROUNDS)]


@pytest.mark.parametrize("name", STANCES)
def test_a_stance_is_recognised_by_its_offers(name):
    game, made = conceding(STANCES[name])

    curve = nearest_curve(game, 1, made)

    assert (curve.party, curve.stance, curve.offers) == ("B", STANCES[name], ROUNDS)
    assert curve.residual == pytest.approx(0, abs=1e-6)


def test_another_curve_is_found_on_the_grid():
    wanted = Stance(EXPONENTS[15], CLOSING_DEMANDS[30])
    game, made = conceding(wanted)

    assert nearest_curve(game, 1, made).stance == wanted


def test_the_residual_is_in_the_points_of_the_party():
    # Asked 80, 20, 80, 20 …: nearest are curves through the middle, 30 points away each time.
    game, made = conceding(STANCES["hard"])
    zigzag = [Act(act.turn, 1, Offer(8 if number % 2 else 0)) for number, act in enumerate(made)]
    game = listed(
        {"A": [0.0] * 10, "B": [80.0] + [50.0] * 7 + [20.0, 0]},
        {"B": 20},
        protocol={"rounds": ROUNDS, "opens": "fixed"},
    )

    residual = nearest_curve(game, 1, zigzag).residual

    asked = np.array([1.0, 0] * 4)
    grid = [
        Stance(e, demand)
        for e in [*EXPONENTS, *(one.exponent for one in STANCES.values())]
        for demand in [*CLOSING_DEMANDS, *(one.closing_demand for one in STANCES.values())]
    ]
    least = min(((stance_aspirations(one, 0, 1, ROUNDS) - asked) ** 2).mean() for one in grid)
    assert residual == pytest.approx(60 * least**0.5, rel=1e-2)


def test_without_offers_the_balanced_curve_is_taken():
    curve = nearest_curve(halves(), 1, [Act(0, 0, Offer(1)), Act(1, 1, Accept())])

    assert (curve.stance, curve.offers, curve.residual) == (STANCES["balanced"], 0, None)


def test_a_party_that_nothing_satisfies_has_no_curve_and_walks_away():
    game = listed({"A": [0, 1], "B": [1, 0]}, {"B": 1.5})
    state, history = before(game, [Offer(0)])

    assert nearest_curve(game, 1, [Act(1, 1, Offer(0))]).residual is None
    assert stance_reply(STANCES["soft"])(state, history) == WalkAway()


def test_a_stance_replies_as_the_firm_mind_does():
    # Firm's closing demand is 30 of 100: the outcome nearest above is a half.
    state, history = before(halves(), offers(1))
    refused, refused_history = before(halves(), offers(2))

    assert FIRM(state, history) == Accept()
    assert FIRM(refused, refused_history) == Offer(1)


def test_a_session_goes_on_by_the_replies():
    game = halves(rounds=2)

    # B asks for all and is refused; in the last round firm A offers a half, which hard B refuses.
    hard = continued(start(game), [], Offer(2), [FIRM, HARD])
    soft = continued(start(game), [], Offer(2), [FIRM, SOFT])

    assert hard.status == "no-agreement"
    assert (soft.status, soft.agreement) == ("agreement", 1)
    assert payoffs(continued(start(game), [], WALK, [FIRM, HARD])) == {"A": 0, "B": 0}


def test_a_reply_hears_all_moves_before_it():
    heard = []

    def listening(state, history):
        heard.append([act.turn for act in history])
        return ACCEPT

    state, history = before(halves(rounds=3), offers(2, 0))
    continued(state, history, Offer(1), [FIRM, listening])

    assert heard == [[0, 1, 2]]


@pytest.mark.parametrize(("mind", "accepts"), [(SOFT, True), (FIRM, True), (HARD, False)])
def test_an_offer_is_accepted_if_it_reaches_the_closing_demand(mind, accepts):
    state, history = before(halves(), [])

    assert would_accept(state, history, 1, [FIRM, mind]) is accepts


def test_nobody_is_left_to_accept_the_last_offer():
    state, history = before(halves(), offers(2))

    assert not would_accept(state, history, 0, [SOFT, SOFT])


def test_with_three_all_must_accept_before_the_offer_is_replaced():
    shares = {"A": [0, 50, 100], "B": [100, 50, 0], "C": [100, 40, 0]}
    game = listed(shares, protocol={"rounds": 1, "opens": "fixed"})
    state, history = before(game, [])

    assert would_accept(state, history, 1, [FIRM, FIRM, SOFT])
    assert not would_accept(state, history, 1, [FIRM, SOFT, HARD])
    assert not would_accept(state, history, 1, [FIRM, HARD, SOFT])


def test_minds_are_taken_where_there_are_any_and_curves_elsewhere():
    game = trade(parties=3)

    replies, curves = replies_of(game, [], 0, {"B": HARD})

    assert replies[1] is HARD
    assert [curve.party for curve in curves] == ["C"]
