"""Games of one player and of three: their pure equilibria, by hand."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from games.equilibrium import many_players
from games.equilibrium.many_players import MOST_PLAYERS, PureReport, equilibria_of
from games.equilibrium.normal_form import NormalForm
from games.equilibrium.report import EquilibriumReport
from games.errors import UserError


def form(strategies: tuple[int, ...], *payoffs: Sequence[float]) -> NormalForm:
    """Return a game in which player k has `strategies[k]` strategies, named 1, 2, …"""
    return NormalForm(
        players=tuple(f"P{number}" for number in range(len(strategies))),
        strategies=tuple(tuple(f"s{k}" for k in range(width)) for width in strategies),
        payoffs=tuple(tuple(Fraction(value) for value in own) for own in payoffs),
    )


# Two neighbours and a visitor: the first two want to do the same, the visitor the opposite, and it
# has a third way that is worth 1 to it whatever they do.
MEETING = form(
    (2, 2, 3),
    [3, 3, 3, 0, 0, 0, 0, 0, 0, 1, 1, 1],
    [2, 2, 2, 0, 0, 0, 0, 0, 0, 5, 5, 5],
    [0, 4, 1, 6, 0, 1, 0, 4, 1, 6, 0, 1],
)


def test_of_three_players_every_pure_equilibrium_is_listed_with_what_it_is_worth():
    report = equilibria_of(MEETING)

    assert isinstance(report, PureReport)
    assert report.profiles == ((0, 0, 1), (1, 1, 0))
    assert report.payoffs((0, 0, 1)) == (3, 2, 4)
    assert report.payoffs((1, 1, 0)) == (1, 5, 6)
    assert report.payoffs((0, 1, 2)) == (0, 0, 1)
    assert not report.complete
    assert report.completeness_reason == (
        "every pure equilibrium is listed; mixed ones are sought in games of two players only"
    )


def test_the_pure_equilibria_of_three_are_written_in_the_shape_of_the_contract():
    assert equilibria_of(MEETING).as_json() == {
        "shape": [2, 2, 3],
        "players": ["P0", "P1", "P2"],
        "strategies": [["s0", "s1"], ["s0", "s1"], ["s0", "s1", "s2"]],
        "equilibria": [
            {
                "profile": [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0, 0.0]],
                "exact": [["1", "0"], ["1", "0"], ["0", "1", "0"]],
                "payoffs": [3.0, 2.0, 4.0],
                "regret": [0.0, 0.0, 0.0],
                "pure": True,
            },
            {
                "profile": [[0.0, 1.0], [0.0, 1.0], [1.0, 0.0, 0.0]],
                "exact": [["0", "1"], ["0", "1"], ["1", "0", "0"]],
                "payoffs": [1.0, 5.0, 6.0],
                "regret": [0.0, 0.0, 0.0],
                "pure": True,
            },
        ],
        "complete": False,
        "completeness_reason": (
            "every pure equilibrium is listed; mixed ones are sought in games of two players only"
        ),
    }


@pytest.mark.parametrize(
    ("payoffs", "best", "complete", "why"),
    [
        ([1, 3, 2], ((1,),), True, "a single player with a single best strategy"),
        ([3, 1, 3], ((0,), (2,)), False, "a single player may mix the strategies listed as it "),
    ],
)
def test_a_single_player_does_what_is_best_for_it(payoffs, best, complete, why):
    report = equilibria_of(form((3,), payoffs))

    assert isinstance(report, PureReport)
    assert (report.profiles, report.complete) == (best, complete)
    assert report.completeness_reason.startswith(why)


def test_a_game_of_two_is_solved_whole_within_the_time_given(monkeypatch):
    given = {}
    real = many_players.equilibria
    monkeypatch.setattr(
        many_players, "equilibria", lambda *game, **terms: given.update(terms) or real(*game)
    )
    report = equilibria_of(form((2, 3), [1, 0, 2, 3, 1, 0], [1, 5, 2, 0, 4, 6]), budget_s=7)

    assert isinstance(report, EquilibriumReport)
    assert given == {"budget_s": 7}
    assert report.game.row_payoffs == ((1, 0, 2), (3, 1, 0))
    assert report.game.column_payoffs == ((1, 5, 2), (0, 4, 6))
    assert (report.rows, report.columns) == (("s0", "s1"), ("s0", "s1", "s2"))


def test_more_players_than_arrays_have_axes_are_refused():
    most = form((1,) * MOST_PLAYERS, *[[0]] * MOST_PLAYERS)
    assert equilibria_of(most).as_json()["shape"] == [1] * 64

    with pytest.raises(UserError, match="a game of 65 players; at most 64 are supported"):
        equilibria_of(form((1,) * 65, *[[0]] * 65))
