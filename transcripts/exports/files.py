"""Tables of sessions as Parquet or CSV files; of the same transcripts, always the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from games.errors import TranscriptError, UserError
from games.files.writing import write_new
from transcripts.exports.rows import Row, Scenarios, Session, Value, read_session, rows
from transcripts.exports.schema import NOTICE, SCHEMA_VERSION, TABLES, Kind, Table

if TYPE_CHECKING:
    import polars as pl

Form = Literal["parquet", "csv"]

FORMULA = frozenset("=+-@＝＋－＠")
"""With any of these first, a spreadsheet takes a text for a formula."""

MOST_LOOSE = 5000
"""Rows that are put by together."""

_INTEGERS = range(-(2**63), 2**63)
"""What a column of integers can hold."""


@dataclass(frozen=True)
class Exported:
    """A transcript whose rows were written."""

    path: Path
    is_complete: bool
    """Whether the session ended."""


@dataclass
class _Gathered:
    """The rows of a table, put by in frames: they take a fraction of the room of loose ones."""

    table: Table
    form: Form
    loose: list[Row] = field(default_factory=list[Row])
    frames: list[pl.DataFrame] = field(default_factory=list["pl.DataFrame"])

    def add(self, session: Session) -> None:
        """Take in a session's rows.

        Raises:
            TranscriptError: If a number is too large for a column.
        """
        for row in rows(self.table, session):
            found = _checked(row, session)
            if self.form == "csv":
                found = {name: guard(value) for name, value in found.items()}
            self.loose.append(found)
            if len(self.loose) >= MOST_LOOSE:
                self._put_by()

    def _put_by(self) -> None:
        self.frames.append(_frame(self.table, self.loose))
        self.loose = []

    def written(self) -> bytes:
        """Return them as the bytes of a file."""
        import polars as pl

        self._put_by()
        frame = pl.concat(self.frames, rechunk=True)
        buffer = BytesIO()
        if self.form == "csv":
            frame.write_csv(buffer)
        else:
            about = {"notice": NOTICE, "table": self.table, "schema_version": str(SCHEMA_VERSION)}
            frame.write_parquet(
                buffer, metadata={f"minilateral.{key}": text for key, text in about.items()}
            )
        return buffer.getvalue()


def write_tables(
    transcripts: Sequence[Path], targets: dict[Path, Table], form: Form
) -> tuple[Exported, ...]:
    """Write tables of sessions to new files, all or none, and return what was read.

    One session is held at a time: there may be ten thousand.

    Args:
        transcripts: Where they are read from; rows stand in this order.
        targets: Which table is written where.
        form: In which form.

    Raises:
        TranscriptError: If a transcript cannot be read, is not sound, or is given twice.
        UserError: If a file exists already or cannot be written.
    """
    gathered = {path: _Gathered(table, form) for path, table in targets.items()}
    scenarios, places = Scenarios(), dict[str, Path]()
    found: list[Exported] = []
    for path in transcripts:
        session = read_session(path, scenarios)
        if session.id in places:
            raise TranscriptError(
                f"{path}: session {session.id} is in {places[session.id]} as well; "
                "expected each session once"
            )
        places[session.id] = path
        found.append(Exported(path, session.is_complete))
        for one in gathered.values():
            one.add(session)
    contents = {path: one.written() for path, one in gathered.items()}
    for folder in {path.parent for path in targets}:
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise UserError(f"{folder}: cannot be made: {error.strerror}") from None
    write_new(contents)
    return tuple(found)


def table_bytes(table: Table, sessions: Iterable[Session], form: Form) -> bytes:
    """Return a table as the bytes of a file.

    Raises:
        TranscriptError: If a number is too large for a column.
    """
    gathered = _Gathered(table, form)
    for session in sessions:
        gathered.add(session)
    return gathered.written()


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
