"""What is gathered of each cell, and where chance is known to enter."""

import pytest

from delegates.evaluation.judging.game_cells import cells_of, draws
from delegates.evaluation.playing.journal import POINTS, SeatEnd
from games.scenario import Scenario
from games.tactics.offers import blind_schedule
from tests.delegates.evaluation.judging.test_game_reasons import (
    DILEMMA,
    STRATEGIES,
    shared,
    telling,
)
from tests.delegates.evaluation.made import ending, made_design, tables_of
from tests.support.domains import listed

PLAIN = {"hard": "boulware", "soft": "conceder"}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("boulware", False),
        ("boulware(exponent=9)", False),
        ("random-walker", True),
        ("llm:some-model", True),
        ("boulware+llm:some-model", True),
    ],
)
def test_models_and_minds_that_draw_lots_bring_chance(spec, expected):
    assert draws(spec) is expected


def gathered(tmp_path, *scenarios: Scenario, **said):
    design = made_design(*scenarios, strategies=STRATEGIES, **said)
    return cells_of(design, tables_of(design, tmp_path, telling(DILEMMA)))


def test_a_protocol_that_draws_lots_brings_chance_to_every_cell(tmp_path):
    lot = shared(id="lot", protocol={"rounds": 8, "opens": "lot"})
    first, second = gathered(tmp_path, shared(), lot)

    assert not first.has_chance.any()
    assert second.has_chance.all()


def test_conduct_is_each_partys_in_its_cell(tmp_path):
    (found,) = gathered(tmp_path, shared())
    bo = found.conduct[0, 1]["B"]

    # Ada insists, Bo does not: .7 and .2; Bo asked for .2 all the time.
    assert bo.advantage == pytest.approx(0.2)
    assert bo.closing == pytest.approx(0.2)
    assert bo.asked is None
    assert found.rounds.tolist() == [[4, 4], [4, 4]]


def test_what_a_blind_tactic_asks_for_at_the_close_is_its_schedules_last_offer(tmp_path):
    game = shared()
    design = made_design(game, strategies=PLAIN)
    (found,) = cells_of(design, tables_of(design, tmp_path, telling(DILEMMA)))
    own = game.preferences[0]

    last = own.utility(int(blind_schedule(own, 8, 4.0)[0][-1])) / 100
    assert found.closing_demand((0, 0), 0) == pytest.approx(last)
    assert found.goes_by_the_clock((0, 1))


def test_a_strategy_that_listens_has_no_closing_demand_of_its_own(tmp_path):
    (found,) = gathered(tmp_path, shared())

    assert found.closing_demand((0, 0), 0) is None
    assert not found.goes_by_the_clock((0, 0))


def test_a_sides_mean_is_by_the_weights_of_its_members(tmp_path):
    three = listed(
        {"A": [0, 50, 100], "B": [100, 50, 0], "C": [0, 60, 100]},
        parties={"C": {"side": "consumer", "weight": 3.0}},
        id="three",
    )
    design = made_design(three, strategies=STRATEGIES, seats={"many": "blocs"})

    seats = tuple(
        SeatEnd(utility=worth, payoff=worth, demands=(asked,) * POINTS)
        for worth, asked in ((40, 500), (10, 500), (80, 900))
    )

    def how(design, row):
        return ending(design, row, 1, seats=seats)

    (found,) = cells_of(design, tables_of(design, tmp_path, how))

    assert found.side_mean((0, 0), 0, "advantage") == pytest.approx((0.4 + 3 * 0.8) / 4)
    assert found.side_mean((0, 0), 0, "closing") == pytest.approx((0.5 + 3 * 0.9) / 4)
