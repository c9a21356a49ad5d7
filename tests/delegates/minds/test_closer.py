"""Closer: what is sure now against what may come."""

import pytest

from delegates.minds.closer import Closer
from games.scenario import Scenario
from games.session import Accept, Offer, start
from games.tactics.aspirations import closing_shares
from tests.delegates.minds.pie import answer, pie
from tests.support.domains import listed

CALM = Closer(aversion=0.0, risk=0.0)


def least_accepted(mind: Closer, game: Scenario, round_: int, seed: int = 0) -> int:
    """Return the least share of the pie that the mind accepts in a round."""
    before = [*[Offer(10), Offer(0)] * (round_ - 1), Offer(10)]
    return next(
        k for k in range(11) if answer(mind, game, *before, Offer(k), seed=seed) == Accept()
    )


def test_whom_no_risk_matters_to_accepts_by_mosers_rule() -> None:
    # c = 0, .5, .625, .695 from the last round back.
    assert [least_accepted(CALM, pie(rounds=5), k) for k in (4, 3, 2, 1)] == [0, 5, 7, 7]


def test_who_minds_risk_accepts_less_and_sooner() -> None:
    # c = 0, .444, .586, .665; and with α = .1: 0, .386, .544, .635.
    averse = Closer(aversion=0.5, risk=0.0)
    assert [least_accepted(averse, pie(rounds=5), k) for k in (4, 3, 2, 1)] == [0, 5, 6, 7]
    more = Closer(aversion=0.9, risk=0.0)
    assert [least_accepted(more, pie(rounds=5), k) for k in (4, 3, 2, 1)] == [0, 4, 6, 7]


@pytest.mark.parametrize(
    ("game", "what"),
    [
        (pie(rounds=9, breakdown=0.3), "talks may break down"),
        (pie(rounds=9, deadline={"from": 2, "close": 0.3}), "the end is uncertain"),
        (
            listed(
                {"A": list(range(11)), "B": list(range(10, -1, -1))},
                parties={"A": {"discount": 0.7}},
                protocol={"rounds": 9, "opens": "fixed"},
            ),
            "a later gain is worth less",
        ),
    ],
)
def test_it_closes_for_less_where(game: Scenario, what: str) -> None:
    assert least_accepted(CALM, game, 2) < least_accepted(CALM, pie(rounds=9), 2), what


def test_the_risk_it_sees_adds_to_that_of_the_rules() -> None:
    nervous = Closer(aversion=0.0, risk=0.3)
    assert least_accepted(nervous, pie(rounds=9), 2) == least_accepted(
        CALM, pie(rounds=9, breakdown=0.3), 2
    )
    shares = closing_shares([0.7 * 0.5] * 8, 1.0, 0.0)
    game = pie(rounds=9, breakdown=0.5)
    assert least_accepted(nervous, game, 1) == pytest.approx(10 * shares[1], abs=1)


def test_an_uncertain_deadline_counts_from_where_it_may_fall() -> None:
    # It may fall after the sixth round: till then the rounds ahead are as safe as any.
    game = pie(rounds=9, deadline={"from": 6, "close": 0.5})
    long = next(seed for seed in range(99) if len(start(game, seed).turns) == 18)
    shares = closing_shares([1, 1, 1, 1, 1, 0.5, 0.5, 0.5], 1.0, 0.0)
    expected = [next(k for k in range(11) if k >= 10 * share) for share in shares[1:]]
    assert [least_accepted(CALM, game, k, long) for k in range(1, 9)] == expected


def test_it_asks_for_what_it_would_accept() -> None:
    # .4444 of the six points above 4.
    assert answer(Closer(0.5, 0.0), pie(4, rounds=2)) == Offer(7)
    assert answer(Closer(0.5, 0.0), pie(4, rounds=1)) == Offer(4)
