"""Tables of sessions as Parquet or CSV files; of the same transcripts, always the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from games.errors import TranscriptError, UserError
from games.formats.text_files import write_new
from transcripts.exports.rows import Row, Session, Value, read_session, rows
from transcripts.exports.schema import NOTICE, SCHEMA_VERSION, TABLES, Kind, Table

if TYPE_CHECKING:
    import polars as pl

Form = Literal["parquet", "csv"]

FORMULA = frozenset("=+-@＝＋－＠")
"""With any of these first, a spreadsheet takes a text for a formula."""

_INTEGERS = range(-(2**63), 2**63)
"""What a column of integers can hold."""


def write_tables(
    transcripts: Sequence[Path], targets: dict[Path, Table], form: Form
) -> tuple[Session, ...]:
    """Write tables of sessions to new files, all or none, and return the sessions.

    Args:
        transcripts: Where they are read from; rows stand in this order.
        targets: Which table is written where.
        form: In which form.

    Raises:
        TranscriptError: If a transcript cannot be read, is not sound, or is given twice.
        UserError: If a file exists already or cannot be written.
    """
    sessions: dict[str, Session] = {}
    for path in transcripts:
        session = read_session(path)
        if session.id in sessions:
            raise TranscriptError(
                f"{path}: session {session.id} is in {sessions[session.id].path} as well; "
                "expected each session once"
            )
        sessions[session.id] = session
    found = tuple(sessions.values())
    contents = {path: table_bytes(table, found, form) for path, table in targets.items()}
    for folder in {path.parent for path in targets}:
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise UserError(f"{folder}: cannot be made: {error.strerror}") from None
    write_new(contents)
    return found


def table_bytes(table: Table, sessions: Sequence[Session], form: Form) -> bytes:
    """Return a table as the bytes of a file.

    Raises:
        TranscriptError: If a number is too large for a column.
    """
    listed = [_checked(row, one) for one in sessions for row in rows(table, one)]
    buffer = BytesIO()
    if form == "csv":
        guarded = [{name: guard(value) for name, value in row.items()} for row in listed]
        _frame(table, guarded).write_csv(buffer)
    else:
        about = {"notice": NOTICE, "table": table, "schema_version": str(SCHEMA_VERSION)}
        _frame(table, listed).write_parquet(
            buffer, metadata={f"minilateral.{key}": text for key, text in about.items()}
        )
    return buffer.getvalue()


def guard(value: Value) -> Value:
    """Return a value as a cell of CSV that no spreadsheet runs.

    Text that it would take for a formula gets an apostrophe in front, and so does text that begins
    with one: `unguard` takes it off again.
    """
    if not isinstance(value, str):
        return value
    begins = value.lstrip()[:1]
    risky = value[:1] in ("'", "\t", "\r", "\n") or begins in FORMULA
    return f"'{value}" if risky else value


def unguard(cell: str) -> str:
    """Return the text of a cell of CSV."""
    return cell.removeprefix("'")


def _checked(row: Row, session: Session) -> Row:
    for name, value in row.items():
        if isinstance(value, int) and value not in _INTEGERS:
            raise TranscriptError(f"{session.path}: {name}: {value} is too large for a table")
    return row


def _frame(table: Table, listed: Sequence[Row]) -> pl.DataFrame:
    import polars as pl

    kinds: dict[Kind, type[pl.DataType]] = {
        "text": pl.String,
        "integer": pl.Int64,
        "number": pl.Float64,
        "truth": pl.Boolean,
    }
    schema = {column.name: kinds[column.kind] for column in TABLES[table]}
    return pl.DataFrame(listed, schema=schema, orient="row")
