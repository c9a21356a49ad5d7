"""What a game means and how surely, in words."""

from dataclasses import replace
from random import Random

import pytest

from delegates.evaluation.judging.empirical_game import MOST_RANKED, games
from delegates.evaluation.judging.found import EmpiricalGame
from delegates.evaluation.judging.game_cells import Cells, cells_of
from delegates.evaluation.judging.game_speech import percentage_points
from delegates.evaluation.judging.game_words import explained_once, told
from delegates.evaluation.playing.journal import POINTS, SeatEnd
from tests.delegates.evaluation.judging.test_empirical_game import (
    CHICKEN,
    DILEMMA,
    DRAWN,
    FIXED,
    PENNIES,
    by_lot,
    by_scenario,
    paying,
    plain,
    played,
    several,
)
from tests.delegates.evaluation.made import ending, made_design, tables_of
from tests.support.domains import listed


def solved(tmp_path, payoffs) -> tuple[EmpiricalGame, tuple[Cells, ...]]:
    design = made_design(plain(), strategies=FIXED)
    folder = tables_of(design, tmp_path, paying(payoffs))
    return games(design, folder)[0], cells_of(design, folder)


def test_one_equilibrium_promises_what_it_pays(tmp_path):
    game, _ = solved(tmp_path, DILEMMA)

    stable, promise = game.words[:2]
    assert stable == (
        "The only equilibrium: A party plays “hard”, A party plays “hard”. There each would lose "
        "by changing its own strategy alone."
    )
    assert promise == (
        "Against the population that this equilibrium predicts, no strategy tested earns more than "
        "10.0 % for A party or 10.0 % for A party."
    )


def test_several_equilibria_promise_a_range(tmp_path):
    game, _ = solved(tmp_path, CHICKEN)

    assert (
        "Against the population that one of these 3 equilibria predicts, no strategy tested earns "
        "more than what it pays: from 30.0 % to 80.0 % for A party, 30.0 % to 80.0 % for A party."
    ) in game.words


def test_a_mixture_promises_its_worth(tmp_path):
    game, _ = solved(tmp_path, PENNIES)

    assert game.words[0].startswith("No cell is stable")
    assert (
        "Against the population that this equilibrium predicts, no strategy tested earns more than "
        "50.0 % for A party or 50.0 % for A party."
    ) in game.words


def test_errors_stand_beside_the_promise(tmp_path):
    close, *_ = played(tmp_path / "1", paying(DILEMMA, by_scenario(0.01)), *several(8))
    wide, *_ = played(tmp_path / "2", paying(DILEMMA, by_scenario(0.3)), *several(5))
    few, *_ = played(tmp_path / "3", paying(DILEMMA, by_scenario(0.3)), *several(3))

    assert close.epsilon is not None
    assert any(
        f"for suppliers (± {100 * close.epsilon:.1f} percentage points)." in one
        for one in close.words
    )
    assert any("errors are too wide to promise it" in one for one in wide.words)
    (told,) = [one for one in wide.words if "that settles nothing" in one]
    assert wide.epsilon is not None
    assert f"is {percentage_points(2 * wide.epsilon)}): that settles nothing." in told
    # One sentence and no other on the same bound.
    assert not any("too wide to settle" in one or "The truth meant" in one for one in wide.words)
    assert any("for suppliers (errors not known)." in one for one in few.words)


def test_epsilon_is_told_with_its_level_and_its_units(tmp_path):
    pooled, single, *_ = played(
        tmp_path, paying(DILEMMA, by_lot(0.02)), *several(6), repetitions=6, strategies=DRAWN
    )

    told = (
        " With 95 % confidence all means lie within ε of the truth at once (t, Bonferroni); an "
        "equilibrium of the means is then one of the true game, but for a gain of at most 2ε by "
        "leaving it."
    )

    for game, units, meaning in (
        (pooled, "6 scenarios", told),
        (single, "6 draws of chance a cell", ""),
    ):
        assert game.epsilon is not None
        assert game.errors is not None
        assert (
            f"{game.sessions} sessions, {units}; standard errors up to "
            f"{100 * game.errors.max():.1f} percentage points; "
            f"ε = {percentage_points(game.epsilon)}, "
            f"2ε = {percentage_points(2 * game.epsilon)}.{meaning}"
        ) in game.words
    assert "The truth meant is the mean over all scenarios like these." in pooled.words
    assert "The truth meant is the mean over all scenarios like these." not in single.words


def test_what_a_term_means_is_told_in_the_first_game_that_uses_it(tmp_path):
    found = played(
        tmp_path, paying(DILEMMA, by_lot(0.02)), *several(6), repetitions=6, strategies=DRAWN
    )

    for term, meaning in (
        ("at once (k*", ", the greatest share that all can have)"),
        ("replicator dynamics", ": what earns more than the average spreads)"),
        ("Alpha-rank", " (in which cells populations that evolve spend their time)"),
    ):
        said = [any(term in one for one in game.words) for game in found]
        meant = [any(meaning in one for one in game.words) for game in found]
        assert sum(said) == len(found)
        assert meant == [True, *[False] * (len(found) - 1)]


def test_a_term_that_the_first_game_does_not_use_is_explained_later(tmp_path):
    game, _ = solved(tmp_path, DILEMMA)
    without = replace(game, words=("Nothing is told.",))

    first, second, third = explained_once([without, game, game])

    assert first.words == without.words
    assert second.words == game.words
    assert len(third.words) == len(game.words)
    assert sum(map(len, third.words)) < sum(map(len, game.words))


def test_cells_near_an_equilibrium_are_named(tmp_path):
    near = [[(0.1, 0.1), (0.9, 0.0)], [(0.1, 0.9), (0.6, 0.6)]]
    pooled, *_ = played(tmp_path, paying(near, by_scenario(0.05)), *several(6))

    assert pooled.near
    names = [f"({pooled.rows[i]}, {pooled.columns[j]})" for i, j in pooled.near]
    assert any(
        one.startswith("Not distinguishable from an equilibrium") and names[0] in one
        for one in pooled.words
    )


def test_alpha_rank_that_rests_elsewhere_is_told_as_no_support(tmp_path):
    game, cells = solved(tmp_path, DILEMMA)
    elsewhere = replace(game, alpha_rank=((1, 1, 0.7), (0, 0, 0.3)))
    partly = replace(game, alpha_rank=((0, 0, 0.6), (1, 1, 0.4)))

    assert (
        "Alpha-rank (in which cells populations that evolve spend their time) does not single them "
        "out: 30 % of its mass is on equilibria (70 % at (soft, soft) and 30 % at (hard, hard))."
    ) in told(elsewhere, cells, frequencies=None)
    assert any(
        one.startswith("Alpha-rank") and "agrees for the most part: 60 %" in one
        for one in told(partly, cells, frequencies=None)
    )


def test_alpha_rank_is_not_told_where_its_masses_do_not_settle(tmp_path, monkeypatch):
    monkeypatch.setattr("games.equilibrium.alpha_rank.MOST_STEPS", 1)
    game, _ = solved(tmp_path, CHICKEN)

    assert game.alpha_rank == ()
    assert not any(one.startswith("Alpha-rank") for one in game.words)


def test_names_cannot_break_out_of_their_line(tmp_path):
    hostile = listed(
        {"A": [0, 50, 100], "B": [100, 50, 0]},
        parties={"A": {"name": "Evil\n\x1b[31mname"}},
        id="hostile",
    )
    design = made_design(hostile, strategies=FIXED)
    (game,) = games(design, tables_of(design, tmp_path, paying(DILEMMA)))

    assert not any("\n" in one or "\x1b" in one for one in game.words)


@pytest.mark.parametrize("count", [13, 16])
def test_many_strategies_are_solved_and_told(tmp_path, count):
    names = {f"s{number}": f"boulware(exponent={number + 1})" for number in range(count)}
    order = list(names)

    def how(design, row):
        # Who insists more gets more, and both are better off the less they insist together.
        first, second = (order.index(seat) for seat in row.seats)
        lots = Random(f"{first}/{second}")
        worth = [
            round(50 + own - 0.3 * (own + other) + lots.random() / 10, 6)
            for own, other in ((first, second), (second, first))
        ]
        seats = tuple(SeatEnd(utility=u, payoff=u, demands=(900,) * POINTS) for u in worth)
        return ending(design, row, 1, seats=seats)

    design = made_design(plain(), strategies=names)
    (game,) = games(design, tables_of(design, tmp_path, how))

    assert [one.cell for one in game.report.equilibria] == [(count - 1, count - 1)]
    assert bool(game.alpha_rank) == (count * count <= MOST_RANKED)
    assert any(one.startswith("Alpha-rank") for one in game.words) == bool(game.alpha_rank)
