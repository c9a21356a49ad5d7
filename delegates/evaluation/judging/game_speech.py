"""How to speak of the two sides of an empirical game and of what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.evaluation.judging.game_cells import Cell

NAMED = 6
"""Candidates of a side that are told by name."""


def percent(gain: float) -> str:
    """Return a gain, or another part of what there is to gain, as tables have it: `27.2 %`."""
    return f"{figure(gain)} %"


def percentage_points(difference: float) -> str:
    """Return a difference of gains in percentage points: `27.2 percentage points`."""
    return f"{figure(difference)} percentage points"


def figure(gain: float) -> str:
    """Return a gain in per cent, without the sign."""
    told = f"{100 * gain:.1f}"
    return told.removeprefix("-") if float(told) == 0 else told.replace("-", "−")


def proportion(share: float) -> str:
    """Return how many of all it is, in whole per cent: `27 %`; below a half with a decimal."""
    told = f"{100 * share:.0f}"
    return f"{told if told != '0' or share == 0 else figure(share)} %"


@dataclass(frozen=True, kw_only=True)
class Speech:
    """How to speak of the two sides of a game."""

    labels: tuple[str, str]
    verb: str
    """What each does with a strategy: `plays` of one, `play` of several."""
    rows: tuple[str, ...]
    columns: tuple[str, ...]

    def cell(self, cell: Cell) -> str:
        """Return a cell by its strategies, consumers' first."""
        return f"({self.rows[cell[0]]}, {self.columns[cell[1]]})"

    def strategy(self, side: int, place: int) -> str:
        """Return a strategy in quotation marks."""
        return f"“{(self.rows, self.columns)[side][place]}”"
