"""Pairs of sessions that differ in one thing only, and what it made of a seat's advantage.

Sessions are looked at a block of repetitions at a time: what is held in memory grows with a block,
the scenarios and the comparisons, not with the number of sessions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum
from typing import TYPE_CHECKING

from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.rows import PAIR, Rotated
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.results.gather import DIGITS

if TYPE_CHECKING:
    import polars as pl

BLOCK = 20_000
"""Seats that are looked at together, unless one repetition has more."""


@dataclass(frozen=True, kw_only=True)
class PairedMean:
    """What the pairs of one scenario come to."""

    strategy: str | None
    """Whose, where not strategies are compared but names."""
    scenario: str
    first: str
    second: str
    mean: float
    """Advantage with the first less advantage with the second."""
    pairs: int


def strategy_pairs(design: Design, folder: Folder) -> tuple[PairedMean, ...]:
    """Return what each strategy under test gained over each other one in the same place.

    The same place is the same scenario, names, seat and repetition, and so the same seed; and the
    same strategies in the other seats, but where those follow from the seat's own: if seats are
    dealt in Latin squares or whole blocs play one strategy, any of that repetition. Places where a
    strategy had several sessions count with their mean. Sessions that are left out make no pair.
    """
    import polars as pl

    alike = alike_elsewhere(design)
    others = pl.when(pl.col("scenario").is_in(alike)).then("others").otherwise(pl.lit(""))
    place = (
        pl.col("scenario"),
        pl.col("names"),
        pl.col("party"),
        pl.col("repetition"),
        others.alias("others"),
    )
    sums = _Sums(by=("scenario",), values=tuple(design.specs), of="strategy")
    for block in _blocks(design, folder):
        sums.add(block, place)
    return sums.means()


def alike_elsewhere(design: Design) -> tuple[str, ...]:
    """Return the scenarios in which strategies are compared with the same ones in other seats."""
    return tuple(
        scenario.id
        for scenario, layout in zip(design.scenarios, design.layouts, strict=True)
        if len(scenario.ids) == PAIR
        or design.plan.seats.many == "one"
        or isinstance(layout, Rotated)
    )


def name_pairs(design: Design, folder: Folder) -> tuple[PairedMean, ...]:
    """Return what each strategy under test gained under own names over aliases.

    Pairs have the same scenario, repetition and strategy in every seat.
    """
    import polars as pl

    place = tuple(
        pl.col(name) for name in ("strategy", "scenario", "party", "repetition", "others")
    )
    sums = _Sums(by=("strategy", "scenario"), values=("own", "alias"), of="names")
    for block in _blocks(design, folder):
        sums.add(block, place)
    return sums.means()


def _blocks(design: Design, folder: Folder) -> Iterator[pl.LazyFrame]:
    """Yield the seats under test that have an advantage, a few repetitions at a time."""
    import polars as pl

    seats = pl.scan_parquet(folder.table("seats"))
    count = int(seats.select(pl.len()).collect(engine="streaming").item())
    repetitions = design.plan.repetitions
    step = max(1, BLOCK * repetitions // max(1, count))
    known = seats.filter(
        pl.col("tested") & (pl.col("counted") != "left-out") & pl.col("advantage").is_not_null()
    )
    for start in range(0, repetitions, step):
        yield known.filter(pl.col("repetition").is_between(start, start + step - 1))


class _Sums:
    """Sums of differences by scenario and pair, added up block by block."""

    def __init__(self, *, by: tuple[str, ...], values: tuple[str, ...], of: str) -> None:
        self.by, self.values, self.of = by, values, of
        self.couples = tuple(combinations(range(len(values)), 2))
        self.found: dict[tuple[str, ...], list[tuple[list[float], int]]] = {}

    def add(self, block: pl.LazyFrame, place: Sequence[pl.Expr]) -> None:
        """Add the pairs of a block, told apart by place."""
        import polars as pl

        by_value = [
            pl.col("advantage").filter(pl.col(self.of) == value).mean().alias(f"={position}")
            for position, value in enumerate(self.values)
        ]
        gaps = [(pl.col(f"={i}") - pl.col(f"={j}")) for i, j in self.couples]
        sums = [gap.sum().alias(f"sum {k}") for k, gap in enumerate(gaps)]
        counts = [gap.count().alias(f"n {k}") for k, gap in enumerate(gaps)]
        frame = (
            block.group_by(*place)
            .agg(*by_value)
            .group_by(*self.by)
            .agg(*sums, *counts)
            .collect(engine="streaming")
        )
        for row in frame.iter_rows(named=True):
            nothing: list[tuple[list[float], int]] = [([], 0) for _ in self.couples]
            known = self.found.setdefault(tuple(row[name] for name in self.by), nothing)
            for k, (parts, count) in enumerate(known):
                known[k] = ([*parts, row[f"sum {k}"]], count + row[f"n {k}"])

    def means(self) -> tuple[PairedMean, ...]:
        """Return the mean of each place and pair that has any, in a fixed order."""
        found: list[PairedMean] = []
        for place, known in sorted(self.found.items()):
            *whose, scenario = place
            for (i, j), (parts, count) in zip(self.couples, known, strict=True):
                if count:
                    found.append(
                        PairedMean(
                            strategy=whose[0] if whose else None,
                            scenario=scenario,
                            first=self.values[i],
                            second=self.values[j],
                            mean=round(fsum(parts) / count, DIGITS) + 0.0,
                            pairs=count,
                        )
                    )
        return tuple(found)
