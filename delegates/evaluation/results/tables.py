"""The tables of an evaluation as Parquet files, written in the order of the plan.

Sessions are read from the journal a few at a time, put by in files, and joined by streaming:
what is held in memory does not grow with their number. The files of the same plan hold the same
bytes, however often a batch was interrupted, in whatever order its sessions finished, and on
however many processors; only `timings` differs from run to run. Each file appears whole or not at
all.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from delegates.evaluation.planning.design import Design
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.results.columns import TABLES
from delegates.evaluation.results.table_rows import Columns, Ended, ScenarioRows
from games.errors import UserError
from games.files.folders import make_folder
from games.files.writing import draft
from games.outcomes import FloatArray
from transcripts.exports.schema import NOTICE, Kind

if TYPE_CHECKING:
    import polars as pl

SCHEMA_VERSION = 1
"""Changes when a column is renamed or dropped, or means something else; new ones may be added."""

MOST_SEATS = 1000
"""Seats whose sessions are looked at together."""

GROUP = 10_000
"""Rows of a Parquet row group."""

MOST_HELD = 5_000
"""Rows that are held before they are put by in files: a small table needs none."""


class Told(Protocol):
    """Whoever tells how sessions ended: the journal."""

    def in_order(self, design: Design) -> Iterator[Ended]:
        """Yield the sessions that ended, in the order of the plan, each once."""
        ...


def write_tables(design: Design, folder: Folder, journal: Told) -> None:
    """Write `sessions.parquet`, `seats.parquet` and `timings.parquet` of whatever has ended.

    Files that were there are replaced, each when its successor is whole.

    Args:
        design: What is evaluated.
        folder: Where to.
        journal: Tells how its sessions ended.

    Raises:
        UserError: If a file cannot be written.
    """
    from polars.exceptions import PolarsError

    parts = {name: _Parts(folder, name) for name in TABLES}
    makers = [ScenarioRows(design, number) for number in range(len(design.scenarios))]
    try:
        for one in parts.values():
            one.begin()
        for few in _few_at_a_time(journal.in_order(design)):
            for name, frame in tabled(design, few, makers).items():
                parts[name].add(frame)
        for one in parts.values():
            one.join(design)
    except (OSError, PolarsError) as error:
        reason = _reason(error, folder)
        if reason is None:
            raise
        raise UserError(f"{folder.path}: tables cannot be written: {reason}") from None
    finally:
        for one in parts.values():
            one.clear()


_OS_ERROR = re.compile(r"\(os error (\d+)\)")

_UNSAID = "Invalid thrift: transport error"
"""What Polars says of a header of Parquet that could not be written, whatever the system said."""

_HEADER = 1 << 16
"""Bytes that every header fits in."""


def _reason(error: Exception, folder: Folder) -> str | None:
    """Return why the system does not take a file; None if that was not what failed.

    Polars tells it within a message of its own.
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    found = _OS_ERROR.search(str(error))
    if found is not None:
        return os.strerror(int(found[1]))
    if _UNSAID not in str(error):
        return None
    return _refused(folder) or f"a header could not be written ({_UNSAID})"


def _refused(folder: Folder) -> str | None:
    """Return why the system does not take a header's bytes in a folder; None if it does."""
    try:
        with draft(folder.path / "header") as one:
            one.fill(bytes(_HEADER), durable=True)
    except OSError as error:
        return error.strerror
    return None


def clear_parts(folder: Folder) -> None:
    """Remove what a run left that died when its tables were whole."""
    for name in TABLES:
        _Parts(folder, name).clear()


def tabled(
    design: Design, few: Sequence[Ended], makers: Sequence[ScenarioRows] | None = None
) -> dict[str, pl.DataFrame]:
    """Return the rows of all three tables for some sessions, in the order of the plan."""
    makers = makers or [ScenarioRows(design, number) for number in range(len(design.scenarios))]
    by_scenario: dict[int, list[Ended]] = {}
    for one in few:
        by_scenario.setdefault(one[0].scenario, []).append(one)
    made = [makers[place].tables(listed) for place, listed in by_scenario.items()]
    found = {name: _frame(name, [one[name] for one in made]) for name in TABLES}
    if len(made) == 1:
        return found
    # Gathered by position: a frame's own sort goes through the query engine.
    return {
        name: frame[np.argsort(frame["row"].to_numpy(), kind="stable")]
        for name, frame in found.items()
    }


def schema(name: str) -> dict[str, type[pl.DataType]]:
    """Return the columns of a table and their types in Parquet."""
    import polars as pl

    kinds: dict[Kind, type[pl.DataType]] = {
        "text": pl.String,
        "integer": pl.Int64,
        "number": pl.Float64,
        "truth": pl.Boolean,
    }
    return {column.name: kinds[column.kind] for column in TABLES[name]}


def _frame(name: str, made: Sequence[Columns]) -> pl.DataFrame:
    """Return the rows of several scenarios, one after the other."""
    import polars as pl

    types = schema(name)
    ordered = {column: _joined([one[column] for one in made]) for column in types}
    return pl.DataFrame(ordered, schema_overrides=types, nan_to_null=True)


def _joined(columns: Sequence[Sequence[object] | FloatArray]) -> Sequence[object] | FloatArray:
    if len(columns) == 1:
        return columns[0]
    arrays = [column for column in columns if isinstance(column, np.ndarray)]
    return np.concatenate(arrays) if arrays else [*chain.from_iterable(columns)]


def _few_at_a_time(ended: Iterable[Ended]) -> Iterator[list[Ended]]:
    """Yield sessions in lists of about `MOST_SEATS` seats; each is emptied before the next."""
    few: list[Ended] = []
    seats = 0
    for one in ended:
        few.append(one)
        seats += len(one[1].seats)
        if seats >= MOST_SEATS:
            yield few
            few.clear()
            seats = 0
    if few:
        yield few


@dataclass
class _Parts:
    """A table that is put by in files, unless it is small, until it is joined."""

    folder: Folder
    name: str
    count: int = 0
    """Of the files."""
    held: list[pl.DataFrame] = field(default_factory=list["pl.DataFrame"])
    """Rows that are in none of them yet."""

    @property
    def _place(self) -> Path:
        return self.folder.path / f"{self.name}.parts"

    def begin(self) -> None:
        """Make room, removing what an interrupted run left."""
        self.clear()
        make_folder(self.folder.path)
        # Nobody else may have made it meanwhile.
        self._place.mkdir(mode=0o700)
        self.held.append(_empty(self.name))

    def add(self, frame: pl.DataFrame) -> None:
        self.held.append(frame)
        if sum(map(len, self.held)) > MOST_HELD:
            self._put_by()

    def _put_by(self) -> None:
        import polars as pl

        path = self._place / f"{self.count:08d}.parquet"
        pl.concat(self.held).write_parquet(path, compression="lz4")
        self.count += 1
        self.held.clear()

    def _whole(self) -> pl.LazyFrame:
        import polars as pl

        if self.count == 0:
            return pl.concat(self.held).lazy()
        if self.held:
            self._put_by()
        return pl.scan_parquet(
            [self._place / f"{number:08d}.parquet" for number in range(self.count)],
            low_memory=True,
        )

    def join(self, design: Design) -> None:
        """Write the whole table."""
        about = {
            "notice": NOTICE,
            "table": self.name,
            "schema_version": str(SCHEMA_VERSION),
            "plan": design.plan.id,
            "plan_sha256": design.hash,
        }
        path = self.folder.table(self.name)
        with draft(path) as whole:
            self._whole().sink_parquet(
                whole.file,
                row_group_size=GROUP,
                maintain_order=True,
                metadata={f"minilateral.{key}": text for key, text in about.items()},
            )
            whole.settle()
            whole.name.replace(path)

    def clear(self) -> None:
        if self._place.is_symlink():
            self._place.unlink()
        shutil.rmtree(self._place, ignore_errors=True)


def _empty(name: str) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema=schema(name))
