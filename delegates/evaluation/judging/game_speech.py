"""How to speak of the two sides of an empirical game and of what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.evaluation.judging.game_cells import Cell


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
