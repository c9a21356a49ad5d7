"""Every figure of an evaluation as a table, and the tables as CSV files for other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import isnan
from typing import TYPE_CHECKING

from delegates.evaluation.judging.found import EmpiricalGame, Estimate, Found
from delegates.evaluation.planning.plan import CLASSES
from delegates.evaluation.playing.folder import Folder
from games.errors import UserError
from games.files.folders import make_folder
from games.files.writing import put_in_place
from transcripts.exports.files import guard
from transcripts.exports.schema import NOTICE

if TYPE_CHECKING:
    import polars as pl

Cell = str | int | float | bool | None
Line = tuple[Cell, ...]

MEASURES = ("advantage", "payoff", "agreed", "pareto", "nash", "joint", "product", "rounds")
"""Of the leaderboard."""

ESTIMATE = ("mean", "low", "high", "error", "n", "scenarios", "method")
"""What stands of an estimate: its mean, its 95 % interval, its standard error, the sessions and
scenarios behind it, and how the interval was found."""


def figure_tables(found: Found) -> dict[str, pl.DataFrame]:
    """Return what each figure of the report shows, by the name of its file.

    The columns are those that docs/reference/evaluation-tables.md tells of. What an evaluation does
    not have is a table without rows.
    """
    return {name: _frame(name, make(found)) for name, (_, make) in FIGURES.items()}


def figure_texts(found: Found) -> dict[str, str]:
    """Return what each figure shows as CSV, by the name of its file.

    The last column says in every row that this is a simulation; text that a spreadsheet would run
    has an apostrophe in front.
    """
    import polars as pl

    return {
        name: frame.with_columns(
            pl.col(pl.String).map_elements(_guarded, return_dtype=pl.String),
            pl.lit(NOTICE).alias("notice"),
        ).write_csv()
        for name, frame in figure_tables(found).items()
    }


def write_figures(found: Found, folder: Folder) -> None:
    """Write what each figure shows as CSV, each file whole or not at all.

    Raises:
        UserError: If a file cannot be written.
    """
    try:
        make_folder(folder.figures)
        for name, text in figure_texts(found).items():
            put_in_place(folder.figures / f"{name}.csv", text)
    except OSError as error:
        raise UserError(f"{folder.figures}: cannot be written: {error.strerror}") from None


def _guarded(text: str) -> str:
    return str(guard(text))


def _frame(name: str, lines: Iterable[Line]) -> pl.DataFrame:
    import polars as pl

    columns, _ = FIGURES[name]
    kinds: dict[type, type[pl.DataType]] = {
        str: pl.String,
        int: pl.Int64,
        float: pl.Float64,
        bool: pl.Boolean,
    }
    schema = {column: kinds[kind] for column, kind in columns.items()}
    return pl.DataFrame([*lines], schema=schema, orient="row")


def _told(one: Estimate) -> Line:
    return (
        one.mean,
        one.low,
        one.high,
        one.error,
        one.sessions,
        one.scenarios,
        one.method,
    )


def _leaderboard(found: Found) -> Iterator[Line]:
    for one in found.standings:
        measures: tuple[Estimate, ...] = (
            one.advantage,
            one.payoff,
            one.agreed,
            one.pareto,
            one.nash,
            one.joint,
            one.product,
            one.rounds,
        )
        yield (
            one.strategy,
            one.spec,
            *(value for measure in measures for value in _told(measure)),
            *(one.ended.get(name, 0) for name in (*CLASSES, "fallback")),
            one.left_out,
            one.calls_a_session,
            one.tokens_a_session,
            one.cost_usd,
            one.cost_per_point,
        )


def _pairings(found: Found) -> Iterator[Line]:
    for one in found.pairings:
        yield (one.strategy, one.against, *_told(one.advantage), *_told(one.agreed))


def _differences(found: Found) -> Iterator[Line]:
    for one in found.differences:
        yield (one.first, one.second, *_told(one.advantage), one.p, one.p_holm)


def _namings(found: Found) -> Iterator[Line]:
    for one in found.namings:
        yield (one.strategy, *_told(one.difference), one.p)


def _curves(found: Found) -> Iterator[Line]:
    for one in found.curves:
        intervals = one.intervals or (None,) * len(one.demands)
        for tenth, (demand, ends, count) in enumerate(
            zip(one.demands, intervals, one.sessions, strict=True)
        ):
            yield (one.strategy, tenth / 10, demand, *(ends or (None, None)), count)


def _clouds(found: Found) -> Iterator[Line]:
    for one in found.clouds:
        for what, points in (("frontier", one.frontier), ("nash", one.nash)):
            for across, up in points:
                yield (one.scenario, one.across, one.up, what, across, up, None)
        for across, up, count in one.agreed:
            yield (one.scenario, one.across, one.up, "agreed", across, up, count)
        yield (one.scenario, one.across, one.up, "no-agreement", 0.0, 0.0, one.not_agreed)


def _games(found: Found) -> Iterator[Line]:
    for game in found.games:
        masses = {(i, j): mass for i, j, mass in game.alpha_rank}
        for i, row in enumerate(game.rows):
            for j, column in enumerate(game.columns):
                errors = (
                    (None, None) if game.errors is None else map(_known, game.errors[i, j].tolist())
                )
                yield (
                    game.name,
                    row,
                    column,
                    *(float(value) for value in game.payoffs[i, j]),
                    *errors,
                    _known(float(game.agreed[i, j])),
                    int(game.counts[i, j]),
                    (i, j) in game.near,
                    game.exploitability[i][j] if game.exploitability else None,
                    masses.get((i, j)),
                    game.epsilon,
                    game.fair_share,
                )


def _equilibria(found: Found) -> Iterator[Line]:
    for game in found.games:
        for number, one in enumerate(game.report.equilibria):
            sides = (("consumers", game.rows, one.row), ("suppliers", game.columns, one.column))
            for place, (side, names, mixture) in enumerate(sides):
                for name, weight in zip(names, mixture, strict=True):
                    yield (
                        game.name,
                        number,
                        side,
                        name,
                        float(weight),
                        float(one.payoffs[place]),
                        float(one.regret[place]),
                        *_regrets(game, number, side),
                    )


def _regrets(game: EmpiricalGame, number: int, side: str) -> Line:
    place = 0 if side == "consumers" else 1
    for one in game.regrets:
        if one.equilibrium == number:
            interval = (one.consumer, one.supplier)[place]
            return (*interval, None if one.most is None else one.most[place])
    return (None, None, None)


def _supports(found: Found) -> Iterator[Line]:
    for game in found.games:
        for one in game.supports:
            yield (
                game.name,
                " ".join(one.rows),
                " ".join(one.columns),
                one.share,
                game.resamples,
                game.is_unstable,
            )


def _basins(found: Found) -> Iterator[Line]:
    for game in found.games:
        if game.basins is None:
            continue
        for number, share in enumerate(game.basins.shares):
            yield (game.name, number, share, game.basins.starts)
        yield (game.name, None, game.basins.unsettled, game.basins.starts)


def _flow(found: Found) -> Iterator[Line]:
    for game in found.games:
        for number, path in enumerate(game.flow):
            for step, point in enumerate(path):
                yield (game.name, number, step, point[0], point[1])


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _estimate(name: str) -> dict[str, type]:
    kinds = (float, float, float, float, int, int, str)
    return {f"{name}_{what}": kind for what, kind in zip(ESTIMATE, kinds, strict=True)}


_GAME: dict[str, type] = {"scope": str}

FIGURES: Mapping[str, tuple[dict[str, type], Callable[[Found], Iterator[Line]]]] = {
    "leaderboard": (
        {"strategy": str, "spec": str}
        | {key: kind for name in MEASURES for key, kind in _estimate(name).items()}
        | {f"ended_{name}": int for name in (*CLASSES, "fallback")}
        | {"left_out": int, "calls_a_session": float, "tokens_a_session": float}
        | {"cost_usd": float, "cost_per_point": float},
        _leaderboard,
    ),
    "pairings": (
        {"strategy": str, "against": str} | _estimate("advantage") | _estimate("agreed"),
        _pairings,
    ),
    "differences": (
        {"first": str, "second": str} | _estimate("advantage") | {"p": float, "p_holm": float},
        _differences,
    ),
    "namings": ({"strategy": str} | _estimate("difference") | {"p": float}, _namings),
    "curves": (
        {"strategy": str, "time": float}
        | {"demand": float, "low": float, "high": float, "sessions": int},
        _curves,
    ),
    "clouds": (
        {"scenario": str, "across_party": str, "up_party": str, "what": str}
        | {"across": float, "up": float, "sessions": int},
        _clouds,
    ),
    "games": (
        _GAME
        | {"consumers": str, "suppliers": str, "consumer_gain": float, "supplier_gain": float}
        | {"consumer_error": float, "supplier_error": float, "agreed": float, "sessions": int}
        | {"near": bool, "exploitability": float, "alpha_rank": float, "epsilon": float}
        | {"k_star": float},
        _games,
    ),
    "equilibria": (
        _GAME
        | {"equilibrium": int, "side": str, "strategy": str, "probability": float}
        | {"payoff": float, "regret": float, "regret_low": float, "regret_high": float}
        | {"regret_most": float},
        _equilibria,
    ),
    "supports": (
        _GAME
        | {"consumers": str, "suppliers": str, "share": float, "resamples": int}
        | {"unstable": bool},
        _supports,
    ),
    "basins": (_GAME | {"component": int, "share": float, "starts": int}, _basins),
    "flow": (
        _GAME | {"path": int, "step": int, "consumers_first": float, "suppliers_first": float},
        _flow,
    ),
}
"""Every figure's columns and where its rows come from."""
