"""The folder of an evaluation: where its plan, its journal, its tables and its transcripts lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TABLES = ("sessions", "seats", "timings")
"""Names of the tables; `results.columns` says what they hold."""


@dataclass(frozen=True)
class Folder:
    """Paths within an evaluation's folder; nothing here reads or writes."""

    path: Path

    @property
    def plan(self) -> Path:
        """The plan as it is played, scenarios and hash beside it."""
        return self.path / "plan.yaml"

    @property
    def journal(self) -> Path:
        """One fsynced line a finished session: the durable truth."""
        return self.path / "journal.jsonl"

    @property
    def lock(self) -> Path:
        """Held by whoever plays it."""
        return self.path / "lock"

    @property
    def scenarios(self) -> Path:
        """Canonical scenarios, each named by its SHA-256."""
        return self.path / "scenarios"

    @property
    def open_sessions(self) -> Path:
        """Transcripts of sessions of models that are not finished: they are resumed."""
        return self.path / "open"

    @property
    def transcripts(self) -> Path:
        """Transcripts that the plan wants kept."""
        return self.path / "transcripts"

    @property
    def errors(self) -> Path:
        """Tracebacks of sessions that a fault of this program ended."""
        return self.path / "errors"

    @property
    def figures(self) -> Path:
        """What each figure of the report shows, as CSV."""
        return self.path / "figures"

    @property
    def inner(self) -> tuple[Path, ...]:
        """The folders within it."""
        return (self.scenarios, self.open_sessions, self.transcripts, self.errors, self.figures)

    @property
    def tables(self) -> tuple[Path, ...]:
        """The files of all tables."""
        return tuple(map(self.table, TABLES))

    def table(self, name: str) -> Path:
        """Return the file of one of the `TABLES`."""
        return self.path / f"{name}.parquet"

    @property
    def sums(self) -> Path:
        """SHA-256 of the tables and of the journal that they were made of, as `sha256sum` says."""
        return self.path / "tables.sha256"

    def report(self, ending: str) -> Path:
        """Return the file of the report: `html` or `md`."""
        return self.path / f"report.{ending}"
