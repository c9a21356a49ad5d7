"""What the figures of an evaluation show, as CSV for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from delegates.evaluation.found import Cloud, Curve, EmpiricalGame, Estimate, Found, Standing
from delegates.text import one_line
from transcripts.exports.files import guard
from tui.text.evaluation_figures import resting_places

Cell = str | int | float | None

_ESTIMATE = ("mean", "low", "high", "sessions", "scenarios")


def figure_files(found: Found) -> dict[str, str]:
    """Return file name → CSV of each figure; shares, not per cent, and nothing rounded."""
    told = {
        "leaderboard.csv": _leaderboard(found.standings),
        "pairwise.csv": _pairwise(found),
        "differences.csv": _differences(found),
        "concessions.csv": _concessions(found.curves),
        "clouds.csv": _clouds(found.clouds),
        "games.csv": _games(found.games),
        "learning.csv": _learning(found.games),
        "paths.csv": _paths(found.games),
    }
    listed = {name: list(rows) for name, rows in told.items()}
    return {name: csv_text(rows) for name, rows in listed.items() if len(rows) > 1}


def csv_text(rows: Sequence[Sequence[Cell]]) -> str:
    """Return rows, the head first, as CSV; no text in it is a formula to a spreadsheet."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for row in rows:
        writer.writerow([guard(one_line(one)) if isinstance(one, str) else one for one in row])
    return file.getvalue()


def _of(one: Estimate) -> tuple[Cell, ...]:
    return one.mean, one.low, one.high, one.sessions, one.scenarios


def measures_of(one: Standing) -> dict[str, Estimate]:
    """Return what a strategy came to, measure by measure."""
    return {
        "advantage": one.advantage,
        "payoff": one.payoff,
        "agreed": one.agreed,
        "pareto": one.pareto,
        "nash": one.nash,
        "joint": one.joint,
        "product": one.product,
        "rounds": one.rounds,
    }


def _leaderboard(standings: Sequence[Standing]) -> Iterator[Sequence[Cell]]:
    yield "strategy", "spec", "measure", *_ESTIMATE
    for one in standings:
        for name, estimate in measures_of(one).items():
            yield one.strategy, one.spec, name, *_of(estimate)


def _pairwise(found: Found) -> Iterator[Sequence[Cell]]:
    yield "strategy", "against", "measure", *_ESTIMATE
    for one in found.pairings:
        yield one.strategy, one.against, "advantage", *_of(one.advantage)
        yield one.strategy, one.against, "agreed", *_of(one.agreed)


def _differences(found: Found) -> Iterator[Sequence[Cell]]:
    yield "first", "second", *_ESTIMATE, "p", "p_holm"
    for one in found.differences:
        yield one.first, one.second, *_of(one.advantage), one.p, one.p_holm


def _concessions(curves: Sequence[Curve]) -> Iterator[Sequence[Cell]]:
    yield "strategy", "time", "demand", "sessions"
    for one in curves:
        for tenth, (demand, sessions) in enumerate(zip(one.demands, one.sessions, strict=True)):
            yield one.strategy, tenth / 10, demand, sessions


def _clouds(clouds: Sequence[Cloud]) -> Iterator[Sequence[Cell]]:
    yield "scenario", "kind", "first_gain", "second_gain", "sessions"
    for one in clouds:
        for x, y in one.frontier:
            yield one.scenario, "frontier", x, y, None
        for x, y in one.nash:
            yield one.scenario, "nash", x, y, None
        for x, y, count in one.agreed:
            yield one.scenario, "agreed", x, y, count
        yield one.scenario, "not-agreed", 0.0, 0.0, one.not_agreed


def _games(games: Sequence[EmpiricalGame]) -> Iterator[Sequence[Cell]]:
    yield (
        *("scope", "consumers", "suppliers", "consumer_gain", "supplier_gain"),
        *("consumer_error", "supplier_error", "agreed", "sessions"),
        *("equilibrium", "near", "exploitability", "alpha_rank"),
    )
    for one in games:
        stable = {found.cell for found in one.report.equilibria}
        masses = {(i, j): mass for i, j, mass in one.alpha_rank}
        for i, row in enumerate(one.rows):
            for j, column in enumerate(one.columns):
                errors = (None, None) if one.errors is None else one.errors[i, j].tolist()
                yield (
                    *(one.scope, row, column, *one.payoffs[i, j].tolist(), *errors),
                    *(float(one.agreed[i, j]), int(one.counts[i, j])),
                    *(int((i, j) in stable), int((i, j) in one.near)),
                    one.exploitability[i][j] if one.exploitability else None,
                    masses.get((i, j)) if one.alpha_rank else None,
                )


def _learning(games: Sequence[EmpiricalGame]) -> Iterator[Sequence[Cell]]:
    yield "scope", "rest", "share", "starts"
    for one in games:
        for place, value in resting_places(one):
            yield one.scope, place, value, None if one.basins is None else one.basins.starts


def _paths(games: Sequence[EmpiricalGame]) -> Iterator[Sequence[Cell]]:
    yield "scope", "path", "step", "consumers_first", "suppliers_first"
    for one in games:
        for number, path in enumerate(one.flow):
            for step, point in enumerate(path):
                yield one.scope, number, step, point[0], point[1]
