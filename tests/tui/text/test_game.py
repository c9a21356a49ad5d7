"""The page of a game file."""

from fractions import Fraction

import pytest

from games.equilibrium.dynamics import basins
from games.equilibrium.many_players import PureReport, equilibria_of
from games.equilibrium.normal_form import NormalForm
from tests.games.equilibrium.test_pure import game_of
from tests.games.equilibrium.test_solve import VON_STENGEL
from tui.text.game import cleaned, game_text
from tui.text.wording import WIDTH


def page(game: NormalForm, *, with_basins: bool = False) -> str:
    report = equilibria_of(game)
    shares = (
        basins(report, starts=5) if with_basins and not isinstance(report, PureReport) else None
    )
    return game_text(game, report, shares)


def flat(matrix) -> list[int]:
    return [value for row in matrix for value in row]


GAMES = {
    "one cell": game_of((1, 1), [[1], [1]]),
    "zeros": game_of((3, 3), [[0] * 9] * 2),
    "one row": game_of((1, 5), [[4] * 5, [0, 2, 2, 1, 2]]),
    "von Stengel": game_of((6, 6), [flat(side) for side in VON_STENGEL]),
    "wide": game_of((2, 30), [range(60), range(60)]),
    "three players": game_of((2, 2, 2), [[1] * 8] * 3),
    "many cells": game_of((4, 4, 4), [[1] * 64] * 3),
    "huge": game_of((2, 2), [[10**40, 0, 0, 1], [1, 0, 0, 10**400]]),
}


@pytest.mark.parametrize("game", GAMES.values(), ids=GAMES.keys())
def test_every_page_keeps_to_80_columns(game):
    assert max(len(line) for line in page(game, with_basins=True).splitlines()) <= WIDTH


def test_equilibria_are_marked_in_the_grid_and_listed_with_exact_probabilities():
    text = page(game_of((2, 2), [[0, 7, 2, 6], [0, 2, 7, 6]]))

    assert "s0     0 | 0     7 | 2 ◆" in text
    assert "1. P0 s0; P1 s1. Worth 7 | 2, strict." in text
    assert "3. P0 s0: 1/3, s1: 2/3; P1 s0: 1/3, s1: 2/3. Worth 4.6667 | 4.6667." in text
    assert "Nashpy confirms 3 of 3 as best replies and lists the same." in text


def test_a_grid_that_does_not_fit_is_left_out_and_said_so():
    assert "(2×30 payoffs do not fit on the page.)" in page(GAMES["wide"])


def test_long_lists_are_cut_and_counted():
    assert "… and 35 more" in page(GAMES["von Stengel"])
    assert "… and 24 more" in page(GAMES["many cells"])


def test_basins_are_told_by_component():
    text = page(game_of((2, 2), [[3, 0, 5, 1], [3, 5, 0, 1]]), with_basins=True)

    assert "index +1: 1; 100% of starts end here" in text
    assert "P0: s0 is strictly dominated by s1." in text


def test_names_are_cleaned_before_they_are_printed():
    game = NormalForm(
        title="\x1b[31mred\x07",
        players=("a\nb", "\x1b]0;x\x07"),
        strategies=(("\u202eup",), ("x",)),
        payoffs=((Fraction(1),), (Fraction(1),)),
    )
    safe = cleaned(game)

    assert (safe.title, safe.players, safe.strategies) == ("red", ("a b", "?"), (("up",), ("x",)))
    assert "\x1b" not in page(safe)
