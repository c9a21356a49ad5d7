"""Games between blocs: payoffs, unanimity, the worst-off member, sampling."""

from fractions import Fraction

import numpy as np
import pytest

from games.equilibrium.solve import equilibria
from games.errors import ScenarioError
from games.matrices.matrix import Bloc, Sampling, bloc_matrix, bloc_mean, blocs, exact, member_gains
from tests.support.domains import listed


def test_the_blocs_are_the_consumers_and_the_suppliers():
    sides = ["consumer", "supplier", "mixed", "consumer", "processor"]
    game = listed(
        {name: [0, 1] for name in "ABCDE"},
        parties={name: {"side": side} for name, side in zip("ABCDE", sides, strict=True)},
    )

    assert [side.members for side in blocs(game)] == [(0, 3), (1,)]
    assert [side.label(game) for side in blocs(game)] == ["consumer bloc", "A party"]


@pytest.mark.parametrize(("side", "missing"), [("consumer", "supplier"), ("supplier", "consumer")])
def test_without_a_bloc_there_is_no_game(side, missing):
    game = listed({"A": [0, 1], "B": [1, 0]}, parties={"A": {"side": side}, "B": {"side": side}})

    with pytest.raises(ScenarioError, match=f"test: no party is a {missing}"):
        blocs(game)


def test_a_blocs_gain_is_the_weighted_mean_of_its_members_normalised_gains():
    # A gains 15 of 20 at weight 3, C 1 of 4 at weight 1; B is on the other side.
    game = listed(
        {"A": [10, 30], "B": [0, 0], "C": [0, 4]},
        {"A": 10},
        {"A": {"weight": 3}, "C": {"side": "consumer"}},
    )

    gain = bloc_mean(game, blocs(game)[0], member_gains(game, np.array([25.0, 0, 1])))

    assert gain == pytest.approx((3 * 0.75 + 1 * 0.25) / 4)


def test_a_member_that_cannot_gain_counts_as_gaining_nothing():
    game = listed({"A": [5, 5], "B": [0, 1], "C": [0, 4]}, {"A": 5}, {"C": {"side": "consumer"}})

    gains = member_gains(game, np.array([5.0, 0, 4]))

    assert bloc_mean(game, Bloc(name="all", members=(0, 2)), gains) == 0.5


@pytest.mark.parametrize(
    ("value", "fraction"),
    [
        (0.1 + 0.2, Fraction(3, 10)),
        (1 / 3, Fraction(333333, 1000000)),
        (1 / 128, Fraction(7812, 1000000)),
        (1 / 128 + 1e-16, Fraction(7812, 1000000)),
        (1 / 128 - 1e-16, Fraction(7812, 1000000)),
        (-0.25, Fraction(-1, 4)),
    ],
)
def test_payoffs_are_decided_in_millionths_whatever_their_last_digits(value, fraction):
    assert exact(value) == fraction


def test_a_processor_counts_with_the_bloc_it_is_assigned_to():
    game = listed(
        {name: [0, 1] for name in "ABC"},
        parties={"A": {"side": "consumer"}, "C": {"side": "processor", "bloc": "supplier"}},
    )

    assert [side.members for side in blocs(game)] == [(0,), (1, 2)]


def test_gains_are_shares_of_what_each_can_gain_in_any_shape():
    game = listed({"A": [10, 30], "B": [0, 50]}, {"A": 10})

    gains = member_gains(game, np.array([[[20.0, 25.0]], [[30.0, 0.0]]]))

    assert gains.tolist() == [[[0.5, 0.5]], [[1.0, 0.0]]]


def three(points, **parties):
    """Return a game of two acts between A with C, the consumers, and B; all gain up to 100."""
    game = listed(
        {name: [0, 100] for name in "ABC"}, parties={"C": {"side": "consumer", **parties}}
    )
    gains = member_gains(game, np.array(points, dtype=float))
    return bloc_matrix(game, gains, name="test", title="A test", acts=("gives", "takes"))


def test_an_equilibrium_of_the_mean_that_a_member_would_leave_is_told():
    # Both acts are worth the same to B; A wants the first by 60, C the second by 40.
    matrix = three([[[60, 0, 0], [60, 0, 0]], [[0, 0, 40], [0, 0, 40]]])

    assert {one.cell for one in matrix.report.equilibria} == {(0, 0), (0, 1)}
    assert matrix.unanimous == (False, False)
    assert "At 2 of the 2 a member would have its bloc do otherwise." in matrix.explanation


def test_an_equilibrium_that_suits_every_member_is_unanimous():
    matrix = three([[[60, 0, 10], [60, 0, 10]], [[0, 0, 5], [0, 0, 5]]])

    assert matrix.unanimous == (True, True)
    assert "No member would have its bloc do otherwise there." in matrix.explanation


def test_a_bloc_that_cares_for_its_worst_off_member_may_choose_otherwise():
    # The mean prefers the first act (45 to 30), the worst-off member the second (30 to 0).
    matrix = three([[[90, 1, 0], [90, 1, 0]], [[30, 1, 30], [30, 1, 30]]])

    assert matrix.minimum is not None
    assert {one.cell for one in matrix.report.equilibria} == {(0, 0), (0, 1)}
    assert {one.cell for one in matrix.minimum.equilibria} == {(1, 0), (1, 1)}
    assert "If each bloc cares for its worst-off member:" in matrix.explanation


def test_a_member_that_cannot_gain_is_not_the_worst_off():
    game = listed(
        {"C": [100, 60, 30], "S": [0, 30, 60], "D": [5, 5, 5]},
        {"D": 5},
        {"D": {"side": "consumer"}},
    )
    gains = np.array([[[0.5, 0.1, 0.0]] * 2, [[0.2, 0.4, 0.0]] * 2])
    matrix = bloc_matrix(game, gains, name="test", title="A test", acts=("a", "b"))

    assert matrix.minimum is not None
    assert [row[0] for row in matrix.minimum.game.row_payoffs] == [Fraction(1, 2), Fraction(1, 5)]


def test_weights_count_in_the_mean_but_not_for_the_worst_off():
    matrix = three([[[90, 1, 0], [90, 1, 0]], [[30, 1, 30], [30, 1, 30]]], weight=9)

    assert {one.cell for one in matrix.report.equilibria} == {(1, 0), (1, 1)}


def test_between_single_parties_nothing_is_said_of_members():
    game = listed({"A": [0, 100], "B": [0, 100]})
    matrix = bloc_matrix(
        game, np.array([[[0.5, 0.5]]]), name="test", title="A test", acts=("waits",)
    )

    assert (matrix.minimum, matrix.has_blocs, matrix.unanimous) == (None, False, (True,))
    assert matrix.explanation == (
        "The only equilibrium: A party waits, A party waits. There each would lose by changing "
        "its own strategy alone."
    )


def test_the_threshold_is_two_standard_errors_of_each_players_own_differences():
    # The row player loses .02 in the second row: between 1 and 2 times √2·.01; the column player
    # loses .02 in the second column, where its own errors are too small to hide that.
    report = equilibria([[0.50, 0.5], [0.48, 0.1]], [[0.5, 0.48], [0.5, 0.1]])
    errors = np.zeros((2, 2, 2))
    errors[:, :, 0] = 0.01

    assert Sampling(errors=errors).near(report) == ((1, 0),)


def test_cells_within_two_standard_errors_are_not_distinguishable_from_equilibrium():
    report = equilibria([[0.50, 0.40], [0.49, 0.10]], [[0.5, 0.1], [0.5, 0.1]])
    coarse = Sampling(errors=np.full((2, 2, 2), 0.01))
    fine = Sampling(errors=np.full((2, 2, 2), 0.001))

    assert [one.cell for one in report.equilibria] == [(0, 0)]
    # The row player loses .01 in the second row: less than 2·√2·.01, more than 2·√2·.001.
    assert coarse.near(report) == ((1, 0),)
    assert fine.near(report) == ()
    assert coarse.epsilon == pytest.approx(0.02)
