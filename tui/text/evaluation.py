"""What an evaluation found, as a page of text: the answer first, then the figures behind it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from delegates.evaluation.judging.found import EmpiricalGame, Found
from delegates.text import counted
from games.equilibrium.exact import Mixture, support
from tui.text.columns import left, right, width_of
from tui.text.evaluation_cells import is_exact, pair_name
from tui.text.evaluation_figures import (
    LEAD,
    cloud_cells,
    curve_intervals_told,
    curve_lines,
    game_grid,
    interval_lines,
    pairing_lines,
    pairings_words,
    sessions_a_cell,
)
from tui.text.evaluation_words import (
    COSTS,
    DIFFERENCES,
    FIRST_MEASURES,
    MEANINGS,
    NO_GAME,
    SECOND_MEASURES,
    THIRD_MEASURES,
    Cells,
    answer,
    answering,
    cost_cells,
    difference_cells,
    ended_cells,
    has_costs,
    lacking_words,
    measured,
    name,
    naming_cells,
    none_words,
    of_clouds,
    ours_told,
    played,
    scope_title,
    seated,
    share,
    stable_words,
)
from tui.text.matrix import completeness_words
from tui.text.wording import LIMITS, WIDTH, hung, paragraph

MOST_ROWS = 12
"""Rows of a table of differences that are written out here."""

MOST_EQUILIBRIA = 4

LEAST_WHOLE = 0.005
"""Probabilities nearer to none or all than this are written with decimals."""


def evaluation_lines(found: Found) -> list[str]:
    """Return the whole page, at most so wide as plain text is."""
    return [
        line for block in _blocks(found) for part in block for line in part.splitlines() or [""]
    ]


def _blocks(found: Found) -> Iterator[Iterator[str]]:
    yield _head(found)
    yield _standings(found)
    yield _pairs(found)
    yield _differences(found)
    yield _endings(found)
    yield _namings(found)
    yield _courses(found)
    yield _games(found)
    yield _foot(found)


def _section(title: str) -> Iterator[str]:
    yield ""
    yield title.upper()


def table_lines(cells: Cells, width: int = WIDTH) -> list[str]:
    """Return a table with aligned columns, two blanks apart, one where they would not fit."""
    rows = [cells.head, *cells.rows]
    widths = [max(width_of(row[k]) for row in rows) for k in range(len(cells.head))]
    gap = "  " if sum(widths) + 2 * (len(widths) - 1) <= width else " "
    return [
        gap.join(
            right(cell, wide) if k in cells.figures else left(cell, wide)
            for k, (cell, wide) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _head(found: Found) -> Iterator[str]:
    title = name(found.title)
    yield paragraph(title)
    yield "=" * min(len(title), WIDTH)
    if found.question.strip():
        yield paragraph(name(found.question))
    yield paragraph(played(found))
    yield from _section("Answer")
    for sentence in answer(found):
        yield paragraph(sentence)
    for note in found.notes:
        yield hung("- ", name(note))


def _standings(found: Found) -> Iterator[str]:
    if not found.standings:
        return
    yield from _section("Leaderboard")
    yield from interval_lines(found.standings)
    for measures in (FIRST_MEASURES, SECOND_MEASURES, THIRD_MEASURES):
        yield ""
        yield from table_lines(measured(found, measures, LEAD - 1))
    yield from _if_any(lacking_words(found))
    yield paragraph(MEANINGS)
    for caveat in found.caveats:
        yield hung("! ", name(caveat))
    for one in found.standings:
        cut = name(one.strategy, LEAD - 1)
        full = dict.fromkeys((name(one.strategy), seated(one)))
        if beside := [told for told in full if told and told != cut]:
            yield hung("  ", f"{cut}: {', '.join(beside)}", "    ")
    for told in ours_told(found):
        yield hung("  ", told, "    ")


def _if_any(text: str) -> Iterator[str]:
    if text:
        yield paragraph(text)


def _pairs(found: Found) -> Iterator[str]:
    if all(one.advantage.mean is None for one in found.pairings):
        return
    yield from _section("Who gained what against whom (advantage in per cent)")
    grid = pairing_lines(found.pairings)
    if not grid:
        yield f"({len(found.pairings):,} pairs do not fit here; the report has them.)"
        return
    yield from grid
    yield paragraph(f"Rows against columns, both seats; {pairings_words(found)}")


def n_told(sessions: int | None) -> str:
    """Return how many sessions stand behind a cell, or that each cell says so."""
    return "n: sessions" if sessions is None else f"{counted(sessions, 'session')} a cell"


def _differences(found: Found) -> Iterator[str]:
    if not found.differences:
        return
    yield from _section("Paired differences")
    cells = difference_cells(found, LEAD - 2)
    more = len(cells.rows) - MOST_ROWS
    shown = Cells(head=cells.head, rows=cells.rows[:MOST_ROWS], figures=cells.figures)
    yield from table_lines(shown)
    if more > 0:
        yield f"… and {more:,} more; the report has them all."
    yield from _if_any(none_words(one.advantage for one in found.differences))
    yield paragraph(DIFFERENCES)


def _endings(found: Found) -> Iterator[str]:
    if not found.standings:
        return
    yield from _section("How sessions ended")
    yield from table_lines(ended_cells(found, LEAD - 1))
    if has_costs(found):
        yield from _section("What models used")
        yield from table_lines(cost_cells(found, LEAD - 1))
        yield paragraph(COSTS)


def _namings(found: Found) -> Iterator[str]:
    if not found.namings:
        return
    yield from _section("Own names against aliases (advantage in per cent)")
    yield from table_lines(naming_cells(found, LEAD - 1))
    yield from _if_any(none_words(one.difference for one in found.namings))


def _courses(found: Found) -> Iterator[str]:
    if any(value is not None for one in found.curves for value in one.demands):
        yield from _section("What they asked for as the rounds passed")
        yield from curve_lines(found.curves)
        yield paragraph(
            "Means of (u − r)/(m − r) of the last own offer in per cent, at 0, .1, … 1 of the "
            "rounds, of sessions still open then; the first and the last with n, "
            f"{curve_intervals_told(found.curves, is_written=True)}."
        )
    if found.clouds:
        yield from _section("Where they agreed (sessions)")
        yield from table_lines(cloud_cells(found.clouds, 24))
        yield from _if_any(of_clouds(found))


def _games(found: Found) -> Iterator[str]:
    """Yield the games of the answer in full, or else the first, and the others in a few words."""
    if not found.standings and not found.games:
        return
    yield from _section("The empirical game: consumers' strategy (rows) × suppliers' (columns)")
    if not found.games:
        yield paragraph(NO_GAME)
        return
    answered = answering(found)
    full = answered or found.games[:1]
    rest = found.games[len(full) :]
    for number, game in enumerate(full):
        if number:
            yield ""
        yield from game_lines(found, game, is_answered=bool(answered))
    if rest:
        yield ""
        yield "Scenario by scenario (the report has them in full):"
    for one in rest:
        yield hung("  ", brief_words(found, one), "    ")


def game_lines(found: Found, game: EmpiricalGame, *, is_answered: bool) -> Iterator[str]:
    """Yield a game: its cells, what it means, its equilibria, and how far they may be trusted.

    Args:
        found: All that was found.
        game: The game.
        is_answered: Whether the answer has told what is stable in it.
    """
    yield paragraph(scope_title(found, game))
    grid = game_grid(game)
    yield from grid or [f"({game.payoffs.size // 2:,} cells do not fit here; the report has them.)"]
    marks = "; ≈ not distinguishable from one" if game.near else ""
    yield paragraph(
        f"Mean gains in per cent, delay counted, consumers | suppliers; {errors_told(game)}; "
        f"{n_told(sessions_a_cell(game))}; ◆ equilibrium{marks}."
    )
    said = stable_words(game) if is_answered else []
    for told in (
        *(name(sentence) for sentence in game.words if sentence not in said),
        *equilibrium_words(game),
        *exploited_words(game),
    ):
        yield hung("- ", told)
    yield paragraph(completeness_words(game.report))


def errors_told(game: EmpiricalGame) -> str:
    """Return what is told of the cells' errors."""
    if game.errors is None:
        return "errors not known"
    return "without chance, so without error" if is_exact(game) else "± standard errors"


def equilibrium_words(game: EmpiricalGame) -> Iterator[str]:
    """Yield the equilibria, what each is worth, and what leaving it could gain."""
    regrets = {one.equilibrium: one for one in game.regrets}
    for place, one in enumerate(game.report.equilibria[:MOST_EQUILIBRIA]):
        regret = regrets.get(place)
        bound = (
            ""
            if regret is None
            else f"; what a change of its strategy could gain either in resampled games (95 %): "
            f"{_range(regret.consumer)} and {_range(regret.supplier)} percentage points"
        )
        yield (
            f"Equilibrium {place + 1}: consumers {mixture_words(game.rows, one.row)}; suppliers "
            f"{mixture_words(game.columns, one.column)}; worth {share(float(one.payoffs[0]))} | "
            f"{share(float(one.payoffs[1]))}{bound}."
        )
    more = len(game.report.equilibria) - MOST_EQUILIBRIA
    if more > 0:
        yield f"… and {more} more equilibri{'um' if more == 1 else 'a'}."


def _range(ends: tuple[float, float]) -> str:
    return f"{share(ends[0])} to {share(ends[1])}"


def mixture_words(names: tuple[str, ...], mixture: Mixture) -> str:
    """Return a mixture with its probabilities in whole per cent."""
    return " or ".join(
        name(names[place]) if mixture[place] == 1 else _part(name(names[place]), mixture[place])
        for place in support(mixture)
    )


def _part(told: str, weight: Fraction) -> str:
    return f"{told} {share(float(weight), 0 if LEAST_WHOLE <= weight <= 1 - LEAST_WHOLE else 2)} %"


def exploited_words(game: EmpiricalGame) -> Iterator[str]:
    """Yield how much both sides together could gain by leaving the cells of a game."""
    cells = [
        (value, i, j) for i, row in enumerate(game.exploitability) for j, value in enumerate(row)
    ]
    if cells:
        least, most = min(cells), max(cells)
        yield (
            f"Exploitability (both sides' best changes, added): least {share(least[0])} at "
            f"{pair_name(game, *least[1:])}, most {share(most[0])} at {pair_name(game, *most[1:])}."
        )


def brief_words(found: Found, game: EmpiricalGame) -> str:
    """Return a game in a sentence or two: where it is stable, and k*."""
    told = [
        f"{mixture_words(game.rows, one.row)} / {mixture_words(game.columns, one.column)}"
        for one in game.report.equilibria[:2]
    ]
    more = len(game.report.equilibria) - len(told)
    also = f" and {more} more" if more > 0 else ""
    lead = "; ".join(told) or "no equilibrium found"
    room = "" if game.fair_share is None else f" k* {share(game.fair_share)} %."
    return f"{scope_title(found, game)}. {lead}{also}.{room}"


def _foot(found: Found) -> Iterator[str]:
    yield from _section("Methods")
    yield paragraph(name(found.methods))
    yield ""
    yield paragraph(f"SIMULATION. {LIMITS}")
