"""What the evaluation in a folder found, read from its tables."""

from __future__ import annotations

from pathlib import Path

from delegates.evaluation.judging.found import Found
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.results.columns import TABLES
from games.errors import UserError


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
    return found(design, folder)


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
