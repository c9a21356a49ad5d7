"""What was left at the close, by hand and as the referee says."""

import pytest

from games.referee import referee
from games.review.close import read_close
from games.session import Offer
from tests.games.review.sessions import ACCEPT, WALK, before, halves, offers, trade
from tests.support.domains import listed


def closed(game, moves, seat=0):
    """Return the reading of the close after some moves."""
    state, made = before(game, moves)
    return read_close(state, made, seat)


def test_what_is_left_is_what_one_could_have_at_nobodys_cost():
    # Agreed on (40, 40): A could have 60 with B at 45, B 70 with A at 50; r = 20 and 10.
    game = listed(
        {"A": [40, 60, 50, 100, 0], "B": [40, 45, 70, 0, 100]},
        {"A": 20, "B": 10},
        protocol={"rounds": 1},
    )

    found = closed(game, [Offer(0), ACCEPT])

    assert (found.status, found.agreement) == ("agreement", 0)
    assert [left.points for left in found.left] == [20, 30]
    # m in the ZOPA: 60 and 70.
    assert [left.share for left in found.left] == [20 / 40, 30 / 60]
    assert found.gains == {"A": 0.5, "B": 0.5}
    # Nearest on the frontier in normalised gains: (1, 7/12) and (3/4, 1).
    assert found.distance_to_frontier == pytest.approx((0.5**2 + (1 / 12) ** 2) ** 0.5)
    # Nash products: 40·35 < 30·60.
    assert found.distance_to_nash == pytest.approx((0.25**2 + 0.5**2) ** 0.5)


@pytest.mark.parametrize("moves", [offers(2, 0), [Offer(2), WALK], []])
def test_without_agreement_all_that_the_others_need_not_have_is_left(moves):
    found = closed(halves(), moves)

    assert found.agreement is None
    assert found.utilities == found.payoffs == found.gains == {"A": 0, "B": 0}
    assert [(left.points, left.share) for left in found.left] == [(100, 1), (100, 1)]
    assert found.distance_to_nash == pytest.approx(0.5**0.5)


def test_an_unfinished_session_is_open():
    assert closed(halves(rounds=3), offers(2)).status == "open"


def test_with_an_empty_zopa_nothing_was_left():
    game = listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5}, protocol={"rounds": 1})

    found = closed(game, offers(1, 0))

    assert [(left.points, left.share) for left in found.left] == [(0, None), (0, None)]
    assert found.distance_to_nash is None


def test_a_red_line_is_left_to_nobody():
    game = listed(
        {"A": [10, 20, 30], "B": [10, 20, 30]},
        parties={"B": {"red_lines": [{"deal": "o2"}]}},
        protocol={"rounds": 1},
    )

    assert [left.points for left in closed(game, [Offer(0), ACCEPT]).left] == [10, 10]


@pytest.mark.parametrize("outcome", [0, 7, 20, 36, 47])
@pytest.mark.parametrize("parties", [2, 3])
def test_distances_are_the_referees(outcome, parties):
    game = trade(parties=parties, rounds=2)

    found = closed(game, [Offer(outcome), *[ACCEPT] * (parties - 1)])

    findings = referee(game, outcome)
    assert found.distance_to_frontier == findings.distance_to_frontier
    assert found.distance_to_nash == findings.distance_to_nash
    assert list(found.gains.values()) == pytest.approx([s.gain for s in findings.standings])


def test_payoffs_count_the_time_and_utilities_do_not():
    found = closed(halves(rounds=2, breakdown=0.5), [*offers(2, 0, 1), ACCEPT])

    assert found.utilities == {"A": 50, "B": 50}
    assert found.payoffs == {"A": 25, "B": 25}


def test_beliefs_rest_on_the_counterparts_offers_alone():
    found = closed(trade(parties=3), offers(36, 40, 11, 36, 41), seat=0)

    assert [(one.party, one.offers) for one in found.beliefs] == [("B", 2), ("C", 1)]
    assert found.beliefs[0].issues == ("gold", "time", "law")
    # B left gold and time as they were and changed law: 2 : 2 : 1; its true ranges are 17, 11, 71.
    assert found.beliefs[0].believed == pytest.approx((0.4, 0.4, 0.2))
    assert found.beliefs[0].true == pytest.approx((17 / 99, 11 / 99, 71 / 99))
    assert found.beliefs[0].weight_error == pytest.approx(71 / 99 - 0.2)
