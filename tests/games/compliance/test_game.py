"""The compliance game: T, R, P, S by hand, every class, the thresholds."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.bargaining.solutions import bargain
from games.compliance.game import (
    Incentives,
    benefit_from_others,
    bloc_incentives,
    compliance_game,
    incentives,
    own_cost,
    unmet_level,
)
from games.errors import ScenarioError
from games.matrices.matrix import blocs
from tests.games.test_rescaling import rescaled
from tests.support.domains import party, scenario

AGREED = 3  # volume 10 at a high price


def deal(audience: float = 0.0, **commitments: Any):
    """Return a buyer A, who owes the price, and a seller B, who owes the volume.

    At what is agreed A gives up 20 (c) for 40 (b), B gives up 10 for 30. In the ZOPA A can gain
    60 at most and B 40.
    """
    return scenario(
        {
            "volume": {"label": "volume", "options": [0, 10], "obligor": "B"},
            "price": {"label": "price", "options": ["low", "high"], "obligor": "A"},
        },
        {
            "A": party({"volume": {"0": 0, "10": 40}, "price": {"low": 20, "high": 0}}),
            "B": party(
                {"volume": {"0": 10, "10": 0}, "price": {"low": 0, "high": 30}}, side="supplier"
            ),
        },
        dispute={"level": 0.5, "audience_cost": {"A": 2 * audience}},
        commitments=commitments,
    )


def trps(own: Incentives) -> tuple[float, float, float, float]:
    """Return T, R, P, S."""
    return own.temptation, own.reward, own.punishment, own.sucker


def of_a(**more: Any) -> Incentives:
    """Return A's incentives at the agreed outcome."""
    return incentives(deal(**more), AGREED, 0)


def test_cost_and_benefit_are_read_off_the_obligations():
    game = deal()

    assert [own_cost(game, AGREED, position) for position in (0, 1)] == [20, 10]
    assert [benefit_from_others(game, AGREED, position) for position in (0, 1)] == [40, 30]


def test_without_commitments_nobody_is_punished():
    game = deal()

    assert trps(incentives(game, AGREED, 0)) == (40, 20, 0, -20)
    assert trps(incentives(game, AGREED, 1)) == (30, 20, 0, -10)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"enforcement": 0.5, "fine": 10}, (35, 20, 0, -20)),
        ({"enforcement": 0.5, "fine": 10, "mutual": 0.4}, (35, 20, -2, -20)),
        ({"enforcement": 0.5, "fine": {"B": 10}, "mutual": 1}, (40, 20, 0, -20)),
        ({"collapse": 25}, (40, 20, -25, -20)),
        ({"collapse": {"A": 5, "B": 25}}, (40, 20, -5, -20)),
        ({"sunk": {"A": 7}}, (47, 20, 0, -20)),
        ({"sunk": {"B": 7}}, (40, 20, 0, -20)),
        ({"audience": 6}, (40, 14, 0, -26)),
        (
            {"audience": 6, "enforcement": 1, "fine": 3, "mutual": 0.5, "collapse": 4, "sunk": 9},
            (46, 14, -5.5, -26),
        ),
    ],
)
def test_stakes_enter_where_the_theory_puts_them(more, expected):
    assert trps(of_a(**more)) == pytest.approx(expected)


def test_the_dispute_is_counted_once_even_where_it_depends_on_what_is_delivered():
    # Signing a deep text costs A 8; it is A itself who owes the text.
    game = scenario(
        {"law": {"label": "law", "options": ["soft", "deep"], "obligor": "A"}},
        {
            "A": party({"law": {"soft": 5, "deep": 3}}),
            "B": party({"law": {"soft": 0, "deep": 9}}, side="supplier"),
        },
        dispute={
            "level": 1,
            "depth": {"issue": "law", "values": {"soft": 0, "deep": 1}},
            "audience_cost": {"A": 8},
        },
    )

    assert game.preferences[0].utilities.tolist() == [5, 3 - 8]
    assert own_cost(game, 1, 0) == 2
    assert trps(incentives(game, 1, 0)) == (0, -2 - 8, 0, -2 - 8)
    assert trps(incentives(game, 1, 1)) == (9, 9, 0, 0)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({}, "prisoner's dilemma"),
        ({"enforcement": 1, "fine": 30}, "stag hunt"),
        ({"enforcement": 1, "fine": 30, "mutual": 1}, "harmony"),
        ({"collapse": 25}, "chicken"),
        ({"audience": 20}, "not worth keeping"),
        ({"audience": 21}, "not worth keeping"),
        ({"enforcement": 1, "fine": 20}, "stag hunt"),  # T = R: the indifferent honour
        ({"collapse": 20}, "prisoner's dilemma"),  # P = S
    ],
)
def test_every_class_is_reached_and_its_borders_belong_to_one(more, kind):
    assert of_a(**more).kind == kind


payoff = st.integers(-20, 20).map(float)


@given(payoff, payoff, payoff, payoff)
def test_the_class_follows_from_the_order_of_the_payoffs(temptation, reward, punishment, sucker):
    own = Incentives(temptation=temptation, reward=reward, punishment=punishment, sucker=sucker)

    assert (own.kind == "not worth keeping") == (reward <= punishment)
    assert (own.kind in {"chicken", "prisoner's dilemma"}) == (
        reward > punishment and temptation > reward
    )
    assert (own.kind in {"chicken", "harmony"}) == (reward > punishment and sucker > punishment)
    assert (own.critical_discount is not None) == (own.kind == "prisoner's dilemma")
    assert (own.threshold_belief is not None) == (own.kind == "stag hunt")
    assert 0 < (own.critical_discount or 0.5) <= 1
    assert 0 <= (own.threshold_belief or 0.5) <= 1


def test_the_critical_discount_is_that_of_grim_trigger():
    # T, R, P = 5, 3, 1 → .50.
    own = Incentives(temptation=5, reward=3, punishment=1, sucker=0)

    assert own.critical_discount == 0.5
    assert of_a().critical_discount == (40 - 20) / 40


def test_the_threshold_belief_makes_honouring_and_reneging_equal():
    own = of_a(enforcement=1, fine=30)  # T 10, R 20, P 0, S −20
    belief = own.threshold_belief

    assert belief == pytest.approx(2 / 3)
    assert belief is not None
    assert belief * own.reward + (1 - belief) * own.sucker == pytest.approx(
        belief * own.temptation + (1 - belief) * own.punishment
    )


def test_a_party_that_owes_nothing_needs_no_belief_to_honour():
    game = scenario(
        {"volume": {"label": "volume", "options": [0, 10], "obligor": "B"}},
        {
            "A": party({"volume": {"0": 0, "10": 40}}),
            "B": party({"volume": {"0": 10, "10": 8}}, side="supplier"),
        },
    )
    own = incentives(game, 1, 0)

    assert trps(own) == (40, 40, 0, 0)
    assert own.threshold_belief == 0
    assert "A party honours whatever the other does" in compliance_game(game, 1).explanation


def test_what_is_delivered_when_nothing_is_kept_may_be_stated():
    stated = scenario(
        {"volume": {"label": "volume", "options": [0, 5, 10], "obligor": "B", "unmet": 5}},
        {
            "A": party({"volume": {"0": 0, "5": 30, "10": 40}}),
            "B": party({"volume": {"0": 10, "5": 8, "10": 0}}, side="supplier"),
        },
    )

    assert unmet_level(stated, 0) == 1
    assert unmet_level(deal(), 0) == 0
    assert own_cost(stated, 2, 1) == 8
    assert benefit_from_others(stated, 2, 0) == 10


def test_an_issue_without_obligor_binds_nobody():
    game = scenario(
        {"anthem": ["short", "long"]},
        {
            "A": party({"anthem": {"short": 0, "long": 9}}),
            "B": party({"anthem": {"short": 9, "long": 0}}, side="supplier"),
        },
    )

    assert trps(incentives(game, 1, 0)) == (0, 0, 0, 0)
    with pytest.raises(ScenarioError, match="the issue 'anthem' has no obligor"):
        unmet_level(game, 0)


def test_the_matrix_is_in_shares_of_what_each_can_gain():
    matrix = compliance_game(deal(), AGREED)
    game = matrix.report.game

    # A: R 20, S −20, T 40, P 0 over 60; B: R 20, T 30, S −10, P 0 over 40.
    third = Fraction(333333, 1000000)
    assert game.row_payoffs == ((third, -third), (Fraction(666667, 1000000), Fraction(0)))
    assert game.column_payoffs == ((Fraction(1, 2), Fraction(3, 4)), (Fraction(-1, 4), Fraction(0)))
    assert matrix.points is not None
    assert matrix.points.tolist() == [
        [pytest.approx([20, 20]), pytest.approx([-20, 30])],
        [pytest.approx([40, -10]), pytest.approx([0, 0])],
    ]


@pytest.mark.parametrize(
    ("more", "profiles", "words"),
    [
        ({}, {"reneges/reneges"}, "a prisoner's dilemma"),
        (
            {"enforcement": 1, "fine": 35},
            {"honours/honours", "reneges/reneges"},
            "a stag hunt",
        ),
        ({"enforcement": 1, "fine": 35, "mutual": 1}, {"honours/honours"}, "a game of harmony"),
        ({"collapse": 25}, {"honours/reneges", "reneges/honours"}, "a game of chicken"),
    ],
)
def test_the_pure_equilibria_are_those_of_the_class(more, profiles, words):
    matrix = compliance_game(deal(**more), AGREED)
    report = matrix.report

    assert {
        f"{report.rows[one.row.index(Fraction(1))]}/{report.columns[one.column.index(Fraction(1))]}"
        for one in report.equilibria
        if one.pure
    } == profiles
    assert f"Taken together this is {words}." in matrix.explanation


def test_two_sides_may_believe_to_be_in_different_games():
    matrix = compliance_game(deal(audience=20), AGREED)

    assert matrix.explanation == (
        "A party is no better off if both honour than if both renege (not worth keeping); "
        "A party gains by reneging on a partner who honours (prisoner's dilemma). "
        "Played once, it is stable that both renege."
    )


def test_where_no_cell_is_stable_the_words_say_so():
    # A answers like with like, B does the opposite of what it expects.
    matrix = compliance_game(
        deal(enforcement=1, fine={"A": 30}, collapse={"B": 11}),
        AGREED,
    )

    assert "(stag hunt)" in matrix.explanation
    assert "(chicken)" in matrix.explanation
    assert "Played once, nothing is stable" in matrix.explanation


def test_a_game_of_chicken_has_two_stable_ways_to_end():
    matrix = compliance_game(deal(collapse=25), AGREED)

    assert matrix.explanation.endswith(
        "Played once, it is stable that A party honours and A party reneges, or that A party "
        "reneges and A party honours."
    )


@pytest.mark.parametrize(("factor", "shift"), [(4.0, 12.5), (0.125, -3.0), (0.3, 1.7), (1 / 3, 0)])
@pytest.mark.parametrize("name", ["A", "B"])
@pytest.mark.parametrize("outcome", range(4))
def test_a_partys_unit_changes_nothing(name, factor, shift, outcome):
    game = deal(
        audience=6, enforcement=0.5, fine={"A": 10, "B": 20}, mutual=0.5, collapse={"A": 3, "B": 1}
    )
    other = rescaled(game, name, factor, shift)

    before, after = (compliance_game(one, outcome) for one in (game, other))

    assert after.report.game == before.report.game
    assert after.report.equilibria == before.report.equilibria
    assert after.explanation == before.explanation


def test_a_bloc_weighs_its_members():
    game = scenario(
        {"volume": {"label": "volume", "options": [0, 10], "obligor": "B"}},
        {
            "A": party({"volume": {"0": 0, "10": 40}}, weight=3),
            "B": party({"volume": {"0": 10, "10": 8}}, side="supplier"),
            "C": party({"volume": {"0": 0, "10": 4}}, reservation=-4),
        },
    )
    # b/(m − r): A 40/40, C 4/8.
    own = bloc_incentives(game, blocs(game)[0], 1)

    assert own.reward == own.temptation == pytest.approx((3 * 1 + 0.5) / 4)


@pytest.mark.parametrize("unit", [0.01, 1, 100])
def test_the_unit_of_a_party_that_cannot_gain_decides_nothing(unit):
    game = scenario(
        {
            "x": {"label": "x", "options": ["n", "y"], "obligor": "S"},
            "y": {"label": "y", "options": ["n", "y"], "obligor": "C"},
            "z": {"label": "z", "options": ["n", "y"], "obligor": "D"},
        },
        {
            "C": party({"x": {"n": 0, "y": 10}, "y": {"n": 2, "y": 0}, "z": {"n": 0, "y": 0}}),
            "S": party(
                {"x": {"n": 4, "y": 0}, "y": {"n": 0, "y": 9}, "z": {"n": 0, "y": 5}},
                side="supplier",
            ),
            "D": party(
                {
                    "x": {"n": 0, "y": 3 * unit},
                    "y": {"n": 0, "y": 0},
                    "z": {"n": unit, "y": 0},
                },
                4 * unit,
            ),
        },
        commitments={"enforcement": 1, "fine": {"D": 2 * unit}},
    )
    outcome = game.space.index({"x": "y", "y": "y", "z": "n"})
    matrix = compliance_game(game, outcome)

    assert bargain(game).left_out == ("D",)
    # In shares: C has R = 8/12, D, in shares of its span of 4, R = 3/4: the mean is 17/24.
    assert matrix.report.game.row_payoffs[0][0] == Fraction(708333, 10**6)
