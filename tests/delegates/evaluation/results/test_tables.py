"""Tables of an evaluation: what stands in them, the same bytes always, and readable without us."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from polars.exceptions import ComputeError
from polars.testing import assert_frame_equal

from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.plan import FAILURES, OutcomeClasses
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Journal, SeatEnd
from delegates.evaluation.results import tables
from delegates.evaluation.results.columns import SEATS, SESSIONS, TABLES, TIMINGS
from delegates.evaluation.results.table_rows import counted
from delegates.evaluation.results.tables import schema, write_tables
from games.bargaining.solutions import bargain
from games.errors import UserError
from games.matrices.matrix import bloc_mean, blocs, member_gains
from games.scenario import Scenario, load_scenario
from tests.delegates.evaluation.made import Kept, drawn, ending, made_design, tables_of
from tests.support.domains import listed, party, scenario
from transcripts.exports.schema import NOTICE

ROOT = Path(__file__).resolve().parents[4]
PAGE = ROOT / "docs" / "reference" / "evaluation-tables.md"


def two_parties(**more) -> Scenario:
    """Return a game of four outcomes: in gains (4/3, −1/3), (1, 1/2), (1/3, 1), (0, 1/3)."""
    return listed({"A": [10, 8, 4, 2], "B": [0, 5, 8, 4]}, {"A": 2, "B": 2}, **more)


def four_parties() -> Scenario:
    """Return a game with two consumers, of weights 3 and 1, a supplier and a processor."""
    return listed(
        {"A": [0, 4, 10], "B": [10, 4, 0], "C": [0, 4, 8], "D": [1, 2, 3]},
        parties={
            "A": {"weight": 3.0},
            "B": {"side": "consumer"},
            "C": {"side": "supplier"},
            "D": {"side": "processor"},
        },
    )


def one(design: Design, path: Path, number: int = 0, **said) -> tuple[dict, list[dict]]:
    """Return the row of one session that ended so, and the rows of its seats."""
    agreed = said.pop("agreed", None)
    folder = tables_of(design, path, lambda d, row: ending(d, row, agreed, **said), [number])
    sessions, seats = (pl.read_parquet(folder.table(name)) for name in ("sessions", "seats"))
    assert sessions.height == 1
    return sessions.row(0, named=True), seats.rows(named=True)


def test_a_session_that_agreed_stands_with_all_that_it_came_to(tmp_path):
    design = made_design(two_parties(), repetitions=2)
    number = next(row.number for row in design.rows() if row.repetition == 1)
    row = design.row(number)
    seats = (
        SeatEnd(utility=4, payoff=3, demands=(1333, 1000) + (None,) * 9, calls=2, tokens_in=10),
        SeatEnd(utility=8, payoff=5, demands=(None,) * 11, calls=1, cost_usd=0.5, fallbacks=1),
    )

    session, (first, second) = one(
        design, tmp_path, number, agreed=2, seats=seats, rounds=7, moves=13, agreed_round=6
    )

    assert session == {
        "row": number,
        "session": f"made-{design.hash[:8]}-{number:06d}",
        "scenario": "test",
        "scenario_sha256": design.shas[0],
        "names": "own",
        "repetition": 1,
        "seed": row.seed,
        "parties": 2,
        "seats": f"A={row.seats[0]} B={row.seats[1]}",
        "consumers": row.seats[0],
        "suppliers": row.seats[1],
        "ended": "agreement",
        "counted": "as-it-ended",
        "agreed": True,
        "outcome": 2,
        "agreement": '{"deal": "o2"}',
        "in_force": None,
        "agreed_round": 6,
        "rounds": 7,
        "moves": 13,
        "pareto": 1.0,
        "nash": pytest.approx(0.254644007),
        "joint": pytest.approx(8 / 9),
        "product": pytest.approx(2 / 3),
        "consumer_gain": pytest.approx(1 / 6),
        "supplier_gain": pytest.approx(0.5),
        "calls": 3,
        "tokens_in": 10,
        "tokens_out": 0,
        "tokens_cached": 0,
        "cost_usd": 0.5,
        "fallbacks": 1,
        "unusable": 0,
    }
    assert first["others"] == second["strategy"] == row.seats[1]
    assert first["spec"] == design.specs[row.seats[0]]
    assert [first["party"], first["side"], first["tested"]] == ["A", "consumer", True]
    assert [second["party"], second["side"]] == ["B", "supplier"]
    assert [first["utility"], first["payoff"], first["reservation"], first["best"]] == [4, 3, 2, 8]
    assert [first["advantage"], first["gain"]] == pytest.approx([1 / 3, 1 / 6])
    assert [second["advantage"], second["gain"]] == pytest.approx([1, 0.5])
    assert [first[f"demand_{k}"] for k in range(3)] == [1.333, 1.0, None]
    assert all(second[f"demand_{k}"] is None for k in range(11))
    assert [second["calls"], second["cost_usd"], second["fallbacks"]] == [1, 0.5, 1]


def test_no_agreement_is_worth_the_reservation_value_and_is_counted(tmp_path):
    session, seats = one(made_design(two_parties()), tmp_path)

    assert [session["agreed"], session["counted"]] == [False, "as-it-ended"]
    assert [session[name] for name in ("outcome", "agreement", "agreed_round")] == [None] * 3
    measures = ("pareto", "nash", "joint", "product", "consumer_gain", "supplier_gain")
    assert [session[name] for name in measures] == pytest.approx([0] * 6)
    assert [seat["utility"] for seat in seats] == [2, 2]
    assert [seat[name] for seat in seats for name in ("advantage", "gain")] == [0] * 4


@pytest.mark.parametrize("ended", FAILURES)
@pytest.mark.parametrize("treatment", ["as-it-ended", "no-agreement", "left-out"])
def test_failures_enter_the_means_as_the_plan_says(tmp_path, ended, treatment):
    design = made_design(two_parties(), outcomes={ended: treatment})

    session, seats = one(design, tmp_path, ended=ended)

    is_left_out = treatment == "left-out"
    nothing = None if is_left_out else 0
    assert [session["ended"], session["counted"]] == [ended, treatment]
    assert session["agreed"] is (None if is_left_out else False)
    assert [session[name] for name in ("joint", "product", "consumer_gain")] == [nothing] * 3
    assert [seat["gain"] for seat in seats] == [nothing] * 2
    assert [seat["utility"] for seat in seats] == [None if is_left_out else 2] * 2
    assert [seat["agreed"] for seat in seats] == [session["agreed"]] * 2


def test_classes_of_a_plan_are_all_told_apart():
    classes = OutcomeClasses(
        timeout="left-out", provider="no-agreement", error="as-it-ended", refused="left-out"
    )
    design = made_design(two_parties())
    found = [counted(classes, ending(design, design.row(0), None, ended=e)) for e in FAILURES]

    assert found == ["left-out", "no-agreement", "as-it-ended", "left-out"]


@pytest.mark.parametrize(
    ("treatment", "agreed", "gain"),
    [("as-it-ended", True, 1.0), ("no-agreement", False, 0.0), ("left-out", None, None)],
)
def test_sessions_in_which_a_fallback_mind_moved_enter_as_the_plan_says(
    tmp_path, treatment, agreed, gain
):
    design = made_design(two_parties(), outcomes={"fallback": treatment})
    seats = (
        SeatEnd(utility=8, payoff=8, demands=(None,) * 11),
        SeatEnd(utility=5, payoff=5, demands=(None,) * 11, fallbacks=2),
    )

    session, (first, _) = one(design, tmp_path, agreed=1, seats=seats)

    assert [session["counted"], session["agreed"]] == [treatment, agreed]
    assert [session["consumer_gain"], first["gain"], session["nash"]] == [gain] * 3
    # What happened stands there all the same.
    assert [session["ended"], session["outcome"], session["fallbacks"]] == ["agreement", 1, 2]


def test_a_failure_with_fallbacks_counts_as_its_failure_does():
    design = made_design(two_parties())
    failed = ending(
        design,
        design.row(0),
        None,
        ended="timeout",
        seats=(SeatEnd(utility=2, payoff=2, demands=(None,) * 11, fallbacks=1),) * 2,
    )

    assert counted(OutcomeClasses(timeout="no-agreement", fallback="left-out"), failed) == (
        "no-agreement"
    )


def test_measures_follow_what_parties_had_where_that_is_not_the_outcome(tmp_path):
    seats = tuple(SeatEnd(utility=u, payoff=u, demands=(None,) * 11) for u in (2, 4))

    session, _ = one(made_design(two_parties()), tmp_path, agreed=2, seats=seats, in_force=False)

    # A text adopted and signed by nobody: gains of (0, 1/3), as outcome d has.
    assert session["outcome"] == 2
    assert session["in_force"] is False
    assert session["pareto"] == pytest.approx(1 - 1 / np.sqrt(2))
    assert session["product"] == 0


def test_blocs_gain_the_weighted_mean_of_their_members(tmp_path):
    game = four_parties()
    design = made_design(game, seats={"many": "blocs", "fixed": "linear"})
    row = next(row for row in design.rows() if row.seats[0] != row.seats[2])
    consumers, _ = blocs(game)

    session, seats = one(design, tmp_path, row.number, agreed=1)

    assert [session["consumers"], session["suppliers"]] == [row.seats[0], row.seats[2]]
    gains = member_gains(game, np.array([own.utility(1) for own in game.preferences]))
    assert session["consumer_gain"] == pytest.approx(bloc_mean(game, consumers, gains))
    assert session["consumer_gain"] == pytest.approx((3 * 0.4 + 0.4) / 4)
    assert session["supplier_gain"] == pytest.approx(0.5)
    assert [seat["side"] for seat in seats] == ["consumer", "consumer", "supplier", "processor"]
    assert seats[1]["others"] == " ".join((row.seats[0], *row.seats[2:]))


def test_blocs_of_different_strategies_are_not_named(tmp_path):
    design = made_design(four_parties())
    row = next(row for row in design.rows() if row.seats[0] != row.seats[1])

    session, _ = one(design, tmp_path, row.number, agreed=1)

    assert [session["consumers"], session["suppliers"]] == [None, row.seats[2]]


def test_without_a_side_there_are_no_blocs(tmp_path):
    design = made_design(two_parties(parties={"B": {"side": "consumer"}}))

    session, _ = one(design, tmp_path, agreed=1)

    names = ("consumers", "suppliers", "consumer_gain", "supplier_gain")
    assert [session[name] for name in names] == [None] * 4


def test_who_cannot_gain_has_no_advantage_and_its_bloc_no_gain(tmp_path):
    design = made_design(listed({"A": [5, 3], "B": [2, 2]}, {"A": 1, "B": 2}))

    session, (first, second) = one(design, tmp_path, agreed=1)

    assert [first["advantage"], first["best"]] == [0.5, 5]
    assert [second["advantage"], second["gain"], second["best"]] == [None, None, 2]
    assert [session["consumer_gain"], session["supplier_gain"]] == [0.5, None]
    assert session["joint"] == 0.5


def test_costs_that_are_not_known_make_no_sum(tmp_path):
    seats = (
        SeatEnd(utility=2, payoff=2, demands=(None,) * 11, cost_usd=None),
        SeatEnd(utility=2, payoff=2, demands=(None,) * 11, cost_usd=1.0),
    )

    session, (first, second) = one(made_design(two_parties()), tmp_path, seats=seats)

    assert [session["cost_usd"], first["cost_usd"], second["cost_usd"]] == [None, None, 1.0]


def test_timings_hold_what_differs_from_run_to_run(tmp_path):
    design = made_design(two_parties())
    said = {"seconds": 1.5, "retries": 2, "lost_tokens": 30, "lost_cost_usd": 0.25}
    folder = tables_of(
        design,
        tmp_path,
        lambda d, row: ending(d, row, None, transcript="transcripts/x.jsonl", **said),
        [3],
    )

    assert pl.read_parquet(folder.table("timings")).row(0, named=True) == {
        "row": 3,
        "session": design.session(3),
        "at": "2026-02-04T00:00:00Z",
        "transcript": "transcripts/x.jsonl",
        "program": "0",
        "problem": "",
        **said,
    }


def mixed_design() -> Design:
    """Return a design of two, three and four parties."""
    return made_design(
        two_parties(),
        load_scenario("first-table"),
        four_parties().model_copy(update={"id": "four"}),
        load_scenario("greenland-linkage"),
        repetitions=3,
    )


def test_rows_stand_in_the_order_of_the_plan_and_every_seat_is_there(tmp_path):
    design = mixed_design()

    folder = tables_of(design, tmp_path)

    sessions, seats, timings = (pl.read_parquet(folder.table(name)) for name in TABLES)
    assert sessions["row"].to_list() == timings["row"].to_list() == list(range(len(design)))
    expected = [
        (row.number, party)
        for row in design.rows()
        for party in design.scenarios[row.scenario].parties
    ]
    assert list(zip(seats["row"], seats["party"], strict=True)) == expected
    assert seats["session"].to_list() == [design.session(number) for number, _ in expected]


def test_rows_of_seats_are_those_that_slow_and_plain_code_makes(tmp_path):
    design = mixed_design()
    folder = tables_of(design, tmp_path)
    found = pl.read_parquet(folder.table("seats")).rows(named=True)

    for seat in found:
        row = design.row(seat["row"])
        scenario = design.scenarios[row.scenario]
        place = scenario.ids.index(seat["party"])
        end, own = drawn(design, row).seats[place], scenario.preferences[place]
        room = bargain(scenario).best[place] - own.reservation
        is_left_out = seat["counted"] == "left-out"
        assert seat["strategy"] == row.seats[place]
        assert seat["utility"] == (None if is_left_out else end.utility)
        assert (seat["gain"] is None) == (is_left_out or room <= 1e-9)
        assert is_left_out or seat["gain"] == pytest.approx((end.payoff - own.reservation) / room)
        assert [seat[f"demand_{k}"] for k in range(11)] == [
            None if one is None else one / 1000 for one in end.demands
        ]
        assert [seat["tokens_in"], seat["cost_usd"]] == [end.tokens_in, end.cost_usd]


def test_tables_are_the_same_bytes_whatever_the_order_of_the_journal(tmp_path):
    design = mixed_design()
    ended = [drawn(design, row) for row in design.rows()]
    written: list[list[bytes]] = []
    for name in ("one", "two"):
        Random(name).shuffle(ended)
        with Journal(tmp_path / name, writes=True) as journal:
            journal.keep(*ended)
            folder = Folder(tmp_path / f"{name}.d")
            write_tables(design, folder, journal)
        written.append([folder.table(table).read_bytes() for table in TABLES])

    assert written[0] == written[1]


def test_tables_are_the_same_bytes_however_many_sessions_are_looked_at_together(
    tmp_path, monkeypatch
):
    design = mixed_design()
    written: list[list[bytes]] = []
    for most in (1, 50, 4000):
        monkeypatch.setattr(tables, "MOST_SEATS", most)
        folder = tables_of(design, tmp_path / str(most))
        written.append([folder.table(table).read_bytes() for table in TABLES])

    assert written[0] == written[1] == written[2]


SCRIPT = """
import sys
from pathlib import Path
from tests.delegates.evaluation.made import tables_of
from tests.delegates.evaluation.results.test_tables import mixed_design
tables_of(mixed_design(), Path(sys.argv[1]))
"""


@pytest.mark.timeout(120)
def test_tables_are_the_same_bytes_on_any_number_of_threads(tmp_path):
    written: list[list[bytes]] = []
    for threads in ("1", "2", "5"):
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path / threads)],
            cwd=ROOT,
            env={**os.environ, "POLARS_MAX_THREADS": threads},
            check=True,
        )
        folder = Folder(tmp_path / threads)
        written.append([folder.table(table).read_bytes() for table in TABLES])

    assert written[0] == written[1] == written[2]


def test_sessions_that_have_not_ended_are_not_there(tmp_path):
    design = made_design(two_parties(), repetitions=3)

    folder = tables_of(design, tmp_path, numbers=[0, 4, 17])

    assert pl.read_parquet(folder.table("sessions"))["row"].to_list() == [0, 4, 17]
    assert pl.read_parquet(folder.table("seats"))["row"].to_list() == [0, 0, 4, 4, 17, 17]


def test_before_any_session_has_ended_there_are_tables_without_rows(tmp_path):
    folder = tables_of(made_design(two_parties()), tmp_path, numbers=[])

    for name in TABLES:
        frame = pl.read_parquet(folder.table(name))
        assert frame.height == 0
        assert dict(frame.schema) == schema(name)


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_those_of_the_schema_also_where_all_of_one_is_missing(tmp_path, name):
    folder = tables_of(made_design(two_parties()), tmp_path, lambda d, row: ending(d, row, None))

    assert dict(pl.read_parquet_schema(folder.table(name))) == schema(name)


@pytest.mark.parametrize("name", TABLES)
def test_tables_read_alike_by_polars_pandas_and_duckdb(tmp_path, name):
    folder = tables_of(mixed_design(), tmp_path)
    path = folder.table(name)

    ours = pl.read_parquet(path)
    by_pandas = pd.read_parquet(path)
    connection = duckdb.connect()
    by_duckdb = connection.execute("SELECT * FROM read_parquet(?) ORDER BY row", [str(path)])

    assert list(by_pandas.columns) == ours.columns
    assert_frame_equal(pl.from_pandas(by_pandas), ours, check_dtypes=False, check_exact=True)
    names = [column[0] for column in by_duckdb.description]
    assert names == ours.columns
    rows = by_duckdb.fetchall()
    key = ["row"] if name != "seats" else ["row", "party"]
    theirs = pl.DataFrame(rows, schema=ours.schema, orient="row").sort(key)
    assert_frame_equal(theirs, ours.sort(key), check_exact=True)


def test_files_say_that_this_is_a_simulation_and_of_which_plan(tmp_path):
    design = made_design(two_parties())
    folder = tables_of(design, tmp_path)

    about = pl.read_parquet_metadata(folder.table("seats"))

    assert about["minilateral.notice"] == NOTICE
    assert about["minilateral.table"] == "seats"
    assert about["minilateral.plan_sha256"] == design.hash


def test_an_outcome_is_told_in_letters_of_any_script(tmp_path):
    options = ["Übergang", "钨", "a b", "=1"]
    points = [dict(zip(options, worth, strict=True)) for worth in ([3, 2, 1, 0], [0, 1, 2, 3])]
    parties = {name: party({"deal": own}) for name, own in zip("AB", points, strict=True)}
    design = made_design(scenario({"deal": options}, parties))

    session, _ = one(design, tmp_path, agreed=1)

    assert session["agreement"] == '{"deal": "钨"}'
    assert json.loads(session["agreement"]) == {"deal": "钨"}


class Breaking(Kept):
    """A journal in which reading fails after some sessions."""

    def in_order(self, design):
        for number, found in enumerate(super().in_order(design)):
            if number == 5:
                raise OSError(5, "Input/output error")
            yield found


def test_a_run_that_breaks_off_leaves_the_tables_that_were_there(tmp_path):
    design = made_design(two_parties())
    folder = tables_of(design, tmp_path, numbers=[0, 1])
    before = {name: folder.table(name).read_bytes() for name in TABLES}

    with pytest.raises(UserError, match="tables cannot be written: Input/output error"):
        write_tables(design, folder, Breaking(drawn(design, row) for row in design.rows()))

    assert {name: folder.table(name).read_bytes() for name in TABLES} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"{name}.parquet" for name in TABLES
    )


def test_what_a_killed_run_left_is_swept_away(tmp_path):
    design = made_design(two_parties())
    left = tmp_path / "seats.parts"
    left.mkdir()
    (left / "00000009.parquet").write_bytes(b"half a file")

    folder = tables_of(design, tmp_path)

    assert pl.read_parquet(folder.table("seats")).height == 2 * len(design)
    assert not left.exists()


@pytest.mark.parametrize(
    ("name", "columns"), [("sessions", SESSIONS), ("seats", SEATS), ("timings", TIMINGS)]
)
def test_the_page_tells_every_column(name, columns):
    lines = ["| column | type | unit | meaning |", "|---|---|---|---|"]
    lines += [f"| `{c.name}` | {c.kind} | {c.unit} | {c.meaning} |" for c in columns]

    assert "\n".join(lines) in PAGE.read_text(encoding="utf-8")
    assert f"### `{name}`" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EACCES])
def test_a_header_that_could_not_be_written_is_told_as_the_system_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    """Polars keeps to itself what the system said; it was a traceback."""

    def refuses(*_: object) -> int:
        raise OSError(error, os.strerror(error))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuses)
        assert tables._reason(UNSAID, Folder(tmp_path)) == os.strerror(error)
    assert [*tmp_path.iterdir()] == []


def test_a_header_that_the_system_takes_after_all_is_told_as_polars_tells_it(
    tmp_path: Path,
) -> None:
    assert "a header could not be written" in str(tables._reason(UNSAID, Folder(tmp_path)))
    assert tables._reason(ComputeError("something else"), Folder(tmp_path)) is None
    assert [*tmp_path.iterdir()] == []


UNSAID = ComputeError("parquet: File out of specification: Invalid thrift: transport error")
