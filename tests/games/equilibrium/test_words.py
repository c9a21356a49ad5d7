"""Equilibria in plain sentences."""

from dataclasses import replace

from games.equilibrium.solve import equilibria
from games.equilibrium.words import Phrases, explanation, plain_phrases

SIDES = ("Buyers", "Sellers")


def told(row, column, **names) -> str:
    report = equilibria(row, column, **names)
    return explanation(report, plain_phrases(report, SIDES))


def test_a_single_equilibrium_is_called_the_only_one():
    text = told([[3, 0], [5, 1]], [[3, 5], [0, 1]], rows=["give", "keep"], columns=["give", "keep"])

    assert text == (
        "The only equilibrium: Buyers plays “keep”, Sellers plays “keep”. There each would lose by "
        "changing its own strategy alone."
    )


def test_acts_are_told_in_the_words_given():
    report = equilibria([[0, 7], [2, 6]], [[0, 2], [7, 6]])
    phrases = Phrases(
        row_player="DR Congo",
        column_player="United States",
        row_acts=("insists", "yields"),
        column_acts=("insists", "yields"),
    )

    assert explanation(report, phrases) == (
        "Stable: DR Congo insists, United States yields; or DR Congo yields, United States "
        "insists. There each would lose by changing its own strategy alone. Stable too is a "
        "mixture that keeps the other guessing: DR Congo insists (33 %) or yields (67 %); United "
        "States insists (33 %) or yields (67 %)."
    )


def test_a_game_without_a_stable_cell_says_so():
    text = told([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])

    assert text.startswith("No cell is stable")
    assert "Stable is a mixture that keeps the other guessing: Buyers plays “row 1” (50 %)" in text


def test_sets_of_equilibria_are_told_as_sets():
    text = told([[1, 1], [0, 0]], [[2, 2], [1, 0]])

    assert text.startswith("A whole set is stable: Buyers plays “row 1”, Sellers does as it likes.")


def test_a_set_in_which_some_strategies_are_not_used_names_those_that_are():
    text = told([[1, 1, 1], [0, 0, 0]], [[2, 2, 1], [1, 1, 0]])

    assert "Buyers plays “row 1”, Sellers plays “column 1” or plays “column 2”." in text


def test_of_many_mixtures_one_is_told_and_the_others_counted():
    identity = [[int(i == j) for j in range(3)] for i in range(3)]

    assert told(identity, identity).endswith("There are 3 more mixtures.")


def test_of_an_incomplete_list_nothing_is_called_the_only_one():
    size = 30
    row = [[float((i * 31 + j * 17) % 97) for j in range(size)] for i in range(size)]
    report = equilibria(row, [list(line) for line in zip(*row, strict=True)], budget_s=0.1)

    text = explanation(report, plain_phrases(report, SIDES))

    assert "only" not in text
    assert "No cell" not in text


def test_a_set_that_is_no_product_is_told_by_its_cells():
    # Two edges that meet in one cell: the fourth cell is no equilibrium.
    text = told([[1, 0], [1, 1]], [[2, 0], [2, 2]])

    assert text == (
        "A set of equilibria hangs together: Buyers plays “row 1”, Sellers plays “column 1”; or "
        "Buyers plays “row 2”, Sellers plays “column 1”; or Buyers plays “row 2”, Sellers plays "
        "“column 2”, with some mixtures near them. Within it someone is indifferent, so nothing "
        "says which point is played."
    )


def test_of_an_incomplete_list_a_single_equilibrium_is_not_called_the_only_one():
    report = equilibria([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    cut_short = replace(report, complete=False)

    assert explanation(report, plain_phrases(report, SIDES)).startswith("The only equilibrium: ")
    assert explanation(cut_short, plain_phrases(report, SIDES)).startswith("Stable: ")


def test_of_many_stable_cells_some_are_told_and_the_others_counted():
    size = 9
    identity = [[int(i == j) for j in range(size)] for i in range(size)]

    assert "; or 5 more cells. There each would lose" in told(identity, identity)


def test_who_has_no_choice_is_told_by_what_it_does():
    text = told([[0, 0]], [[1, 1]])

    assert text.startswith("A whole set is stable: Buyers plays “row 1”, Sellers does as it likes.")


def test_a_set_that_mixtures_bound_is_told_by_its_cells():
    # The second column deters the first row's rival as long as it is likely enough.
    text = told([[1, 1], [0, 2]], [[2, 2], [0, 1]])

    assert text.endswith(
        "A set of equilibria hangs together: Buyers plays “row 1”, Sellers plays “column 1”, with "
        "some mixtures near them. Within it someone is indifferent, so nothing says which point "
        "is played."
    )


def test_a_set_without_a_cell_is_told_as_mixtures():
    # Matching pennies, with a way out that is worth as much.
    text = told([[1, -1], [-1, 1], [0, 0]], [[-1, 1], [1, -1], [0, 0]])

    assert text.startswith("A set of equilibria hangs together: some mixtures. Within it")


def test_who_plays_one_strategy_while_the_other_mixes_is_told_without_a_share():
    # Half and half is all that makes row's first as good as the others; column likes both there.
    text = told([[1.5, 1.5], [3, 0], [0, 3]], [[0, 0], [0, 1], [0, 1]])

    assert "Buyers plays “row 1”; Sellers plays “column 1” (50 %) or plays “column 2” (50" in text


def test_a_mixture_is_told_by_what_is_played_in_it_alone():
    # The third strategy of either is never worth playing.
    text = told([[2, 0, 0], [0, 1, 0], [-1, -1, -9]], [[1, 0, -1], [0, 2, -1], [0, 0, -9]])

    assert "Buyers plays “row 1” (67 %) or plays “row 2” (33 %); Sellers plays" in text
    assert "row 3" not in text
    assert "column 3" not in text
