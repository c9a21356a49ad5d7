"""What an outcome is worth to a seat, as a bar with its reservation value marked."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from delegates.contract import View
from games.point_words import tenths


def worth_bar(view: View, outcome: int, width: int) -> Content:
    """Return an outcome's worth to the seat between its least and the most it could sign, r marked.

    Args:
        view: Whose worth it is.
        outcome: The outcome.
        width: Columns of the bar.
    """
    own = view.own
    least, most = own.once("extent", lambda same: _extent(same.utilities))
    signable = own.ranking[0]
    if len(signable):
        most = own.utility(int(signable[-1]))
    least, most = min(least, own.reservation), max(most, own.reservation)
    spread = max(most - least, 1e-9)
    worth = own.utility(outcome)

    def cell(value: float) -> int:
        return min(max(round((value - least) / spread * (width - 1)), 0), width - 1)

    here, line = cell(worth), cell(own.reservation)
    falls_short = own.falls_short(outcome)
    style = "$error" if falls_short else "$success"
    cells = [("━", style) if column <= here else ("─", "$faint") for column in range(width)]
    cells[line] = ("┃", "bold")
    gain = worth - own.reservation
    far = f"{-gain:.1f} BELOW" if falls_short else f"{gain:+.1f} over"
    return Content.assemble(
        *cells,
        (f" {tenths(worth)}", "bold"),
        (f"  {far}", f"bold {style}"),
        (f" your {tenths(own.reservation)} ┃", "$muted"),
    )


def _extent(utilities: Iterable[float]) -> tuple[float, float]:
    from numpy import asarray, isfinite

    values = asarray(utilities)
    values = values[isfinite(values)]
    return float(values.min()), float(values.max())
