"""The blocs' game of signing: cells by hand, the stated assumptions, words."""

from fractions import Fraction

import pytest

from games.participation.game import ACTS, participation_game
from games.scenario import Scenario
from tests.games.participation.test_signatures import TEXT, forum
from tests.games.test_rescaling import rescaled
from tests.support.domains import party, scenario


def test_cells_are_the_blocs_gains():
    # A consumes, B supplies, C is neither and declares: two of three bring the text into force.
    matrix = participation_game(
        forum(threshold=0.6, kappa={"A": 0.5, "B": 0.25}, spill={"B": 0.2}, penalty={"A": 6}), TEXT
    )

    assert matrix is not None
    game = matrix.report.game
    half, quarter = Fraction(1, 2), Fraction(1, 4)
    # A outside beside B's signature: .2 spilled over, less .6 · 1/3. Two of three are needed.
    assert game.row_payoffs == ((1, half, half), (half, half, half), (0, 0, 0))
    assert game.column_payoffs == ((1, quarter, 0), (quarter, quarter, 0), (quarter, quarter, 0))
    assert matrix.report.rows == ACTS


def test_points_are_given_where_each_bloc_has_one_member():
    matrix = participation_game(forum(threshold=0.6, kappa=0.5), TEXT)

    assert matrix is not None
    assert matrix.points is not None
    assert matrix.points[0, 0].tolist() == pytest.approx([10, 20])
    assert matrix.points[1, 2].tolist() == pytest.approx([5, 0])


@pytest.mark.parametrize(("others", "force"), [("binding", True), ("declaratory", False)])
def test_what_the_other_parties_do_is_as_stated(others, force):
    matrix = participation_game(forum(threshold=1, others=others), TEXT)

    assert matrix is not None
    assert matrix.report.game.row_payoffs[0][0] == (1 if force else 0)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"threshold": 1}, "Even if both sign binding the text is not in force."),
        ({"threshold": 0.5}, "The text is in force only if both sign binding."),
        ({"threshold": 0.3}, "The text is in force if either side signs binding."),
        (
            {"threshold": 0.5, "weights": {"A": 9}},
            "The text is in force if Consumer signs binding.",
        ),
        (
            {"threshold": 0.5, "weights": {"B": 9}},
            "The text is in force if Supplier signs binding.",
        ),
        (
            {"threshold": 0.3, "others": "binding"},
            "The others' signatures bring the text into force.",
        ),
    ],
)
def test_whose_signatures_bring_the_text_into_force_is_said_first(more, words):
    named = {"A": {"name": "Consumer"}, "B": {"name": "Supplier"}}

    matrix = participation_game(forum(parties=named, **more), TEXT)

    assert matrix is not None
    assert matrix.explanation.startswith(words)


def test_a_member_that_may_not_sign_stays_out_while_its_bloc_signs():
    game = scenario(
        {"text": ["none", "forge"]},
        {
            "A": party({"text": {"none": 0, "forge": 10}}),
            "B": party({"text": {"none": 5, "forge": 20}}, red_lines=[{"text": "forge"}]),
            "C": party({"text": {"none": 0, "forge": 40}}, side="supplier"),
        },
        participation={"threshold": 0.5, "spill": 0.25},
    )

    matrix = participation_game(game, TEXT)

    # Only without the text is there an agreement all may sign: A and C cannot gain in the ZOPA.
    assert matrix is not None
    assert matrix.report.game.row_payoffs[0][0] == Fraction(1, 4)  # (0 + 2 · .25)/2


def test_there_is_no_game_without_participation_or_without_two_sides():
    plain = scenario(
        {"x": [1]}, {"A": party({"x": {"1": 1}}), "B": party({"x": {"1": 1}}, side="supplier")}
    )
    fields = forum(threshold=0.5).model_dump(by_alias=True)
    fields["parties"]["B"]["side"] = "mixed"

    assert participation_game(plain, 0) is None
    assert participation_game(Scenario.model_validate(fields), TEXT) is None


@pytest.mark.parametrize("factor", [0.3, 1 / 3, 4.0])
@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_a_partys_unit_changes_nothing(name, factor):
    game = forum(threshold=0.6, kappa=0.35, spill=0.1)

    before, after = (
        participation_game(one, TEXT) for one in (game, rescaled(game, name, factor, 7.1))
    )

    assert before is not None
    assert after is not None
    assert after.report.game == before.report.game
    assert after.explanation == before.explanation
