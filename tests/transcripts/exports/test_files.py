"""Tables of sessions: whole, the same on repeat, safe to open, and true to the transcript."""

import csv
import gc
import json
import shutil
import weakref
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates import negotiate
from games.errors import TranscriptError
from games.scenario import parse_scenario
from tests.delegates.sessions import MINI, forged
from tests.transcripts.exports.page import schema_table
from transcripts.events import MoveMade, Opened, PlannedShock
from transcripts.exports import TABLES, Table, write_tables
from transcripts.exports.files import FORMULA, guard, table_bytes, unguard
from transcripts.exports.rows import MOST_SCENARIOS, Scenarios, Session, read_session, rows
from transcripts.exports.schema import NOTICE
from transcripts.store import write_linked

DATA = Path(__file__).resolve().parents[1] / "data"
GOLDEN = sorted(DATA.glob("format_*.jsonl"))
PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "exports.md"
TABLE_NAMES: tuple[Table, ...] = tuple(TABLES)

HOSTILE = [
    "=HYPERLINK(\"http://evil\")",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "＝1",
    "'=1",
    "''",
    "'",
    "",
    "plain",
    "a,b\n\"c\"",
]  # fmt: skip


def read_parquet(table: Table, paths: list[Path]) -> pl.DataFrame:
    sessions = [read_session(path) for path in paths]
    return pl.read_parquet(BytesIO(table_bytes(table, sessions, "parquet")))


def written(path: Path, words: str, seed: int = 1) -> Path:
    """Write a session of one move with these words."""
    scenario = parse_scenario(MINI)
    seats = {party: {"spec": "linear", "decides": "linear", "words": "x"} for party in scenario.ids}
    opened = Opened.model_validate(
        {
            "program": "p",
            "session": "s-1",
            "scenario": json.loads(scenario.canonical()),
            "seats": seats,
            "seed": seed,
        }
    )
    outcome = scenario.space.outcome(0)
    party = scenario.ids[0]
    moved = MoveMade(turn=0, round=0, party=party, act="offer", outcome=outcome, words=words)
    write_linked(path, [opened, moved])
    return path


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_the_page_and_the_tables_have_the_same_columns(table: Table) -> None:
    assert f"### `{table}`\n" in PAGE.read_text()
    assert schema_table(table) in PAGE.read_text()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("table", TABLE_NAMES)
def test_rows_of_every_format_have_the_columns_of_the_schema(path: Path, table: Table) -> None:
    found = list(rows(table, read_session(path)))

    names = [column.name for column in TABLES[table]]
    kinds = {"text": str, "integer": int, "number": (int, float), "truth": bool}
    assert found
    assert all(list(row) == names for row in found)
    for column in TABLES[table]:
        values = [row[column.name] for row in found if row[column.name] is not None]
        assert all(isinstance(value, kinds[column.kind]) for value in values)


@pytest.mark.parametrize("form", ["parquet", "csv"])
@pytest.mark.parametrize("table", TABLE_NAMES)
def test_the_same_transcripts_make_the_same_bytes(form, table: Table) -> None:
    first, second = (
        table_bytes(table, [read_session(path) for path in GOLDEN], form) for _ in range(2)
    )

    assert first == second


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_csv_holds_what_parquet_holds(table: Table) -> None:
    sessions = [read_session(path) for path in GOLDEN]
    frame = pl.read_parquet(BytesIO(table_bytes(table, sessions, "parquet")))

    text = table_bytes(table, sessions, "csv").decode()

    cells = pl.read_csv(StringIO(text), schema=frame.schema)
    read = cells.with_columns(pl.col(pl.String).str.replace("^'", ""))
    assert read.equals(frame)


@given(st.one_of(st.text(), st.sampled_from(HOSTILE)))
def test_no_cell_begins_like_a_formula_and_every_cell_reads_back(text: str) -> None:
    cell = guard(text)

    assert isinstance(cell, str)
    assert cell.lstrip()[:1] not in FORMULA
    assert unguard(cell) == text


def test_numbers_are_left_alone() -> None:
    assert [guard(value) for value in (-1, 2.5, True, None)] == [-1, 2.5, True, None]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_guarded_in_csv_and_raw_in_parquet(tmp_path: Path, words: str) -> None:
    path = written(tmp_path / "t.jsonl", words)

    write_tables([path], {tmp_path / "m.csv": "moves"}, "csv")
    write_tables([path], {tmp_path / "m.parquet": "moves"}, "parquet")

    with (tmp_path / "m.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert unguard(row["words"]) == words
    assert row["words"].lstrip()[:1] not in FORMULA
    assert pl.read_parquet(tmp_path / "m.parquet")["words"].to_list() == [words]


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_every_row_and_the_file_itself_carry_the_stamp(table: Table) -> None:
    raw = table_bytes(table, [read_session(GOLDEN[0])], "parquet")

    assert pl.read_parquet_metadata(BytesIO(raw))["minilateral.notice"] == NOTICE
    assert set(pl.read_parquet(BytesIO(raw))["notice"]) == {NOTICE}
    assert NOTICE.startswith("SIMULATION")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_nothing_private_is_exported(path: Path) -> None:
    session = read_session(path)
    briefs = [party.brief for party in session.folded.scenario.parties.values()]
    asked = [event.messages[0].content for event in session.folded.events if event.type == "asked"]

    for table in TABLE_NAMES:
        text = table_bytes(table, [session], "csv").decode()
        assert all(brief not in text for brief in briefs if brief)
        assert all(prompt not in text for prompt in asked)
        assert "red_lines" not in text


def test_results_are_those_of_the_record() -> None:
    session = read_session(DATA / "format_3_forum.jsonl")
    record = session.record.as_json()

    frame = read_parquet("seats", [session.path])

    worth = dict(zip(frame["party"], frame["utility"], strict=True))
    signed = dict(zip(frame["party"], frame["signature"], strict=True))
    assert worth == record["utilities"]
    assert signed == record["signatures"]
    (row,) = rows("sessions", session)
    assert (row["status"], row["in_force"]) == (record["status"], record["in_force"])
    assert json.loads(str(row["agreement"])) == record["agreement"]


def test_moves_stand_in_order_with_their_words() -> None:
    session = read_session(DATA / "format_3.jsonl")
    made = session.folded.made

    frame = read_parquet("moves", [session.path]).filter(pl.col("kind") == "moved")

    assert frame["words"].to_list() == [event.words for event in made]
    assert frame["round"].to_list() == [event.round + 1 for event in made]
    assert frame["number"].is_sorted()


CAPITAL = """
mandates:
  USA:
    limits: {price: [10, 20]}
    grants: {price: {30: {least: 0}}}
    instructions:
      - {round: 2, kind: tighten, limits: {price: [10]}, words: Hold on to ten.}
shocks:
  flood: {label: A flood, words: The pit is under water., round: 3}
  rumour: {label: A rumour, words: A bidder waits., round: 3, heard_by: [COD]}
"""


def test_what_happened_stands_among_the_moves_but_not_what_capitals_said(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    negotiate(
        parse_scenario(MINI + CAPITAL), {"USA": "boulware", "COD": "boulware"}, transcript=path
    )

    frame = read_parquet("moves", [path])

    happened = frame.filter(pl.col("kind") == "happened")
    assert "instruction" in happened["act"].to_list()
    assert frame["number"].to_list() == list(range(1, frame.height + 1))
    assert frame["event"].is_sorted()
    words = dict(zip(happened["about"], happened["words"], strict=True))
    assert "under water" in words['{"by": "date", "shock": "flood"}']
    assert words['{"by": "date", "shock": "rumour"}'] is None
    (told,) = happened.filter(pl.col("act") == "instruction").rows(named=True)
    assert (told["party"], told["heard_by"], told["words"]) == ("USA", "USA", None)
    text = table_bytes("moves", [read_session(path)], "csv").decode()
    assert "Hold on to ten" not in text
    assert "A bidder waits" not in text


def test_an_unfinished_session_has_empty_results(tmp_path: Path) -> None:
    path = written(tmp_path / "t.jsonl", "hello")

    (row,) = rows("sessions", read_session(path))
    seats = list(rows("seats", read_session(path)))

    assert (row["status"], row["agreement"], row["moves"]) == ("incomplete", None, 1)
    assert all(seat["utility"] is None and seat["payoff"] is None for seat in seats)


def test_one_session_is_held_at_a_time_and_one_scenario_serves_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / f"{number}.jsonl" for number in range(6)]
    for number, path in enumerate(paths):
        seats = {"USA": "linear", "COD": "boulware"}
        negotiate(parse_scenario(MINI), seats, seed=number, transcript=path, session=f"s{number}")
    held: list[weakref.ref[Session]] = []
    most: list[int] = []
    known: set[int] = set()

    def watched(path: Path, scenarios: Scenarios) -> Session:
        gc.collect()
        most.append(sum(one() is not None for one in held))
        session = read_session(path, scenarios)
        held.append(weakref.ref(session))
        known.add(id(session.folded.scenario))
        return session

    monkeypatch.setattr("transcripts.exports.files.read_session", watched)
    targets: dict[Path, Table] = {tmp_path / f"{name}.csv": name for name in TABLES}
    found = write_tables(paths, targets, "csv")
    assert [(one.path, one.is_complete) for one in found] == [(path, True) for path in paths]
    assert max(most) <= 1
    assert len(known) == 1


@pytest.mark.parametrize("form", ["parquet", "csv"])
@pytest.mark.parametrize("table", TABLE_NAMES)
def test_rows_put_by_in_parts_make_the_bytes_of_the_whole(
    form, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = [read_session(path) for path in GOLDEN]
    whole = table_bytes(table, sessions, form)
    monkeypatch.setattr("transcripts.exports.files.MOST_LOOSE", 7)
    assert table_bytes(table, sessions, form) == whole


def test_no_more_than_a_few_scenarios_are_kept() -> None:
    scenarios = Scenarios()
    headers = [read_session(GOLDEN[0]).folded.header.model_copy(deep=True) for _ in range(20)]
    for number, header in enumerate(headers):
        header.scenario["title"] = f"Title {number}"
        assert scenarios.of(header).title == f"Title {number}"
        assert scenarios.of(header) is scenarios.of(header)
    assert len(scenarios.known) == MOST_SCENARIOS


def test_a_header_at_fault_is_told_with_its_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", "x")
    other = forged(path, {0: {"shocks": (PlannedShock(shock="flood"),)}})
    with pytest.raises(TranscriptError, match=r"forged\.jsonl: event 0: shocks: no shock 'flood'"):
        read_session(other)


def test_a_session_given_twice_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    shutil.copy(GOLDEN[0], copy)

    with pytest.raises(TranscriptError, match=r"copy.jsonl: session \S+ is in .* as well"):
        write_tables([GOLDEN[0], copy], {tmp_path / "s.csv": "sessions"}, "csv")
    assert not (tmp_path / "s.csv").exists()


@pytest.mark.parametrize("line", [0, 3, -1])
def test_a_line_that_was_changed_is_named(tmp_path: Path, line: int) -> None:
    lines = GOLDEN[0].read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b'"n":', b'"n": ')
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"".join(lines))

    with pytest.raises(TranscriptError, match=rf"t.jsonl: event {line % len(lines)}: "):
        read_session(path)


def test_a_number_that_no_table_holds_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "t.jsonl", "hello", seed=2**70)

    with pytest.raises(TranscriptError, match=r"t.jsonl: seed: \d+ is too large for a table"):
        write_tables([path], {tmp_path / "s.csv": "sessions"}, "csv")
    assert not (tmp_path / "s.csv").exists()


def test_a_torn_last_line_is_told(tmp_path: Path) -> None:
    whole = GOLDEN[0].read_bytes()
    count = whole.count(b"\n")
    path = tmp_path / "t.jsonl"
    path.write_bytes(whole[:-20])

    with pytest.raises(
        TranscriptError, match=rf"t.jsonl: event {count - 1}: the last line is torn"
    ):
        read_session(path)


def test_a_line_that_was_left_out_is_noticed(tmp_path: Path) -> None:
    lines = GOLDEN[0].read_bytes().splitlines(keepends=True)
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"".join([*lines[:4], *lines[5:]]))

    with pytest.raises(TranscriptError, match=r"t.jsonl: event 4: "):
        read_session(path)
