"""The stance game between the blocs, by hand."""

import json
from fractions import Fraction

import numpy as np
import pytest

from games.errors import ScenarioError
from games.matrices import (
    Bloc,
    bloc_gain,
    blocs,
    exact,
    fair_share_sentence,
    play_stances,
    stance_game,
)
from games.session import payoffs
from games.tactics import STANCES
from tests.support.domains import listed

HARD, FIRM, BALANCED, SOFT = STANCES.values()


def halves(**protocol):
    """Return two parties who can share 100 points all, half or nothing, in one round."""
    return listed(
        {"A": [0, 50, 100], "B": [100, 50, 0]},
        protocol={"rounds": 1, "opens": "fixed", **protocol},
    )


def test_the_blocs_are_the_consumers_and_the_suppliers():
    sides = ["consumer", "supplier", "mixed", "consumer", "processor"]
    game = listed(
        {name: [0, 1] for name in "ABCDE"},
        parties={name: {"side": side} for name, side in zip("ABCDE", sides, strict=True)},
    )

    assert [side.members for side in blocs(game)] == [(0, 3), (1,)]
    assert [side.label(game) for side in blocs(game)] == ["consumers", "A party"]


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

    gain = bloc_gain(game, blocs(game)[0], np.array([25.0, 0, 1]))

    assert gain == pytest.approx((3 * 0.75 + 1 * 0.25) / 4)


def test_a_member_that_cannot_gain_counts_as_gaining_nothing():
    game = listed({"A": [5, 5], "B": [0, 1], "C": [0, 4]}, {"A": 5}, {"C": {"side": "consumer"}})

    assert bloc_gain(game, Bloc(name="all", members=(0, 2)), np.array([5.0, 0, 4])) == 0.5


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


# In one round each asks for its closing demand: hard 55, firm 30, balanced 10, soft 0. A hard
# opener offers all for itself, firm and balanced ones a half each, a soft one all to the other;
# what is refused leads nowhere, for the answer to it has no answer.
ROWS = [[0, 0, 0, 1], [0, 0.5, 0.5, 0.75], [0, 0.5, 0.5, 0.75], [0, 0.25, 0.25, 0.5]]
FAILURES = [[1, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


def test_the_stance_game_by_hand_is_the_mean_over_opening_orders():
    matrix = stance_game(halves())
    report = matrix.report

    assert report.rows == report.columns == ("hard", "firm", "balanced", "soft")
    assert [[float(x) for x in row] for row in report.game.row_payoffs] == ROWS
    assert [[float(x) for x in row] for row in report.game.transposed_column_payoffs] == ROWS
    assert matrix.failures.tolist() == FAILURES
    assert matrix.points is not None
    assert matrix.points[1, 3].tolist() == [75, 25]


def test_only_cells_that_neither_would_leave_are_called_equilibria():
    report = stance_game(halves()).report

    pure = {
        (report.rows[one.row.index(Fraction(1))], report.columns[one.column.index(Fraction(1))])
        for one in report.equilibria
        if one.pure
    }

    middle = {("firm", "firm"), ("firm", "balanced"), ("balanced", "firm"), ("balanced",) * 2}
    assert pure == middle | {("hard", "soft"), ("soft", "hard"), ("hard", "hard")}
    assert report.degenerate
    assert not report.complete


def test_who_opens_matters_and_time_is_paid_for():
    game = halves(rounds=2, breakdown=0.5)
    # Round 0 asks for everything; in round 1 A, opening, offers a half: two turns, one round, in.
    state = play_stances(game, (FIRM, FIRM), first=0)

    assert (state.status, state.offer_turn) == ("agreement", 2)
    assert list(payoffs(state).values()) == [25, 25]


@pytest.mark.parametrize(("first", "points"), [(0, [50, 50]), (1, [100, 0])])
def test_the_opening_order_is_as_asked(first, points):
    state = play_stances(halves(), (FIRM, SOFT), first)

    assert list(payoffs(state).values()) == points


def test_no_agreement_is_worth_the_reservation_value():
    game = listed({"A": [7, 50, 100], "B": [100, 50, 9]}, {"A": 7, "B": 9}, protocol={"rounds": 1})

    assert list(payoffs(play_stances(game, (HARD, HARD))).values()) == [7, 9]


def test_outsiders_play_balanced_and_blocs_have_no_cells_in_points():
    game = listed(
        {"A": [0, 50, 100], "B": [100, 50, 0], "C": [0, 50, 100], "D": [100, 50, 0]},
        parties={"C": {"side": "consumer"}, "D": {"side": "mixed"}},
        protocol={"rounds": 2, "opens": "fixed"},
    )
    matrix = stance_game(game)

    assert (matrix.row_player, matrix.column_player) == ("consumers", "A party")
    assert matrix.points is None
    assert all(one.regret == (0, 0) for one in matrix.report.equilibria)


def test_the_stance_game_is_computed_once():
    game = halves()

    assert stance_game(game) is stance_game(game)


@pytest.mark.parametrize(
    ("utilities", "sentence"),
    [
        ({"A": [0, 60, 100], "B": [100, 60, 0]}, "hardness is free"),
        ({"A": [0, 40, 56, 100], "B": [100, 56, 40, 0]}, "a game of chicken"),
        ({"A": [0, 50, 100], "B": [100, 50, 0]}, "hardness meets no room"),
    ],
)
def test_the_fair_share_predicts_what_hardness_brings(utilities, sentence):
    assert sentence in fair_share_sentence(listed(utilities))


def test_an_empty_zopa_is_said_in_words():
    game = listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5}, protocol={"rounds": 2})

    assert stance_game(game).explanation.startswith("The ZOPA is empty")
    assert stance_game(game).failures.min() == 1


def test_the_matrix_is_written_in_the_shape_of_the_contract():
    written = json.loads(json.dumps(stance_game(halves()).as_json()))

    assert {"name", "row_player", "column_player", "rows", "columns", "payoffs"} <= written.keys()
    assert written["name"] == "stance"
    assert written["payoffs"][1][3] == [0.75, 0.25]
    assert written["payoffs"][3][1] == [0.25, 0.75]
    assert written["explanation"]
