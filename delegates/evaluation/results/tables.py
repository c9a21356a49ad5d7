"""The tables of an evaluation as Parquet files, written in the order of the plan.

Sessions are read from the journal a few at a time, put by in small files, and joined by streaming:
what is held in memory does not grow with their number. The files of the same plan hold the same
bytes, however often a batch was interrupted, in whatever order its sessions finished, and on
however many processors; only `timings` differs from run to run. Each file appears whole or not at
all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from delegates.evaluation.planning.design import Design
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.results.columns import TABLES
from delegates.evaluation.results.table_rows import Columns, Ended, ScenarioRows
from games.errors import UserError
from transcripts.exports.schema import NOTICE, Kind

if TYPE_CHECKING:
    import polars as pl

SCHEMA_VERSION = 1
"""Changes when a column is renamed or dropped, or means something else; new ones may be added."""

MOST_SEATS = 1000
"""Seats whose sessions are looked at together."""

GROUP = 10_000
"""Rows of a Parquet row group."""


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
    except OSError as error:
        raise UserError(f"{folder.path}: tables cannot be written: {error.strerror}") from None
    finally:
        for one in parts.values():
            one.clear()


def clear_parts(folder: Folder) -> None:
    """Remove what a run left that died when its tables were whole."""
    for name in TABLES:
        _Parts(folder, name).clear()


def tabled(
    design: Design, few: Sequence[Ended], makers: Sequence[ScenarioRows] | None = None
) -> dict[str, pl.DataFrame]:
    """Return the rows of all three tables for some sessions, in the order of the plan."""
    import polars as pl

    makers = makers or [ScenarioRows(design, number) for number in range(len(design.scenarios))]
    by_scenario: dict[int, list[Ended]] = {}
    for one in few:
        by_scenario.setdefault(one[0].scenario, []).append(one)
    made = [makers[place].tables(listed) for place, listed in by_scenario.items()]
    found = {name: pl.concat([_frame(name, one[name]) for one in made]) for name in TABLES}
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


def _frame(name: str, columns: Columns) -> pl.DataFrame:
    import polars as pl

    types = schema(name)
    ordered = {column: columns[column] for column in types}
    return pl.DataFrame(ordered, schema_overrides=types, nan_to_null=True)


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
    """A table that is put by in small files until it is joined."""

    folder: Folder
    name: str
    count: int = 0

    @property
    def _place(self) -> Path:
        return self.folder.path / f"{self.name}.parts"

    def begin(self) -> None:
        """Make room, removing what an interrupted run left."""
        self.clear()
        self._place.mkdir(parents=True)
        self.add(_empty(self.name))

    def add(self, frame: pl.DataFrame) -> None:
        frame.write_parquet(self._place / f"{self.count:08d}.parquet", compression="lz4")
        self.count += 1

    def join(self, design: Design) -> None:
        """Write the whole table."""
        import polars as pl

        about = {
            "notice": NOTICE,
            "table": self.name,
            "schema_version": str(SCHEMA_VERSION),
            "plan": design.plan.id,
            "plan_sha256": design.hash,
        }
        listed = [self._place / f"{number:08d}.parquet" for number in range(self.count)]
        whole = self._place / "whole.parquet"
        pl.scan_parquet(listed).sink_parquet(
            whole,
            row_group_size=GROUP,
            maintain_order=True,
            metadata={f"minilateral.{key}": text for key, text in about.items()},
        )
        with whole.open("rb") as file:
            os.fsync(file.fileno())
        whole.replace(self.folder.table(self.name))

    def clear(self) -> None:
        shutil.rmtree(self._place, ignore_errors=True)


def _empty(name: str) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema=schema(name))
