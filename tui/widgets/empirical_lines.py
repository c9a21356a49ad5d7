"""What is told of a game between consumers' and suppliers' strategies, cell by cell and as a whole.

Gains are told in per cent of what there is to gain, delay counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from delegates.evaluation.judging.found import EmpiricalGame, SupportShare
from delegates.evaluation.judging.game_words import settles_nothing
from games.naming import series
from games.outcomes import FloatArray
from tui.text.evaluation import equilibrium_words
from tui.text.evaluation_cells import cell_marks, error_text, pair_name
from tui.text.evaluation_figures import gains_text, resting_places
from tui.text.evaluation_words import name, share
from tui.text.grid import EQUILIBRIUM
from tui.text.matrix import completeness_words
from tui.widgets.fitted import wrapped

NEAR = "≈"
"""Marks a cell that cannot be told from an equilibrium."""

MOST = 8
"""Supports, resting places or masses that are written out."""

_TIE = 1e-9


def is_best(game: EmpiricalGame, i: int, j: int) -> tuple[bool, bool]:
    """Return whether consumers, and whether suppliers, do the best they can in a cell."""
    gains: FloatArray = game.payoffs
    return (
        bool(gains[i, j, 0] >= gains[:, j, 0].max() - _TIE),
        bool(gains[i, j, 1] >= gains[i, :, 1].max() - _TIE),
    )


def cell_lines(game: EmpiricalGame, i: int, j: int, width: int) -> list[Content]:
    """Return what a cell is worth, on how many sessions, and who would rather do otherwise."""
    row, column = name(game.rows[i]), name(game.columns[j])
    head = Content.styled(f"consumers {row}, suppliers {column}", "bold")
    lines = [head.truncate(width, ellipsis=True)]
    count = int(game.counts[i, j])
    if not count:
        return [*lines, *wrapped("No session counts here.", width, style="$warning")]
    told = (
        f"{gains_text(game, i, j)} % ({error_text(game, i, j)}); n {count:,}; "
        f"{share(float(game.agreed[i, j]), 0)} % agree."
    )
    lines += wrapped(told, width)
    lines += wrapped(_stability(game, i, j), width)
    lines += wrapped(_reply("consumers", column, game.rows, game.payoffs[:, j, 0], i), width)
    return [
        *lines,
        *wrapped(_reply("suppliers", row, game.columns, game.payoffs[i, :, 1], j), width),
    ]


def _reply(side: str, against: str, names: Sequence[str], gains: FloatArray, own: int) -> str:
    """Return what a side does best against one strategy, and what it would gain by it."""
    most = float(gains.max())
    best = [name(one) for k, one in enumerate(names) if gains[k] >= most - _TIE]
    told = f"Against {against}, {side} do best with {series(best, 'or')}"
    missed = most - float(gains[own])
    return f"{told}, as here." if missed <= _TIE else f"{told}: {share(missed)} more than here."


def _stability(game: EmpiricalGame, i: int, j: int) -> str:
    mark = cell_marks(game, i, j)
    if mark == EQUILIBRIUM:
        told = "An equilibrium of the means: neither side gains by changing its own strategy alone."
        return f"{mark} {told}"
    deviation = ""
    if game.exploitability:
        deviation = f" Both sides' best changes together: {share(game.exploitability[i][j])}."
    if mark:
        return f"{mark} Not distinguishable from an equilibrium.{deviation}"
    return deviation.strip()


def game_lines(game: EmpiricalGame, width: int) -> list[Content]:
    """Return what a game comes to: in words, then equilibria, and how firm they are."""
    lines: list[Content] = []
    for sentence in game.words:
        lines += wrapped(name(sentence, 2000), width, first="▸ ", rest="  ")
    for told in equilibrium_words(game):
        lines += wrapped(told, width, first="- ", rest="  ")
    lines += wrapped(completeness_words(game.report), width, style="$muted")
    lines += _firmness(game, width)
    return [*lines, *_dynamics(game, width)]


def _firmness(game: EmpiricalGame, width: int) -> list[Content]:
    lines: list[Content] = []
    if game.epsilon is not None and not settles_nothing(game):
        lines += wrapped(
            f"ε = {share(game.epsilon)} percentage points: if every true cell lies within ε of its "
            "mean, leaving an equilibrium of these means gains at most 2ε in the true game.",
            width,
        )
    if game.near:
        told = series([pair_name(game, *cell) for cell in game.near[:MOST]])
        more = f" and {len(game.near) - MOST} more" if len(game.near) > MOST else ""
        lead = f"{NEAR} Not distinguishable from an equilibrium (consumers / suppliers):"
        lines += wrapped(f"{lead} {told}{more}.", width)
    if game.supports:
        lines += _section(f"Supports in {game.resamples:,} resampled games", width)
        lines += [share_line(_support(one), one.share, width) for one in game.supports[:MOST]]
    if game.is_unstable:
        told = "They change with the sample: ties or errors decide."
        lines += wrapped(told, width, style="$warning", first="! ", rest="  ")
    return lines


def _section(text: str, width: int) -> list[Content]:
    return [Content(""), *wrapped(text, width, style="bold $primary")]


def _support(one: SupportShare) -> str:
    return " / ".join(f"{{{', '.join(map(name, names))}}}" for names in (one.rows, one.columns))


def share_line(told: str, part: float, width: int) -> Content:
    """Return a share as a bar and in per cent, what it is of behind it."""
    room = max(min(width // 4, 24), 6)
    filled = round(room * min(max(part, 0.0), 1.0))
    return Content.assemble(
        ("█" * filled, "$primary"),
        ("░" * (room - filled), "$faint"),
        f" {share(part, 0):>3} %  {told}",
    ).truncate(width, ellipsis=True)


def _dynamics(game: EmpiricalGame, width: int) -> list[Content]:
    lines: list[Content] = []
    places = resting_places(game)
    if places and game.basins is not None:
        told = f"Where replicator dynamics rest, from {game.basins.starts:,} starts"
        lines += _section(told, width)
        lines += [share_line(place, part, width) for place, part in places[:MOST]]
    if game.alpha_rank:
        lines += _section("α-rank: where evolution spends its time", width)
        lines += [
            share_line(pair_name(game, i, j), mass, width) for i, j, mass in game.alpha_rank[:MOST]
        ]
    if game.fair_share is not None:
        told = (
            f"k* = {share(game.fair_share)} %: the most that all can have of their gains at once."
        )
        lines += [Content(""), *wrapped(told, width)]
    return lines
