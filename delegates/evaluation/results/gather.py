"""The small tables that statistics and notes start from, gathered from the large ones.

Sessions are looked at a block at a time: what is held in memory grows with the number of cells, not
of sessions. Of every measure each cell has two columns: `<measure>_n` (how many values) and
`<measure>_mean`. Means leave out what the plan leaves out, and parties that cannot gain; counts and
sums of what was spent take in all sessions. Means are rounded to `DIGITS` decimals, below which the
order of summation would show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from delegates.evaluation.planning.plan import CLASSES
from delegates.evaluation.planning.rows import PAIR
from delegates.evaluation.playing.folder import Folder

if TYPE_CHECKING:
    import polars as pl

DIGITS = 12
"""Decimals kept of means."""

BLOCK = 10_000
"""Places in the plan whose sessions are looked at together."""

SEAT_MEASURES = ("advantage", "gain")
"""Measures of a seat."""

SESSION_MEASURES = ("agreed", "pareto", "nash", "joint", "product", "rounds")
"""Measures of a session, that count for each of its seats."""

SPENT = ("calls", "tokens_in", "tokens_out", "tokens_cached", "cost_usd", "fallbacks", "unusable")
"""What is summed; a sum of costs is null where any of them is not known."""

_COUNTS = ("sessions", "left_out", *(f"ended_{name}" for name in (*CLASSES, "fallback")))


def seat_means(folder: Folder, by: Sequence[str]) -> pl.DataFrame:
    """Return one row a cell of seats, sorted by `by`.

    Columns: `by`; `sessions` (all), `left_out`; n and mean of `SEAT_MEASURES` and
    `SESSION_MEASURES`; the sums of `SPENT` over all sessions; how many `ended_<class>` for every
    class of `CLASSES` and `ended_fallback`, in which this seat's fallback mind moved.

    Args:
        folder: The evaluation's.
        by: Columns of `seats` that tell cells apart. `others` is empty of sessions with more than
            two parties, of which hardly two have the same.
    """
    import polars as pl

    measures = (*SEAT_MEASURES, *SESSION_MEASURES)
    parts = [
        block.group_by(*by)
        .agg(*_counted(), *_means(measures), *_sums(SPENT))
        .collect(engine="streaming")
        for block in _blocks(folder)
    ]
    # In one order, so that sums over blocks are always taken in the same.
    joined = pl.concat(parts).group_by(*by, maintain_order=True)
    found = joined.agg(*(pl.col(name).sum() for name in _COUNTS), *_joined(measures), *_sums(SPENT))
    return found.sort(*by, nulls_last=True)


def _blocks(folder: Folder) -> Iterator[pl.LazyFrame]:
    """Yield the seats with the measures of their sessions, some places of the plan at a time."""
    import polars as pl

    seats, sessions = (pl.scan_parquet(folder.table(name)) for name in ("seats", "sessions"))
    last = sessions.select(pl.col("row").max()).collect(engine="streaming").item()
    measures = [name for name in SESSION_MEASURES if name != "agreed"]
    others = pl.when(pl.col("parties") == PAIR).then("others").otherwise(pl.lit(""))
    for begin in range(0, 1 if last is None else last + 1, BLOCK):
        within = pl.col("row").is_between(begin, begin + BLOCK, closed="left")
        of_sessions = sessions.filter(within).select("row", "parties", *measures)
        yield (
            seats.filter(within)
            .join(of_sessions, on="row", how="left")
            .with_columns(others.alias("others"))
        )


def ended_sessions(folder: Folder) -> dict[str, int]:
    """Return how many sessions ended how, in the order of `CLASSES`, those that did not left out.

    The last may be `fallback`: sessions in which a fallback mind moved, whatever their class.
    """
    import polars as pl

    sessions = pl.scan_parquet(folder.table("sessions"))
    fallback = (pl.col("fallbacks") > 0).sum().alias("fallback")
    counts = [(pl.col("ended") == name).sum().alias(name) for name in CLASSES]
    found = sessions.select(*counts, fallback).collect(engine="streaming").row(0, named=True)
    return {name: int(count) for name, count in found.items() if count}


def _counted() -> list[pl.Expr]:
    import polars as pl

    found = {
        "left_out": pl.col("counted") == "left-out",
        **{f"ended_{name}": pl.col("ended") == name for name in CLASSES},
        "ended_fallback": pl.col("fallbacks") > 0,
    }
    counts = [claim.sum().cast(pl.Int64).alias(name) for name, claim in found.items()]
    return [pl.len().cast(pl.Int64).alias("sessions"), *counts]


def _means(measures: Iterable[str]) -> list[pl.Expr]:
    """Return n and mean of each measure, of a block."""
    import polars as pl

    found: list[pl.Expr] = []
    for name in measures:
        kept = pl.when(pl.col("counted") != "left-out").then(pl.col(name)).cast(pl.Float64)
        found += [
            kept.count().cast(pl.Int64).alias(f"{name}_n"),
            kept.mean().alias(f"{name}_mean"),
        ]
    return found


def _joined(measures: Iterable[str]) -> list[pl.Expr]:
    """Return n and mean of each measure over all blocks."""
    import polars as pl

    found: list[pl.Expr] = []
    for name in measures:
        count, part = pl.col(f"{name}_n"), pl.col(f"{name}_mean")
        mean = (part * count).sum() / count.sum()
        found += [
            count.sum().alias(f"{name}_n"),
            mean.fill_nan(None).round(DIGITS).alias(f"{name}_mean"),
        ]
    return found


def _sums(names: Iterable[str]) -> list[pl.Expr]:
    import polars as pl

    return [
        pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)
        for name in names
    ]
