"""All findings together, and what a reader is told beside them."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from delegates.evaluation.judging.caveats import caveats_of
from delegates.evaluation.judging.findings import found
from delegates.evaluation.judging.found import Found
from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Finished
from tests.delegates.evaluation.judging.test_standings import (
    ALL,
    HALF,
    NOTHING,
    TWO,
    by_hand,
    shares,
)
from tests.delegates.evaluation.made import drawn, ending, made_design, tables_of
from tests.support.domains import listed

LOSS = 0
"""The outcome that takes the first party below its reservation value."""


def noted(result: Found, words: str) -> str:
    """Return the one note that has these words."""
    (note,) = [note for note in result.notes if words in note]
    return note


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> tuple[Design, Folder]:
    design = made_design(*shares(6), strategies=TWO, repetitions=3, question="Which is better?")
    return design, tables_of(design, tmp_path_factory.mktemp("six"), by_hand)


@pytest.fixture(scope="module")
def result(six: tuple[Design, Folder]) -> Found:
    return found(*six)


def test_everything_is_found_at_once(result: Found):
    assert (result.plan, result.title, result.question) == (
        "made",
        "made by hand",
        "Which is better?",
    )
    assert (result.planned, result.sessions, result.left_out, result.fallback) == (72, 72, 0, 0)
    assert result.ended == {"agreement": 54, "no-agreement": 18}
    assert [one.strategy for one in result.standings] == ["x", "y"]
    assert [(one.first, one.second) for one in result.differences] == [("x", "y")]
    assert len(result.pairings) == 4
    assert [one.strategy for one in result.curves] == ["x", "y"]
    assert [one.scenario for one in result.clouds] == [f"s{number}" for number in range(6)]
    assert result.games[0].scope == "pooled"
    assert "six" in result.methods or "6" in result.methods
    json.dumps([one.as_json() for one in result.standings])
    json.dumps([one.as_json() for one in result.games])


def test_what_is_found_is_the_same_again(result: Found, six: tuple[Design, Folder]):
    first, second = result, found(*six)

    assert first.standings == second.standings
    assert first.differences == second.differences
    assert first.notes == second.notes
    assert [one.as_json() for one in first.games] == [one.as_json() for one in second.games]


def test_repetitions_of_the_same_session_are_called_no_evidence(result: Found):
    note = noted(result, "repetitions")

    # Each of two strategies in each of two seats, six scenarios.
    assert note.startswith("In 24 of 24 seatings that were played several times all sessions came")


def test_repetitions_of_three_parties_are_looked_at_as_well(tmp_path: Path):
    """Every session of the first consumer's x ends alike, the others by how often they came."""

    def how(design: Design, row: Row) -> Finished:
        return ending(design, row, HALF if row.seats[0] == "x" else (HALF, ALL)[row.repetition])

    trio = listed({"A": [-90, 50, 100], "B": [100, 50, 0], "C": [1, 1, 1]}, id="trio")
    seats = {"many": "one", "fixed": "x"}
    design = made_design(trio, strategies=TWO, repetitions=2, seats=seats)
    result = found(design, tables_of(design, tmp_path, how))

    # x in all seats, and y in each of three.
    assert noted(result, "seatings").startswith("In 3 of 4 seatings")


def test_where_nobody_can_gain_it_is_said(tmp_path: Path):
    none = listed({"A": [-1, 1], "B": [1, -1]}, id="apart")
    one = listed({"A": [0, 1], "B": [0, 0]}, id="idle")
    design = made_design(*shares(2), none, one, strategies=TWO)
    result = found(design, tables_of(design, tmp_path, lambda d, row: ending(d, row, None)))

    assert (
        result.undefined
        == result.caveats
        == (
            (
                "In apart nobody can gain by an outcome that all would accept: advantage is not "
                "defined there, and sessions count in agreement and rounds only."
            ),
            (
                "By no outcome that all would accept can these gain: B in idle. Advantage is not "
                "defined in their seats."
            ),
        )
    )
    # What is said of it holds.
    cells = pl.read_parquet(Folder(tmp_path).table("sessions")).filter(
        pl.col("scenario") == "apart"
    )
    assert all(cells[name].is_null().all() for name in ("pareto", "nash", "joint", "product"))
    assert all(cells[name].is_not_null().all() for name in ("agreed", "rounds"))


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        ({}, None),
        ({"tested": ["x"]}, None),
        ({"self_play": False}, "No strategy met itself, and so each met others than the next"),
        ({"self_play": False, "against": ["x", "y"], "tested": ["z"]}, None),
        (
            {"self_play": False, "tested": ["x", "z"], "against": ["x", "y"]},
            "Strategies met different opponents, as the plan has it",
        ),
    ],
)
def test_that_strategies_met_different_opponents_is_said(
    seats: dict[str, object], said: str | None
):
    told = caveats_of(made_design(*shares(1), strategies={**TWO, "z": "conceder"}, seats=seats))

    end = ": means differ by whom they met as well as by what they did."
    assert told == (() if said is None else (said + end,))


def test_in_latin_squares_nobody_meets_itself():
    trio = listed({"A": [0, 50, 100], "B": [100, 50, 0], "C": [1, 1, 1]}, id="trio")
    three = {**TWO, "z": "conceder"}

    (told,) = caveats_of(made_design(trio, *shares(1), strategies=three))

    assert told.startswith("In trio no strategy met itself, and so each met others than the next:")
    # With fewer strategies than seats each sits beside itself as well.
    assert caveats_of(made_design(trio, strategies=TWO)) == ()
    assert (
        caveats_of(
            made_design(trio, strategies=three, seats={"tested": ["x", "y"], "against": ["z"]})
        )
        == ()
    )


def test_an_embedded_model_is_no_measure_of_models():
    design = made_design(*shares(1), strategies={"x": "firm", "y": "llm:local"})

    (told,) = caveats_of(design)

    assert told.startswith("y: decided by the embedded model, which does not negotiate")
    assert caveats_of(made_design(*shares(1), strategies={"x": "firm", "y": "llm:gpt"})) == ()


def test_a_rate_alike_in_all_scenarios_is_explained(result: Found):
    assert noted(result, "agreement rate").startswith("x and y: the agreement rate")


def test_who_is_told_apart_is_said(result: Found):
    assert noted(result, "stands first") == (
        "x stands first, and is told apart from every other strategy at 5 % (paired differences, "
        "Holm)."
    )


def test_who_is_not_told_apart_is_named(tmp_path: Path):
    """x takes all when it opens in every other scenario, else y does: by and large they are even,
    and z never agrees."""

    def how(design: Design, row: Row) -> Finished:
        if "z" in row.seats:
            return ending(design, row, None)
        if row.seats[0] == row.seats[1]:
            return ending(design, row, HALF)
        is_first = (row.seats[0] == "x") == (row.scenario % 2 == 0)
        return ending(design, row, ALL if is_first else NOTHING)

    design = made_design(*shares(7), strategies={**TWO, "z": "conceder"})
    result = found(design, tables_of(design, tmp_path, how))

    assert noted(result, "stands first").startswith("x stands first, but is not told apart from y:")


def test_below_five_scenarios_the_reader_is_told_why_there_is_no_interval(tmp_path: Path):
    design = made_design(*shares(4), strategies=TWO, repetitions=2)
    result = found(design, tables_of(design, tmp_path, by_hand))

    assert "4 scenarios cannot tell how much" in noted(result, "No interval")
    assert not [note for note in result.notes if "stands first" in note]


def test_what_is_left_out_and_what_failed_is_told(tmp_path: Path):
    def how(design: Design, row: Row) -> Finished:
        if row.number % 4 == 0:
            return ending(design, row, None, ended="provider", problem="gone")
        return by_hand(design, row)

    design = made_design(*shares(5), strategies=TWO)
    result = found(design, tables_of(design, tmp_path, how))

    assert result.left_out == 5
    assert result.ended["provider"] == 5
    assert noted(result, "left out") == (
        "5 of 20 sessions are left out of the means, as the plan says (5 provider)."
    )
    assert "10 of 20 seats are of sessions that failed" in noted(result, "x: ")


def test_what_a_fallback_left_out_is_told_by_its_cause(tmp_path: Path):
    def how(design: Design, row: Row) -> Finished:
        ended = by_hand(design, row)
        if row.number % 4 == 1:
            first = ended.seats[0].model_copy(update={"fallbacks": 1})
            return ended.model_copy(update={"seats": (first, *ended.seats[1:])})
        return ended

    design = made_design(*shares(5), strategies=TWO, outcomes={"fallback": "left-out"})
    result = found(design, tables_of(design, tmp_path / "several", how))
    few = found(design, tables_of(design, tmp_path / "one", how, range(4)))

    assert noted(result, "left out") == (
        "5 of 20 sessions are left out of the means, as the plan says (5 with a fallback)."
    )
    assert noted(few, "left out") == (
        "1 of 4 sessions is left out of the means, as the plan says (1 with a fallback)."
    )


def test_several_versions_and_missing_sessions_are_told(tmp_path: Path):
    def how(design: Design, row: Row) -> Finished:
        return by_hand(design, row).model_copy(update={"program": f"0.{row.number % 2}"})

    design = made_design(*shares(5), strategies=TWO)
    result = found(design, tables_of(design, tmp_path, how, range(12)))

    assert noted(result, "several versions").endswith("0.0 and 0.1.")
    assert noted(result, "not played").startswith("8 of 20 planned sessions")


def test_sessions_drawn_by_lot_are_found_with_every_class(tmp_path: Path):
    design = made_design(*shares(6), repetitions=4)
    result = found(design, tables_of(design, tmp_path, drawn))

    assert sum(result.ended.values()) == result.sessions == len(design)
    assert result.fallback > 0
    assert result.cost_usd is None
    assert all(one.advantage.low is not None for one in result.standings)


def test_an_evaluation_of_nothing_is_still_found(tmp_path: Path):
    design = made_design(*shares(5), strategies=TWO)
    result = found(design, tables_of(design, tmp_path, by_hand, ()))

    assert result.sessions == 0
    assert [one.advantage.mean for one in result.standings] == [None, None]
    assert noted(result, "not played").startswith("20 of 20")
    assert len(result.notes) == 1


def test_what_lies_outside_the_range_and_what_is_alike_is_told(tmp_path: Path):
    """y signs below its reservation value in one scenario: x has more than it could in the ZOPA."""

    def how(design: Design, row: Row) -> Finished:
        if row.seats == ("y", "x") and row.scenario == 0:
            return ending(design, row, LOSS)
        return ending(design, row, HALF)

    scenarios = [
        listed({"A": [-90, 50, 100], "B": [100, 50, 0]}, id=f"s{number}") for number in range(5)
    ]
    seats = {"self_play": False}
    design = made_design(*scenarios, strategies=TWO, seats=seats)
    result = found(design, tables_of(design, tmp_path, how))

    assert noted(result, "outside 0 to 1") == (
        "x: a mean advantage lies outside 0 to 1 in some scenario, as somebody signed below a "
        "reservation value, or a shock, a side deal or a broken vow changed what somebody had; the "
        "interval is Student's t."
    )
    assert {one.strategy: one.advantage.method for one in result.standings} == {
        "x": "t",
        "y": "score",
    }


def test_an_advantage_alike_in_all_scenarios_is_explained(tmp_path: Path):
    design = made_design(*shares(5), strategies=TWO)
    result = found(design, tables_of(design, tmp_path, lambda d, row: ending(d, row, HALF)))

    assert noted(result, "the advantage is the same").startswith("x and y:")
    assert result.differences[0].p == 1
    assert result.differences[0].advantage.low is None
    assert "not told apart" in noted(result, "stands first")


def test_of_an_advantage_alike_outside_the_range_no_interval_is_told(tmp_path: Path):
    scenarios = [
        listed({"A": [-290, 50, 100], "B": [100, 50, 0]}, id=f"s{number}") for number in range(5)
    ]
    design = made_design(*scenarios, strategies=TWO, seats={"self_play": False})

    def how(design: Design, row: Row) -> Finished:
        return ending(design, row, LOSS if row.seats == ("y", "x") else HALF)

    result = found(design, tables_of(design, tmp_path, how))
    stood = {one.strategy: one.advantage for one in result.standings}

    assert (stood["y"].method, stood["y"].low) == ("alike", None)
    assert noted(result, "y: the advantage is the same in every scenario").endswith(
        "as it lies outside 0 to 1, there is no interval."
    )
