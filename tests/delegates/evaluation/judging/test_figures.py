"""Curves and clouds from the tables; every figure as a table, and as CSV that nothing runs."""

import csv
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import polars as pl
import pytest

from delegates.evaluation.judging.figure_tables import (
    FIGURES,
    figure_tables,
    figure_texts,
    write_figures,
)
from delegates.evaluation.judging.figures import clouds, curves
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import SeatEnd
from games.bargaining.solutions import bargain
from games.errors import UserError
from games.scenario import Scenario, load_scenario
from tests.delegates.evaluation.made import drawn, ending, made_design, tables_of
from tests.support.domains import listed
from tests.tui.evaluations import STRATEGIES, duel, found, game
from transcripts.exports.schema import NOTICE

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "evaluation-tables.md"


def two_parties(**more) -> Scenario:
    """Return a game of four outcomes: in gains (4/3, −1/3), (1, 1/2), (1/3, 1), (0, 1/3)."""
    return listed({"A": [10, 8, 4, 2], "B": [0, 5, 8, 4]}, {"A": 2, "B": 2}, **more)


def asking(demands: tuple[int, ...]) -> SeatEnd:
    """Return the end of a seat that asked for so much, tenth by tenth, till its session closed."""
    return SeatEnd(utility=2, payoff=2, demands=demands + (None,) * (11 - len(demands)))


def test_a_curve_is_the_mean_over_sessions_still_open_each_scenario_weighing_the_same(tmp_path):
    other = two_parties().model_copy(update={"id": "other"})
    design = made_design(two_parties(), other, strategies={"linear": "linear"}, repetitions=2)
    # Scenario and repetition → demands of the first seat; the second asks for nothing.
    asked = {(0, 0): (1000, 800), (0, 1): (600,), (1, 0): (400, 200, 100), (1, 1): (200, 0)}

    def how(design, row):
        seats = (asking(asked[row.scenario, row.repetition]), asking(()))
        return ending(design, row, None, seats=seats)

    (curve,) = curves(design, tables_of(design, tmp_path, how))

    assert curve.strategy == "linear"
    assert curve.demands[:3] == pytest.approx((0.55, 0.45, 0.1))
    assert curve.demands[3:] == (None,) * 8
    assert curve.sessions == (4, 3, 1) + (0,) * 8


def test_a_curve_has_the_intervals_of_its_scenarios_means(tmp_path):
    scenarios = [two_parties().model_copy(update={"id": f"s{k}"}) for k in range(5)]
    design = made_design(*scenarios, strategies={"linear": "linear"})
    asked = (900, 800, 1000, 700, 600)

    def how(design, row):
        seats = (asking((asked[row.scenario], 500)), asking(()))
        return ending(design, row, None, seats=seats)

    (curve,) = curves(design, tables_of(design, tmp_path, how))

    # s = √.025, t of 4 degrees of freedom = 2.776445: .8 ± 2.776445 √.005
    assert curve.intervals[0] == pytest.approx((0.603676, 0.996324), abs=1e-6)
    assert curve.intervals[1:] == (None,) * 10  # all alike, or nothing asked for


def test_curves_leave_out_sessions_that_are_left_out_and_seats_not_under_test(tmp_path):
    design = made_design(two_parties(), seats={"tested": ["boulware"], "against": ["linear"]})

    def how(design, row):
        ended = "error" if row.number else "no-agreement"
        return ending(design, row, None, ended=ended, seats=(asking((500,)), asking((900,))))

    found = curves(design, tables_of(design, tmp_path, how))

    place = design.row(0).seats.index("boulware")
    assert [curve.strategy for curve in found] == ["boulware"]
    assert found[0].demands[0] == (0.5, 0.9)[place]
    assert found[0].sessions[0] == 1


def test_a_cloud_has_the_frontier_the_nash_outcome_and_all_agreements(tmp_path):
    design = made_design(two_parties())
    agreed = {0: 1, 1: 1, 2: 2, 3: 3}
    folder = tables_of(
        design, tmp_path, lambda design, row: ending(design, row, agreed.get(row.number))
    )

    (cloud,) = clouds(design, folder)

    third = round(1 / 3, 9)
    assert cloud.frontier == ((third, 1.0), (1.0, 0.5), (round(4 / 3, 9), -third))
    assert cloud.nash == ((1.0, 0.5),)
    assert cloud.agreed == ((0.0, third, 1), (third, 1.0, 1), (1.0, 0.5, 2))
    assert cloud.not_agreed == 5
    assert [cloud.scenario, cloud.across, cloud.up] == ["test", "A party", "A party"]


def test_a_cloud_shows_what_parties_had_where_a_text_was_not_signed(tmp_path):
    design = made_design(two_parties())
    seats = tuple(SeatEnd(utility=u, payoff=u, demands=(None,) * 11) for u in (5, 2))
    folder = tables_of(
        design, tmp_path, lambda d, row: ending(d, row, 1, seats=seats, in_force=False), [0]
    )

    (cloud,) = clouds(design, folder)

    assert cloud.agreed == ((0.5, 0.0, 1),)


def test_sessions_left_out_are_in_no_cloud(tmp_path):
    design = made_design(two_parties(), outcomes={"fallback": "left-out", "error": "left-out"})
    folder = tables_of(design, tmp_path)
    ends = [drawn(design, row) for row in design.rows()]
    kept = [one for one in ends if one.ended != "error" and one.ended != "provider"]
    by_protocol = ("agreement", "no-agreement", "walked-away")
    kept = [
        one
        for one in kept
        if one.ended not in by_protocol or not any(seat.fallbacks for seat in one.seats)
    ]

    (cloud,) = clouds(design, folder)

    assert sum(count for _, _, count in cloud.agreed) == sum(
        one.ended == "agreement" for one in kept
    )
    assert cloud.not_agreed == sum(one.ended != "agreement" for one in kept)


def test_only_two_parties_with_something_to_gain_have_a_cloud(tmp_path):
    three = listed({"A": [0, 4], "B": [4, 0], "C": [1, 1]})
    apart = listed({"A": [5, 0], "B": [0, 5]}, {"A": 3, "B": 3}).model_copy(update={"id": "apart"})
    design = made_design(three, apart, load_scenario("first-table"))

    found = clouds(design, tables_of(design, tmp_path, lambda d, row: ending(d, row, None)))

    assert [cloud.scenario for cloud in found] == ["first-table"]
    pareto = bargain(design.scenarios[2]).pareto
    assert pareto is not None
    assert len(found[0].frontier) <= len(pareto)


def test_who_cannot_gain_stands_at_nought_in_a_cloud(tmp_path):
    design = made_design(listed({"A": [5, 3], "B": [2, 2]}, {"A": 1, "B": 2}))

    (cloud,) = clouds(design, tables_of(design, tmp_path, lambda d, row: ending(d, row, 1), [0]))

    assert cloud.agreed == ((0.5, 0.0, 1),)


def test_the_leaderboard_has_every_measure_with_its_interval_and_n():
    shown = found()
    first = shown.standings[0]

    row = figure_tables(shown)["leaderboard"].row(0, named=True)

    assert row["strategy"] == first.strategy
    for name in ("advantage", "payoff", "agreed", "pareto", "nash", "joint", "product", "rounds"):
        told = getattr(first, name)
        whole = (
            told.mean,
            told.low,
            told.high,
            told.error,
            told.sessions,
            told.scenarios,
            told.method,
        )
        ends = ("mean", "low", "high", "error", "n", "scenarios", "method")
        assert tuple(row[f"{name}_{end}"] for end in ends) == whole
    assert [row["ended_agreement"], row["ended_timeout"], row["ended_error"]] == [214, 2, 0]


def test_pairs_and_names_have_rows_of_their_own():
    shown = found()
    tables = figure_tables(shown)

    assert tables["pairings"].height == len(shown.pairings)
    assert tables["differences"]["p_holm"].to_list() == [one.p_holm for one in shown.differences]
    assert tables["namings"].row(0, named=True)["difference_mean"] == 0.012


def test_curves_have_a_row_a_strategy_and_tenth():
    shown = found()
    table = figure_tables(shown)["curves"]

    assert table.height == 11 * len(shown.curves)
    assert table["time"].to_list()[:11] == [k / 10 for k in range(11)]
    assert table["demand"].to_list()[:11] == list(shown.curves[0].demands)
    assert table["sessions"].to_list()[:11] == list(shown.curves[0].sessions)
    ends = [(None, None) if one is None else one for one in shown.curves[0].intervals]
    assert table.select("low", "high").rows()[:11] == ends


def test_clouds_have_frontier_nash_outcomes_agreements_and_their_absence():
    shown = found()
    table = figure_tables(shown)["clouds"].filter(pl.col("scenario") == "first-table")
    cloud = shown.clouds[0]

    def points(what: str) -> list[tuple]:
        return table.filter(pl.col("what") == what).select("across", "up", "sessions").rows()

    assert [(x, y) for x, y, _ in points("frontier")] == list(cloud.frontier)
    assert [(x, y) for x, y, _ in points("nash")] == list(cloud.nash)
    assert points("agreed") == list(cloud.agreed)
    assert points("no-agreement") == [(0, 0, cloud.not_agreed)]


def test_games_have_a_row_a_cell_and_equilibria_one_a_side_and_strategy():
    pooled = game()
    tables = figure_tables(found(games=(pooled,)))

    cells = tables["games"]
    assert cells.height == len(pooled.rows) * len(pooled.columns)
    cell = cells.row(1, named=True)
    assert [cell["consumers"], cell["suppliers"]] == [pooled.rows[0], pooled.columns[1]]
    assert [cell["consumer_gain"], cell["supplier_gain"]] == pooled.payoffs[0, 1].tolist()
    assert cell["near"] is True
    assert cell["alpha_rank"] == 0.06
    assert cell["sessions"] == 60
    mixed = tables["equilibria"]
    assert mixed.height == 2 * len(STRATEGIES) * len(pooled.report.equilibria)
    sums = mixed.group_by("equilibrium", "side").agg(pl.col("probability").sum())
    assert sums["probability"].to_list() == pytest.approx([1.0] * sums.height)
    first = mixed.row(0, named=True)
    assert [first["regret"], first["regret_low"], first["regret_high"]] == [0, 0, 0.014]
    assert tables["supports"]["share"].to_list() == [0.71, 0.29]
    assert tables["basins"]["share"].sum() == pytest.approx(1)
    assert tables["basins"]["component"].to_list()[-1] is None


def test_paths_of_the_dynamics_have_a_row_a_step():
    shown = duel()

    table = figure_tables(found(games=(shown,)))["flow"]

    assert table.height == sum(len(path) for path in shown.flow)
    assert table.row(7) == (shown.scope, 1, 1, *shown.flow[1][1][:2])


def test_errors_that_cannot_be_known_and_cells_without_sessions_are_empty():
    unknown = game(errors=None, epsilon=None, exploitability=(), alpha_rank=(), basins=None)
    unknown.agreed[0, 0] = float("nan")

    row = figure_tables(found(games=(unknown,)))["games"].row(0, named=True)

    names = ("consumer_error", "supplier_error", "agreed", "exploitability", "alpha_rank")
    assert [row[name] for name in names] == [None] * 5


def test_an_evaluation_without_anything_has_all_tables_without_rows():
    empty = found(
        standings=(),
        differences=(),
        pairings=(),
        namings=(),
        curves=(),
        clouds=(),
        games=(),
    )

    tables = figure_tables(empty)

    assert [*tables] == [*FIGURES]
    assert all(table.height == 0 and table.width for table in tables.values())


def test_figures_are_written_as_csv_stamped_and_safe_to_open(tmp_path):
    shown = found()
    risky = replace(shown.standings[0], strategy="=cmd()", spec="+1")
    shown = replace(shown, standings=(risky,))

    write_figures(shown, Folder(tmp_path))

    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == sorted(
        f"{name}.csv" for name in FIGURES
    )
    text = (tmp_path / "figures" / "leaderboard.csv").read_text(encoding="utf-8")
    (row,) = csv.DictReader(StringIO(text))
    assert row["strategy"] == "'=cmd()"
    assert row["spec"] == "'+1"
    assert row["notice"] == NOTICE


def test_written_figures_read_back_as_they_were(tmp_path):
    shown = found()
    write_figures(shown, Folder(tmp_path))

    for name, table in figure_tables(shown).items():
        path = tmp_path / "figures" / f"{name}.csv"
        read = pl.read_csv(path, schema_overrides=dict(table.schema)).drop("notice")
        assert read.equals(table)


def test_figures_are_the_same_text_on_repeat():
    assert figure_texts(found()) == figure_texts(found())


def test_figures_that_cannot_be_written_are_told_in_a_line(tmp_path):
    (tmp_path / "figures").write_text("in the way")

    with pytest.raises(UserError, match="figures: cannot be written: "):
        write_figures(found(), Folder(tmp_path))


def spelled_out(columns: str) -> list[str]:
    """Return names that braces stand for: `{a,b}_n` is `a_n` and `b_n`."""
    inner = re.search(r"\{([^{}]*)\}", columns)
    if inner is None:
        return [columns]
    before, after = columns[: inner.start()], columns[inner.end() :]
    return [name for one in inner[1].split(",") for name in spelled_out(f"{before}{one}{after}")]


@pytest.mark.parametrize("name", FIGURES)
def test_the_page_tells_every_column_of_every_figure(name):
    page = PAGE.read_text(encoding="utf-8")
    section = page.split(f"### `figures/{name}.csv`\n", 1)[1].split("\n### ", 1)[0]
    told = section.split("\nColumns: ", 1)[1]

    listed_there = [one for names in re.findall(r"`([^`]*)`", told) for one in spelled_out(names)]

    assert listed_there == [*FIGURES[name][0]]
