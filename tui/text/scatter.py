"""The outcome space of two parties as a small picture of characters."""

from __future__ import annotations

import numpy as np

from delegates.text import one_line
from games.bargaining.solutions import bargain, utility_rows
from games.outcomes import FloatArray, IndexArray
from games.scenario import Scenario
from tui.text.columns import centred, cut

ROWS, COLUMNS = 18, 62

LABEL = 40
"""Columns of a party's name at an axis; longer ones are cut."""


def scatter_lines(scenario: Scenario) -> list[str]:
    """Return outcomes, ZOPA, frontier and Nash outcomes, the first party across, the second up."""
    space = scenario.space
    outcomes = np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)
    found = bargain(scenario)
    low, high = _bounds(utility_rows(scenario, outcomes))
    canvas = np.full((ROWS, COLUMNS), " ")
    layers: list[tuple[str, IndexArray]] = [("·", outcomes), ("░", found.zopa)]
    if found.pareto is not None:
        layers.append(("o", found.pareto))
    layers.append(("N", found.solutions["nash"]))
    for mark, chosen in layers:
        rows, columns = _places(utility_rows(scenario, chosen), low, high)
        canvas[rows, columns] = mark
    first, second = (
        cut(one_line(scenario.parties[party].name), LABEL) for party in scenario.ids[:2]
    )
    picture = [f"{second} ↑"]
    for number, row in enumerate(canvas):
        label = high[1] - number * (high[1] - low[1]) / (ROWS - 1)
        picture.append(f"{label:7.0f} │{''.join(row).rstrip()}")
    picture.append(" " * 8 + "└" + "─" * COLUMNS)
    picture.append(f"{' ' * 8}{low[0]:<8.0f}{centred(f'{first} →', COLUMNS - 14)}{high[0]:>7.0f}")
    picture.append("  · outcome   ░ in the ZOPA   o undominated (frontier)   N Nash outcome")
    return picture


def _bounds(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    low: FloatArray = values.min(axis=1)
    high: FloatArray = values.max(axis=1)
    return low, np.where(high > low, high, low + 1.0)


def _places(values: FloatArray, low: FloatArray, high: FloatArray) -> tuple[IndexArray, IndexArray]:
    across = (values[0] - low[0]) / (high[0] - low[0]) * (COLUMNS - 1)
    up = (values[1] - low[1]) / (high[1] - low[1]) * (ROWS - 1)
    rows: IndexArray = np.rint(ROWS - 1 - up).astype(np.intp)
    columns: IndexArray = np.rint(across).astype(np.intp)
    return rows, columns
