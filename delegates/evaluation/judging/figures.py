"""What the report's figures show, from the tables of an evaluation: curves of demands, clouds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from delegates.evaluation.judging.found import Cloud, Curve
from delegates.evaluation.judging.statistics import estimate
from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.rows import PAIR
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.results.columns import DEMANDS
from delegates.evaluation.results.gather import DIGITS
from delegates.evaluation.results.measures import yardstick
from games.bargaining.solutions import bargain, normalised_gains
from games.outcomes import FloatArray, IndexArray
from games.scenario import Scenario

if TYPE_CHECKING:
    import polars as pl

DECIMALS = 9
"""Decimals kept of a point's gains."""


def curves(design: Design, folder: Folder) -> tuple[Curve, ...]:
    """Return what each strategy under test asked for at each tenth of the rounds.

    Means over the sessions still open then, of those that the plan does not leave out; each
    scenario weighs the same. Before its first offer a delegate has asked for nothing, and is not
    among them.

    Args:
        design: What is evaluated.
        folder: Where its tables lie.
    """
    import polars as pl

    by_scenario = (
        pl.scan_parquet(folder.table("seats"))
        .filter(pl.col("tested") & (pl.col("counted") != "left-out"))
        .group_by("strategy", "scenario")
        .agg(
            *(pl.col(name).mean().round(DIGITS) for name in DEMANDS),
            *(pl.col(name).count().alias(f"{name}_n") for name in DEMANDS),
        )
        .sort("strategy", "scenario")
        .collect(engine="streaming")
    )
    found: list[Curve] = []
    for strategy in design.specs:
        own = by_scenario.filter(pl.col("strategy") == strategy)
        if own.height:
            found.append(_curve(strategy, own))
    return tuple(found)


def _curve(strategy: str, own: pl.DataFrame) -> Curve:
    """Return a strategy's curve from its means in each scenario."""
    means = [
        estimate(own[name].drop_nulls().to_numpy(), sessions=int(own[f"{name}_n"].sum()))
        for name in DEMANDS
    ]
    return Curve(
        strategy=strategy,
        demands=tuple(None if one.mean is None else round(one.mean, DIGITS) for one in means),
        sessions=tuple(one.sessions for one in means),
        intervals=tuple(
            None
            if one.low is None or one.high is None
            else (round(one.low, DIGITS), round(one.high, DIGITS))
            for one in means
        ),
    )


def clouds(design: Design, folder: Folder) -> tuple[Cloud, ...]:
    """Return where the agreements of each two-party scenario lie, in gains.

    What both had in the end, undiscounted, also where a signature, a capital or a shock made
    something else of the outcome. Scenarios without a ZOPA have no gains, and no cloud.

    Args:
        design: What is evaluated.
        folder: Where its tables lie.
    """
    return tuple(
        _cloud(scenario, folder)
        for scenario in design.scenarios
        if len(scenario.ids) == PAIR and yardstick(scenario) is not None
    )


def _cloud(scenario: Scenario, folder: Folder) -> Cloud:
    import polars as pl

    found = bargain(scenario)
    seats = pl.scan_parquet(folder.table("seats")).filter(pl.col("scenario") == scenario.id)
    across, up = (
        seats.filter((pl.col("party") == party) & pl.col("agreed")).select(
            "row", pl.col("advantage").fill_null(0.0).alias(axis)
        )
        for party, axis in zip(scenario.ids, ("across", "up"), strict=True)
    )
    agreed = (
        across.join(up, on="row")
        .group_by("across", "up")
        .agg(pl.len().alias("sessions"))
        .sort("across", "up")
        .collect(engine="streaming")
    )
    without = seats.filter((pl.col("party") == scenario.ids[0]) & ~pl.col("agreed"))
    first, second = scenario.parties.values()
    return Cloud(
        scenario=scenario.id,
        title=scenario.title,
        across=first.name,
        up=second.name,
        frontier=() if found.pareto is None else _points(scenario, found.pareto),
        nash=_points(scenario, found.solutions["nash"]),
        agreed=tuple((float(x), float(y), int(count)) for x, y, count in agreed.iter_rows()),
        not_agreed=int(without.select(pl.len()).collect(engine="streaming").item()),
    )


def _points(scenario: Scenario, outcomes: IndexArray) -> tuple[tuple[float, float], ...]:
    """Return where some outcomes lie, from left to right, each place once."""
    gains: FloatArray = normalised_gains(scenario, outcomes).T
    places = np.unique(np.round(gains, DECIMALS) + 0.0, axis=0)
    return tuple((float(x), float(y)) for x, y in places)
