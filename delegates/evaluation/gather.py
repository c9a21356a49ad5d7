"""The small tables that statistics, games and figures start from, gathered from the large ones.

Everything here is a lazy query over the Parquet files, run by streaming: what is held in memory
grows with the number of cells, not of sessions. Of every measure each cell has three columns:
`<measure>_n` (how many values), `<measure>_mean` and `<measure>_var` (sample variance; null of
fewer than two). Means leave out what the plan leaves out, and parties that cannot gain; counts and
sums of what was spent take in all sessions. Means are rounded to `DIGITS` decimals, below which the
order of summation, and so the number of threads, would show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from delegates.evaluation.folder import Folder
from delegates.evaluation.plan import FAILURES

if TYPE_CHECKING:
    import polars as pl

DIGITS = 12
"""Decimals kept of means and variances."""

SEAT_MEASURES = ("advantage", "gain")
"""Measures of a seat."""

SESSION_MEASURES = ("agreed", "pareto", "nash", "joint", "product", "rounds")
"""Measures of a session, that count for each of its seats."""

BLOC_MEASURES = ("consumer_gain", "supplier_gain", "agreed")
"""Measures of a session between two blocs."""

SPENT = ("calls", "tokens_in", "tokens_out", "tokens_cached", "cost_usd", "fallbacks", "unusable")
"""What is summed; a sum of costs is null where any of them is not known."""

CLASSES = ("agreement", "no-agreement", "walked-away", *FAILURES)
"""How a session may have ended, in the order it is told."""

PLACE = ("scenario", "names", "strategy", "others", "party", "side", "tested")
"""By what `seat_means` tells cells apart."""

CELL = ("scenario", "names", "consumers", "suppliers")
"""By what `bloc_means` tells cells apart."""


def seats_joined(folder: Folder) -> pl.LazyFrame:
    """Return the seats with the measures of their sessions beside their own, in plan order.

    `others` is empty of sessions with more than two parties, of which hardly two have the same.
    """
    import polars as pl

    sessions = pl.scan_parquet(folder.table("sessions"))
    measures = [name for name in SESSION_MEASURES if name != "agreed"]
    joined = pl.scan_parquet(folder.table("seats")).join(
        sessions.select("row", "parties", *measures), on="row", how="left", maintain_order="left"
    )
    others = pl.when(pl.col("parties") == 2).then("others").otherwise(pl.lit(""))
    return joined.with_columns(others.alias("others"))


def seat_means(folder: Folder, by: Sequence[str] = PLACE) -> pl.DataFrame:
    """Return one row a cell of seats, sorted by `by`.

    Columns: `by`; `sessions` (all), `left_out`; n, mean and variance of `SEAT_MEASURES` and
    `SESSION_MEASURES`; the sums of `SPENT` over all sessions; how many `ended_<class>` for every
    class of `CLASSES` and `ended_fallback`, in which this seat's fallback mind moved.

    Args:
        folder: The evaluation's.
        by: Columns of `seats`, or of `SESSION_MEASURES`' table, that tell cells apart.
    """
    import polars as pl

    classes = [
        (pl.col("ended") == name).sum().cast(pl.Int64).alias(f"ended_{name}") for name in CLASSES
    ]
    fallback = (pl.col("fallbacks") > 0).sum().cast(pl.Int64).alias("ended_fallback")
    return _collected(
        seats_joined(folder)
        .group_by(*by)
        .agg(
            *_counts(),
            *_moments((*SEAT_MEASURES, *SESSION_MEASURES)),
            *_sums(SPENT),
            *classes,
            fallback,
        ),
        by,
    )


def bloc_means(folder: Folder, by: Sequence[str] = CELL) -> pl.DataFrame:
    """Return one row a cell of the games between blocs, sorted by `by`.

    Sessions in which all consumers played one strategy and all suppliers one. Columns: `by`;
    `sessions`, `left_out`; n, mean and variance of `BLOC_MEASURES`; `covariance` of the two gains.

    Args:
        folder: The evaluation's.
        by: Columns of `sessions` that tell cells apart. With `repetition` among them every session
            of a repetition shares its seed: what resampling draws together.
    """
    import polars as pl

    covariance = pl.cov("consumer_gain", "supplier_gain", ddof=1).fill_nan(None).round(DIGITS)
    return _collected(
        pl.scan_parquet(folder.table("sessions"))
        .filter(pl.col("consumers").is_not_null() & pl.col("suppliers").is_not_null())
        .group_by(*by)
        .agg(*_counts(), *_moments(BLOC_MEASURES), covariance.alias("covariance")),
        by,
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


def _counts() -> list[pl.Expr]:
    import polars as pl

    return [
        pl.len().cast(pl.Int64).alias("sessions"),
        (pl.col("counted") == "left-out").sum().cast(pl.Int64).alias("left_out"),
    ]


def _moments(measures: Iterable[str]) -> list[pl.Expr]:
    import polars as pl

    found: list[pl.Expr] = []
    for name in measures:
        kept = pl.when(pl.col("counted") != "left-out").then(pl.col(name)).cast(pl.Float64)
        found += [
            kept.count().cast(pl.Int64).alias(f"{name}_n"),
            kept.mean().round(DIGITS).alias(f"{name}_mean"),
            kept.var(ddof=1).round(DIGITS).alias(f"{name}_var"),
        ]
    return found


def _sums(names: Iterable[str]) -> list[pl.Expr]:
    import polars as pl

    return [
        pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)
        for name in names
    ]


def _collected(query: pl.LazyFrame, by: Sequence[str]) -> pl.DataFrame:
    return query.sort(*by, nulls_last=True).collect(engine="streaming")
