"""All that an evaluation found, put together from its tables, with what a reader must know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from delegates.evaluation.judging.found import LEVEL, Difference, Estimate, Found, Standing
from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.gains import on_gains
from delegates.evaluation.planning.plan import FAILURES, LEAST_SCENARIOS
from delegates.evaluation.planning.rows import PAIR
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.results.gather import ended_sessions
from delegates.text import counted
from games.naming import listed

_SAME = ("ended", "outcome", "rounds", "moves", "joint", "consumer_gain", "supplier_gain")
"""Columns of sessions that differ where two of a seating do."""


def found(design: Design, folder: Folder) -> Found:
    """Return all that an evaluation found.

    Args:
        design: What was planned.
        folder: Where its tables lie.
    """
    from delegates.evaluation.judging.caveats import caveats_of
    from delegates.evaluation.judging.empirical_game import games
    from delegates.evaluation.judging.figures import clouds, curves
    from delegates.evaluation.judging.methods import methods, only_met
    from delegates.evaluation.judging.standings import differences, namings, pairings, standings

    totals = _totals(folder)
    ended = ended_sessions(folder)
    fallback = ended.pop("fallback", 0)
    stood = standings(design, folder)
    gaps = differences(design, folder, [one.strategy for one in stood])
    solved = games(design, folder)
    return Found(
        plan=design.plan.id,
        title=design.plan.title,
        question=design.plan.question,
        methods=methods(
            design,
            program=" and ".join(totals.programs),
            resamples=max((game.resamples for game in solved), default=0),
        ),
        planned=len(design),
        sessions=totals.sessions,
        ended=ended,
        fallback=fallback,
        left_out=totals.left_out,
        cost_usd=totals.cost_usd,
        standings=stood,
        differences=gaps,
        pairings=pairings(design, folder),
        namings=namings(design, folder),
        curves=curves(design, folder),
        clouds=clouds(design, folder),
        games=solved,
        notes=tuple(_notes(design, folder, totals, stood, gaps)),
        caveats=caveats_of(design),
        undefined=tuple(on_gains(design.scenarios)),
        titles={scenario.id: scenario.title for scenario in design.scenarios},
        pairs=sum(len(scenario.ids) == PAIR for scenario in design.scenarios),
        only_met=only_met(design),
    )


@dataclass(frozen=True, kw_only=True)
class _Totals:
    sessions: int
    left_out: int
    left_out_by: dict[str, int]
    """By what they are left out for: a class of failures, or that a fallback mind moved."""
    cost_usd: float | None
    programs: tuple[str, ...]
    scenarios: int
    """That any session counts of."""


def _totals(folder: Folder) -> _Totals:
    import polars as pl

    sessions = pl.scan_parquet(folder.table("sessions"))
    is_out = pl.col("counted") == "left-out"
    cost = pl.when(pl.col("cost_usd").null_count() == 0).then(pl.col("cost_usd").sum())
    sums = sessions.select(
        pl.len().alias("sessions"),
        cost.round(9).first().alias("cost_usd"),
        pl.col("scenario").filter(~is_out).n_unique().alias("scenarios"),
    )
    one = sums.collect(engine="streaming").row(0, named=True)
    out = sessions.filter(is_out).group_by("ended").agg(pl.len().alias("sessions"))
    by_cause = Counter[str]()
    for ended, count in out.sort("ended").collect(engine="streaming").iter_rows():
        # A class of failures decides before what a fallback mind did.
        by_cause[ended if ended in FAILURES else "with a fallback"] += count
    programs = pl.scan_parquet(folder.table("timings")).select(pl.col("program").unique())
    return _Totals(
        sessions=int(one["sessions"]),
        left_out=by_cause.total(),
        left_out_by=dict(by_cause),
        cost_usd=one["cost_usd"],
        programs=tuple(sorted(programs.collect(engine="streaming")["program"].to_list())),
        scenarios=int(one["scenarios"]),
    )


def _notes(
    design: Design,
    folder: Folder,
    totals: _Totals,
    stood: Sequence[Standing],
    gaps: Sequence[Difference],
) -> Iterator[str]:
    """Yield what a reader must know, the gravest first."""
    yield from _on_missing(design, totals)
    yield from _on_intervals(totals, stood)
    yield from _on_ties(stood, gaps)
    yield from _on_classes(totals, stood)
    yield from _on_repetitions(folder)
    if len(totals.programs) > 1:
        yield f"Played by several versions of the program: {listed([*totals.programs])}."


def _on_missing(design: Design, totals: _Totals) -> Iterator[str]:
    missing = len(design) - totals.sessions
    if missing:
        yield (
            f"{missing:,} of {len(design):,} planned sessions are not played: these are the "
            "findings so far."
        )


def _on_intervals(totals: _Totals, stood: Sequence[Standing]) -> Iterator[str]:
    if totals.scenarios == 0:
        return
    if totals.scenarios < LEAST_SCENARIOS:
        yield (
            f"No interval is given, and no p-value: means vary from scenario to scenario, and "
            f"{counted(totals.scenarios, 'scenario')} cannot tell how much. From "
            f"{LEAST_SCENARIOS} scenarios on there are some; more sessions in the same scenarios "
            "are no substitute."
        )
        return
    fewer = [one.strategy for one in stood if 0 < one.advantage.scenarios < LEAST_SCENARIOS]
    if fewer:
        yield (
            f"{listed(fewer)}: no interval, as fewer than {LEAST_SCENARIOS} scenarios have "
            "sessions that count."
        )
    yield from _on_alike("agreement rate", {one.strategy: one.agreed for one in stood})
    yield from _on_alike("advantage", {one.strategy: one.advantage for one in stood})
    outside = [one.strategy for one in stood if one.advantage.method == "t"]
    if outside:
        yield (
            f"{listed(outside)}: a mean advantage lies outside 0 to 1 in some scenario, as "
            "somebody signed below a reservation value, or a shock, a side deal or a broken vow "
            "changed what somebody had; the interval is Student's t."
        )


def _on_alike(measure: str, estimates: Mapping[str, Estimate]) -> Iterator[str]:
    alike = {strategy: one for strategy, one in estimates.items() if one.method == "alike"}
    inside = [strategy for strategy, one in alike.items() if one.low is not None]
    outside = [strategy for strategy, one in alike.items() if one.low is None]
    same = f"the {measure} is the same in every scenario, so that its spread tells nothing"
    if inside:
        yield (
            f"{listed(inside)}: {same}; the interval says what chance leaves open of scenarios "
            "that were not played."
        )
    if outside:
        yield f"{listed(outside)}: {same}; as it lies outside 0 to 1, there is no interval."


def _on_ties(stood: Sequence[Standing], gaps: Sequence[Difference]) -> Iterator[str]:
    """Yield whom the first is not told apart from, if anybody can be told apart at all."""
    if len(stood) < 2 or not any(gap.p_holm is not None for gap in gaps):
        return
    first = stood[0].strategy
    from_first = [gap for gap in gaps if first in (gap.first, gap.second)]
    tied = [
        gap.second if gap.first == first else gap.first
        for gap in from_first
        if gap.p_holm is None or gap.p_holm >= LEVEL
    ]
    if tied:
        yield (
            f"{first} stands first, but is not told apart from {listed(tied)}: the paired "
            f"differences could be chance at {100 * LEVEL:.0f} % (Holm). To be not told apart is "
            "not to be equal."
        )
    else:
        yield (
            f"{first} stands first, and is told apart from every other strategy at "
            f"{100 * LEVEL:.0f} % (paired differences, Holm)."
        )


def _on_classes(totals: _Totals, stood: Sequence[Standing]) -> Iterator[str]:
    if totals.left_out:
        told = [f"{count:,} {name}" for name, count in totals.left_out_by.items()]
        yield (
            f"{totals.left_out:,} of {counted(totals.sessions, 'session')} "
            f"{'is' if totals.left_out == 1 else 'are'} left out of the means, as the plan says "
            f"({', '.join(told)})."
        )
    for one in stood:
        failed = sum(one.ended.get(name, 0) for name in FAILURES)
        played = sum(count for name, count in one.ended.items() if name != "fallback")
        if failed * 10 > played:
            yield (
                f"{one.strategy}: {failed:,} of {played:,} seats are of sessions that failed. "
                "Its figures depend on how the plan counts those."
            )


def _on_repetitions(folder: Folder) -> Iterator[str]:
    """Yield where repeating a session changed nothing."""
    import polars as pl

    is_same = pl.all_horizontal(
        pl.col(name).min().eq_missing(pl.col(name).max())
        & ((pl.col(name).null_count() == 0) | (pl.col(name).null_count() == pl.len()))
        for name in _SAME
    )
    cells = (
        pl.scan_parquet(folder.table("sessions"))
        .filter(pl.col("counted") != "left-out")
        .group_by("scenario", "names", "seats")
        .agg(pl.len().alias("sessions"), is_same.alias("same"))
        .filter(pl.col("sessions") > 1)
        .select(pl.len().alias("repeated"), pl.col("same").sum())
        .collect(engine="streaming")
        .row(0, named=True)
    )
    if cells["same"]:
        yield (
            f"In {cells['same']:,} of {cells['repeated']:,} seatings that were played several "
            "times all sessions came to the same: more of them are no more evidence. Intervals "
            "rest on how scenarios differ, and repetitions do not narrow them."
        )
