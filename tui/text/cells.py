"""What a cell of a game between two blocs means, in words, and what is found of the whole game."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from games.equilibrium.exact import support
from games.matrices.matrix import Matrix
from games.matrices.stance_game import Leaver
from tui.text.game import component_lines, figure, mixture_text
from tui.text.matrix import (
    FAILURE,
    cell_values,
    completeness_words,
    is_equilibrium,
    sampling_lines,
)
from tui.text.wording import hung, paragraph

BEST_ROW, BEST_COLUMN = "↕", "↔"
"""Mark a cell in which the rows, who move up and down, or the columns do the best they can."""

MOST_MIXED = 12
"""Mixed equilibria that are written out; the JSON has them all."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What one side of a cell could do instead, given what the other does."""

    player: str
    other: str
    acts: tuple[str, ...]
    other_act: str
    own: int
    payoffs: tuple[Fraction, ...]
    """Of each of its acts, while the other keeps to its own."""
    shown: tuple[float, ...]
    """The same as a cell shows it."""

    @property
    def best(self) -> tuple[int, ...]:
        """The acts that nothing is better than."""
        most = max(self.payoffs)
        return tuple(k for k, worth in enumerate(self.payoffs) if worth == most)

    @property
    def is_best(self) -> bool:
        """Whether it does the best it can."""
        return self.own in self.best

    @property
    def regret(self) -> float:
        """The most that it would gain by changing its own strategy alone, as a cell shows it."""
        return self.shown[self.best[0]] - self.shown[self.own]


def replies(matrix: Matrix, i: int, j: int) -> tuple[Reply, Reply]:
    """Return what each side of a cell could do instead, the rows' first."""
    report, game = matrix.report, matrix.report.game
    rows, columns = range(len(report.rows)), range(len(report.columns))
    first = Reply(
        player=matrix.row_player,
        other=matrix.column_player,
        acts=report.rows,
        other_act=report.columns[j],
        own=i,
        payoffs=tuple(game.row_payoffs[k][j] for k in rows),
        shown=tuple(cell_values(matrix, k, j)[0] for k in rows),
    )
    second = Reply(
        player=matrix.column_player,
        other=matrix.row_player,
        acts=report.columns,
        other_act=report.rows[i],
        own=j,
        payoffs=tuple(game.column_payoffs[i][k] for k in columns),
        shown=tuple(cell_values(matrix, i, k)[1] for k in columns),
    )
    return first, second


def cell_lines(matrix: Matrix, i: int, j: int, leavers: Sequence[Leaver] = ()) -> list[str]:
    """Return what a cell is worth, what each side would rather do, and whether anyone leaves it.

    Args:
        matrix: The game.
        i: The cell's row.
        j: Its column.
        leavers: The members of a bloc that would leave its stance there.
    """
    pair = replies(matrix, i, j)
    unit = "points" if matrix.points is not None else "% of the attainable gain"
    first, second = (one.shown[one.own] for one in pair)
    cell = (
        f"{matrix.row_player} {matrix.report.rows[i]}, {matrix.column_player} "
        f"{matrix.report.columns[j]}"
    )
    told = [
        f"{cell}: {first:.1f} and {second:.1f} {unit}.",
        *(_reply_words(one) for one in pair),
        _stability(matrix, i, j, pair),
    ]
    failed = float(matrix.failures[i, j])
    if failed > 0:
        told.append(f"{FAILURE} {failed:.0%} of the sessions in it end without agreement.")
    told += _division(matrix, i, j, leavers)
    return [paragraph(one) for one in told if one]


def _reply_words(one: Reply) -> str:
    given = f"If {one.other} {one.other_act}"
    best = " or ".join(f"“{one.acts[k]}”" for k in one.best)
    if not one.is_best:
        return (
            f"{given}, the best reply of {one.player} is {best}: it would gain {one.regret:.1f} by "
            "leaving this cell."
        )
    if len(one.best) > 1:
        return f"{given}, {best} are equally good replies of {one.player}."
    return f"{given}, {best} is the best reply of {one.player}."


def _stability(matrix: Matrix, i: int, j: int, pair: tuple[Reply, Reply]) -> str:
    if is_equilibrium(matrix, i, j):
        strict = all(len(one.best) == 1 for one in pair)
        why = "each would lose" if strict else "neither gains"
        return f"An equilibrium: {why} by changing its own strategy alone. Regret 0 and 0."
    leaves = " and ".join(one.player for one in pair if not one.is_best)
    regrets = " and ".join(f"{one.regret:.1f}" for one in pair)
    mixed = [
        f"{float(one.row[i] * one.column[j]):.0%}"
        for one in matrix.report.equilibria
        if not one.pure and one.row[i] * one.column[j] > 0
    ]
    within = f" A mixed equilibrium comes here in {' or '.join(mixed[:3])}." if mixed else ""
    if not leaves:
        return f"Neither gains by changing its own strategy. Regret {regrets}.{within}"
    return f"Not stable: {leaves} would leave it. Regret {regrets}.{within}"


def _division(matrix: Matrix, i: int, j: int, leavers: Sequence[Leaver]) -> Iterator[str]:
    """Yield what a bloc's members think of an equilibrium."""
    for one, is_unanimous in zip(matrix.report.equilibria, matrix.unanimous, strict=False):
        if one.cell == (i, j) and matrix.has_blocs:
            yield (
                "No member would have its bloc do otherwise."
                if is_unanimous
                else "Only the blocs' means are stable: a member would have its bloc do otherwise."
            )
    if leavers:
        told = ", ".join(f"{one.party} “{one.act}” (+{one.regret:.0%})" for one in leavers)
        yield f"Alone, a member would rather: {told} of what it can gain."


def game_lines(matrix: Matrix) -> list[str]:
    """Return what is found of a whole game: mixtures, components, and what may be believed."""
    report = matrix.report
    lines = [paragraph(_legend(matrix)), "", paragraph(matrix.explanation), ""]
    mixed = [one for one in report.equilibria if not one.pure]
    if mixed:
        lines.append("Mixed equilibria, with exact probabilities:")
    for one in mixed[:MOST_MIXED]:
        first = f"{matrix.row_player} {mixture_text(report.rows, one.row)}"
        second = f"{matrix.column_player} {mixture_text(report.columns, one.column)}"
        regret = " and ".join(map(figure, one.regret))
        size = f"{len(support(one.row))}×{len(support(one.column))}"
        lines.append(hung("  - ", f"{first}; {second} ({size} in use, regret {regret})."))
    if len(mixed) > MOST_MIXED:
        lines.append(f"  … and {len(mixed) - MOST_MIXED} more")
    if mixed:
        lines.append("")
    if report.components:
        lines.append("Equilibria by number: " + _numbered(matrix))
        lines += component_lines(report, None)
    lines += sampling_lines(matrix)
    lines.append(paragraph(completeness_words(report)))
    return lines


def _numbered(matrix: Matrix) -> str:
    report = matrix.report
    told = [
        f"{number} {'a mixture' if one.cell is None else _cell(matrix, *one.cell)}"
        for number, one in enumerate(report.equilibria[:MOST_MIXED], start=1)
    ]
    more = len(report.equilibria) - len(told)
    return "; ".join([*told, *([f"… and {more} more"] if more else [])]) + "."


def _cell(matrix: Matrix, i: int, j: int) -> str:
    return f"“{matrix.report.rows[i]}” against “{matrix.report.columns[j]}”"


def _legend(matrix: Matrix) -> str:
    unit = "Points" if matrix.points is not None else "Per cent of the attainable gain"
    parts = [
        f"{unit}: {matrix.row_player} (rows) · {matrix.column_player} (columns)",
        f"{BEST_ROW} best reply of the rows, {BEST_COLUMN} of the columns, ◆ equilibrium",
    ]
    if matrix.name == "compliance":
        parts.append("counted from what both reneging delivers; fines and collapse come off")
    if matrix.failures.any():
        parts.append(f"{FAILURE} some sessions end without agreement")
    return "; ".join(parts) + "."
