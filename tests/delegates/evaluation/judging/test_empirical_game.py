"""The empirical game of a batch, from tables with known payoffs."""

import re
from collections.abc import Callable
from random import Random

import numpy as np
import pytest

from delegates.evaluation.judging.empirical_game import POOLED, games
from delegates.evaluation.judging.found import EmpiricalGame
from delegates.evaluation.judging.game_cells import MOST_UNITS, cells_of
from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.playing.journal import POINTS, Finished, SeatEnd
from games.scenario import Scenario
from tests.delegates.evaluation.made import ending, made_design, tables_of
from tests.support.domains import listed

FIXED = {"hard": "boulware", "soft": "conceder"}
"""Strategies without chance."""

DRAWN = {"hard": "random-walker", "soft": "micro"}
"""Strategies that draw lots."""

DILEMMA = [[(0.1, 0.1), (0.9, 0.0)], [(0.0, 0.9), (0.6, 0.6)]]
CHICKEN = [[(0.0, 0.0), (0.8, 0.3)], [(0.3, 0.8), (0.5, 0.5)]]
PENNIES = [[(0.8, 0.2), (0.2, 0.8)], [(0.2, 0.8), (0.8, 0.2)]]
FLAT = [[(0.5, 0.5), (0.5, 0.5)], [(0.5, 0.5), (0.5, 0.5)]]

Payoffs = list[list[tuple[float, float]]]
Noise = Callable[[Row, int], float]


def plain(name: str = "plain", supplier: float = 100.0) -> Scenario:
    """Return a scenario in which each can gain everything from 0 to 100 points."""
    return listed({"A": [0, 50, 100], "B": [supplier, 50, 0]}, id=name)


def paying(payoffs: Payoffs, noise: Noise = lambda row, side: 0.0):
    """Return how sessions end that pay a cell's gains and what chance adds."""
    order = ["hard", "soft"]

    def how(design: Design, row: Row) -> Finished:
        cell = payoffs[order.index(row.seats[0])][order.index(row.seats[1])]
        worth = [100 * (gain + noise(row, side)) for side, gain in enumerate(cell)]
        seats = tuple(
            SeatEnd(utility=round(u, 9), payoff=round(u, 9), demands=(900,) * POINTS) for u in worth
        )
        return ending(design, row, 1, seats=seats)

    return how


def by_lot(spread: float) -> Noise:
    def noise(row: Row, side: int) -> float:
        return Random(f"{row.key}/{row.repetition}/{side}").gauss(0, spread)

    return noise


def by_scenario(spread: float) -> Noise:
    def noise(row: Row, side: int) -> float:
        return Random(f"{row.scenario}/{row.seats}/{side}").gauss(0, spread)

    return noise


def played(tmp_path, how, *scenarios: Scenario, **said) -> tuple[EmpiricalGame, ...]:
    design = made_design(
        *(scenarios or (plain(),)), strategies=said.pop("strategies", FIXED), **said
    )
    return games(design, tables_of(design, tmp_path, how))


def cells(game: EmpiricalGame) -> set:
    return {one.cell for one in game.report.equilibria}


def several(count: int) -> list[Scenario]:
    return [plain(f"s{number}") for number in range(count)]


@pytest.mark.parametrize(
    ("payoffs", "stable"),
    [
        (DILEMMA, {(0, 0)}),
        (CHICKEN, {(0, 1), (1, 0), None}),
        (PENNIES, {None}),
        (FLAT, {(0, 0), (0, 1), (1, 0), (1, 1)}),
    ],
    ids=["dilemma", "chicken", "pennies", "flat"],
)
def test_a_known_game_is_found_with_its_equilibria(tmp_path, payoffs, stable):
    (game,) = played(tmp_path, paying(payoffs))

    assert game.scope == "plain"
    assert (game.rows, game.columns) == (("hard", "soft"), ("hard", "soft"))
    assert game.payoffs == pytest.approx(np.array(payoffs))
    assert cells(game) == stable
    assert game.report.degenerate == (payoffs is FLAT)


def test_the_mixture_of_chicken_is_exact(tmp_path):
    (game,) = played(tmp_path, paying(CHICKEN))
    (mixed,) = (one for one in game.report.equilibria if not one.pure)

    # .8 q' = .3 q + .5 q' with q = 1 − q' on hard: both hard half of the time.
    assert [str(weight) for weight in mixed.row] == ["1/2", "1/2"]
    assert [str(payoff) for payoff in mixed.payoffs] == ["2/5", "2/5"]


def test_exploitability_is_what_both_gain_by_leaving(tmp_path):
    (game,) = played(tmp_path, paying(CHICKEN))

    assert game.exploitability == pytest.approx(np.array([[0.6, 0.0], [0.0, 0.6]]))


def test_without_chance_the_matrix_is_exact_however_often_it_is_repeated(tmp_path):
    (game,) = played(tmp_path, paying(DILEMMA), repetitions=7)

    assert game.errors is not None
    assert not game.errors.any()
    assert game.epsilon == 0
    assert game.resamples == 0
    assert game.sessions == 28
    assert any("no chance in these 28 sessions" in told for told in game.words)


def test_with_chance_errors_come_from_repetitions(tmp_path):
    (game,) = played(tmp_path, paying(DILEMMA, by_lot(0.05)), repetitions=9, strategies=DRAWN)

    assert game.errors is not None
    assert game.errors == pytest.approx(np.full((2, 2, 2), 0.05 / 3), rel=0.9)
    assert game.epsilon is not None
    assert game.epsilon > 2 * game.errors.max()
    assert game.resamples == 1000
    assert any("9 draws of chance a cell" in told for told in game.words)


def test_one_draw_of_chance_says_that_errors_cannot_be_known(tmp_path):
    (game,) = played(tmp_path, paying(DILEMMA, by_lot(0.05)), strategies=DRAWN)

    assert game.errors is None
    assert game.epsilon is None
    assert any("but one draw of it a cell, fewer than 5" in told for told in game.words)


def test_only_cells_that_chance_enters_have_errors(tmp_path):
    lots = by_lot(0.05)

    def noise(row: Row, side: int) -> float:
        return lots(row, side) if "soft" in row.seats else 0.0

    (game,) = played(
        tmp_path,
        paying(DILEMMA, noise),
        repetitions=6,
        strategies={"hard": "boulware", "soft": "random-walker"},
    )

    assert game.errors is not None
    assert game.errors[0, 0].tolist() == [0, 0]
    assert (game.errors[1] > 0).all()


def test_several_scenarios_are_pooled_each_weighing_the_same(tmp_path):
    how = paying(DILEMMA, by_scenario(0.1))
    found = played(tmp_path, how, *several(6))
    pooled, *single = found

    assert [game.scope for game in found] == [POOLED, *(f"s{number}" for number in range(6))]
    assert pooled.payoffs == pytest.approx(np.mean([game.payoffs for game in single], axis=0))
    means = np.array([game.payoffs for game in single])
    assert pooled.errors == pytest.approx(means.std(axis=0, ddof=1) / 6**0.5)
    assert pooled.scenarios == 6
    assert pooled.fair_share is None
    assert single[0].fair_share == pytest.approx(0.5)


def test_repetitions_that_repeat_do_not_shrink_the_errors_of_the_pooled_game(tmp_path):
    how = paying(DILEMMA, by_scenario(0.1))
    once, *_ = played(tmp_path / "once", how, *several(5))
    often, *_ = played(tmp_path / "often", how, *several(5), repetitions=8)

    assert once.errors is not None
    assert once.errors.tolist() == pytest.approx(np.array(often.errors))
    assert once.epsilon == pytest.approx(often.epsilon)


def test_below_five_scenarios_there_are_no_errors_and_that_is_said(tmp_path):
    pooled, *_ = played(tmp_path, paying(DILEMMA, by_scenario(0.1)), *several(4))

    assert pooled.errors is None
    assert pooled.epsilon is None
    assert pooled.supports == ()
    assert pooled.near == ()
    assert any("4 scenarios, fewer than 5" in told for told in pooled.words)


def test_a_strict_pooled_game_is_stable_when_scenarios_are_drawn_again(tmp_path):
    pooled, *_ = played(tmp_path, paying(DILEMMA, by_scenario(0.01)), *several(6))

    assert [(one.rows, one.columns) for one in pooled.supports] == [(("hard",), ("hard",))]
    assert pooled.supports[0].share == 1
    assert not pooled.is_unstable
    assert (
        "In 1,000 resampled games equilibrium is (hard, hard) in 100 %: the same in all of them."
    ) in pooled.words
    assert pooled.regrets[0].consumer == (0, 0)
    assert pooled.regrets[0].most == (0, 0)
    assert (
        "Scenario by scenario compared, leaving (hard, hard) gains consumers at most 0.0 "
        "percentage points and suppliers at most 0.0 percentage points, with 95 % confidence for "
        "all changes at once."
    ) in pooled.words


def test_ties_make_supports_unstable_and_that_is_said(tmp_path):
    pooled, *_ = played(tmp_path, paying(FLAT, by_scenario(0.1)), *several(6))

    assert pooled.is_unstable
    assert any(
        "which are in equilibrium changes from resample to resample, as it does" in told
        and re.search(r"; no more than [\d.]+ % of them have just the same\.$", told)
        for told in pooled.words
    )


def test_a_scenario_in_which_a_side_gains_nothing_is_left_out_and_named(tmp_path):
    idle = listed({"A": [0, 50, 100], "B": [0, 0, 0]}, id="idle")
    found = played(tmp_path, paying(DILEMMA), plain("one"), idle, plain("two"))

    assert [game.scope for game in found] == [POOLED, "one", "two"]
    assert found[0].scenarios == 2
    assert found[0].words[-1] == "Left out, as a side can gain nothing there: idle."


def test_a_cell_that_one_scenario_lacks_is_in_no_pooled_game(tmp_path):
    usual = paying(DILEMMA)

    def how(design: Design, row: Row) -> Finished:
        if row.scenario == 1 and row.seats[0] == "odd":
            return ending(design, row, None, ended="error")
        seats = tuple("soft" if seat == "odd" else seat for seat in row.seats)
        return usual(design, Row(**{**_fields(row), "seats": seats}))

    pooled, first, second = played(
        tmp_path, how, plain("one"), plain("two"), strategies={**FIXED, "odd": "linear"}
    )

    assert first.rows == ("hard", "soft", "odd")
    assert (second.rows, second.columns) == (("hard", "soft"), ("hard", "soft", "odd"))
    assert pooled.rows == ("hard", "soft")


def _fields(row: Row) -> dict:
    return {name: getattr(row, name) for name in Row.__slots__}


CANDIDATES = (
    "The candidates for consumers were a and b, for suppliers c and d; what follows holds among "
    "these alone. The only equilibrium: consumers play “b”, suppliers play “d”."
)

FOUR = {"a": "boulware", "b": "linear", "c": "conceder", "d": "micro"}


def by_own(design: Design, row: Row) -> Finished:
    """End with a deal that is worth the more to a seat the later its strategy is named."""
    order = "abcd"
    worth = [float(10 * (1 + order.index(seat))) for seat in row.seats]
    seats = tuple(SeatEnd(utility=u, payoff=u, demands=(900,) * POINTS) for u in worth)
    return ending(design, row, 1, seats=seats)


def sides_of(found: tuple[EmpiricalGame, ...]) -> list:
    return [(one.scope, one.half, one.rows, one.columns) for one in found]


def test_those_under_test_choose_as_consumers_in_one_game_and_as_suppliers_in_another(tmp_path):
    found = played(
        tmp_path,
        by_own,
        *several(2),
        strategies=FOUR,
        seats={"tested": ["a", "b"], "against": ["c", "d"]},
    )

    assert sides_of(found) == [
        (scope, *half)
        for scope in (POOLED, "s0", "s1")
        for half in (
            ("consumers", ("a", "b"), ("c", "d")),
            ("suppliers", ("c", "d"), ("a", "b")),
        )
    ]
    assert all(one.is_part for one in found)
    assert len({one.name for one in found}) == 6
    # Every session is in one of the two games.
    assert [one.sessions for one in found] == [8, 8, 4, 4, 4, 4]
    assert found[0].words[0].startswith(CANDIDATES)
    assert any("no candidate earns more than" in told for told in found[1].words)
    assert not any("in no game" in told for one in found for told in one.words)


def test_what_was_played_and_is_in_no_game_is_named(tmp_path):
    first, second = played(
        tmp_path,
        by_own,
        strategies=FOUR,
        seats={"tested": ["a", "b"], "against": ["b", "c", "d"], "self_play": False},
    )

    assert sides_of((first, second)) == [
        ("plain", "consumers", ("a", "b"), ("c", "d")),
        ("plain", "suppliers", ("c", "d"), ("a", "b")),
    ]
    left = (
        "2 pairs were played but are in no game, as there each candidate of one side must have met "
        "each of the other: (a, b) and (b, a)."
    )
    assert left in first.words
    assert left in second.words


def test_where_all_are_under_test_there_is_one_game_and_no_candidates_are_named(tmp_path):
    (game,) = played(tmp_path, paying(DILEMMA), seats={"tested": ["hard", "soft"]})

    assert (game.half, game.is_part) == ("all", False)
    assert not any("candidate" in told for told in game.words)


@pytest.mark.parametrize("strategies", [FIXED, FOUR], ids=["two", "four"])
def test_without_self_play_there_is_no_game(tmp_path, strategies):
    """Parts of four strategies without gaps are many, and none is more the game than another."""
    assert (
        played(
            tmp_path,
            by_own if strategies is FOUR else paying(DILEMMA),
            strategies=strategies,
            seats={"self_play": False},
        )
        == ()
    )


@pytest.mark.parametrize("draws", [2, 4])
def test_below_five_draws_of_chance_there_are_no_errors_and_that_is_said(tmp_path, draws):
    (game,) = played(tmp_path, paying(DILEMMA, by_lot(0.05)), strategies=DRAWN, repetitions=draws)

    assert (game.errors, game.epsilon, game.near, game.resamples) == (None, None, (), 0)
    assert any(f"but {draws} draws of it a cell, fewer than 5" in told for told in game.words)


def test_scenarios_that_all_came_to_the_same_tell_nothing_of_others(tmp_path):
    pooled, *_ = played(tmp_path / "1", paying(DILEMMA), *several(5))
    (single,) = played(tmp_path / "2", paying(DILEMMA), strategies=DRAWN, repetitions=6)

    for game, units in ((pooled, "5 scenarios"), (single, "draws of chance")):
        assert game.errors is None
        assert game.epsilon is None
        assert (
            f"{game.sessions} sessions, which came to the same in all {units}: how far others "
            "would differ cannot be known; no errors, no ε."
        ) in game.words


def test_draws_that_all_came_to_the_same_are_no_certainty(tmp_path):
    lots = by_lot(0.05)

    def noise(row: Row, side: int) -> float:
        return lots(row, side) if "hard" in row.seats else 0.0

    (game,) = played(tmp_path, paying(DILEMMA, noise), strategies=DRAWN, repetitions=6)

    assert game.errors is not None
    assert np.isnan(game.errors[1, 1]).all()
    assert (game.errors[0] > 0).all()
    told = game.as_json()["errors"]
    assert isinstance(told, list)
    assert told[1][1] == [None, None]
    assert any("all draws came to the same, which proves no certainty" in one for one in game.words)


def test_parties_of_one_side_play_no_game(tmp_path):
    same = listed(
        {"A": [0, 50, 100], "B": [100, 50, 0]}, parties={"B": {"side": "consumer"}}, id="same"
    )

    assert played(tmp_path, paying(DILEMMA), same) == ()


def test_blocs_play_where_the_plan_seats_them_so(tmp_path):
    three = listed(
        {"A": [0, 50, 100], "B": [100, 50, 0], "C": [20, 80, 100]},
        parties={"C": {"side": "consumer", "weight": 3.0}},
        id="three",
    )

    def how(design: Design, row: Row) -> Finished:
        worth = [40.0, 30.0, 80.0] if row.seats[0] == "hard" else [20.0, 50.0, 60.0]
        seats = tuple(SeatEnd(utility=u, payoff=u, demands=(900,) * POINTS) for u in worth)
        return ending(design, row, 1, seats=seats)

    (game,) = played(tmp_path / "blocs", how, three, seats={"many": "blocs"})

    # A and C by their weights, 1 : 3, each as a share of what it can gain.
    assert game.payoffs[0, 0].tolist() == pytest.approx([(0.4 + 3 * 0.8) / 4, 0.3])
    assert any("the consumer bloc" in told for told in game.words)
    assert played(tmp_path / "dealt", how, three) == ()


def test_two_strategies_a_side_have_paths_that_end_where_learning_does(tmp_path):
    (game,) = played(tmp_path, paying(DILEMMA))

    assert len(game.flow) == 16
    assert all(len(path) == len(game.flow[0]) for path in game.flow)
    for path in game.flow:
        assert path[-1][:2] == pytest.approx((1, 1), abs=0.05)
        assert all(x + z == pytest.approx(1) and y + w == pytest.approx(1) for x, y, z, w in path)
    assert {path[0][:2] for path in game.flow} == {
        (x, y) for x in (0.08, 0.36, 0.64, 0.92) for y in (0.08, 0.36, 0.64, 0.92)
    }


def test_cross_checks_stand_beside_the_equilibria(tmp_path):
    (game,) = played(tmp_path, paying(DILEMMA))

    assert game.basins is not None
    assert game.basins.shares == (1.0,)
    assert game.alpha_rank[0] == (0, 0, pytest.approx(1))
    assert sum(mass for _, _, mass in game.alpha_rank) == pytest.approx(1)


def test_matching_pennies_have_no_cell_to_rest_in(tmp_path):
    (game,) = played(tmp_path, paying(PENNIES))

    assert game.alpha_rank[0][2] == pytest.approx(0.25)
    assert any("no cell to rest in" in told for told in game.words)
    assert any("100 % go round or are slow" in told for told in game.words)


def test_what_is_held_does_not_grow_with_repetitions(tmp_path):
    design = made_design(plain(), strategies=DRAWN, repetitions=MOST_UNITS + 50)
    folder = tables_of(design, tmp_path, paying(DILEMMA, by_lot(0.05)))
    (gathered,) = cells_of(design, folder)

    assert len(gathered.gains) == MOST_UNITS
    assert gathered.counts.tolist() == [[250, 250], [250, 250]]
    (game,) = games(design, folder)
    assert game.errors == pytest.approx(np.full((2, 2, 2), 0.05 / 250**0.5), rel=0.3)


def test_a_game_is_told_as_json(tmp_path):
    pooled, *_ = played(tmp_path, paying(DILEMMA, by_scenario(0.01)), *several(5))
    told = pooled.as_json()

    assert told["name"] == POOLED
    assert told["shape"] == [2, 2]
    assert told["supports"] == [{"rows": ["hard"], "columns": ["hard"], "share": 1.0}]


def test_the_same_tables_give_the_same_games(tmp_path):
    design = made_design(*several(5), strategies=DRAWN, repetitions=3)
    folder = tables_of(design, tmp_path, paying(CHICKEN, by_lot(0.1)))
    first, second = games(design, folder), games(design, folder)

    assert [one.as_json() for one in first] == [one.as_json() for one in second]
