"""How to speak of the two sides of an empirical game and of what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.evaluation.judging.game_cells import Cell

NAMED = 6
"""Candidates of a side that are told by name."""


def percent(value: float) -> str:
    """Return a share in whole per cent: `27 %`; one below a half per cent with a decimal."""
    return f"{figure(value)} %"


def points(value: float) -> str:
    """Return a difference of shares in percentage points: `27 percentage points`."""
    told = figure(value)
    return f"{told} percentage point{'' if told in {'1', '−1'} else 's'}"


def figure(value: float) -> str:
    """Return a share in per cent, without the sign."""
    for digits in (0, 1):
        told = f"{100 * value:.{digits}f}"
        if float(told) != 0:
            return told.replace("-", "−")
    return "0"


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
