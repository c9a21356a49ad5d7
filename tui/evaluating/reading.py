"""What the evaluation in a folder found, read from its tables."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import reduce
from pathlib import Path

from delegates.evaluation.judging.found import Found
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.results.columns import TABLES
from games.errors import TranscriptError, UserError


def read_found(path: Path) -> Found:
    """Return what an evaluation found; it reads files, and computes for a while.

    Args:
        path: Its folder.

    Raises:
        PlanError: If what was played cannot be read.
        UserError: If a table is missing or is none: it is not finished, or was changed.
    """
    from delegates.evaluation.judging.findings import found
    from delegates.evaluation.planning.played import played_plan

    folder = Folder(path)
    design = played_plan(folder.plan, folder.scenarios)
    for name in TABLES:
        require_table(folder.table(name))
    result = found(design, folder)
    if any(folder.open_sessions.glob("[!.]*.jsonl")):
        # What sessions under way have cost is in no table.
        return replace(result, cost_usd=_cost_usd(folder))
    return result


def _cost_usd(folder: Folder) -> float | None:
    """Return what a batch has cost whose sessions have not all ended; None if nobody knows."""
    from delegates.evaluation.playing.journal import Journal
    from delegates.evaluation.playing.open_sessions import OpenSessions
    from delegates.evaluation.playing.spending import spent_on
    from delegates.models.budget import Spent
    from delegates.settings import load_settings

    try:
        under_way = OpenSessions(folder).spent(load_settings(os.environ))
    except TranscriptError:
        return None
    with Journal(folder.journal) as journal:
        ended = spent_on(journal.lines(), besides=under_way)
    spent = reduce(Spent.plus, under_way.values(), ended)
    return None if spent.unpriced_calls else round(spent.cost_usd, 9)


def require_table(path: Path) -> None:
    """Check that a table can be read.

    Raises:
        UserError: If it is missing, or is no Parquet file.
    """
    from polars import read_parquet_schema
    from polars.exceptions import PolarsError

    if not path.is_file():
        raise UserError(
            f"{path}: is missing; an evaluation writes it at its end: continue it from Home"
        )
    try:
        read_parquet_schema(path)
    except (OSError, PolarsError):
        raise UserError(
            f"{path}: cannot be read; expected the table that an evaluation wrote: continuing it "
            "from Home writes it anew"
        ) from None
