"""What is gathered from the tables is what plain counting over the sessions gives."""

from collections import defaultdict
from statistics import mean

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.plan import CLASSES, Ended
from delegates.evaluation.results import gather
from delegates.evaluation.results.gather import ended_sessions, seat_means
from games.scenario import load_scenario
from tests.delegates.evaluation.made import drawn, ending, made_design, tables_of
from tests.support.domains import listed

PLACE = ("scenario", "names", "strategy", "others", "party", "side", "tested")
"""By what cells are told apart here."""


def a_design() -> Design:
    """Return a design of a negotiation of two and one of three."""
    three = listed({"A": [0, 4, 9], "B": [9, 5, 0], "C": [1, 3, 2]})
    return made_design(load_scenario("first-table"), three, repetitions=12)


def plain_cells(folder) -> dict[tuple, list[dict]]:
    """Return the seats of each cell, each with what its session came to, the slow way."""
    sessions = {
        row["row"]: row for row in pl.read_parquet(folder.table("sessions")).iter_rows(named=True)
    }
    cells: dict[tuple, list[dict]] = defaultdict(list)
    for seat in pl.read_parquet(folder.table("seats")).iter_rows(named=True):
        session = sessions[seat["row"]]
        others = seat["others"] if session["parties"] == 2 else ""
        place = {**seat, "others": others}
        shares = ("pareto", "nash", "joint", "product", "rounds")
        cells[tuple(place[name] for name in PLACE)].append(
            seat | {name: session[name] for name in shares}
        )
    return cells


def test_cells_of_seats_are_those_of_plain_counting(tmp_path):
    folder = tables_of(a_design(), tmp_path)
    cells = plain_cells(folder)

    found = seat_means(folder, PLACE).rows(named=True)

    assert [tuple(row[name] for name in PLACE) for row in found] == sorted(cells)
    for row in found:
        seats = cells[tuple(row[name] for name in PLACE)]
        counted = [seat for seat in seats if seat["counted"] != "left-out"]
        assert row["sessions"] == len(seats)
        assert row["left_out"] == len(seats) - len(counted)
        for name in ("advantage", "gain", "agreed", "pareto", "nash", "joint", "product", "rounds"):
            values = [float(one[name]) for one in counted if one[name] is not None]
            assert row[f"{name}_n"] == len(values)
            assert row[f"{name}_mean"] == pytest.approx(mean(values), abs=1e-11)
        assert row["tokens_in"] == sum(seat["tokens_in"] for seat in seats)
        costs = [seat["cost_usd"] for seat in seats]
        assert row["cost_usd"] == (None if None in costs else pytest.approx(sum(costs)))
        assert [row[f"ended_{name}"] for name in CLASSES] == [
            sum(seat["ended"] == name for seat in seats) for name in CLASSES
        ]
        assert row["ended_fallback"] == sum(seat["fallbacks"] > 0 for seat in seats)


@pytest.mark.parametrize("block", [1, 7, 100])
def test_cells_are_the_same_however_many_sessions_are_looked_at_together(
    tmp_path, monkeypatch, block
):
    folder = tables_of(a_design(), tmp_path)
    whole = seat_means(folder, PLACE)
    monkeypatch.setattr(gather, "BLOCK", block)

    assert_frame_equal(seat_means(folder, PLACE), whole, check_exact=False, abs_tol=1e-11)


def test_before_any_session_has_ended_there_are_no_cells(tmp_path):
    folder = tables_of(a_design(), tmp_path, numbers=[])

    assert seat_means(folder, PLACE).height == 0
    assert ended_sessions(folder) == {}


def test_cells_can_be_coarser(tmp_path):
    folder = tables_of(a_design(), tmp_path)

    found = seat_means(folder, ("strategy",))

    assert found["strategy"].to_list() == ["boulware", "conceder", "linear"]
    assert found["sessions"].sum() == pl.read_parquet(folder.table("seats")).height


def test_a_cell_of_sessions_left_out_has_no_mean(tmp_path):
    design = made_design(load_scenario("first-table"))
    folder = tables_of(design, tmp_path, lambda d, row: ending(d, row, None, ended="error"), [0])

    found = seat_means(folder, PLACE)

    assert found["left_out"].to_list() == [1, 1]
    for name in ("advantage", "agreed", "rounds", "nash"):
        assert found[f"{name}_n"].to_list() == [0, 0]
        assert found[f"{name}_mean"].to_list() == [None, None]


def test_sessions_are_counted_by_how_they_ended(tmp_path):
    design = a_design()
    folder = tables_of(design, tmp_path)
    ends = [drawn(design, row) for row in design.rows()]
    by_class: dict[Ended, int] = {name: sum(one.ended == name for one in ends) for name in CLASSES}

    found = ended_sessions(folder)

    fallback = found.pop("fallback")
    assert found == {name: count for name, count in by_class.items() if count}
    assert [*found] == [name for name in CLASSES if by_class[name]]
    assert fallback == sum(any(seat.fallbacks for seat in one.seats) for one in ends)


def test_classes_that_did_not_occur_are_not_told(tmp_path):
    design = made_design(load_scenario("first-table"))
    folder = tables_of(design, tmp_path, lambda d, row: ending(d, row, None))

    assert ended_sessions(folder) == {"no-agreement": 9}
