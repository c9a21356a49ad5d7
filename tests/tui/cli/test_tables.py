"""Transcripts become tables and games from the command line, or one line says why not."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from games.equilibrium.exact import nearest_float
from games.formats.nfg import load_nfg
from tests.tui.cli.conftest import Cli
from transcripts.exports.rows import read_session, rows

DATA = Path(__file__).resolve().parents[2] / "transcripts" / "data"


@pytest.fixture
def transcripts(tmp_path: Path) -> Path:
    for path in DATA.glob("*.jsonl"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.mark.parametrize("table", ["sessions", "seats", "moves"])
@pytest.mark.parametrize("out", ["out.parquet", "out.csv"])
def test_transcripts_become_one_table(cli: Cli, transcripts: Path, out: str, table) -> None:
    sources = sorted(path.name for path in transcripts.glob("*.jsonl"))
    more = () if table == "sessions" else ("--table", table)

    shown = cli("convert", *sources, out, *more)

    assert (shown.code, shown.out, shown.err) == (0, f"{out}\n", "")
    read = pl.read_parquet if out.endswith("parquet") else pl.read_csv
    sessions = [read_session(transcripts / name) for name in sources]
    told = [row["session"] for one in sessions for row in rows(table, one)]
    assert read(transcripts / out)["session"].to_list() == told


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_folder_gets_all_tables(cli: Cli, transcripts: Path, form: str) -> None:
    shown = cli("convert", "format_2.jsonl", "tables/", "--format", form)

    names = [f"{table}.{form}" for table in ("sessions", "seats", "moves")]
    assert (shown.code, shown.out) == (0, "".join(f"tables/{name}\n" for name in names))
    assert sorted(path.name for path in (transcripts / "tables").iterdir()) == sorted(names)


def test_an_unfinished_session_is_told_and_exported(cli: Cli, transcripts: Path) -> None:
    lines = (transcripts / "format_2.jsonl").read_bytes().splitlines(keepends=True)
    (transcripts / "part.jsonl").write_bytes(b"".join(lines[:30]))

    shown = cli("convert", "part.jsonl", "out.csv")

    assert shown.code == 0
    assert shown.line == "part.jsonl: unfinished: its results are left empty"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["absent.jsonl", "out.csv"], "absent.jsonl: cannot be read"),
        (["torn.jsonl", "out.csv"], "torn.jsonl: event 3: "),
        (["format_1.jsonl", "torn.jsonl", "all/"], "torn.jsonl: event 3: "),
        (["format_1.jsonl", "mini.yaml", "out.csv"], "cannot be converted; expected"),
        (["format_1.jsonl", "out.txt"], "cannot be converted; expected"),
        (["format_1.jsonl", "out.xml"], "cannot be converted; expected"),
        (["format_1.jsonl", "no/such/out.csv"], "no/such/out.csv: its folder does not exist"),
        (["format_1.jsonl", "mini.yaml"], "cannot be converted; expected"),
        (["format_1.jsonl", "kept.csv"], "kept.csv: exists already"),
        (
            ["format_1.jsonl", "out.nfg", "--matrix", "chess"],
            "--matrix: format_1.jsonl has no matrix 'chess'; expected one of stance, compliance",
        ),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    cli: Cli, transcripts: Path, arguments, line
) -> None:
    lines = (transcripts / "format_1.jsonl").read_bytes().splitlines(keepends=True)
    (transcripts / "torn.jsonl").write_bytes(b"".join([*lines[:3], lines[3][:40], b"\n"]))
    (transcripts / "kept.csv").write_text("mine")
    before = sorted(path.name for path in transcripts.iterdir())

    shown = cli("convert", *arguments)

    assert (shown.code, shown.out) == (1, "")
    assert line in shown.line
    assert sorted(path.name for path in transcripts.iterdir()) == before
    assert (transcripts / "kept.csv").read_text() == "mine"


def test_a_game_of_a_session_is_that_of_what_was_agreed(cli: Cli, transcripts: Path) -> None:
    shown = cli("convert", "format_3_forum.jsonl", "game.nfg", "--matrix", "compliance")

    assert (shown.code, shown.out) == (0, "game.nfg\n")
    referee = read_session(transcripts / "format_3_forum.jsonl").record.referee
    (matrix,) = [one for one in referee.matrices if one.name == "compliance"]
    game = load_nfg(transcripts / "game.nfg")
    written = [nearest_float(payoff) for payoff in game.payoffs[0]]
    shown_ = [nearest_float(one) for row in matrix.report.game.row_payoffs for one in row]
    assert written == shown_
