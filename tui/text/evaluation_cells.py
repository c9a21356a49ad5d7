"""The cells of an evaluation's games in characters: marks, names and errors."""

from __future__ import annotations

from math import isfinite

from delegates.evaluation.judging.found import EmpiricalGame
from tui.text.evaluation_words import name, signed


def cell_marks(game: EmpiricalGame, i: int, j: int) -> str:
    """Return the marks of a cell: ◆ of a pure equilibrium, ≈ of one that may be one."""
    if any(one.cell == (i, j) for one in game.report.equilibria):
        return "◆"
    return "≈" if (i, j) in game.near else ""


def pair_name(game: EmpiricalGame, i: int, j: int) -> str:
    """Return a cell by its strategies, the consumers' first."""
    return f"{name(game.rows[i])} / {name(game.columns[j])}"


def is_exact(game: EmpiricalGame) -> bool:
    """Return whether no cell has an error, as there is no chance in it."""
    return game.errors is not None and not game.errors.any()


def has_errors(game: EmpiricalGame) -> bool:
    """Return whether the cells have errors that are known and not nought."""
    return game.errors is not None and not is_exact(game)


def error_text(game: EmpiricalGame, i: int, j: int, digits: int = 1) -> str:
    """Return a cell's standard errors; a dash where they cannot be known."""
    if game.errors is None:
        return "± –"
    told = [float(one) for one in game.errors[i, j]]
    return "± " + " | ".join(signed(100 * one, digits) if isfinite(one) else "–" for one in told)
