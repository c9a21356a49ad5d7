"""Batches of sessions of models, played by the engine alone."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Finished, Journal
from delegates.evaluation.playing.model_engine import play_with_models
from delegates.evaluation.playing.open_sessions import OpenSessions
from delegates.evaluation.playing.spending import spent_on
from delegates.models.budget import Budget, Spent
from delegates.models.connect import Carriers
from delegates.settings import Settings
from tests.delegates.evaluation.made import made_design

STRATEGIES = {"model": "llm:m", "firm": "firm"}

PRICED = '[prices."m"]\ninput = 1.0\noutput = 10.0\n'
"""USD per million tokens."""


def model_design(**said: Any) -> Design:
    """Return a design of a model against a firm mind."""
    return made_design(**{"strategies": STRATEGIES, "seats": {"self_play": False}, **said})


def model_rows(design: Design) -> list[Row]:
    """Return the sessions in which a model sits."""
    return [row for row in design.rows() if "model" in row.seats]


@dataclass
class Played:
    """A batch, and what is seen of it."""

    design: Design
    folder: Folder
    settings: Settings
    running: list[int] = field(default_factory=list[int])
    called: list[str] = field(default_factory=list[str])
    """Why calls failed that were made again; empty of one that was answered."""
    lines: list[Finished] = field(default_factory=list[Finished])
    """Kept in this run."""

    @property
    def open(self) -> OpenSessions:
        return OpenSessions(self.folder)

    def run(
        self,
        *,
        max_cost_usd: float | None = None,
        at_once: int | None = None,
        rows: Iterable[Row] | None = None,
        keep: Callable[[Finished], None] | None = None,
    ) -> None:
        """Play what is left, as the next run of a command would."""
        asyncio.run(self.go(max_cost_usd=max_cost_usd, at_once=at_once, rows=rows, keep=keep))

    async def go(
        self,
        *,
        max_cost_usd: float | None = None,
        at_once: int | None = None,
        rows: Iterable[Row] | None = None,
        keep: Callable[[Finished], None] | None = None,
        carriers: Carriers | None = None,
    ) -> None:
        self.folder.path.mkdir(exist_ok=True)
        with Journal(self.folder.journal, writes=True) as journal:
            self.open.tidy(journal)
            still_open = self.open.spent(self.settings)
            spent = reduce(Spent.plus, still_open.values(), spent_on(journal.lines(), still_open))
            left = [
                row
                for row in (model_rows(self.design) if rows is None else rows)
                if journal.ended(row.key) in (None, "provider", "error")
            ]

            def kept(line: Finished) -> None:
                journal.keep(line)
                self.lines.append(line)

            await play_with_models(
                left,
                self.design,
                self.folder,
                self.settings,
                budget=Budget(max_cost_usd=max_cost_usd, spent=spent),
                keep=keep or kept,
                running=self.running.append,
                called=self.called.append,
                at_once=at_once,
                carriers=carriers,
            )

    @property
    def ended(self) -> Mapping[str, str]:
        """How each session in the journal ended, by key."""
        if not self.folder.journal.exists():
            return {}
        with Journal(self.folder.journal) as journal:
            return {line.key: line.ended for line in journal.lines()}

    @property
    def left_open(self) -> list[Path]:
        return sorted(self.folder.open_sessions.glob("*"))
